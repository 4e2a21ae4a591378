import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A party's money, now or at an instant past.
enum GetBalanceHandler {
    static func handle(_ query: GetBalance, _ reading: Reading) throws -> Outcome<BalanceDetails> {
        guard let subject = try Subject.of(query.party, reading) else {
            return .refused(Subject.unknown(query.party))
        }
        guard let marketplace = try Copies.marketplace(subject.marketplace, reading.store) else {
            return .refused(.notFound, expected: "a marketplace", found: "\(subject.marketplace)")
        }
        let currency = marketplace.policy.currency
        func stored(_ accountClass: AccountClass) throws -> StoredAccount? {
            try Accounts.find(
                AccountKey(accountClass, of: subject.party, in: subject.marketplace, currency), reading.store)
        }
        let wallet = try stored(.wallet)
        let receivable = try stored(.receivable)
        var details = BalanceDetails()
        details.party = subject.party
        details.marketplace = subject.marketplace
        details.at = query.at ?? reading.now
        if let at = query.at, at < reading.now {
            details.posted = Money(try posted(wallet, at, reading.store), currency)
            details.owed = Money(0 - (try posted(receivable, at, reading.store)), currency)
        } else {
            let account = wallet?.account ?? Account(AccountKey(.wallet, in: subject.marketplace, currency))
            details.at = reading.now
            details.posted = Money(account.posted, currency)
            details.held = Money(account.held, currency)
            details.available = account.available
            details.owed = Money(0 - (receivable?.account.posted ?? 0), currency)
        }
        return .answer(details)
    }

    private static func posted(_ stored: StoredAccount?, _ at: Instant, _ store: Store) throws -> Int64 {
        guard let stored else { return 0 }
        return try Statements.balance(of: stored.id, upTo: at, inclusive: true, store)
    }
}
