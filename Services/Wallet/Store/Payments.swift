import Kernel
import Messages
import Storage
import WalletRules

/// A payment and how far it is.
struct StoredPayment {
    let payment: Payment
    let state: PaymentState
    let method: String
    /// The payout account, for payouts and withdrawals.
    let link: UInt64
    let startedAt: Instant
    let endedAt: Instant
    let reason: String

    var summary: PaymentSummary {
        var summary = PaymentSummary()
        summary.payment = payment.id
        summary.party = payment.party
        summary.kind = payment.kind
        summary.state = state
        summary.amount = payment.amount
        summary.method = method
        summary.order = payment.order
        summary.startedAt = startedAt
        summary.endedAt = endedAt
        summary.reason = reason
        return summary
    }
}

/// The payments through providers.
enum Payments {
    static func find(_ id: PaymentID, _ store: Store) throws -> StoredPayment? {
        try store.first(
            """
            SELECT id, kind, state, marketplace, party, currency, amount, method, order_id, link, started_at, ended_at,
                reason
            FROM payment WHERE id = ?
            """, id, read: read)
    }

    static func insert(_ payment: Payment, method: String, link: UInt64, at now: Instant, _ store: Store)
        throws
    {
        try store.run(
            """
            INSERT INTO payment (id, kind, state, marketplace, party, currency, amount, method, order_id, link,
                started_at, ended_at, reason)
            VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')
            """, payment.id, payment.kind.rawValue, payment.marketplace, payment.party,
            payment.amount.currency,
            payment.amount.minor, method, payment.order, link, now)
    }

    static func update(
        _ id: PaymentID, _ state: PaymentState, endedAt: Instant, reason: String, _ store: Store
    ) throws {
        try store.run(
            "UPDATE payment SET state = ?, ended_at = ?, reason = ? WHERE id = ?", state.rawValue, endedAt,
            reason, id)
    }

    /// Newest first, older than `after`.
    static func page(
        of party: PartyID, after: PaymentID, limit: Int, _ store: Store
    ) throws -> [StoredPayment] {
        try store.all(
            """
            SELECT id, kind, state, marketplace, party, currency, amount, method, order_id, link, started_at, ended_at,
                reason
            FROM payment WHERE party = ? AND id < ? ORDER BY id DESC LIMIT ?
            """, party, after.isNone ? PaymentID(UInt64(Int64.max)) : after, limit, read: read)
    }

    private static func read(_ row: Row) throws -> StoredPayment {
        StoredPayment(
            payment: Payment(
                id: row.id(0), kind: try row.enumeration(1), marketplace: row.marketplace(3),
                party: row.id(4),
                amount: row.money(6, 5), order: row.id(8)),
            state: try row.enumeration(2), method: row.text(7), link: UInt64(truncatingIfNeeded: row.int(9)),
            startedAt: row.instant(10), endedAt: row.instant(11), reason: row.text(12))
    }
}
