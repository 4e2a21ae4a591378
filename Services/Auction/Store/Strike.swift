import Kernel
import Messages
import Storage

/// An attempt to get contact data, with its evidence (D6).
struct Strike {
    var id: StrikeID
    var activation: OrderID
    var listing: ListingID
    var marketplace: MarketplaceID
    var party: PartyID
    var call: CallID
    var source: FishingSource
    var consequence: FishingConsequence
    var state = StrikeState.stands
    var saidAt: Instant
    var recordedAt: Instant
    var words: PersonalText
    var contest = PersonalText()
    var decidedAt = Instant.none
}

extension Store {
    func insert(_ strike: Strike) throws {
        try run(
            """
            INSERT INTO strike (id, activation, listing, marketplace, party, call, source, consequence, state, said_at,
                recorded_at, words_key, words, contest_key, contest, decided_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, x'', 0)
            """, strike.id, strike.activation, strike.listing, strike.marketplace, strike.party, strike.call,
            strike.source.rawValue, strike.consequence.rawValue, strike.state.rawValue, strike.saidAt,
            strike.recordedAt, strike.words.key, strike.words.bytes)
    }

    func save(_ strike: Strike) throws {
        try run(
            "UPDATE strike SET state = ?, contest_key = ?, contest = ?, decided_at = ? WHERE id = ?",
            strike.state.rawValue, strike.contest.key, strike.contest.bytes, strike.decidedAt, strike.id)
    }

    func strike(_ id: StrikeID) throws -> Strike? {
        try first(
            """
            SELECT id, activation, listing, marketplace, party, call, source, consequence, state, said_at, recorded_at,
                words_key, words, contest_key, contest, decided_at
            FROM strike WHERE id = ?
            """, id, read: Self.readStrike)
    }

    func strike(in call: CallID) throws -> Strike? {
        try first(
            """
            SELECT id, activation, listing, marketplace, party, call, source, consequence, state, said_at, recorded_at,
                words_key, words, contest_key, contest, decided_at
            FROM strike WHERE call = ?
            """, call, read: Self.readStrike)
    }

    /// A party's strikes that count.
    func strikes(of party: PartyID) throws -> UInt32 {
        UInt32(
            try first("SELECT count(*) FROM strike WHERE party = ? AND state <> 4", party) { row in row.int(0)
            }
                ?? 0)
    }

    /// One party's strikes, or everybody's, newest first.
    func strikes(of party: PartyID, before: StrikeID, limit: Int) throws -> [Strike] {
        try all(
            """
            SELECT id, activation, listing, marketplace, party, call, source, consequence, state, said_at, recorded_at,
                words_key, words, contest_key, contest, decided_at
            FROM strike WHERE (? = 0 OR party = ?) AND id < ? ORDER BY id DESC LIMIT ?
            """, party, party, before.isNone ? StrikeID(UInt64(Int64.max)) : before, limit,
            read: Self.readStrike)
    }

    /// The keys of what was said by, and in calls of, a party.
    func strikeKeys(of party: PartyID) throws -> [UInt64] {
        try all("SELECT words_key, contest_key FROM strike WHERE party = ? ORDER BY id", party) { row in
            [UInt64(bitPattern: row.int(0)), UInt64(bitPattern: row.int(1))]
        }.flatMap { $0 }
    }

    /// The keys of what was said in calls about a listing: the prospect's words too.
    func strikeKeys(about listing: ListingID) throws -> [UInt64] {
        try all("SELECT words_key FROM strike WHERE listing = ? ORDER BY id", listing) { row in
            UInt64(bitPattern: row.int(0))
        }
    }

    private static func readStrike(_ row: Row) throws -> Strike {
        Strike(
            id: row.id(0), activation: row.id(1), listing: row.id(2), marketplace: row.marketplace(3),
            party: row.id(4), call: row.id(5), source: try row.enumeration(6),
            consequence: try row.enumeration(7), state: try row.enumeration(8), saidAt: row.instant(9),
            recordedAt: row.instant(10), words: row.personal(11, 12), contest: row.personal(13, 14),
            decidedAt: row.instant(15))
    }
}
