import ContactVaultRules
import Kernel
import Messages
import Runtime

/// An operator ends a suspension: the party is again where it was before.
enum ReinstatePartyHandler {
    static func handle(_ command: ReinstateParty, _ turn: Turn) throws -> Outcome<PartyView> {
        guard var party = try Parties.find(turn.store, command.party) else { return .refused(.notFound) }
        switch party.life.after(.isReinstated) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let life):
            party.life = life
            party.reason = ""
            try Parties.update(turn.store, party)
            Announcements.publish(party, turn)
            return .answer(party.view)
        }
    }
}
