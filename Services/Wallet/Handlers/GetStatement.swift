import Kernel
import Messages
import Runtime
import WalletRules

/// Every movement on a party's wallet in a span of time.
enum GetStatementHandler {
    static func handle(_ query: GetStatement, _ reading: Reading) throws -> Outcome<StatementPage> {
        guard let subject = try Subject.of(query.party, reading) else {
            return .refused(Subject.unknown(query.party))
        }
        if let refusal = Subject.pageRefusal(query.limit) { return .refused(refusal) }
        guard query.from < query.to else {
            return .refused(.invalidValue, expected: "from before to", found: "\(query.from.iso8601)")
        }
        guard let marketplace = try Copies.marketplace(subject.marketplace, reading.store) else {
            return .refused(.notFound, expected: "a marketplace", found: "\(subject.marketplace)")
        }
        let currency = marketplace.policy.currency
        var page = StatementPage()
        page.party = subject.party
        page.opening = Money(0, currency)
        page.closing = Money(0, currency)
        let key = AccountKey(.wallet, of: subject.party, in: subject.marketplace, currency)
        guard let wallet = try Accounts.find(key, reading.store) else { return .answer(page) }
        func balance(before at: Instant) throws -> Money {
            Money(try Statements.balance(of: wallet.id, upTo: at, inclusive: false, reading.store), currency)
        }
        page.opening = try balance(before: query.from)
        page.closing = try balance(before: query.to)
        let lines = try Statements.lines(
            of: wallet.id, currency, from: query.from, to: query.to, after: query.after,
            limit: Int(query.limit) + 1,
            reading.store)
        page.lines = Array(lines.prefix(Int(query.limit)))
        page.more = lines.count > page.lines.count
        return .answer(page)
    }
}
