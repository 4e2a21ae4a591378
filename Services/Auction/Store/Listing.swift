import AuctionRules
import Kernel
import Messages
import Storage

/// A listing as the rules need it; its texts stand in ``Lead``.
struct Listing {
    var id: ListingID
    var marketplace: MarketplaceID
    /// The policy that the listing began with, and keeps.
    var policyVersion: UInt32
    var seller: PartyID
    var contact: ContactID
    var currency: Currency
    var stage: ListingStage
    var round: UInt8
    var startPrice: Int64
    var standing: Standing
    /// The hold that covers the leading bid.
    var leadHold: HoldID
    var bids: UInt32
    var endsAt: Instant
    var publishedAt: Instant
    /// The command that waits for the vault's answer about the contact.
    var ticket: UInt64
    /// What was left of its time when it was suspended.
    var remaining: Duration64
    /// The start price of the second round that is asked for.
    var nextStartPrice: Int64
    /// The newest decided bid, where the chain of its bids begins.
    var lastBid: BidID

    /// Reads the 21 columns that every query of a listing begins with.
    init(_ row: Row) throws {
        id = row.id(0)
        marketplace = row.marketplace(1)
        policyVersion = UInt32(row.int(2))
        seller = row.id(3)
        contact = row.id(4)
        let currency = Currency(rawValue: UInt32(truncatingIfNeeded: row.int(5)))
        self.currency = currency
        stage = try row.enumeration(6)
        round = UInt8(row.int(7))
        startPrice = row.int(8)
        let leadBid: BidID = row.id(10)
        standing = Standing(
            price: Money(row.int(9), currency),
            lead: leadBid.isNone
                ? nil : .init(bid: leadBid, bidder: row.id(11), maximum: Money(row.int(12), currency)))
        leadHold = row.id(13)
        bids = UInt32(row.int(14))
        endsAt = row.instant(15)
        publishedAt = row.instant(16)
        ticket = UInt64(bitPattern: row.int(17))
        remaining = row.duration(18)
        nextStartPrice = row.int(19)
        lastBid = row.id(20)
    }

    /// Whether bids are open or being decided.
    var isLive: Bool { stage == .open || stage == .closing }
}

extension Store {
    func listing(_ id: ListingID) throws -> Listing? {
        try first(
            """
            SELECT id, marketplace, policy_version, seller, contact, currency, stage, round, start_price, price,
                lead_bid, lead_party, lead_maximum, lead_hold, bids, ends_at, published_at, ticket, remaining,
                next_start_price, last_bid
            FROM listing WHERE id = ?
            """, id
        ) { row in try Listing(row) }
    }

    /// A listing that a row of ours refers to.
    func knownListing(_ id: ListingID) throws -> Listing {
        guard let listing = try listing(id) else { throw StoreFault.corruptRow("listing \(id)") }
        return listing
    }

    func insert(_ listing: ListingID, _ command: PublishListing, seller: PartyID, _ scope: ListingScope)
        throws
    {
        try run(
            """
            INSERT INTO listing (id, marketplace, policy_version, seller, contact, currency, stage, round,
                start_price, price, lead_bid, lead_party, lead_maximum, lead_hold, bids, ends_at, published_at,
                ticket, remaining, next_start_price, last_bid, project_type, region, budget)
            VALUES (?, ?, ?, ?, ?, ?, 1, 1, ?, ?, 0, 0, 0, 0, 0, 0, 0, ?, 0, 0, 0, ?, ?, ?)
            """, listing, scope.marketplace, scope.policyVersion, seller, command.contact,
            command.startPrice.currency, command.startPrice.minor, command.startPrice.minor, scope.ticket,
            command.projectType.rawValue, regionKey(command.region), command.budget.minor)
        var answers = AnswerList()
        answers.answers = command.answers
        try run(
            """
            INSERT INTO lead (listing, title, description, answers, budget_basis, time_frame, region, temperature,
                inquired_at, duration, basis, basis_kind, contract_accepted_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, listing, command.title, command.description, answers.encoded(), command.budgetBasis.rawValue,
            command.timeFrame, command.region, command.temperature.rawValue, command.inquiredAt,
            command.duration, command.basis.encoded(), command.basis.kind.rawValue, scope.contractAcceptedAt)
    }

    /// Takes back a listing whose contact the vault refused: it never was on offer.
    func remove(_ listing: ListingID) throws {
        try run("DELETE FROM lead WHERE listing = ?", listing)
        try run("DELETE FROM listing WHERE id = ?", listing)
    }

    /// Saves what a bid changes.
    func saveStanding(_ listing: Listing) throws {
        try run(
            """
            UPDATE listing SET price = ?, lead_bid = ?, lead_party = ?, lead_maximum = ?, lead_hold = ?, bids = ?,
                last_bid = ?
            WHERE id = ?
            """, listing.standing.price.minor, listing.standing.lead?.bid ?? .none,
            listing.standing.lead?.bidder ?? .none, listing.standing.lead?.maximum.minor ?? 0,
            listing.leadHold, listing.bids, listing.lastBid, listing.id)
    }

    /// Saves a turn in the listing's life, and keeps the search for words in step: it knows open listings alone.
    func save(_ listing: Listing, after old: ListingStage) throws {
        try run(
            """
            UPDATE listing SET stage = ?, round = ?, start_price = ?, price = ?, lead_bid = ?, lead_party = ?,
                lead_maximum = ?, lead_hold = ?, bids = ?, ends_at = ?, published_at = ?, ticket = ?,
                remaining = ?, next_start_price = ?
            WHERE id = ?
            """, listing.stage.rawValue, listing.round, listing.startPrice, listing.standing.price.minor,
            listing.standing.lead?.bid ?? .none, listing.standing.lead?.bidder ?? .none,
            listing.standing.lead?.maximum.minor ?? 0, listing.leadHold, listing.bids, listing.endsAt,
            listing.publishedAt, listing.ticket, listing.remaining, listing.nextStartPrice, listing.id)
        if old != .open, listing.stage == .open {
            try run(
                """
                INSERT INTO lead_text (rowid, title, description)
                SELECT listing, title, description FROM lead WHERE listing = ?
                """, listing.id)
        } else if old == .open, listing.stage != .open {
            try run(
                """
                INSERT INTO lead_text (lead_text, rowid, title, description)
                SELECT 'delete', listing, title, description FROM lead WHERE listing = ?
                """, listing.id)
        }
    }

    func listings(withContact contact: ContactID) throws -> [ListingID] {
        try all("SELECT id FROM listing WHERE contact = ? ORDER BY id", contact) { row in row.id(0) }
    }

    func listings(of seller: PartyID, in stage: ListingStage) throws -> [ListingID] {
        try all(
            "SELECT id FROM listing WHERE seller = ? AND stage = ? ORDER BY id", seller, stage.rawValue
        ) { row in row.id(0) }
    }

    /// Regions are compared without regard to case.
    func regionKey(_ region: String) -> String { region.lowercased() }
}

/// Under which marketplace and policy a listing begins, and which command waits for it.
struct ListingScope {
    var marketplace: MarketplaceID
    var policyVersion: UInt32
    var ticket: UInt64
    /// When the seller accepted to be bound by an award (C8); none: it need not.
    var contractAcceptedAt: Instant
}
