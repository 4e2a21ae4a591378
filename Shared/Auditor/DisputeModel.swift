import Kernel
import Messages
import Storage

/// Cases as A14 and A17 have them: by the journal of the dispute service alone.
final class DisputeModel {
    struct Order {
        var policy: Policy
        var buyer: UInt64
        var seller: UInt64
        var price: Int64
        var refunded: Int64 = 0
        var attempts: [(outcome: AttemptOutcome, at: Instant)] = []
        var cases: [UInt64] = []
        var rest: Int64 { max(0, price - refunded) }
    }

    struct Case {
        var order: UInt64
        var byRule: Bool
        /// Support was asked: an operator decides at once (C4, C7).
        var support: SupportCause?
        var stage = CaseStage.freezing
        var due = Instant.none
        var contradicted = false
        var verdict: Verdict?
        var decider: Decider?
        var refund: Int64 = 0
    }

    private let findings: Findings
    private var policies = PolicyShelf()
    private var orders: [UInt64: Order] = [:]
    private var cases: [UInt64: Case] = [:]
    private var touched: Set<UInt64> = []
    /// For what support was asked while another case waited for the auction's answer, by order.
    private var awaited: [UInt64: SupportCause] = [:]
    private(set) var ratings = RatingModel()
    /// The orders for which support was asked.
    private(set) var supported: Set<AuctionModel.SupportAsked> = []
    /// The sales that an operator undid (C7).
    private(set) var undoneByVerdict: Set<UInt64> = []
    var deadlines = Deadlines([StatementLapsed.code, ContradictionLapsed.code, RatingsFallDue.code])

    init(_ findings: Findings) { self.findings = findings }

    func apply(_ row: JournalRow) throws {
        switch row.code {
        case MarketplacePublished.code: policies.take(try row.decoded(MarketplacePublished.self))
        case OrderOpened.code: opened(try row.decoded(OrderOpened.self))
        case SaleCancelled.code: ratings.cancel(try row.decoded(SaleCancelled.self).order.raw)
        case AskSupport.code:
            let message = try row.decoded(AskSupport.self)
            let order = message.order.raw
            supported.insert(AuctionModel.SupportAsked(order: order, cause: message.cause))
            guard let known = orders[order] else { return }
            guard known.cases.last.map({ cases[$0]?.stage == .closed }) ?? true else {
                if known.cases.last.map({ cases[$0]?.stage == .freezing }) == true {
                    awaited[order] = message.cause
                }
                return
            }
            add(row.made(), Case(order: order, byRule: true, support: message.cause))
        case MeetingHeld.code:
            let message = try row.decoded(MeetingHeld.self)
            guard let order = orders[message.order.raw],
                let ends = ratings.held(
                    message, buyer: order.buyer, seller: order.seller, order.policy, row)
            else { return }
            deadlines.set(RatingsFallDue.code, message.order.raw, at: ends)
        case RateMeeting.code:
            let command = try row.decoded(RateMeeting.self)
            guard !ratings.rate(command, row) else { return }
            findings.report(
                .ratingByRule,
                "order \(command.order): expected a first rating by a party, in time and after the meeting (C5), found one by party \(row.party)",
                ["order \(command.order)", "party \(row.party)"])
        case RatingsFallDue.code:
            let order = try row.decoded(RatingsFallDue.self).order.raw
            deadlines.fired(row, order, "dispute", findings)
            ratings.show(order, row)
        case OpenObjection.code: objected(try row.decoded(OpenObjection.self), row)
        case ReportAttempt.code: attempted(try row.decoded(ReportAttempt.self), row)
        case OrderFrozen.code: frozen(try row.decoded(OrderFrozen.self).openedCase.raw, row)
        case OrderFreezeRefused.code:
            freezeRefused(try row.decoded(OrderFreezeRefused.self).openedCase.raw, row)
        case SubmitStatement.code:
            let id = try row.decoded(SubmitStatement.self).case.raw
            expect(id, in: [.awaitingStatement], "a statement (A14)", row)
            deadlines.cancel(StatementLapsed.code, id)
            move(id, .awaitingVerdict)
        case DecideCase.code: decided(try row.decoded(DecideCase.self), row)
        case StatementLapsed.code: lapsed(try row.decoded(StatementLapsed.self).case.raw, row)
        case ContradictionLapsed.code:
            let id = try row.decoded(ContradictionLapsed.self).case.raw
            deadlines.fired(row, id, "dispute", findings)
            if cases[id]?.stage == .awaitingContradiction { refundByRule(id) }
        case OrderSettled.code: settled(try row.decoded(OrderSettled.self).decidedCase.raw)
        default: break
        }
    }

    private func opened(_ message: OrderOpened) {
        guard orders[message.order.raw] == nil else { return }
        let policy =
            policies.policy(message.marketplace.raw, message.policyVersion)
            ?? policies.newest(message.marketplace.raw)?.policy ?? Policy()
        orders[message.order.raw] = Order(
            policy: policy, buyer: message.buyer.raw, seller: message.seller.raw, price: message.price.minor)
    }

    private func move(_ id: UInt64, _ stage: CaseStage) {
        cases[id]?.stage = stage
        touched.insert(id)
    }

    private func expect(_ id: UInt64, in stages: [CaseStage], _ what: String, _ row: JournalRow) {
        guard let found = cases[id] else { return }
        guard !stages.contains(found.stage) else { return }
        findings.report(
            .caseByRule, "case \(id): expected \(what) in stage \(stages), found it in \(found.stage)",
            ["case \(id)", "order \(found.order)"])
    }

    private func objected(_ command: OpenObjection, _ row: JournalRow) {
        let order = command.order.raw
        if orders[order]?.buyer != row.party || orders[order]?.cases.isEmpty == false {
            findings.report(
                .caseByRule,
                "order \(order): expected one objection by its buyer, found another by party \(row.party)",
                ["order \(order)"])
        }
        add(row.made(), Case(order: order, byRule: false))
    }

    private func add(_ id: UInt64, _ new: Case) {
        cases[id] = new
        orders[new.order]?.cases.append(id)
        touched.insert(id)
    }

    /// A17: so many attempts that count, or one at which the prospect declined; `reached` starts anew.
    private func isShown(_ order: Order) -> Bool {
        var counted = 0
        var declined = false
        var last: Instant?
        for attempt in order.attempts {
            switch attempt.outcome {
            case .reached: (counted, declined, last) = (0, false, nil)
            case .declined: declined = true
            case .unreachable:
                if let last, attempt.at < last + order.policy.attemptSpacing { continue }
                last = attempt.at
                counted += 1
            }
        }
        return declined || counted >= max(1, Int(order.policy.unreachableAttempts))
    }

    private func attempted(_ command: ReportAttempt, _ row: JournalRow) {
        guard var order = orders[command.order.raw] else { return }
        if row.party != order.buyer && row.party != order.seller {
            findings.report(
                .caseByRule,
                "order \(command.order): expected a report by a party of it, found party \(row.party)",
                ["order \(command.order)"])
        }
        order.attempts.append((command.outcome, command.at))
        orders[command.order.raw] = order
        let spacing = order.policy.attemptSpacing
        let due: Instant? = row.party == order.seller || spacing <= .zero ? nil : row.at + spacing
        let open = order.cases.last.flatMap { id in
            cases[id].flatMap { $0.stage == .closed ? nil : (id: id, case: $0) }
        }
        guard let open else {
            guard isShown(order) else { return }
            return add(row.made(2), Case(order: command.order.raw, byRule: true, due: due ?? .none))
        }
        let concerns =
            switch open.case.stage {
            case .awaitingStatement, .awaitingVerdict: !open.case.contradicted
            case .awaitingContradiction: row.party == order.seller
            case .freezing, .settling, .closed: false
            }
        if isShown(order), concerns {
            proceed(open.id, due)
        } else if command.outcome == .reached, open.case.stage == .awaitingContradiction {
            deadlines.cancel(ContradictionLapsed.code, open.id)
            cases[open.id]?.contradicted = true
            move(open.id, .awaitingVerdict)
        }
    }

    private static let instant = Duration64(microseconds: 1)

    private func proceed(_ id: UInt64, _ due: Instant?) {
        guard let due else { return refundByRule(id) }
        deadlines.cancel(StatementLapsed.code, id)
        cases[id]?.due = due
        move(id, .awaitingContradiction)
        deadlines.set(ContradictionLapsed.code, id, at: due + DisputeModel.instant)
    }

    private func frozen(_ id: UInt64, _ row: JournalRow) {
        guard let found = cases[id], found.stage == .freezing, let order = orders[found.order] else { return }
        awaited[found.order] = nil
        if found.support != nil { return move(id, .awaitingVerdict) }
        if found.byRule { return proceed(id, found.due == .none ? nil : found.due) }
        cases[id]?.due = row.at + order.policy.statementDeadline
        move(id, .awaitingStatement)
        deadlines.set(
            StatementLapsed.code, id, at: row.at + order.policy.statementDeadline + DisputeModel.instant)
    }

    private func freezeRefused(_ id: UInt64, _ row: JournalRow) {
        guard let found = cases[id], found.stage == .freezing else { return }
        cases[id] = nil
        orders[found.order]?.cases.removeAll { $0 == id }
        touched.insert(id)
        // What support was asked for meanwhile takes its place.
        guard let cause = awaited.removeValue(forKey: found.order) else { return }
        add(row.made(), Case(order: found.order, byRule: true, support: cause))
    }

    // MARK: Decisions

    private func decide(_ id: UInt64, _ verdict: Verdict, _ decider: Decider, _ refund: Int64) {
        deadlines.cancel(StatementLapsed.code, id)
        deadlines.cancel(ContradictionLapsed.code, id)
        cases[id]?.verdict = verdict
        cases[id]?.decider = decider
        cases[id]?.refund = refund
        move(id, .settling)
    }

    private func refundByRule(_ id: UInt64) {
        guard let found = cases[id], let order = orders[found.order] else { return }
        decide(id, .refundFull, .byRule, order.rest)
    }

    private func decided(_ command: DecideCase, _ row: JournalRow) {
        let id = command.case.raw
        guard let found = cases[id], let order = orders[found.order] else { return }
        expect(id, in: [.awaitingVerdict], "a verdict after the seller was heard (A14)", row)
        let refund: Int64 =
            switch command.verdict {
            case .refundFull: order.rest
            case .refundPart: command.refund.minor
            case .reject: 0
            }
        decide(id, command.verdict, .byOperator, refund)
        if found.support == .cancellationUnanswered, command.verdict == .refundFull {
            undoneByVerdict.insert(found.order)
        }
    }

    private func lapsed(_ id: UInt64, _ row: JournalRow) {
        deadlines.fired(row, id, "dispute", findings)
        guard let found = cases[id], found.stage == .awaitingStatement, let order = orders[found.order]
        else { return }
        switch order.policy.silence {
        case .upholds: decide(id, .refundFull, .bySilence, order.rest)
        case .rejects: decide(id, .reject, .bySilence, 0)
        case .goesToOperator: move(id, .awaitingVerdict)
        }
    }

    private func settled(_ id: UInt64) {
        guard let found = cases[id], found.stage == .settling else { return }
        orders[found.order]?.refunded += found.refund
        if let order = orders[found.order], order.refunded > order.price {
            findings.report(
                .refundWithinPaid,
                "order \(found.order): expected cases to give back at most \(order.price), found \(order.refunded)",
                ["case \(id)", "order \(found.order)"])
        }
        move(id, .closed)
    }

    func compare(_ store: Store, all: Bool) throws {
        for id in all ? cases.keys.sorted() : touched.sorted() {
            let row = try store.first(
                "SELECT stage, verdict, decided_by, refund, answer_due, contradicted FROM dispute_case WHERE case_id = ?",
                id
            ) { row in (0...5).map { row.int(Int32($0)) } }
            guard let found = cases[id] else {
                if row != nil {
                    findings.report(.caseByRule, "case \(id): expected none, found one", ["case \(id)"])
                }
                continue
            }
            findings.expect(
                .caseByRule, "case \(id): stage, verdict, decider, refund, answer due, contradicted",
                expected: [
                    Int64(found.stage.rawValue), Int64(found.verdict?.rawValue ?? 0),
                    Int64(found.decider?.rawValue ?? 0), found.refund, found.due.microseconds,
                    found.contradicted ? 1 : 0,
                ], found: row ?? [], ["case \(id)", "order \(found.order)"])
        }
        touched = []
        try ratings.compare(store, all: all, findings)
    }
}
