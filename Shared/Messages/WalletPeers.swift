import Kernel
import Wire

/// Set this amount aside in the party's wallet. Answered by ``HoldPlaced`` or ``HoldRefused``.
public struct PlaceHold: PeerMessage {
    public static let code: UInt16 = 0x0280
    public static let audience = Audience.services([.auction])
    public var hold = HoldID.none
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var amount = Money.zero
    /// What the hold is for; the wallet asks about it at the deadline.
    public var listing = ListingID.none
    public var deadline = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("amount", &amount)
        try visit.field("listing", &listing)
        try visit.field("deadline", &deadline)
    }
}

/// Raise a hold to this amount. Answered by ``HoldPlaced`` or ``HoldRefused``; refused, the old amount stays held.
public struct RaiseHold: PeerMessage {
    public static let code: UInt16 = 0x0281
    public static let audience = Audience.services([.auction])
    public var hold = HoldID.none
    public var amount = Money.zero
    public var deadline = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
        try visit.field("amount", &amount)
        try visit.field("deadline", &deadline)
    }
}

/// Give the rest of the hold back. Harmless if it has ended.
public struct ReleaseHold: PeerMessage {
    public static let code: UInt16 = 0x0282
    public static let audience = Audience.services([.auction])
    public var hold = HoldID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
    }
}

/// The owner still needs the hold.
public struct ExtendHold: PeerMessage {
    public static let code: UInt16 = 0x0283
    public static let audience = Audience.services([.auction])
    public var hold = HoldID.none
    public var deadline = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
        try visit.field("deadline", &deadline)
    }
}

/// The owner knows no such hold: give it back.
public struct DisownHold: PeerMessage {
    public static let code: UInt16 = 0x0284
    public static let audience = Audience.services([.auction])
    public var hold = HoldID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
    }
}

/// Take the order's money and write its invoice. Answered by ``OrderPaidFor`` or ``PaymentRefused``.
///
/// With a hold, from the hold (what is left of it is released); without one, by the buyer's method where that is asked
/// for and chosen (C4), else from the free balance.
public struct CollectOrder: PeerMessage {
    public static let code: UInt16 = 0x0285
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var marketplace = MarketplaceID.none
    public var policyVersion: UInt32 = 0
    public var listing = ListingID.none
    public var title = ""
    public var buyer = PartyID.none
    public var seller = PartyID.none
    public var hold = HoldID.none
    /// The price agreed, before fee and VAT; the wallet adds both by the policy version.
    public var price = Money.zero
    /// Nobody waits for the answer, so that the provider may be asked for the money.
    public var byMethod = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("marketplace", &marketplace)
        try visit.field("policyVersion", &policyVersion)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("hold", &hold)
        try visit.field("price", &price)
        try visit.field("byMethod", &byMethod)
    }
}

/// Pay the seller's share out (A13). Answered by ``PayoutSettled`` or ``PayoutDeclined``.
public struct PayOutOrder: PeerMessage {
    public static let code: UInt16 = 0x0286
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Give the buyer this much of the price back, with its share of fee and VAT (A14, A17).
/// Before the payout from the order's escrow; after it the seller owes it. Answered by ``OrderRefunded``.
public struct RefundOrder: PeerMessage {
    public static let code: UInt16 = 0x0287
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var refund = Money.zero
    public var reason = ""
    /// Buyer or seller, whom the fee that goes back is charged instead, with an invoice of its own (C7); none: nobody.
    public var feeBearer = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("refund", &refund)
        try visit.field("reason", &reason)
        try visit.field("feeBearer", &feeBearer)
    }
}

/// The vault stored a new version of a party's billing identity; the invoice names this version.
public struct BillingIdentityPublished: PeerMessage {
    public static let code: UInt16 = 0x0288
    public static let audience = Audience.services([.contactVault])
    public var party = PartyID.none
    public var identity = BillingIdentityID.none
    public var country = ""
    public var hasTaxNumber = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("identity", &identity)
        try visit.field("country", &country)
        try visit.field("hasTaxNumber", &hasTaxNumber)
    }
}
