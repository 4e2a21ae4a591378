import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Confirms the address to which the link was sent.
enum ConfirmEmailHandler {
    static func handle(_ command: ConfirmEmail, _ turn: Turn) throws -> Outcome<Done> {
        guard var party = try Parties.find(turn.store, command.party),
            party.linkGeneration == command.generation, party.life.state != .closed
        else { return .refused(.tokenInvalid, expected: "the newest confirmation link") }
        let token = LinkToken(.confirmEmail, subject: command.party.raw, expires: command.expires)
        if let refusal = token.expired(at: turn.now) { return .refused(refusal) }
        switch party.life.after(.confirmsEmail) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let life):
            guard life != party.life else { return .answer(Done()) }
            party.life = life
            try Parties.update(turn.store, party)
            Announcements.publish(party, turn)
            return .answer(Done())
        }
    }
}
