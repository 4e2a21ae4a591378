import DisputeRules
import Kernel
import Messages
import Runtime

/// The seller did not answer in time: the policy says what that means (A14).
enum StatementLapsedHandler {
    static func handle(_ timer: StatementLapsed, _ turn: Turn) throws {
        guard var row = try Cases.find(timer.case, turn.store), row.stage == .awaitingStatement,
            let order = try Orders.find(row.order, turn.store)
        else { return }
        let policy = try Policies.of(order, turn.store)
        guard let verdict = CaseRules.verdict(ofSilence: policy.silence), !Planted.isOn(.silenceIgnored)
        else {
            row.stage = .awaitingVerdict
            return try Cases.save(row, turn.store)
        }
        let refund = verdict == .refundFull ? order.rest : Money(0, order.price.currency)
        try Settlement.decide(
            &row, of: order, verdict, by: .bySilence, refund: refund, reason: CaseRules.reason(verdict), turn)
    }
}

/// Nobody contradicted the attempts (A17).
enum ContradictionLapsedHandler {
    static func handle(_ timer: ContradictionLapsed, _ turn: Turn) throws {
        guard var row = try Cases.find(timer.case, turn.store), row.stage == .awaitingContradiction,
            let order = try Orders.find(row.order, turn.store)
        else { return }
        try Settlement.refundByRule(&row, of: order, turn)
    }
}
