import Foundation
import Kernel
import Messages
import Wire

/// A command that a client was told was carried out or refused: it must be found again after any crash (rule F3).
struct Acknowledgement: Sendable, Hashable {
    var service: ServiceName
    var party: UInt64
    var key: IdempotencyKey
    /// The answer's message code.
    var answer: UInt16

    /// One line of an acknowledgement file.
    var line: String { "\(service.title) \(party) \(key.high) \(key.low) \(answer)" }

    init(service: ServiceName, party: UInt64, key: IdempotencyKey, answer: UInt16) {
        self.service = service
        self.party = party
        self.key = key
        self.answer = answer
    }

    init?(line: Substring) {
        let parts = line.split(separator: " ")
        guard parts.count == 5, let service = ServiceName(title: String(parts[0])),
            let party = UInt64(parts[1]),
            let high = UInt64(parts[2]), let low = UInt64(parts[3]), let answer = UInt16(parts[4])
        else { return nil }
        self.init(service: service, party: party, key: IdempotencyKey(high: high, low: low), answer: answer)
    }

    /// Reads a file of acknowledgements; a line that is none is an error.
    static func read(_ path: String) throws -> [Acknowledgement] {
        try InputFile.text(path).split(separator: "\n").map { line in
            guard let one = Acknowledgement(line: line) else {
                throw JSONError.expected("service party key key answer", found: "'\(line)'")
            }
            return one
        }
    }
}
