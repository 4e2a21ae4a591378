import Kernel
import Messages
import Storage

/// The auction's tables beside the model.
extension AuctionModel {
    /// Reads the orders that are new; awards in the journal then claim them.
    func readOrders(_ store: Store) throws {
        let rows = try store.all(
            "SELECT id, listing, buyer, price, offered FROM orders WHERE id > ? ORDER BY id", lastOrder
        ) { row in
            OrderRow(
                id: UInt64(bitPattern: row.int(0)), listing: UInt64(bitPattern: row.int(1)),
                buyer: UInt64(bitPattern: row.int(2)), price: row.int(3), offered: row.bool(4))
        }
        for row in rows {
            unclaimed[row.id >> 8, default: []].append(row)
            lastOrder = row.id
        }
    }

    /// Compares what changed since the last time; healed: everything.
    func compare(_ store: Store, all: Bool) throws {
        for sequence in unclaimed.keys.sorted() {
            for row in unclaimed[sequence] ?? [] {
                findings.report(
                    .winnerByRule,
                    "order \(row.id): expected no award in row \(sequence), found one of listing \(row.listing) to party \(row.buyer)",
                    ["order \(row.id)", "listing \(row.listing)"])
            }
        }
        unclaimed = [:]
        for id in all ? listings.keys.sorted() : touchedListings.sorted() { try compareListing(id, store) }
        for id in all ? orders.keys.sorted() : touchedOrders.sorted() { try compareOrder(id, store) }
        for id in all ? parties.keys.sorted() : touchedParties.sorted() { try compareParty(id, store) }
        for id in all ? applications.keys.sorted() : touchedApplications.sorted() {
            try compareApplication(id, store)
        }
        touchedApplications = []
        try compareMeetings(store, all: all)
        try compareActivations(store, all: all)
        touchedListings = []
        touchedOrders = []
        touchedParties = []
        if all { try compareCounts(store) }
    }

    private func compareParty(_ id: UInt64, _ store: Store) throws {
        let found = try store.first("SELECT strikes FROM party WHERE party = ?", id) { Int($0.int(0)) }
        findings.expect(
            .strikeByRule, "party \(id): strikes", expected: parties[id]?.strikes ?? 0, found: found ?? 0,
            ["party \(id)"])
    }

    private func compareListing(_ id: UInt64, _ store: Store) throws {
        let entities = ["listing \(id)"]
        let found = try store.first(
            """
            SELECT stage, round, price, lead_party, lead_maximum, bids, ends_at, start_price, lead_bid
            FROM listing WHERE id = ?
            """, id
        ) { row in (0...8).map { row.int(Int32($0)) } }
        guard let listing = listings[id] else {
            if found != nil {
                findings.report(.listingByRule, "listing \(id): expected none, found a row", entities)
            }
            return
        }
        guard let found else {
            return findings.report(.listingByRule, "listing \(id): expected a row, found none", entities)
        }
        let stage = ListingStage(rawValue: UInt8(truncatingIfNeeded: found[0])) ?? .claiming
        findings.expect(
            .listingByRule, "listing \(id): stage", expected: listing.stage, found: stage, entities)
        findings.expect(
            .listingByRule, "listing \(id): round", expected: Int64(listing.round), found: found[1], entities)
        findings.expect(
            .listingByRule, "listing \(id): end", expected: listing.endsAt.microseconds, found: found[6],
            entities)
        findings.expect(
            .listingByRule, "listing \(id): start price", expected: listing.startPrice, found: found[7],
            entities)
        let expected = [
            listing.price, Int64(bitPattern: listing.lead?.party ?? 0), listing.lead?.amount ?? 0,
            Int64(bitPattern: listing.lead?.id ?? 0), Int64(listing.count),
        ]
        findings.expect(
            .winnerByRule, "listing \(id): price, leader, maximum, bid and bids", expected: expected,
            found: [found[2], found[3], found[4], found[8], found[5]], entities)
        try compareBids(listing, store)
    }

    private func compareBids(_ listing: Listing, _ store: Store) throws {
        var expected = (listing.decided + listing.waiting).map { bid in
            [bid.id, bid.party, UInt64(bitPattern: bid.amount), UInt64(bid.stage.rawValue)]
        }
        expected.sort { $0[0] < $1[0] }
        let found = try store.all(
            """
            SELECT b.id, b.party, b.amount, iif(b.stage = 2 AND b.id <> l.lead_bid, 3, b.stage)
            FROM bid b JOIN listing l ON l.id = b.listing WHERE b.listing = ? ORDER BY b.id
            """, listing.id
        ) { row in (0...3).map { UInt64(bitPattern: row.int(Int32($0))) } }
        guard expected != found else { return }
        for (index, bid) in expected.enumerated() where index >= found.count || found[index] != bid {
            return findings.report(
                .bidByRule,
                "listing \(listing.id): expected bid, party, amount and stage \(bid), found \(index < found.count ? "\(found[index])" : "none")",
                ["listing \(listing.id)", "bid \(bid[0])"])
        }
        findings.report(
            .bidByRule, "listing \(listing.id): expected \(expected.count) bids, found \(found.count)",
            ["listing \(listing.id)"])
    }

    private func compareOrder(_ id: UInt64, _ store: Store) throws {
        guard let order = orders[id] else { return }
        let entities = ["order \(id)", "listing \(order.listing.id)"]
        let found = try store.first(
            "SELECT stage, buyer, price, refunded, payout_at, paid_at, revealed_at FROM orders WHERE id = ?",
            id
        ) { row in (0...6).map { row.int(Int32($0)) } }
        guard let found else {
            return findings.report(.orderLifeCycle, "order \(id): expected a row, found none", entities)
        }
        let stage = OrderStage(rawValue: UInt8(truncatingIfNeeded: found[0])) ?? .collecting
        findings.expect(.orderLifeCycle, "order \(id): stage", expected: order.stage, found: stage, entities)
        findings.expect(
            .winnerByRule, "order \(id): buyer and price",
            expected: [Int64(bitPattern: order.buyer), order.price],
            found: [found[1], found[2]], entities)
        findings.expect(
            .refundWithinPaid, "order \(id): refunded", expected: order.refunded, found: found[3], entities)
        findings.expect(
            .orderLifeCycle, "order \(id): payout due, revealed at",
            expected: [order.payoutAt.microseconds, order.revealedAt.microseconds],
            found: [found[4], found[6]], entities)
        findings.expect(
            .orderLifeCycle, "order \(id): paid", expected: order.isPaid, found: found[5] != 0, entities)
    }

    private func compareCounts(_ store: Store) throws {
        let found = try store.first(
            """
            SELECT (SELECT count(*) FROM listing), (SELECT count(*) FROM orders),
                (SELECT count(*) FROM application)
            """
        ) { row in [Int(row.int(0)), Int(row.int(1)), Int(row.int(2))] }
        findings.expect(
            .applicationByRule, "all applications", expected: applications.count, found: found?[2] ?? 0)
        findings.expect(
            .listingByRule, "all listings", expected: listings.count, found: found?[0] ?? 0)
        findings.expect(.winnerByRule, "all orders", expected: orders.count, found: found?[1] ?? 0)
        for (listing, count) in try store.all(
            """
            SELECT listing, count(*) FROM orders WHERE paid_at > 0 OR stage NOT IN (11, 13, 14)
            GROUP BY listing HAVING count(*) > 1 ORDER BY listing
            """, read: { ($0.int(0), $0.int(1)) })
        {
            findings.report(
                .oneWinner, "listing \(listing): expected at most one order that counts, found \(count)",
                ["listing \(listing)"])
        }
    }

    /// What winning would cost the leader whose bid alone the hold covers; nothing where that is being decided.
    func cost(coveredBy hold: UInt64) -> Int64? {
        if let activation = activations[hold], activation.isLive { return activation.frozen }
        guard let id = listingOfBid[hold], let listing = listings[id], listing.isLive,
            let lead = listing.lead, lead.hold == hold,
            !listing.waiting.contains(where: { $0.hold == hold || $0.party == lead.party })
        else { return nil }
        return Cost(of: lead.amount, listing.policy).total
    }

    /// Whether a bid or order still needs the hold.
    func needs(hold: UInt64) -> Bool {
        if let activation = activations[hold], activation.isLive { return true }
        guard let id = listingOfBid[hold], let listing = listings[id] else { return false }
        if listing.isLive, listing.lead?.hold == hold || listing.waiting.contains(where: { $0.hold == hold })
        {
            return true
        }
        return listing.orders.contains { id in
            guard let order = orders[id], order.hold == hold else { return false }
            return order.stage == .collecting || order.stage == .awaitingPayment
        }
    }
}
