import ContactVaultRules
import Kernel
import Messages
import Storage

/// A party on file.
struct Party {
    var party = PartyID.none
    var marketplace = MarketplaceID.none
    var roles = Roles()
    var life = PartyLife(state: .registered, beforeSuspension: .registered)
    var language = Language.german
    /// Why it is suspended.
    var reason = ""
    var email = PersonalText()
    var name = PersonalText()
    /// The scrypt hash of its password, sealed like any personal text.
    var credential = PersonalText()
    /// Counts the passwords that the party has had.
    var credentialNumber: UInt32 = 1
    /// Counts the confirmation links that the party was sent.
    var linkGeneration: UInt32 = 1
    var registeredAt = Instant.none
    /// Its own contact, which its trading partners get (C2).
    var card = ContactID.none

    var isOperator: Bool { roles.contains(.operator_) }

    var view: PartyView {
        var view = PartyView()
        view.party = party
        view.marketplace = marketplace
        view.roles = roles
        view.state = life.state
        view.language = language
        view.email = email
        view.name = name
        view.reason = reason
        view.registeredAt = registeredAt
        return view
    }
}

/// The parties on file.
enum Parties {
    static func find(_ store: Store, _ party: PartyID) throws -> Party? {
        try store.first(
            """
            SELECT party, marketplace, roles, state, before_suspension, language, reason, email_key, email,
                name_key, name, credential_key, credential, credential_number, link_generation, registered_at, card
            FROM parties WHERE party = ?
            """, party, read: read)
    }

    /// The party with this address in the marketplace; operators are in marketplace 0.
    static func find(_ store: Store, _ marketplace: MarketplaceID, emailHash: [UInt8]) throws -> Party? {
        try store.first(
            """
            SELECT party, marketplace, roles, state, before_suspension, language, reason, email_key, email,
                name_key, name, credential_key, credential, credential_number, link_generation, registered_at, card
            FROM parties WHERE marketplace = ? AND email_hash = ?
            """, marketplace, emailHash, read: read)
    }

    private static func read(_ row: Row) throws -> Party {
        var party = Party()
        party.party = row.id(0)
        party.marketplace = row.marketplace(1)
        party.roles = Roles(rawValue: UInt8(row.int(2)))
        party.life = PartyLife(state: try row.enumeration(3), beforeSuspension: try row.enumeration(4))
        party.language = try row.enumeration(5)
        party.reason = row.text(6)
        party.email = row.personal(7, 8)
        party.name = row.personal(9, 10)
        party.credential = row.personal(11, 12)
        party.credentialNumber = UInt32(row.int(13))
        party.linkGeneration = UInt32(row.int(14))
        party.registeredAt = row.instant(15)
        party.card = row.id(16)
        return party
    }

    static func hasOperator(_ store: Store) throws -> Bool {
        try store.first(
            "SELECT 1 FROM parties WHERE marketplace = 0 AND roles & 4 <> 0 AND state <> 5 ORDER BY party LIMIT 1"
        ) { _ in true } ?? false
    }

    static func insert(_ store: Store, _ party: Party, emailHash: [UInt8]) throws {
        try store.run(
            """
            INSERT INTO parties (party, marketplace, roles, state, before_suspension, language, reason, email_key,
                email, email_hash, name_key, name, credential_key, credential, credential_number, link_generation,
                registered_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, party.party, party.marketplace, party.roles.rawValue, party.life.state.rawValue,
            party.life.beforeSuspension.rawValue, party.language.rawValue, party.reason, party.email.key,
            party.email.bytes, emailHash, party.name.key, party.name.bytes, party.credential.key,
            party.credential.bytes, party.credentialNumber, party.linkGeneration, party.registeredAt)
    }

    /// Saves what can change while a party is open.
    static func update(_ store: Store, _ party: Party) throws {
        try store.run(
            """
            UPDATE parties SET state = ?, before_suspension = ?, language = ?, reason = ?, credential_key = ?,
                credential = ?, credential_number = ?, link_generation = ?, card = ? WHERE party = ?
            """, party.life.state.rawValue, party.life.beforeSuspension.rawValue, party.language.rawValue,
            party.reason, party.credential.key, party.credential.bytes, party.credentialNumber,
            party.linkGeneration, party.card, party.party)
    }

    /// Saves a closed party: nothing sealed is left, and its address is free again.
    static func close(_ store: Store, _ party: PartyID) throws {
        try store.run(
            """
            UPDATE parties SET state = 5, before_suspension = 5, reason = '', email_key = 0, email = x'',
                email_hash = NULL, name_key = 0, name = x'', credential_key = 0, credential = x'',
                card = 0
            WHERE party = ?
            """, party)
    }

    static func page(_ store: Store, _ query: ListParties, limit: Int) throws -> [PartySummary] {
        guard query.marketplace != .none else {
            return try store.all(
                """
                SELECT party, marketplace, roles, state, name_key, name FROM parties
                WHERE party > ? ORDER BY party LIMIT ?
                """, query.after, limit, read: readSummary)
        }
        return try store.all(
            """
            SELECT party, marketplace, roles, state, name_key, name FROM parties
            WHERE marketplace = ? AND party > ? ORDER BY party LIMIT ?
            """, query.marketplace, query.after, limit, read: readSummary)
    }

    private static func readSummary(_ row: Row) throws -> PartySummary {
        var summary = PartySummary()
        summary.party = row.id(0)
        summary.marketplace = row.marketplace(1)
        summary.roles = Roles(rawValue: UInt8(row.int(2)))
        summary.state = try row.enumeration(3)
        summary.name = row.personal(4, 5)
        return summary
    }
}
