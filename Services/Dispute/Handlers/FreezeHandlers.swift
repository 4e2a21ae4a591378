import DisputeRules
import Kernel
import Messages
import Runtime

/// The payout is stopped: the case opens, and whoever asked is answered.
enum OrderFrozenHandler {
    static func handle(_ frozen: OrderFrozen, _ turn: Turn) throws {
        guard var row = try Cases.find(frozen.openedCase, turn.store), row.stage == .freezing,
            let order = try Orders.find(row.order, turn.store)
        else { return }
        try AwaitedSupport.forget(order.order, turn.store)
        if row.support != nil {
            // Both sides were told when support was asked; nobody has to answer first.
            row.stage = .awaitingVerdict
            try Cases.save(row, turn.store)
        } else if row.ground == nil {
            try openByRule(&row, of: order, turn)
        } else {
            try openObjection(&row, of: order, turn)
        }
    }

    /// The seller is asked for a statement, and told what silence means (A14).
    private static func openObjection(
        _ row: inout DisputeCase, of order: DisputeOrder, _ turn: Turn
    ) throws {
        let policy = try Policies.of(order, turn.store)
        row.stage = .awaitingStatement
        row.answerDue = turn.now + policy.statementDeadline
        try Cases.save(row, turn.store)
        var timer = StatementLapsed()
        timer.case = row.id
        try turn.schedule(timer, subject: row.id.raw, at: CaseRules.lapse(of: row.answerDue))
        let ground = NotificationValue(.ground, "\(row.ground ?? .other)")
        Telling.tell(.objectionOpened, to: order.buyer, of: order, subject: row.id, [ground], turn)
        Telling.tell(
            .statementDue, to: order.seller, of: order, subject: row.id,
            [
                ground, NotificationValue(.deadline, row.answerDue),
                NotificationValue(.silence, "\(policy.silence)"),
            ], turn)
        var opened = ObjectionOpened()
        opened.case = row.id
        opened.statementDue = row.answerDue
        try turn.answer(Ticket(rawValue: row.ticket), opened)
    }

    private static func openByRule(_ row: inout DisputeCase, of order: DisputeOrder, _ turn: Turn) throws {
        let ticket = Ticket(rawValue: row.ticket)
        let due = row.answerDue
        try ShownByAttempts.proceed(&row, of: order, contradictionDue: due == .none ? nil : due, turn)
        try turn.answer(
            ticket, try AttemptRecorded(on: order, case: row.id, contradictionDue: due, turn.store))
    }
}

/// The payout cannot be stopped: there is no case.
enum OrderFreezeRefusedHandler {
    static func handle(_ refused: OrderFreezeRefused, _ turn: Turn) throws {
        guard let row = try Cases.find(refused.openedCase, turn.store), row.stage == .freezing,
            let order = try Orders.find(row.order, turn.store)
        else { return }
        try Cases.remove(row.id, turn.store)
        if let awaited = try AwaitedSupport.take(order.order, turn.store) {
            try AskSupportHandler.open(awaited.asker, awaited.cause, of: order, turn)
        }
        // Nobody waits for an answer: the order was refunded or paid out meanwhile.
        if row.support != nil { return }
        let ticket = Ticket(rawValue: row.ticket)
        guard row.ground == nil else {
            try turn.refuse(
                ticket, Refusal(refused.reason, expected: refused.expected, found: refused.found))
            return
        }
        // The attempt itself stays recorded.
        try turn.answer(
            ticket, try AttemptRecorded(on: order, case: .none, contradictionDue: .none, turn.store))
    }
}
