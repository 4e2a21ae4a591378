import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Another service found a reason to suspend: strikes (A19), or a review (A16).
enum SuspendForCauseHandler {
    static func handle(_ message: SuspendForCause, _ turn: Turn) throws {
        guard let party = try Parties.find(turn.store, message.party), !party.isOperator,
            case .success(let life) = party.life.after(.isSuspended)
        else { return }
        _ = try PartySuspension.carryOut(party, life, reason: message.reason, turn)
    }
}
