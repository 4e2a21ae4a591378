import Kernel
import Messages
import Runtime
import WalletRules

/// Sends the seller's share on its way (A13): what is left of the price, less commission, less what it owes.
enum PayOutOrderHandler {
    static func handle(_ message: PayOutOrder, _ turn: Turn) throws {
        guard let sale = try Sales.find(message.order, turn.store) else {
            return decline(message.order, "the order is not paid", turn)
        }
        switch sale.state {
        case .escrowed: try begin(sale, turn)
        case .payoutStarted: break  // The answer follows from the provider's.
        case .paidOut: try settleAgain(sale, turn)
        case .returned: decline(sale.order, "the share is in the seller's balance", turn)
        }
    }

    private static func begin(_ sale: Sale, _ turn: Turn) throws {
        let policy = try Sales.marketplace(of: sale, turn.store).policy
        let owed = try Accounts.owed(by: sale.seller, in: sale.marketplace, policy.currency, turn.store)
        guard let payout = sale.payout(policy, owed: owed) else {
            return decline(sale.order, "nothing of the price is left", turn)
        }
        guard payout.amount.minor > 0 else {
            try Ledger.post(sale.posting(payout), EntryNote(order: sale.order, text: sale.title), turn)
            let paid = sale.payingOut(.paidOut, payout: .none)
            try Sales.update(paid, turn.store)
            return settled(paid, payout.amount, turn)
        }
        let payment = Payment(
            id: turn.newID(), kind: .payout, marketplace: sale.marketplace, party: sale.seller,
            amount: payout.amount,
            order: sale.order)
        try Ledger.post(
            sale.posting(payout), EntryNote(order: sale.order, payment: payment.id, text: sale.title), turn)
        try Sales.update(sale.payingOut(.payoutStarted, payout: payment.id), turn.store)
        try Payouts.start(payment, turn)
    }

    private static func settleAgain(_ sale: Sale, _ turn: Turn) throws {
        let payment = try Payments.find(sale.payout, turn.store)?.payment
        settled(sale, payment?.amount ?? Money(0, sale.cost.price.currency), turn)
    }

    static func settled(_ sale: Sale, _ amount: Money, _ turn: Turn) {
        var answer = PayoutSettled()
        answer.order = sale.order
        answer.payment = sale.payout
        answer.amount = amount
        turn.send(answer, to: .auction)
    }

    static func decline(_ order: OrderID, _ reason: String, _ turn: Turn) {
        var answer = PayoutDeclined()
        answer.order = order
        answer.reason = reason
        turn.send(answer, to: .auction)
    }
}
