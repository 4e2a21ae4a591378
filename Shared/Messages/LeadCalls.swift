import Kernel
import Wire

/// Why the house ends preliminary calls, or takes a proxy number from an activation.
public enum DetachReason: UInt8, WireEnum {
    /// By the buyer itself (D4).
    case bought = 1
    case declined = 2
    /// The activation's time was over (D5).
    case expired = 3
    /// Somebody else bought the lead (D7): the caller hears so.
    case soldToAnother = 4
    /// The listing, the prospect or the buyer was stopped.
    case stopped = 5
    /// The buyer asked for contact data (D6): what it talked is charged in full.
    case fishing = 6
    /// The activation never came to be.
    case neverOpened = 7
}

/// The calls of one of the acting buyer's activations, newest first; operators see all.
public struct ListLeadCalls: Query {
    public typealias Answer = CallPage
    public static let code: UInt16 = 0x0228
    public static let audience = Audience.parties([.buyer, .operator_])
    public var activation = OrderID.none
    /// The last call seen; none: from the newest.
    public var after = CallID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// Which activation a call belongs to that a switch speaks of.
public struct FindLeadCall: Query {
    public typealias Answer = LeadCallFound
    public static let code: UInt16 = 0x0229
    public static let audience = Audience.services([.auction])
    public var call = CallID.none
    public var telephoneSwitch = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("telephoneSwitch", &telephoneSwitch)
    }
}

/// Answers ``FindLeadCall``.
public struct LeadCallFound: AnswerMessage {
    public static let code: UInt16 = 0x0268
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
    }
}

/// Calls from this caller to this number belong to an activation and are paid by its buyer (D1, D2).
public struct OpenProxyLine: PeerMessage {
    public static let code: UInt16 = 0x0298
    public static let audience = Audience.services([.auction])
    public var activation = OrderID.none
    public var number = ""
    public var marketplace = MarketplaceID.none
    public var policyVersion: UInt32 = 0
    public var listing = ListingID.none
    public var buyer = PartyID.none
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("number", &number, .limit(15))
        try visit.field("marketplace", &marketplace)
        try visit.field("policyVersion", &policyVersion)
        try visit.field("listing", &listing)
        try visit.field("buyer", &buyer)
        try visit.field("caller", &caller)
    }
}

/// The proxy number is detached: calls in progress end (D4-D7). Harmless if it was before.
public struct CloseProxyLine: PeerMessage {
    public static let code: UInt16 = 0x0299
    public static let audience = Audience.services([.auction])
    public var activation = OrderID.none
    public var reason = DetachReason.declined
    /// D4: what the activation's calls cost goes back to the buyer.
    public var creditCalls = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("reason", &reason)
        try visit.field("creditCalls", &creditCalls)
    }
}

/// A call of an activation ends, and the number stays attached (D6).
public struct EndLeadCall: PeerMessage {
    public static let code: UInt16 = 0x029a
    public static let audience = Audience.services([.auction])
    public var call = CallID.none
    public var reason = DetachReason.fishing
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("reason", &reason)
    }
}

extension Catalogue {
    /// The wallet's messages about preliminary calls.
    static let leadCalls: [any Message.Type] = [
        ListLeadCalls.self, FindLeadCall.self, LeadCallFound.self, OpenProxyLine.self, CloseProxyLine.self,
        EndLeadCall.self,
    ]
}
