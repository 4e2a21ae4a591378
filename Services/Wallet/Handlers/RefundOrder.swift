import Kernel
import Messages
import Runtime
import WalletRules

/// Gives the buyer money back, with a credit note (A14, A15, A17): never more than is left of what was paid.
enum RefundOrderHandler {
    static func handle(_ message: RefundOrder, _ turn: Turn) throws {
        guard let sale = try Sales.find(message.order, turn.store) else { return nothing(message, turn) }
        let marketplace = try Sales.marketplace(of: sale, turn.store)
        guard let refund = sale.refund(message.refund, marketplace.policy) else {
            return nothing(message, turn)
        }
        let key = AccountKey(.wallet, of: sale.seller, in: sale.marketplace, marketplace.policy.currency)
        let free = try Accounts.findOrEmpty(key, turn.store).account.available
        let creditNote: InvoiceID = turn.newID()
        try Ledger.post(
            sale.posting(refund, sellerFree: free),
            EntryNote(order: sale.order, invoice: creditNote, text: message.reason), turn)
        if !Planted.isOn(.refundUncounted) { try Sales.update(sale.refunding(refund), turn.store) }
        var draft = InvoiceDraft(.creditNote, creditNote, for: sale, over: refund.given, in: marketplace)
        draft.reason = message.reason
        let number = try Invoices.issue(draft, turn)
        try CancellationFees.charge(message.feeBearer, for: sale, refund, in: marketplace, turn)
        answer(message.order, refund.given.price, creditNote, number.text, turn)
        try tell(sale, refund, creditNote, number.text, message.reason, turn)
    }

    private static func tell(
        _ sale: Sale, _ refund: Refund, _ creditNote: InvoiceID, _ number: String, _ reason: String,
        _ turn: Turn
    ) throws {
        guard let invoice = try Invoices.find(sale.invoice, turn.store) else {
            throw WalletFault.rowMissing("invoice of order \(sale.order)")
        }
        Telling.send(
            .creditNoteIssued, to: sale.buyer, in: sale.marketplace, about: sale, subject: creditNote.raw,
            [
                NotificationValue(.number, number), NotificationValue(.total, refund.given.total),
                NotificationValue(.invoice, invoice.summary.number),
            ], turn)
        let borne = sale.borneBySeller(refund)
        guard borne.minor > 0 else { return }
        Telling.send(
            .receivableDue, to: sale.seller, in: sale.marketplace, about: sale, subject: creditNote.raw,
            [
                NotificationValue(.amount, borne), NotificationValue(.title, sale.title),
                NotificationValue(.reason, reason),
            ], turn)
    }

    private static func nothing(_ message: RefundOrder, _ turn: Turn) {
        answer(message.order, Money(0, message.refund.currency), .none, "", turn)
    }

    private static func answer(
        _ order: OrderID, _ refunded: Money, _ creditNote: InvoiceID, _ number: String, _ turn: Turn
    ) {
        var answer = OrderRefunded()
        answer.order = order
        answer.refunded = refunded
        answer.creditNote = creditNote
        answer.creditNoteNumber = number
        turn.send(answer, to: .auction)
    }
}
