import Messages
import Testing
import Wire

@Suite struct RefusalTests {
    @Test("a refusal can be read, however long what was found is")
    func bounded() throws {
        for text in [String(repeating: "x", count: 5_000), String(repeating: "ставка ", count: 200), "short"]
        {
            let refusal = Refusal(.invalidValue, expected: text, found: text)
            let read = try Refusal(decoding: refusal.encoded())
            #expect(read.found == refusal.found && text.hasPrefix(read.found.prefix(3)))
        }
        #expect(Refusal(.invalidValue, found: "short").found == "short")
    }

    static let faults: [(WireError, RefusalCode)] = [
        (.invalidText, .invalidText),
        (.tooLong(limit: 200, found: 1_000_000), .invalidText),
        (.truncated(expected: 4, found: 1), .malformed),
        (.trailingBytes(3), .malformed),
        (.invalidCase(type: "bool", found: 2), .malformed),
    ]

    @Test("a body that cannot be read is refused for its text or for its encoding", arguments: faults)
    func unreadable(_ row: (error: WireError, reason: RefusalCode)) {
        let refusal = Refusal(row.error, reading: "PlaceBid")
        #expect(refusal.reason == row.reason && refusal.expected == "PlaceBid")
        #expect(refusal.found == row.error.description)
    }
}
