import Kernel
import Messages
import Storage

/// A sign-in on file; one that was ended is deleted.
struct Session {
    var session = SessionID.none
    var party = PartyID.none
    /// Where the party acts: its own marketplace, or the one that an operator chose.
    var marketplace = MarketplaceID.none
    /// Counts the refresh tokens.
    var generation: UInt32 = 1
    var openedAt = Instant.none
}

/// The open sessions, and the ends of those that gateways must learn of.
enum Sessions {
    /// The most sessions that a party may have open; one more ends its oldest.
    static let mostPerParty = 20
    /// How long an end is kept: far beyond the life of an access token.
    static let revocationRetention = Duration64.days(30)

    static func find(_ store: Store, _ session: SessionID) throws -> Session? {
        try store.first(
            "SELECT session, party, marketplace, generation, opened_at FROM sessions WHERE session = ?",
            session
        ) { row in
            Session(
                session: row.id(0), party: row.id(1), marketplace: row.marketplace(2),
                generation: UInt32(row.int(3)), openedAt: row.instant(4))
        }
    }

    static func insert(_ store: Store, _ session: Session) throws {
        try store.run(
            "INSERT INTO sessions (session, party, marketplace, generation, opened_at) VALUES (?, ?, ?, ?, ?)",
            session.session, session.party, session.marketplace, session.generation, session.openedAt)
    }

    static func renew(_ store: Store, _ session: SessionID, generation: UInt32) throws {
        try store.run("UPDATE sessions SET generation = ? WHERE session = ?", generation, session)
    }

    /// The party's sessions, newest first.
    static func of(_ store: Store, _ party: PartyID) throws -> [SessionID] {
        try store.all("SELECT session FROM sessions WHERE party = ? ORDER BY session DESC", party) {
            $0.id(0)
        }
    }

    static func end(_ store: Store, _ session: SessionID) throws {
        try store.run("DELETE FROM sessions WHERE session = ?", session)
    }

    static func endAll(_ store: Store, of party: PartyID) throws {
        try store.run("DELETE FROM sessions WHERE party = ?", party)
    }

    static func insert(_ store: Store, _ revocation: Revocation) throws {
        try store.run(
            "INSERT INTO revocations (number, party, session, at) VALUES (?, ?, ?, ?)", revocation.number,
            revocation.party, revocation.session, revocation.at)
        // Numbers rise with time, so that the oldest are at the front; a few at a time keep up with what comes.
        try store.run(
            """
            DELETE FROM revocations WHERE number IN (SELECT number FROM revocations ORDER BY number LIMIT 4)
            AND at < ?
            """, revocation.at - revocationRetention)
    }

    static func revocations(_ store: Store, after: UInt64, limit: Int) throws -> [Revocation] {
        try store.all(
            "SELECT number, party, session, at FROM revocations WHERE number > ? ORDER BY number LIMIT ?",
            after,
            limit
        ) { row in
            var revocation = Revocation()
            revocation.number = UInt64(bitPattern: row.int(0))
            revocation.party = row.id(1)
            revocation.session = row.id(2)
            revocation.at = row.instant(3)
            return revocation
        }
    }
}
