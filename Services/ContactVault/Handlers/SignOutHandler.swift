import Kernel
import Messages
import Runtime

enum SignOutHandler {
    static func handle(_ command: SignOut, _ turn: Turn) throws -> Outcome<Done> {
        if let session = try Sessions.find(turn.store, turn.acting.session),
            session.party == turn.acting.party
        {
            try Announcements.revoke(session.party, session: session.session, turn)
        }
        return .answer(Done())
    }
}
