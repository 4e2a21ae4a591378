import Kernel
import Messages
import Storage
import WalletRules

extension EntryID: SQLValue {}

/// An account and its row.
struct StoredAccount {
    /// 0: not opened yet.
    var id: Int64
    var account: Account
}

/// The accounts of the ledger. An account is opened by its first movement.
enum Accounts {
    static func find(_ key: AccountKey, _ store: Store) throws -> StoredAccount? {
        let found = try findOrEmpty(key, store)
        return found.id == 0 ? nil : found
    }

    /// A house's account changes with each movement, and a batch has a thousand: its row is written once a batch.
    private static let kept = Kept<AccountKey, StoredAccount> { stored, store in
        try store.run(
            "UPDATE account SET posted = ?, held = ? WHERE id = ?", stored.account.posted,
            stored.account.held, stored.id)
        guard store.changes == 1 else { throw WalletFault.rowMissing("the account of a movement") }
    }

    /// The account, or an empty one that is not opened yet.
    static func findOrEmpty(_ key: AccountKey, _ store: Store) throws -> StoredAccount {
        let empty = StoredAccount(id: 0, account: Account(key))
        // An account that is not there is kept as such: many callers never have a bonus or a debt.
        return try store.keepAtWriter(kept, key) {
            try store.first(
                """
                SELECT id, posted, held FROM account
                WHERE party = ? AND marketplace = ? AND currency = ? AND class = ?
                """, key.party, key.marketplace, key.currency, key.accountClass.rawValue
            ) { row in
                StoredAccount(id: row.int(0), account: Account(key, posted: row.int(1), held: row.int(2)))
            } ?? empty
        } ?? empty
    }

    static func save(_ stored: StoredAccount, _ store: Store) throws {
        try store.change(kept, stored.account.key, stored)
    }

    /// Opens the account if need be; its row.
    static func open(_ stored: StoredAccount, _ store: Store) throws -> Int64 {
        if stored.id != 0 { return stored.id }
        let key = stored.account.key
        let made = try store.first(
            """
            INSERT INTO account (party, marketplace, currency, class, posted, held) VALUES (?, ?, ?, ?, 0, 0)
            RETURNING id
            """, key.party, key.marketplace, key.currency, key.accountClass.rawValue
        ) { $0.int(0) }
        guard let made else { throw WalletFault.rowMissing("the account just opened") }
        store.replace(kept, key, StoredAccount(id: made, account: Account(key)))
        return made
    }

    /// What the party owes: the receivable, as a positive amount.
    static func owed(
        by party: PartyID, in marketplace: MarketplaceID, _ currency: Currency, _ store: Store
    ) throws -> Money {
        let posted =
            try find(AccountKey(.receivable, of: party, in: marketplace, currency), store)?.account.posted
            ?? 0
        return Money(0 - posted, currency)
    }
}

/// The store does not hold what it must: the runtime rolls back and sets the command aside.
enum WalletFault: Error {
    case rowMissing(String)
    /// A movement that the rules do not refuse at this point.
    case movementRefused(Refusal)
    case notBalanced
}
