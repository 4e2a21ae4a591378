import Kernel
import Messages
import Storage
import WalletRules

/// A marketplace under one version of its policy.
struct Marketplace {
    let id: MarketplaceID
    let version: UInt32
    let name: String
    let policy: Policy
}

/// What the wallet knows of marketplaces and parties: copies of the vault's facts.
enum Copies {
    /// The marketplace under this version; what began under a version keeps it.
    static func marketplace(_ id: MarketplaceID, version: UInt32, _ store: Store) throws -> Marketplace? {
        try store.keepAtWriter(versions, UInt64(id.raw) << 32 | UInt64(version)) {
            try store.first(
                "SELECT name, policy FROM marketplace WHERE id = ? AND version = ?", id, version
            ) { row in
                Marketplace(id: id, version: version, name: row.text(0), policy: try row.record(1))
            }
        }
    }

    /// The marketplace under its newest version.
    static func marketplace(_ id: MarketplaceID, _ store: Store) throws -> Marketplace? {
        try store.keepAtWriter(newest, id) {
            try store.first(
                "SELECT name, policy, version FROM marketplace WHERE id = ? ORDER BY version DESC LIMIT 1", id
            ) { row in
                Marketplace(
                    id: id, version: UInt32(truncatingIfNeeded: row.int(2)), name: row.text(0),
                    policy: try row.record(1))
            }
        }
    }

    static func save(_ published: MarketplacePublished, _ store: Store) throws {
        try store.run(
            "INSERT OR IGNORE INTO marketplace (id, version, name, policy) VALUES (?, ?, ?, ?)",
            published.marketplace, published.version, published.name, published.policy.encoded())
        store.forget(newest, published.marketplace)
    }

    private static let versions = Kept<UInt64, Marketplace>()
    private static let newest = Kept<MarketplaceID, Marketplace>()

    static func party(_ id: PartyID, _ store: Store) throws -> PartyPublished? {
        try store.keepAtWriter(known, id) {
            try store.first("SELECT marketplace, roles, state, language FROM party WHERE id = ?", id) { row in
                var party = PartyPublished()
                party.party = id
                party.marketplace = row.marketplace(0)
                party.roles = Roles(rawValue: UInt8(truncatingIfNeeded: row.int(1)))
                party.state = try row.enumeration(2)
                party.language = try row.enumeration(3)
                return party
            }
        }
    }

    static func save(_ published: PartyPublished, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO party (id, marketplace, roles, state, language) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET marketplace = excluded.marketplace, roles = excluded.roles,
                state = excluded.state, language = excluded.language
            """, published.party, published.marketplace, published.roles.rawValue, published.state.rawValue,
            published.language.rawValue)
        store.forget(known, published.party)
    }

    private static let known = Kept<PartyID, PartyPublished>()

    /// The newest version of the party's billing identity; none if the vault has told of none.
    static func billingIdentity(of party: PartyID, _ store: Store) throws -> BillingIdentityID {
        try store.first("SELECT identity FROM billing_identity WHERE party = ?", party) { $0.id(0) } ?? .none
    }
}
