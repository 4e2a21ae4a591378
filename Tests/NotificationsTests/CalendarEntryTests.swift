import Foundation
import Kernel
import Messages
import Testing

@testable import NotificationsRules

@Suite("Calendar entries") struct CalendarEntryTests {
    static let now = Instant(iso8601: "2026-03-02T09:00:00.5Z") ?? .none
    static let house = CalendarPerson(name: "Capa & Co", address: "no-reply@gavel.localhost")
    static let ada = CalendarAttendee(
        CalendarPerson(name: "Ada Löwe", address: "ada@example.org"), participation: .accepted)

    static func content(
        summary: String = "Vorgespräch", description: String = "", location: String = "",
        attendees: [CalendarAttendee] = [ada]
    ) -> CalendarEntry.Content {
        CalendarEntry.Content(
            starts: Instant(iso8601: "2026-03-04T13:00:00Z") ?? .none,
            ends: Instant(iso8601: "2026-03-04T13:30:00.999999Z") ?? .none, summary: summary,
            description: description, location: location, attendees: attendees)
    }

    static func proposed(_ content: CalendarEntry.Content = content()) -> CalendarEntry {
        .proposed(uid: "application.257@gavel.localhost", organizer: house, content: content, at: now)
    }

    /// The content lines of an entry, unfolded: byte by byte, since a fold may part a letter from its accent.
    static func lines(_ entry: CalendarEntry) throws -> [String] {
        var lines: [[UInt8]] = []
        for line in try folded(entry) {
            if line.first == UInt8(ascii: " ") {
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(line)
            }
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The lines as they are sent, without their CR LF.
    static func folded(_ entry: CalendarEntry) throws -> [[UInt8]] {
        let bytes = Array(try entry.object().get().text.utf8)
        #expect(bytes.suffix(2) == Array("\r\n".utf8))
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        #expect(lines.allSatisfy { $0.last == UInt8(ascii: "\r") && $0.filter { $0 == 0x0d }.count == 1 })
        return lines.map { Array($0.dropLast()) }
    }

    @Test("B1 a proposed appointment is a tentative entry that a REQUEST brings")
    func request() throws {
        #expect(
            try Self.lines(Self.proposed()) == [
                "BEGIN:VCALENDAR", "PRODID:-//Gavel//Marketplace//EN", "VERSION:2.0", "CALSCALE:GREGORIAN",
                "METHOD:REQUEST", "BEGIN:VEVENT", "UID:application.257@gavel.localhost", "SEQUENCE:0",
                "DTSTAMP:20260302T090000Z", "DTSTART:20260304T130000Z", "DTEND:20260304T133000Z",
                "STATUS:TENTATIVE", "SUMMARY:Vorgespräch",
                "ORGANIZER;CN=\"Capa & Co\":mailto:no-reply@gavel.localhost",
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=\"Ada Löwe\""
                    + ":mailto:ada@example.org", "END:VEVENT", "END:VCALENDAR",
            ])
    }

    @Test("B2 acceptance updates the entry: confirmed, next version, same uid, with phone and e-mail")
    func accepted() throws {
        let later = Self.now + .hours(5)
        let content = Self.content(description: "Telefon: +49 30 1234567", location: "+49 30 1234567")
        let entry = try Self.proposed().confirmed(content, at: later).get()
        let lines = try Self.lines(entry)
        for line in [
            "METHOD:REQUEST", "STATUS:CONFIRMED", "SEQUENCE:1", "UID:application.257@gavel.localhost",
            "DTSTAMP:20260302T140000Z", "DESCRIPTION:Telefon: +49 30 1234567", "LOCATION:+49 30 1234567",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        let moved = try entry.changed(content, at: later).get()
        #expect(moved.stage == .confirmed && moved.sequence == 2)
        #expect(try Self.proposed().changed(content, at: later).get().stage == .tentative)
    }

    @Test("B3 rejection cancels the entry, once and for all, with the highest sequence")
    func cancelled() throws {
        let entry = try Self.proposed().cancelled(at: Self.now - .days(1)).get()
        let lines = try Self.lines(entry)
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1", "DTSTAMP:20260302T090000Z"] {
            #expect(lines.contains(line), "\(line)")
        }
        for next in [
            entry.cancelled(at: Self.now), entry.confirmed(Self.content(), at: Self.now),
            entry.changed(Self.content(), at: Self.now),
        ] {
            #expect(throws: Refusal.self) { try next.get() }
        }
        let last = CalendarEntry(
            uid: "a", organizer: Self.house, content: Self.content(), stage: .confirmed,
            sequence: 2_147_483_647, stamp: Self.now)
        #expect(try Self.lines(last).contains("SEQUENCE:2147483647"))
        #expect(throws: Refusal.self) { try last.cancelled(at: Self.now).get() }
    }

    static let texts: [(String, String)] = [
        ("a, b; c: d\\e \"f\" g^h", #"a\, b\; c: d\\e "f" g^h"#),
        (
            "eins\nzwei\r\ndrei\rvier\u{85}fünf\u{2028}sechs\u{2029}sieben\u{b}acht",
            #"eins\nzwei\ndrei\nvier\nfünf\nsechs\nsieben\nacht"#
        ),
        ("a\r\n\nb", #"a\n\nb"#), ("a\r\rb", #"a\n\nb"#),
        ("a\u{0}b\u{7}c\u{1b}d\u{7f}e\u{9f}f\tg", "abcdef\tg"),
        ("Встреча 🤝", "Встреча 🤝"),
        ("END:VEVENT\r\nATTENDEE:mailto:x@y", #"END:VEVENT\nATTENDEE:mailto:x@y"#),
    ]

    @Test("texts are escaped, and no text can begin a line of its own", arguments: texts)
    func escaping(_ row: (text: String, escaped: String)) throws {
        let content = Self.content(summary: row.text, description: row.text, location: row.text)
        let lines = try Self.lines(Self.proposed(content))
        #expect(lines.count == 19)
        for name in ["SUMMARY", "DESCRIPTION", "LOCATION"] {
            #expect(lines.contains("\(name):\(row.escaped)"), "\(name)")
        }
    }

    static let names: [(String, String)] = [
        ("Löwe, Ada; M.A.: Ltd", #";CN="Löwe, Ada; M.A.: Ltd""#), ("\"Ada\"", #";CN="^'Ada^'""#),
        ("^n ^", #";CN="^^n ^^""#), ("a\r\nb\u{0}c", #";CN="a^nbc""#), ("", ""), ("\u{1}", ""),
        ("x\":mailto:evil@example.org", #";CN="x^':mailto:evil@example.org""#),
    ]

    @Test("names are quoted in the notation of RFC 6868, and cannot leave their quotes", arguments: names)
    func parameters(_ row: (name: String, parameter: String)) throws {
        let person = CalendarPerson(name: row.name, address: "a+b%c/d?e&f=g#h@example.org")
        var attendee = CalendarAttendee(person, role: .chair, participation: .needsAction, isAsked: true)
        let uri = "mailto:a+b%25c%2Fd%3Fe%26f%3Dg%23h@example.org"
        let asked = try Self.lines(Self.proposed(Self.content(attendees: [attendee])))
        #expect(
            asked.contains(
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=CHAIR;PARTSTAT=NEEDS-ACTION;RSVP=TRUE\(row.parameter):\(uri)"
            ))
        attendee.role = .optional
        attendee.participation = .tentative
        attendee.isAsked = false
        let second = CalendarAttendee(person, role: .informed, participation: .declined)
        let told = try Self.lines(Self.proposed(Self.content(attendees: [attendee, second])))
        let first = "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE;RSVP=FALSE"
        #expect(told.contains("\(first)\(row.parameter):\(uri)"))
        let other = "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=NON-PARTICIPANT;PARTSTAT=DECLINED;RSVP=FALSE"
        #expect(told.contains("\(other)\(row.parameter):\(uri)"))
    }

    @Test("lines have at most 75 bytes and break between characters, whatever the text", arguments: 0..<40)
    func folding(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        let letters = ["a", "ß", "€", "🤝", ",", ";", "\\", "\"", "^", "\n", " ", "\t", "e\u{301}", ":"]
        var text = ""
        for _ in 0..<chance.below(120) { text += letters[chance.below(letters.count)] }
        let person = CalendarPerson(name: text.utf8.count > 256 ? "" : text, address: "a@b")
        let short = String(text.prefix(40))
        let content = Self.content(
            summary: short, description: text, location: text, attendees: [CalendarAttendee(person)])
        for line in try Self.folded(Self.proposed(content)) {
            #expect(line.count <= 75)
            #expect(String(validating: line, as: UTF8.self) != nil, "no character is cut in two")
        }
        let lines = try Self.lines(Self.proposed(content))
        let description = lines.first { $0.hasPrefix("DESCRIPTION:") }?.dropFirst(12) ?? ""
        #expect(Self.unescaped(String(description)) == text)
    }

    /// What a reader makes of a TEXT value.
    static func unescaped(_ value: String) -> String {
        var result = ""
        var escaped = false
        for scalar in value.unicodeScalars {
            switch (escaped, scalar) {
            case (false, "\\"):
                escaped = true
                continue
            case (true, "n"): result += "\n"
            default: result.unicodeScalars.append(scalar)
            }
            escaped = false
        }
        return result
    }

    @Test("a line of exactly 75 bytes is not folded, one of 76 is")
    func widths() {
        let line = String(repeating: "x", count: 75)
        #expect(ICalendar.folded(line) == line)
        #expect(ICalendar.folded(line + "y") == line + "\r\n y")
        #expect(ICalendar.folded(String(line.dropLast()) + "ß") == String(line.dropLast()) + "\r\n ß")
        let long = String(repeating: "x", count: 75 + 74 + 1)
        #expect(ICalendar.folded(long).components(separatedBy: "\r\n").map(\.utf8.count) == [75, 75, 2])
    }

    @Test("what cannot be rendered is refused, with a reason")
    func refused() {
        func reason(_ change: (inout CalendarEntry.Content) -> Void) -> RefusalCode? {
            var content = Self.content()
            change(&content)
            guard case .failure(let refusal) = Self.proposed(content).object() else { return nil }
            return refusal.reason
        }
        #expect(reason { _ in } == nil)
        #expect(reason { $0.ends = $0.starts } == .invalidValue)
        #expect(reason { $0.ends = $0.starts + .milliseconds(999) } == .invalidValue)
        #expect(reason { $0.ends = $0.starts + .seconds(1) } == nil)
        #expect(reason { $0.ends = .distantFuture } == .invalidValue)
        #expect(reason { $0.starts = Instant(microseconds: .min) } == .invalidValue)
        #expect(reason { $0.attendees = [] } == .invalidValue)
        #expect(reason { $0.attendees = Array(repeating: Self.ada, count: 17) } == .invalidValue)
        #expect(reason { $0.attendees = Array(repeating: Self.ada, count: 16) } == nil)
        #expect(reason { $0.attendees[0].person.address = "a@b\r\nX:y" } == .invalidText)
        #expect(reason { $0.attendees[0].person.name = String(repeating: "x", count: 257) } == .invalidText)
        #expect(reason { $0.summary = String(repeating: "x", count: 257) } == .invalidText)
        #expect(reason { $0.description = String(repeating: "x", count: 8_193) } == .invalidText)
        #expect(reason { $0.location = String(repeating: "x", count: 1_025) } == .invalidText)
        for uid in ["", "a b", "a\r\nb", "a:b", "ä", String(repeating: "x", count: 256)] {
            let entry = CalendarEntry.proposed(
                uid: uid, organizer: Self.house, content: Self.content(), at: Self.now)
            #expect(throws: Refusal.self, "\(uid)") { try entry.object().get() }
        }
        let beyond = CalendarEntry(
            uid: "a", organizer: Self.house, content: Self.content(), stage: .tentative,
            sequence: 2_147_483_648, stamp: Self.now)
        #expect(throws: Refusal.self) { try beyond.object().get() }
    }
}
