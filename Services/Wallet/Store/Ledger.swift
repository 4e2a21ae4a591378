import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// What an entry says beside its legs.
struct EntryNote {
    var order = OrderID.none
    var payment = PaymentID.none
    var invoice = InvoiceID.none
    /// Stands in the party's statement.
    var text = ""
}

/// An entry that was decided and not written yet.
struct DecidedEntry {
    let kind: EntryKind
    let marketplace: MarketplaceID
    fileprivate let legs: [(leg: Leg, after: StoredAccount)]

    /// The account as the entry leaves it; nothing if it has no leg there.
    func after(_ key: AccountKey) -> Account? { legs.first { $0.leg.account == key }?.after.account }
}

/// Double entry (F1): first decided against the accounts as they are, then written whole.
enum Ledger {
    /// The entry, or the first bound that it breaks. `hold` is freed in the same movement.
    static func decide(
        _ posting: Posting?, freeing hold: Hold? = nil, _ store: Store
    ) throws -> Result<DecidedEntry, Refusal> {
        guard let posting, let first = posting.legs.first else {
            return .failure(Refusal(.amountOutOfRange, expected: "amounts that sum to zero and fit"))
        }
        var legs: [(leg: Leg, after: StoredAccount)] = []
        legs.reserveCapacity(posting.legs.count)
        for leg in posting.legs {
            var stored = try Accounts.findOrEmpty(leg.account, store)
            if let hold, leg.account.accountClass == .wallet, leg.account.party == hold.party {
                stored.account = stored.account.freeing(hold.amount.minor)
            }
            switch stored.account.posting(leg.minor) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let changed): stored.account = changed
            }
            legs.append((leg, stored))
        }
        return .success(DecidedEntry(kind: posting.kind, marketplace: first.account.marketplace, legs: legs))
    }

    /// Writes the entry, its legs, and the balances after it.
    @discardableResult
    static func write(_ entry: DecidedEntry, _ note: EntryNote, _ turn: Turn) throws -> EntryID {
        let id = turn.newID(EntryID.self)
        try turn.store.run(
            """
            INSERT INTO entry (id, at, kind, marketplace, order_id, payment, invoice, actor, text)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, turn.now, entry.kind.rawValue, entry.marketplace, note.order, note.payment, note.invoice,
            turn.acting.party, note.text)
        for (leg, after) in entry.legs {
            var stored = after
            stored.id = try Accounts.open(after, turn.store)
            try Accounts.save(stored, turn.store)
            try turn.store.run(
                "INSERT INTO leg (account, at, entry, amount, balance) VALUES (?, ?, ?, ?, ?)", stored.id,
                turn.now, id,
                leg.minor, stored.account.posted)
        }
        return id
    }

    /// Decides and writes what no rule refuses any more, such as a provider's outcome.
    @discardableResult
    static func post(_ posting: Posting?, _ note: EntryNote, _ turn: Turn) throws -> DecidedEntry {
        switch try decide(posting, turn.store) {
        case .failure(let refusal): throw WalletFault.movementRefused(refusal)
        case .success(let entry):
            try write(entry, note, turn)
            return entry
        }
    }
}
