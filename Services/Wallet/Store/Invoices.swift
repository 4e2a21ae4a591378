import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A document before it is issued: whom it is for, and what about.
struct InvoiceDraft {
    let kind: InvoiceKind
    let id: InvoiceID
    let subject: InvoiceSubject
    let marketplace: Marketplace
    let recipient: PartyID
    let cost: OrderCost
    var order = OrderID.none
    var listing = ListingID.none
    var title = ""
    /// Whose goods the recipient paid for; none: the house's own services.
    var seller = PartyID.none
    /// The invoice that a credit note corrects.
    var corrects = InvoiceID.none
    var reason = ""

    init(
        _ kind: InvoiceKind, _ id: InvoiceID, about subject: InvoiceSubject, to recipient: PartyID,
        over cost: OrderCost, in marketplace: Marketplace
    ) {
        self.kind = kind
        self.id = id
        self.subject = subject
        self.recipient = recipient
        self.cost = cost
        self.marketplace = marketplace
    }

    /// What the sale's buyer paid, or what of it goes back (A15).
    init(
        _ kind: InvoiceKind, _ id: InvoiceID, for sale: Sale, over cost: OrderCost,
        in marketplace: Marketplace
    ) {
        self.init(kind, id, about: .order, to: sale.buyer, over: cost, in: marketplace)
        name(sale)
        seller = sale.seller
        corrects = kind == .creditNote ? sale.invoice : .none
    }

    /// The document is about this sale.
    mutating func name(_ sale: Sale) {
        order = sale.order
        listing = sale.listing
        title = sale.title
    }
}

/// An issued document, with what its text needs.
struct StoredInvoice {
    let summary: InvoiceSummary
    let recipient: PartyID
    let recipientIdentity: BillingIdentityID
    let seller: PartyID
    let sellerIdentity: BillingIdentityID
    let language: Language
    let reason: String
    let title: String
    let marketplace: MarketplaceID
    let policyVersion: UInt32
}

/// Invoices and credit notes: written once, numbered without a gap.
enum Invoices {
    /// Issues the document. The number is taken in the transaction that needs it, so that a rollback leaves no gap.
    static func issue(_ draft: InvoiceDraft, _ turn: Turn) throws -> InvoiceNumber {
        let store = turn.store
        let (marketplace, cost) = (draft.marketplace, draft.cost)
        let year = InvoiceNumber.year(at: turn.now, in: marketplace.policy.zone)
        let last = try store.first(
            """
            SELECT ordinal FROM invoice WHERE marketplace = ? AND year = ? AND kind = ? ORDER BY ordinal DESC LIMIT 1
            """, marketplace.id, year, draft.kind.rawValue
        ) { $0.int(0) }
        let skips = Planted.isOn(.invoiceNumberSkipped) && draft.order.raw & 0x700 == 0
        let number = InvoiceNumber(
            marketplace: marketplace.id, year: year, kind: draft.kind, ordinal: (last ?? 0) + (skips ? 2 : 1))
        if draft.kind == .creditNote, Planted.isOn(.creditNoteMissing) { return number }
        let language = try Copies.party(draft.recipient, store)?.language ?? marketplace.policy.language
        let seller = draft.seller.isNone ? .none : try Copies.billingIdentity(of: draft.seller, store)
        try store.run(
            """
            INSERT INTO invoice (id, number, marketplace, policy_version, year, kind, ordinal, issued_at, subject,
                order_id, listing, title, recipient, recipient_identity, seller, seller_identity, language, currency,
                price, fee, vat, total, corrects, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, draft.id, number.text, marketplace.id, marketplace.version, year, draft.kind.rawValue,
            number.ordinal, turn.now, draft.subject.rawValue, draft.order, draft.listing, draft.title,
            draft.recipient, try Copies.billingIdentity(of: draft.recipient, store), draft.seller, seller,
            language.rawValue, cost.total.currency, cost.price.minor, cost.fee.minor, cost.vat.minor,
            cost.total.minor, draft.corrects, draft.reason)
        return number
    }

    static func find(_ id: InvoiceID, _ store: Store) throws -> StoredInvoice? {
        try store.first(
            """
            SELECT id, number, kind, issued_at, order_id, listing, currency, price, fee, vat, total, corrects,
                recipient, recipient_identity, seller_identity, language, reason, subject, seller, title,
                marketplace, policy_version
            FROM invoice WHERE id = ?
            """, id, read: read)
    }

    /// Newest first, older than `after`.
    static func page(of recipient: PartyID, after: InvoiceID, limit: Int, _ store: Store) throws
        -> [StoredInvoice]
    {
        try store.all(
            """
            SELECT id, number, kind, issued_at, order_id, listing, currency, price, fee, vat, total, corrects,
                recipient, recipient_identity, seller_identity, language, reason, subject, seller, title,
                marketplace, policy_version
            FROM invoice WHERE recipient = ? AND id < ? ORDER BY id DESC LIMIT ?
            """, recipient, after.isNone ? InvoiceID(UInt64(Int64.max)) : after, limit, read: read)
    }

    /// The documents of one order, newest first, older than `after`; only those of `recipient` if one is named.
    static func page(
        of order: OrderID, recipient: PartyID, after: InvoiceID, limit: Int, _ store: Store
    ) throws -> [StoredInvoice] {
        try store.all(
            """
            SELECT id, number, kind, issued_at, order_id, listing, currency, price, fee, vat, total, corrects,
                recipient, recipient_identity, seller_identity, language, reason, subject, seller, title,
                marketplace, policy_version
            FROM invoice
            WHERE order_id = ?1 AND (?2 = 0 OR recipient = ?2) AND id < ?3 ORDER BY id DESC LIMIT ?4
            """, order, recipient, after.isNone ? InvoiceID(UInt64(Int64.max)) : after, limit, read: read)
    }

    private static func read(_ row: Row) throws -> StoredInvoice {
        var summary = InvoiceSummary()
        summary.invoice = row.id(0)
        summary.number = row.text(1)
        summary.kind = try row.enumeration(2)
        summary.subject = try row.enumeration(17)
        summary.issuedAt = row.instant(3)
        summary.order = row.id(4)
        summary.listing = row.id(5)
        summary.price = row.money(7, 6)
        summary.fee = row.money(8, 6)
        summary.vat = row.money(9, 6)
        summary.total = row.money(10, 6)
        summary.corrects = row.id(11)
        return StoredInvoice(
            summary: summary, recipient: row.id(12), recipientIdentity: row.id(13), seller: row.id(18),
            sellerIdentity: row.id(14), language: try row.enumeration(15), reason: row.text(16),
            title: row.text(19), marketplace: row.marketplace(20),
            policyVersion: UInt32(truncatingIfNeeded: row.int(21)))
    }
}
