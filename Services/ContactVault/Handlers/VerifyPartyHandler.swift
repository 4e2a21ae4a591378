import ContactVaultRules
import Kernel
import Messages
import Runtime

/// An operator has verified a party: from now on it may act.
enum VerifyPartyHandler {
    static func handle(_ command: VerifyParty, _ turn: Turn) throws -> Outcome<PartyView> {
        guard var party = try Parties.find(turn.store, command.party) else { return .refused(.notFound) }
        switch party.life.after(.isVerified(vouching: command.vouchesForEmail)) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let life):
            party.life = life
            try Parties.update(turn.store, party)
            Announcements.publish(party, turn)
            Announcements.notify(.partyVerified, party, subject: turn.sequence, turn)
            return .answer(party.view)
        }
    }
}
