import Kernel
import Messages
import Storage

/// The pools of proxy numbers (D1).
extension Store {
    /// The pool that a number belongs to, whatever its state.
    func pool(of number: String) throws -> MarketplaceID? {
        try first("SELECT marketplace FROM proxy_number WHERE number = ?", number) { row in
            row.marketplace(0)
        }
    }

    /// A number that was retired comes back with what is left of its rest.
    func add(number: String, to marketplace: MarketplaceID) throws {
        try run(
            """
            INSERT INTO proxy_number (number, marketplace, leased_to, free_at, retired) VALUES (?, ?, 0, 0, 0)
            ON CONFLICT (number) DO UPDATE SET retired = 0
            """, number, marketplace)
    }

    func isRetired(number: String) throws -> Bool {
        try first("SELECT retired FROM proxy_number WHERE number = ?", number) { row in row.bool(0) } ?? false
    }

    func retire(number: String) throws {
        try run("UPDATE proxy_number SET retired = 1 WHERE number = ?", number)
    }

    /// The number that has been free for the longest; nothing if all are leased or rest.
    func freeNumber(in marketplace: MarketplaceID, at now: Instant) throws -> String? {
        try first(
            """
            SELECT number FROM proxy_number
            WHERE marketplace = ? AND leased_to = 0 AND retired = 0 AND free_at <= ?
            ORDER BY free_at, number LIMIT 1
            """, marketplace, now
        ) { row in row.text(0) }
    }

    func lease(number: String, to activation: OrderID) throws {
        try run("UPDATE proxy_number SET leased_to = ? WHERE number = ?", activation, number)
    }

    /// Ends a lease. With `freeAt` the number rests until then; without, nobody learned that it was leased.
    func detach(number: String, restingUntil freeAt: Instant?) throws {
        try run(
            "UPDATE proxy_number SET leased_to = 0, free_at = coalesce(?, free_at) WHERE number = ?", freeAt,
            number)
    }

    func pool(
        _ marketplace: MarketplaceID, after: String, limit: Int, at now: Instant
    ) throws -> [ProxyNumberEntry] {
        try all(
            """
            SELECT number, leased_to, free_at, retired FROM proxy_number WHERE marketplace = ? AND number > ?
            ORDER BY number LIMIT ?
            """, marketplace, after, limit
        ) { row in
            var entry = ProxyNumberEntry()
            entry.number = row.text(0)
            entry.activation = row.id(1)
            let freeAt = row.instant(2)
            entry.state =
                !entry.activation.isNone
                ? .leased : row.bool(3) ? .retired : freeAt > now ? .resting : .free
            if entry.state == .resting { entry.freeAt = freeAt }
            return entry
        }
    }

    /// How many are leased, retired, resting, free.
    func countPool(
        _ marketplace: MarketplaceID, at now: Instant, into pool: inout ProxyPool
    ) throws {
        let counted = try first(
            """
            SELECT coalesce(sum(leased_to > 0), 0), coalesce(sum(leased_to = 0 AND retired = 1), 0),
                coalesce(sum(leased_to = 0 AND retired = 0 AND free_at > ?), 0),
                coalesce(sum(leased_to = 0 AND retired = 0 AND free_at <= ?), 0)
            FROM proxy_number WHERE marketplace = ?
            """, now, now, marketplace
        ) { row in (UInt32(row.int(0)), UInt32(row.int(1)), UInt32(row.int(2)), UInt32(row.int(3))) }
        (pool.leased, pool.retired, pool.resting, pool.free) = counted ?? (0, 0, 0, 0)
    }
}
