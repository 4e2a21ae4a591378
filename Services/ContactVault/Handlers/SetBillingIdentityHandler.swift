import Kernel
import Messages
import Runtime

/// Stores a version of a billing identity; the older ones stay for the invoices that name them (A15).
enum SetBillingIdentityHandler {
    static func handle(_ command: SetBillingIdentity, _ turn: Turn) throws -> Outcome<BillingIdentitySet> {
        guard let party = try Parties.find(turn.store, turn.acting.party), party.life.state != .closed else {
            return .refused(.notFound)
        }
        guard command.country.utf8.count == 2, command.country.utf8.allSatisfy({ (0x41...0x5a).contains($0) })
        else {
            return .refused(
                .invalidText, expected: "country: two capital letters (ISO 3166-1)", found: "other")
        }
        let identity: BillingIdentityID = turn.newID()
        let sealed = SealedBilling(
            name: command.name, street: command.street, postalCode: command.postalCode, city: command.city,
            taxNumber: command.taxNumber)
        try BillingIdentities.insert(
            turn.store, identity, of: party.party, country: command.country, sealed, at: turn.now)
        var fact = BillingIdentityPublished()
        fact.party = party.party
        fact.identity = identity
        fact.country = command.country
        fact.hasTaxNumber = command.hasTaxNumber
        turn.send(fact, to: .wallet)
        var answer = BillingIdentitySet()
        answer.identity = identity
        return .answer(answer)
    }
}
