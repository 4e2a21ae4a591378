import Kernel
import Messages
import Storage

/// What the auction knows of a party: a copy of the vault's and the wallet's facts, and its own counts.
struct Party {
    var party: PartyID
    var marketplace = MarketplaceID.none
    var roles: Roles = []
    var state = PartyState.registered
    var language = Language.german
    var payoutVerified = false
    /// Payment deadlines that lapsed (A19).
    var strikes: UInt32 = 0
    /// When the regular reviews of this seller began (A16).
    var reviewedSince = Instant.none
    /// The contact that its trading partners get (C2).
    var card = ContactID.none
}

extension Store {
    func party(_ party: PartyID) throws -> Party? {
        try keepAtWriter(keptParty, party) {
            try first(
                """
                SELECT marketplace, roles, state, language, payout_verified, strikes, reviewed_since, card
                FROM party WHERE party = ?
                """, party
            ) { row in
                Party(
                    party: party, marketplace: row.marketplace(0), roles: Roles(rawValue: UInt8(row.int(1))),
                    state: try row.enumeration(2), language: try row.enumeration(3),
                    payoutVerified: row.bool(4),
                    strikes: UInt32(row.int(5)), reviewedSince: row.instant(6), card: row.id(7))
            }
        }
    }

    func save(_ party: Party) throws {
        try run(
            """
            INSERT INTO party (party, marketplace, roles, state, language, payout_verified, strikes, reviewed_since,
                card)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (party) DO UPDATE SET marketplace = excluded.marketplace, roles = excluded.roles,
                state = excluded.state, language = excluded.language, payout_verified = excluded.payout_verified,
                strikes = excluded.strikes, reviewed_since = excluded.reviewed_since, card = excluded.card
            """, party.party, party.marketplace, party.roles.rawValue, party.state.rawValue,
            party.language.rawValue, party.payoutVerified, party.strikes, party.reviewedSince, party.card)
        replace(keptParty, party.party, party)
    }

    /// The operators, for what only they can decide; as many as it is useful to tell.
    func operators() throws -> [Party] {
        try all("SELECT party FROM party WHERE roles & 4 <> 0 AND state = 3 ORDER BY party LIMIT 16") { row in
            row.id(0, PartyID.self)
        }.compactMap { try party($0) }
    }
}

private let keptParty = Kept<PartyID, Party>()
