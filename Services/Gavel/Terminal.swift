import Glibc
import Host
import Messages
import Wire

/// What a command prints: reports on standard output, everything else on standard error.
enum Terminal {
    /// A line for people, on standard error.
    static func note(_ line: String) { put(line + "\n", on: 2) }

    /// A line of the report, on standard output.
    static func say(_ line: String) { put(line + "\n", on: 1) }

    /// Replaces the last line on a terminal; nothing elsewhere.
    static func progress(_ line: String) {
        if isatty(2) == 1 { put("\r\u{1b}[K" + line, on: 2) }
    }

    /// `text` in green, red or grey on a terminal.
    static func green(_ text: String) -> String { colored(text, "32") }
    static func red(_ text: String) -> String { colored(text, "31") }
    static func grey(_ text: String) -> String { colored(text, "90") }

    private static func colored(_ text: String, _ code: String) -> String {
        isatty(1) == 1 ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }

    /// A refusal in one line.
    static func words(_ refusal: Refusal) -> String {
        var words = "\(refusal.reason): \(refusal.reason.meaning)"
        if !refusal.expected.isEmpty { words += " Expected: \(refusal.expected)." }
        if !refusal.found.isEmpty { words += " Found: \(refusal.found)." }
        if refusal.retryAfterMilliseconds > 0 {
            words += " Try again in \(refusal.retryAfterMilliseconds) ms."
        }
        return words
    }

    private static func put(_ text: String, on descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Replaces a file that others may read.
func writePublicText(_ text: String, to path: String) throws {
    try writeText(text, to: path)
    chmod(path, 0o644)
}
