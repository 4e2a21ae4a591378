import Kernel
import Messages

extension Scenario {
    /// The hold period and the payout (A13).
    static let payouts: [Scenario] = [
        Scenario(
            "A13 the price less commission is paid out by itself 7 days after the reveal, strictly after the window"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let order = try await cast.order(sale.order)
            let revealed = try present("the reveal", order.revealedAt)
            let due = try present("the payout's time", order.payoutAt)
            try expect("objections until", order.objectionUntil, revealed + Duration64.days(7))
            try expect("strictly later", due, revealed + Duration64.days(7) + .microsecond)
            try await house.advance(to: due - .microsecond)
            try expect("not yet", try await cast.order(sale.order).stage, .revealed)
            try await house.advance(to: due)
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            let payout = try present("the payout", payments.first { $0.kind == .payout })
            try expect("60.00 less 15 %", payout.amount, cast.money(5_100))
            try expect("settled", payout.state, .settled)
            try expect("once", payments.filter { $0.kind == .payout }.count, 1)
            let mail = try await cast.mailed(cast.seller, .payoutMade)
            try expect("the e-mail names the amount", mail.body.contains("51.00"))
        },
        Scenario("A13 the commission is rounded once, half away from zero") { house in
            var policy = Policy()
            policy.commission = BasisPoints(1_250)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            // 12.5 % of 60.04 is 7.505, and of 60.12 is 7.515: 7.51 and 7.52.
            for (price, share) in [(Int64(6_004), Int64(5_253)), (6_012, 5_260)] {
                let sale = try await cast.sellLead(at: price)
                try await house.advance(by: .days(8))
                let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
                let payout = payments.first { $0.order == sale.order }
                try expect("share of \(price)", payout?.amount, cast.money(share))
            }
        },
        Scenario("A13 the hold period is the marketplace's") { house in
            var policy = Policy()
            policy.holdPeriod = .days(10)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sale = try await cast.sellLead()
            let order = try await cast.order(sale.order)
            let due = try present("the payout's time", order.payoutAt)
            try expect("10 days", due, try present("reveal", order.revealedAt) + Duration64.days(10))
            try await house.advance(to: due - .microsecond)
            try expect("not yet", try await cast.order(sale.order).stage, .revealed)
            try await house.advance(to: due)
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
        },
        Scenario("A13 an open dispute stops the payout, and a rejected one lets it go on") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale)
            try await cast.state(in: opened.case)
            try await house.advance(by: .days(30))
            try expect("frozen", try await cast.order(sale.order).stage, .frozen)
            try await cast.decide(opened.case, .reject)
            try expect("paid out at once", try await cast.order(sale.order).stage, .paidOut)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            try expect("the whole share", payments.first { $0.kind == .payout }?.amount, cast.money(5_100))
        },
        Scenario("A13 a payout that the provider declines is in the seller's balance") { house in
            let cast = try await Cast.openMarketplace(house)
            try await cast.linkPayoutAccount(cast.seller, reference: "refusing-account")
            let sale = try await cast.sellLead()
            try await house.advance(by: .days(8))
            try expect("declined", try await cast.order(sale.order).stage, .payoutDeclined)
            try expect("in the balance", try await cast.available(cast.seller), 5_100)
            try await cast.mailed(cast.seller, .payoutFailed)
        },
        Scenario("A13 a payout of unknown outcome waits for the provider and happens once") { house in
            let cast = try await Cast.openMarketplace(house)
            try await cast.linkPayoutAccount(cast.seller, reference: "slow-account")
            try await house.advance(by: .minutes(1))
            let sale = try await cast.sellLead()
            let due = try present("the payout's time", try await cast.order(sale.order).payoutAt)
            try await house.advance(to: due)
            try expect("under way", try await cast.order(sale.order).stage, .payingOut)
            try await house.advance(by: .minutes(5))
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            try expect("once", payments.filter { $0.kind == .payout }.map(\.state), [.settled])
        },
    ]
}
