import Kernel
import Wire

/// How far the preliminary call of one buyer is (D1, D4-D7).
public enum ActivationStage: UInt8, WireEnum {
    /// The wallet is asked for the price, or the vault to route to the prospect.
    case opening = 1
    /// Price frozen, proxy number attached.
    case active = 2
    /// The wallet is asked for the frozen price.
    case buying = 3
    case bought = 4
    /// The buyer left it (D4).
    case declined = 5
    /// Its time was over (D5).
    case expired = 6
    /// Somebody else bought the lead (D7).
    case soldToAnother = 7
    /// The listing, the prospect or the buyer was stopped.
    case stopped = 8
    /// The buyer asked for contact data, and the policy ends the activation for it (D6).
    case forfeited = 9
}

/// Any buyer asks for a preliminary call: the lead's price is frozen, and a proxy number attached (D1).
///
/// Answered once the wallet holds what a purchase costs and the vault routes the number. Refused, in this order:
/// `invalidText` for a number that is none; `notVerified`, `suspended`, `forbidden`; `notFound`; `wrongState` where leads
/// are sold otherwise; `ownListing`; `listingClosed`; `alreadyActivated`; `noProxyNumber`; `insufficientFunds`.
public struct ActivateCall: Command {
    public typealias Answer = CallActivated
    public static let code: UInt16 = 0x0120
    public static let audience = Audience.parties(.buyer)
    public var listing = ListingID.none
    /// The number that the buyer will call from: calls from others hear an announcement.
    public var callFrom = PersonalText()
    /// Where a number without country code is at home (ISO 3166-1).
    public var country = "DE"
    /// Filled by the service; a client's content is overwritten.
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("callFrom", &callFrom, .personal(40))
        try visit.field("country", &country, .limit(2))
        try visit.field("caller", &caller)
    }
}

/// Answers ``ActivateCall``.
public struct CallActivated: AnswerMessage {
    public static let code: UInt16 = 0x0160
    public var activation = OrderID.none
    public var listing = ListingID.none
    /// In digits; reaches the prospect until ``until`` and shows nothing of the real number.
    public var proxyNumber = ""
    /// What the lead costs this buyer, whatever the seller does meanwhile.
    public var price = Money.zero
    /// Held for it, with fee and VAT.
    public var frozen = Money.zero
    /// What a minute of conversation costs.
    public var perMinute = Money.zero
    /// What must be free on top for a call to begin (D2).
    public var reserve = Money.zero
    public var until = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("listing", &listing)
        try visit.field("proxyNumber", &proxyNumber, .limit(15))
        try visit.field("price", &price)
        try visit.field("frozen", &frozen)
        try visit.field("perMinute", &perMinute)
        try visit.field("reserve", &reserve)
        try visit.field("until", &until)
    }
}

/// A buyer takes a lead at its fixed price: the frozen one after an activation, the listing's otherwise (D4, D7).
///
/// Refused as ``ActivateCall`` up to `listingClosed`, which also says that somebody else was faster; as `wrongState`
/// while the buyer's own activation opens; as `insufficientFunds` without one.
public struct BuyLead: Command {
    public typealias Answer = OrderPaid
    public static let code: UInt16 = 0x0121
    public static let audience = Audience.parties(.buyer)
    public var listing = ListingID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
    }
}

/// A buyer leaves a lead after its preliminary call: the frozen price is returned, the number detached (D4).
public struct DeclineLead: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0122
    public static let audience = Audience.parties(.buyer)
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
    }
}

/// A seller changes the fixed price of a listing on offer. Activations keep the price that they froze (D1).
public struct RepriceListing: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0123
    public static let audience = Audience.parties(.seller)
    public var listing = ListingID.none
    public var price = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("price", &price)
    }
}

/// One of the acting buyer's activations; operators see all.
public struct GetActivation: Query {
    public typealias Answer = ActivationView
    public static let code: UInt16 = 0x0124
    public static let audience = Audience.parties([.buyer, .operator_])
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
    }
}

/// Answers ``GetActivation``.
public struct ActivationView: AnswerMessage {
    public static let code: UInt16 = 0x0161
    public var activation = OrderID.none
    public var listing = ListingID.none
    public var title = ""
    public var buyer = PartyID.none
    public var stage = ActivationStage.opening
    /// Empty once it is detached.
    public var proxyNumber = ""
    public var price = Money.zero
    public var frozen = Money.zero
    public var activatedAt: Instant?
    public var until = Instant.none
    public var endedAt: Instant?
    /// The purchase, if there was one.
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("buyer", &buyer)
        try visit.field("stage", &stage)
        try visit.field("proxyNumber", &proxyNumber, .limit(15))
        try visit.field("price", &price)
        try visit.field("frozen", &frozen)
        try visit.field("activatedAt", &activatedAt)
        try visit.field("until", &until)
        try visit.field("endedAt", &endedAt)
        try visit.field("order", &order)
    }
}

/// The acting buyer's activations, newest first.
public struct ListActivations: Query {
    public typealias Answer = ActivationPage
    public static let code: UInt16 = 0x0125
    public static let audience = Audience.parties(.buyer)
    /// The last one seen; none: from the newest.
    public var after = OrderID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One line of an ``ActivationPage``.
public struct ActivationEntry: Record {
    public var activation = OrderID.none
    public var listing = ListingID.none
    public var title = ""
    public var stage = ActivationStage.opening
    public var price = Money.zero
    public var until = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("stage", &stage)
        try visit.field("price", &price)
        try visit.field("until", &until)
    }
}

/// Answers ``ListActivations``.
public struct ActivationPage: AnswerMessage {
    public static let code: UInt16 = 0x0162
    public var activations: [ActivationEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activations", &activations, .limit(100))
        try visit.field("more", &more)
    }
}

// MARK: - Proxy numbers

/// An operator adds proxy numbers to a marketplace's pool, or retires some: a leased one when its lease ends (D1).
///
/// Refused as `invalidText` for what is no number of 7 to 15 digits, as `wrongState` for a number that any pool holds, as
/// `notFound` for one to retire that this pool does not hold; nothing is changed then.
public struct SetProxyNumbers: Command {
    public typealias Answer = ProxyPool
    public static let code: UInt16 = 0x0126
    public static let audience = Audience.operators
    public var marketplace = MarketplaceID.none
    /// In digits, with country code and without a sign.
    public var add: [String] = []
    public var retire: [String] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("add", &add, .limit(100))
        try visit.field("retire", &retire, .limit(100))
    }
}

/// A marketplace's proxy numbers, in order.
public struct GetProxyPool: Query {
    public typealias Answer = ProxyPool
    public static let code: UInt16 = 0x0127
    public static let audience = Audience.operators
    public var marketplace = MarketplaceID.none
    /// The last number seen; empty: from the first.
    public var after = ""
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("after", &after, .limit(15))
        try visit.field("limit", &limit)
    }
}

/// What a proxy number does.
public enum ProxyNumberState: UInt8, WireEnum {
    case free = 1
    case leased = 2
    /// Its last lease ended too short a time ago.
    case resting = 3
    case retired = 4
}

/// One number of a ``ProxyPool``.
public struct ProxyNumberEntry: Record {
    public var number = ""
    public var state = ProxyNumberState.free
    public var activation = OrderID.none
    /// When a resting number may be leased again.
    public var freeAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("number", &number, .limit(15))
        try visit.field("state", &state)
        try visit.field("activation", &activation)
        try visit.field("freeAt", &freeAt)
    }
}

/// Answers ``SetProxyNumbers`` and ``GetProxyPool``.
public struct ProxyPool: AnswerMessage {
    public static let code: UInt16 = 0x0163
    /// Of all numbers, whichever are listed.
    public var free: UInt32 = 0
    public var leased: UInt32 = 0
    public var resting: UInt32 = 0
    public var retired: UInt32 = 0
    public var numbers: [ProxyNumberEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("free", &free)
        try visit.field("leased", &leased)
        try visit.field("resting", &resting)
        try visit.field("retired", &retired)
        try visit.field("numbers", &numbers, .limit(100))
        try visit.field("more", &more)
    }
}

// MARK: - Between services

/// The vault routes an activation's calls to the prospect.
public struct RouteOpened: PeerMessage {
    public static let code: UInt16 = 0x0198
    public static let audience = Audience.services([.contactVault])
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
    }
}

/// Timer: an activation's time is over (D5).
public struct ActivationLapses: InternalMessage {
    public static let code: UInt16 = 0x01d0
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("activation", &activation)
    }
}

extension Catalogue {
    /// The auction service's messages about preliminary calls.
    static let preliminaryCalls: [any Message.Type] = [
        ActivateCall.self, CallActivated.self, BuyLead.self, DeclineLead.self, RepriceListing.self,
        GetActivation.self, ActivationView.self, ListActivations.self, ActivationPage.self,
        SetProxyNumbers.self, GetProxyPool.self, ProxyPool.self, RouteOpened.self,
        ActivationLapses.self, ReportFishing.self, FishingRecorded.self, ContestStrike.self,
        DecideStrike.self, ListStrikes.self, StrikePage.self,
    ]
}
