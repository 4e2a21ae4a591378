import DisputeRules
import Kernel
import Messages
import Runtime
import Storage

/// A case is decided: the auction is told what to do with the money, and answers once it is done.
enum Settlement {
    static func decide(
        _ row: inout DisputeCase, of order: DisputeOrder, _ verdict: Verdict, by decider: Decider,
        refund: Money, reason: KnownReason, _ turn: Turn
    ) throws {
        try turn.cancel(StatementLapsed.self, subject: row.id.raw)
        try turn.cancel(ContradictionLapsed.self, subject: row.id.raw)
        row.stage = .settling
        row.verdict = verdict
        row.decidedBy = decider
        row.refund = refund.minor
        row.decidedAt = turn.now
        try Cases.save(row, turn.store)
        var settle = SettleOrder()
        settle.order = order.order
        settle.decidedCase = row.id
        settle.refund = refund
        settle.reason = reason.rawValue
        turn.send(settle, to: .auction)
    }

    /// The attempts on the order show it: what is left of the price goes back, without a verdict of anybody (A17).
    static func refundByRule(_ row: inout DisputeCase, of order: DisputeOrder, _ turn: Turn) throws {
        let finding = AttemptRules.find(
            try Proofs.reported(on: order.order, turn.store), policy: try Policies.of(order, turn.store))
        try decide(
            &row, of: order, .refundFull, by: .byRule, refund: order.rest, reason: finding.reason, turn)
    }
}

extension Proofs {
    /// The attempts on an order as the rule sees them.
    static func reported(on order: OrderID, _ store: Store) throws -> [ReportedAttempt] {
        try attempts(on: order, store).map {
            ReportedAttempt(party: $0.party, outcome: $0.outcome, at: $0.at)
        }
    }
}

/// Tells a party of what happened to a case or order.
enum Telling {
    static func tell(
        _ event: NotificationEvent, to party: PartyID, of order: DisputeOrder, subject: CaseID = .none,
        _ values: [NotificationValue], _ turn: Turn
    ) {
        var notice = Notify()
        notice.event = event
        notice.party = party
        notice.marketplace = order.marketplace
        notice.listing = order.listing
        notice.order = order.order
        notice.subject = subject.raw
        notice.happenedAt = turn.now
        notice.values = values
        if !order.title.isEmpty { notice.values.append(NotificationValue(.title, order.title)) }
        turn.send(notice, to: .notifications)
    }
}
