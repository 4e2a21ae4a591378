import Kernel
import Messages
import Runtime
import WalletRules

/// The month is over: what the house charges the provider goes into a statement, and is taken or owed (E13).
enum LineFeesFallDueHandler {
    static func handle(_ timer: LineFeesFallDue, _ turn: Turn) throws {
        guard let party = try Copies.party(timer.provider, turn.store) else { return }
        let marketplace = try PrepaidChecks.marketplace(party.marketplace, turn)
        try charge(timer, in: marketplace, turn)
        // A closed provider gets the statement of its last month, and no other.
        guard party.state != .closed else { return }
        try LineFeeClock.start(timer.provider, from: turn.due, in: marketplace, turn)
    }

    private static func charge(_ timer: LineFeesFallDue, in marketplace: Marketplace, _ turn: Turn) throws {
        let (provider, currency) = (timer.provider, marketplace.policy.currency)
        let sums = try LineStatements.paidIn(
            provider, marketplace.id, currency, from: timer.from, to: turn.due, turn.store)
        let statement = LineStatement(
            from: timer.from, to: turn.due, profiles: try LineStatements.profiles(of: provider, turn.store),
            paidIn: sums.paidIn, chargedBack: sums.chargedBack, by: marketplace.policy)
        guard let statement else { throw WalletFault.notBalanced }
        guard statement.cost.total.minor > 0 else { return }
        let key = AccountKey(.wallet, of: provider, in: marketplace.id, currency)
        let free = try Accounts.findOrEmpty(key, turn.store).account.available
        let owed = try Accounts.owed(by: provider, in: marketplace.id, currency, turn.store)
        let invoice: InvoiceID = turn.newID()
        var draft = InvoiceDraft(
            .invoice, invoice, about: .lineFees, to: provider, over: statement.cost, in: marketplace)
        draft.title = LineStatement.title(endingAt: turn.due, in: marketplace.policy.zone)
        try Ledger.post(
            statement.posting(provider, in: marketplace.id, free: free, owed: owed),
            EntryNote(invoice: invoice, text: draft.title), turn)
        let number = try Invoices.issue(draft, turn)
        try LineStatements.insert(statement, invoice: invoice, turn.store)
        Telling.send(
            .invoiceIssued, to: provider, in: marketplace.id, subject: invoice.raw,
            [
                NotificationValue(.number, number.text), NotificationValue(.total, statement.cost.total),
                NotificationValue(.title, draft.title),
            ], turn)
        let left = statement.owedAfterwards(free: free, owed: owed)
        guard left.minor > 0 else { return }
        Telling.send(
            .receivableDue, to: provider, in: marketplace.id, subject: invoice.raw,
            [NotificationValue(.amount, left), NotificationValue(.title, draft.title)], turn)
    }
}

/// When a provider's next statement is due.
enum LineFeeClock {
    static func start(_ provider: PartyID, from: Instant, in marketplace: Marketplace, _ turn: Turn) throws {
        var timer = LineFeesFallDue()
        timer.provider = provider
        timer.from = from
        try turn.schedule(
            timer, subject: provider.raw,
            at: LineStatement.monthEnd(after: from, in: marketplace.policy.zone))
    }
}
