import Kernel
import Messages
import Runtime
import WalletRules

/// A buyer chooses how what it wins is collected where no hold covers it (C4).
enum ChoosePaymentMethodHandler {
    static func handle(
        _ command: ChoosePaymentMethod, _ turn: Turn, methods: [String]
    ) throws -> Outcome<PaymentMethodDetails> {
        switch try Copies.party(turn.acting.party, turn.store)?.state {
        case .suspended, .closed: return .refused(.suspended, expected: "a party that may act")
        default: break
        }
        guard command.method.isEmpty || methods.contains(command.method) else {
            return .refused(
                .invalidValue, expected: "one of \(methods.joined(separator: ", ")), or none for the balance",
                found: command.method)
        }
        try PaymentMethods.choose(command.method, for: turn.acting.party, turn.store)
        var answer = PaymentMethodDetails()
        answer.method = command.method
        answer.methods = methods
        return .answer(answer)
    }
}

enum GetPaymentMethodHandler {
    static func handle(
        _ query: GetPaymentMethod, _ reading: Reading, methods: [String]
    ) throws -> Outcome<PaymentMethodDetails> {
        var answer = PaymentMethodDetails()
        answer.method = try PaymentMethods.chosen(by: reading.acting.party, reading.store)
        answer.methods = methods
        return .answer(answer)
    }
}

/// An order's money is collected by the method that its buyer chose: the provider is asked for it, and the order is
/// collected from what it brought (C4).
enum ChargedOrders {
    /// Whether the provider is asked, or was asked before: the answer about the order follows from its own.
    static func begin(_ message: CollectOrder, _ cost: OrderCost, _ turn: Turn) throws -> Bool {
        guard message.byMethod, message.hold.isNone else { return false }
        if try PaymentMethods.isCharged(message.order, turn.store) { return true }
        let method = try PaymentMethods.chosen(by: message.buyer, turn.store)
        guard !method.isEmpty else { return false }
        let payment = Payment(
            id: turn.newID(), kind: .topUp, marketplace: message.marketplace, party: message.buyer,
            amount: cost.total, order: message.order)
        try Payments.insert(payment, method: method, link: 0, at: turn.now, turn.store)
        try PaymentMethods.charge(message, by: payment.id, turn.store)
        try TopUpHandler.send(payment, method, attempt: 1, at: turn.now, turn)
        return true
    }

    /// The provider brought the money, and it is in the wallet.
    static func settled(_ payment: Payment, _ turn: Turn) throws {
        guard let message = try PaymentMethods.charged(by: payment.id, turn.store) else { return }
        try PaymentMethods.forget(payment.id, turn.store)
        try CollectOrderHandler.collect(message, turn)
    }

    /// The provider declined: the order stays unpaid, and the buyer may pay otherwise (A19).
    static func declined(_ payment: Payment, _ reason: String, _ turn: Turn) throws {
        guard let message = try PaymentMethods.charged(by: payment.id, turn.store) else { return }
        try PaymentMethods.forget(payment.id, turn.store)
        CollectOrderHandler.refuse(
            message.order,
            Refusal(.insufficientFunds, expected: "the money by the chosen method", found: reason), turn)
    }
}
