import Kernel
import Messages
import Testing
import WalletRules

/// Tariffs that the tests share.
enum SampleTariff {
    /// Section D: 48.00 a minute, by the minute, from the conversation on.
    static let preliminaryCall = Tariff(
        version: 3, currency: .rub, rates: CallRates(all: 4_800_000), increments: .minutes)
    /// Section E: 1.99 from a landline and 2.99 from a mobile, by the second.
    static let prepaidLine = Tariff(
        version: 1, currency: .eur,
        rates: CallRates(landline: 199_000, mobile: 299_000, other: 399_000), increments: .seconds)
    /// D3's old model: 199.00 for the attempt.
    static let attempt = Tariff(
        version: 1, currency: .rub, attemptFee: 19_900, rates: CallRates(all: 0), increments: .minutes)

    static func terms(
        _ tariff: Tariff, _ line: LineType = .landline, _ benefit: FirstCallerTerms.Benefit? = nil
    ) throws -> CallTerms {
        try tariff.terms(for: line, benefit: benefit).get()
    }
}

@Suite("Tariffs") struct TariffTests {
    static func tariff(
        perMinute: Int64, _ first: UInt32, _ next: UInt32, connect: Int64 = 0, attempt: Int64 = 0,
        _ delay: ChargingStart.Delay = .none
    ) -> Tariff {
        Tariff(
            version: 1, currency: .eur, attemptFee: attempt,
            rates: CallRates(connectFee: connect, all: perMinute),
            increments: Increments(first: first, next: next),
            start: ChargingStart(at: .conversation, after: delay))
    }

    /// Tariff, length in microseconds, charge in minor units, billed seconds.
    static let charges: [(Tariff, Int64, Int64, Int64)] = [
        // 60/60 at 48.00: every minute begun.
        (tariff(perMinute: 4_800_000, 60, 60), 0, 0, 0),
        (tariff(perMinute: 4_800_000, 60, 60), 1, 4_800, 60),
        (tariff(perMinute: 4_800_000, 60, 60), 59_999_999, 4_800, 60),
        (tariff(perMinute: 4_800_000, 60, 60), 60_000_000, 4_800, 60),
        (tariff(perMinute: 4_800_000, 60, 60), 60_000_001, 9_600, 120),
        (tariff(perMinute: 4_800_000, 60, 60), 61_000_000, 9_600, 120),
        (tariff(perMinute: 4_800_000, 60, 60), 120_000_000, 9_600, 120),
        (tariff(perMinute: 4_800_000, 60, 60), 120_000_001, 14_400, 180),
        // 1/1 at 1.99: 3.3166… ct a second, rounded once.
        (tariff(perMinute: 199_000, 1, 1), 1, 3, 1), (tariff(perMinute: 199_000, 1, 1), 1_000_000, 3, 1),
        (tariff(perMinute: 199_000, 1, 1), 1_000_001, 7, 2),
        (tariff(perMinute: 199_000, 1, 1), 3_000_000, 10, 3),
        (tariff(perMinute: 199_000, 1, 1), 60_000_000, 199, 60),
        (tariff(perMinute: 199_000, 1, 1), 600_000_000, 1_990, 600),
        // Half a minor unit is rounded up, a little less is not.
        (tariff(perMinute: 30_000, 1, 1), 1_000_000, 1, 1),
        (tariff(perMinute: 29_999, 1, 1), 1_000_000, 0, 1),
        (tariff(perMinute: 1_900, 60, 60), 60_000_000, 2, 60),
        (tariff(perMinute: 1_900, 60, 60), 600_000_000, 19, 600),
        // 30/6 with a connect fee, which falls due with the first increment.
        (tariff(perMinute: 60_000, 30, 6, connect: 15), 0, 0, 0),
        (tariff(perMinute: 60_000, 30, 6, connect: 15), 1, 45, 30),
        (tariff(perMinute: 60_000, 30, 6, connect: 15), 30_000_000, 45, 30),
        (tariff(perMinute: 60_000, 30, 6, connect: 15), 30_000_001, 51, 36),
        (tariff(perMinute: 60_000, 30, 6, connect: 15), 36_000_000, 51, 36),
        (tariff(perMinute: 60_000, 30, 6, connect: 15), 36_000_001, 57, 42),
        // After 20 seconds.
        (tariff(perMinute: 60_000, 60, 60, connect: 15, .twentySeconds), 20_000_000, 0, 0),
        (tariff(perMinute: 60_000, 60, 60, connect: 15, .twentySeconds), 20_000_001, 75, 60),
        (tariff(perMinute: 60_000, 60, 60, connect: 15, .twentySeconds), 80_000_000, 75, 60),
        (tariff(perMinute: 60_000, 60, 60, connect: 15, .twentySeconds), 80_000_001, 135, 120),
        // The attempt, whatever came of it.
        (tariff(perMinute: 0, 60, 60, attempt: 19_900), 0, 19_900, 0),
        (tariff(perMinute: 0, 60, 60, attempt: 19_900), 600_000_000, 19_900, 600),
    ]

    @Test("E5 every increment begun is charged, to the microsecond", arguments: charges)
    func increments(_ row: (tariff: Tariff, length: Int64, minor: Int64, seconds: Int64)) throws {
        let charge = try SampleTariff.terms(row.tariff).charge(for: Duration64(microseconds: row.length))
            .get()
        #expect(charge.total == Money(row.minor, .eur))
        #expect(charge.billedSeconds == row.seconds)
        #expect(
            charge.total.minor == charge.attemptFee.minor + charge.connectFee.minor + charge.usage.minor)
    }

    /// Length in microseconds and billed seconds under 30/6 where the started increment is forgiven.
    static let forgiven: [(Int64, Int64)] = [
        (0, 0), (1, 0), (29_999_999, 0), (30_000_000, 30), (30_000_001, 30), (35_999_999, 30),
        (36_000_000, 36), (36_000_001, 36),
    ]

    @Test("D7 the started increment is not charged where somebody else bought the lead", arguments: forgiven)
    func forgiving(_ row: (length: Int64, seconds: Int64)) throws {
        let terms = try SampleTariff.terms(Self.tariff(perMinute: 60_000, 30, 6, connect: 15))
        let length = Duration64(microseconds: row.length)
        let charge = try terms.charge(for: length, startedIncrement: .forgiven).get()
        #expect(charge.billedSeconds == row.seconds)
        #expect(charge.total.minor == (row.seconds == 0 ? 0 : 15 + row.seconds))
    }

    @Test("E6 the price differs by the caller's line, and a call keeps its version")
    func lines() throws {
        let minute = Duration64.minutes(1)
        for (line, minor) in [(LineType.landline, 199), (.mobile, 299), (.other, 399)] as [(LineType, Int64)]
        {
            let terms = try SampleTariff.terms(SampleTariff.prepaidLine, line)
            #expect(try terms.charge(for: minute).get().total == Money(minor, .eur))
            #expect(terms.version == 1)
        }
    }

    @Test("E3 the minutes that money lasts for are whole ones, and its price can be asked beforehand")
    func enquiry() throws {
        let terms = try SampleTariff.terms(SampleTariff.prepaidLine)
        #expect(terms.minutes(for: Money(199, .eur)) == 1)
        #expect(terms.minutes(for: Money(397, .eur)) == 1)
        #expect(terms.minutes(for: Money(398, .eur)) == 2)
        #expect(terms.minutes(for: Money(0, .eur)) == 0)
        #expect(terms.minutes(for: Money(10_000, .usd)) == 0)
        #expect(try terms.cost(ofCharged: .minutes(3)).get() == Money(597, .eur))
        #expect(terms.maximumCost == Money(199 * 240, .eur))
        #expect(try terms.cost(ofCharged: .days(365)).get() == terms.maximumCost)
        #expect(throws: Refusal.self) { try terms.cost(ofCharged: Duration64(microseconds: -1)).get() }
        let delayed = try SampleTariff.terms(Self.tariff(perMinute: 60_000, 60, 60, .thirtySeconds))
        #expect(delayed.leadIn == .seconds(30))
        #expect(try delayed.cost(ofCharged: .minutes(10)).get() == Money(600, .eur))
        #expect(delayed.longest(for: Money(600, .eur)) == .seconds(630))
    }

    @Test("E7 free seconds come before the first increment, another price replaces the tariff's")
    func benefits() throws {
        let tariff = Self.tariff(perMinute: 60_000, 60, 60, connect: 15, .tenSeconds)
        let free = try SampleTariff.terms(tariff, .mobile, .freeSeconds(120))
        #expect(free.leadIn == .seconds(130))
        #expect(try free.charge(for: .seconds(130)).get().total.minor == 0)
        #expect(try free.charge(for: Duration64(microseconds: 130_000_001)).get().total.minor == 75)
        for (length, used) in [(0, 0), (10_000_000, 0), (10_000_001, 1), (11_000_000, 1), (11_000_001, 2)]
            + [(129_999_999, 120), (130_000_000, 120), (900_000_000, 120)] as [(Int64, UInt32)]
        {
            #expect(free.freeSecondsUsed(by: Duration64(microseconds: length)) == used, "\(length)")
        }
        let cheap = try SampleTariff.terms(
            tariff, .mobile, .rates(CallRates(landline: 0, mobile: 6_000, other: 0)))
        #expect(try cheap.charge(for: .seconds(70)).get().total.minor == 6)
        #expect(cheap.connectFee == 0 && cheap.freeSeconds == 0)
    }

    static let faults: [(String, RefusalCode, @Sendable (inout Tariff) -> Void)] = [
        ("no currency", .invalidValue, { $0.currency = .none }),
        ("first increment 0", .invalidValue, { $0.increments.first = 0 }),
        ("next increment 0", .invalidValue, { $0.increments.next = 0 }),
        ("increment of more than an hour", .invalidValue, { $0.increments.next = 3_601 }),
        ("call of less than a minute", .invalidValue, { $0.longestCallSeconds = 59 }),
        ("call of more than twelve hours", .invalidValue, { $0.longestCallSeconds = 43_201 }),
        ("negative fee", .amountOutOfRange, { $0.attemptFee = -1 }),
        ("negative price", .amountOutOfRange, { $0.rates.other = -1 }),
        ("price that overflows", .amountOutOfRange, { $0.rates.mobile = .max }),
        ("connect fee that overflows", .amountOutOfRange, { $0.rates.connectFee = .max }),
        ("attempt fee that overflows", .amountOutOfRange, { $0.attemptFee = .min }),
        (
            "a longest call dearer than a payment", .amountOutOfRange,
            {
                $0.rates.landline = 1_000_000_000_000
                $0.rates.connectFee = 1_000_000_000_000
            }
        ),
        (
            "no free seconds", .invalidValue,
            { $0.firstCaller = FirstCallerTerms(period: .days(1), benefit: .freeSeconds(0)) }
        ),
        (
            "free seconds without end", .invalidValue,
            { $0.firstCaller = FirstCallerTerms(period: .days(1), benefit: .freeSeconds(.max)) }
        ),
        (
            "no period", .invalidValue,
            { $0.firstCaller = FirstCallerTerms(period: .zero, benefit: .freeSeconds(60)) }
        ),
        (
            "a period of more than ten years", .invalidValue,
            { $0.firstCaller = FirstCallerTerms(period: .days(3_651), benefit: .freeSeconds(60)) }
        ),
        (
            "a first caller's price that overflows", .amountOutOfRange,
            { $0.firstCaller = FirstCallerTerms(period: .days(1), benefit: .rates(CallRates(all: .max))) }
        ),
    ]

    @Test("E6 a tariff outside its ranges is refused, and no charge overflows", arguments: faults.indices)
    func refused(index: Int) {
        let fault = Self.faults[index]
        var tariff = SampleTariff.prepaidLine
        #expect(tariff.refusal == nil)
        fault.2(&tariff)
        guard case .failure(let refusal) = tariff.terms(for: .landline) else {
            Issue.record("\(fault.0) is taken")
            return
        }
        #expect(refusal.reason == fault.1, "\(fault.0)")
    }

    @Test("E7 a benefit that no tariff could give is refused")
    func refusedBenefits() {
        for benefit in [
            FirstCallerTerms.Benefit.freeSeconds(43_201), .rates(CallRates(all: -1)),
            .rates(CallRates(all: .max)),
        ] {
            #expect(throws: Refusal.self) {
                try SampleTariff.prepaidLine.terms(for: .mobile, benefit: benefit).get()
            }
        }
    }

    @Test("D3 lengths that no call has are refused")
    func lengths() throws {
        let terms = try SampleTariff.terms(SampleTariff.prepaidLine)
        for microseconds in [Int64.min, -1, terms.longestCall.microseconds + 1, .max] {
            let length = Duration64(microseconds: microseconds)
            guard case .failure(let refusal) = terms.charge(for: length) else {
                Issue.record("\(microseconds) is charged")
                continue
            }
            #expect(refusal.reason == .invalidValue)
            #expect(throws: Refusal.self) { try terms.charge(from: .zero, to: length).get() }
        }
        #expect(throws: Refusal.self) { try terms.charge(from: .seconds(2), to: .seconds(1)).get() }
        #expect(try terms.charge(from: .seconds(2), to: .seconds(2)).get().minor == 0)
    }
}
