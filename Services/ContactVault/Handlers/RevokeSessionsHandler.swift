import Kernel
import Messages
import Runtime

/// Ends all sessions of a party, as after a lost device.
enum RevokeSessionsHandler {
    static func handle(_ command: RevokeSessions, _ turn: Turn) throws -> Outcome<Done> {
        let acting = turn.acting
        let target = command.party.isNone ? acting.party : command.party
        guard target == acting.party || acting.isOperator, try Parties.find(turn.store, target) != nil else {
            return .refused(.notFound)
        }
        try Announcements.revoke(target, turn)
        return .answer(Done())
    }
}
