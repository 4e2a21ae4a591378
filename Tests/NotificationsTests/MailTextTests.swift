import Foundation
import Kernel
import Messages
import Testing

@testable import NotificationsRules

@Suite("E-mails") struct MailTextTests {
    static func mail(subject: String = "Hallo", body: String = "Text", to: String = "ada@example.org")
        -> MailText
    {
        MailText(
            id: "00000000000000ff", fromName: "Capa & Co", fromAddress: "no-reply@gavel.localhost",
            toName: "Ada Löwe", toAddress: to, subject: subject, body: body, language: .german,
            date: Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none)
    }

    static func text(_ mail: MailText) -> String { String(decoding: mail.encoded() ?? [], as: UTF8.self) }

    @Test("an e-mail has the header that RFC 5322 asks for, and a stable Message-ID")
    func header() {
        let text = Self.text(Self.mail())
        for line in [
            "Date: Mon, 02 Mar 2026 09:00:00 +0000", "From: =?utf-8?Q?Capa_=26_Co?=",
            " <no-reply@gavel.localhost>", "To: =?utf-8?Q?Ada_L=C3=B6we?=", " <ada@example.org>",
            "Message-ID: <gavel.00000000000000ff@gavel.localhost>", "Subject: Hallo", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        ] {
            #expect(text.components(separatedBy: "\r\n").contains(line), "\(line)")
        }
        #expect(Self.mail().encoded() == Self.mail().encoded())
    }

    @Test("every line keeps to 78 characters and plain ASCII, whatever the text")
    func lines() {
        let long = String(repeating: "Ставка перебита — „Dach“ = 1 € ", count: 30)
        let text = Self.text(Self.mail(subject: long, body: long + "\n\n" + long + " \nEnde\t"))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        for line in text.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 78, "\(line)")
            #expect(!line.hasSuffix(" ") && !line.hasSuffix("\t"))
        }
    }

    @Test("quoted-printable and encoded words read back as they were")
    func roundTrip() {
        let long = String(repeating: "Ставка = „Dach“ 100% ", count: 12)
        let text = Self.text(Self.mail(subject: long, body: long + "\nzweite Zeile "))
        let parts = text.components(separatedBy: "\r\n\r\n")
        #expect(Self.decodedQuotedPrintable(parts[1]) == long + "\r\nzweite Zeile ")
        let header = parts[0].components(separatedBy: "\r\nSubject: ")[1]
        var subject = ""
        for line in header.components(separatedBy: "\r\n") {
            guard let start = line.range(of: "=?utf-8?Q?"),
                let end = line.range(of: "?=", options: .backwards)
            else { break }
            let word = line[start.upperBound..<end.lowerBound].replacingOccurrences(of: "_", with: " ")
            subject += Self.decodedQuotedPrintable(word)
        }
        #expect(subject == long)
    }

    @Test("an address cannot smuggle in another header or recipient")
    func addresses() {
        for bad in [
            "", "a", "@b", "a@", "a@b@c", "a@b\r\nBcc: c@d", "a@b,c", "<a@b>", "a b@c", "ä@b", "a@\"b",
        ] {
            #expect(Self.mail(to: bad).encoded() == nil, "\(bad)")
        }
        #expect(!Self.text(Self.mail(subject: "a\r\nBcc: x@y")).contains("\r\nBcc"))
    }

    static func decodedQuotedPrintable(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacingOccurrences(of: "=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "=") {
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("F6 attempts are spread over hours, with jitter that a replay repeats, and end")
    func retry() {
        var waited = Duration64.zero
        for attempt in 1..<EmailRetry.attempts {
            let wait = EmailRetry.wait(after: attempt, of: InboxItemID(257)) ?? .zero
            #expect(wait == EmailRetry.wait(after: attempt, of: InboxItemID(257)))
            #expect(wait >= .seconds(20) && wait <= .hours(3))
            waited = Duration64(microseconds: waited.microseconds + wait.microseconds)
        }
        #expect(waited > .hours(6))
        #expect(EmailRetry.wait(after: EmailRetry.attempts, of: InboxItemID(257)) == nil)
        #expect(
            EmailRetry.wait(after: 3, of: InboxItemID(257)) != EmailRetry.wait(after: 3, of: InboxItemID(513))
        )
    }
}
