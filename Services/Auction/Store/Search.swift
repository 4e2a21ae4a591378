import Kernel
import Messages
import Storage

extension Store {
    /// Listings on offer in a marketplace, newest first.
    func search(_ query: SearchListings, in marketplace: MarketplaceID, now: Instant, limit: Int) throws
        -> [ListingEntry]
    {
        var conditions = ["l.stage = 2", "l.marketplace = ?", "l.ends_at > ?"]
        var values: [any SQLValue] = [marketplace, now]
        func narrow(_ condition: String, _ value: any SQLValue) {
            conditions.append(condition)
            values.append(value)
        }
        if let projectType = query.projectType { narrow("l.project_type = ?", projectType.rawValue) }
        if !query.region.isEmpty { narrow("l.region = ?", regionKey(query.region)) }
        if let from = query.budgetFrom { narrow("l.budget >= ?", from.minor) }
        if let to = query.budgetTo { narrow("l.budget <= ?", to.minor) }
        if let before = query.endsBefore { narrow("l.ends_at < ?", before) }
        if !query.after.isNone { narrow("l.id < ?", query.after) }
        if let words = Self.matchExpression(query.text) {
            narrow("l.id IN (SELECT rowid FROM lead_text WHERE lead_text MATCH ?)", words)
        }
        values.append(limit)
        return try allDynamic(
            """
            SELECT l.id, l.project_type, d.title, d.region, l.budget, l.currency, d.temperature, l.price, l.bids,
                l.ends_at
            FROM listing l JOIN lead d ON d.listing = l.id
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY l.id DESC LIMIT ?
            """, values
        ) { row in
            var entry = ListingEntry()
            entry.listing = row.id(0)
            entry.projectType = try row.enumeration(1)
            entry.title = row.text(2)
            entry.region = row.text(3)
            entry.budget = row.money(4, 5)
            entry.temperature = try row.enumeration(6)
            entry.price = row.money(7, 5)
            entry.bids = UInt32(row.int(8))
            entry.endsAt = row.instant(9)
            return entry
        }
    }

    /// All words of `text`, each quoted so that none is read as an operator, the last as a beginning.
    static func matchExpression(_ text: String) -> String? {
        let words = text.split { !$0.isLetter && !$0.isNumber }.prefix(16)
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0)\"" }.joined(separator: " ") + "*"
    }

    /// Sold listings of a project type, the newest first: budgets and start prices to compare with (A2).
    func soldListings(_ marketplace: MarketplaceID, _ projectType: ProjectType) throws
        -> [(budget: Int64, price: Int64)]
    {
        try all(
            """
            SELECT budget, start_price FROM listing
            WHERE marketplace = ? AND project_type = ? AND stage = 5 ORDER BY id DESC LIMIT 200
            """, marketplace, projectType.rawValue
        ) { row in (row.int(0), row.int(1)) }
    }

    /// The bids of a listing in order of arrival, each bidder with its number on this listing.
    /// With the bidders' ratings where the reader may see them (C9).
    func bidHistory(
        _ listing: Listing, for party: PartyID, after: BidID, limit: Int, withRatings: Bool = false
    ) throws -> [BidEntry] {
        try all(
            """
            WITH RECURSIVE chain (id, party, amount, stage, placed_at, previous) AS (
                SELECT id, party, amount, stage, placed_at, previous FROM bid WHERE id = ?1
                UNION ALL
                SELECT b.id, b.party, b.amount, b.stage, b.placed_at, b.previous
                FROM chain c JOIN bid b ON b.id = c.previous
            ), bidder AS (
                SELECT party, row_number() OVER (ORDER BY min(id)) AS number FROM chain GROUP BY party
            )
            SELECT b.id, n.number, b.amount, b.stage, b.placed_at, b.party = ?2, b.party
            FROM chain b JOIN bidder n ON n.party = b.party
            WHERE b.id > ?3 ORDER BY b.id LIMIT ?4
            """, listing.lastBid, party, after, limit
        ) { row in
            var entry = BidEntry()
            entry.bid = row.id(0)
            entry.bidder = UInt32(row.int(1))
            entry.stage = try Self.stage(row, 3, leads: entry.bid == listing.standing.lead?.bid)
            entry.own = row.bool(5)
            let amount = row.int(2)
            // A leader's maximum is nobody else's business.
            let shown = entry.own ? amount : min(amount, listing.standing.price.minor)
            entry.amount = Money(shown, listing.currency)
            entry.placedAt = row.instant(4)
            if withRatings { entry.rating = try rating(of: row.id(6)) }
            return entry
        }
    }

    /// The party's bid on the listing that counts: its newest, which is its highest (A6). Found from the newest bid on;
    /// only a party that has bid on newer listings, and never on this one, has the whole chain walked.
    func ownBid(on listing: ListingID, by party: PartyID) throws -> Int64? {
        // A bid's number is above that of its listing: both come from one journal.
        let mayHaveBid = try first(
            "SELECT 1 FROM bid WHERE party = ? AND id > ? LIMIT 1", party, listing
        ) { _ in true }
        guard mayHaveBid == true else { return nil }
        return try first(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_bid FROM listing WHERE id = ?
                UNION ALL SELECT b.previous FROM chain c JOIN bid b ON b.id = c.id)
            SELECT b.amount FROM chain c JOIN bid b ON b.id = c.id WHERE b.party = ? AND b.stage = 2 LIMIT 1
            """, listing, party
        ) { row in row.int(0) }
    }
}
