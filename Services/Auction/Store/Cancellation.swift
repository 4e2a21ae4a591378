import AuctionRules
import Kernel
import Messages
import Storage

/// A request to undo the sale of an order (C7).
struct Cancellation {
    var order: OrderID
    var state: CancellationState
    var reason: CancellationReason
    var words: PersonalText
}

extension Store {
    /// The requests about an order, in their order: at most one by each side.
    func cancellations(of order: OrderID) throws -> [Cancellation] {
        try all(
            """
            SELECT order_id, asked_by, asked_at, stage, ended_at, reason, words_key, words FROM cancellation
            WHERE order_id = ? ORDER BY number
            """, order
        ) { row in
            var state = CancellationState(askedBy: row.id(1), askedAt: row.instant(2))
            state.stage = try row.enumeration(3)
            state.endedAt = row.instant(4)
            return Cancellation(
                order: row.id(0), state: state, reason: try row.enumeration(5), words: row.personal(6, 7))
        }
    }

    func insert(_ request: Cancellation, number: Int) throws {
        try run(
            """
            INSERT INTO cancellation (order_id, number, asked_by, asked_at, stage, ended_at, reason, words_key, words)
            VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)
            """, request.order, number, request.state.askedBy, request.state.askedAt,
            request.state.stage.rawValue, request.reason.rawValue, request.words.key, request.words.bytes)
    }

    func save(_ request: Cancellation) throws {
        try run(
            "UPDATE cancellation SET stage = ?, ended_at = ? WHERE order_id = ? AND asked_by = ?",
            request.state.stage.rawValue, request.state.endedAt, request.order, request.state.askedBy)
    }

    /// The data keys of what a party wrote in its requests.
    func cancellationKeys(of party: PartyID) throws -> [UInt64] {
        try all(
            "SELECT words_key FROM cancellation WHERE asked_by = ? AND words_key > 0 ORDER BY words_key",
            party
        ) { UInt64(bitPattern: $0.int(0)) }
    }
}
