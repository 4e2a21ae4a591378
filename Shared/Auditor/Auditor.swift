import Kernel
import Messages
import Storage
import Wire

/// One thing that a client did or was told, in the order in which the world saw it.
public struct Observation: Sendable {
    public enum Kind: Sendable {
        /// The client put the call on its connection.
        case sent
        /// An answer or refusal came back.
        case answered(code: UInt16, body: [UInt8])
        /// No answer will come: the link broke or patience was over.
        case unknown
        /// A push came, which belongs to no call: its number is 0.
        case pushed(code: UInt16, body: [UInt8])
    }

    /// Numbers the call, from 1 on; `sent` and what ends it bear the same number.
    public var call: UInt64
    /// The house's time.
    public var at: Instant
    /// Numbers the connection, from 1 on.
    public var connection: UInt64
    /// The code and the body of the request, exactly as the client sent them.
    public var code: UInt16
    public var body: [UInt8]
    public var key: IdempotencyKey?
    /// For whom the connection acts by its own sign-in; nothing before.
    public var party: PartyID
    public var marketplace: MarketplaceID
    /// The actor's name in the population.
    public var actor: String
    public var kind: Kind

    public init(
        call: UInt64, at: Instant, connection: UInt64, code: UInt16, body: [UInt8], key: IdempotencyKey?,
        party: PartyID, marketplace: MarketplaceID, actor: String, kind: Kind
    ) {
        self.call = call
        self.at = at
        self.connection = connection
        self.code = code
        self.body = body
        self.key = key
        self.party = party
        self.marketplace = marketplace
        self.actor = actor
        self.kind = kind
    }
}

/// A promise of the rulebook that the house broke.
public struct Violation: Error, Sendable {
    /// A stable name.
    public var invariant: String
    public var text: String
    /// What it is about, such as `listing 512`.
    public var entities: [String]

    public init(invariant: String, text: String, entities: [String] = []) {
        self.invariant = invariant
        self.text = text
        self.entities = entities
    }
}

/// How often each message, refusal and rule was exercised, by its name.
public struct AuditCounts: Sendable {
    public var messages: [String: Int] = [:]
    public var refusals: [String: Int] = [:]
    public var rules: [String: Int] = [:]
    public init() {}
}

/// Watches a house from outside: predicts with a simple model of its own, and names what should not be.
public final class Auditor {
    public private(set) var violations: [Violation] = []
    public private(set) var counts = AuditCounts()

    public init() {}

    public func observe(_ observation: Observation) {}

    /// Compares the stores with the model.
    ///
    /// - Parameters:
    ///   - stores: each service's store, at a moment when no batch is open.
    ///   - healed: failures have stopped and the time to recover is over, so that everything must have converged.
    public func checkpoint(_ stores: [ServiceName: ServiceStore], now: Instant, healed: Bool) {}
}
