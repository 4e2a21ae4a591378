import AuctionRules
import Kernel
import Messages
import Storage

/// Whether the wallet covers a bid.
enum Cover: UInt8, CaseIterable {
    /// Not asked yet: an earlier bid of the same party waits.
    case unasked = 1
    case asked = 2
    /// Covered, or in no need of it (A19).
    case placed = 3
}

struct Bid {
    var id: BidID
    var listing: ListingID
    var party: PartyID
    var amount: Money
    var stage: BidStage
    /// The hold that covers it; a leader's higher bid raises the hold of the one before.
    var hold: HoldID
    var cover: Cover
    var placedAt: Instant
    /// The command that waits for the decision.
    var ticket: UInt64
}

/// What a new bid is measured against, in one look.
struct BidView {
    var listing: Listing
    var policy: Policy
    var state: PartyState?
    var roles: Roles
    /// Whether it has data on file for its trading partners (C2).
    var hasCard: Bool
    /// Whether an earlier bid of the same party waits.
    var ownWaits: Bool
}

/// A bid whose hold was answered, in one look.
struct CoveredBid {
    var bid: Bid
    var listing: Listing
    var policy: Policy
    /// The first bid that waits, and whether another one does.
    var first: BidID
    var othersWait: Bool
}

extension Store {
    func bidView(_ listing: ListingID, by party: PartyID) throws -> BidView? {
        try first(
            """
            SELECT l.id, l.marketplace, l.policy_version, l.seller, l.contact, l.currency, l.stage, l.round,
                l.start_price, l.price, l.lead_bid, l.lead_party, l.lead_maximum, l.lead_hold, l.bids, l.ends_at,
                l.published_at, l.ticket, l.remaining, l.next_start_price, l.last_bid,
                p.state, p.roles, coalesce(p.card, 0) <> 0,
                EXISTS (
                    SELECT 1 FROM bid b INDEXED BY bid_waiting
                    WHERE b.listing = l.id AND b.stage = 1 AND b.party = ?2)
            FROM listing l
            LEFT JOIN party p ON p.party = ?2
            WHERE l.id = ?1
            """, listing, party
        ) { row in
            let listing = try Listing(row)
            return BidView(
                listing: listing, policy: try policy(listing.marketplace, listing.policyVersion),
                state: row.isNull(21) ? nil : try row.enumeration(21),
                roles: Roles(rawValue: UInt8(row.int(22))), hasCard: row.bool(23), ownWaits: row.bool(24))
        }
    }

    /// The waiting bid that the wallet's answer about this hold is for: the bid of the same number, or a bid
    /// that raised the hold.
    func coveredBid(_ hold: HoldID) throws -> CoveredBid? {
        if let own = try coveredBid(BidID(hold.raw), hold) { return own }
        let raised = try first(
            """
            SELECT r.id FROM bid b JOIN bid r INDEXED BY bid_waiting ON r.listing = b.listing AND r.stage = 1
            WHERE b.id = ?1 AND r.hold = ?1 AND r.cover = 2 ORDER BY r.id LIMIT 1
            """, hold
        ) { row in row.id(0, BidID.self) }
        guard let raised else { return nil }
        return try coveredBid(raised, hold)
    }

    private func coveredBid(_ id: BidID, _ hold: HoldID) throws -> CoveredBid? {
        try first(
            """
            SELECT l.id, l.marketplace, l.policy_version, l.seller, l.contact, l.currency, l.stage, l.round,
                l.start_price, l.price, l.lead_bid, l.lead_party, l.lead_maximum, l.lead_hold, l.bids, l.ends_at,
                l.published_at, l.ticket, l.remaining, l.next_start_price, l.last_bid,
                b.party, b.amount, b.placed_at, b.ticket,
                (SELECT w.id FROM bid w INDEXED BY bid_waiting WHERE w.listing = l.id AND w.stage = 1
                    ORDER BY w.id LIMIT 1),
                (SELECT w.id FROM bid w INDEXED BY bid_waiting WHERE w.listing = l.id AND w.stage = 1
                    ORDER BY w.id LIMIT 1 OFFSET 1)
            FROM bid b
            JOIN listing l ON l.id = b.listing
            WHERE b.id = ? AND b.hold = ? AND b.stage = 1 AND b.cover = 2
            """, id, hold
        ) { row in
            let listing = try Listing(row)
            let bid = Bid(
                id: id, listing: listing.id, party: row.id(21), amount: row.money(22, 5), stage: .waiting,
                hold: hold, cover: .asked, placedAt: row.instant(23), ticket: UInt64(bitPattern: row.int(24)))
            return CoveredBid(
                bid: bid, listing: listing, policy: try policy(listing.marketplace, listing.policyVersion),
                first: row.id(25), othersWait: !row.isNull(26))
        }
    }

    func bid(_ id: BidID) throws -> Bid? {
        try first(
            """
            SELECT b.id, b.listing, b.party, b.amount, b.stage, b.hold, b.cover, b.placed_at, b.ticket, l.currency,
                l.lead_bid
            FROM bid b JOIN listing l ON l.id = b.listing WHERE b.id = ?
            """, id, read: Self.readBid)
    }

    func firstWaitingBid(of listing: ListingID) throws -> Bid? {
        try first(
            """
            SELECT b.id, b.listing, b.party, b.amount, b.stage, b.hold, b.cover, b.placed_at, b.ticket, l.currency,
                l.lead_bid
            FROM bid b INDEXED BY bid_waiting JOIN listing l ON l.id = b.listing
            WHERE b.listing = ? AND b.stage = 1 ORDER BY b.id LIMIT 1
            """, listing, read: Self.readBid)
    }

    func waitingBids(of listing: ListingID) throws -> [Bid] {
        try all(
            """
            SELECT b.id, b.listing, b.party, b.amount, b.stage, b.hold, b.cover, b.placed_at, b.ticket, l.currency,
                l.lead_bid
            FROM bid b INDEXED BY bid_waiting JOIN listing l ON l.id = b.listing
            WHERE b.listing = ? AND b.stage = 1 ORDER BY b.id
            """, listing, read: Self.readBid)
    }

    private static func readBid(_ row: Row) throws -> Bid {
        guard let cover = Cover(rawValue: UInt8(row.int(6))) else { throw StoreFault.corruptRow("bid cover") }
        return Bid(
            id: row.id(0), listing: row.id(1), party: row.id(2), amount: row.money(3, 9),
            stage: try stage(row, 4, leads: row.int(0) == row.int(10)), hold: row.id(5), cover: cover,
            placedAt: row.instant(7),
            ticket: UInt64(bitPattern: row.int(8)))
    }

    /// The stage of a bid that leads its listing, or does not.
    static func stage(_ row: Row, _ column: Int32, leads: Bool) throws -> BidStage {
        let stage: BidStage = try row.enumeration(column)
        return stage == .leading && !leads ? .outbid : stage
    }

    /// A bid that waits.
    func insert(_ bid: Bid) throws {
        try run(
            """
            INSERT INTO bid (id, listing, party, amount, stage, previous, hold, cover, placed_at, ticket)
            VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)
            """, bid.id, bid.listing, bid.party, bid.amount.minor, bid.stage.rawValue, bid.hold,
            bid.cover.rawValue, bid.placedAt, bid.ticket)
    }

    /// The bid was decided, and counts: it joins the chain of its listing after `previous`.
    func count(_ bid: BidID, after previous: BidID) throws {
        try run("UPDATE bid SET stage = 2, previous = ? WHERE id = ?", previous, bid)
    }

    /// The bid counts no more.
    func void(_ bid: BidID) throws {
        try run("UPDATE bid SET stage = 5 WHERE id = ?", bid)
    }

    func set(_ bid: BidID, hold: HoldID, cover: Cover) throws {
        try run("UPDATE bid SET hold = ?, cover = ? WHERE id = ?", hold, cover.rawValue, bid)
    }

    /// Takes back a bid that was refused after it had waited.
    func remove(_ bid: BidID) throws {
        try run("DELETE FROM bid WHERE id = ?", bid)
    }

    /// Whether a waiting bid shares the hold.
    func waitsOn(_ hold: HoldID, _ listing: ListingID) throws -> Bool {
        try first(
            """
            SELECT 1 FROM bid INDEXED BY bid_waiting WHERE listing = ? AND stage = 1 AND hold = ? LIMIT 1
            """, listing, hold
        ) { _ in true } ?? false
    }

    /// The listing's bids that led or were outbid count no more.
    func voidBids(on listing: ListingID) throws {
        try run(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_bid FROM listing WHERE id = ?
                UNION ALL SELECT b.previous FROM chain c JOIN bid b ON b.id = c.id)
            UPDATE bid SET stage = 5 WHERE id IN (SELECT id FROM chain) AND stage = 2
            """, listing)
    }

    /// The bid and the party's lower ones are withdrawn.
    func withdraw(_ bid: Bid) throws {
        try run(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_bid FROM listing WHERE id = ?1
                UNION ALL SELECT b.previous FROM chain c JOIN bid b ON b.id = c.id)
            UPDATE bid SET stage = 4
            WHERE id IN (SELECT id FROM chain) AND id <> (SELECT lead_bid FROM listing WHERE id = ?1)
                AND stage = 2 AND party = ?2 AND amount <= ?3
            """, bid.listing, bid.party, bid.amount.minor)
    }

    /// Everybody who has a bid on the listing that counts or waits.
    func bidders(on listing: ListingID) throws -> [PartyID] {
        try all(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_bid FROM listing WHERE id = ?1
                UNION ALL SELECT b.previous FROM chain c JOIN bid b ON b.id = c.id)
            SELECT b.party FROM chain c JOIN bid b ON b.id = c.id WHERE b.stage = 2
            UNION SELECT party FROM bid INDEXED BY bid_waiting WHERE listing = ?1 AND stage = 1
            ORDER BY party
            """, listing
        ) { row in row.id(0) }
    }

    /// The highest bid of a verified party other than the winner that was neither withdrawn nor stopped (A19).
    func runnerUp(on listing: ListingID, after winner: PartyID) throws -> (party: PartyID, amount: Int64)? {
        try first(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_bid FROM listing WHERE id = ?
                UNION ALL SELECT b.previous FROM chain c JOIN bid b ON b.id = c.id)
            SELECT b.party, b.amount
            FROM chain c JOIN bid b ON b.id = c.id JOIN party p ON p.party = b.party AND p.state = 3
            WHERE b.stage = 2 AND b.party <> ? ORDER BY b.amount DESC, b.id LIMIT 1
            """, listing, winner
        ) { row in (row.id(0), row.int(1)) }
    }

    /// The listings under way on which the party has a bid that leads or waits.
    func listings(ledBy party: PartyID) throws -> [ListingID] {
        try all(
            """
            SELECT DISTINCT b.listing FROM bid b JOIN listing l ON l.id = b.listing
            WHERE b.party = ? AND (b.stage = 1 OR b.id = l.lead_bid) AND l.stage IN (2, 3) ORDER BY b.listing
            """, party
        ) { row in row.id(0) }
    }
}
