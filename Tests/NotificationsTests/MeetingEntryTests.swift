import Kernel
import Messages
import Testing

@testable import NotificationsRules

@Suite("The meeting of an application in calendars") struct MeetingEntryTests {
    static let starts = Instant(iso8601: "2026-03-06T09:00:00Z") ?? .none
    static let applicant = CalendarPerson(name: "Bergmann", address: "bergmann@example.com")

    static func object(
        _ event: NotificationEvent, contact: ContactView? = nil, subject: UInt64 = 0
    ) throws -> CalendarObject? {
        var notice = Notify()
        notice.event = event
        notice.order = OrderID(4_711)
        notice.subject = subject
        notice.happenedAt = Instant(iso8601: "2026-03-02T12:00:00Z") ?? .none
        notice.values = [.init(.meeting, starts), .init(.meetingEnd, starts + .minutes(30))]
        let entry = MeetingEntry(
            notice: notice, summary: "Your application",
            organizer: CalendarPerson(name: "Market 1", address: "no-reply@gavel.localhost"))
        return try entry.entry(for: applicant, contact: contact, .english)?.object().get()
    }

    @Test("B1 B2 B3 B5 one entry, whose versions rise along every way that an application can take")
    func versions() throws {
        let rows: [(NotificationEvent, CalendarObject.Method, String, Int)] = [
            (.applicationFiled, .request, "TENTATIVE", 0), (.applicationRevealed, .request, "TENTATIVE", 1),
            (.applicationAccepted, .request, "CONFIRMED", 2), (.applicationRejected, .cancel, "CANCELLED", 3),
            (.applicationStopped, .cancel, "CANCELLED", 3),
        ]
        for (event, method, status, sequence) in rows {
            let object = try #require(try Self.object(event), "\(event)")
            #expect(object.method == method, "\(event)")
            let lines = object.text.split(separator: "\r\n").map(String.init)
            for line in [
                "UID:application-4711@gavel.localhost", "STATUS:\(status)", "SEQUENCE:\(sequence)",
                "DTSTART:20260306T090000Z", "DTEND:20260306T093000Z",
            ] {
                #expect(lines.contains(line), "\(event) lacks \(line)")
            }
        }
    }

    @Test("C3 an appointment is one entry, which every later agreement moves")
    func agreements() throws {
        for agreement: UInt64 in 1...3 {
            let object = try #require(try Self.object(.appointmentAgreed, subject: agreement))
            #expect(object.method == .request)
            let lines = object.text.split(separator: "\r\n").map(String.init)
            for line in [
                "UID:appointment-4711@gavel.localhost", "STATUS:CONFIRMED", "SEQUENCE:\(agreement - 1)",
                "DTSTART:20260306T090000Z", "DTEND:20260306T093000Z",
            ] {
                #expect(lines.contains(line), "agreement \(agreement) lacks \(line)")
            }
        }
    }

    @Test(
        "C7 a sale that is undone takes its appointment out of calendars, with a later version than any before"
    )
    func cancellation() throws {
        for agreements: UInt64 in 1...3 {
            let agreed = try #require(try Self.object(.appointmentAgreed, subject: agreements))
            let undone = try #require(try Self.object(.saleCancelled, subject: agreements))
            #expect(undone.method == .cancel)
            let lines = undone.text.split(separator: "\r\n").map(String.init)
            for line in [
                "UID:appointment-4711@gavel.localhost", "STATUS:CANCELLED", "SEQUENCE:\(agreements)",
            ] {
                #expect(lines.contains(line), "after \(agreements) agreements \(line) is missing")
            }
            #expect(agreed.text.contains("SEQUENCE:\(agreements - 1)\r\n"))
        }
    }

    @Test("B2 an accepted meeting says how to reach the prospect, and no other event makes an entry")
    func contact() throws {
        var contact = ContactView()
        contact.name = PersonalText("Petra Sommer")
        contact.phones = [PersonalText("+49 171 5550001")]
        contact.email = PersonalText("petra@mail.example")
        let object = try #require(try Self.object(.applicationAccepted, contact: contact))
        // Long lines are folded (RFC 5545, 3.1).
        let text = object.text.split(separator: "\r\n ").joined()
        #expect(text.contains("LOCATION:+49 171 5550001"))
        #expect(text.contains("petra@mail.example"))
        for event in NotificationEvent.allCases {
            let found = try Self.object(event) != nil
            let told: [NotificationEvent] = [
                .applicationFiled, .applicationRevealed, .applicationAccepted, .applicationRejected,
                .applicationStopped, .appointmentAgreed, .saleCancelled,
            ]
            #expect(found == told.contains(event), "\(event)")
        }
    }
}
