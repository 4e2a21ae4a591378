import Kernel
import Messages
import Runtime
import WalletRules

/// Begins a top-up; the money is in the wallet when the provider says so.
enum TopUpHandler {
    static func handle(_ command: TopUp, _ turn: Turn, methods: [String]) throws -> Outcome<TopUpStarted> {
        if let refusal = try PaymentChecks.refusal(command.amount, turn) { return .refused(refusal) }
        guard methods.contains(command.method) else {
            return .refused(
                .invalidValue, expected: "one of \(methods.joined(separator: ", "))", found: command.method)
        }
        let payment = Payment(
            id: turn.newID(), kind: .topUp, marketplace: turn.acting.marketplace, party: turn.acting.party,
            amount: command.amount)
        try Payments.insert(payment, method: command.method, link: 0, at: turn.now, turn.store)
        try send(payment, command.method, attempt: 1, at: turn.now, turn)
        var answer = TopUpStarted()
        answer.payment = payment.id
        return .answer(answer)
    }

    static func send(
        _ payment: Payment, _ method: String, attempt: UInt32, at: Instant, _ turn: Turn
    ) throws {
        var effect = ChargePayment()
        effect.payment = payment.id
        effect.amount = payment.amount
        effect.method = method
        effect.attempt = attempt
        try turn.start(effect, id: payment.id.raw, at: at)
    }
}

/// What every payment that a party begins must fulfil.
enum PaymentChecks {
    static func refusal(_ amount: Money, _ turn: Turn) throws -> Refusal? {
        switch try Copies.party(turn.acting.party, turn.store)?.state {
        case .suspended, .closed: return Refusal(.suspended, expected: "a party that may act")
        default: break
        }
        return try refusal(amount, in: turn.acting.marketplace, turn)
    }

    static func refusal(_ amount: Money, in id: MarketplaceID, _ turn: Turn) throws -> Refusal? {
        guard let marketplace = try Copies.marketplace(id, turn.store) else {
            return Refusal(.notFound, expected: "a marketplace", found: "\(id)")
        }
        let currency = marketplace.policy.currency
        guard amount.currency == currency else { return .currency(amount, expected: currency) }
        guard amount.minor > 0 else { return .notPositive(amount) }
        guard amount.minor <= PaymentStep.greatestAmount else {
            let most = Money(PaymentStep.greatestAmount, currency)
            return Refusal(.amountOutOfRange, expected: "at most \(most)", found: "\(amount)")
        }
        return nil
    }
}

/// The payment provider answered; a top-up is credited once, however often it answers.
enum ChargeReportedHandler {
    static func handle(_ message: ChargeReported, _ turn: Turn) throws {
        guard let stored = try Payments.find(message.payment, turn.store) else {
            return try CallerTopUpReported.handle(message, turn)
        }
        switch PaymentStep.after(message.report, in: stored.state, attempt: message.attempt) {
        case .ignore: break
        case .settle: try credit(stored.payment, turn)
        case .decline: try decline(stored.payment, message.reason, turn)
        case .askAgain(let delay, let state):
            try Payments.update(stored.payment.id, state, endedAt: .none, reason: "", turn.store)
            try TopUpHandler.send(
                stored.payment, stored.method, attempt: message.attempt &+ 1, at: turn.now + delay, turn)
        }
    }

    private static func credit(_ payment: Payment, _ turn: Turn) throws {
        let entry = try Ledger.post(payment.topUp(), EntryNote(payment: payment.id), turn)
        try Payments.update(payment.id, .settled, endedAt: turn.now, reason: "", turn.store)
        let key = AccountKey(.wallet, of: payment.party, in: payment.marketplace, payment.amount.currency)
        // What was charged for an order is told of by its invoice.
        guard payment.order.isNone else { return try ChargedOrders.settled(payment, turn) }
        var values = [NotificationValue(.amount, payment.amount)]
        if let wallet = entry.after(key) { values.append(NotificationValue(.balance, wallet.available)) }
        Telling.send(
            .topUpCredited, to: payment.party, in: payment.marketplace, subject: payment.id.raw, values, turn)
    }

    private static func decline(_ payment: Payment, _ reason: String, _ turn: Turn) throws {
        try Payments.update(payment.id, .declined, endedAt: turn.now, reason: reason, turn.store)
        Telling.send(
            .topUpFailed, to: payment.party, in: payment.marketplace, subject: payment.id.raw,
            [NotificationValue(.amount, payment.amount), NotificationValue(.reason, reason)], turn)
        try ChargedOrders.declined(payment, reason, turn)
    }
}
