import Kernel
import Messages
import Storage

/// The wallet's tables beside the model.
extension WalletModel {
    /// Compares what is new or changed since the last time; healed: everything.
    func compare(_ store: Store, at now: Instant, all: Bool) throws {
        try readAccounts(store)
        try compareEntries(store)
        try compareDocuments(store)
        try compareAccounts(store)
        for id in all ? holds.keys.sorted() : touchedHolds.sorted() { try compareHold(id, store) }
        for id in all ? sales.keys.sorted() : touchedSales.sorted() { try compareSale(id, store) }
        for id in all ? payments.keys.sorted() : touchedPayments.sorted() { try comparePayment(id, store) }
        touchedHolds = []
        touchedSales = []
        touchedPayments = []
        lastLegAt = now
        try prepaid.compare(store, all: all)
        try leads.compare(store, all: all)
        if all { try compareAll(store) }
    }

    private func readAccounts(_ store: Store) throws {
        let rows = try store.all(
            "SELECT id, marketplace, party, currency, class FROM account WHERE id > ? ORDER BY id",
            lastAccount
        ) { row in
            (
                row.int(0),
                Key(
                    marketplace: UInt32(truncatingIfNeeded: row.int(1)),
                    party: UInt64(bitPattern: row.int(2)),
                    currency: UInt32(truncatingIfNeeded: row.int(3)), kind: try row.enumeration(4))
            )
        }
        for (id, key) in rows {
            keyOfAccount[id] = key
            lastAccount = id
        }
    }

    private struct Leg {
        var account: Int64
        var amount: Int64
    }

    private func newLegs(_ store: Store) throws -> [UInt64: [Leg]] {
        let legs = try store.all(
            """
            SELECT l.entry, l.account, l.amount FROM account a
            JOIN leg l ON l.account = a.id AND l.at >= ? WHERE l.entry > ? ORDER BY l.entry, l.account
            """, lastLegAt, lastEntry
        ) { row in (UInt64(bitPattern: row.int(0)), Leg(account: row.int(1), amount: row.int(2))) }
        var byEntry: [UInt64: [Leg]] = [:]
        for (entry, leg) in legs { byEntry[entry, default: []].append(leg) }
        return byEntry
    }

    /// Each row of the journal has written just the entries that it asks for.
    private func compareEntries(_ store: Store) throws {
        let entries = try store.all(
            "SELECT id, kind, order_id FROM entry WHERE id > ? ORDER BY id", lastEntry
        ) { row in
            (
                UInt64(bitPattern: row.int(0)), UInt8(truncatingIfNeeded: row.int(1)),
                UInt64(bitPattern: row.int(2))
            )
        }
        var legs = try newLegs(store)
        var found: [UInt64: [Entry]] = [:]
        for (id, kind, order) in entries {
            var sums: [Key: Int64] = [:]
            var total: [UInt32: Int64] = [:]
            for leg in legs.removeValue(forKey: id) ?? [] {
                guard let key = keyOfAccount[leg.account] else { continue }
                sums[key, default: 0] += leg.amount
                total[key.currency, default: 0] += leg.amount
            }
            for currency in total.keys.sorted() where total[currency] != 0 {
                findings.report(
                    .debitsEqualCredits,
                    "entry \(id): expected legs that sum to 0, found \(total[currency] ?? 0)",
                    ["entry \(id)"])
            }
            guard let kind = EntryKind(rawValue: kind) else {
                findings.report(.readable, "entry \(id): expected a kind, found \(kind)", ["entry \(id)"])
                continue
            }
            found[id >> 8, default: []].append(Entry(kind: kind, order: order, legs: sums))
            lastEntry = id
        }
        for sequence in Set(found.keys).union(expectedEntries.keys).sorted() {
            let (expected, written) = (expectedEntries[sequence] ?? [], found[sequence] ?? [])
            guard expected != written else { continue }
            findings.report(
                .ledgerFollowsCommands,
                "wallet journal \(sequence): expected \(describe(expected)), found \(describe(written))",
                ["wallet journal \(sequence)"] + (expected + written).prefix(1).map { "order \($0.order)" })
        }
        expectedEntries = [:]
    }

    private func describe(_ entries: [Entry]) -> String {
        if entries.isEmpty { return "no entry" }
        return entries.map { entry in
            let legs = entry.legs.keys.sorted().map { "\(entry.legs[$0] ?? 0) on \($0)" }
            return "\(entry.kind): \(legs.joined(separator: ", "))"
        }.joined(separator: "; ")
    }

    private static let debits: Set<AccountClass> = [
        .receivable, .cash, .goodwill, .callerDebt, .providerCash, .providerBonus,
    ]

    private func compareAccounts(_ store: Store) throws {
        let rows = try store.all("SELECT id, posted, held FROM account ORDER BY id") { row in
            (row.int(0), row.int(1), row.int(2))
        }
        for (id, posted, held) in rows {
            guard let key = keyOfAccount[id] else { continue }
            let account = accounts[key] ?? Account()
            let entities = ["account \(id)", "party \(key.party)"]
            let isDebit = WalletModel.debits.contains(key.kind)
            if isDebit ? posted > 0 : posted < 0 {
                findings.report(
                    .balanceWithinBounds,
                    "account \(id), \(key): expected \(isDebit ? "at most" : "at least") 0, found \(posted)",
                    entities)
            }
            if held != account.held || held > max(0, posted) {
                findings.report(
                    .availablePlusHeldIsPosted,
                    "account \(id), \(key): expected its live holds' \(account.held) of \(posted) held, found \(held)",
                    entities)
            }
            if posted != account.posted {
                findings.report(
                    .accountIsItsLegs,
                    "account \(id), \(key): expected the sum of its legs \(account.posted), found \(posted)",
                    entities)
            }
        }
    }

    private func compareHold(_ id: UInt64, _ store: Store) throws {
        guard let hold = holds[id] else { return }
        let found = try store.first(
            "SELECT state, amount, captured, deadline FROM hold WHERE id = ?", id
        ) { row in (0...3).map { row.int(Int32($0)) } }
        findings.expect(
            .holdEndsOnce,
            "hold \(id): state (1 held, 2 captured, 3 released, 4 disowned), amount, captured, deadline",
            expected: [hold.state.rawValue, hold.amount, hold.captured, hold.deadline.microseconds],
            found: found ?? [], ["hold \(id)", "listing \(hold.listing)"])
    }

    private func compareSale(_ id: UInt64, _ store: Store) throws {
        guard let sale = sales[id] else { return }
        let found = try store.first(
            "SELECT price, fee, vat, state, refunded FROM sale WHERE order_id = ?", id
        ) { row in (0...4).map { row.int(Int32($0)) } }
        let entities = ["order \(id)"]
        findings.expect(
            .invoicesAreLedger, "order \(id): price, fee, VAT and state of its sale",
            expected: [sale.cost.price, sale.cost.fee, sale.cost.vat, sale.state.rawValue],
            found: Array((found ?? []).prefix(4)), entities)
        findings.expect(
            .refundWithinPaid, "order \(id): refunded by the wallet", expected: sale.refunded,
            found: found?.last ?? -1, entities)
    }

    private func comparePayment(_ id: UInt64, _ store: Store) throws {
        guard let payment = payments[id] else { return }
        let found = try store.first("SELECT state, amount FROM payment WHERE id = ?", id) { row in
            [row.int(0), row.int(1)]
        }
        findings.expect(
            .ledgerFollowsCommands, "payment \(id): state and amount",
            expected: [Int64(payment.state.rawValue), payment.amount], found: found ?? [], ["payment \(id)"])
    }

    // MARK: Documents

    private func compareDocuments(_ store: Store) throws {
        let rows = try store.all(
            """
            SELECT id, kind, order_id, recipient, price, fee, vat, total, year, marketplace, ordinal, subject, number
            FROM invoice WHERE id > ? ORDER BY id
            """, lastDocument
        ) { row in ((0...11).map { row.int(Int32($0)) }, row.text(12)) }
        for (row, number) in rows {
            let id = UInt64(bitPattern: row[0])
            let order = UInt64(bitPattern: row[2])
            let entities = ["invoice \(id)", "order \(order)"]
            let series = UInt64(row[9]) << 32 | UInt64(row[8]) << 8 | UInt64(row[1])
            let next = (ordinals[series] ?? 0) + 1
            findings.expect(
                .invoicesGapless, "invoice \(id): ordinal in its series", expected: next, found: row[10],
                entities)
            ordinals[series] = row[10]
            let digits = String(row[10])
            let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
            findings.expect(
                .invoicesGapless, "invoice \(id): number",
                expected: "\(row[9])-\(row[8])-\(row[1] == 2 ? "C" : "")\(zeros)\(digits)", found: number,
                entities)
            takeDocument(row, order, entities)
            lastDocument = id
        }
        for sequence in expectedDocuments.keys.sorted() {
            findings.report(
                .invoicesAreLedger,
                "wallet journal \(sequence): expected a document for order \(expectedDocuments[sequence]?.first?.order ?? 0), found none",
                ["order \(expectedDocuments[sequence]?.first?.order ?? 0)"])
        }
        expectedDocuments = [:]
    }

    private func takeDocument(_ row: [Int64], _ order: UInt64, _ entities: [String]) {
        let id = UInt64(bitPattern: row[0])
        let awaited = expectedDocuments.removeValue(forKey: id >> 8) ?? []
        if awaited.count > 1 { expectedDocuments[id >> 8] = Array(awaited.dropFirst()) }
        guard let expected = awaited.first else {
            return findings.report(
                .invoicesAreLedger, "invoice \(id): expected none, found one for order \(order)", entities)
        }
        findings.expect(
            .invoicesAreLedger,
            "invoice \(id): kind, order, recipient, price, fee, VAT, total, year, marketplace, subject",
            expected: [
                Int64(expected.kind.rawValue), Int64(bitPattern: expected.order),
                Int64(bitPattern: expected.recipient), expected.cost.price, expected.cost.fee,
                expected.cost.vat,
                expected.cost.total, expected.year, Int64(expected.marketplace),
                Int64(expected.subject.rawValue),
            ], found: Array(row[1...9]) + [row[11]], entities)
        guard expected.subject == .order else { return }
        var sums = documentSums[order] ?? (0, 0)
        if expected.kind == .invoice { sums.invoiced += row[7] } else { sums.credited += row[7] }
        documentSums[order] = sums
        if sums.credited > sums.invoiced {
            findings.report(
                .refundWithinPaid,
                "order \(order): expected at most \(sums.invoiced) credited, found \(sums.credited)", entities
            )
        }
    }

    // MARK: Everything

    private func compareAll(_ store: Store) throws {
        for (entry, sum) in try store.all(
            """
            SELECT l.entry, sum(l.amount) FROM leg l JOIN account a ON a.id = l.account
            GROUP BY l.entry, a.currency HAVING sum(l.amount) <> 0 ORDER BY l.entry
            """, read: { ($0.int(0), $0.int(1)) })
        {
            findings.report(
                .debitsEqualCredits, "entry \(entry): expected legs that sum to 0, found \(sum)",
                ["entry \(entry)"])
        }
        for (account, sum, posted) in try store.all(
            """
            SELECT a.id, coalesce(sum(l.amount), 0), a.posted FROM account a LEFT JOIN leg l ON l.account = a.id
            GROUP BY a.id HAVING coalesce(sum(l.amount), 0) <> a.posted ORDER BY a.id
            """, read: { ($0.int(0), $0.int(1), $0.int(2)) })
        {
            findings.report(
                .accountIsItsLegs, "account \(account): expected the sum of its legs \(sum), found \(posted)",
                ["account \(account)"])
        }
        for (series, count, last) in try store.all(
            """
            SELECT marketplace || '-' || year || '-' || kind, count(*), max(ordinal) FROM invoice
            GROUP BY marketplace, year, kind HAVING count(*) <> max(ordinal) ORDER BY marketplace, year, kind
            """, read: { ($0.text(0), $0.int(1), $0.int(2)) })
        {
            findings.report(
                .invoicesGapless, "series \(series): expected \(last) documents, found \(count)",
                ["series \(series)"])
        }
        try compareOrdersMoney(store)
        let counts = try store.first("SELECT (SELECT count(*) FROM hold), (SELECT count(*) FROM sale)") {
            row in
            [Int(row.int(0)), Int(row.int(1))]
        }
        findings.expect(
            .ledgerFollowsCommands, "all holds, all sales", expected: [holds.count, sales.count],
            found: counts ?? [])
    }

    /// What documents say was paid, the ledger took from the buyer; and the escrow holds what is not given
    /// yet.
    private func compareOrdersMoney(_ store: Store) throws {
        let taken = try store.all(
            """
            SELECT e.order_id, -sum(l.amount) FROM leg l
            JOIN account a ON a.id = l.account AND a.class = 1 JOIN entry e ON e.id = l.entry
            JOIN sale s ON s.order_id = e.order_id AND s.buyer = a.party
            WHERE e.kind IN (3, 4) GROUP BY e.order_id ORDER BY e.order_id
            """
        ) { (UInt64(bitPattern: $0.int(0)), $0.int(1)) }
        let documents = try store.all(
            """
            SELECT order_id, sum(CASE kind WHEN 1 THEN total ELSE -total END) FROM invoice WHERE subject = 1
            GROUP BY order_id ORDER BY order_id
            """
        ) { (UInt64(bitPattern: $0.int(0)), $0.int(1)) }
        for index in 0..<max(taken.count, documents.count) {
            let left = index < taken.count ? taken[index] : (0, 0)
            let right = index < documents.count ? documents[index] : (0, 0)
            guard left != right else { continue }
            findings.report(
                .invoicesAreLedger,
                "order \(max(left.0, right.0)): expected documents over \(left.1), found \(right.1)",
                ["order \(max(left.0, right.0))"])
            break
        }
        // A fee that stands alone was taken from its bearer, or is owed by it.
        let borne = try store.all(
            """
            SELECT i.order_id, i.total, (
                SELECT -sum(l.amount) FROM entry e JOIN leg l ON l.entry = e.id
                JOIN account a ON a.id = l.account AND a.class IN (1, 2) AND a.party = i.recipient
                WHERE e.invoice = i.id)
            FROM invoice i WHERE i.subject <> 1 ORDER BY i.id
            """
        ) { (UInt64(bitPattern: $0.int(0)), $0.int(1), $0.int(2)) }
        for (order, total, taken) in borne where total != taken {
            findings.report(
                .invoicesAreLedger,
                "order \(order): expected \(total) taken or owed for its fee, found \(taken)",
                ["order \(order)"])
        }
        var escrow: [Key: Int64] = [:]
        for sale in sales.values where sale.state == .escrowed {
            let key = Key(
                marketplace: sale.marketplace, party: 0, currency: sale.policy.currency.rawValue,
                kind: .escrow)
            escrow[key, default: 0] += sale.left
        }
        for key in Set(escrow.keys).union(accounts.keys.filter { $0.kind == .escrow }).sorted() {
            findings.expect(
                .invoicesAreLedger, "\(key): prices not given yet", expected: escrow[key] ?? 0,
                found: accounts[key]?.posted ?? 0)
        }
    }

    /// What a reader can have seen of a wallet since the row `floor` was the journal's last.
    func couldShow(_ key: Key, posted: Int64, held: Int64?, since floor: UInt64) -> Bool {
        let history = accounts[key]?.history ?? []
        var next = UInt64.max
        for state in history.reversed() {
            if next <= floor { return false }
            if state.posted == posted, held == nil || state.held == held { return true }
            next = state.sequence
        }
        return next > floor && posted == 0 && (held ?? 0) == 0
    }
}
