import Kernel
import Messages
import Storage

extension Store {
    /// How many trades a party has in each section.
    func tradeSummary(of party: PartyID) throws -> TradeSummary {
        var summary = TradeSummary()
        summary.won = try count(
            "SELECT count(*) FROM orders WHERE buyer = ? AND stage NOT IN (11, 12, 13, 14)", party)
        summary.sold = try count(
            "SELECT count(*) FROM orders WHERE seller = ? AND stage NOT IN (11, 12, 13, 14)", party)
        summary.running = try count(
            """
            SELECT count(*) FROM (
                SELECT id FROM listing WHERE seller = ?1 AND stage IN (2, 3, 8)
                UNION
                SELECT b.listing FROM bid b JOIN listing l ON l.id = b.listing
                WHERE b.party = ?1 AND b.stage = 2 AND l.stage IN (2, 3)
                UNION
                SELECT listing FROM orders WHERE buyer = ?1 AND stage = 12
            )
            """, party)
        summary.expired = try count("SELECT count(*) FROM listing WHERE seller = ? AND stage = 6", party)
        return summary
    }

    private func count(_ sql: StaticString, _ party: PartyID) throws -> UInt32 {
        try first(sql, party) { row in UInt32(truncatingIfNeeded: row.int(0)) } ?? 0
    }

    /// One section of a party's trades, newest first.
    func trades(_ query: ListTrades, of party: PartyID, limit: Int) throws -> [TradeEntry] {
        let before = query.after == 0 ? UInt64(Int64.max) : query.after
        switch query.section {
        case .won:
            return try all(
                """
                SELECT o.id, l.id, o.id, d.title, o.price, l.currency, l.stage, o.stage, l.ends_at, 0, 1
                FROM orders o JOIN listing l ON l.id = o.listing JOIN lead d ON d.listing = l.id
                WHERE o.buyer = ? AND o.id < ? AND o.stage NOT IN (11, 12, 13, 14) ORDER BY o.id DESC LIMIT ?
                """, party, before, limit, read: Self.readTrade)
        case .sold:
            return try all(
                """
                SELECT o.id, l.id, o.id, d.title, o.price, l.currency, l.stage, o.stage, l.ends_at, 1, 0
                FROM orders o JOIN listing l ON l.id = o.listing JOIN lead d ON d.listing = l.id
                WHERE o.seller = ? AND o.id < ? AND o.stage NOT IN (11, 12, 13, 14) ORDER BY o.id DESC LIMIT ?
                """, party, before, limit, read: Self.readTrade)
        case .running:
            return try all(
                """
                SELECT l.id, l.id, coalesce(o.id, 0), d.title, coalesce(o.price, l.price), l.currency, l.stage,
                    o.stage, l.ends_at, l.seller = ?1, l.lead_party = ?1
                FROM listing l JOIN lead d ON d.listing = l.id
                LEFT JOIN orders o ON o.listing = l.id AND o.buyer = ?1 AND o.stage = 12
                WHERE l.id IN (
                    SELECT id FROM listing WHERE seller = ?1 AND stage IN (2, 3, 8)
                    UNION
                    SELECT b.listing FROM bid b JOIN listing r ON r.id = b.listing
                    WHERE b.party = ?1 AND b.stage = 2 AND r.stage IN (2, 3)
                    UNION
                    SELECT listing FROM orders WHERE buyer = ?1 AND stage = 12
                ) AND l.id < ?2 ORDER BY l.id DESC LIMIT ?3
                """, party, before, limit, read: Self.readTrade)
        case .expired:
            return try all(
                """
                SELECT l.id, l.id, 0, d.title, l.start_price, l.currency, l.stage, NULL, l.ends_at, 1, 0
                FROM listing l JOIN lead d ON d.listing = l.id
                WHERE l.seller = ? AND l.stage = 6 AND l.id < ? ORDER BY l.id DESC LIMIT ?
                """, party, before, limit, read: Self.readTrade)
        }
    }

    private static func readTrade(_ row: Row) throws -> TradeEntry {
        var entry = TradeEntry()
        entry.key = UInt64(bitPattern: row.int(0))
        entry.listing = row.id(1)
        entry.order = row.id(2)
        entry.title = row.text(3)
        entry.price = row.money(4, 5)
        entry.stage = try row.enumeration(6)
        entry.orderStage = row.isNull(7) ? nil : try row.enumeration(7)
        entry.endsAt = row.instant(8)
        entry.selling = row.bool(9)
        entry.leading = row.bool(10)
        return entry
    }

    /// Orders for an operator, newest first.
    func orders(_ query: ListOrders, limit: Int) throws -> [OrderEntry] {
        var conditions = ["id < ?"]
        var values: [any SQLValue] = [query.after.isNone ? OrderID(UInt64(Int64.max)) : query.after]
        if let marketplace = query.marketplace {
            conditions.append("marketplace = ?")
            values.append(marketplace)
        }
        if let stage = query.stage {
            conditions.append("stage = ?")
            values.append(stage.rawValue)
        }
        values.append(limit)
        return try allDynamic(
            """
            SELECT id, listing, marketplace, buyer, seller, price, currency, stage, awarded_at FROM orders
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?
            """, values
        ) { row in
            var entry = OrderEntry()
            entry.order = row.id(0)
            entry.listing = row.id(1)
            entry.marketplace = row.marketplace(2)
            entry.buyer = row.id(3)
            entry.seller = row.id(4)
            entry.price = row.money(5, 6)
            entry.stage = try row.enumeration(7)
            entry.awardedAt = row.instant(8)
            return entry
        }
    }
}
