import Kernel
import Messages
import Storage

/// What must hold at all times, computed from the rows; each count is of what breaks it.
enum Proofs {
    static func lines(limit: Int, _ store: Store) throws -> [LedgerLine] {
        try store.all(
            """
            SELECT marketplace, class, currency, sum(posted), sum(held), count(*) FROM account
            GROUP BY marketplace, class, currency ORDER BY marketplace, class, currency LIMIT ?
            """, limit
        ) { row in
            var line = LedgerLine()
            line.marketplace = row.marketplace(0)
            line.accountClass = try row.enumeration(1)
            line.posted = row.money(3, 2)
            line.held = row.money(4, 2)
            line.accounts = UInt64(row.int(5))
            return line
        }
    }

    /// The sum of all accounts per currency.
    static func totals(_ store: Store) throws -> [Money] {
        try store.all("SELECT currency, sum(posted) FROM account GROUP BY currency ORDER BY currency") {
            $0.money(1, 0)
        }
    }

    static func unbalancedEntries(_ store: Store) throws -> UInt64 {
        try count(
            """
            SELECT (
                SELECT count(*) FROM (
                    SELECT 1 FROM leg l JOIN account a ON a.id = l.account
                    GROUP BY l.entry, a.currency HAVING sum(l.amount) <> 0))
            + (SELECT count(*) FROM leg WHERE entry NOT IN (SELECT id FROM entry))
            + (SELECT count(*) FROM leg WHERE account NOT IN (SELECT id FROM account))
            """, store)
    }

    static func accountsAstray(_ store: Store) throws -> UInt64 {
        try count(
            """
            SELECT count(*) FROM account a
            WHERE a.posted <> (SELECT coalesce(sum(l.amount), 0) FROM leg l WHERE l.account = a.id)
            """, store)
    }

    static func holdsAstray(_ store: Store) throws -> UInt64 {
        try count(
            """
            SELECT count(*) FROM account a
            LEFT JOIN (
                SELECT account, sum(amount) AS live FROM (
                    SELECT account, amount FROM hold WHERE state = 1
                    UNION ALL SELECT account, reserved FROM lead_call WHERE stage = 1)
                GROUP BY account) h
                ON h.account = a.id
            WHERE a.held <> coalesce(h.live, 0)
            """, store)
    }

    static func numberGaps(_ store: Store) throws -> UInt64 {
        try count(
            """
            SELECT coalesce(sum(last - issued), 0) FROM (
                SELECT max(ordinal) AS last, count(*) AS issued FROM invoice GROUP BY marketplace, year, kind)
            """, store)
    }

    /// Sales whose credit notes are not exactly what was refunded, or more than was paid.
    static func refundsAstray(_ store: Store) throws -> UInt64 {
        try count(
            """
            SELECT count(*) FROM sale s
            LEFT JOIN (SELECT order_id, sum(price) AS price, sum(total) AS total FROM invoice WHERE kind = 2
                GROUP BY order_id) c ON c.order_id = s.order_id
            WHERE s.refunded <> coalesce(c.price, 0) OR coalesce(c.total, 0) > s.price + s.fee + s.vat
            """, store)
    }

    private static func count(_ sql: StaticString, _ store: Store) throws -> UInt64 {
        UInt64(max(0, try store.first(sql) { $0.int(0) } ?? 0))
    }
}
