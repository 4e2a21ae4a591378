import Kernel
import Wire

/// Tell one party of one event, on the channels that the event has. Once per event, party and channel (F6).
public struct Notify: PeerMessage {
    public static let code: UInt16 = 0x0480
    public static let audience = Audience.services([.auction, .wallet, .contactVault, .dispute])
    /// What happened; chooses template, inbox kind and channels.
    public var event = NotificationEvent.bidOutbid
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    /// What it is about; links and grouping.
    public var listing = ListingID.none
    public var order = OrderID.none
    public var subject: UInt64 = 0
    public var happenedAt = Instant.none
    /// Values for the template's places.
    public var values: [NotificationValue] = []
    /// An e-mail not sent yet with the same key and party is replaced by this one; 0: never.
    public var replaces: UInt64 = 0
    /// The contact's permission whose data the e-mail carries, fetched when it is sent; none: no contact in it.
    public var grant = GrantID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("event", &event)
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("listing", &listing)
        try visit.field("order", &order)
        try visit.field("subject", &subject)
        try visit.field("happenedAt", &happenedAt)
        try visit.field("values", &values, .limit(16))
        try visit.field("replaces", &replaces)
        try visit.field("grant", &grant)
    }
}

/// The order has a conversation of these parties and support (A18). Said again once the contact is revealed.
public struct OpenConversation: PeerMessage {
    public static let code: UInt16 = 0x0481
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var listing = ListingID.none
    public var marketplace = MarketplaceID.none
    public var members: [PartyID] = []
    /// The listing's public title, for what the members are told.
    public var title = ""
    /// The contact of a prospect who takes part by links (B1, B7); none: no prospect does.
    public var contact = ContactID.none
    /// The contact is not revealed yet: until it is, nobody but support may write contact data.
    public var contactSealed = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("marketplace", &marketplace)
        try visit.field("members", &members, .limit(8))
        try visit.field("title", &title, .limit(120))
        try visit.field("contact", &contact)
        try visit.field("contactSealed", &contactSealed)
    }
}

/// Tell a prospect of one event by e-mail, with links by which it acts without an account (B4, B7).
public struct NotifyProspect: PeerMessage {
    public static let code: UInt16 = 0x0482
    public static let audience = Audience.services([.auction])
    /// What happened; chooses the template and the links.
    public var event = NotificationEvent.reviewRequested
    /// Whose address the vault gives when the e-mail is sent.
    public var contact = ContactID.none
    public var marketplace = MarketplaceID.none
    public var listing = ListingID.none
    /// The application that the links are about.
    public var order = OrderID.none
    public var happenedAt = Instant.none
    /// Values for the template's places.
    public var values: [NotificationValue] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("event", &event)
        try visit.field("contact", &contact)
        try visit.field("marketplace", &marketplace)
        try visit.field("listing", &listing)
        try visit.field("order", &order)
        try visit.field("happenedAt", &happenedAt)
        try visit.field("values", &values, .limit(16))
    }
}

/// The prospect takes no further part in an application's conversation: what it wrote is destroyed (F5).
public struct ForgetProspect: PeerMessage {
    public static let code: UInt16 = 0x0483
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// One named value in a notification.
public struct NotificationValue: Record {
    public var name = ""
    public var text = ""
    public var money: Money?
    public var instant: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("name", &name, .limit(32))
        try visit.field("text", &text, .limit(400))
        try visit.field("money", &money)
        try visit.field("instant", &instant)
    }
}
