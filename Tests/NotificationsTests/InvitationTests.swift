import Foundation
import Kernel
import Messages
import Testing

@testable import NotificationsRules

/// E-mails with invitations. The same e-mails, checked in, are read by Python's e-mail and calendar packages in
/// Tests/CalendarPython, whose expectations repeat the values below.
@Suite("Invitations by e-mail") struct InvitationTests {
    static let now = Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none
    static let house = CalendarPerson(
        name: "Capa \"C\" & Co; Ltd: A, B ^", address: "no-reply@gavel.localhost")
    static let description =
        "Erstgespräch, mit „Ada“; C:\\Pfad\nТелефон: +49 30 1234567 🤝\n\n"
        + String(repeating: "Встреча по проекту — 100 %; ", count: 12)

    static func content(_ description: String, _ location: String) -> CalendarEntry.Content {
        CalendarEntry.Content(
            starts: Instant(iso8601: "2026-03-04T13:00:00Z") ?? .none,
            ends: Instant(iso8601: "2026-03-04T13:30:00Z") ?? .none,
            summary: "Vorgespräch: Solaranlage, 12 kWp; Köln", description: description, location: location,
            attendees: [
                CalendarAttendee(
                    CalendarPerson(name: "Löwe, \"Ada\" ^", address: "ada+x@example.org"),
                    participation: .accepted),
                CalendarAttendee(
                    CalendarPerson(name: "", address: "grace@example.org"), role: .optional, isAsked: true),
            ])
    }

    /// The life of an entry: proposed, accepted, cancelled.
    static func versions() throws -> [(name: String, entry: CalendarEntry)] {
        let proposed = CalendarEntry.proposed(
            uid: "application.257@gavel.localhost", organizer: house, content: content("", ""), at: now)
        let accepted = try proposed.confirmed(
            content(description, "https://meet.example.org/a;b,c?d=1"), at: now + .hours(20)
        ).get()
        let cancelled = try accepted.cancelled(at: now + .hours(30)).get()
        return [("proposed", proposed), ("accepted", accepted), ("cancelled", cancelled)]
    }

    static func mail(_ entry: CalendarEntry) throws -> MailText {
        MailText(
            id: "00000000000000ff", fromName: "Capa & Co", fromAddress: "no-reply@gavel.localhost",
            toName: "Ada Löwe", toAddress: "ada+x@example.org", subject: "Termin: Köln",
            body: "Hallo Ada,\n\nanbei der Termin.\n--=_gavel.mixed--\n", language: .german,
            date: entry.stamp, invitation: try entry.object().get())
    }

    @Test("B1 B2 B3 the e-mails checked in are those that are sent")
    func golden() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../CalendarPython")
        for (name, entry) in try Self.versions() {
            let bytes = Data(try #require(try Self.mail(entry).encoded()))
            let file = folder.appending(path: "\(name).eml").standardizedFileURL
            if ProcessInfo.processInfo.environment["GAVEL_WRITE_INVITATIONS"] == "1" {
                try bytes.write(to: file)
            }
            #expect(
                try Data(contentsOf: file) == bytes,
                "\(name).eml is stale: GAVEL_WRITE_INVITATIONS=1 swift test --filter InvitationTests")
        }
    }

    @Test("B2 an invitation is an alternative to the text, with its method, and a file beside it")
    func parts() throws {
        let entry = try Self.versions()[1].entry
        let text = String(decoding: try #require(try Self.mail(entry).encoded()), as: UTF8.self)
        for line in [
            "Content-Type: multipart/mixed; boundary=\"=_gavel.mixed\"",
            "Content-Type: multipart/alternative; boundary=\"=_gavel.alternative\"",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/calendar; charset=utf-8; method=REQUEST; component=VEVENT",
            "Content-Type: application/ics; name=\"invite.ics\"",
            "Content-Disposition: attachment; filename=\"invite.ics\"",
        ] {
            #expect(text.components(separatedBy: "\r\n").filter { $0 == line }.count == 1, "\(line)")
        }
        #expect(text.hasSuffix("\r\n--=_gavel.mixed--\r\n"))
        #expect(text.components(separatedBy: "--=_gavel.mixed--").count == 2, "the body cannot end the parts")
        for line in text.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 78 && line.utf8.allSatisfy { $0 < 0x80 })
        }
        let cancelled = String(
            decoding: try Self.mail(Self.versions()[2].entry).encoded() ?? [], as: UTF8.self)
        #expect(cancelled.contains("method=CANCEL"))
    }

    @Test("an e-mail without an invitation has one part, as before")
    func plain() throws {
        var mail = try Self.mail(Self.versions()[0].entry)
        mail.invitation = nil
        let text = String(decoding: try #require(mail.encoded()), as: UTF8.self)
        #expect(
            text.hasSuffix(
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                    + "Hallo Ada,\r\n\r\nanbei der Termin.\r\n--=3D_gavel.mixed--\r\n"))
    }

    @Test("base64 reads back as it was, in lines of at most 76 characters", arguments: 0..<200)
    func base64(count: Int) {
        var chance = Chance(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8(chance.below(256)) }
        let text = MailPart.base64(bytes)
        #expect(text.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(Data(base64Encoded: text.replacingOccurrences(of: "\r\n", with: "")) == Data(bytes))
    }
}
