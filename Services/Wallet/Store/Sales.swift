import Kernel
import Messages
import Storage
import WalletRules

/// The orders that were paid.
enum Sales {
    static func find(_ order: OrderID, _ store: Store) throws -> Sale? {
        try store.first(
            """
            SELECT marketplace, policy_version, listing, title, buyer, seller, currency, price, fee, vat, refunded,
                state, invoice, payout
            FROM sale WHERE order_id = ?
            """, order
        ) { row in
            guard let state = SaleState(rawValue: UInt8(truncatingIfNeeded: row.int(11))) else {
                throw WalletFault.rowMissing("a sale's state")
            }
            let cost = OrderCost(
                price: row.money(7, 6), fee: row.money(8, 6), vat: row.money(9, 6),
                total: Money(row.int(7) + row.int(8) + row.int(9), row.money(7, 6).currency))
            return Sale(
                order: order, marketplace: row.marketplace(0),
                policyVersion: UInt32(truncatingIfNeeded: row.int(1)), listing: row.id(2), title: row.text(3),
                buyer: row.id(4), seller: row.id(5), cost: cost, invoice: row.id(12),
                refunded: row.money(10, 6),
                state: state, payout: row.id(13))
        }
    }

    static func insert(_ sale: Sale, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO sale (order_id, marketplace, policy_version, listing, title, buyer, seller, currency, price,
                fee, vat, refunded, state, invoice, payout)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?, 0)
            """, sale.order, sale.marketplace, sale.policyVersion, sale.listing, sale.title, sale.buyer,
            sale.seller,
            sale.cost.price.currency, sale.cost.price.minor, sale.cost.fee.minor, sale.cost.vat.minor,
            sale.invoice)
    }

    static func update(_ sale: Sale, _ store: Store) throws {
        try store.run(
            "UPDATE sale SET refunded = ?, state = ?, payout = ? WHERE order_id = ?", sale.refunded.minor,
            sale.state.rawValue, sale.payout, sale.order)
    }

    /// The policy version that the order began with.
    static func marketplace(of sale: Sale, _ store: Store) throws -> Marketplace {
        guard let known = try Copies.marketplace(sale.marketplace, version: sale.policyVersion, store) else {
            throw WalletFault.rowMissing("policy of order \(sale.order)")
        }
        return known
    }
}
