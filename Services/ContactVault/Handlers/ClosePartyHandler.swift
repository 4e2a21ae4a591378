import ContactVaultRules
import Kernel
import Messages
import Runtime
import Storage

/// Closes a party for good and destroys the keys of its data (F5).
///
/// Its billing identities stay for as long as the law wants its invoices kept; contacts that nobody has
/// offered or bought go with it. A provider's telephone switches and its callers' numbers go too; it may also retire one
/// of its switches alone.
enum ClosePartyHandler {
    static func handle(_ command: CloseParty, _ turn: Turn) throws -> Outcome<Done> {
        let acting = turn.acting
        let target = command.party.isNone ? acting.party : command.party
        guard try mayClose(target, acting, turn.store), let party = try Parties.find(turn.store, target)
        else {
            return .refused(.notFound)
        }
        guard !(party.isOperator && target == acting.party) else {
            return .refused(.forbidden, expected: "another operator", found: "oneself")
        }
        switch party.life.after(.isClosed) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let life):
            try close(party, life, turn)
            for phone in try Switches.all(turn.store, of: target) {
                guard let party = try Parties.find(turn.store, phone),
                    case .success(let life) = party.life.after(.isClosed)
                else { continue }
                try close(party, life, turn)
            }
            try CallerErasure.eraseAll(of: target, turn)
            return .answer(Done())
        }
    }

    /// Oneself, one's own telephone switch, and, as an operator, anybody.
    private static func mayClose(_ target: PartyID, _ acting: Acting, _ store: Store) throws -> Bool {
        if target == acting.party || acting.isOperator { return true }
        return try Switches.provider(store, of: target) == acting.party
    }

    private static func close(_ known: Party, _ life: PartyLife, _ turn: Turn) throws {
        var party = known
        party.life = life
        party.reason = ""
        party.card = .none
        try erase(party, turn)
        try Switches.retire(turn.store, party.party)
        Announcements.publish(party, turn)
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
