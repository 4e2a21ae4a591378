import Crypto
import Kernel
import Storage
import Wire

/// A journaled command, as it stood when it was executed.
public struct JournalEntry: Sendable {
    public var sequence: UInt64 = 0
    public var at = Instant.none
    public var due = Instant.none
    /// The version of the rules that decided it.
    public var rules: UInt32 = RulesVersion.current
    /// 0: the service itself; else the sending service, or the gateway for clients.
    public var source: UInt8 = 0
    public var acting = Acting.nobody
    public var key = IdempotencyKey(high: 0, low: 0)
    public var code: UInt16 = 0
    public var version: UInt8 = ProtocolVersion.current
    public var body: [UInt8] = []
    public init() {}

    /// Marketplace and roles in one number.
    var scope: Int64 { Int64(acting.marketplace.raw) << 8 | Int64(acting.roles.rawValue) }

    /// Who acted, from the numbers of a row.
    static func acting(party: PartyID, scope: Int64, session: SessionID) -> Acting {
        Acting(
            party: party, marketplace: MarketplaceID(UInt32(truncatingIfNeeded: scope >> 8)),
            roles: Roles(rawValue: UInt8(truncatingIfNeeded: scope)), session: session)
    }
}

/// The version of the rules that this build executes; a journal names the one of each command.
public enum RulesVersion {
    public static let current: UInt32 = 1
}

/// A row of the journal: one command, or the run of commands that one batch carried out.
///
/// The row of a run has code 0, and its body is the commands one after another (``JournalRun``).
public struct JournalRow: Sendable {
    /// The row's columns as a command's; its sequence is that of the run's first.
    public var entry: JournalEntry
    /// The number of commands; at least 1.
    public var count = 1
    public var hash: [UInt8] = []

    /// The sequence of the row's last command.
    public var last: UInt64 { entry.sequence &+ UInt64(bitPattern: Int64(count)) &- 1 }

    /// The commands of the row, in order.
    /// - Throws: ``StoreFault/corruptRow(_:)`` where the body is no run of as many commands as the row says.
    public func entries() throws -> [JournalEntry] {
        entry.code == 0 ? try JournalRun.unpack(self) : [entry]
    }

    /// The one of the row's commands that has this sequence.
    func entry(_ sequence: UInt64) throws -> JournalEntry? {
        if entry.code != 0 { return entry.sequence == sequence ? entry : nil }
        return try JournalRun.unpack(self, only: sequence).first
    }
}

/// The hash chain over a service's journal: each row's hash covers the row and the hash before it.
///
/// It covers ciphertext only, so that it still verifies after an erasure (rule F5).
public final class JournalChain {
    private let hasher = SHA256Hasher()
    public private(set) var last: [UInt8]
    /// The sequence of the last command.
    public private(set) var sequence: UInt64

    public init(sequence: UInt64 = 0, last: [UInt8] = [UInt8](repeating: 0, count: 32)) {
        self.sequence = sequence
        self.last = last
    }

    /// The hash of `entry`, the row of `count` commands, after the chain's last one; the chain goes on from it.
    ///
    /// The body of a run says how many commands it holds.
    public func extend(_ entry: JournalEntry, count: Int = 1) -> [UInt8] {
        hasher.reset()
        if !Planted.isOn(.journalWithoutChain) { hasher.update(last) }
        hasher.update(entry.sequence)
        hasher.update(UInt64(bitPattern: entry.at.microseconds))
        hasher.update(UInt64(bitPattern: entry.due.microseconds))
        hasher.update(
            UInt64(entry.rules) << 32 | UInt64(entry.source) << 24 | UInt64(entry.version) << 16
                | UInt64(entry.code))
        hasher.update(entry.acting.party.raw)
        hasher.update(UInt64(bitPattern: entry.scope))
        hasher.update(entry.acting.session.raw)
        hasher.update(entry.key.high)
        hasher.update(entry.key.low)
        hasher.update(entry.body)
        hasher.finish(into: &last)
        // A count read from a damaged store may be anything.
        sequence = entry.sequence &+ UInt64(bitPattern: Int64(count)) &- 1
        return last
    }

    /// Goes back to where the chain stood.
    func rewind(to sequence: UInt64, _ hash: [UInt8]) {
        self.sequence = sequence
        last = hash
    }
}

/// Reads and writes the journal's table.
public enum Journal {
    /// The chain as the store's last row leaves it.
    public static func chain(_ store: Store) throws -> JournalChain {
        let row = try store.first("SELECT seq + count - 1, hash FROM gavel_journal ORDER BY seq DESC LIMIT 1")
        {
            (UInt64(bitPattern: $0.int(0)), $0.blob(1))
        }
        guard let (sequence, hash) = row else { return JournalChain() }
        return JournalChain(sequence: sequence, last: hash)
    }

    /// The time of the last row; ``Instant/none`` in an empty journal.
    public static func lastInstant(_ store: Store) throws -> Instant {
        try store.first("SELECT at FROM gavel_journal ORDER BY seq DESC LIMIT 1") { $0.instant(0) } ?? .none
    }

    /// The service that sent a journaled message; nothing for clients, who come by the gateway.
    static func peer(_ source: UInt8) -> ServiceName? {
        ServiceName(rawValue: source).flatMap { $0 == .gateway ? nil : $0 }
    }

    static func append(_ entry: JournalEntry, count: Int, hash: [UInt8], _ store: Store) throws {
        try store.run(
            """
            INSERT INTO gavel_journal (seq, at, due, rules, source, party, scope, session, key_high, key_low, code,
                version, body, hash, count)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            entry.sequence, entry.at, entry.due, entry.rules, entry.source, entry.acting.party, entry.scope,
            entry.acting.session, entry.key.high, entry.key.low, entry.code, entry.version, entry.body, hash,
            count)
    }

    /// Up to `limit` rows that begin after `sequence`, in order.
    public static func rows(after sequence: UInt64, limit: Int, _ store: Store) throws -> [JournalRow] {
        try store.all(
            """
            SELECT seq, at, due, rules, source, party, scope, session, key_high, key_low, code, version, body, hash,
                count
            FROM gavel_journal WHERE seq > ? ORDER BY seq LIMIT ?
            """, sequence, limit, read: read)
    }

    /// The row that holds the command of this sequence.
    public static func row(holding sequence: UInt64, _ store: Store) throws -> JournalRow? {
        let row = try store.first(
            """
            SELECT seq, at, due, rules, source, party, scope, session, key_high, key_low, code, version, body, hash,
                count
            FROM gavel_journal WHERE seq <= ? ORDER BY seq DESC LIMIT 1
            """, sequence, read: read)
        return row.flatMap { $0.last >= sequence ? $0 : nil }
    }

    private static func read(_ row: Row) -> JournalRow {
        var entry = JournalEntry()
        entry.sequence = UInt64(bitPattern: row.int(0))
        entry.at = row.instant(1)
        entry.due = row.instant(2)
        entry.rules = UInt32(truncatingIfNeeded: row.int(3))
        entry.source = UInt8(truncatingIfNeeded: row.int(4))
        entry.acting = JournalEntry.acting(party: row.id(5), scope: row.int(6), session: row.id(7))
        entry.key = IdempotencyKey(
            high: UInt64(bitPattern: row.int(8)), low: UInt64(bitPattern: row.int(9)))
        entry.code = UInt16(truncatingIfNeeded: row.int(10))
        entry.version = UInt8(truncatingIfNeeded: row.int(11))
        entry.body = row.blob(12)
        return JournalRow(entry: entry, count: Int(row.int(14)), hash: row.blob(13))
    }

    /// The command of this sequence.
    public static func entry(_ sequence: UInt64, _ store: Store) throws -> JournalEntry? {
        try row(holding: sequence, store)?.entry(sequence)
    }

    /// How many rows are read at once: a run may be a quarter of a megabyte.
    static let page = 64

    /// Hands every command to `body`, in order.
    public static func forEach(_ store: Store, _ body: (JournalEntry) throws -> Void) throws {
        var last: UInt64 = 0
        while true {
            let rows = try Journal.rows(after: last, limit: page, store)
            guard let end = rows.last?.last else { return }
            for row in rows { try row.entries().forEach(body) }
            last = end
        }
    }

    /// Walks the whole chain.
    /// - Returns: the number of commands.
    /// - Throws: ``StoreFault/chainBroken(sequence:)`` at the first row whose hash or sequence is wrong.
    public static func verifyChain(_ store: Store) throws -> UInt64 {
        let chain = JournalChain()
        while true {
            let rows = try Journal.rows(after: chain.sequence, limit: page, store)
            if rows.isEmpty { return chain.sequence }
            for row in rows {
                // The hash first: only a body that is as it was written says how many commands it holds.
                let next = chain.sequence + 1
                guard row.entry.sequence == next, chain.extend(row.entry, count: row.count) == row.hash,
                    (try? row.entries().count) == row.count
                else { throw StoreFault.chainBroken(sequence: row.entry.sequence) }
            }
        }
    }
}
