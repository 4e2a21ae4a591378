import Kernel
import Messages
import Testing
import WalletRules

@Suite("Metered calls") struct MeteringTests {
    static let began = Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none
    static let answered = began + .seconds(8)

    static func roubles(_ paid: Int64, bonus: Int64 = 0) throws -> PrepaidBalance {
        try #require(PrepaidBalance(.rub, paid: paid, bonus: bonus))
    }

    /// A preliminary call with its ten minutes set aside.
    static func authorised(
        _ balance: PrepaidBalance, _ tariff: Tariff = SampleTariff.preliminaryCall,
        _ benefit: FirstCallerTerms.Benefit? = nil
    ) throws -> FundedCall {
        try MeteredCall.authorise(
            SampleTariff.terms(tariff, .landline, benefit), on: balance, minimum: .minutes(10), at: began
        ).get()
    }

    static func reason<Success>(_ result: Result<Success, Refusal>) -> RefusalCode? {
        guard case .failure(let refusal) = result else { return nil }
        return refusal.reason
    }

    @Test("D2 a call starts with ten minutes' charge free, to the kopeck, and each call needs them anew")
    func reserve() throws {
        let first = try Self.authorised(Self.roubles(96_000))
        #expect(first.call.reserved == Money(48_000, .rub) && first.balance.free == Money(48_000, .rub))
        #expect(first.call.longest == .minutes(10))
        let second = try Self.authorised(first.balance)
        #expect(second.balance.free == Money(0, .rub) && second.balance.reserved == 96_000)
        let terms = first.call.terms
        for balance in [second.balance, try Self.roubles(47_999)] {
            let third = MeteredCall.authorise(terms, on: balance, minimum: .minutes(10), at: Self.began)
            #expect(Self.reason(third) == .insufficientFunds)
        }
        #expect(throws: Never.self) { try Self.authorised(Self.roubles(48_000)) }
        let negative = MeteredCall.authorise(
            terms, on: try Self.roubles(48_000), minimum: Duration64(microseconds: -1), at: Self.began)
        #expect(Self.reason(negative) == .invalidValue)
        let euros = try #require(PrepaidBalance(.eur, paid: 99_999))
        #expect(
            Self.reason(MeteredCall.authorise(terms, on: euros, minimum: .zero, at: Self.began))
                == .wrongCurrency)
    }

    @Test("D2 E1 more money lets the call go on, by whole increments, also money that comes in its middle")
    func extending() throws {
        let start = try Self.authorised(Self.roubles(48_000 + 4_800 * 7 + 4_799))
        let more = try start.call.extended(by: .minutes(5), from: start.balance).get()
        #expect(more.call.longest == .minutes(15) && more.balance.free.minor == 4_800 * 2 + 4_799)
        let last = try more.call.extended(by: .minutes(5), from: more.balance).get()
        #expect(last.call.longest == .minutes(17) && last.balance.free.minor == 4_799)
        guard case .failure(let refusal) = last.call.extended(by: .minutes(5), from: last.balance) else {
            Issue.record("an increment was sold for less than it costs")
            return
        }
        #expect(refusal.reason == .insufficientFunds)
        #expect(refusal.expected == "48.00 RUB free" && refusal.found == "47.99 RUB")
        let topped = try last.balance.toppedUp(Money(1, .rub), bonus: Money(0, .rub)).get()
        let after = try last.call.extended(by: .minutes(5), from: topped).get()
        #expect(after.call.longest == .minutes(18) && after.balance.free.minor == 0)
        #expect(Self.reason(after.call.extended(by: .zero, from: topped)) == .invalidValue)
        let (owing, _) = try after.balance.chargedBack(Money(1, .rub)).get()
        #expect(Self.reason(after.call.extended(by: .minutes(1), from: owing)) == .insufficientFunds)
    }

    @Test("D2 no call is extended beyond the longest one")
    func longest() throws {
        var funded = try Self.authorised(Self.roubles(100_000_000))
        for _ in 0..<50 { funded = try funded.call.extended(by: .hours(1), from: funded.balance).get() }
        #expect(funded.call.longest == .hours(4))
        #expect(funded.call.reserved == funded.call.terms.maximumCost)
        let again = try funded.call.extended(by: Duration64(microseconds: .max), from: funded.balance).get()
        #expect(again == funded)
    }

    /// Who answered, how long it lasted from then on (in microseconds), how it ended, what it cost.
    static let ends: [(MeteredCall.Answer, Int64, @Sendable (Instant) -> CallEnd, Int64)] = [
        (.person, 0, { .hungUp(at: $0) }, 0), (.person, 1, { .hungUp(at: $0) }, 4_800),
        (.person, 60_000_000, { .hungUp(at: $0) }, 4_800),
        (.person, 60_000_001, { .hungUp(at: $0) }, 9_600),
        (.person, 599_999_999, { .hungUp(at: $0) }, 48_000),
        (.person, 600_000_000, { .hungUp(at: $0) }, 48_000),
        // Beyond the reserve nobody pays.
        (.person, 600_000_001, { .hungUp(at: $0) }, 48_000),
        (.person, 86_000_000_000, { .hungUp(at: $0) }, 48_000),
        (.voicemail, 300_000_000, { .hungUp(at: $0) }, 0), (.nobody, 300_000_000, { .hungUp(at: $0) }, 0),
        (.person, 59_999_999, { .soldToAnother(at: $0) }, 0),
        (.person, 60_000_000, { .soldToAnother(at: $0) }, 4_800),
        (.person, 119_999_999, { .soldToAnother(at: $0) }, 4_800),
        (.voicemail, 300_000_000, { .soldToAnother(at: $0) }, 0),
        (.nobody, 0, { _ in .lost }, 0), (.person, 0, { _ in .lost }, 0),
    ]

    @Test(
        "D3 D7 only a conversation is charged, by the minute, and a lead sold to another ends it in favour of the caller",
        arguments: ends.indices)
    func settled(index: Int) throws {
        let row = Self.ends[index]
        let funded = try Self.authorised(Self.roubles(50_000, bonus: 5_000))
        let call =
            row.0 == .nobody ? funded.call : try funded.call.answered(by: row.0, at: Self.answered).get()
        let end = row.2(Self.answered + Duration64(microseconds: row.1))
        let settlement = try call.settled(end, on: funded.balance).get()
        #expect(settlement.charge.total == Money(row.3, .rub))
        #expect(settlement.taken.bonus.minor == min(row.3, 5_000))
        #expect(settlement.taken.bonus.minor + settlement.taken.paid.minor == row.3)
        #expect(settlement.released == Money(48_000 - row.3, .rub))
        #expect(settlement.balance.free == Money(55_000 - row.3, .rub) && settlement.balance.reserved == 0)
        let talked = row.0 == .person ? row.1 : 0
        #expect(settlement.length.microseconds + settlement.overrun.microseconds == talked)
        #expect(settlement.overrun.microseconds == max(0, talked - 600_000_000))
    }

    @Test("D3 the old flat fee is owed for the attempt, answered or not, but not where none was made")
    func attempt() throws {
        let funded = try Self.authorised(Self.roubles(19_900), SampleTariff.attempt)
        #expect(funded.call.reserved == Money(19_900, .rub) && funded.call.longest == .hours(4))
        let person = try funded.call.answered(by: .person, at: Self.answered).get()
        let end = CallEnd.hungUp(at: Self.answered + .minutes(7))
        for call in [funded.call, person, try funded.call.answered(by: .voicemail, at: Self.answered).get()] {
            #expect(try call.settled(end, on: funded.balance).get().charge.total == Money(19_900, .rub))
        }
        let none = try funded.call.settled(.notPutThrough, on: funded.balance).get()
        #expect(none.charge.total == Money(0, .rub) && none.released == Money(19_900, .rub))
        #expect(Self.reason(person.settled(.notPutThrough, on: funded.balance)) == .wrongState)
        let terms = funded.call.terms
        let poor = try Self.roubles(19_899)
        #expect(
            Self.reason(MeteredCall.authorise(terms, on: poor, minimum: .zero, at: Self.began))
                == .insufficientFunds)
    }

    @Test("D3 a lost end is settled at the last moment that the switch confirmed")
    func lost() throws {
        let funded = try Self.authorised(Self.roubles(48_000))
        var call = try funded.call.answered(by: .person, at: Self.answered).get()
        for seconds in [30, 60, 61] as [Int64] {
            call = try call.confirmed(at: Self.answered + .seconds(seconds)).get()
        }
        let settlement = try call.settled(.lost, on: funded.balance).get()
        #expect(settlement.charge.total == Money(9_600, .rub) && settlement.length == .seconds(61))
    }

    /// The start, and the charged length of a call announced after 5 s, answered after 8 s, ended after 100 s.
    static let starts: [(ChargingStart, Int64)] = [
        (ChargingStart(at: .announcement), 95), (ChargingStart(at: .conversation), 92),
        (ChargingStart(at: .announcement, after: .tenSeconds), 85),
        (ChargingStart(at: .announcement, after: .twentySeconds), 75),
        (ChargingStart(at: .announcement, after: .thirtySeconds), 65),
        (ChargingStart(at: .conversation, after: .tenSeconds), 82),
        (ChargingStart(at: .conversation, after: .twentySeconds), 72),
        (ChargingStart(at: .conversation, after: .thirtySeconds), 62),
    ]

    @Test(
        "E4 charging starts at the announcement or the conversation, or up to 30 seconds later",
        arguments: starts)
    func starting(_ row: (start: ChargingStart, seconds: Int64)) throws {
        var tariff = SampleTariff.prepaidLine
        tariff.start = row.start
        // A minor unit a second.
        tariff.rates = CallRates(all: 60_000)
        let balance = try #require(PrepaidBalance(.eur, paid: 10_000))
        let funded = try Self.authorised(balance, tariff)
        #expect(funded.call.countedFrom == nil && funded.call.moneyEnds(with: funded.balance) == nil)
        let call = try funded.call.announced(at: Self.began + .seconds(5))
            .flatMap { $0.answered(by: .person, at: Self.answered) }.get()
        let end = CallEnd.hungUp(at: Self.began + .seconds(100))
        let settlement = try call.settled(end, on: funded.balance).get()
        #expect(settlement.charge.total == Money(row.seconds, .eur))
        let from = row.start.moment == .announcement ? Self.began + .seconds(5) : Self.answered
        #expect(settlement.chargingBegan == from + .seconds(Int64(row.start.delay.rawValue)))
        // Without an announcement the conversation counts; with nobody there, nothing does.
        let unannounced = try funded.call.answered(by: .person, at: Self.answered).get()
        #expect(unannounced.countedFrom == Self.answered)
        let unanswered = try funded.call.announced(at: Self.began + .seconds(5)).get()
        #expect(try unanswered.settled(end, on: funded.balance).get().charge.total.minor == 0)
    }

    @Test("E3 the end of the money is known, with all that is free and without what is owed")
    func endOfMoney() throws {
        let balance = try #require(PrepaidBalance(.rub, paid: 48_000 + 4_800 * 3 + 100))
        let funded = try Self.authorised(balance)
        let call = try funded.call.answered(by: .person, at: Self.answered).get()
        #expect(call.moneyEnds(with: funded.balance) == Self.answered + .minutes(13))
        let (owing, _) = try funded.balance.chargedBack(Money(20_000, .rub)).get()
        #expect(call.moneyEnds(with: owing) == Self.answered + .minutes(10))
        let rich = try #require(PrepaidBalance(.rub, paid: 48_000 * 2 + 4_800))
        let second = try Self.authorised(Self.authorised(rich).balance)
        #expect(call.moneyEnds(with: second.balance) == Self.answered + .minutes(11), "not the other call's")
    }

    @Test("D3 reports that cannot be are refused and change nothing; repeated ones do nothing")
    func badReports() throws {
        let funded = try Self.authorised(Self.roubles(48_000))
        let call = try funded.call.announced(at: Self.began + .seconds(5))
            .flatMap { $0.answered(by: .person, at: Self.answered) }
            .flatMap { $0.confirmed(at: Self.answered + .seconds(60)) }.get()
        // Again, as it was.
        #expect(try call.announced(at: Self.began + .seconds(5)).get() == call)
        #expect(try call.answered(by: .person, at: Self.answered).get() == call)
        // Otherwise than it was.
        #expect(Self.reason(call.announced(at: Self.answered + .seconds(61))) == .wrongState)
        #expect(Self.reason(call.answered(by: .person, at: Self.answered + .seconds(61))) == .wrongState)
        #expect(Self.reason(call.answered(by: .nobody, at: Self.answered + .seconds(61))) == .wrongState)
        // Ended before answered, before what was confirmed, and never.
        for moment in [Self.began, Self.answered - Duration64(microseconds: 1), Self.answered + .seconds(59)]
        {
            #expect(Self.reason(call.settled(.hungUp(at: moment), on: funded.balance)) == .invalidValue)
            #expect(Self.reason(call.confirmed(at: moment)) == .invalidValue)
        }
        for moment in [
            Self.began + .days(1) + Duration64(microseconds: 1), .distantFuture, Instant(microseconds: .max),
            Instant(microseconds: .min),
        ] {
            #expect(Self.reason(call.settled(.hungUp(at: moment), on: funded.balance)) == .invalidValue)
            #expect(
                Self.reason(call.settled(.soldToAnother(at: moment), on: funded.balance)) == .invalidValue)
            #expect(Self.reason(call.confirmed(at: moment)) == .invalidValue)
            #expect(Self.reason(funded.call.answered(by: .person, at: moment)) == .invalidValue)
            #expect(Self.reason(funded.call.announced(at: moment)) == .invalidValue)
        }
        #expect(throws: Never.self) {
            try call.settled(.hungUp(at: Self.began + .days(1)), on: funded.balance).get()
        }
        // A voicemail that was taken for a person, but not the other way round.
        let voicemail = try call.answered(by: .voicemail, at: Self.answered + .seconds(70)).get()
        #expect(voicemail.answer == .voicemail && voicemail.answeredAt == Self.answered)
        #expect(Self.reason(voicemail.answered(by: .person, at: Self.answered + .seconds(80))) == .wrongState)
        // Somebody else's balance.
        let other = try Self.roubles(48_000)
        #expect(Self.reason(call.settled(.lost, on: other)) == .amountOutOfRange)
        let euros = try #require(PrepaidBalance(.eur, paid: 48_000, reserved: 48_000))
        #expect(Self.reason(call.settled(.lost, on: euros)) == .wrongCurrency)
        // Settled twice, the second end finds no reserve.
        let settled = try call.settled(.lost, on: funded.balance).get()
        #expect(Self.reason(call.settled(.lost, on: settled.balance)) == .amountOutOfRange)
    }

    @Test("E7 a first-time caller's benefit begins with the first charged call and lasts a set time")
    func firstCaller() throws {
        let terms = FirstCallerTerms(period: .days(7), benefit: .rates(CallRates(all: 1_000)))
        #expect(FirstCaller.new.benefit(under: terms, at: Self.began) == terms.benefit)
        let funded = try Self.authorised(Self.roubles(50_000), SampleTariff.preliminaryCall, terms.benefit)
        let unanswered = try funded.call.settled(.lost, on: funded.balance).get()
        #expect(FirstCaller.new.settled(funded.call.terms, unanswered) == .new)
        let call = try funded.call.answered(by: .person, at: Self.answered).get()
        let end = CallEnd.hungUp(at: Self.answered + .minutes(2))
        let settlement = try call.settled(end, on: funded.balance).get()
        let caller = FirstCaller.new.begun(call.terms).settled(call.terms, settlement)
        #expect(caller == FirstCaller(firstChargedAt: Self.answered, freeSecondsTaken: 0))
        let over = Self.answered + .days(7)
        #expect(caller.benefit(under: terms, at: over - Duration64(microseconds: 1)) == terms.benefit)
        #expect(caller.benefit(under: terms, at: over) == nil)
    }

    @Test("E7 a call that ends before charging begins does not begin the period", arguments: [0, 1, 10])
    func tooShort(seconds: Int64) throws {
        var tariff = SampleTariff.prepaidLine
        tariff.start = ChargingStart(at: .conversation, after: .tenSeconds)
        let funded = try Self.authorised(try #require(PrepaidBalance(.eur, paid: 10_000)), tariff)
        let call = try funded.call.answered(by: .person, at: Self.answered).get()
        let end = Self.answered + .seconds(seconds)
        let short = try call.settled(.hungUp(at: end), on: funded.balance).get()
        #expect(short.chargingBegan == nil && short.charge.total.minor == 0)
        #expect(FirstCaller.new.settled(call.terms, short) == .new)
        let later = max(end, Self.answered + .seconds(10)) + Duration64(microseconds: 1)
        let longer = try call.settled(.hungUp(at: later), on: funded.balance).get()
        #expect(longer.chargingBegan == Self.answered + .seconds(10) && longer.charge.total.minor == 3)
    }

    @Test("E7 free seconds are used once, by however many calls, and given back where they were not")
    func freeSeconds() throws {
        let terms = FirstCallerTerms(period: .days(7), benefit: .freeSeconds(300))
        let benefit = FirstCaller.new.benefit(under: terms, at: Self.began)
        #expect(benefit == .freeSeconds(300))
        let funded = try Self.authorised(Self.roubles(50_000), SampleTariff.preliminaryCall, benefit)
        #expect(funded.call.longest == .minutes(15))
        let calling = FirstCaller.new.begun(funded.call.terms)
        #expect(calling.benefit(under: terms, at: Self.began) == nil, "a second call at once gets none")
        let call = try funded.call.answered(by: .person, at: Self.answered).get()
        let end = CallEnd.hungUp(at: Self.answered + Duration64(microseconds: 100_000_001))
        let settlement = try call.settled(end, on: funded.balance).get()
        #expect(settlement.charge.total.minor == 0 && settlement.freeSecondsUsed == 101)
        let caller = calling.settled(call.terms, settlement)
        #expect(caller == FirstCaller(firstChargedAt: Self.answered, freeSecondsTaken: 101))
        #expect(caller.benefit(under: terms, at: Self.answered + .days(1)) == .freeSeconds(199))
        #expect(caller.benefit(under: terms, at: Self.answered + .days(7)) == nil)
        let unanswered = try funded.call.settled(.lost, on: funded.balance).get()
        #expect(calling.settled(funded.call.terms, unanswered) == .new)
    }
}
