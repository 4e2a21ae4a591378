import Kernel
import Wire

/// The vault says that a marketplace has a new policy version. What began under an older version keeps it.
public struct MarketplacePublished: PeerMessage {
    public static let code: UInt16 = 0x0080
    public static let audience = Audience.services([.contactVault])
    public var marketplace = MarketplaceID.none
    public var version: UInt32 = 0
    public var name = ""
    public var policy = Policy()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("version", &version)
        try visit.field("name", &name)
        try visit.field("policy", &policy)
    }
}

/// The vault says what the others need to know of a party: never its name or address.
public struct PartyPublished: PeerMessage {
    public static let code: UInt16 = 0x0081
    public static let audience = Audience.services([.contactVault])
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var roles = Roles()
    public var state = PartyState.registered
    public var language = Language.german
    /// Reasons for a suspension; empty otherwise.
    public var reason = ""
    /// The contact that its trading partners get (C2); none: it has none on file.
    public var card = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("roles", &roles)
        try visit.field("state", &state)
        try visit.field("language", &language)
        try visit.field("reason", &reason)
        try visit.field("card", &card)
    }
}

/// A prospect objected (F10): whatever offers or reveals this contact stops.
public struct ProspectObjected: PeerMessage {
    public static let code: UInt16 = 0x0082
    public static let audience = Audience.services([.contactVault])
    public var contact = ContactID.none
    public var listing = ListingID.none
    public var objectedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("listing", &listing)
        try visit.field("objectedAt", &objectedAt)
    }
}
