import Kernel
import Messages

extension Scenario {
    /// Objections and how they end (A14).
    static let objections: [Scenario] = [
        Scenario("A14 an objection in the last microsecond of the window counts, and the payout waits") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let until = try present("the window", try await cast.order(sale.order).objectionUntil)
            try await house.advance(to: until)
            let opened = try await cast.object(to: sale)
            try expect("frozen", try await cast.order(sale.order).stage, .frozen)
            try expect("three days", opened.statementDue, until + Duration64.days(3))
            try await house.advance(by: .hours(1))
            try expect("still frozen", try await cast.order(sale.order).stage, .frozen)
        },
        Scenario("A14 an objection one microsecond after the window is too late") { house in
            var policy = Policy()
            policy.holdPeriod = .days(10)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sale = try await cast.sellLead()
            let until = try present("the window", try await cast.order(sale.order).objectionUntil)
            try await house.advance(to: until + .microsecond)
            try expect("not paid out yet", try await cast.order(sale.order).stage, .revealed)
            var objection = OpenObjection()
            objection.order = sale.order
            objection.statement = PersonalText("Too late.")
            try await house.refuses(.windowClosed, objection, as: sale.buyer.guest)
            try await house.settle()
            try expect("the clock goes on", try await cast.order(sale.order).stage, .revealed)
            try await house.advance(by: .days(4))
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
        },
        Scenario("A14 the seller's silence decides, once the last microsecond for an answer has passed") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale)
            try await cast.mailed(cast.seller, .statementDue, order: sale.order)
            try await house.advance(to: opened.statementDue)
            let open = try await cast.details(of: opened.case)
            try expect("stage", open.summary.stage, .awaitingStatement)
            try await house.advance(to: opened.statementDue + .microsecond)
            let closed = try await cast.details(of: opened.case)
            try expect("stage", closed.summary.stage, .closed)
            try expect("decider", closed.summary.decidedBy, .bySilence)
            try expect("verdict", closed.summary.verdict, .refundFull)
            try expect("refunded", try await cast.available(sale.buyer), 100_000)
            try expect("order", try await cast.order(sale.order).stage, .refunded)
            try await house.advance(by: .days(10))
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            try expect("no payout", payments.filter { $0.kind == .payout }.count, 0)
        },
        Scenario("A14 a statement in the last microsecond is heard, and the operator decides") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale)
            var decide = DecideCase()
            decide.case = opened.case
            decide.verdict = .refundFull
            decide.reasoning = PersonalText("The number is wrong.")
            try await house.refuses(.wrongState, decide, as: cast.operator)
            try await house.advance(to: opened.statementDue)
            try await cast.state(in: opened.case)
            try await house.advance(by: .days(5))
            let waits = try await cast.details(of: opened.case)
            try expect("stage", waits.summary.stage, .awaitingVerdict)
            try await house.refuses(.forbidden, decide, as: sale.buyer.guest)
            try await cast.decide(opened.case, .refundFull)
            try expect("refunded", try await cast.available(sale.buyer), 100_000)
            for party in [sale.buyer, cast.seller] {
                try await cast.mailed(party, .caseDecided, order: sale.order)
            }
            try await house.refuses(.caseDecided, decide, as: cast.operator)
        },
        Scenario("A14 a statement after the deadline is refused") { house in
            var policy = Policy()
            policy.silence = .goesToOperator
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale)
            try await house.advance(to: opened.statementDue + .microsecond)
            let waits = try await cast.details(of: opened.case)
            try expect("the operator's", waits.summary.stage, .awaitingVerdict)
            var statement = SubmitStatement()
            statement.case = opened.case
            statement.statement = PersonalText("Too late.")
            try await house.refuses(.windowClosed, statement, as: cast.seller.guest)
        },
        Scenario("A14 where silence rejects, the sale stands") { house in
            var policy = Policy()
            policy.silence = .rejects
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sale = try await cast.sellLead()
            _ = try await cast.object(to: sale)
            try await house.advance(by: .days(8))
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
            try expect("nothing back", try await cast.available(sale.buyer), 100_000 - 7_140)
        },
        Scenario("A14 the operator may refund a part, and the rest is paid out less commission") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale, .other)
            try await cast.state(in: opened.case)
            var decide = DecideCase()
            decide.case = opened.case
            decide.verdict = .refundPart
            decide.reasoning = PersonalText("The budget was stated too high.")
            for (reason, refund) in [
                (RefusalCode.amountOutOfRange, cast.money(0)), (.amountOutOfRange, cast.money(-1)),
                (.amountOutOfRange, cast.money(6_000)), (.amountOutOfRange, cast.money(.max)),
                (.wrongCurrency, Money(2_000, .usd)),
            ] {
                decide.refund = refund
                try await house.refuses(reason, decide, as: cast.operator)
            }
            try await cast.decide(opened.case, .refundPart, refund: cast.money(2_000))
            // 20.00 and its 3.80 VAT back.
            try expect("part back", try await cast.available(sale.buyer), 100_000 - 7_140 + 2_380)
            try await house.advance(by: .days(8))
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            try expect("40.00 less 15 %", payments.first { $0.kind == .payout }?.amount, cast.money(3_400))
        },
        Scenario("A14 every typed ground may be objected on, with evidence that both sides read") { house in
            let cast = try await Cast.openMarketplace(house)
            for ground in ObjectionGround.allCases {
                let sale = try await cast.sellLead()
                let opened = try await cast.object(to: sale, ground)
                for guest in [sale.buyer.guest, cast.seller.guest, cast.operator] {
                    let details = try await cast.details(of: opened.case, as: guest)
                    try expect("ground", details.summary.ground, ground)
                    let text = details.evidence.first?.evidence.content.plaintext
                    try expect("evidence", text, "Called at ten; the person knows of no inquiry.")
                }
                var query = GetCase()
                query.case = opened.case
                try await house.refuses(.notFound, query, as: cast.buyers[1].guest)
            }
        },
        Scenario("A14 only the buyer objects, and once") { house in
            let cast = try await Cast.openMarketplace(house)
            let both = try await cast.join("Lorenz", [.seller, .buyer])
            let sale = try await cast.sellLead()
            var objection = OpenObjection()
            objection.order = sale.order
            objection.statement = PersonalText("I object.")
            try await house.refuses(.notFound, objection, as: both.guest)
            try await house.refuses(.forbidden, objection, as: cast.seller.guest)
            objection.statement = PersonalText("")
            try await house.refuses(.invalidText, objection, as: sale.buyer.guest)
            let opened = try await cast.object(to: sale)
            objection.statement = PersonalText("And again.")
            try await house.refuses(.caseOpen, objection, as: sale.buyer.guest)
            try await house.advance(to: opened.statementDue + .microsecond)
            try await house.refuses(.caseDecided, objection, as: sale.buyer.guest)
        },
    ]
}
