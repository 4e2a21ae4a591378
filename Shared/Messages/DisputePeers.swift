import Kernel
import Wire

/// The order is frozen: the case may open. Carries what the case needs to know.
public struct OrderFrozen: PeerMessage {
    public static let code: UInt16 = 0x0580
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var openedCase = CaseID.none
    public var listing = ListingID.none
    public var marketplace = MarketplaceID.none
    public var policyVersion: UInt32 = 0
    public var buyer = PartyID.none
    public var seller = PartyID.none
    public var price = Money.zero
    public var revealedAt = Instant.none
    /// The payout was made before; a refund becomes the seller's debt (A17).
    public var paidOut = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("openedCase", &openedCase)
        try visit.field("listing", &listing)
        try visit.field("marketplace", &marketplace)
        try visit.field("policyVersion", &policyVersion)
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("price", &price)
        try visit.field("revealedAt", &revealedAt)
        try visit.field("paidOut", &paidOut)
    }
}

/// The order cannot be frozen: the window is over, or it is paid out or refunded.
public struct OrderFreezeRefused: PeerMessage {
    public static let code: UInt16 = 0x0581
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var openedCase = CaseID.none
    public var reason = RefusalCode.windowClosed
    public var expected = ""
    public var found = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("openedCase", &openedCase)
        try visit.field("reason", &reason)
        try visit.field("expected", &expected)
        try visit.field("found", &found)
    }
}

/// The order's settlement after a case is done: refunded, or going on.
public struct OrderSettled: PeerMessage {
    public static let code: UInt16 = 0x0582
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var decidedCase = CaseID.none
    public var refunded = Money.zero
    public var creditNoteNumber = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("decidedCase", &decidedCase)
        try visit.field("refunded", &refunded)
        try visit.field("creditNoteNumber", &creditNoteNumber)
    }
}

/// An order exists: its parties may report attempts to reach the prospect (A17).
public struct OrderOpened: PeerMessage {
    public static let code: UInt16 = 0x0583
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var listing = ListingID.none
    public var marketplace = MarketplaceID.none
    public var policyVersion: UInt32 = 0
    public var buyer = PartyID.none
    public var seller = PartyID.none
    public var price = Money.zero
    public var revealedAt = Instant.none
    /// The listing's public title, for what the parties are told.
    public var title = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("marketplace", &marketplace)
        try visit.field("policyVersion", &policyVersion)
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("price", &price)
        try visit.field("revealedAt", &revealedAt)
        try visit.field("title", &title, .limit(120))
    }
}

/// Buyer and seller do not come to an end by themselves (C4, C7): an operator has to decide.
public struct AskSupport: PeerMessage {
    public static let code: UInt16 = 0x05b0
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    /// Who reported the meeting, or asked to undo the sale; where neither side said anything, the buyer.
    public var asker = PartyID.none
    public var cause = SupportCause.meetingUnconfirmed
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("asker", &asker)
        try visit.field("cause", &cause)
    }
}
