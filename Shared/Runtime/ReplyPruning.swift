import Kernel
import Storage

/// Forgets replies that no key can ask for any more (rule F2): once a day of the house's time one walk through all of
/// them, a window of keys with each batch, so that no batch waits for millions of rows.
struct ReplyPruning {
    /// A place in the order of the replies' keys.
    private struct Place {
        let owner: Int64
        let high: Int64
        let low: Int64
        static let start = Place(owner: .min, high: .min, low: .min)
    }

    /// How many replies one batch looks at.
    static let window = 512

    /// The last key looked at; nothing between two walks.
    private var place: Place?
    private var due = Instant.none

    /// Whether a batch has something to do here.
    func isDue(_ now: Instant) -> Bool { place != nil || now >= due }

    /// Looks at the next window, within the batch's transaction; how it goes on once that is committed.
    func step(_ now: Instant, _ store: Store) throws -> ReplyPruning {
        let from = place ?? .start
        // A key is judged by the time it was stamped with, up to a day ahead of the house's.
        let before = now - ServiceCore.keyRetention - .days(2)
        var next = self
        next.place = try store.first(
            """
            SELECT party, key_high, key_low FROM gavel_replies WHERE (party, key_high, key_low) > (?, ?, ?)
            ORDER BY party, key_high, key_low LIMIT 1 OFFSET ?
            """, from.owner, from.high, from.low, Self.window - 1
        ) { Place(owner: $0.int(0), high: $0.int(1), low: $0.int(2)) }
        if let end = next.place {
            try store.run(
                """
                DELETE FROM gavel_replies WHERE (party, key_high, key_low) > (?, ?, ?)
                AND (party, key_high, key_low) <= (?, ?, ?) AND at < ? AND code <> 0
                """, from.owner, from.high, from.low, end.owner, end.high, end.low, before)
        } else {
            try store.run(
                """
                DELETE FROM gavel_replies WHERE (party, key_high, key_low) > (?, ?, ?) AND at < ? AND code <> 0
                """, from.owner, from.high, from.low, before)
            next.due = now + .days(1)
        }
        return next
    }
}
