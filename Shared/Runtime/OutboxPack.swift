import Kernel
import Messages
import Storage
import Wire

/// How the outbox lies in the store: one row a run of messages that one batch writes for one destination.
///
/// A busy batch writes a thousand messages; as rows of their own they would cost more than what they tell. A run of
/// one message is a plain row with the message's code; a longer one has code 0, and its body is the messages one
/// after another: the length of the body (u32), the code (u16), the body.
enum OutboxPack {
    /// The most messages in one row.
    static let mostMessages = 4_096
    /// A row takes no further message once its body is longer than this, in bytes.
    static let fullBytes = 262_144

    /// Writes messages, each destination's in the order of their sequences.
    static func write(_ messages: [OutboxRow], _ store: Store) throws {
        for service in ServiceName.stores {
            let bytes = messages.reduce(0) { $0 + ($1.destination == service ? $1.body.count + 6 : 0) }
            guard bytes > 0 else { continue }
            var run = Run(bytes)
            for message in messages where message.destination == service {
                if run.isFull { try run.write(to: service, store) }
                run.append(message)
            }
            try run.write(to: service, store)
        }
    }

    /// Up to `limit` messages from the sequence `from` on, in order.
    static func read(
        _ destination: ServiceName, from: UInt64, limit: Int, _ store: Store
    ) throws -> [OutboxRow] {
        var found: [OutboxRow] = []
        var next = from
        while found.count < limit {
            // A run that holds `next` begins less than a full run before it.
            let lowest = next < UInt64(mostMessages) ? 0 : next - UInt64(mostMessages)
            let row = try store.first(
                """
                SELECT seq, code, count, body FROM gavel_outbox
                WHERE destination = ?1 AND seq > ?2 AND seq + count > ?3 ORDER BY seq LIMIT 1
                """, destination.rawValue, lowest, next
            ) { row in
                (
                    first: UInt64(row.int(0)), code: UInt16(row.int(1)), count: Int(row.int(2)),
                    body: row.blob(3)
                )
            }
            guard let row else { break }
            if row.code != 0 {
                found.append(
                    OutboxRow(destination: destination, sequence: row.first, code: row.code, body: row.body))
            } else {
                let run = try unpack(row.body, to: destination, first: row.first, count: row.count)
                found.append(contentsOf: run.drop { $0.sequence < next }.prefix(limit - found.count))
            }
            next = row.first + UInt64(row.count)
        }
        return found
    }

    /// Forgets what the destination has applied; a run goes once all of it has been.
    static func delete(_ destination: Int, upTo sequence: UInt64, _ store: Store) throws {
        try store.run(
            "DELETE FROM gavel_outbox WHERE destination = ?1 AND seq <= ?2 AND seq + count <= ?2 + 1",
            destination, sequence)
    }

    private static func unpack(
        _ body: [UInt8], to destination: ServiceName, first: UInt64, count: Int
    ) throws -> [OutboxRow] {
        var rows: [OutboxRow] = []
        rows.reserveCapacity(count)
        var at = 0
        while at < body.count {
            guard body.count - at >= 6 else { throw StoreFault.corruptRow("outbox run \(first)") }
            let length = (0..<4).reduce(0) { $0 | Int(body[at + $1]) << (8 * $1) }
            let code = UInt16(body[at + 4]) | UInt16(body[at + 5]) << 8
            at += 6
            guard length <= body.count - at else { throw StoreFault.corruptRow("outbox run \(first)") }
            rows.append(
                OutboxRow(
                    destination: destination, sequence: first + UInt64(rows.count), code: code,
                    body: [UInt8](body[at..<(at + length)])))
            at += length
        }
        guard rows.count == count else { throw StoreFault.corruptRow("outbox run \(first)") }
        return rows
    }

    /// Messages for one destination that will be one row.
    private struct Run {
        private var first: OutboxRow?
        private var count = 0
        private var body: [UInt8] = []

        init(_ bytes: Int) { body.reserveCapacity(min(bytes, 2 * fullBytes)) }

        var isFull: Bool { count == mostMessages || body.count > fullBytes }

        mutating func append(_ message: OutboxRow) {
            if first == nil { first = message }
            withUnsafeBytes(of: UInt32(message.body.count).littleEndian) { body.append(contentsOf: $0) }
            withUnsafeBytes(of: message.code.littleEndian) { body.append(contentsOf: $0) }
            body.append(contentsOf: message.body)
            count += 1
        }

        mutating func write(to destination: ServiceName, _ store: Store) throws {
            guard let first else { return }
            let single = count == 1
            try store.run(
                """
                INSERT INTO gavel_outbox (destination, seq, code, version, count, body)
                VALUES (?, ?, ?, ?, ?, ?)
                """, destination.rawValue, first.sequence, single ? first.code : 0, ProtocolVersion.current,
                count, single ? first.body : body)
            self.first = nil
            count = 0
            body.removeAll(keepingCapacity: true)
        }
    }
}
