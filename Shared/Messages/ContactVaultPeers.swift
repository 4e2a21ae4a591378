import Kernel
import Wire

/// A seller publishes a listing with this contact. Answered by ``ContactClaimed`` or ``ContactRefused``.
public struct ClaimContact: PeerMessage {
    public static let code: UInt16 = 0x0380
    public static let audience = Audience.services([.auction])
    public var listing = ListingID.none
    public var contact = ContactID.none
    public var seller = PartyID.none
    public var marketplace = MarketplaceID.none
    public var duplicateWindow = Duration64.zero
    /// D1: whoever has no number cannot be called.
    public var needsPhone = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("contact", &contact)
        try visit.field("seller", &seller)
        try visit.field("marketplace", &marketplace)
        try visit.field("duplicateWindow", &duplicateWindow)
        try visit.field("needsPhone", &needsPhone)
    }
}

/// The listing is over without a sale: the contact may be listed again.
public struct ReleaseContact: PeerMessage {
    public static let code: UInt16 = 0x0381
    public static let audience = Audience.services([.auction])
    public var listing = ListingID.none
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("contact", &contact)
    }
}

/// A rule reveals the contact to a party. Answered by ``RevealGranted`` or ``RevealRefused``.
public struct GrantReveal: PeerMessage {
    public static let code: UInt16 = 0x0382
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var listing = ListingID.none
    public var contact = ContactID.none
    public var party = PartyID.none
    /// The rule's id and the reason, for the data subject's report.
    public var purpose = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("contact", &contact)
        try visit.field("party", &party)
        try visit.field("purpose", &purpose)
    }
}

/// A buyer collected strikes (A19) or an operator's review found against a party (A16): suspend it.
public struct SuspendForCause: PeerMessage {
    public static let code: UInt16 = 0x0383
    public static let audience = Audience.services([.auction, .dispute])
    public var party = PartyID.none
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("reason", &reason)
    }
}
