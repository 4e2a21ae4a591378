import Kernel
import Messages
import Runtime
import WalletRules

/// What payouts of orders and withdrawals have in common: the way through the payout provider.
enum Payouts {
    /// Hands the payment to the provider. Its amount is in payout clearing already.
    static func start(_ payment: Payment, _ turn: Turn) throws {
        let link = try PayoutLinks.verified(of: payment.party, turn.store)
        try Payments.insert(payment, method: "payout", link: link?.id ?? 0, at: turn.now, turn.store)
        guard let link else { return try end(payment, .declined, "no verified payout account", turn) }
        try send(payment, to: link, attempt: 1, at: turn.now, turn)
    }

    static func send(
        _ payment: Payment, to link: PayoutLink, attempt: UInt32, at: Instant, _ turn: Turn
    ) throws {
        var effect = SendPayout()
        effect.payment = payment.id
        effect.amount = payment.amount
        effect.providerReference = link.reference
        effect.attempt = attempt
        try turn.start(effect, id: payment.id.raw, at: at)
    }

    /// The provider's last word: the money is out, or back in the party's balance.
    static func end(_ payment: Payment, _ state: PaymentState, _ reason: String, _ turn: Turn) throws {
        let sale = try Sales.find(payment.order, turn.store)
        let settled = state == .settled
        let currency = payment.amount.currency
        let owed = try Accounts.owed(by: payment.party, in: payment.marketplace, currency, turn.store)
        try Payments.update(payment.id, state, endedAt: turn.now, reason: reason, turn.store)
        try Ledger.post(
            settled ? payment.settled() : payment.returned(owed: owed),
            EntryNote(order: payment.order, payment: payment.id, text: sale?.title ?? ""), turn)
        if let sale {
            let ended = sale.payingOut(settled ? .paidOut : .returned, payout: payment.id)
            try Sales.update(ended, turn.store)
            if settled {
                PayOutOrderHandler.settled(ended, payment.amount, turn)
            } else {
                PayOutOrderHandler.decline(sale.order, reason, turn)
            }
        }
        tell(payment, settled, reason, sale, turn)
    }

    private static func tell(
        _ payment: Payment, _ settled: Bool, _ reason: String, _ sale: Sale?, _ turn: Turn
    ) {
        var values = [NotificationValue(.amount, payment.amount)]
        if let sale { values.append(NotificationValue(.title, sale.title)) }
        if !settled { values.append(NotificationValue(.reason, reason)) }
        Telling.send(
            settled ? .payoutMade : .payoutFailed, to: payment.party, in: payment.marketplace, about: sale,
            subject: payment.id.raw, values, turn)
    }
}

/// The payout provider answered; a payment ends once, however often it answers.
enum PayoutReportedHandler {
    static func handle(_ message: PayoutReported, _ turn: Turn) throws {
        guard let stored = try Payments.find(message.payment, turn.store) else { return }
        switch PaymentStep.after(message.report, in: stored.state, attempt: message.attempt) {
        case .ignore: break
        case .settle: try Payouts.end(stored.payment, .settled, "", turn)
        case .decline: try Payouts.end(stored.payment, .declined, message.reason, turn)
        case .askAgain(let delay, let state):
            guard let link = try PayoutLinks.find(stored.link, turn.store) else {
                throw WalletFault.rowMissing("payout account \(stored.link)")
            }
            try Payments.update(stored.payment.id, state, endedAt: .none, reason: "", turn.store)
            try Payouts.send(
                stored.payment, to: link, attempt: message.attempt &+ 1, at: turn.now + delay, turn)
        }
    }
}
