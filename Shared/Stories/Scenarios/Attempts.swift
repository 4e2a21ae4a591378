import Kernel
import Messages

extension Scenario {
    /// A prospect who cannot be had (A17).
    static let attempts: [Scenario] = [
        Scenario("A17 three attempts, at least four hours apart to the microsecond, refund the price by rule")
        { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let start = try await house.now()
            try expect("first", try await cast.attempt(sale, by: sale.buyer).counted, 1)
            try await house.advance(to: start + Duration64.hours(4) - .microsecond)
            try expect("too soon", try await cast.attempt(sale, by: sale.buyer).counted, 1)
            try await house.advance(to: start + Duration64.hours(4))
            try expect("second", try await cast.attempt(sale, by: sale.buyer).counted, 2)
            try await house.advance(to: start + Duration64.hours(8))
            let third = try await cast.attempt(sale, by: sale.buyer)
            try expect("third", third.counted, 3)
            try expect("needed", third.needed, 3)
            try expect("a case", !third.case.isNone)
            try expect("the payout waits", try await cast.order(sale.order).stage, .frozen)
            try await cast.mailed(cast.seller, .attemptReported, order: sale.order)
            try await house.advance(to: third.contradictionDue)
            try expect("nobody spoke yet", try await cast.order(sale.order).stage, .frozen)
            try await house.advance(to: third.contradictionDue + .microsecond)
            let closed = try await cast.details(of: third.case)
            try expect("by rule", closed.summary.decidedBy, .byRule)
            try expect("refunded", try await cast.order(sale.order).stage, .refunded)
            try expect("the whole", try await cast.available(sale.buyer), 100_000)
        },
        Scenario("A17 an explicit refusal, reported by the seller itself, refunds at once") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let reported = try await cast.attempt(sale, by: cast.seller, .declined)
            try expect("a case", !reported.case.isNone)
            try expect("refunded", try await cast.order(sale.order).stage, .refunded)
            try expect("the whole", try await cast.available(sale.buyer), 100_000)
            try await cast.mailed(sale.buyer, .orderRefunded, order: sale.order)
        },
        Scenario("A17 a seller who did reach the prospect contradicts, and the operator decides") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let reported = try await cast.attempt(sale, by: sale.buyer, .declined)
            try await house.advance(by: .hours(1))
            _ = try await cast.attempt(sale, by: cast.seller, .reached)
            try await house.advance(by: .days(2))
            let waits = try await cast.details(of: reported.case)
            try expect("the operator's", waits.summary.stage, .awaitingVerdict)
            try await cast.decide(reported.case, .reject)
            try await house.advance(by: .days(8))
            try expect("the sale stands", try await cast.order(sale.order).stage, .paidOut)
        },
        Scenario("A17 whoever reached the prospect starts the count anew") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            for outcome in [AttemptOutcome.unreachable, .unreachable, .reached, .unreachable, .unreachable] {
                _ = try await cast.attempt(sale, by: sale.buyer, outcome)
                try await house.advance(by: .hours(4))
            }
            try expect("the sale stands", try await cast.order(sale.order).stage, .revealed)
            let third = try await cast.attempt(sale, by: cast.seller)
            try expect("third", third.counted, 3)
            try expect("the seller's own word suffices", try await cast.order(sale.order).stage, .refunded)
        },
        Scenario("A17 after the payout the price is refunded all the same, and the seller owes its share") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            try await house.advance(by: .days(8))
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
            _ = try await cast.attempt(sale, by: cast.seller, .declined)
            try expect("refunded", try await cast.order(sale.order).stage, .refunded)
            try expect("the whole", try await cast.available(sale.buyer), 100_000)
            try expect("owed", try await cast.balance(of: cast.seller).owed, cast.money(5_100))
            try await cast.mailed(cast.seller, .receivableDue)
            // The next payout is set off: 80.00 less 15 % less 51.00.
            let next = try await cast.sellLead(at: 8_000)
            try await house.advance(by: .days(8))
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            try expect("netted", payments.first { $0.order == next.order }?.amount, cast.money(1_700))
            try expect("owes nothing", try await cast.balance(of: cast.seller).owed, cast.money(0))
            try await cast.proveLedger()
        },
        Scenario("A17 after the payout the seller's free balance is taken first") { house in
            let cast = try await Cast.openMarketplace(house)
            try await cast.topUp(cast.seller, 2_000)
            let sale = try await cast.sellLead()
            try await house.advance(by: .days(8))
            _ = try await cast.attempt(sale, by: cast.seller, .declined)
            try expect("taken", try await cast.available(cast.seller), 0)
            try expect("the rest is owed", try await cast.balance(of: cast.seller).owed, cast.money(3_100))
        },
        Scenario(
            "A17 attempts lie between the reveal and now, in order, and are reported by the order's parties"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let revealed = try await house.now()
            var report = ReportAttempt()
            report.order = sale.order
            report.at = revealed - .microsecond
            try await house.refuses(.invalidValue, report, as: sale.buyer.guest)
            report.at = revealed + .microsecond
            try await house.refuses(.invalidValue, report, as: sale.buyer.guest)
            report.at = revealed
            try await house.refuses(.notFound, report, as: cast.buyers[1].guest)
            try await house.advance(by: .hours(5))
            report.at = revealed + Duration64.hours(4)
            try await cast.act(report, as: sale.buyer.guest)
            report.at = revealed
            try await house.refuses(.invalidValue, report, as: sale.buyer.guest)
        },
    ]
}

extension Cast {
    /// Reports an attempt made now.
    func attempt(_ sale: Sale, by player: Player, _ outcome: AttemptOutcome = .unreachable) async throws
        -> AttemptRecorded
    {
        var report = ReportAttempt()
        report.order = sale.order
        report.outcome = outcome
        report.at = try await house.now()
        report.note = PersonalText("Called twice, nobody answered.")
        return try await act(report, as: player.guest)
    }
}
