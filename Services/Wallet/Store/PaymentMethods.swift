import Kernel
import Messages
import Storage

/// How what parties win is collected where no hold covers it, and the orders whose money the provider is asked for.
enum PaymentMethods {
    /// The party's method; empty: from its balance.
    static func chosen(by party: PartyID, _ store: Store) throws -> String {
        try store.first("SELECT method FROM payment_method WHERE party = ?", party) { $0.text(0) } ?? ""
    }

    static func choose(_ method: String, for party: PartyID, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO payment_method (party, method) VALUES (?, ?)
            ON CONFLICT (party) DO UPDATE SET method = excluded.method
            """, party, method)
    }

    static func charge(_ message: CollectOrder, by payment: PaymentID, _ store: Store) throws {
        try store.run(
            "INSERT INTO charged_order (payment, order_id, request) VALUES (?, ?, ?)", payment, message.order,
            message.encoded())
    }

    static func isCharged(_ order: OrderID, _ store: Store) throws -> Bool {
        try store.first("SELECT 1 FROM charged_order WHERE order_id = ?", order) { _ in true } ?? false
    }

    static func charged(by payment: PaymentID, _ store: Store) throws -> CollectOrder? {
        try store.first("SELECT request FROM charged_order WHERE payment = ?", payment) { row in
            try row.record(0)
        }
    }

    static func forget(_ payment: PaymentID, _ store: Store) throws {
        try store.run("DELETE FROM charged_order WHERE payment = ?", payment)
    }
}
