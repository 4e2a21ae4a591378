import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A caller's balance and what is remembered of it.
struct CallerAccount {
    let id: UInt64
    let profile: BillingProfileID
    var topUps: UInt32
    var lastTopUpAt: Instant
    var balance: PrepaidBalance
}

/// The balances of callers: the money in the ledger, the reserves of calls in progress beside it.
enum CallerAccounts {
    /// The balance that a number uses with a profile; nothing if it has none.
    static func of(_ caller: CallerID, _ profile: Profile, _ currency: Currency, _ store: Store) throws
        -> CallerAccount?
    {
        let number = Number(profile: profile.id, caller: caller)
        let account = try store.keepAtWriter(keptNumber, number) {
            try store.first(
                "SELECT account FROM caller_number WHERE profile = ? AND caller = ?", profile.id, caller
            ) { UInt64(truncatingIfNeeded: $0.int(0)) }
        }
        return try account.flatMap { try find($0, profile.marketplace, currency, store) }
    }

    private static let keptNumber = Kept<Number, UInt64>()

    private struct Number: Hashable {
        let profile: BillingProfileID
        let caller: CallerID
    }

    private static let kept = Kept<UInt64, AccountRow>()

    private struct AccountRow {
        let profile: BillingProfileID
        let reserved: Int64
        let topUps: UInt32
        let lastTopUpAt: Instant
    }

    static func find(
        _ id: UInt64, _ marketplace: MarketplaceID, _ currency: Currency, _ store: Store
    ) throws -> CallerAccount? {
        func posted(_ accountClass: AccountClass) throws -> Int64 {
            let key = CallerPosting.key(accountClass, of: id, in: marketplace, currency)
            return try Accounts.find(key, store)?.account.posted ?? 0
        }
        let row = try store.keepAtWriter(kept, id) {
            try store.first(
                "SELECT profile, reserved, top_ups, last_top_up_at FROM caller_account WHERE id = ?", id
            ) { row in
                AccountRow(
                    profile: row.id(0), reserved: row.int(1), topUps: UInt32(truncatingIfNeeded: row.int(2)),
                    lastTopUpAt: row.instant(3))
            }
        }
        guard let row else { return nil }
        let balance = PrepaidBalance(
            currency, paid: try posted(.callerPaid), bonus: try posted(.callerBonus), reserved: row.reserved,
            debt: 0 - (try posted(.callerDebt)))
        guard let balance else { throw WalletFault.rowMissing("a caller's balance that can be") }
        return CallerAccount(
            id: id, profile: row.profile, topUps: row.topUps, lastTopUpAt: row.lastTopUpAt, balance: balance)
    }

    /// Where an account's money is now: two numbers may have turned out to be one caller's (E10).
    static func resolved(_ id: UInt64, _ store: Store) throws -> UInt64 {
        let into = try store.first("SELECT merged_into FROM caller_account WHERE id = ?", id) {
            UInt64(truncatingIfNeeded: $0.int(0))
        }
        guard let into, into != 0 else { return id }
        return into
    }

    static func open(
        _ caller: CallerID, _ profile: Profile, _ currency: Currency, _ turn: Turn
    ) throws -> CallerAccount {
        let id = turn.newID(CallerID.self).raw
        try turn.store.run(
            """
            INSERT INTO caller_account (id, profile, reserved, merged_into, top_ups, last_top_up_at, opened_at)
            VALUES (?, ?, 0, 0, 0, 0, ?)
            """, id, profile.id, turn.now)
        try point(caller, profile.id, at: id, turn.store)
        guard let balance = PrepaidBalance.empty(currency) else { throw WalletFault.notBalanced }
        return CallerAccount(id: id, profile: profile.id, topUps: 0, lastTopUpAt: .none, balance: balance)
    }

    static func point(
        _ caller: CallerID, _ profile: BillingProfileID, at account: UInt64, _ store: Store
    ) throws {
        try store.run(
            "INSERT INTO caller_number (profile, caller, account) VALUES (?, ?, ?)", profile, caller, account)
        store.replace(keptNumber, Number(profile: profile, caller: caller), account)
    }

    /// The number uses no balance any more.
    static func unpoint(_ caller: CallerID, _ profile: BillingProfileID, _ store: Store) throws {
        try store.run("DELETE FROM caller_number WHERE profile = ? AND caller = ?", profile, caller)
        store.forget(keptNumber, Number(profile: profile, caller: caller))
    }

    /// Writes the reserves and top-ups; money moves by postings alone.
    static func save(_ account: CallerAccount, _ store: Store) throws {
        try store.run(
            "UPDATE caller_account SET reserved = ?, top_ups = ?, last_top_up_at = ? WHERE id = ?",
            account.balance.reserved, account.topUps, account.lastTopUpAt, account.id)
        store.replace(
            kept, account.id,
            AccountRow(
                profile: account.profile, reserved: account.balance.reserved, topUps: account.topUps,
                lastTopUpAt: account.lastTopUpAt))
    }
}

/// The provider's lists of first-time callers (E7).
enum FirstCallers {
    private static let kept = Kept<Place, FirstCaller>()

    private struct Place: Hashable {
        let provider: PartyID
        let list: UInt32
        let caller: CallerID
    }

    static func find(
        _ provider: PartyID, _ list: UInt32, _ caller: CallerID, _ store: Store
    ) throws -> FirstCaller? {
        try store.keepAtWriter(kept, Place(provider: provider, list: list, caller: caller)) {
            try store.first(
                """
                SELECT first_charged_at, free_taken FROM first_caller
                WHERE provider = ? AND list = ? AND caller = ?
                """, provider, list, caller
            ) { row in
                let at = row.instant(0)
                return FirstCaller(
                    firstChargedAt: at == .none ? nil : at,
                    freeSecondsTaken: UInt32(truncatingIfNeeded: row.int(1)))
            }
        }
    }

    static func save(
        _ line: FirstCaller, _ provider: PartyID, _ list: UInt32, _ caller: CallerID, _ store: Store
    ) throws {
        try store.run(
            """
            INSERT INTO first_caller (provider, list, caller, first_charged_at, free_taken)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider, list, caller) DO UPDATE
            SET first_charged_at = excluded.first_charged_at, free_taken = excluded.free_taken
            """, provider, list, caller, line.firstChargedAt ?? .none, line.freeSecondsTaken)
        store.replace(kept, Place(provider: provider, list: list, caller: caller), line)
    }
}
