import Kernel
import Messages

/// A listing at a fixed price, as far as activations and purchases go (D1, D4, D7).
public struct ListingAtFixedPrice: Hashable, Sendable {
    public var mode: SalesMode
    public var seller: PartyID
    public var stage: ListingStage
    public var endsAt: Instant
    /// How far the acting buyer's own activation is; nothing without a live one.
    public var own: ActivationStage?
    public init(
        mode: SalesMode, seller: PartyID, stage: ListingStage, endsAt: Instant, own: ActivationStage?
    ) {
        self.mode = mode
        self.seller = seller
        self.stage = stage
        self.endsAt = endsAt
        self.own = own
    }
}

/// Preliminary calls and purchases at a fixed price (D1, D4-D7).
public enum PreliminaryRules {
    /// Why this buyer may not have a preliminary call now; nothing if it may (D1). At the very end it is too late.
    public static func refusalOfActivation(
        of listing: ListingAtFixedPrice, by buyer: PartyID, now: Instant
    ) -> Refusal? {
        if let refusal = refusal(of: listing, to: buyer) { return refusal }
        if let refusal = ListingRules.refusalOfBid(
            stage: listing.stage, endsAt: listing.endsAt, now: now)
        {
            return refusal
        }
        guard listing.own == nil else {
            return Refusal(.alreadyActivated, expected: "no activation under way", found: "one")
        }
        return nil
    }

    /// Why this buyer may not buy now; nothing if it may (D4, D7).
    ///
    /// An activation gives its buyer the lead beyond the listing's end, for as long as it lasts. While somebody else
    /// pays, nobody may: whoever came first gets the lead, unless the wallet refuses.
    public static func refusalOfPurchase(
        of listing: ListingAtFixedPrice, by buyer: PartyID, now: Instant
    ) -> Refusal? {
        if let refusal = refusal(of: listing, to: buyer) { return refusal }
        switch listing.own {
        case .opening:
            return Refusal(
                .wrongState, expected: "an activation that is open", found: "\(ActivationStage.opening)")
        case .active where listing.stage == .open || listing.stage == .closing: return nil
        default:
            return ListingRules.refusalOfBid(stage: listing.stage, endsAt: listing.endsAt, now: now)
        }
    }

    private static func refusal(of listing: ListingAtFixedPrice, to buyer: PartyID) -> Refusal? {
        guard listing.mode == .preliminaryCall else {
            return Refusal(.wrongState, expected: "\(SalesMode.preliminaryCall)", found: "\(listing.mode)")
        }
        guard listing.seller != buyer else {
            return Refusal(.ownListing, expected: "another seller's listing", found: "the buyer's own")
        }
        return nil
    }

    /// Until when the hold of an activation must last: a purchase at its last moment is still to be collected.
    public static func holdDeadline(until: Instant, by policy: Policy) -> Instant {
        until + policy.paymentDeadline
    }

    /// What the buyer's balance must cover beside the frozen price for a call to begin (D2); nothing if it does not fit.
    public static func reserve(by policy: Policy) -> Money? {
        let terms = policy.preliminary
        let seconds = policy.callMinimum.microseconds / 1_000_000
        let first = Int64(terms.firstIncrement)
        let next = Int64(terms.nextIncrement)
        let billed = seconds <= first ? first : first + ((seconds - first + next - 1) / next) * next
        let usage = (Int128(terms.perMinute) * Int128(billed) * 2 + 60) / 120
        guard let minor = Int64(exactly: usage + Int128(terms.attemptFee)) else { return nil }
        return Money(minor, policy.currency)
    }

    /// Whether so many attempts to get contact data suspend a buyer (D6).
    public static func suspends(strikes: UInt32, by policy: Policy) -> Bool {
        let most = policy.preliminary.fishingStrikes
        return most > 0 && strikes >= UInt32(most)
    }

    /// Whether this may be a proxy number: 7 to 15 digits with country code, so that the first is no zero.
    public static func isProxyNumber(_ text: String) -> Bool {
        let digits = Array(text.utf8)
        return (7...15).contains(digits.count) && digits.first != UInt8(ascii: "0")
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// What the wallet is told of an activation that ends at this stage.
    public static func reason(of stage: ActivationStage) -> DetachReason {
        switch stage {
        case .opening, .active, .buying: .neverOpened
        case .bought: .bought
        case .declined: .declined
        case .expired: .expired
        case .soldToAnother: .soldToAnother
        case .stopped: .stopped
        case .forfeited: .fishing
        }
    }
}
