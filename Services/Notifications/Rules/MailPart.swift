/// A part of an e-mail, or the whole of its body: header lines, an empty line, content (RFC 2045, RFC 2046).
struct MailPart {
    /// Everything, lines separated by CR LF, none at the end.
    let lines: String

    init(_ type: String, encoding: String, disposition: String? = nil, _ content: String) {
        var header = ["Content-Type: \(type)"]
        if let disposition { header.append("Content-Disposition: \(disposition)") }
        header.append("Content-Transfer-Encoding: \(encoding)")
        lines = (header + ["", content]).joined(separator: "\r\n")
    }

    /// Several parts in one. Parts of one kind are not put into each other: they would share their boundary.
    ///
    /// The boundary begins with `=_`, which neither quoted-printable nor base64 can write, so that no content ever
    /// holds it (RFC 2045, 6.7).
    static func multipart(_ kind: String, _ parts: [MailPart]) -> MailPart {
        let boundary = "=_gavel.\(kind)"
        var lines = ["Content-Type: multipart/\(kind); boundary=\"\(boundary)\"", ""]
        for part in parts { lines += ["--\(boundary)", part.lines] }
        lines += ["--\(boundary)--", ""]
        return MailPart(lines: lines.joined(separator: "\r\n"))
    }

    private init(lines: String) { self.lines = lines }

    /// Lines of 76 characters (RFC 2045, 6.8).
    static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: 57) {
            var line: [UInt8] = []
            for place in stride(from: start, to: min(start + 57, bytes.count), by: 3) {
                let group = Array(bytes[place..<min(place + 3, bytes.count)])
                var word = UInt32(group[0]) << 16
                if group.count > 1 { word |= UInt32(group[1]) << 8 }
                if group.count > 2 { word |= UInt32(group[2]) }
                for index in 0..<4 {
                    let letter = letters[Int(word >> UInt32(18 - 6 * index) & 63)]
                    line.append(index <= group.count ? letter : UInt8(ascii: "="))
                }
            }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return lines.joined(separator: "\r\n")
    }
}
