import Kernel
import Messages
import Runtime

/// Replaces the password; whoever signed in elsewhere with the old one is signed out.
enum ChangePasswordHandler {
    static func handle(_ command: ChangePassword, _ turn: Turn) throws -> Outcome<Done> {
        guard var party = try Parties.find(turn.store, turn.acting.party), party.life.state != .closed,
            party.credentialNumber == command.replaces
        else { return .refused(PasswordEdge.wrong) }
        let old = party.credential
        party.credential = command.credential
        party.credentialNumber += 1
        try Parties.update(turn.store, party)
        try turn.destroyKeys(DataKeys.of([old], keeping: [party.email, party.name, party.credential]))
        for session in try Sessions.of(turn.store, party.party) where session != turn.acting.session {
            try Announcements.revoke(party.party, session: session, turn)
        }
        return .answer(Done())
    }
}
