import Kernel
import Messages
import Storage

/// Whose telephone switch a party is.
enum Switches {
    /// What one provider, or the house, may register in a marketplace.
    static let most: Int64 = 16

    static func count(_ store: Store, of provider: PartyID, in marketplace: MarketplaceID) throws -> Int64 {
        try store.first(
            """
            SELECT count(*) FROM switches s JOIN parties p ON p.party = s.party
            WHERE s.provider = ? AND p.marketplace = ?
            """, provider, marketplace
        ) { $0.int(0) } ?? 0
    }

    /// The switches of a provider that are not retired, oldest first.
    static func all(_ store: Store, of provider: PartyID) throws -> [PartyID] {
        try store.all("SELECT party FROM switches WHERE provider = ? ORDER BY party", provider) { $0.id(0) }
    }

    /// Whose switch a party is; nothing for any other party.
    static func provider(_ store: Store, of party: PartyID) throws -> PartyID? {
        try store.first("SELECT provider FROM switches WHERE party = ?", party) { $0.id(0) }
    }

    /// A switch that is closed makes room for another one.
    static func retire(_ store: Store, _ party: PartyID) throws {
        try store.run("DELETE FROM switches WHERE party = ?", party)
    }

    static func insert(_ store: Store, _ party: PartyID, of provider: PartyID) throws {
        try store.run("INSERT INTO switches (party, provider) VALUES (?, ?)", party, provider)
    }
}
