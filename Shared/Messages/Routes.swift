import Kernel
import Wire

/// A switch asks where a preliminary call goes: a recorded reveal of the prospect's number to the switch (D1, F4).
///
/// Refused as `notFound` for an activation whose number is not attached in the switch's marketplace, as `forbidden` for a
/// switch that the house does not run, as `erased` where the contact is gone.
public struct RouteCall: Command {
    public typealias Answer = CallRoute
    public static let code: UInt16 = 0x0338
    public static let audience = Audience.parties(.telephoneSwitch)
    /// As ``CallRouted`` named it.
    public var activation = OrderID.none
    public var call = CallID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("call", &call)
    }
}

/// Answers ``RouteCall``.
public struct CallRoute: AnswerMessage {
    public static let code: UInt16 = 0x0368
    public var call = CallID.none
    /// The prospect's first number, as it was sealed.
    public var number = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("number", &number, .personal(40))
    }
}

/// An activation's calls may be routed to the prospect. Answered by ``RouteOpened``, also where the contact is gone: its
/// listing is stopped then, and nobody is told a number.
public struct OpenRoute: PeerMessage {
    public static let code: UInt16 = 0x0398
    public static let audience = Audience.services([.auction])
    public var activation = OrderID.none
    public var listing = ListingID.none
    public var contact = ContactID.none
    public var marketplace = MarketplaceID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("listing", &listing)
        try visit.field("contact", &contact)
        try visit.field("marketplace", &marketplace)
    }
}

/// Nor any more. Harmless if it was closed before.
public struct CloseRoute: PeerMessage {
    public static let code: UInt16 = 0x0399
    public static let audience = Audience.services([.auction])
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
    }
}

extension Catalogue {
    /// The vault's messages about preliminary calls.
    static let routes: [any Message.Type] = [
        RouteCall.self, CallRoute.self, OpenRoute.self, CloseRoute.self,
    ]
}
