import Kernel
import Messages
import Runtime
import WalletRules

/// Charges the fee of a sale that was undone to whoever asked for that, with an invoice of its own (C7).
enum CancellationFees {
    /// Nothing to charge where `bearer` is no party of the sale, or the refund gave no fee back.
    static func charge(
        _ bearer: PartyID, for sale: Sale, _ refund: Refund, in marketplace: Marketplace, _ turn: Turn
    ) throws {
        // A name that is no party's charges nobody.
        guard bearer == sale.buyer || bearer == sale.seller,
            let fee = sale.cancellationFee(refund, marketplace.policy),
            !Planted.isOn(.cancellationFeeForgotten)
        else { return }
        let key = AccountKey(.wallet, of: bearer, in: sale.marketplace, marketplace.policy.currency)
        let free = try Accounts.findOrEmpty(key, turn.store).account.available
        let invoice: InvoiceID = turn.newID()
        try Ledger.post(
            sale.posting(fee, bearer: bearer, free: free),
            EntryNote(order: sale.order, invoice: invoice, text: sale.title), turn)
        var draft = InvoiceDraft(
            .invoice, invoice, about: .cancellationFee, to: bearer, over: fee, in: marketplace)
        draft.name(sale)
        let number = try Invoices.issue(draft, turn)
        Telling.send(
            .invoiceIssued, to: bearer, in: sale.marketplace, about: sale, subject: invoice.raw,
            [
                NotificationValue(.number, number.text), NotificationValue(.total, fee.total),
                NotificationValue(.title, sale.title),
            ], turn)
        let owed = fee.total.minor - Sale.taken(fee, free: free).minor
        guard owed > 0 else { return }
        Telling.send(
            .receivableDue, to: bearer, in: sale.marketplace, about: sale, subject: invoice.raw,
            [
                NotificationValue(.amount, Money(owed, fee.total.currency)),
                NotificationValue(.title, sale.title),
                NotificationValue(.reason, KnownReason.saleCancelled.rawValue),
            ], turn)
    }
}
