import Kernel
import Testing

@Suite struct LocalTextTests {
    static let berlin = LocalZone(minutes: 60, summerTime: true)

    /// No-break spaces are written as `_`.
    static let amounts: [(Language, Money, String)] = [
        (.german, Money(123_456, .eur), "1.234,56_€"),
        (.german, Money(-5, .eur), "-0,05_€"),
        (.german, Money(100_000_000, .rub), "1.000.000,00_₽"),
        (.english, Money(123_456, .eur), "€1,234.56"),
        (.english, Money(-123_456, .usd), "-$1,234.56"),
        (.english, Money(99_900, Currency("CHF") ?? .none), "CHF_999.00"),
        (.russian, Money(123_456, .rub), "1_234,56_₽"),
        (.russian, Money(.min, .eur), "-92_233_720_368_547_758,08_€"),
    ]

    @Test("F8 money is written in the party's format", arguments: amounts)
    func money(_ row: (language: Language, money: Money, text: String)) {
        #expect(row.language.text(row.money) == spaced(row.text))
    }

    @Test("F8 shares are written in the party's format")
    func shares() {
        #expect(Language.german.text(BasisPoints(1_900)) == spaced("19_%"))
        #expect(Language.german.text(BasisPoints(750)) == spaced("7,5_%"))
        #expect(Language.english.text(BasisPoints(1_925)) == "19.25%")
    }

    static let times: [(Language, String, String)] = [
        (.german, "2026-03-02T13:05:00Z", "02.03.2026, 14:05_Uhr"),
        (.english, "2026-03-02T13:05:00Z", "2 March 2026, 14:05"),
        (.russian, "2026-03-02T13:05:00Z", "02.03.2026, 14:05"),
        (.german, "2026-12-31T23:30:00Z", "01.01.2027, 00:30_Uhr"),
    ]

    @Test("F8 dates are written in the party's format and the marketplace's time", arguments: times)
    func dates(_ row: (language: Language, instant: String, text: String)) throws {
        let instant = try #require(Instant(iso8601: row.instant))
        #expect(row.language.text(instant, in: Self.berlin) == spaced(row.text))
    }

    /// The last second before and the first after each change of 2026 and 2027, and the year's ends.
    static let offsets: [(String, Int64)] = [
        ("2026-01-01T00:00:00Z", 60), ("2026-03-29T00:59:59Z", 60), ("2026-03-29T01:00:00Z", 120),
        ("2026-10-25T00:59:59Z", 120), ("2026-10-25T01:00:00Z", 60), ("2026-12-31T23:59:59Z", 60),
        ("2027-03-28T00:59:59Z", 60), ("2027-03-28T01:00:00Z", 120), ("2027-10-31T00:59:59Z", 120),
        ("2027-10-31T01:00:00Z", 60),
    ]

    @Test("F8 European summer time begins and ends on the last Sundays, 01:00 UTC", arguments: offsets)
    func summerTime(_ row: (instant: String, minutes: Int64)) throws {
        let instant = try #require(Instant(iso8601: row.instant))
        #expect(Self.berlin.offset(at: instant) == .minutes(row.minutes))
    }

    @Test("F8 a local day begins at its own midnight, also around the changes")
    func startOfDay() {
        for day in [28, 29, 30] {
            let date = CivilDate(year: 2026, month: 3, day: day)
            let local = Self.berlin.wall(Self.berlin.start(of: date))
            #expect(local.date == date)
            #expect(local.microseconds == 0)
        }
        #expect(
            Self.berlin.start(of: CivilDate(year: 2026, month: 3, day: 30)).iso8601 == "2026-03-29T22:00:00Z")
    }

    private func spaced(_ text: String) -> String {
        text.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "\u{a0}")
    }
}
