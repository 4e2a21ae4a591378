import Kernel
import Messages

/// A calendar entry as calendars exchange it: one iCalendar object (RFC 5545) with a method (RFC 5546).
public struct CalendarObject: Hashable, Sendable {
    public enum Method: String, Sendable {
        case request = "REQUEST"
        case cancel = "CANCEL"
    }

    public let method: Method
    /// Lines of at most 75 bytes, each ended by CR LF.
    public let text: String
}

extension CalendarEntry {
    /// The entry as an iCalendar object; REQUEST while it lives, CANCEL once it is cancelled.
    ///
    /// Refused as `invalidText`: a uid or address that could break out of its place, a text that is too long. As
    /// `invalidValue`: no attendee or too many, an end that is not later than the start, a year outside 0 to
    /// 9999, a sequence beyond 31 bits. Control characters in texts and names refuse nothing, since an e-mail is
    /// not to be lost for them: line breaks of every kind become `\n`, tabs stay, all others are dropped.
    public func object() -> Result<CalendarObject, Refusal> {
        if let refusal { return .failure(refusal) }
        let method: CalendarObject.Method = stage == .cancelled ? .cancel : .request
        var lines = [
            "BEGIN:VCALENDAR", "PRODID:-//Gavel//Marketplace//EN", "VERSION:2.0", "CALSCALE:GREGORIAN",
            "METHOD:\(method.rawValue)", "BEGIN:VEVENT", "UID:\(uid)", "SEQUENCE:\(sequence)",
            "DTSTAMP:\(ICalendar.time(stamp))", "DTSTART:\(ICalendar.time(content.starts))",
            "DTEND:\(ICalendar.time(content.ends))", "STATUS:\(stage.word)",
            "SUMMARY:\(ICalendar.text(content.summary))",
        ]
        if !content.description.isEmpty { lines.append("DESCRIPTION:\(ICalendar.text(content.description))") }
        if !content.location.isEmpty { lines.append("LOCATION:\(ICalendar.text(content.location))") }
        lines.append("ORGANIZER\(ICalendar.name(organizer)):\(ICalendar.mailto(organizer.address))")
        for attendee in content.attendees { lines.append(attendee.line) }
        lines += ["END:VEVENT", "END:VCALENDAR"]
        let text = lines.map { ICalendar.folded($0) + "\r\n" }.joined()
        return .success(CalendarObject(method: method, text: text))
    }

    /// Why the entry cannot be rendered; nothing if it can.
    private var refusal: Refusal? {
        let people = [organizer] + content.attendees.map(\.person)
        if !ICalendar.isPlainUID(uid) {
            return Refusal(.invalidText, expected: "a uid of 1 to 255 plain characters", found: "another")
        }
        if !people.allSatisfy({ MailText.isPlainAddress($0.address) }) {
            return Refusal(.invalidText, expected: "plain e-mail addresses", found: "another")
        }
        let texts = [(content.summary, 256), (content.description, 8_192), (content.location, 1_024)]
        for (text, limit) in texts + people.map({ ($0.name, 256) }) where text.utf8.count > limit {
            return Refusal(
                .invalidText, expected: "at most \(limit) bytes of text", found: "\(text.utf8.count)")
        }
        if !(1...16).contains(content.attendees.count) {
            return Refusal(.invalidValue, expected: "1 to 16 attendees", found: "\(content.attendees.count)")
        }
        for time in [stamp, content.starts, content.ends] where !ICalendar.hasYear(time) {
            return Refusal(.invalidValue, expected: "a year of four digits", found: "\(time.microseconds)")
        }
        if ICalendar.time(content.ends) <= ICalendar.time(content.starts) {
            return Refusal(
                .invalidValue, expected: "an end after \(content.starts.iso8601)",
                found: content.ends.iso8601)
        }
        if sequence > Self.lastSequence {
            return Refusal(
                .invalidValue, expected: "a sequence up to \(Self.lastSequence)", found: "\(sequence)")
        }
        return nil
    }
}

extension CalendarEntry.Stage {
    fileprivate var word: String {
        switch self {
        case .tentative: "TENTATIVE"
        case .confirmed: "CONFIRMED"
        case .cancelled: "CANCELLED"
        }
    }
}

extension CalendarAttendee {
    fileprivate var line: String {
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=\(roleWord);PARTSTAT=\(participationWord);RSVP=\(isAsked ? "TRUE" : "FALSE")"
            + "\(ICalendar.name(person)):\(ICalendar.mailto(person.address))"
    }

    private var roleWord: String {
        switch role {
        case .chair: "CHAIR"
        case .required: "REQ-PARTICIPANT"
        case .optional: "OPT-PARTICIPANT"
        case .informed: "NON-PARTICIPANT"
        }
    }

    private var participationWord: String {
        switch participation {
        case .needsAction: "NEEDS-ACTION"
        case .accepted: "ACCEPTED"
        case .declined: "DECLINED"
        case .tentative: "TENTATIVE"
        }
    }
}

/// The notation of RFC 5545: content lines, values, parameters.
enum ICalendar {
    /// `20260302T090000Z`: UTC, to the second that has begun (RFC 5545, 3.3.5).
    static func time(_ instant: Instant) -> String {
        // The extended format of ISO 8601 without its signs is the basic one.
        String(instant.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }

    /// Whether ``time(_:)`` can write it.
    static func hasYear(_ instant: Instant) -> Bool { (0...9_999).contains(instant.utcDay.date.year) }

    static func isPlainUID(_ uid: String) -> Bool {
        (1...255).contains(uid.utf8.count)
            && uid.utf8.allSatisfy { isLetterOrDigit($0) || Array(".-_@".utf8).contains($0) }
    }

    /// A TEXT value (RFC 5545, 3.3.11).
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in plain(text) {
            switch scalar {
            case "\\": result += "\\\\"
            case ";": result += "\\;"
            case ",": result += "\\,"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The parameter CN, quoted, its own quotes and line breaks in the notation of RFC 6868; nothing for no name.
    static func name(_ person: CalendarPerson) -> String {
        var result = ""
        for scalar in plain(person.name) {
            switch scalar {
            case "^": result += "^^"
            case "\"": result += "^'"
            case "\n": result += "^n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.isEmpty ? "" : ";CN=\"\(result)\""
    }

    /// A plain address as a URI, percent-encoded where RFC 6068 asks for it.
    static func mailto(_ address: String) -> String {
        let literal = Array("-._~!$'*+@".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var result = Array("mailto:".utf8)
        for byte in address.utf8 {
            if isLetterOrDigit(byte) || literal.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A content line of at most 75 bytes, continued on lines that begin with a space; no character is cut in two
    /// (RFC 5545, 3.1).
    static func folded(_ line: String) -> String {
        var result = ""
        var width = 0
        for scalar in line.unicodeScalars {
            let bytes = UTF8.width(scalar)
            if width + bytes > 75 {
                result += "\r\n "
                width = 1
            }
            result.unicodeScalars.append(scalar)
            width += bytes
        }
        return result
    }

    /// The characters of a text with one kind of line break, and of the control characters only the tab.
    private static func plain(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var afterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0a where afterReturn: break
            case 0x0a...0x0d, 0x85, 0x2028, 0x2029: result.append("\n")
            case 0x09: result.append(scalar)
            case 0..<0x20, 0x7f...0x9f: break
            default: result.append(scalar)
            }
            afterReturn = scalar.value == 0x0d
        }
        return result
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
