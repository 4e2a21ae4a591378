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
}

/// The version of the rules that this build executes; a journal names the one of each command.
public enum RulesVersion {
    public static let current: UInt32 = 1
}

/// The hash chain over a service's journal: each row's hash covers the row and the hash before it.
///
/// It covers ciphertext only, so that it still verifies after an erasure (rule F5).
public final class JournalChain {
    private let hasher = SHA256Hasher()
    public private(set) var last: [UInt8]
    public private(set) var sequence: UInt64

    public init(sequence: UInt64 = 0, last: [UInt8] = [UInt8](repeating: 0, count: 32)) {
        self.sequence = sequence
        self.last = last
    }

    /// The hash of `entry` after the chain's last one; the chain goes on from it.
    public func extend(_ entry: JournalEntry) -> [UInt8] {
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
        sequence = entry.sequence
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
        let row = try store.first("SELECT seq, hash FROM gavel_journal ORDER BY seq DESC LIMIT 1") { row in
            (UInt64(row.int(0)), row.blob(1))
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

    static func append(_ entry: JournalEntry, hash: [UInt8], _ store: Store) throws {
        try store.run(
            """
            INSERT INTO gavel_journal
            (seq, at, due, rules, source, party, scope, session, key_high, key_low, code, version, body, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            entry.sequence, entry.at, entry.due, entry.rules, entry.source, entry.acting.party, entry.scope,
            entry.acting.session, entry.key.high, entry.key.low, entry.code, entry.version, entry.body, hash)
    }

    /// Up to `limit` rows after `sequence`, with their hashes, in order.
    public static func rows(
        after sequence: UInt64, limit: Int, _ store: Store
    ) throws -> [(entry: JournalEntry, hash: [UInt8])] {
        try store.all(
            """
            SELECT seq, at, due, rules, source, party, scope, session, key_high, key_low, code, version, body, hash
            FROM gavel_journal WHERE seq > ? ORDER BY seq LIMIT ?
            """, sequence, limit
        ) { row in
            var entry = JournalEntry()
            entry.sequence = UInt64(row.int(0))
            entry.at = row.instant(1)
            entry.due = row.instant(2)
            entry.rules = UInt32(truncatingIfNeeded: row.int(3))
            entry.source = UInt8(truncatingIfNeeded: row.int(4))
            let scope = row.int(6)
            entry.acting = Acting(
                party: row.id(5), marketplace: MarketplaceID(UInt32(truncatingIfNeeded: scope >> 8)),
                roles: Roles(rawValue: UInt8(truncatingIfNeeded: scope)), session: row.id(7))
            entry.key = IdempotencyKey(
                high: UInt64(bitPattern: row.int(8)), low: UInt64(bitPattern: row.int(9)))
            entry.code = UInt16(truncatingIfNeeded: row.int(10))
            entry.version = UInt8(truncatingIfNeeded: row.int(11))
            entry.body = row.blob(12)
            return (entry, row.blob(13))
        }
    }

    /// Walks the whole chain.
    /// - Returns: the number of rows.
    /// - Throws: ``StoreFault/chainBroken(sequence:)`` at the first row whose hash or sequence is wrong.
    public static func verifyChain(_ store: Store) throws -> UInt64 {
        let chain = JournalChain()
        while true {
            let rows = try Journal.rows(after: chain.sequence, limit: 1_000, store)
            if rows.isEmpty { return chain.sequence }
            for (entry, hash) in rows {
                guard entry.sequence == chain.sequence + 1, chain.extend(entry) == hash else {
                    throw StoreFault.chainBroken(sequence: entry.sequence)
                }
            }
        }
    }
}
