import Kernel
import Messages
import Storage

/// What an account was at an instant, and how it came there: read from the legs, each of which holds the balance
/// after it.
enum Statements {
    static func balance(of account: Int64, upTo at: Instant, inclusive: Bool, _ store: Store) throws -> Int64
    {
        let last = inclusive || at.microseconds == .min ? at : Instant(microseconds: at.microseconds - 1)
        return try store.first(
            "SELECT balance FROM leg WHERE account = ? AND at <= ? ORDER BY at DESC, entry DESC LIMIT 1",
            account, last
        ) { $0.int(0) } ?? 0
    }

    /// Oldest first, from `from` to before `to`, after the entry `after`.
    static func lines(
        of account: Int64, _ currency: Currency, from: Instant, to: Instant, after: EntryID, limit: Int,
        _ store: Store
    ) throws -> [StatementLine] {
        let seen = try store.first("SELECT at FROM entry WHERE id = ?", after) { $0.instant(0) }
        let begin = max(from, seen ?? from)
        return try store.all(
            """
            SELECT l.entry, l.at, e.kind, l.amount, l.balance, e.order_id, e.payment, e.invoice, e.text
            FROM leg l JOIN entry e ON e.id = l.entry
            WHERE l.account = ? AND l.at >= ? AND l.at < ? AND (l.at, l.entry) > (?, ?)
            ORDER BY l.at, l.entry LIMIT ?
            """, account, begin, to, seen ?? Instant(microseconds: .min), after, limit
        ) { row in
            var line = StatementLine()
            line.entry = row.id(0)
            line.at = row.instant(1)
            line.kind = try row.enumeration(2)
            line.amount = Money(row.int(3), currency)
            line.balance = Money(row.int(4), currency)
            line.order = row.id(5)
            line.payment = row.id(6)
            line.invoice = row.id(7)
            line.text = row.text(8)
            return line
        }
    }
}
