import DisputeRules
import Kernel
import Messages
import Runtime
import Storage

/// A buyer or seller tells of an attempt; enough of them refund the price, also after the payout (A17).
enum ReportAttemptHandler {
    static func handle(_ command: ReportAttempt, _ turn: Turn) throws -> Outcome<AttemptRecorded> {
        let party = turn.acting.party
        guard let order = try Orders.find(command.order, turn.store),
            party == order.buyer || party == order.seller
        else { return .refused(.notFound, found: "order \(command.order)") }
        if order.rest.minor == 0 {
            return .refused(.wrongState, expected: "an order with a price to refund", found: "refunded")
        }
        let earlier = try Proofs.reported(on: order.order, turn.store)
        let reported = ReportedAttempt(party: party, outcome: command.outcome, at: command.at)
        if let refusal = AttemptRules.refusal(
            reported, after: earlier, revealedAt: order.revealedAt, now: turn.now)
        {
            return .refused(refusal)
        }
        try Proofs.add(
            Attempt(command, by: party, at: turn.now), number: turn.newID(CaseID.self).raw, to: order.order,
            turn.store)
        let policy = try Policies.of(order, turn.store)
        let finding = AttemptRules.find(earlier + [reported], policy: policy)
        let due = AttemptRules.contradictionDue(
            reportedBy: party, seller: order.seller, now: turn.now, policy: policy)
        return try follow(reported, on: order, finding, due, policy, turn)
    }

    /// What the attempt changes beyond its being recorded.
    private static func follow(
        _ attempt: ReportedAttempt, on order: DisputeOrder, _ finding: AttemptFinding, _ due: Instant?,
        _ policy: Policy, _ turn: Turn
    ) throws -> Outcome<AttemptRecorded> {
        var open = try Cases.latest(of: order.order, turn.store)
        if open?.stage == .closed { open = nil }
        let triggers = finding.shown && ShownByAttempts.concerns(open, reportedBy: attempt.party, of: order)
        tellOther(attempt, of: order, finding, triggers ? due : nil, policy, turn)
        var answered = CaseID.none
        var answerDue = Instant.none
        if var row = open {
            if triggers {
                try ShownByAttempts.proceed(&row, of: order, contradictionDue: due, turn)
                answered = row.id
                answerDue = due ?? .none
            } else if attempt.outcome == .reached {
                try ShownByAttempts.contradict(&row, turn)
            }
        } else if triggers {
            try ShownByAttempts.open(of: order, by: attempt.party, contradictionDue: due, turn)
            return .waiting
        }
        return .answer(
            try AttemptRecorded(on: order, case: answered, contradictionDue: answerDue, turn.store))
    }

    private static func tellOther(
        _ attempt: ReportedAttempt, of order: DisputeOrder, _ finding: AttemptFinding, _ due: Instant?,
        _ policy: Policy, _ turn: Turn
    ) {
        var values = [
            NotificationValue(.outcome, "\(attempt.outcome)"),
            NotificationValue(.attempts, "\(finding.counted)/\(AttemptRules.needed(policy))"),
        ]
        if let due { values.append(NotificationValue(.deadline, due)) }
        Telling.tell(.attemptReported, to: order.other(than: attempt.party), of: order, values, turn)
    }
}

/// What follows once the attempts on an order show that the prospect cannot be had (A17).
enum ShownByAttempts {
    /// Whether the finding changes anything: there is no case, or one that it can decide. A case that was
    /// contradicted is the operator's. One that waits for a contradiction ends at once when the seller agrees.
    static func concerns(
        _ row: DisputeCase?, reportedBy reporter: PartyID, of order: DisputeOrder
    ) -> Bool {
        guard let row else { return true }
        return switch row.stage {
        case .awaitingStatement, .awaitingVerdict: !row.contradicted
        case .awaitingContradiction: reporter == order.seller
        case .freezing, .settling, .closed: false
        }
    }

    /// Opens a case by rule, once the auction has stopped what it can still stop.
    static func open(
        of order: DisputeOrder, by party: PartyID, contradictionDue due: Instant?, _ turn: Turn
    ) throws {
        var row = DisputeCase()
        row.id = turn.newID()
        row.order = order.order
        row.opener = party
        row.ticket = turn.ticket.rawValue
        row.openedAt = turn.now
        row.answerDue = due ?? .none
        try Cases.add(row, buyer: order.buyer, seller: order.seller, turn.store)
        turn.send(FreezeOrder(row, byRule: true, at: turn.now), to: .auction)
    }

    /// Refunds, at once or when the other party's time to contradict is over.
    static func proceed(
        _ row: inout DisputeCase, of order: DisputeOrder, contradictionDue due: Instant?, _ turn: Turn
    ) throws {
        guard let due else {
            return try Settlement.refundByRule(&row, of: order, turn)
        }
        try turn.cancel(StatementLapsed.self, subject: row.id.raw)
        row.stage = .awaitingContradiction
        row.answerDue = due
        try Cases.save(row, turn.store)
        var timer = ContradictionLapsed()
        timer.case = row.id
        try turn.schedule(timer, subject: row.id.raw, at: CaseRules.lapse(of: due))
    }

    /// Somebody did reach the prospect: the operator decides.
    static func contradict(_ row: inout DisputeCase, _ turn: Turn) throws {
        guard row.stage == .awaitingContradiction else { return }
        try turn.cancel(ContradictionLapsed.self, subject: row.id.raw)
        row.contradicted = true
        row.stage = .awaitingVerdict
        try Cases.save(row, turn.store)
    }
}

extension Attempt {
    init(_ command: ReportAttempt, by party: PartyID, at now: Instant) {
        self.init()
        self.party = party
        outcome = command.outcome
        at = command.at
        reportedAt = now
        note = command.note
    }
}

extension AttemptRecorded {
    init(on order: DisputeOrder, case id: CaseID, contradictionDue: Instant, _ store: Store) throws {
        self.init()
        let policy = try Policies.of(order, store)
        counted = AttemptRules.find(try Proofs.reported(on: order.order, store), policy: policy).counted
        needed = AttemptRules.needed(policy)
        `case` = id
        self.contradictionDue = contradictionDue
    }
}
