import Kernel
import Wire

/// Binds the connection to the party that an access token names, on a connection other than the one that
/// signed in, or after the token of this one was renewed.
public struct Authenticate: Query {
    public typealias Answer = Authenticated
    public static let code: UInt16 = 0x0601
    public static let audience = Audience.anyone
    public var accessToken = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("accessToken", &accessToken, .secret(400))
    }
}

/// Answers ``Authenticate``: for whom the connection acts from now on.
public struct Authenticated: AnswerMessage {
    public static let code: UInt16 = 0x0641
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var roles = Roles()
    /// When the token expires, by the machine's clock.
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("roles", &roles)
        try visit.field("expires", &expires)
    }
}

/// Asks for the acting party's trade at a glance, from all services at once.
public struct GetDashboard: Query {
    public typealias Answer = Dashboard
    public static let code: UInt16 = 0x0602
    public static let audience = Audience.everyParty
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Answers ``GetDashboard``. What a service in `missing` would have said is left at zero or empty.
public struct Dashboard: AnswerMessage {
    public static let code: UInt16 = 0x0642
    public var won: UInt32 = 0
    public var sold: UInt32 = 0
    public var running: UInt32 = 0
    public var expired: UInt32 = 0
    /// What is in the wallet, and of it what is free; empty while the wallet is missing.
    public var balance: [Money] = []
    public var available: [Money] = []
    public var unread: UInt32 = 0
    public var openDisputes: UInt32 = 0
    /// Services that did not answer.
    public var missing: [ServiceName] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("won", &won)
        try visit.field("sold", &sold)
        try visit.field("running", &running)
        try visit.field("expired", &expired)
        try visit.field("balance", &balance, .limit(16))
        try visit.field("available", &available, .limit(16))
        try visit.field("unread", &unread)
        try visit.field("openDisputes", &openDisputes)
        try visit.field("missing", &missing, .limit(8))
    }
}

/// Asks for all that the house knows of an order that the acting party has a part in.
public struct GetOrderDetails: Query {
    public typealias Answer = OrderDetails
    public static let code: UInt16 = 0x0603
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Answers ``GetOrderDetails``. What a service in `missing` would have said is left empty.
public struct OrderDetails: AnswerMessage {
    public static let code: UInt16 = 0x0643
    /// The trade; its `grant` and `revealedAt` say whether the contact can be read.
    public var order: OrderView?
    /// Invoice and credit notes, newest first.
    public var invoices: [InvoiceSummary] = []
    /// The conversation's newest messages, newest first.
    public var conversation: [ConversationMessage] = []
    public var cases: [CaseSummary] = []
    /// Services that did not answer.
    public var missing: [ServiceName] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("invoices", &invoices, .limit(100))
        try visit.field("conversation", &conversation, .limit(100))
        try visit.field("cases", &cases, .limit(100))
        try visit.field("missing", &missing, .limit(8))
    }
}

extension Catalogue {
    /// Messages that the gateway itself takes and gives.
    public static let gateway: [any Message.Type] = [
        Authenticate.self, GetDashboard.self, GetOrderDetails.self, Authenticated.self, Dashboard.self,
        OrderDetails.self,
    ]
}
