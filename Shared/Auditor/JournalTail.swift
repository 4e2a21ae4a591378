import Crypto
import Kernel
import Messages
import Storage
import Wire

/// A journaled command as it lies in the store.
struct JournalRow {
    var sequence: UInt64
    var at: Instant
    var due: Instant
    var rules: UInt64
    /// 0: the service itself; else the number of the service that sent it, or of the gateway for clients.
    var source: UInt8
    var party: UInt64
    /// Marketplace and roles in one number.
    var scope: Int64
    var session: UInt64
    var key: IdempotencyKey
    var code: UInt16
    var version: UInt8
    var body: [UInt8]

    var marketplace: UInt32 { UInt32(truncatingIfNeeded: scope >> 8) }
    var isClient: Bool { source == ServiceName.gateway.rawValue || source == ServiceName.program.rawValue }
    /// A message of another service's stream.
    var isOfStream: Bool { (1...5).contains(source) && key.high == UInt64(source) && key.low != 0 }
    /// A deadline that fired; outcomes of effects bear their effect's code and number as a key.
    var isTimer: Bool { source == 0 && key == IdempotencyKey(high: 0, low: 0) }

    /// The first number that the command can give to what it makes.
    func made(_ ordinal: UInt64 = 1) -> UInt64 { sequence << 8 | ordinal }

    func decoded<M: Message>(_: M.Type) throws -> M { try M(decoding: body, version: version) }
}

/// Reads what is new in a service's journal, and recomputes its chain of hashes.
///
/// A row's hash is SHA-256 over: the hash of the row before (32 zero bytes for the first); sequence, time and due
/// time; rules version << 32, source << 24, wire version << 16 and code in one number; party; scope; session; the
/// key's two halves; and the body. Numbers are 8 bytes, least significant first.
///
/// A row of more than one command has code 0. Its body is the commands one after another: due time, party, scope,
/// session and the key's two halves, 8 bytes each; code in 2, source and wire version in 1 each; the length of the body
/// in 4; the body. Time and rules are the row's; the first command has the row's sequence.
final class JournalTail {
    let service: ServiceName
    private(set) var sequence: UInt64 = 0
    private(set) var at = Instant.none
    private var hash = [UInt8](repeating: 0, count: 32)
    /// The sequence of the row read last.
    private var lastRow: UInt64 = 0
    private let hasher = SHA256Hasher()

    init(_ service: ServiceName) { self.service = service }

    /// Hands each new command to `body`, in order.
    func read(_ store: Store, _ findings: Findings, _ body: (JournalRow) -> Void) throws {
        try checkWhatWasSeen(store, findings)
        while true {
            let rows = try JournalTail.rows(after: sequence, store)
            for stored in rows { take(stored, findings, body) }
            if rows.count < JournalTail.page { return }
        }
    }

    private func take(_ stored: StoredRow, _ findings: Findings, _ body: (JournalRow) -> Void) {
        let row = stored.row
        if row.sequence != sequence + 1 {
            findings.report(
                .journalChain,
                "\(service.title): expected journal row \(sequence + 1), found \(row.sequence)",
                ["\(service.title) journal \(sequence + 1)"])
        }
        JournalTail.extend(&hash, row, hasher)
        if hash != stored.hash {
            findings.report(
                .journalChain,
                "\(service.title): expected the hash of row \(row.sequence) to continue the chain, found another",
                ["\(service.title) journal \(row.sequence)"])
            hash = stored.hash
        }
        if row.at < at {
            findings.report(
                .journalChain,
                "\(service.title): expected row \(row.sequence) at \(at.iso8601) or later, found \(row.at.iso8601)",
                ["\(service.title) journal \(row.sequence)"])
        }
        at = max(at, row.at)
        lastRow = row.sequence
        let commands = stored.commands
        if commands.count != stored.count {
            findings.report(
                .journalChain,
                "\(service.title): expected \(stored.count) commands in row \(row.sequence), found \(commands.count)",
                ["\(service.title) journal \(row.sequence)"])
        }
        sequence = row.sequence + UInt64(max(commands.count, 1)) - 1
        commands.forEach(body)
    }

    private static let page = 100

    /// What was committed once stays: the row read last is still there, as it was.
    private func checkWhatWasSeen(_ store: Store, _ findings: Findings) throws {
        guard sequence > 0 else { return }
        let stored = try store.first("SELECT hash FROM gavel_journal WHERE seq = ?", lastRow) { $0.blob(0) }
        guard stored != hash else { return }
        findings.report(
            .acknowledgedSurvives,
            "\(service.title): expected row \(lastRow) as it was read before, found \(stored == nil ? "nothing" : "another")",
            ["\(service.title) journal \(lastRow)"])
    }

    /// The whole chain again, from its first row.
    func verifyAll(_ store: Store, _ findings: Findings) throws {
        var hash = [UInt8](repeating: 0, count: 32)
        var last: UInt64 = 0
        while last < sequence {
            let rows = try JournalTail.rows(after: last, store)
            for stored in rows {
                let row = stored.row
                JournalTail.extend(&hash, row, hasher)
                guard row.sequence == last + 1, hash == stored.hash, stored.commands.count == stored.count
                else {
                    return findings.report(
                        .journalChain,
                        "\(service.title): expected row \(last + 1) to continue the chain, found row \(row.sequence) with another hash",
                        ["\(service.title) journal \(row.sequence)"])
                }
                last = row.sequence + UInt64(stored.count) - 1
            }
            if rows.isEmpty {
                return findings.report(
                    .journalChain, "\(service.title): expected \(sequence) rows, found \(last)",
                    ["\(service.title) journal"])
            }
        }
    }

    private static func extend(_ hash: inout [UInt8], _ row: JournalRow, _ hasher: SHA256Hasher) {
        hasher.reset()
        hasher.update(hash)
        hasher.update(row.sequence)
        hasher.update(UInt64(bitPattern: row.at.microseconds))
        hasher.update(UInt64(bitPattern: row.due.microseconds))
        hasher.update(
            row.rules << 32 | UInt64(row.source) << 24 | UInt64(row.version) << 16 | UInt64(row.code))
        hasher.update(row.party)
        hasher.update(UInt64(bitPattern: row.scope))
        hasher.update(row.session)
        hasher.update(row.key.high)
        hasher.update(row.key.low)
        hasher.update(row.body)
        hasher.finish(into: &hash)
    }

    /// A row as it lies in the store.
    private struct StoredRow {
        var row: JournalRow
        var count: Int
        var hash: [UInt8]

        /// The commands that it holds; what cannot be read is missing.
        var commands: [JournalRow] {
            guard row.code == 0 else { return [row] }
            var found: [JournalRow] = []
            var rest = row.body[...]
            func number(_ bytes: Int) -> UInt64 {
                defer { rest = rest.dropFirst(bytes) }
                return rest.prefix(bytes).reversed().reduce(0) { $0 << 8 | UInt64($1) }
            }
            while rest.count >= 56 {
                var command = row
                command.sequence += UInt64(found.count)
                command.due = Instant(microseconds: Int64(bitPattern: number(8)))
                command.party = number(8)
                command.scope = Int64(bitPattern: number(8))
                command.session = number(8)
                command.key = IdempotencyKey(high: number(8), low: number(8))
                command.code = UInt16(number(2))
                command.source = UInt8(number(1))
                command.version = UInt8(number(1))
                let length = Int(number(4))
                guard length <= rest.count else { return found }
                command.body = [UInt8](rest.prefix(length))
                rest = rest.dropFirst(length)
                found.append(command)
            }
            return found
        }
    }

    private static func rows(after sequence: UInt64, _ store: Store) throws -> [StoredRow] {
        try store.all(
            """
            SELECT seq, at, due, rules, source, party, scope, session, key_high, key_low, code, version, body, hash,
                count
            FROM gavel_journal WHERE seq > ? ORDER BY seq LIMIT 100
            """, sequence
        ) { row in
            let entry = JournalRow(
                sequence: UInt64(bitPattern: row.int(0)), at: row.instant(1), due: row.instant(2),
                rules: UInt64(bitPattern: row.int(3)), source: UInt8(truncatingIfNeeded: row.int(4)),
                party: UInt64(bitPattern: row.int(5)), scope: row.int(6),
                session: UInt64(bitPattern: row.int(7)),
                key: IdempotencyKey(
                    high: UInt64(bitPattern: row.int(8)), low: UInt64(bitPattern: row.int(9))),
                code: UInt16(truncatingIfNeeded: row.int(10)),
                version: UInt8(truncatingIfNeeded: row.int(11)),
                body: row.blob(12))
            return StoredRow(row: entry, count: Int(row.int(14)), hash: row.blob(13))
        }
    }
}
