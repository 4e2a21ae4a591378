import Foundation

extension SpooledMail {
    /// The tokens of all links in the body, in order: lines of their own, long and without a space.
    public var tokens: [String] {
        body.split(separator: "\n").map(String.init).filter { $0.utf8.count >= 32 && !$0.contains(" ") }
    }

    /// The lines of the calendar object that the e-mail carries, unfolded (RFC 5545, 3.1); nothing without one.
    public var calendar: [String]? {
        guard
            let part = text.components(separatedBy: "\r\n--").first(where: { $0.contains("text/calendar;") }),
            let start = part.range(of: "\r\n\r\n"),
            let bytes = Data(
                base64Encoded: String(part[start.upperBound...]), options: .ignoreUnknownCharacters)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n ", with: "")
            .components(separatedBy: "\r\n").filter { !$0.isEmpty }
    }
}
