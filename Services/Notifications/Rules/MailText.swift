import Kernel

/// An e-mail as it goes to a mail server: RFC 5322 header, RFC 2045 body, UTF-8 throughout.
public struct MailText: Sendable {
    /// Names the e-mail for ever: the same e-mail made again has the same Message-ID.
    public var id: String
    public var fromName: String
    public var fromAddress: String
    public var toName: String
    public var toAddress: String
    public var subject: String
    public var body: String
    public var language: Language
    public var date: Instant
    /// What the reader's calendar is to take over, if anything (B1-B3).
    public var invitation: CalendarObject?

    public init(
        id: String, fromName: String, fromAddress: String, toName: String, toAddress: String, subject: String,
        body: String, language: Language, date: Instant, invitation: CalendarObject? = nil
    ) {
        self.id = id
        self.fromName = fromName
        self.fromAddress = fromAddress
        self.toName = toName
        self.toAddress = toAddress
        self.subject = subject
        self.body = body
        self.language = language
        self.date = date
        self.invitation = invitation
    }

    /// The whole e-mail, lines ended by CR LF; nothing if an address could not stand in a header.
    public func encoded() -> [UInt8]? {
        guard Self.isPlainAddress(fromAddress), Self.isPlainAddress(toAddress) else { return nil }
        let domain = fromAddress.split(separator: "@").last.map(String.init) ?? ""
        let lines = [
            "Date: \(Self.date(date))",
            "From: \(Self.mailbox(fromName, fromAddress))",
            "To: \(Self.mailbox(toName, toAddress))",
            "Message-ID: <gavel.\(id)@\(domain)>",
            "Subject: \(Self.words(subject, column: 9))",
            "Auto-Submitted: auto-generated",
            "Content-Language: \(Self.tag(language))",
            "MIME-Version: 1.0",
            content.lines,
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// The text alone; with an invitation, the tree of parts that calendars of all makers know how to read.
    ///
    /// Text and calendar object are alternatives (RFC 6047, 2.4; the last is the one preferred, RFC 2046, 5.1.4), so
    /// that a calendar program shows its buttons and any other program the text. Beside them stands the object
    /// again as a file, for programs that know no `text/calendar` and readers who want to open it by hand; the
    /// same UID and SEQUENCE twice are one entry.
    private var content: MailPart {
        let text = MailPart(
            "text/plain; charset=utf-8", encoding: "quoted-printable",
            String(decoding: Self.quotedPrintable(body), as: UTF8.self))
        guard let invitation else { return text }
        let object = MailPart.base64(Array(invitation.text.utf8))
        let calendar = MailPart(
            "text/calendar; charset=utf-8; method=\(invitation.method.rawValue); component=VEVENT",
            encoding: "base64", object)
        let file = MailPart(
            "application/ics; name=\"invite.ics\"", encoding: "base64",
            disposition: "attachment; filename=\"invite.ics\"", object)
        return .multipart("mixed", [.multipart("alternative", [text, calendar]), file])
    }

    /// One mailbox, without anything that could end the header line or add another recipient.
    static func isPlainAddress(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        guard (3...254).contains(bytes.count), bytes.filter({ $0 == UInt8(ascii: "@") }).count == 1 else {
            return false
        }
        return bytes.first != UInt8(ascii: "@") && bytes.last != UInt8(ascii: "@")
            && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7f && !specials.contains($0) }
    }

    private static let specials = Array("<>(),;:\\\"[]".utf8)

    private static func mailbox(_ name: String, _ address: String) -> String {
        name.isEmpty ? "<\(address)>" : "\(words(name, column: 6))\r\n <\(address)>"
    }

    /// Header text as it is if it is short and plain, else as encoded words of at most 75 characters (RFC 2047).
    static func words(_ text: String, column: Int) -> String {
        let plain = text.utf8.allSatisfy { byte in
            isLetterOrDigit(byte) || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
        }
        if plain, text.utf8.count + column <= 78 { return text }
        var lines: [[UInt8]] = []
        var word: [UInt8] = []
        // 12 of the 75 characters are the frame; the first line shares its 78 with the header's name.
        var room = 75 - 12 - column
        for scalar in text.unicodeScalars {
            var encoded: [UInt8] = []
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                appendEncodedWord(byte, to: &encoded)
            }
            if word.count + encoded.count > room {
                lines.append(word)
                word = []
                room = 75 - 12
            }
            word += encoded
        }
        lines.append(word)
        return lines.map { "=?utf-8?Q?\(String(decoding: $0, as: UTF8.self))?=" }.joined(separator: "\r\n ")
    }

    private static func appendEncodedWord(_ byte: UInt8, to text: inout [UInt8]) {
        if isLetterOrDigit(byte) {
            text.append(byte)
        } else if byte == UInt8(ascii: " ") {
            text.append(UInt8(ascii: "_"))
        } else {
            appendEscaped(byte, to: &text)
        }
    }

    /// Lines of at most 76 characters, soft breaks within longer ones (RFC 2045, 6.7).
    static func quotedPrintable(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        // A line feed after a carriage return ends no line of the text: it is encoded with it.
        func endsLine(_ index: Int) -> Bool {
            bytes[index] == 0x0a && (index == 0 || bytes[index - 1] != 0x0d)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2)
        var width = 0
        for (index, byte) in bytes.enumerated() {
            if endsLine(index) {
                result += [0x0d, 0x0a]
                width = 0
                continue
            }
            let isTrailing = index == bytes.count - 1 || endsLine(index + 1)
            let isLiteral =
                (byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "="))
                || ((byte == 0x20 || byte == 0x09) && !isTrailing)
            if width + (isLiteral ? 1 : 3) > 75 {
                result += [UInt8(ascii: "="), 0x0d, 0x0a]
                width = 0
            }
            if isLiteral { result.append(byte) } else { appendEscaped(byte, to: &result) }
            width += isLiteral ? 1 : 3
        }
        return result
    }

    private static func appendEscaped(_ byte: UInt8, to text: inout [UInt8]) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
        text.append(UInt8(ascii: "="))
        text.append(digit(byte >> 4))
        text.append(digit(byte & 15))
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    /// `Mon, 02 Mar 2026 09:00:00 +0000` (RFC 5322, 3.3).
    static func date(_ instant: Instant) -> String {
        let (day, microseconds) = instant.utcDay
        let seconds = Int(microseconds / 1_000_000)
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map(twoDigits).joined(separator: ":")
        return
            "\(days[day.weekday - 1]), \(twoDigits(day.day)) \(months[day.month - 1]) \(day.year) \(clock) +0000"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func tag(_ language: Language) -> String {
        switch language {
        case .german: "de"
        case .english: "en"
        case .russian: "ru"
        }
    }
}
