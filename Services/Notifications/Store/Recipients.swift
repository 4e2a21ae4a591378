import Kernel
import Messages
import Storage

/// What the templates need to know of a marketplace.
struct Marketplace {
    var name = ""
    var language = Language.german
    var zone = LocalZone(minutes: 0, summerTime: false)
}

/// Marketplaces and parties as the vault told of them.
enum Recipients {
    static func save(_ published: MarketplacePublished, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO marketplace (marketplace, version, name, language, zone_minutes, summer_time)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (marketplace) DO UPDATE
            SET version = excluded.version, name = excluded.name, language = excluded.language,
                zone_minutes = excluded.zone_minutes, summer_time = excluded.summer_time
            WHERE excluded.version >= version
            """, published.marketplace, published.version, published.name, published.policy.language.rawValue,
            published.policy.zoneMinutes, published.policy.summerTime)
        store.forget(kept, published.marketplace)
    }

    private static let kept = Kept<MarketplaceID, Marketplace>()

    /// A marketplace; a plain one if the vault has not told of it yet.
    static func marketplace(_ id: MarketplaceID, _ store: Store) throws -> Marketplace {
        try store.first(
            "SELECT name, language, zone_minutes, summer_time FROM marketplace WHERE marketplace = ?", id
        ) { row in
            Marketplace(
                name: row.text(0), language: try row.enumeration(1),
                zone: LocalZone(minutes: Int32(truncatingIfNeeded: row.int(2)), summerTime: row.bool(3)))
        } ?? Marketplace()
    }

    /// The same at the writer, where thousands of notices a second need it.
    static func marketplaceOfWriter(_ id: MarketplaceID, _ store: Store) throws -> Marketplace {
        try store.keep(kept, id) { try marketplace(id, store) }
    }

    static func save(_ published: PartyPublished, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO recipient (party, marketplace, language) VALUES (?, ?, ?)
            ON CONFLICT (party) DO UPDATE
            SET marketplace = excluded.marketplace, language = excluded.language
            """, published.party, published.marketplace, published.language.rawValue)
        store.forget(recipient, published.party)
    }

    private static let recipient = Kept<PartyID, Language>()

    /// Counts a new item for its party, and gives the language that the party reads.
    static func count(
        _ item: InboxItemID, for party: PartyID, of id: MarketplaceID, _ marketplace: Marketplace,
        _ store: Store
    ) throws -> Language {
        try store.run("UPDATE recipient SET unread = unread + 1, latest = ? WHERE party = ?", item, party)
        if store.changes == 0 {
            // The stream of another service may be ahead of the vault's.
            try store.run(
                "INSERT INTO recipient (party, marketplace, language, unread, latest) VALUES (?, ?, ?, 1, ?)",
                party, id, marketplace.language.rawValue, item)
        }
        return try store.keep(recipient, party) { try language(of: party, store) ?? marketplace.language }
    }

    static func language(of party: PartyID, _ store: Store) throws -> Language? {
        try store.first("SELECT language FROM recipient WHERE party = ?", party) { try $0.enumeration(0) }
    }

    static func counts(of party: PartyID, _ store: Store) throws -> UnreadCount {
        var counts = UnreadCount()
        _ = try store.first("SELECT unread, latest FROM recipient WHERE party = ?", party) { row in
            counts.unread = UInt32(truncatingIfNeeded: row.int(0))
            counts.latest = row.id(1)
        }
        return counts
    }

    static func subtractUnread(_ count: Int, of party: PartyID, _ store: Store) throws {
        try store.run("UPDATE recipient SET unread = unread - ? WHERE party = ?", count, party)
    }
}
