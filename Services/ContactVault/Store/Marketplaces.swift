import Kernel
import Messages
import Storage

/// The marketplaces on file, every version of each.
enum Marketplaces {
    /// A version, or the one in force if `version` is 0.
    static func find(_ store: Store, _ marketplace: MarketplaceID, version: UInt32 = 0) throws
        -> MarketplaceView?
    {
        try store.first(
            """
            SELECT marketplace, version, name, policy, published_at FROM marketplaces
            WHERE marketplace = ?1 AND (?2 = 0 OR version = ?2) ORDER BY version DESC LIMIT 1
            """, marketplace, version
        ) { row in
            var view = MarketplaceView()
            view.marketplace = row.marketplace(0)
            view.version = UInt32(row.int(1))
            view.name = row.text(2)
            view.policy = try row.record(3)
            view.publishedAt = row.instant(4)
            return view
        }
    }

    static func insert(_ store: Store, _ view: MarketplaceView) throws {
        try store.run(
            "INSERT INTO marketplaces (marketplace, version, name, policy, published_at) VALUES (?, ?, ?, ?, ?)",
            view.marketplace, view.version, view.name, view.policy.encoded(), view.publishedAt)
    }

    /// The versions in force, by number.
    static func page(_ store: Store, after: MarketplaceID, limit: Int) throws -> [MarketplaceSummary] {
        try store.all(
            """
            SELECT marketplace, version, name FROM marketplaces AS newest
            WHERE marketplace > ? AND version =
                (SELECT max(version) FROM marketplaces WHERE marketplace = newest.marketplace)
            ORDER BY marketplace LIMIT ?
            """, after, limit
        ) { row in
            var summary = MarketplaceSummary()
            summary.marketplace = row.marketplace(0)
            summary.version = UInt32(row.int(1))
            summary.name = row.text(2)
            return summary
        }
    }
}
