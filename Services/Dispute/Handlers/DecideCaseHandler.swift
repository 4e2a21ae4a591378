import DisputeRules
import Kernel
import Messages
import Runtime

/// An operator decides a case (A14); the auction moves the money and says when it is done.
enum DecideCaseHandler {
    static func handle(_ command: DecideCase, _ turn: Turn) throws -> Outcome<Done> {
        guard turn.acting.isOperator else { return .refused(.forbidden, expected: "an operator") }
        guard var found = try VisibleCase.find(command.case, by: turn.acting, turn.store) else {
            return .refused(.notFound, found: "case \(command.case)")
        }
        if let refusal = CaseRules.verdictRefusal(stage: found.row.stage) { return .refused(refusal) }
        guard !command.reasoning.isEmpty else {
            return .refused(.invalidText, expected: "a reasoning", found: "an empty one")
        }
        switch CaseRules.refund(command.verdict, asked: command.refund, price: found.order.rest) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let refund):
            found.row.reasoning = command.reasoning
            try Settlement.decide(
                &found.row, of: found.order, command.verdict, by: .byOperator, refund: refund,
                reason: CaseRules.reason(command.verdict, support: found.row.support), turn)
            return .answer(Done())
        }
    }
}

/// The money is where the decision wants it: the case closes, and both parties are told.
enum OrderSettledHandler {
    static func handle(_ settled: OrderSettled, _ turn: Turn) throws {
        guard var row = try Cases.find(settled.decidedCase, turn.store), row.stage == .settling,
            let order = try Orders.find(row.order, turn.store)
        else { return }
        row.stage = .closed
        row.creditNote = settled.creditNoteNumber
        try Cases.save(row, turn.store)
        try Orders.addRefund(row.refund, to: order.order, turn.store)
        let event: NotificationEvent = row.verdict == .reject ? .caseRejected : .caseDecided
        let values = settled.refunded.minor > 0 ? [NotificationValue(.refund, settled.refunded)] : []
        for party in [order.buyer, order.seller] {
            Telling.tell(event, to: party, of: order, subject: row.id, values, turn)
            if try ClosedParties.contains(party, turn.store) {
                try turn.destroyKeys(try ClosedParties.keys(of: party, turn.store))
            }
        }
    }
}
