import Kernel

extension SpooledMail {
    /// The file's name of the e-mail about an inbox item: its number in 16 hexadecimal digits.
    public static func name(of item: InboxItemID) -> String {
        let digits = String(item.raw, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".eml"
    }

    /// The address in the header's `To`.
    public var recipient: String {
        guard let line = header("To"), let open = line.lastIndex(of: "<"), let close = line.lastIndex(of: ">")
        else { return "" }
        return String(line[line.index(after: open)..<close])
    }

    /// The body as its reader sees it.
    public var body: String {
        let lines = self.lines
        guard let end = lines.firstIndex(of: "") else { return "" }
        return QuotedPrintable.decoded(lines[(end + 1)...].joined(separator: "\n"))
    }

    /// The token of the link in the body: a line of its own, long and without a space.
    public var token: String? {
        body.split(separator: "\n").map(String.init).last { $0.utf8.count >= 32 && !$0.contains(" ") }
    }

    private var lines: [String] {
        text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// A header field with its continuation lines.
    private func header(_ name: String) -> String? {
        let lines = self.lines.prefix { !$0.isEmpty }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("\(name): ") }) else { return nil }
        let more = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
        return ([lines[start]] + more).joined()
    }
}

/// Reads the encoding of e-mail bodies (RFC 2045, 6.7).
enum QuotedPrintable {
    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        let encoded = Array(text.utf8)
        var index = 0
        while index < encoded.count {
            if encoded[index] == UInt8(ascii: "="), index + 1 < encoded.count {
                if encoded[index + 1] == UInt8(ascii: "\n") {
                    index += 2
                    continue
                }
                let digits = String(
                    decoding: encoded[(index + 1)..<min(index + 3, encoded.count)], as: UTF8.self)
                if let byte = UInt8(digits, radix: 16) {
                    bytes.append(byte)
                    index += 3
                    continue
                }
            }
            bytes.append(encoded[index])
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
