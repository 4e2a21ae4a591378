import Kernel
import Messages
import Storage
import Wire

/// The commands of a batch on their way into the journal: as one row, however many they are.
///
/// A row and a hash for each command of its own cost a busy service more than some commands themselves.
/// A run of one command is a plain row with the command's code. A longer one has code 0, the time and the rules that
/// its commands share, and as its body the commands one after another, numbers with the least significant byte first:
/// due (i64, microseconds), party (u64), scope (i64), session (u64), the key's halves (u64 each), code (u16), source
/// (u8), version (u8), the length of the body (u32), the body.
struct JournalRun {
    /// The bytes of a packed command before its body.
    static let headBytes = 56
    /// A row takes no further command once its body is longer than this, in bytes.
    static let fullBytes = 262_144

    /// The run's first command.
    private var first = JournalEntry()
    private(set) var count = 0
    private var packed: [UInt8] = []

    var isFull: Bool { packed.count > JournalRun.fullBytes }

    /// Takes a command, the next after the run's last one, at the same time and by the same rules.
    mutating func append(_ entry: JournalEntry) {
        if count == 0 { first = entry }
        count += 1
        guard count == 1 || !Planted.isOn(.commandsLeftOut) else { return }
        var head = (
            entry.due.microseconds.littleEndian, entry.acting.party.raw.littleEndian,
            entry.scope.littleEndian,
            entry.acting.session.raw.littleEndian, entry.key.high.littleEndian, entry.key.low.littleEndian,
            entry.code.littleEndian, entry.source, entry.version, UInt32(entry.body.count).littleEndian
        )
        withUnsafeBytes(of: &head) { packed.append(contentsOf: $0.prefix(JournalRun.headBytes)) }
        packed.append(contentsOf: entry.body)
    }

    /// Writes the run as the next row of the chain, and begins another.
    mutating func write(_ chain: JournalChain, _ store: Store) throws {
        guard count > 0 else { return }
        var row = first
        if count > 1 {
            row = JournalEntry()
            row.sequence = first.sequence
            row.at = first.at
            row.rules = first.rules
            row.body = packed
        }
        let hash = chain.extend(row, count: count)
        try Journal.append(row, count: count, hash: hash, store)
        first = JournalEntry()
        count = 0
        row.body = []
        packed.removeAll(keepingCapacity: true)
    }

    /// The commands of a run, or the one of them that is wanted.
    static func unpack(_ row: JournalRow, only wanted: UInt64? = nil) throws -> [JournalEntry] {
        let bytes = row.entry.body
        let broken = StoreFault.corruptRow("journal run \(row.entry.sequence)")
        // Before the count reserves anything: it may be anything.
        guard row.count > 0, row.count <= bytes.count / headBytes else { throw broken }
        var entries: [JournalEntry] = []
        entries.reserveCapacity(wanted == nil ? row.count : 1)
        var sequence = row.entry.sequence
        try bytes.withUnsafeBytes { bytes in
            var at = 0
            while at < bytes.count {
                guard bytes.count - at >= headBytes else { throw broken }
                let head = UnsafeRawBufferPointer(rebasing: bytes[at..<(at + headBytes)])
                func word(_ index: Int) -> UInt64 {
                    UInt64(littleEndian: head.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
                }
                let tail = word(6)
                let length = Int(tail >> 32)
                guard length <= bytes.count - at - headBytes else { throw broken }
                let body = at + headBytes
                at = body + length
                defer { sequence &+= 1 }
                if let wanted, wanted != sequence { continue }
                var entry = JournalEntry()
                entry.sequence = sequence
                entry.at = row.entry.at
                entry.rules = row.entry.rules
                entry.due = Instant(microseconds: Int64(bitPattern: word(0)))
                entry.acting = JournalEntry.acting(
                    party: PartyID(word(1)), scope: Int64(bitPattern: word(2)), session: SessionID(word(3)))
                entry.key = IdempotencyKey(high: word(4), low: word(5))
                entry.code = UInt16(truncatingIfNeeded: tail)
                entry.source = UInt8(truncatingIfNeeded: tail >> 16)
                entry.version = UInt8(truncatingIfNeeded: tail >> 24)
                entry.body = [UInt8](bytes[body..<(body + length)])
                entries.append(entry)
            }
        }
        guard sequence == row.last &+ 1 else { throw broken }
        return entries
    }
}
