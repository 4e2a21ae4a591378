import Kernel
import Testing
import Wire

@Suite("Times from text")
struct InstantTextTests {
    @Test(
        "RFC 3339 in UTC is read and written",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-03-02T09:00:00Z", 1_772_442_000_000_000),
            ("2024-02-29T23:59:59.5Z", 1_709_251_199_500_000), ("1969-12-31T23:59:59.999999Z", -1),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
            ("9999-12-31T23:59:59.000001Z", 253_402_300_799_000_001),
        ])
    func readAndWritten(text: String, microseconds: Int64) throws {
        let instant = try #require(Instant(iso8601: text))
        #expect(instant.microseconds == microseconds)
        #expect(Instant(iso8601: instant.iso8601) == instant)
    }

    @Test(
        "anything else is nothing, never a trap",
        arguments: [
            "", "Z", "T", "2026", "2026-03-02", "2026-03-02T09:00:00", "2026-03-02T09:00:00+01:00",
            "2026-03-02 09:00:00Z", "2026/03/02T09:00:00Z", "2026-03-02T09.00.00Z", "2026-3-2T09:00:00Z",
            "+026-03-02T09:00:00Z", "-026-03-02T09:00:00Z", "2026-+3-02T09:00:00Z", "2026-03-02T-1:00:00Z",
            "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-02-31T00:00:00Z", "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-01-32T00:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z", "2026-03-02T09:00:60Z",
            "2026-03-02T09:00:00.Z", "2026-03-02T09:00:00.1234567Z", "2026-03-02T09:00:00.+1Z",
            "2026-03-02T09:00:00,5Z", "2026-03-02T09:00:00.٣Z", "٢٠٢٦-03-02T09:00Z", "éééééééééé",
            "2026-03-02T09:00:00ZZ", "ZZZZZZZZZZZZZZZZZZZZ", "----------T--------Z", "2026-03-02T09:00:0éZ",
            String(repeating: "9", count: 100_000),
        ])
    func garbage(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test(
        "JSON holds every instant",
        arguments: [
            Int64.min, -1, 0, 1, Instant.distantFuture.microseconds, .max, -62_167_219_200_000_001,
            253_402_300_800_000_000,
        ])
    func everyInstant(microseconds: Int64) throws {
        let instant = Instant(microseconds: microseconds)
        #expect(try Instant.fromJSON(instant.json(.plain), .plain) == instant)
    }

    @Test("a moment and a duration add up without a trap at the ends of time")
    func saturation() {
        let last = Instant(microseconds: .max)
        let first = Instant(microseconds: .min)
        #expect(last + .days(1) == last)
        #expect(first - .days(1) == first)
        #expect(first + Duration64(microseconds: .min) == first)
        #expect(last - Duration64(microseconds: .min) == last)
        #expect((last - first).microseconds == .max)
        #expect((first - last).microseconds == .min)
    }
}

@Suite("Durations from text")
struct DurationTextTests {
    @Test(
        "a number and a unit",
        arguments: [
            ("7d", Duration64.days(7)), ("48h", .hours(48)), ("30m", .minutes(30)), ("20s", .seconds(20)),
            ("5ms", .milliseconds(5)), ("0d", .zero), ("007s", .seconds(7)),
            ("106751991d", .days(106_751_991)),
        ])
    func read(text: String, duration: Duration64) {
        #expect(Duration64(parsing: text) == duration)
    }

    @Test(
        "anything else, and what does not fit, is nothing",
        arguments: [
            "", "d", "7", "7 d", " 7d", "7days", "-7d", "+7d", "7.5d", "٧d", "7٧d", "½h", "106751992d",
            "999999999d", "9223372036854775807s", "18446744073709551616ms", "7dd", "7D",
        ])
    func garbage(text: String) {
        #expect(Duration64(parsing: text) == nil)
    }
}

@Suite("Money from text")
struct MoneyTextTests {
    @Test(
        "an amount and a currency",
        arguments: [
            ("12.50EUR", Money(1_250, .eur)), ("12 EUR", Money(1_200, .eur)), ("-3.5EUR", Money(-350, .eur)),
            ("0.01USD", Money(1, .usd)), ("0EUR", Money(0, .eur)),
            ("92233720368547758.07RUB", Money(.max, .rub)),
        ])
    func read(text: String, money: Money) {
        #expect(Money(parsing: text) == money)
    }

    @Test("what is written is read again", arguments: [Int64.max, -Int64.max, 0, 1, -1, 99, -100])
    func written(minor: Int64) {
        let money = Money(minor, .eur)
        #expect(Money(parsing: money.description) == money)
    }

    @Test(
        "anything else, and what does not fit, is nothing",
        arguments: [
            "", "EUR", "12", "12.50", "12.50eur", "12.505EUR", "12.EUR", ".5EUR", "+12EUR", "-+12EUR",
            "1.+5EUR", "1.-5EUR", "--1EUR", "1,50EUR", "1 2EUR", "12.5.0EUR", "٣EUR", "12€UR", "-EUR",
            "92233720368547758.08EUR", "922337203685477580700EUR", "9223372036854775807EUR", "1e5EUR",
            String(repeating: "9", count: 100_000) + "EUR",
        ])
    func garbage(text: String) {
        #expect(Money(parsing: text) == nil)
    }

    @Test("arithmetic that does not fit, or mixes currencies, is nothing")
    func arithmetic() {
        #expect(Money(.max, .eur).adding(Money(1, .eur)) == nil)
        #expect(Money(.min, .eur).subtracting(Money(1, .eur)) == nil)
        #expect(Money(1, .eur).adding(Money(1, .usd)) == nil)
        #expect(Money(1, .eur).subtracting(Money(1, .usd)) == nil)
        #expect(Money(.max, .eur).portion(BasisPoints(10_001)) == nil)
        #expect(Money(.max, .eur).portion(BasisPoints(10_000)) == Money(.max, .eur))
    }

    @Test(
        "a share is rounded half away from zero",
        arguments: [(50, 100, 1), (49, 100, 0), (-50, 100, -1), (-49, 100, 0), (1_000, 1_900, 190)])
    func portions(minor: Int64, share: Int32, result: Int64) {
        #expect(Money(minor, .eur).portion(BasisPoints(share)) == Money(result, .eur))
    }
}

@Suite("Days of the calendar")
struct CivilDateTests {
    @Test("a day becomes its number and back, over eight centuries")
    func numbers() {
        for number in stride(from: -150_000, to: 150_000, by: 1) {
            let date = CivilDate(daysSinceEpoch: number)
            guard date.daysSinceEpoch == number, date.isValid else {
                Issue.record("\(number) becomes \(date)")
                return
            }
        }
    }

    @Test(
        "days that the calendar does not have",
        arguments: [(2026, 2, 29), (2026, 2, 31), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0)])
    func invalid(year: Int, month: Int, day: Int) {
        #expect(!CivilDate(year: year, month: month, day: day).isValid)
    }

    @Test("1970-01-01 was a Thursday, 2000-02-29 a Tuesday")
    func weekdays() {
        #expect(CivilDate(year: 1970, month: 1, day: 1).weekday == 4)
        #expect(CivilDate(year: 2000, month: 2, day: 29).weekday == 2)
        #expect(CivilDate(year: 1969, month: 12, day: 28).weekday == 7)
    }
}
