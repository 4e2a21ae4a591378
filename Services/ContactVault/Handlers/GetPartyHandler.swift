import Kernel
import Messages
import Runtime

/// Shows a party to itself and to operators; to others it does not exist (F9).
enum GetPartyHandler {
    static func handle(_ query: GetParty, _ reading: Reading) throws -> Outcome<PartyView> {
        let acting = reading.acting
        let target = query.party.isNone ? acting.party : query.party
        guard target == acting.party || acting.isOperator, let party = try Parties.find(reading.store, target)
        else {
            return .refused(.notFound)
        }
        return .answer(party.view)
    }
}
