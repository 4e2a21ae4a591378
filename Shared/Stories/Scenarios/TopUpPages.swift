import Kernel
import Messages
import Wire

extension Scenario {
    static let topUpPages = [
        Scenario("E14 whoever has the receipt of a top-up sees how far it is, and nobody else") { house in
            let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0, funds: 0)
            let line = try await cast.openLine()
            var query = GetTopUpOffer()
            query.profile = line.profile
            let offer = try await house.ask(query, as: nil)
            try expect("name", offer.name, "Advice 0")
            try expect("amounts", offer.topUps.map(\.amount), [1_000, 2_000, 5_000])
            try expect("bonuses", offer.topUps.map(\.bonus), [0, 100, 500])
            try expect("currency", offer.currency, cast.policy.currency)
            try expect("language", offer.language, cast.policy.language)
            try expect("a method that pays", offer.methods.contains("sandbox"), true)
            query.profile = BillingProfileID(.max)
            try await house.refuses(.notFound, query, as: nil)

            let number = cast.newCallerNumber()
            let paid = try await cast.topUp(line, number, 2_000)
            try await house.settle()
            let seen = try await cast.topUp(by: paid.receipt)
            try expect("payment", seen.payment, paid.payment)
            try expect("profile", seen.profile, line.profile)
            try expect("amount", [seen.amount, seen.bonus].map(\.minor), [2_000, 100])
            try expect("settled", seen.state, .settled)
            let declined = try await cast.topUp(line, number, 1_000, method: "sandboxDeclined")
            try await house.settle()
            try expect("declined", try await cast.topUp(by: declined.receipt).state, .declined)
            let slow = try await cast.topUp(line, number, 1_000, method: "sandboxSlow")
            try await house.settle()
            try expect("still asking", try await cast.topUp(by: slow.receipt).state, .pending)
            try await house.advance(by: .minutes(1))
            try expect("settled later", try await cast.topUp(by: slow.receipt).state, .settled)

            try expect("each its own", Set([paid, declined, slow].map(\.receipt)).count, 3)
            for other in ["", "0", String(repeating: "0", count: 32), String(paid.receipt.dropLast()) + "g"] {
                var guess = GetCallerTopUp()
                guess.receipt = other
                try await house.refuses(.notFound, guess, as: nil)
            }
        },
        Scenario("E14 a top-up sent twice under one key has one receipt, whatever it came with") { house in
            let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0, funds: 0)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            var topUp = TopUpCaller()
            topUp.profile = line.profile
            topUp.number = PersonalText(number)
            topUp.amount = cast.money(1_000)
            topUp.receipt = String(repeating: "a", count: 32)
            let key = IdempotencyKey(high: UInt64(try await house.now().microseconds), low: 14)
            let first = try await house.send(topUp, as: nil, key: key)
            let again = try await house.send(topUp, as: nil, key: key)
            try expect("one payment", again.payment, first.payment)
            try expect("one receipt", again.receipt, first.receipt)
            try expect("not the client's", first.receipt == topUp.receipt, false)
            try await house.settle()
            try expect("paid once", try await cast.view(line, number).funds.paid.minor, 1_000)
        },
    ]
}

extension Cast {
    /// A caller's top-up as whoever has its receipt sees it.
    public func topUp(by receipt: String) async throws -> CallerTopUpView {
        var query = GetCallerTopUp()
        query.receipt = receipt
        return try await house.ask(query, as: nil)
    }
}
