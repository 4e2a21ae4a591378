import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A caller's top-up and how far it is.
struct CallerTopUp {
    let payment: PaymentID
    let profile: BillingProfileID
    let caller: CallerID
    /// The balance that the number had when it began, or that it was credited to; 0: none yet.
    let account: UInt64
    let amount: Money
    let bonus: Money
    let method: String
    let state: PaymentState
    let chargedBack: Bool
}

/// Callers' top-ups through payment providers. They are no party's payments, and stand in no party's list.
enum CallerTopUps {
    static func find(_ payment: PaymentID, _ store: Store) throws -> CallerTopUp? {
        try store.first(
            """
            SELECT profile, caller, account, currency, amount, bonus, method, state, charged_back
            FROM caller_top_up WHERE payment = ?
            """, payment
        ) { row in
            CallerTopUp(
                payment: payment, profile: row.id(0), caller: row.id(1),
                account: UInt64(truncatingIfNeeded: row.int(2)), amount: row.money(4, 3),
                bonus: row.money(5, 3), method: row.text(6), state: try row.enumeration(7),
                chargedBack: row.bool(8))
        }
    }

    /// The top-up that was begun with this receipt.
    static func find(receipt: String, _ store: Store) throws -> CallerTopUp? {
        guard receipt.utf8.count == 32 else { return nil }
        let payment = try store.first("SELECT payment FROM caller_top_up WHERE receipt = ?", receipt) {
            $0.id(0) as PaymentID
        }
        return try payment.flatMap { try find($0, store) }
    }

    static func insert(_ topUp: CallerTopUp, receipt: String, _ turn: Turn) throws {
        try turn.store.run(
            """
            INSERT INTO caller_top_up (payment, profile, caller, account, currency, amount, bonus, method, state,
                charged_back, started_at, receipt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?)
            """, topUp.payment, topUp.profile, topUp.caller, topUp.account, topUp.amount.currency,
            topUp.amount.minor, topUp.bonus.minor, topUp.method, turn.now, receipt)
    }

    /// Has the provider collect it; its id is the provider's idempotency key.
    static func charge(_ topUp: CallerTopUp, attempt: UInt32, at: Instant, _ turn: Turn) throws {
        var effect = ChargePayment()
        effect.payment = topUp.payment
        effect.amount = topUp.amount
        effect.method = topUp.method
        effect.attempt = attempt
        try turn.start(effect, id: topUp.payment.raw, at: at)
    }

    static func update(_ payment: PaymentID, _ state: PaymentState, _ store: Store) throws {
        try store.run(
            "UPDATE caller_top_up SET state = ? WHERE payment = ?", state.rawValue, payment)
    }

    static func settle(_ payment: PaymentID, on account: UInt64, _ store: Store) throws {
        try store.run(
            "UPDATE caller_top_up SET state = 3, account = ? WHERE payment = ?", account, payment)
    }

    static func takeBack(_ payment: PaymentID, _ store: Store) throws {
        try store.run("UPDATE caller_top_up SET charged_back = 1 WHERE payment = ?", payment)
    }
}
