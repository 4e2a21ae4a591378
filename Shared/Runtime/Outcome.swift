import Kernel
import Messages

/// What a handler decided.
public enum Outcome<Answer: Message>: Sendable {
    /// Carried out.
    case answer(Answer)
    /// Not carried out; nothing was written.
    case refused(Refusal)
    /// Another service must answer first; ``Turn/answer(_:_:)`` follows.
    case waiting

    /// Not carried out, with what was expected and what was found.
    public static func refused(
        _ reason: RefusalCode, expected: String = "", found: String = ""
    ) -> Outcome {
        .refused(Refusal(reason, expected: expected, found: found))
    }
}

/// Names a command that waits for its answer: its journal sequence.
public struct Ticket: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// For whom a command acts.
public struct Acting: Hashable, Sendable {
    public let party: PartyID
    public let marketplace: MarketplaceID
    public let roles: Roles
    public let session: SessionID

    public init(party: PartyID, marketplace: MarketplaceID, roles: Roles, session: SessionID) {
        self.party = party
        self.marketplace = marketplace
        self.roles = roles
        self.session = session
    }

    /// Nobody: a timer, a peer, a stranger.
    public static let nobody = Acting(party: .none, marketplace: .none, roles: [], session: .none)

    /// Whether an operator acts.
    public var isOperator: Bool { roles.contains(.operator_) }
}
