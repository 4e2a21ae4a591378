import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// An issued document, with what its text needs.
struct StoredInvoice {
    let summary: InvoiceSummary
    let buyer: PartyID
    let buyerIdentity: BillingIdentityID
    let sellerIdentity: BillingIdentityID
    let language: Language
    let reason: String
}

/// Invoices and credit notes: written once, numbered without a gap.
enum Invoices {
    /// Issues the document for `cost` of the sale. The number is taken in the transaction that needs it, so that a
    /// rollback leaves no gap.
    static func issue(
        _ kind: InvoiceKind, _ id: InvoiceID, for sale: Sale, _ cost: OrderCost, reason: String,
        in marketplace: Marketplace, _ turn: Turn
    ) throws -> InvoiceNumber {
        let store = turn.store
        let year = InvoiceNumber.year(at: turn.now, in: marketplace.policy.zone)
        let last = try store.first(
            """
            SELECT ordinal FROM invoice WHERE marketplace = ? AND year = ? AND kind = ? ORDER BY ordinal DESC LIMIT 1
            """, marketplace.id, year, kind.rawValue
        ) { $0.int(0) }
        let number = InvoiceNumber(
            marketplace: marketplace.id, year: year, kind: kind,
            ordinal: (last ?? 0)
                + (Planted.isOn(.invoiceNumberSkipped) && sale.order.raw & 0x700 == 0 ? 2 : 1))
        if kind == .creditNote, Planted.isOn(.creditNoteMissing) { return number }
        let language = try Copies.party(sale.buyer, store)?.language ?? marketplace.policy.language
        try store.run(
            """
            INSERT INTO invoice (id, number, marketplace, year, kind, ordinal, issued_at, order_id, buyer,
                buyer_identity, seller_identity, language, currency, price, fee, vat, total, corrects, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, number.text, marketplace.id, year, kind.rawValue, number.ordinal, turn.now, sale.order,
            sale.buyer, try Copies.billingIdentity(of: sale.buyer, store),
            try Copies.billingIdentity(of: sale.seller, store), language.rawValue, cost.price.currency,
            cost.price.minor, cost.fee.minor, cost.vat.minor, cost.total.minor,
            kind == .creditNote ? sale.invoice : .none, reason)
        return number
    }

    static func find(_ id: InvoiceID, _ store: Store) throws -> StoredInvoice? {
        try store.first(
            """
            SELECT i.id, i.number, i.kind, i.issued_at, i.order_id, s.listing, i.currency, i.price, i.fee, i.vat,
                i.total, i.corrects, i.buyer, i.buyer_identity, i.seller_identity, i.language, i.reason
            FROM invoice i JOIN sale s ON s.order_id = i.order_id WHERE i.id = ?
            """, id, read: read)
    }

    /// Newest first, older than `after`.
    static func page(of buyer: PartyID, after: InvoiceID, limit: Int, _ store: Store) throws
        -> [StoredInvoice]
    {
        try store.all(
            """
            SELECT i.id, i.number, i.kind, i.issued_at, i.order_id, s.listing, i.currency, i.price, i.fee, i.vat,
                i.total, i.corrects, i.buyer, i.buyer_identity, i.seller_identity, i.language, i.reason
            FROM invoice i JOIN sale s ON s.order_id = i.order_id
            WHERE i.buyer = ? AND i.id < ? ORDER BY i.id DESC LIMIT ?
            """, buyer, after.isNone ? InvoiceID(UInt64(Int64.max)) : after, limit, read: read)
    }

    /// The documents of one order, newest first, older than `after`; only those of `buyer` if one is named.
    static func page(of order: OrderID, buyer: PartyID, after: InvoiceID, limit: Int, _ store: Store) throws
        -> [StoredInvoice]
    {
        try store.all(
            """
            SELECT i.id, i.number, i.kind, i.issued_at, i.order_id, s.listing, i.currency, i.price, i.fee, i.vat,
                i.total, i.corrects, i.buyer, i.buyer_identity, i.seller_identity, i.language, i.reason
            FROM invoice i JOIN sale s ON s.order_id = i.order_id
            WHERE i.order_id = ?1 AND (?2 = 0 OR i.buyer = ?2) AND i.id < ?3 ORDER BY i.id DESC LIMIT ?4
            """, order, buyer, after.isNone ? InvoiceID(UInt64(Int64.max)) : after, limit, read: read)
    }

    private static func read(_ row: Row) throws -> StoredInvoice {
        var summary = InvoiceSummary()
        summary.invoice = row.id(0)
        summary.number = row.text(1)
        summary.kind = try row.enumeration(2)
        summary.issuedAt = row.instant(3)
        summary.order = row.id(4)
        summary.listing = row.id(5)
        summary.price = row.money(7, 6)
        summary.fee = row.money(8, 6)
        summary.vat = row.money(9, 6)
        summary.total = row.money(10, 6)
        summary.corrects = row.id(11)
        return StoredInvoice(
            summary: summary, buyer: row.id(12), buyerIdentity: row.id(13), sellerIdentity: row.id(14),
            language: try row.enumeration(15), reason: row.text(16))
    }
}
