import Foundation
import Kernel
import Testing
import Wire

@Suite("Working calendar") struct WorkingCalendarTests {
    static let berlin = LocalZone(minutes: 60, summerTime: true)
    static let states: [(code: String, region: HolidayRegion)] = [
        ("BB", .brandenburg), ("BE", .berlin), ("BW", .badenWuerttemberg), ("BY", .bavaria), ("HB", .bremen),
        ("HE", .hesse), ("HH", .hamburg), ("MV", .mecklenburgWesternPomerania), ("NI", .lowerSaxony),
        ("NW", .northRhineWestphalia), ("RP", .rhinelandPalatinate), ("SH", .schleswigHolstein),
        ("SL", .saarland), ("SN", .saxony), ("ST", .saxonyAnhalt), ("TH", .thuringia),
    ]

    static func calendar(_ region: HolidayRegion, _ week: Weekdays = .mondayToSaturday) -> WorkingCalendar {
        WorkingCalendar(week: week, region: region, zone: berlin)
    }

    /// The lines of a table that `Tests/CalendarPython` writes.
    static func table(_ name: String) throws -> [[String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../CalendarPython/\(name)").standardizedFileURL
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: " ").map(String.init)
        }
    }

    static func date(_ text: String) throws -> CivilDate {
        try #require(Instant(iso8601: text + "T00:00:00Z")).utcDay.date
    }

    /// The days of 2020, a year in which Berlin kept a day that no other did.
    static let leapYear: Range<Int> = {
        let first = CivilDate(year: 2_020, month: 1, day: 1).daysSinceEpoch
        return first..<first + 366
    }()

    @Test("C3 every state's holidays from 1995 to 2060 are those of the Python package holidays")
    func everyHoliday() throws {
        let rows = try Self.table("holidays.txt")
        #expect(rows.count > 1_000)
        var expected: [String: Set<CivilDate>] = [:]
        for row in rows {
            let date = try Self.date(row[0])
            let codes = row[1] == "all" ? Self.states.map(\.code) + ["all"] : Array(row.dropFirst())
            for code in codes { expected[code, default: []].insert(date) }
        }
        for (code, region) in Self.states + [("all", .germany)] {
            let found = (1_995...2_060).flatMap { region.holidays(in: $0) }
            #expect(Set(found.map(\.date)) == expected[code], "\(code)")
            #expect(found.map(\.date) == found.map(\.date).sorted(), "\(code)")
            for number in Self.leapYear {
                let date = CivilDate(daysSinceEpoch: number)
                #expect(region.isHoliday(date) == (expected[code]?.contains(date) == true), "\(code) \(date)")
            }
        }
        #expect((1_995...2_060).allSatisfy { HolidayRegion.none.holidays(in: $0).isEmpty })
    }

    @Test("C3 terms end when Python's calendar and zone database say they do")
    func everyDeadline() throws {
        let rows = try Self.table("deadlines.txt")
        #expect(rows.count == 400)
        for row in rows {
            let region = Self.states.first { $0.code == row[0] }?.region ?? .germany
            let calendar = Self.calendar(region, row[1] == "5" ? .mondayToFriday : .mondayToSaturday)
            let event = try #require(Instant(iso8601: row[3]))
            let deadline = calendar.adding(workingDays: try #require(UInt8(row[2])), to: event)
            #expect(deadline.iso8601 == row[4], "\(row.joined(separator: " "))")
        }
    }

    /// Days, regions, and what is kept there.
    static let named: [(String, HolidayRegion, [Holiday])] = [
        ("2008-05-01", .germany, [.labourDay, .ascension]), ("2017-10-31", .berlin, [.reformation]),
        ("2016-10-31", .hamburg, []), ("2018-10-31", .hamburg, [.reformation]),
        ("2018-10-31", .bavaria, []), ("2018-03-08", .berlin, []), ("2019-03-08", .berlin, [.womensDay]),
        ("2022-03-08", .mecklenburgWesternPomerania, []),
        ("2023-03-08", .mecklenburgWesternPomerania, [.womensDay]), ("2020-05-08", .berlin, [.liberationDay]),
        ("2020-05-08", .germany, []), ("2021-05-08", .berlin, []), ("2025-05-08", .berlin, [.liberationDay]),
        ("2028-06-17", .berlin, [.uprisingOf1953]), ("2019-09-20", .thuringia, [.childrensDay]),
        ("2018-09-20", .thuringia, []), ("2026-11-18", .saxony, [.repentance]), ("2026-11-18", .bavaria, []),
        ("1994-12-25", .germany, []), ("1995-12-25", .germany, [.christmas]),
    ]

    @Test("C3 holidays came, went and were kept once", arguments: named)
    func kept(_ row: (day: String, region: HolidayRegion, holidays: [Holiday])) throws {
        #expect(row.region.holidays(on: try Self.date(row.day)) == row.holidays)
    }

    @Test("F8 every holiday has a name of its own in each language")
    func names() {
        for language in Language.allCases {
            let names = Holiday.allCases.map { $0.name(in: language) }
            #expect(Set(names).count == Holiday.allCases.count && !names.contains(""))
        }
        #expect(Holiday.repentance.name(in: .german) == "Buß- und Bettag")
        #expect(Holiday.repentance.name(in: .english) == "Day of Repentance and Prayer")
    }

    /// Working days after an event (Berlin's wall, UTC in the table), and the first instant after them.
    static let terms: [(String, HolidayRegion, UInt8, String)] = [
        // A week without holidays: seven Werktage from a Monday reach the Tuesday after next Monday.
        ("2026-03-02T09:00:00Z", .germany, 7, "2026-03-10T23:00:00Z"),
        // The last microsecond of a day and the first of the next.
        ("2026-03-02T22:59:59.999999Z", .germany, 1, "2026-03-03T23:00:00Z"),
        ("2026-03-02T23:00:00Z", .germany, 1, "2026-03-04T23:00:00Z"),
        // On a Sunday and on a holiday, from which the count begins all the same.
        ("2026-03-01T12:00:00Z", .germany, 1, "2026-03-02T23:00:00Z"),
        ("2026-05-01T12:00:00Z", .germany, 1, "2026-05-02T22:00:00Z"),
        // Over Easter and into summer time: Thursday, Saturday, Tuesday.
        ("2026-04-01T12:00:00Z", .germany, 3, "2026-04-07T22:00:00Z"),
        ("2026-03-28T12:00:00Z", .germany, 1, "2026-03-30T22:00:00Z"),
        ("2026-10-24T12:00:00Z", .germany, 1, "2026-10-26T23:00:00Z"),
        // Over Christmas and New Year, with and without Epiphany.
        ("2026-12-23T12:00:00Z", .germany, 3, "2026-12-29T23:00:00Z"),
        ("2027-01-04T12:00:00Z", .hamburg, 2, "2027-01-06T23:00:00Z"),
        ("2027-01-04T12:00:00Z", .bavaria, 2, "2027-01-07T23:00:00Z"),
        // None: the end of the day itself.
        ("2026-03-01T12:00:00Z", .germany, 0, "2026-03-01T23:00:00Z"),
    ]

    @Test("C3 C4 a term of working days ends with the end of its last one", arguments: terms)
    func ends(_ row: (event: String, region: HolidayRegion, count: UInt8, end: String)) throws {
        let event = try #require(Instant(iso8601: row.event))
        #expect(Self.calendar(row.region).adding(workingDays: row.count, to: event).iso8601 == row.end)
    }

    @Test("C3 terms end on working days, rise with event and length, and add up", arguments: 0..<60)
    func properties(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        let week = Weekdays(rawValue: UInt8(chance.below(127)) + 1)
        let zone = LocalZone(minutes: Int32(chance.below(1_681) - 840), summerTime: chance.below(2) == 0)
        let calendar = WorkingCalendar(
            week: week, region: HolidayRegion.allCases[chance.below(HolidayRegion.allCases.count)], zone: zone
        )
        #expect(calendar.fault == nil)
        for _ in 0..<40 {
            let event = Instant(
                microseconds: Int64(chance.below(3_000_000_000)) * 1_000_000 + 800_000_000_000_000)
            let later = event + Duration64(microseconds: Int64(chance.below(1_000_000_000_000)))
            let first = UInt8(chance.below(30))
            let second = UInt8(chance.below(30))
            let end = calendar.adding(workingDays: first, to: event)
            #expect(end > event)
            #expect(end <= calendar.adding(workingDays: first, to: later), "later events end later")
            #expect(end <= calendar.adding(workingDays: first + second, to: event), "longer terms end later")
            let last = zone.wall(end - Duration64(microseconds: 1)).date
            if first > 0 { #expect(calendar.isWorkingDay(last)) }
            #expect(zone.wall(end).microseconds == 0)
            let day = zone.wall(event).date
            let stop = try #require(calendar.day(first, workingDaysAfter: day))
            #expect(stop == last)
            #expect(
                calendar.day(second, workingDaysAfter: stop)
                    == calendar.day(first + second, workingDaysAfter: day), "n, then m, is n + m")
            let passed = (day.daysSinceEpoch + 1...max(stop.daysSinceEpoch, day.daysSinceEpoch + 1)).filter {
                calendar.isWorkingDay(CivilDate(daysSinceEpoch: $0))
            }
            if first > 0 { #expect(passed.count == Int(first)) }
        }
    }

    @Test("C3 every week that is not empty has a working day within the longest pause")
    func pauses() {
        var longest = 0
        for bits in [1, 2, 4, 8, 16, 32, 64] as [UInt8] {
            for region in HolidayRegion.allCases {
                let calendar = Self.calendar(region, Weekdays(rawValue: bits))
                var day = CivilDate(year: 2_000, month: 1, day: 1)
                while day.year < 2_017 {
                    guard let next = calendar.nextWorkingDay(after: day) else {
                        Issue.record("no working day after \(day) for \(bits) in \(region)")
                        return
                    }
                    longest = max(longest, next.daysSinceEpoch - day.daysSinceEpoch)
                    day = next
                }
            }
        }
        #expect(longest == 21)
    }

    @Test("C3 without a working day, and at the ends of time, a term never ends, and nothing traps")
    func never() {
        let none = Self.calendar(.germany, [])
        #expect(none.fault != nil && none.nextWorkingDay(after: CivilDate(daysSinceEpoch: 0)) == nil)
        #expect(none.adding(workingDays: 1, to: .none) == .distantFuture)
        #expect(none.day(1, workingDaysAfter: CivilDate(daysSinceEpoch: 0)) == nil)
        for microseconds in [Int64.min, .min + 1, -1, 0, Int64.max / 4 - 1, .max / 4, .max - 1, .max] {
            for minutes in [Int32.min, -840, 0, 840, .max] {
                let calendar = WorkingCalendar(
                    week: .mondayToSaturday, region: .bavaria,
                    zone: LocalZone(minutes: minutes, summerTime: true))
                let event = Instant(microseconds: microseconds)
                #expect(calendar.adding(workingDays: 255, to: event) >= event)
                #expect(calendar.adding(workingDays: 0, to: event) >= event)
            }
        }
        #expect(
            WorkingCalendar(week: .monday, region: .none, zone: LocalZone(minutes: .min, summerTime: false))
                .fault != nil)
    }

    @Test("a working calendar is a record: its bytes and its JSON give it back")
    func record() throws {
        var chance = WireChance(seed: 7)
        for _ in 0..<200 {
            let calendar = WorkingCalendar.random(&chance, .plain)
            #expect(try WorkingCalendar(decoding: calendar.encoded()) == calendar)
            #expect(try WorkingCalendar.fromJSON(calendar.json(.plain), .plain) == calendar)
        }
        let saxony = Self.calendar(.saxony)
        #expect(saxony.encoded() == [0b0011_1111, 15, 60, 0, 0, 0, 1])
        #expect(
            saxony.json(.plain).text
                == #"{"week":["monday","tuesday","wednesday","thursday","friday","saturday"],"region":"saxony","zoneMinutes":60,"summerTime":true}"#
        )
        #expect(throws: WireError.self) { try WorkingCalendar(decoding: [0x80, 15, 60, 0, 0, 0, 1]) }
        #expect(throws: WireError.self) { try WorkingCalendar(decoding: [0x3f, 0, 60, 0, 0, 0, 1]) }
        #expect(throws: WireError.self) { try WorkingCalendar(decoding: [0x3f, 19, 60, 0, 0, 0, 1]) }
        #expect(throws: JSONError.self) { try Weekdays.fromJSON(.array([.string("Monday")]), .plain) }
    }
}
