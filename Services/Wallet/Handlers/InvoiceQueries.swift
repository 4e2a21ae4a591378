import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A party's invoices and credit notes, newest first.
enum ListInvoicesHandler {
    static func handle(_ query: ListInvoices, _ reading: Reading) throws -> Outcome<InvoicePage> {
        guard let subject = try Subject.of(query.party, reading) else {
            return .refused(Subject.unknown(query.party))
        }
        if let refusal = Subject.pageRefusal(query.limit) { return .refused(refusal) }
        let limit = Int(query.limit) + 1
        // An operator who names an order and no party sees the order's documents.
        let recipient = query.party.isNone && reading.acting.isOperator ? PartyID.none : subject.party
        let found =
            query.order.isNone
            ? try Invoices.page(of: subject.party, after: query.after, limit: limit, reading.store)
            : try Invoices.page(
                of: query.order, recipient: recipient, after: query.after, limit: limit, reading.store)
        var page = InvoicePage()
        page.invoices = found.prefix(Int(query.limit)).map(\.summary)
        page.more = found.count > page.invoices.count
        return .answer(page)
    }
}

/// One document, rendered from rows that never change: each rendering is the same.
enum GetInvoiceHandler {
    static func handle(_ query: GetInvoice, _ reading: Reading) throws -> Outcome<InvoiceDocument> {
        guard let stored = try Invoices.find(query.invoice, reading.store),
            stored.recipient == reading.acting.party || reading.acting.isOperator
        else { return .refused(.notFound, expected: "an invoice", found: "\(query.invoice)") }
        var document = InvoiceDocument()
        document.summary = stored.summary
        document.language = stored.language
        document.recipientIdentity = stored.recipientIdentity
        document.sellerIdentity = stored.sellerIdentity
        document.mediaType = query.format == .html ? html : "text/plain"
        render(try content(stored, reading.store), &document)
        return .answer(document)
    }

    private static let html = "text/html"

    static func render(_ content: InvoiceContent, _ document: inout InvoiceDocument) {
        let layout = InvoiceLayout(content)
        document.content = document.mediaType == html ? layout.html(content.language) : layout.text
    }

    /// What the stored document says; nothing if there is none.
    static func content(_ invoice: InvoiceID, _ store: Store) throws -> InvoiceContent? {
        try Invoices.find(invoice, store).map { try content($0, store) }
    }

    private static func content(_ stored: StoredInvoice, _ store: Store) throws -> InvoiceContent {
        let known = try Copies.marketplace(stored.marketplace, version: stored.policyVersion, store)
        guard let marketplace = known else {
            throw WalletFault.rowMissing("policy of invoice \(stored.summary.number)")
        }
        var content = InvoiceContent()
        content.number = stored.summary.number
        content.kind = stored.summary.kind
        content.subject = stored.summary.subject
        content.issuedAt = stored.summary.issuedAt
        content.marketplaceName = marketplace.name
        content.zone = marketplace.policy.zone
        content.language = stored.language
        content.order = stored.summary.order
        content.title = stored.title
        content.mode = marketplace.policy.mode
        content.recipient = stored.recipient
        content.recipientIdentity = stored.recipientIdentity
        content.seller = stored.seller
        content.sellerIdentity = stored.sellerIdentity
        content.price = stored.summary.price
        content.fee = stored.summary.fee
        content.feeShare = marketplace.policy.buyerFee
        content.vat = stored.summary.vat
        content.vatShare = marketplace.policy.vat
        content.total = stored.summary.total
        content.reason = stored.reason
        content.lineShare = marketplace.policy.lineFees.share
        if stored.summary.subject == .lineFees {
            content.lines = try LineStatements.find(
                stored.summary.invoice, stored.summary.total.currency, store)
        }
        if !stored.summary.corrects.isNone {
            content.corrects = try Invoices.find(stored.summary.corrects, store)?.summary.number ?? ""
        }
        return content
    }
}
