import Kernel
import Messages

/// What can happen to a party.
public enum PartyEvent: Sendable {
    case confirmsEmail
    /// An operator verifies; `vouching` also for an address that is not confirmed.
    case isVerified(vouching: Bool)
    case isSuspended
    case isReinstated
    case isClosed
}

/// How far a party has come, and where it was before a suspension.
public struct PartyLife: Hashable, Sendable {
    public var state: PartyState
    /// The state to which a reinstated party returns; equal to `state` while it is not suspended.
    public var beforeSuspension: PartyState

    public init(state: PartyState, beforeSuspension: PartyState) {
        self.state = state
        self.beforeSuspension = beforeSuspension
    }

    /// The party's life after the event, or why the event cannot be.
    public func after(_ event: PartyEvent) -> Result<PartyLife, Refusal> {
        switch (event, state) {
        case (.confirmsEmail, .registered): .success(.at(.confirmed))
        // A link opened twice, or after the operator vouched, is as good as one opened once.
        case (.confirmsEmail, .confirmed), (.confirmsEmail, .verified): .success(self)
        // A suspension may have come between registration and confirmation.
        case (.confirmsEmail, .suspended) where beforeSuspension == .registered:
            .success(PartyLife(state: .suspended, beforeSuspension: .confirmed))
        case (.confirmsEmail, .suspended): .success(self)
        case (.isVerified, .confirmed), (.isVerified(vouching: true), .registered): .success(.at(.verified))
        case (.isVerified, .registered):
            .failure(Refusal(.wrongState, expected: "a confirmed e-mail address", found: "registered"))
        case (.isSuspended, .registered), (.isSuspended, .confirmed), (.isSuspended, .verified):
            .success(PartyLife(state: .suspended, beforeSuspension: state))
        case (.isReinstated, .suspended): .success(.at(beforeSuspension))
        case (.isClosed, .registered), (.isClosed, .confirmed), (.isClosed, .verified),
            (.isClosed, .suspended):
            .success(.at(.closed))
        default: .failure(Refusal(.wrongState, expected: event.expectation, found: "\(state)"))
        }
    }

    private static func at(_ state: PartyState) -> PartyLife {
        PartyLife(state: state, beforeSuspension: state)
    }
}

extension PartyEvent {
    fileprivate var expectation: String {
        switch self {
        case .confirmsEmail: "a party that is not closed"
        case .isVerified: "a confirmed party"
        case .isSuspended: "a party that is neither suspended nor closed"
        case .isReinstated: "a suspended party"
        case .isClosed: "a party that is not closed"
        }
    }
}
