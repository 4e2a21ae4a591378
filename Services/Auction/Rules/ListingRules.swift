import Kernel
import Messages

/// What may happen to a listing, and when (A6-A8, A11).
public enum ListingRules {
    /// Why the listing takes no bids at this moment; nothing if it does. A bid at the very end is too late.
    public static func refusalOfBid(stage: ListingStage, endsAt: Instant, now: Instant) -> Refusal? {
        guard stage == .open else {
            return Refusal(
                stage == .suspended ? .suspended : .listingClosed, expected: "open", found: "\(stage)")
        }
        guard now < endsAt else {
            return Refusal(.listingClosed, expected: "before \(endsAt.iso8601)", found: now.iso8601)
        }
        return nil
    }

    /// Why the seller cannot delete the listing; nothing before the award (A7).
    public static func refusalOfDeletion(stage: ListingStage, endsAt: Instant, now: Instant) -> Refusal? {
        switch stage {
        case .expired, .suspended: nil
        case .open where now < endsAt: nil
        default: Refusal(.wrongState, expected: "before the award", found: "\(stage)")
        }
    }

    /// Why the seller cannot list once more; nothing after a first round without a bid (A8).
    ///
    /// What could be listed at the limit of the inquiry's age keeps the length of one more round to be asked for.
    public static func refusalOfSecondRound(_ ended: EndedRound, by policy: Policy, now: Instant) -> Refusal?
    {
        guard ended.stage == .expired else {
            return Refusal(.wrongState, expected: "expired", found: "\(ended.stage)")
        }
        guard ended.bids == 0 else {
            return Refusal(.hasBids, expected: "no bids", found: "\(ended.bids)")
        }
        guard ended.round == 1 || Planted.isOn(.roundsWithoutEnd) else {
            return Refusal(.secondRoundUsed, expected: "round 1", found: "round \(ended.round)")
        }
        guard now <= ended.inquiredAt + policy.inquiryAge + ended.duration + policy.secondRound else {
            return Refusal(
                .inquiryTooOld, expected: "a current inquiry", found: ended.inquiredAt.iso8601)
        }
        return nil
    }

    /// Nothing but the start price may change between the rounds of a lead auction (A7, A8).
    public static func refusalOfChange(_ command: RelistListing) -> Refusal? {
        guard command.duration == nil, command.revision == nil else {
            return Refusal(.invalidValue, expected: "the start price alone", found: "more")
        }
        return nil
    }

    /// Why an appointment cannot be listed again: whatever ended without a bid may, at any time and any number of
    /// times (C6).
    public static func refusalOfNextRound(_ ended: EndedRound) -> Refusal? {
        guard ended.stage == .expired else {
            return Refusal(.wrongState, expected: "expired", found: "\(ended.stage)")
        }
        guard ended.bids == 0 else {
            return Refusal(.hasBids, expected: "no bids", found: "\(ended.bids)")
        }
        return nil
    }

    /// What the end of the time brings (A8, A11): waiting bids arrived before it and are decided first.
    public static func atEnd(waitingBids: Bool, hasLead: Bool) -> ListingEnd {
        if waitingBids, !Planted.isOn(.endWithoutWaiting) { return .awaitBids }
        return hasLead ? .award : .expire
    }
}

/// A listing whose first round may be over.
public struct EndedRound: Hashable, Sendable {
    public var stage: ListingStage
    public var round: UInt8
    public var bids: UInt32
    public var inquiredAt: Instant
    public var duration: Duration64
    public init(stage: ListingStage, round: UInt8, bids: UInt32, inquiredAt: Instant, duration: Duration64) {
        self.stage = stage
        self.round = round
        self.bids = bids
        self.inquiredAt = inquiredAt
        self.duration = duration
    }
}

/// What follows when a listing's time is over.
public enum ListingEnd: Hashable, Sendable {
    case awaitBids
    case award
    case expire
}
