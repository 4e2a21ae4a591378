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
        let found = try Invoices.page(
            of: subject.party, after: query.after, limit: Int(query.limit) + 1, reading.store)
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
            stored.buyer == reading.acting.party || reading.acting.isOperator
        else { return .refused(.notFound, expected: "an invoice", found: "\(query.invoice)") }
        let layout = InvoiceLayout(try content(stored, reading.store))
        var document = InvoiceDocument()
        document.summary = stored.summary
        document.language = stored.language
        document.buyerIdentity = stored.buyerIdentity
        document.sellerIdentity = stored.sellerIdentity
        switch query.format {
        case .text:
            document.mediaType = "text/plain"
            document.content = layout.text
        case .html:
            document.mediaType = "text/html"
            document.content = layout.html(stored.language)
        }
        return .answer(document)
    }

    private static func content(_ stored: StoredInvoice, _ store: Store) throws -> InvoiceContent {
        guard let sale = try Sales.find(stored.summary.order, store) else {
            throw WalletFault.rowMissing("order \(stored.summary.order)")
        }
        let marketplace = try Sales.marketplace(of: sale, store)
        var content = InvoiceContent()
        content.number = stored.summary.number
        content.kind = stored.summary.kind
        content.issuedAt = stored.summary.issuedAt
        content.marketplaceName = marketplace.name
        content.zone = marketplace.policy.zone
        content.language = stored.language
        content.order = sale.order
        content.title = sale.title
        content.buyer = sale.buyer
        content.buyerIdentity = stored.buyerIdentity
        content.seller = sale.seller
        content.sellerIdentity = stored.sellerIdentity
        content.price = stored.summary.price
        content.fee = stored.summary.fee
        content.feeShare = marketplace.policy.buyerFee
        content.vat = stored.summary.vat
        content.vatShare = marketplace.policy.vat
        content.total = stored.summary.total
        content.reason = stored.reason
        if !stored.summary.corrects.isNone {
            content.corrects = try Invoices.find(stored.summary.corrects, store)?.summary.number ?? ""
        }
        return content
    }
}
