import Kernel
import Messages
import Storage
import Wire

/// The streams between services: applied once each, in order, and nothing lost on the way.
struct Streams {
    private struct Pair: Hashable {
        var service: ServiceName
        var peer: UInt8
    }

    private struct Position {
        var sent: Int64
        var acknowledged: Int64
        var applied: Int64
    }

    /// The last sequence of a peer that a service has journaled.
    private var journaled: [Pair: UInt64] = [:]
    /// Sequences that were passed over: their messages must have been set aside.
    private var missing: [Pair: Int] = [:]
    private var retried: [Pair: Int] = [:]

    mutating func take(_ row: JournalRow, _ service: ServiceName, _ findings: Findings) {
        guard (1...5).contains(row.source) else { return }
        let pair = Pair(service: service, peer: row.source)
        if row.key == IdempotencyKey(high: 0, low: 0) {
            retried[pair, default: 0] += 1
            return
        }
        guard row.isOfStream else { return }
        let last = journaled[pair] ?? 0
        if row.key.low <= last {
            let entity = "stream \(row.source) to \(service.title)"
            findings.report(
                .streamInOrder,
                "\(entity): expected message \(last + 1), found \(row.key.low) in row \(row.sequence)",
                [entity])
            return
        }
        if row.key.low > last + 1 { missing[pair, default: 0] += Int(row.key.low - last - 1) }
        journaled[pair] = row.key.low
    }

    /// Streams on which something is on its way or set aside, as of the last comparison.
    private var unsettled: Set<Pair> = []

    /// Whether each of the two has applied all that the other sent.
    func areSettled(_ one: ServiceName, _ other: ServiceName) -> Bool {
        !unsettled.contains(Pair(service: one, peer: other.rawValue))
            && !unsettled.contains(Pair(service: other, peer: one.rawValue))
    }

    mutating func compare(_ stores: [ServiceName: ServiceStore], healed: Bool, _ findings: Findings) throws {
        var positions: [Pair: Position] = [:]
        var aside: [Pair: Int] = [:]
        unsettled = []
        for service in ServiceName.stores {
            guard let store = stores[service] else { continue }
            try store.read { store in
                try readPositions(service, store, &positions)
                try compareOutbox(service, store, positions, findings)
                try setAside(service, store, &aside)
                if healed { try compareRest(service, store, findings) }
            }
        }
        for sender in ServiceName.stores where stores[sender] != nil {
            for receiver in ServiceName.stores where receiver != sender && stores[receiver] != nil {
                compare(sender, receiver, positions, aside, healed: healed, findings)
            }
        }
    }

    /// The outbox of one service between two of its batches, while messages are on their way.
    func compareOutbox(_ service: ServiceName, _ store: ServiceStore, _ findings: Findings) throws {
        var positions: [Pair: Position] = [:]
        try store.read { store in
            try readPositions(service, store, &positions)
            try compareOutbox(service, store, positions, findings)
        }
    }

    private func readPositions(
        _ service: ServiceName, _ store: Store, _ positions: inout [Pair: Position]
    ) throws {
        for (peer, position) in try store.all(
            "SELECT peer, sent, acknowledged, applied FROM gavel_streams ORDER BY peer",
            read: { row in
                (
                    UInt8(truncatingIfNeeded: row.int(0)),
                    Position(sent: row.int(1), acknowledged: row.int(2), applied: row.int(3))
                )
            })
        { positions[Pair(service: service, peer: peer)] = position }
    }

    /// What was written and is not known to be applied lies in the outbox, without a gap.
    private func compareOutbox(
        _ service: ServiceName, _ store: Store, _ positions: [Pair: Position], _ findings: Findings
    ) throws {
        let rows = try store.all(
            """
            SELECT destination, sum(count), min(seq), max(seq + count - 1), min(seq + count - 1)
            FROM gavel_outbox GROUP BY destination ORDER BY destination
            """
        ) { row in (0...4).map { row.int(Int32($0)) } }
        for peer in 1...5 {
            let position =
                positions[Pair(service: service, peer: UInt8(peer))]
                ?? Position(sent: 0, acknowledged: 0, applied: 0)
            let waiting = position.sent - position.acknowledged
            var found = Array((rows.first { $0[0] == peer } ?? [0, 0, 0, 0, 0])[1...])
            // A row holds a run of messages and stays until the last of them is known to be applied.
            let known = max(0, position.acknowledged + 1 - found[1])
            if waiting > 0, found[3] > position.acknowledged {
                found[0] -= known
                found[1] += known
            }
            let expected =
                waiting == 0 ? [0, 0, 0] : [waiting, position.acknowledged + 1, position.sent]
            findings.expect(
                .outboxWithoutGap, "\(service.title) to service \(peer): messages in the outbox, first, last",
                expected: expected, found: Array(found[0...2]), ["outbox of \(service.title)"])
        }
    }

    /// How many messages of each peer are set aside, or were until somebody had them run again.
    private mutating func setAside(_ service: ServiceName, _ store: Store, _ counts: inout [Pair: Int]) throws
    {
        for peer in UInt8(1)...5 {
            let pair = Pair(service: service, peer: peer)
            let parked = try store.first(
                "SELECT count(*) FROM gavel_parked WHERE source = ? AND key_high = 0", peer
            ) {
                Int($0.int(0))
            }
            counts[pair] = (parked ?? 0) + (retried[pair] ?? 0)
            if parked ?? 0 > 0 { unsettled.insert(pair) }
        }
    }

    /// Messages and deadlines that are set aside hold others up; what a client sent may wait for an operator,
    /// but each command once.
    private func compareRest(_ service: ServiceName, _ store: Store, _ findings: Findings) throws {
        let found = try store.first(
            """
            SELECT (SELECT count(*) FROM gavel_outbox), (SELECT count(*) FROM gavel_replies WHERE code = 0),
                (SELECT count(*) FROM gavel_parked WHERE source < 6 AND key_high = 0),
                (SELECT count(*) FROM gavel_parked)
                    - (SELECT count(*) FROM (SELECT DISTINCT source, party, code, body FROM gavel_parked))
            """
        ) { row in (0...3).map { row.int(Int32($0)) } }
        findings.expect(
            .converged,
            "\(service.title): outbox rows, commands that wait, messages set aside, commands set aside twice",
            expected: [0, 0, 0, 0], found: found ?? [], [service.title])
    }

    private mutating func compare(
        _ sender: ServiceName, _ receiver: ServiceName, _ positions: [Pair: Position], _ aside: [Pair: Int],
        healed: Bool, _ findings: Findings
    ) {
        let none = Position(sent: 0, acknowledged: 0, applied: 0)
        let sent = positions[Pair(service: sender, peer: receiver.rawValue)] ?? none
        let pair = Pair(service: receiver, peer: sender.rawValue)
        let applied = positions[pair]?.applied ?? 0
        let entity = ["stream \(sender.title) to \(receiver.title)"]
        if applied != sent.sent { unsettled.insert(pair) }
        if applied > sent.sent || sent.acknowledged > applied {
            findings.report(
                .streamInOrder,
                "\(entity[0]): expected acknowledged \(sent.acknowledged) <= applied <= sent \(sent.sent), found \(applied)",
                entity)
        }
        // Whatever was applied is journaled, or was set aside.
        let behind = applied - Int64(journaled[pair] ?? 0)
        let passedOver = Int64(missing[pair] ?? 0) + behind
        if behind < 0 || passedOver > Int64(aside[pair] ?? 0) {
            findings.report(
                .streamInOrder,
                "\(entity[0]): expected each of \(applied) messages journaled or set aside, found the journal at \(journaled[pair] ?? 0), \(passedOver) passed over and \(aside[pair] ?? 0) set aside",
                entity)
        }
        if healed, applied != sent.sent {
            findings.report(
                .converged, "\(entity[0]): expected all \(sent.sent) applied, found \(applied)", entity)
        }
    }
}
