import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Closes a party for good and destroys the keys of its data (F5).
///
/// Its billing identities stay for as long as the law wants its invoices kept; contacts that nobody has
/// offered or bought go with it.
enum ClosePartyHandler {
    static func handle(_ command: CloseParty, _ turn: Turn) throws -> Outcome<Done> {
        let acting = turn.acting
        let target = command.party.isNone ? acting.party : command.party
        guard target == acting.party || acting.isOperator, var party = try Parties.find(turn.store, target)
        else {
            return .refused(.notFound)
        }
        guard !(party.isOperator && target == acting.party) else {
            return .refused(.forbidden, expected: "another operator", found: "oneself")
        }
        switch party.life.after(.isClosed) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let life):
            party.life = life
            party.reason = ""
            party.card = .none
            try erase(party, turn)
            Announcements.publish(party, turn)
            return .answer(Done())
        }
    }

    private static func erase(_ party: Party, _ turn: Turn) throws {
        try Parties.close(turn.store, party.party)
        try turn.destroyKeys(DataKeys.distinct([party.email, party.name, party.credential]))
        if party.roles.contains(.buyer) {
            try turn.destroyKeys(try Callers.forget(turn.store, of: party.party))
        }
        try Announcements.revoke(party.party, turn)
        let policy = try Marketplaces.find(turn.store, party.marketplace)?.policy ?? Policy()
        var retention = BillingRetentionOver()
        retention.party = party.party
        try turn.schedule(retention, subject: party.party.raw, at: turn.now + policy.invoiceRetention)
        try ContactErasure.eraseFree(of: party.party, turn)
    }
}
