import Dispute
import Kernel
import Messages
import Runtime
import TestBench
import Testing
import Wire

@Suite("The dispute service") struct ServiceTests {
    static let start = Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none
    static let price = Money(5_000, .eur)
    let bench: Bench
    let buyer = Bench.acting(7, .buyer)
    let seller = Bench.acting(8, .seller)
    let stranger = Bench.acting(9, [.buyer, .seller])
    let support = Bench.acting(1, .operator_)
    let order = OrderID(18)

    init() throws {
        bench = try Bench(DisputeService.definition(), start: Self.start)
        try publish(.upholds)
        try openOrder(order)
    }

    func publish(_ silence: Silence, version: UInt32 = 1) throws {
        var marketplace = MarketplacePublished()
        marketplace.marketplace = MarketplaceID(1)
        marketplace.version = version
        marketplace.policy.silence = silence
        try bench.peer(marketplace, from: .contactVault)
    }

    func openOrder(_ order: OrderID, version: UInt32 = 1) throws {
        var opened = OrderOpened()
        opened.order = order
        opened.listing = ListingID(17)
        opened.marketplace = MarketplaceID(1)
        opened.policyVersion = version
        opened.buyer = PartyID(7)
        opened.seller = PartyID(8)
        opened.price = Self.price
        opened.revealedAt = Self.start
        opened.title = "Dach"
        try bench.peer(opened, from: .auction)
    }

    func objection(_ order: OrderID) -> OpenObjection {
        var objection = OpenObjection()
        objection.order = order
        objection.ground = .falseData
        objection.statement = PersonalText("Die Nummer ist falsch.")
        var piece = Evidence()
        piece.title = PersonalText("Anruf")
        piece.content = PersonalText("Kein Anschluss")
        objection.evidence = [piece]
        return objection
    }

    /// The auction's answer to the freeze that was asked for last.
    @discardableResult
    func freeze(paidOut: Bool = false) throws -> FreezeOrder {
        let asked = try #require(try bench.sent(FreezeOrder.self).last)
        var frozen = OrderFrozen()
        frozen.order = asked.order
        frozen.openedCase = asked.openedCase
        frozen.paidOut = paidOut
        try bench.peer(frozen, from: .auction)
        return asked
    }

    func opened(_ order: OrderID) throws -> ObjectionOpened {
        let request = try bench.begin(objection(order), as: buyer)
        try freeze()
        return try bench.answer(to: request, of: OpenObjection.self, as: buyer)
    }

    func settle() throws -> SettleOrder {
        let asked = try #require(try bench.sent(SettleOrder.self).last)
        var settled = OrderSettled()
        settled.order = asked.order
        settled.decidedCase = asked.decidedCase
        settled.refunded = asked.refund
        settled.creditNoteNumber = asked.refund.minor > 0 ? "2026-1" : ""
        try bench.peer(settled, from: .auction)
        return asked
    }

    func details(_ id: CaseID, as acting: Acting) throws -> CaseDetails {
        var query = GetCase()
        query.case = id
        return try bench.ask(query, as: acting)
    }

    func report(
        _ outcome: AttemptOutcome, hours: Int64 = 0, as acting: Acting
    ) throws -> AttemptRecorded {
        var report = ReportAttempt()
        report.order = order
        report.outcome = outcome
        report.at = Self.start + .hours(hours)
        if bench.now < report.at { try bench.advance(to: report.at) }
        let request = try bench.begin(report, as: acting)
        do {
            return try bench.answer(to: request, of: ReportAttempt.self, as: acting)
        } catch is Bench.StillWaiting {
            try freeze(paidOut: true)
            return try bench.answer(to: request, of: ReportAttempt.self, as: acting)
        }
    }

    @Test("A14 a case opens only after the payout was stopped; the auction judges by when the objection came")
    func opens() throws {
        try bench.advance(to: Self.start + .days(7))
        let request = try bench.begin(objection(order), as: buyer)
        #expect(throws: Bench.StillWaiting.self) {
            try bench.answer(to: request, of: OpenObjection.self, as: buyer)
        }
        #expect(try refusal { try bench.command(objection(order), as: buyer) } == .caseOpen)
        #expect(try bench.ask(GetOpenDisputeCount(), as: buyer).open == 0)
        let asked = try freeze()
        #expect(asked.objectedAt == Self.start + .days(7))
        #expect(!asked.byRule)
        let answer = try bench.answer(to: request, of: OpenObjection.self, as: buyer)
        #expect(answer.statementDue == bench.now + .days(3))
        #expect(try bench.ask(GetOpenDisputeCount(), as: buyer).open == 1)
        let told = try bench.sent(Notify.self)
        #expect(told.map(\.event) == [.objectionOpened, .statementDue])
        #expect(told.map(\.party) == [PartyID(7), PartyID(8)])
        #expect(told[1].values.contains(NotificationValue(.silence, "upholds")))
    }

    @Test("A14 an objection after the window is refused with the auction's reason, and leaves nothing")
    func tooLate() throws {
        let request = try bench.begin(objection(order), as: buyer)
        let asked = try #require(try bench.sent(FreezeOrder.self).last)
        var refused = OrderFreezeRefused()
        refused.openedCase = asked.openedCase
        refused.order = order
        refused.reason = .windowClosed
        try bench.peer(refused, from: .auction)
        let reason = try refusal { try bench.answer(to: request, of: OpenObjection.self, as: buyer) }
        #expect(reason == .windowClosed)
        #expect(try bench.ask(ListCases(), as: buyer).cases.isEmpty)
        _ = try opened(order)
    }

    @Test("A14 F9 only the buyer objects; a stranger's order or case does not exist")
    func strangers() throws {
        #expect(try refusal { try bench.command(objection(order), as: stranger) } == .notFound)
        #expect(try refusal { try bench.command(objection(OrderID(99)), as: stranger) } == .notFound)
        #expect(try refusal { try bench.command(objection(order), as: seller) } == .forbidden)
        let id = try opened(order).case
        #expect(try refusal { try details(id, as: stranger) } == .notFound)
        #expect(try refusal { try details(CaseID(99), as: stranger) } == .notFound)
        #expect(try bench.ask(ListCases(), as: stranger).cases.isEmpty)
        #expect(try bench.ask(ListCases(), as: seller).cases.map(\.case) == [id])
        #expect(try bench.ask(ListCases(), as: support).cases.map(\.case) == [id])
        var ofOrder = ListCases()
        for (named, found) in [(order, [id]), (OrderID(99), [])] {
            ofOrder.order = named
            #expect(try bench.ask(ofOrder, as: seller).cases.map(\.case) == found)
            #expect(try bench.ask(ofOrder, as: support).cases.map(\.case) == found)
        }
        #expect(try details(id, as: seller).objection.plaintext == "Die Nummer ist falsch.")
        #expect(try details(id, as: seller).evidence.map(\.evidence.content.plaintext) == ["Kein Anschluss"])
    }

    func state(_ id: CaseID, _ text: String = "Sie stimmt.") throws {
        var statement = SubmitStatement()
        statement.case = id
        statement.statement = PersonalText(text)
        try bench.command(statement, as: seller)
    }

    func decide(_ id: CaseID, _ verdict: Verdict, _ refund: Money = .zero, as acting: Acting) throws {
        var decide = DecideCase()
        decide.case = id
        decide.verdict = verdict
        decide.refund = refund
        decide.reasoning = PersonalText("Nachvollziehbar.")
        try bench.command(decide, as: acting)
    }

    @Test("A14 statement, verdict, refund: the money moves, both are told, the case is closed")
    func decided() throws {
        let id = try opened(order).case
        #expect(try refusal { try decide(id, .refundFull, as: support) } == .wrongState)
        try state(id)
        #expect(try refusal { try state(id) } == .wrongState)
        #expect(try refusal { try decide(id, .refundFull, as: seller) } == .forbidden)
        try decide(id, .refundPart, Money(2_000, .eur), as: support)
        #expect(try details(id, as: buyer).summary.stage == .settling)
        #expect(try refusal { try decide(id, .reject, as: support) } == .caseDecided)
        _ = try bench.sent(Notify.self)
        let asked = try settle()
        #expect(asked.refund == Money(2_000, .eur))
        #expect(asked.reason == "objectionPartlyUpheld")
        let found = try details(id, as: buyer)
        #expect(found.summary.stage == .closed)
        #expect(found.summary.creditNoteNumber == "2026-1")
        #expect(found.statement.plaintext == "Sie stimmt.")
        #expect(found.reasoning.plaintext == "Nachvollziehbar.")
        #expect(try bench.sent(Notify.self).map(\.event) == [.caseDecided, .caseDecided])
        #expect(try bench.ask(GetOpenDisputeCount(), as: buyer).open == 0)
        #expect(try refusal { try bench.command(objection(order), as: buyer) } == .caseDecided)
        // The timer of the statement is gone.
        try bench.advance(by: .days(10))
        #expect(try bench.sent(SettleOrder.self).isEmpty)
    }

    @Test("A14 F7 a statement in the last moment counts; the moment after, silence decides, by policy")
    func silence() throws {
        let due = try opened(order).statementDue
        try bench.advance(to: due)
        #expect(try bench.sent(SettleOrder.self).isEmpty)
        try bench.advance(by: Duration64(microseconds: 1))
        #expect(try settle().refund == Self.price)
        try publish(.rejects, version: 2)
        try openOrder(OrderID(19), version: 2)
        try bench.advance(to: try opened(OrderID(19)).statementDue + .seconds(1))
        #expect(try settle().refund == Money(0, .eur))
        try publish(.goesToOperator, version: 3)
        try openOrder(OrderID(20), version: 3)
        let open = try opened(OrderID(20))
        try bench.advance(to: open.statementDue + .seconds(1))
        #expect(try bench.sent(SettleOrder.self).isEmpty)
        #expect(try details(open.case, as: buyer).summary.stage == .awaitingVerdict)
        #expect(try refusal { try state(open.case) } == .windowClosed)
        try decide(open.case, .refundFull, as: support)
        #expect(try settle().refund == Self.price)
    }

    @Test("A14 a statement at the very deadline is in time")
    func lastMoment() throws {
        let open = try opened(order)
        try bench.advance(to: open.statementDue)
        try state(open.case)
        try bench.advance(by: .days(1))
        #expect(try details(open.case, as: buyer).summary.stage == .awaitingVerdict)
    }

    @Test("A17 a buyer's third attempt refunds once the seller has not contradicted, also after the payout")
    func byRule() throws {
        #expect(try report(.unreachable, as: buyer).counted == 1)
        #expect(try report(.unreachable, hours: 4, as: buyer).counted == 2)
        let recorded = try report(.unreachable, hours: 8, as: buyer)
        #expect(recorded.counted == 3)
        #expect(recorded.contradictionDue == Self.start + .hours(12))
        let told = try bench.sent(Notify.self)
        #expect(told.map(\.party) == [PartyID(8), PartyID(8), PartyID(8)])
        #expect(told[2].values.contains(NotificationValue(.deadline, recorded.contradictionDue)))
        try bench.advance(to: recorded.contradictionDue)
        #expect(try bench.sent(SettleOrder.self).isEmpty)
        try bench.advance(by: Duration64(microseconds: 1))
        let asked = try settle()
        #expect(asked.refund == Self.price)
        #expect(asked.reason == "unreachable")
        #expect(try details(recorded.case, as: seller).summary.decidedBy == .byRule)
        #expect(try bench.sent(Notify.self).map(\.event) == [.caseDecided, .caseDecided])
        #expect(try refusal { try report(.declined, hours: 13, as: buyer) } == .wrongState)
    }

    @Test("A17 after a part was refunded by verdict, the rule refunds the rest, and no more")
    func restByRule() throws {
        let id = try opened(order).case
        try state(id)
        try decide(id, .refundPart, Money(2_000, .eur), as: support)
        _ = try settle()
        _ = try report(.declined, hours: 1, as: seller)
        #expect(try settle().refund == Money(3_000, .eur))
        #expect(try refusal { try report(.declined, hours: 2, as: seller) } == .wrongState)
    }

    @Test("A17 a seller who reports the refusal refunds at once")
    func sellerDeclined() throws {
        let recorded = try report(.declined, hours: 1, as: seller)
        #expect(recorded.contradictionDue == .none)
        let asked = try settle()
        #expect(asked.refund == Self.price)
        #expect(asked.reason == "declined")
    }

    @Test("A17 a contradicted report is the operator's to decide")
    func contradicted() throws {
        let id = try report(.declined, hours: 1, as: buyer).case
        _ = try report(.reached, hours: 2, as: seller)
        try bench.advance(by: .days(2))
        #expect(try bench.sent(SettleOrder.self).isEmpty)
        #expect(try details(id, as: buyer).summary.stage == .awaitingVerdict)
        _ = try report(.declined, hours: 51, as: buyer)
        #expect(try details(id, as: buyer).summary.stage == .awaitingVerdict)
        try decide(id, .reject, as: support)
        #expect(try settle().refund == Money(0, .eur))
        #expect(try bench.sent(Notify.self).suffix(2).map(\.event) == [.caseRejected, .caseRejected])
    }

    @Test("A17 attempts decide an open objection too, at once when the seller agrees")
    func withinObjection() throws {
        let id = try opened(order).case
        #expect(try report(.declined, hours: 1, as: buyer).case == id)
        #expect(try details(id, as: buyer).summary.stage == .awaitingContradiction)
        _ = try report(.declined, hours: 2, as: seller)
        #expect(try settle().reason == "declined")
        #expect(try details(id, as: buyer).summary.stage == .closed)
        try bench.advance(by: .days(5))
        #expect(try bench.sent(SettleOrder.self).isEmpty)
    }

    @Test("F5 what a closed party wrote is erased, but not while an open case rests on it")
    func erased() throws {
        let id = try opened(order).case
        var gone = PartyPublished()
        gone.party = PartyID(7)
        gone.state = .closed
        try bench.peer(gone, from: .contactVault)
        #expect(try details(id, as: seller).objection.plaintext == "Die Nummer ist falsch.")
        try state(id)
        try decide(id, .reject, as: support)
        _ = try settle()
        let found = try details(id, as: seller)
        #expect(found.objection.plaintext == "")
        #expect(found.evidence.map(\.evidence.content.plaintext) == [""])
        #expect(found.statement.plaintext == "Sie stimmt.")
    }

    @Test(
        "C4 C7 support that is asked while an objection waits for the auction is not lost when that is refused"
    )
    func supportMeanwhile() throws {
        for isRefused in [true, false] {
            let order = OrderID(isRefused ? 301 : 302)
            try openOrder(order)
            _ = try bench.begin(objection(order), as: buyer)
            let objected = try #require(try bench.sent(FreezeOrder.self).last)
            var ask = AskSupport()
            ask.order = order
            ask.asker = PartyID(8)
            ask.cause = .cancellationUnanswered
            try bench.peer(ask, from: .auction)
            #expect(try bench.sent(FreezeOrder.self).isEmpty, "one case at a time")
            guard isRefused else {
                var frozen = OrderFrozen()
                frozen.order = order
                frozen.openedCase = objected.openedCase
                try bench.peer(frozen, from: .auction)
                #expect(try bench.sent(FreezeOrder.self).isEmpty)
                continue
            }
            var refused = OrderFreezeRefused()
            refused.order = order
            refused.openedCase = objected.openedCase
            try bench.peer(refused, from: .auction)
            let asked = try #require(try bench.sent(FreezeOrder.self).last)
            #expect(asked.openedCase != objected.openedCase && asked.order == order && asked.byRule)
            #expect(asked.party == PartyID(8))
        }
        // With the objection open, no second case follows.
        let cases = try bench.ask(ListCases(), as: support).cases
        #expect(cases.filter { $0.order == OrderID(302) }.map(\.support) == [nil])
    }
}
