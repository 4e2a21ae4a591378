import Kernel
import Messages
import Storage
import Wire

/// Executes a journal again, in an empty store, through the same handlers.
///
/// The state is the same to the byte if every handler is deterministic: the proof of rule F3's "nothing half done".
public enum Replay {
    /// What a replay found.
    public struct Result: Sendable {
        /// Journal rows executed.
        public var rows: UInt64 = 0
        /// The tables whose digest differs from the original's, in the order of the declaration.
        public var different: [String] = []
        public init() {}
    }

    /// Replays the journal of `original` and compares the declared tables.
    public static func check(_ definition: ServiceDefinition, _ original: ServiceStore) throws -> Result {
        let copy = try ServiceStore(path: nil, migrations: definition.migrations)
        var result = Result()
        result.rows = try execute(definition, from: original, into: copy)
        let before = try original.read { try StateDigest.perTable(definition.digestTables, $0) }
        let after = try copy.read { try StateDigest.perTable(definition.digestTables, $0) }
        for (left, right) in zip(before, after) where left.digest != right.digest {
            result.different.append(left.table)
        }
        return result
    }

    /// Executes every journaled command of `original` in `copy`.
    /// - Returns: the number of commands.
    public static func execute(
        _ definition: ServiceDefinition, from original: ServiceStore, into copy: ServiceStore
    ) throws -> UInt64 {
        var done: UInt64 = 0
        while true {
            let last = done
            let rows = try original.read { try Journal.rows(after: last, limit: Journal.page, $0) }
            if rows.isEmpty { return done }
            try copy.transaction { store in
                let turn = Turn(store: store, batch: Batch(sent: [UInt64](repeating: 0, count: 8)))
                for row in rows {
                    for entry in try row.entries() { try apply(entry, definition, turn) }
                }
            }
            done = rows[rows.count - 1].last
        }
    }

    private static func apply(_ entry: JournalEntry, _ definition: ServiceDefinition, _ turn: Turn) throws {
        guard let run = definition.handlers[entry.code]?.run else {
            throw StoreFault.unusable("no handler for journaled message \(entry.code)")
        }
        turn.begin(
            sequence: entry.sequence, now: entry.at, due: entry.due, acting: entry.acting,
            peer: Journal.peer(entry.source))
        _ = try entry.body.withUnsafeBytes { try run($0, entry.version, turn) }
    }
}
