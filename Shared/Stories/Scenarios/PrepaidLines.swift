import Kernel
import Messages
import Wire

extension Cast {
    static func openPrepaid(_ house: any House, buyers: Int = 0) async throws -> Cast {
        try await openMarketplace(house, policy: .prepaidLine, buyers: buyers, funds: 0)
    }

    /// Paid-in, bonus, reserved and owed money of a number, in minor units.
    fileprivate func funds(_ line: Line, _ number: String) async throws -> [Int64] {
        let funds = try await view(line, number).funds
        return [funds.paid, funds.bonus, funds.reserved, funds.owed].map(\.minor)
    }
}

extension Scenario {
    static let prepaidMoney = [
        Scenario("E1 a top-up is credited at once, and one that is declined or repeated is not") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try expect("unknown", try await cast.ring(line, from: number).verdict, .noBalance)
            try await cast.topUp(line, number, 1_000)
            try expect("paid in", try await cast.funds(line, number), [1_000, 0, 0, 0])
            try await cast.topUp(line, number, 1_000, method: "sandboxDeclined")
            try await cast.topUp(line, number, 2_000, method: "sandboxSlow")
            try expect("asked again", try await cast.funds(line, number), [1_000, 0, 0, 0])
            try await house.advance(by: .minutes(1))
            try expect("settled later", try await cast.funds(line, number), [3_000, 100, 0, 0])
            var topUp = TopUpCaller()
            topUp.profile = line.profile
            topUp.number = PersonalText(number)
            for (amount, reason) in [
                (Money(1_001, cast.policy.currency), RefusalCode.amountOutOfRange),
                (Money(-1_000, cast.policy.currency), .amountOutOfRange),
                (Money(1_000, .usd), .wrongCurrency),
            ] {
                topUp.amount = amount
                try await house.refuses(reason, topUp, as: nil)
            }
            topUp.amount = cast.money(1_000)
            topUp.method = "voucher"
            try await house.refuses(.invalidValue, topUp, as: nil)
            topUp.method = "sandbox"
            topUp.number = PersonalText("hello")
            try await house.refuses(.invalidText, topUp, as: nil)
            topUp.number = PersonalText(number)
            topUp.profile = BillingProfileID(.max)
            try await house.refuses(.notFound, topUp, as: nil)
            try expect("nothing more", try await cast.funds(line, number), [3_000, 100, 0, 0])
            try await cast.proveLedger()
        },
        Scenario("E1 a top-up in the middle of a call lets it go on longer") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let routed = try await cast.ring(line, from: number)
            try expect("reserved", routed.reserved.minor, 199)
            let first = try await cast.report(line, routed.call, .answeredByPerson)
            let begin = try await house.now()
            // 10.00 at 1.99 a minute: 301 whole seconds, since 302 would cost 10.02.
            try expect("money ends", first.moneyEndsAt, begin + .seconds(301))
            try expect("on the reserve", first.longest, .seconds(60))
            let extended = try await cast.report(line, routed.call, .extend)
            try expect("all of it", extended.longest, .seconds(301))
            try await house.advance(by: .seconds(100))
            try expect("not at its end", extended.exhausted, false)
            let again = try await cast.report(line, routed.call, .extend)
            try expect("nothing more to set aside", again.exhausted)
            try expect("as long as before", again.longest, .seconds(301))
            // Two payments that arrive in one instant are told of one by one.
            try await cast.topUp(line, number, 1_000)
            let half = try await cast.told(line.telephoneSwitch, .callLengthened)
            try await cast.topUp(line, number, 1_000)
            let all = try await cast.told(line.telephoneSwitch, .callLengthened)
            try expect("told of each", half.item != all.item)
            let longer = try await cast.report(line, routed.call, .extend)
            try expect("goes on", longer.longest, .seconds(601))
            try expect("money ends later", longer.moneyEndsAt, begin + .seconds(904))
            try await house.advance(to: begin + .seconds(400))
            let record = try await cast.hangUp(line, routed.call)
            try expect("charge", record.charge.minor, 1_327)
            try expect("length", record.length, .seconds(400))
            try expect("left", try await cast.funds(line, number), [1_673, 0, 0, 0])
            try await cast.proveLedger()
        },
        Scenario("E1 a charge-back takes bonus first, and a debt blocks further calls") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            let payment = try await cast.topUp(line, number, 2_000).payment
            for _ in 0..<5 { try await cast.talk(line, from: number, for: .minutes(1)) }
            try expect("995 spent", try await cast.funds(line, number), [1_105, 0, 0, 0])
            let other = try await cast.topUp(line, number, 5_000).payment
            try expect("with bonus", try await cast.funds(line, number), [6_105, 500, 0, 0])
            let routed = try await cast.ring(line, from: number)
            try await cast.report(line, routed.call, .answeredByPerson)
            var back = ChargeBackTopUp()
            back.payment = other
            try await house.refuses(.invalidText, back, as: line.provider.guest)
            back.reason = "the card's owner objects"
            try await cast.act(back, as: line.provider.guest)
            try expect("bonus first", try await cast.funds(line, number), [1_605, 0, 199, 0])
            try await house.refuses(.wrongState, back, as: line.provider.guest)
            back.payment = payment
            try await cast.act(back, as: line.provider.guest)
            try expect("the reserve stays", try await cast.funds(line, number), [199, 0, 199, 594])
            try expect("in debt", try await cast.ring(line, from: number).verdict, .inDebt)
            try await house.advance(by: .seconds(30))
            try await cast.hangUp(line, routed.call)
            try expect("left over", try await cast.funds(line, number), [0, 0, 0, 495])
            try await cast.topUp(line, number, 1_000)
            try expect("settled", try await cast.funds(line, number), [505, 0, 0, 0])
            try expect("free again", try await cast.ring(line, from: number).verdict, .putThrough)
            back.payment = PaymentID(.max)
            try await house.refuses(.notFound, back, as: line.provider.guest)
            try await cast.proveLedger()
        },
        Scenario("E1 several calls share one balance, and none is promised another's money") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            var calls: [CallID] = []
            for _ in 0..<5 {
                let routed = try await cast.ring(line, from: number)
                try expect("put through", routed.verdict, .putThrough)
                calls.append(routed.call)
            }
            let sixth = try await cast.ring(line, from: number)
            try expect("not covered", sixth.verdict, .tooLittle)
            try expect("nowhere", sixth.target, "")
            for call in calls { try await cast.report(line, call, .answeredByPerson) }
            try expect("in progress", try await cast.view(line, number).callsInProgress, 5)
            try await house.advance(by: .minutes(2))
            for call in calls {
                let record = try await cast.hangUp(line, call)
                try expect("no more than its reserve", record.charge.minor, 199)
                try expect("nobody pays the rest", record.overrun, .minutes(1))
            }
            try expect("five minutes spent", try await cast.funds(line, number), [5, 0, 0, 0])
            try await cast.proveLedger()
        },
        Scenario("E1 a call whose switch falls silent is settled at its last confirmed moment") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let routed = try await cast.ring(line, from: number)
            try await cast.report(line, routed.call, .answeredByPerson)
            try await house.advance(by: .seconds(20))
            try await cast.report(line, routed.call, .progress)
            let last = try await house.now()
            try await house.advance(to: last + .minutes(10) - .microsecond)
            try expect("still open", try await cast.view(line, number).callsInProgress, 1)
            try await house.advance(to: last + .minutes(10))
            let record = try present("the call", try await cast.calls(line, number).first)
            try expect("lost", record.stage, .lost)
            try expect("ended", record.endedAt, last)
            try expect("charge", record.charge.minor, 66)
            var end = EndCall()
            end.call = routed.call
            end.at = try await house.now()
            try await house.refuses(.wrongState, end, as: line.telephoneSwitch.guest)
            try expect("charged once", try await cast.funds(line, number), [934, 0, 0, 0])
        },
        Scenario("E1 reports out of order, twice or absurd change nothing") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let arrival = try await cast.arrival(at: line, from: number)
            let own = line.telephoneSwitch.guest
            let routed = try await cast.act(arrival, as: own)
            try await house.refuses(.wrongState, arrival, as: own)
            let now = try await house.now()
            for moment in [
                now - .microsecond, now + .days(1) + .microsecond, .none, Instant(microseconds: .max),
                Instant(microseconds: .min),
            ] {
                let report = try await cast.said(routed.call, .answeredByPerson, at: moment)
                try await house.refuses(.invalidValue, report, as: own)
            }
            let answered = try await cast.report(line, routed.call, .answeredByPerson, at: now + .seconds(3))
            try expect(
                "the same twice",
                try await cast.report(line, routed.call, .answeredByPerson, at: now + .seconds(3)), answered)
            try await house.refuses(
                .wrongState, try await cast.said(routed.call, .announced, at: now + .seconds(4)), as: own)
            var end = EndCall()
            end.call = routed.call
            end.at = now + .seconds(2)
            try await house.refuses(.invalidValue, end, as: own)
            end.putThrough = false
            end.at = now + .seconds(60)
            try await house.refuses(.wrongState, end, as: own)
            end.putThrough = true
            let record = try await cast.act(end, as: own).record
            try expect("57 seconds", record.charge.minor, 189)
            try await house.refuses(.wrongState, end, as: own)
            try await house.refuses(
                .wrongState, try await cast.said(routed.call, .progress, at: end.at), as: own)
            var absurd = try await cast.arrival(at: line, from: number)
            for moment in [Instant.none, Instant(microseconds: .max), Instant(microseconds: .min)] {
                absurd.at = moment
                try await house.refuses(.invalidValue, absurd, as: own)
            }
            // A voicemail, and nobody at all, cost nothing.
            let voicemail = try await cast.ring(line, from: number)
            try await cast.report(line, voicemail.call, .answeredByPerson)
            try await cast.report(line, voicemail.call, .answeredByVoicemail)
            try await house.advance(by: .minutes(1))
            try expect("voicemail", try await cast.hangUp(line, voicemail.call).charge.minor, 0)
            let nobody = try await cast.ring(line, from: number)
            try await house.advance(by: .minutes(1))
            try expect("nobody", try await cast.hangUp(line, nobody.call, putThrough: false).charge.minor, 0)
            try expect("left", try await cast.funds(line, number), [811, 0, 0, 0])
        },
        Scenario("E1 a switch takes calls of its own provider's lines and can do nothing else") { house in
            let cast = try await Cast.openPrepaid(house, buyers: 1)
            let line = try await cast.openLine()
            let rival = try await cast.join("Rival", .seller)
            let foreign = try await cast.openLine(of: rival, index: 1)
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let own = line.telephoneSwitch.guest
            let routed = try await cast.ring(line, from: number)
            try expect("target", routed.target, "queue-0")
            let report = try await cast.said(routed.call, .progress)
            try await house.refuses(.notFound, report, as: foreign.telephoneSwitch.guest)
            var end = EndCall()
            end.call = routed.call
            end.at = report.at
            try await house.refuses(.notFound, end, as: foreign.telephoneSwitch.guest)
            try await house.refuses(
                .notFound, try await cast.arrival(at: foreign, from: number), as: own)
            var unknown = try await cast.arrival(at: line, from: number)
            unknown.called = "4989"
            try await house.refuses(.notFound, unknown, as: own)
            unknown.called = line.number
            unknown.presented = PersonalText()
            try await house.refuses(.invalidText, unknown, as: own)
            try await house.refuses(.forbidden, GetBalance(), as: own)
            try await house.refuses(.forbidden, ListBillingProfiles(), as: own)
            try await house.refuses(.forbidden, report, as: line.provider.guest)
            try await house.refuses(.forbidden, report, as: cast.buyers[0].guest)
            try await house.refuses(.notSignedIn, report, as: nil)
            var register = RegisterParty()
            register.marketplace = cast.marketplace
            register.email = PersonalText("false@switch.example")
            register.name = PersonalText("False switch")
            register.password = "pass of false switch"
            register.roles = .telephoneSwitch
            try await house.refuses(.forbidden, register, as: nil)
            var suspend = SuspendParty()
            suspend.party = line.provider.party
            suspend.reason = "review"
            try await cast.act(suspend, as: cast.operator)
            try await house.refuses(.suspended, try await cast.arrival(at: line, from: number), as: own)
            // Its provider can't sign in any more and look at it.
            end.at = try await house.now()
            try expect("goes on to its end", try await cast.act(end, as: own).record.stage, .hungUp)
        },
        Scenario("E2 bonus is kept apart, is spent first, and is never paid out") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            let started = try await cast.topUp(line, number, 5_000)
            try expect("bonus", started.bonus.minor, 500)
            try expect("apart", try await cast.funds(line, number), [5_000, 500, 0, 0])
            let record = try await cast.talk(line, from: number, for: .minutes(1))
            try expect("from bonus", record.fromBonus.minor, 199)
            try expect("bonus first", try await cast.funds(line, number), [5_000, 301, 0, 0])
            try await cast.adjust(line, number, .lower, 400)
            try expect("then paid-in", try await cast.funds(line, number), [4_901, 0, 0, 0])
            let report = try await house.ask(GetLedgerReport(), as: cast.operator)
            func sum(_ kind: AccountClass) -> Int64 {
                report.lines.first { $0.marketplace == cast.marketplace && $0.accountClass == kind }?.posted
                    .minor ?? 0
            }
            try expect("paid-in money at the provider's", sum(.providerCash), -5_000)
            try expect("bonus that the provider gave", sum(.providerBonus), -500)
            try expect("earned", sum(.callRevenue), 599)
            try expect("nothing of the house's", sum(.cash), 0)
            var set = cast.profile(index: 7)
            set.topUps = []
            try await house.refuses(.invalidValue, set, as: line.provider.guest)
            set.topUps = [OfferedTopUp(amount: 2_000, bonus: 0), OfferedTopUp(amount: 1_000, bonus: 0)]
            try await house.refuses(.invalidValue, set, as: line.provider.guest)
            set.topUps = [OfferedTopUp(amount: 2_000, bonus: -1)]
            try await house.refuses(.amountOutOfRange, set, as: line.provider.guest)
            try await cast.proveLedger()
        },
        Scenario("E3 the caller hears the minutes left, and both sides two minutes before the end") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let routed = try await cast.ring(line, from: number)
            try expect("minutes left", routed.minutesLeft, 5)
            try expect("price", routed.perMinute, 199_000)
            try expect("maximum cost", routed.maximumCost.minor, 47_760)
            let standing = try await cast.report(line, routed.call, .answeredByPerson)
            let begin = try await house.now()
            try expect("warned at", standing.warnAt, begin + .seconds(181))
            try await cast.report(line, routed.call, .extend)
            func warnings(_ player: Player) async throws -> Int {
                let items = try await cast.inbox(of: player.guest)
                return items.filter { $0.event == .callMinutesShort && $0.subject == routed.call.raw }.count
            }
            try await house.advance(to: begin + .seconds(181) - .microsecond)
            try expect("not yet", try await warnings(line.telephoneSwitch), 0)
            try await house.advance(to: begin + .seconds(181))
            try expect("the switch", try await warnings(line.telephoneSwitch), 1)
            try expect("the provider", try await warnings(line.provider), 1)
            try await cast.topUp(line, number, 1_000)
            try await house.advance(to: begin + .seconds(483) - .microsecond)
            try await cast.report(line, routed.call, .extend)
            try expect("once for each end", try await warnings(line.telephoneSwitch), 1)
            try await house.advance(to: begin + .seconds(483))
            try expect("again", try await warnings(line.telephoneSwitch), 2)
            try await cast.hangUp(line, routed.call)
        },
        Scenario("E3 a second call on a balance brings the end of the first nearer") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let first = try await cast.ring(line, from: number)
            let standing = try await cast.report(line, first.call, .answeredByPerson)
            let begin = try await house.now()
            try expect("warned at", standing.warnAt, begin + .seconds(181))
            let second = try await cast.ring(line, from: number)
            try expect("the second call's reserve", second.reserved.minor, 199)
            func warnings() async throws -> Int {
                let items = try await cast.inbox(of: line.telephoneSwitch.guest)
                return items.filter { $0.event == .callMinutesShort && $0.subject == first.call.raw }.count
            }
            // 8.01 are left for 241 seconds.
            try await house.advance(to: begin + .seconds(121) - .microsecond)
            try expect("not yet", try await warnings(), 0)
            try await house.advance(to: begin + .seconds(121))
            try expect("the switch", try await warnings(), 1)
            try await cast.hangUp(line, first.call)
            try await cast.hangUp(line, second.call)
        },
        Scenario("E4 charging starts at the announcement or the conversation, and some seconds later") {
            house in
            let cast = try await Cast.openPrepaid(house)
            let provider = try await cast.registerSwitch(of: cast.seller)
            let cases: [(ChargingMoment, UInt8, Int64)] = [
                (.conversation, 0, 199), (.conversation, 10, 166), (.conversation, 20, 133),
                (.conversation, 30, 100), (.announcement, 0, 299), (.announcement, 30, 199),
            ]
            for (index, (moment, delay, charge)) in cases.enumerated() {
                let line = try await cast.openLine(index: index, telephoneSwitch: provider) {
                    $0.start = moment
                    $0.startDelay = delay
                }
                let number = cast.newCallerNumber()
                try await cast.topUp(line, number, 2_000)
                let routed = try await cast.ring(line, from: number)
                try await cast.report(line, routed.call, .announced)
                try await house.advance(by: .seconds(30))
                try await cast.report(line, routed.call, .answeredByPerson)
                try await cast.report(line, routed.call, .extend)
                try await house.advance(by: .seconds(60))
                let found = try await cast.hangUp(line, routed.call).charge.minor
                try expect("\(moment) and \(delay) s", found, charge)
            }
            var tariff = SetTariff()
            tariff.profile = BillingProfileID(.max)
            tariff.terms = Cast.usualTerms
            try await house.refuses(.notFound, tariff, as: cast.seller.guest)
            let line = try await cast.openLine(index: 9, telephoneSwitch: provider)
            tariff.profile = line.profile
            tariff.terms.startDelay = 15
            try await house.refuses(.invalidValue, tariff, as: cast.seller.guest)
        },
        Scenario("E5 increments are the provider's choice") { house in
            let cast = try await Cast.openPrepaid(house)
            let known = try await cast.registerSwitch(of: cast.seller)
            let cases: [(UInt32, UInt32, Int64, UInt32)] = [
                (60, 60, 398, 120), (1, 1, 202, 61), (60, 1, 202, 61), (30, 6, 219, 66),
            ]
            for (index, (first, next, charge, seconds)) in cases.enumerated() {
                let line = try await cast.openLine(index: index, telephoneSwitch: known) {
                    $0.firstIncrement = first
                    $0.nextIncrement = next
                }
                let number = cast.newCallerNumber()
                try await cast.topUp(line, number, 2_000)
                let routed = try await cast.ring(line, from: number)
                try await cast.report(line, routed.call, .answeredByPerson)
                try await cast.report(line, routed.call, .extend)
                try await house.advance(by: .seconds(61))
                let record = try await cast.hangUp(line, routed.call)
                try expect("\(first)/\(next)", record.charge.minor, charge)
                try expect("seconds", record.billedSeconds, seconds)
            }
            let line = try await cast.openLine(index: 9, telephoneSwitch: known)
            var tariff = SetTariff()
            tariff.profile = line.profile
            for (first, next) in [(0, 1), (1, 0), (3_601, 1)] as [(UInt32, UInt32)] {
                tariff.terms = Cast.usualTerms
                tariff.terms.firstIncrement = first
                tariff.terms.nextIncrement = next
                try await house.refuses(.invalidValue, tariff, as: cast.seller.guest)
            }
        },
    ]

    static let prepaidCallers = [
        Scenario("E6 prices differ by line, and a call keeps the tariff that it began with") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 5_000)
            try expect(
                "mobile", try await cast.talk(line, from: number, for: .minutes(1), .mobile).usage.minor, 299)
            try expect(
                "other", try await cast.talk(line, from: number, for: .minutes(1), .other).usage.minor, 399)
            let routed = try await cast.ring(line, from: number)
            try await cast.report(line, routed.call, .answeredByPerson)
            var tariff = SetTariff()
            tariff.profile = line.profile
            tariff.terms = Cast.usualTerms
            tariff.terms.prices.landline = 399_000
            tariff.terms.prices.connectFee = 50
            let view = try await cast.act(tariff, as: line.provider.guest)
            try expect("version", view.profile.tariffVersion, 2)
            try await house.advance(by: .minutes(1))
            let record = try await cast.hangUp(line, routed.call)
            try expect("the old price", record.charge.minor, 199)
            try expect("its tariff", record.tariffVersion, 1)
            let next = try await cast.talk(line, from: number, for: .minutes(1))
            try expect(
                "the new price", [next.usage, next.connectFee, next.charge].map(\.minor), [399, 50, 449])
            let rival = try await cast.join("Rival", .seller)
            try await house.refuses(.notFound, tariff, as: rival.guest)
            for price in [-1, 1_000_000_000_001, Int64.max] {
                tariff.terms.prices.mobile = price
                try await house.refuses(.amountOutOfRange, tariff, as: line.provider.guest)
            }
            try await house.refuses(.forbidden, tariff, as: cast.operator)
        },
        Scenario("E7 first-time callers get free seconds once, also when two of their calls run at once") {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine { terms in
                var offer = FirstCallerOffer()
                offer.freeSeconds = 120
                terms.firstCallers = offer
            }
            let number = cast.newCallerNumber()
            // Free time needs no balance.
            let first = try await cast.ring(line, from: number)
            try expect("put through", first.verdict, .putThrough)
            try expect("two minutes", first.longest, .minutes(2))
            try expect("no second one", try await cast.ring(line, from: number).verdict, .tooLittle)
            try await cast.report(line, first.call, .answeredByPerson)
            try await house.advance(by: .seconds(90))
            try expect("free", try await cast.hangUp(line, first.call).charge.minor, 0)
            try await cast.topUp(line, number, 1_000)
            let second = try await cast.talk(line, from: number, for: .seconds(60))
            try expect("30 free, 30 charged", second.charge.minor, 100)
            let third = try await cast.talk(line, from: number, for: .seconds(60))
            try expect("none left", third.charge.minor, 199)
        },
        Scenario("E7 a lower tariff holds for its time from the first charged call, by the caller list") {
            house in
            let cast = try await Cast.openPrepaid(house)
            let known = try await cast.registerSwitch(of: cast.seller)
            let change: (inout TariffTerms) -> Void = { terms in
                var offer = FirstCallerOffer()
                offer.period = .days(3)
                var prices = CallPrices()
                prices.landline = 99_000
                offer.prices = prices
                terms.firstCallers = offer
            }
            let line = try await cast.openLine(telephoneSwitch: known, change)
            let second = try await cast.openLine(index: 1, telephoneSwitch: known, change)
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 2_000)
            try await cast.topUp(second, number, 2_000)
            let began = try await house.now()
            try expect("lower", try await cast.talk(line, from: number, for: .minutes(1)).charge.minor, 99)
            try await house.advance(to: began + .days(3) - .microsecond)
            try expect("still", try await cast.talk(line, from: number, for: .minutes(1)).charge.minor, 99)
            try await house.advance(to: began + .days(3) + .minutes(2))
            try expect("over", try await cast.talk(line, from: number, for: .minutes(1)).charge.minor, 199)
            // Both profiles name list 1, which remembers the caller.
            try expect(
                "over there too", try await cast.talk(second, from: number, for: .minutes(1)).charge.minor,
                199)
            var both = SetTariff()
            both.profile = line.profile
            both.terms = Cast.usualTerms
            change(&both.terms)
            both.terms.firstCallers?.freeSeconds = 60
            try await house.refuses(.invalidValue, both, as: line.provider.guest)
        },
        Scenario("E8 the provider and its other services raise and lower a balance, with a reason, once") {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.adjust(line, number, .raise, 1_500, reason: "paid by bank transfer")
            try await cast.adjust(line, number, .raiseBonus, 200, reason: "apology")
            try expect("raised", try await cast.funds(line, number), [1_500, 200, 0, 0])
            var lower = AdjustCaller()
            lower.profile = line.profile
            lower.number = PersonalText(number)
            lower.change = .lower
            lower.amount = cast.money(300)
            lower.reason = "chart by post"
            let key = IdempotencyKey(
                high: UInt64(try await house.now().microseconds), low: line.profile.raw)
            let done = try await house.send(lower, as: line.provider.guest, key: key)
            let again = try await house.send(lower, as: line.provider.guest, key: key)
            try expect("once", again.entry, done.entry)
            try await house.settle()
            try expect("bonus first", try await cast.funds(line, number), [1_400, 0, 0, 0])
            let texts = try await cast.transactions(line, number).map(\.text)
            try expect("reasons", texts, ["paid by bank transfer", "apology", "chart by post"])
            lower.amount = cast.money(1_401)
            try await house.refuses(.insufficientFunds, lower, as: line.provider.guest)
            lower.amount = cast.money(0)
            try await house.refuses(.amountOutOfRange, lower, as: line.provider.guest)
            lower.amount = Money(5, .usd)
            try await house.refuses(.wrongCurrency, lower, as: line.provider.guest)
            lower.amount = cast.money(5)
            lower.reason = " "
            try await house.refuses(.invalidText, lower, as: line.provider.guest)
            let rival = try await cast.join("Rival", .seller)
            lower.reason = "theft"
            try await house.refuses(.notFound, lower, as: rival.guest)
            try await cast.proveLedger()
        },
        Scenario("E9 a provider sees top-ups, the last one, and transactions by number and time") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            try await house.advance(by: .hours(1))
            let middle = try await house.now()
            try await cast.topUp(line, number, 2_000)
            try await cast.topUp(line, number, 1_000, method: "sandboxDeclined")
            let call = try await cast.talk(line, from: number, for: .minutes(1))
            let view = try await cast.view(line, number)
            try expect("top-ups", view.topUps, 2)
            try expect("the last one", view.lastTopUpAt, middle)
            let all = try await cast.transactions(line, number)
            try expect("kinds", all.map(\.kind), [.callerToppedUp, .callerToppedUp, .callCharged])
            try expect("the call", all.last?.call, call.call)
            try expect("its bonus", all.last?.bonus.minor, -100)
            let early = try await cast.transactions(line, number) { $0.to = middle }
            try expect("before", early.map(\.entry), [all[0].entry])
            let paged = try await cast.transactions(line, number) {
                $0.after = all[0].entry
                $0.limit = 1
            }
            try expect("the next", paged.map(\.entry), [all[1].entry])
            try expect("calls", try await cast.calls(line, number).map(\.call), [call.call])
            // Another way to write the number, and another provider, who does not know it (F9).
            let written = "0049 (171) " + number.dropFirst("+49 171 ".count)
            try expect(
                "the same number", try await cast.caller(written, as: line.provider), view.caller)
            let rival = try await cast.join("Rival", .seller)
            var find = FindCaller()
            find.number = PersonalText(number)
            try await house.refuses(.notFound, find, as: rival.guest)
            var query = GetCaller()
            query.profile = line.profile
            query.caller = view.caller
            try await house.refuses(.notFound, query, as: rival.guest)
            var list = ListCalls()
            list.profile = line.profile
            try await house.refuses(.notFound, list, as: rival.guest)
            list.limit = 0
            try await house.refuses(.invalidValue, list, as: line.provider.guest)
        },
        Scenario(
            "E10 balance and history follow a changed number; one with a balance is refused unless merged"
        ) {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let (old, new, third) = (
                cast.newCallerNumber(), cast.newCallerNumber(), cast.newCallerNumber()
            )
            try await cast.topUp(line, old, 2_000)
            try await cast.talk(line, from: old, for: .minutes(1))
            var change = ChangeCallerNumber()
            change.profile = line.profile
            change.caller = try await cast.caller(old, as: line.provider)
            change.number = PersonalText(new)
            let moved = try await cast.act(change, as: line.provider.guest)
            try expect("moved", moved.funds.paid.minor, 1_901)
            try expect("history", try await cast.transactions(line, new).count, 2)
            try expect("calls", try await cast.calls(line, new).count, 1)
            try expect("by the new number", try await cast.ring(line, from: new).verdict, .putThrough)
            try expect("not by the old one", try await cast.ring(line, from: old).verdict, .noBalance)
            try await house.refuses(.notFound, change, as: line.provider.guest)
            try await cast.topUp(line, third, 1_000)
            change.caller = moved.caller
            change.number = PersonalText(third)
            try await house.refuses(.wrongState, change, as: line.provider.guest)
            change.merge = true
            let busy = try await cast.ring(line, from: third)
            try await house.refuses(.wrongState, change, as: line.provider.guest)
            try await cast.hangUp(line, busy.call, putThrough: false)
            let merged = try await cast.act(change, as: line.provider.guest)
            try expect("both balances", merged.funds.paid.minor, 2_901)
            try expect("both histories", try await cast.view(line, third).topUps, 2)
            // The call from the number before goes on, on the same balance.
            try expect("in progress", merged.callsInProgress, 1)
            try await cast.proveLedger()
        },
        Scenario("E10 a caller with a withheld number is recognised by the network's") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            var arrived = try await cast.arrival(at: line, from: number)
            arrived.networkProvided = arrived.presented
            arrived.presented = PersonalText()
            let routed = try await cast.act(arrived, as: line.telephoneSwitch.guest)
            try expect("recognised", routed.verdict, .putThrough)
            let record = try await cast.hangUp(line, routed.call)
            try expect("withheld", record.withheld, true)
            try expect("the same caller", record.caller, try await cast.caller(number, as: line.provider))
        },
        Scenario("E12 one profile serves several sites, and separate profiles share no balance") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            var set = cast.profile()
            set.profile = line.profile
            var site = ServiceLine()
            site.number = line.number + "77"
            site.site = "second.example"
            site.target = "queue-b"
            set.lines.append(site)
            let view = try await cast.act(set, as: line.provider.guest)
            try expect("sites", view.profile.lines.map(\.site), ["advice-0.example", "second.example"])
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            var arrived = try await cast.arrival(at: line, from: number)
            arrived.called = site.number
            let there = try await cast.act(arrived, as: line.telephoneSwitch.guest)
            try expect("the same balance", there.verdict, .putThrough)
            try expect("the site's queue", there.target, "queue-b")
            let other = try await cast.openLine(index: 1, telephoneSwitch: line.telephoneSwitch)
            try expect("not there", try await cast.ring(other, from: number).verdict, .noBalance)
            var taken = cast.profile(index: 2)
            taken.lines[0].number = site.number
            try await house.refuses(.wrongState, taken, as: line.provider.guest)
            taken.lines[0].number = "4989-1"
            try await house.refuses(.invalidText, taken, as: line.provider.guest)
            taken.lines[0].number = "4989"
            taken.lines[0].target = "4917112345678"
            try await house.refuses(.contactDataInText, taken, as: line.provider.guest)
            let profiles = try await house.ask(ListBillingProfiles(), as: line.provider.guest).profiles
            try expect("profiles", profiles.map(\.profile), [line.profile, other.profile])
            let rival = try await cast.join("Rival", .seller)
            try await house.refuses(.notFound, set, as: rival.guest)
            try expect(
                "none of its own", try await house.ask(ListBillingProfiles(), as: rival.guest).profiles.count,
                0
            )
            let auction = try await Cast.openMarketplace(house, buyers: 0)
            try await house.refuses(.wrongState, auction.profile(), as: auction.seller.guest)
            var register = RegisterSwitch()
            register.email = PersonalText("no@switch.example")
            register.name = PersonalText("Switch")
            register.password = "pass of no switch"
            try await house.refuses(.wrongState, register, as: auction.seller.guest)
        },
    ]
}
