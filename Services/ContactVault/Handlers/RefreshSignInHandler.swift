import Kernel
import Messages
import Runtime

/// Renews a session: the refresh token that was shown ends, its successor is made at the edge.
enum RefreshSignInHandler {
    static func handle(_ command: RefreshSignIn, _ turn: Turn) throws -> Outcome<SignedIn> {
        guard var session = try Sessions.find(turn.store, command.session),
            session.generation == command.generation, let party = try Parties.find(turn.store, session.party)
        else { return .refused(.tokenInvalid, expected: "the newest refresh token of an open session") }
        session.generation += 1
        try Sessions.renew(turn.store, session.session, generation: session.generation)
        return .answer(SignInHandler.answer(party, session))
    }
}
