import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A hold, and the wallet that it is on.
struct StoredHold {
    var hold: Hold
    var wallet: StoredAccount
}

/// The holds and the one timer that asks about them.
///
/// One timer for all, set to the earliest deadline, keeps a bid from writing a timer row of its own.
enum Holds {
    static func find(_ id: HoldID, _ store: Store) throws -> StoredHold? {
        let found = try store.first(
            """
            SELECT h.listing, h.amount, h.state, h.captured, h.deadline, h.ask_at, a.party, a.marketplace, a.currency
            FROM hold h JOIN account a ON a.id = h.account WHERE h.id = ?
            """, id
        ) { row in
            guard let state = HoldState(rawValue: UInt8(truncatingIfNeeded: row.int(2))) else {
                throw WalletFault.rowMissing("a hold's state")
            }
            return Hold(
                id: id, party: row.id(6), marketplace: row.marketplace(7), listing: row.id(0),
                amount: row.money(1, 8), state: state, captured: row.int(3), deadline: row.instant(4),
                askAt: row.instant(5))
        }
        guard let hold = found else { return nil }
        let key = AccountKey(.wallet, of: hold.party, in: hold.marketplace, hold.amount.currency)
        return StoredHold(hold: hold, wallet: try Accounts.findOrEmpty(key, store))
    }

    static func insert(_ hold: Hold, on wallet: StoredAccount, _ turn: Turn) throws {
        try turn.store.run(
            """
            INSERT INTO hold (id, account, listing, amount, state, captured, deadline, ask_at, placed_at, ended_at)
            VALUES (?, ?, ?, ?, 1, 0, ?, ?, ?, 0)
            """, hold.id, wallet.id, hold.listing, hold.amount.minor, hold.deadline, hold.askAt, turn.now)
    }

    static func update(_ hold: Hold, _ turn: Turn) throws {
        try turn.store.run(
            "UPDATE hold SET amount = ?, deadline = ?, ask_at = ? WHERE id = ?", hold.amount.minor,
            hold.deadline,
            hold.askAt, hold.id)
    }

    /// Writes the end of a hold.
    static func end(_ hold: Hold, _ turn: Turn) throws {
        try turn.store.run(
            "UPDATE hold SET state = ?, captured = ?, ended_at = ? WHERE id = ?", hold.state.rawValue,
            hold.captured,
            turn.now, hold.id)
    }

    /// Gives a live hold back, whole.
    static func giveBack(_ id: HoldID, as state: HoldState, _ turn: Turn) throws {
        guard var stored = try find(id, turn.store), stored.hold.state == .held else { return }
        stored.wallet.account = stored.wallet.account.freeing(stored.hold.amount.minor)
        try Accounts.save(stored.wallet, turn.store)
        try end(stored.hold.ending(state), turn)
    }

    /// What placing a hold needs to know.
    struct Ground {
        var wallet: StoredAccount
        /// When the timer is set to fire.
        var sweep: Instant
        /// Whether the hold was placed before.
        var isKnown: Bool
    }

    /// The ground of a new hold on this wallet, in one statement: every bid needs it.
    static func ground(of hold: HoldID, on key: AccountKey, _ store: Store) throws -> Ground? {
        guard let wallet = try Accounts.find(key, store) else { return nil }
        return try store.first(
            "SELECT at, EXISTS (SELECT 1 FROM hold WHERE id = ?) FROM hold_sweep WHERE id = 1", hold
        ) { row in Ground(wallet: wallet, sweep: row.instant(0), isKnown: row.bool(1)) }
    }

    /// Makes sure that the timer fires by `at`.
    static func sweep(by at: Instant, _ turn: Turn) throws {
        let set = try turn.store.first("SELECT at FROM hold_sweep WHERE id = 1") { $0.instant(0) }
        try sweep(by: at, set: set ?? .none, turn)
    }

    /// Makes sure that the timer, which is set to `set`, fires by `at`.
    static func sweep(by at: Instant, set: Instant, _ turn: Turn) throws {
        if set == .none || at < set { try setSweep(at, turn) }
    }

    /// The live holds whose owner is to be asked, the longest due first.
    static func toAsk(at now: Instant, limit: Int, _ store: Store) throws -> [HoldID] {
        try store.all(
            "SELECT id FROM hold WHERE state = 1 AND ask_at <= ? ORDER BY ask_at, id LIMIT ?", now, limit
        ) { $0.id(0) }
    }

    /// Sets the timer to the next live hold's time, or to none.
    static func sweepNext(_ turn: Turn) throws {
        let next = try turn.store.first(
            "SELECT ask_at FROM hold WHERE state = 1 ORDER BY ask_at LIMIT 1"
        ) { $0.instant(0) }
        if let next {
            try setSweep(next, turn)
        } else {
            try turn.store.run("UPDATE hold_sweep SET at = 0 WHERE id = 1")
        }
    }

    private static func setSweep(_ at: Instant, _ turn: Turn) throws {
        // Instant 0 stands for no timer, and a deadline of 0 is long due.
        let at = max(at, Instant(microseconds: 1))
        try turn.store.run("UPDATE hold_sweep SET at = ? WHERE id = 1", at)
        try turn.schedule(HoldsDue(), subject: 0, at: at)
    }
}
