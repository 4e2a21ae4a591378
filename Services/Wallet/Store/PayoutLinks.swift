import Kernel
import Messages
import Storage

/// A party's account at the payout provider; the newest verified one is in force.
struct PayoutLink {
    let id: UInt64
    let party: PartyID
    let marketplace: MarketplaceID
    let reference: PersonalText
    let state: PayoutAccountState
    let since: Instant
}

/// The payout accounts that parties named, one row each time.
enum PayoutLinks {
    static func find(_ id: UInt64, _ store: Store) throws -> PayoutLink? {
        try store.first(
            "SELECT id, party, marketplace, reference_key, reference, state, since FROM payout_link WHERE id = ?",
            id,
            read: read)
    }

    /// The account in force.
    static func verified(of party: PartyID, _ store: Store) throws -> PayoutLink? {
        try store.first(
            """
            SELECT id, party, marketplace, reference_key, reference, state, since FROM payout_link
            WHERE party = ? AND state = 3
            """, party, read: read)
    }

    /// The one named last.
    static func latest(of party: PartyID, _ store: Store) throws -> PayoutLink? {
        try store.first(
            """
            SELECT id, party, marketplace, reference_key, reference, state, since FROM payout_link
            WHERE party = ? ORDER BY id DESC LIMIT 1
            """, party, read: read)
    }

    static func all(of party: PartyID, _ store: Store) throws -> [PayoutLink] {
        try store.all(
            """
            SELECT id, party, marketplace, reference_key, reference, state, since FROM payout_link
            WHERE party = ? ORDER BY id
            """, party, read: read)
    }

    static func insert(_ link: PayoutLink, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO payout_link (id, party, marketplace, reference_key, reference, state, since)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, link.id, link.party, link.marketplace, link.reference.key, link.reference.bytes,
            link.state.rawValue,
            link.since)
    }

    static func update(_ id: UInt64, _ state: PayoutAccountState, at now: Instant, _ store: Store) throws {
        try store.run("UPDATE payout_link SET state = ?, since = ? WHERE id = ?", state.rawValue, now, id)
    }

    private static func read(_ row: Row) throws -> PayoutLink {
        PayoutLink(
            id: UInt64(truncatingIfNeeded: row.int(0)), party: row.id(1), marketplace: row.marketplace(2),
            reference: row.personal(3, 4), state: try row.enumeration(5), since: row.instant(6))
    }
}
