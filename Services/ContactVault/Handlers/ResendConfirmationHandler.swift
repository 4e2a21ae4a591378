import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Sends another confirmation link; the older ones end.
enum ResendConfirmationHandler {
    static func handle(_ command: ResendConfirmation, _ turn: Turn) throws -> Outcome<Done> {
        guard var party = try Parties.find(turn.store, turn.acting.party) else { return .refused(.notFound) }
        guard party.life.state == .registered else {
            return .refused(.wrongState, expected: "an address not confirmed", found: "\(party.life.state)")
        }
        party.linkGeneration += 1
        try Parties.update(turn.store, party)
        Announcements.notify(.confirmEmail, party, subject: UInt64(party.linkGeneration), turn)
        return .answer(Done())
    }
}
