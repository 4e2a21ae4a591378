import AuctionRules
import Kernel
import Messages
import Storage

/// What follows an award.
struct Order {
    var id: OrderID
    var listing: ListingID
    var marketplace: MarketplaceID
    var policyVersion: UInt32
    var buyer: PartyID
    var seller: PartyID
    var contact: ContactID
    var price: Money
    var hold = HoldID.none
    var stage: OrderStage
    /// Where the order goes on once a case is over.
    var rest = OrderStage.revealed
    /// Whether it was offered to the runner-up (A19).
    var offered = false
    var awardedAt: Instant
    var deadline: Instant
    /// The command that waits for the wallet's answer.
    var ticket: UInt64 = 0
    var paidAt = Instant.none
    var invoice = InvoiceID.none
    var invoiceNumber = ""
    var grant = GrantID.none
    var revealedAt = Instant.none
    var payoutAt = Instant.none
    var paidOutAt = Instant.none
    var handedOverAt = Instant.none
    var openCase = CaseID.none
    var refundReason = ""
    /// How much of the price the buyer got back, over all cases.
    var refunded: Int64 = 0
    var creditNoteNumber = ""
}

extension Store {
    func order(_ id: OrderID) throws -> Order? {
        try first(
            """
            SELECT id, listing, marketplace, policy_version, buyer, seller, contact, price, currency, hold, stage,
                rest, offered, awarded_at, deadline, ticket, paid_at, invoice, invoice_number, contact_grant,
                revealed_at, payout_at, paid_out_at, handed_over_at, open_case, refund_reason,
                refunded, credit_note_number
            FROM orders WHERE id = ?
            """, id
        ) { row in
            Order(
                id: row.id(0), listing: row.id(1), marketplace: row.marketplace(2),
                policyVersion: UInt32(row.int(3)), buyer: row.id(4), seller: row.id(5), contact: row.id(6),
                price: row.money(7, 8), hold: row.id(9), stage: try row.enumeration(10),
                rest: try row.enumeration(11), offered: row.bool(12), awardedAt: row.instant(13),
                deadline: row.instant(14), ticket: UInt64(bitPattern: row.int(15)), paidAt: row.instant(16),
                invoice: row.id(17), invoiceNumber: row.text(18), grant: row.id(19),
                revealedAt: row.instant(20),
                payoutAt: row.instant(21), paidOutAt: row.instant(22), handedOverAt: row.instant(23),
                openCase: row.id(24), refundReason: row.text(25), refunded: row.int(26),
                creditNoteNumber: row.text(27))
        }
    }

    func insert(_ order: Order) throws {
        try run(
            """
            INSERT INTO orders (id, listing, marketplace, policy_version, buyer, seller, contact, price, currency,
                hold, stage, rest, offered, awarded_at, deadline, ticket, paid_at, invoice, invoice_number,
                contact_grant, revealed_at, payout_at, paid_out_at, handed_over_at, open_case, refund_reason,
                refunded, credit_note_number)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', 0, 0, 0, 0, 0, 0, '', 0, '')
            """, order.id, order.listing, order.marketplace, order.policyVersion, order.buyer, order.seller,
            order.contact, order.price.minor, order.price.currency, order.hold, order.stage.rawValue,
            order.rest.rawValue, order.offered, order.awardedAt, order.deadline)
    }

    func save(_ order: Order) throws {
        try run(
            """
            UPDATE orders SET hold = ?, stage = ?, rest = ?, deadline = ?, ticket = ?, paid_at = ?, invoice = ?,
                invoice_number = ?, contact_grant = ?, revealed_at = ?, payout_at = ?, paid_out_at = ?,
                handed_over_at = ?, open_case = ?, refund_reason = ?, refunded = ?, credit_note_number = ?
            WHERE id = ?
            """, order.hold, order.stage.rawValue, order.rest.rawValue, order.deadline, order.ticket,
            order.paidAt, order.invoice, order.invoiceNumber, order.grant, order.revealedAt, order.payoutAt,
            order.paidOutAt, order.handedOverAt, order.openCase, order.refundReason,
            order.refunded,
            order.creditNoteNumber, order.id)
    }

    /// The order of a listing that has not ended without a sale.
    func liveOrder(of listing: ListingID) throws -> Order? {
        let id = try first(
            "SELECT id FROM orders WHERE listing = ? AND stage NOT IN (11, 13, 14)", listing
        ) { row in row.id(0, OrderID.self) }
        return try id.flatMap { try order($0) }
    }

    func order(paidFrom hold: HoldID) throws -> Order? {
        let id = try first(
            "SELECT id FROM orders WHERE hold = ? AND hold > 0 ORDER BY id DESC LIMIT 1", hold
        ) { row in row.id(0, OrderID.self) }
        return try id.flatMap { try order($0) }
    }
}
