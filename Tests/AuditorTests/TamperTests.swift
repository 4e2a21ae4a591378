import Auditor
import Kernel
import Messages
import Runtime
import Storage
import Stories
import Testing
import Wire

/// One way to break a house, and the invariants that must be named then.
struct Tamper: Sendable, CustomTestStringConvertible {
    let title: String
    let names: Set<Invariant>
    let run: @Sendable (ObservedHouse, Cast) async throws -> Void

    init(
        _ title: String, _ names: Invariant...,
        run: @escaping @Sendable (ObservedHouse, Cast) async throws -> Void
    ) {
        self.title = title
        self.names = Set(names)
        self.run = run
    }

    var testDescription: String { title }
}

/// For every invariant, a house that breaks it alone, or with what cannot be parted from it.
@Suite("The auditor names what was broken")
struct TamperTests {
    static let all: [Tamper] = money + keys + journals + trade + contacts + telling + reading + asking

    @Test("a broken house is found out", arguments: all)
    func finds(_ tamper: Tamper) async throws {
        try await WholeHouse.with { house in
            house.every = .max
            house.checksOnAdvance = false
            house.auditor.hooks = AuditHooks()
            let cast = try await Cast.openMarketplace(house)
            try await tamper.run(house, cast)
            let found = Set(house.auditor.violations.map(\.invariant))
            #expect(
                found == Set(tamper.names.map(\.rawValue)),
                "\(house.auditor.violations.map { "\($0.invariant): \($0.text)" })")
        }
    }

    @Test("every invariant is broken by a test")
    func complete() {
        let broken = TamperTests.all.reduce(into: Set<Invariant>()) { $0.formUnion($1.names) }
        #expect(Invariant.allCases.filter { !broken.contains($0) } == [])
    }
}

extension ObservedHouse {
    /// Changes a store behind its service's back.
    func change(_ service: ServiceName, _ statements: String...) throws {
        try store(service)?.transaction { store in
            for statement in statements { try store.runDynamic(statement) }
        }
    }

    /// Makes a journal's chain whole again after a change, as a forger with the same code would.
    func forgeChain(_ service: ServiceName) throws {
        try store(service)?.transaction { store in
            let chain = JournalChain()
            while case let rows = try Journal.rows(after: chain.sequence, limit: 64, store), !rows.isEmpty {
                for row in rows {
                    let hash = chain.extend(row.entry, count: row.count)
                    try store.run(
                        "UPDATE gavel_journal SET hash = ? WHERE seq = ?", hash, row.entry.sequence)
                }
            }
        }
    }

    /// Gives each command a row of its own, so that a statement can change one; the chain is to be forged afterwards.
    func spreadJournal(_ service: ServiceName) throws {
        try store(service)?.transaction { store in
            var commands: [JournalEntry] = []
            try Journal.forEach(store) { commands.append($0) }
            try store.run("DELETE FROM gavel_journal")
            for command in commands {
                try store.run(
                    """
                    INSERT INTO gavel_journal (seq, at, due, rules, source, party, scope, session, key_high, key_low,
                        code, version, body, hash)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, zeroblob(32))
                    """, command.sequence, command.at, command.due, command.rules, command.source,
                    command.acting.party,
                    Int64(command.acting.marketplace.raw) << 8 | Int64(command.acting.roles.rawValue),
                    command.acting.session, command.key.high, command.key.low, command.code, command.version,
                    command.body)
            }
        }
    }

    /// The commands of a journal with this message, newest first.
    func journal<M: Message>(_ service: ServiceName, _: M.Type) throws -> [(UInt64, [UInt8])] {
        var found: [(UInt64, [UInt8])] = []
        try store(service)?.read { store in
            try Journal.forEach(store) { if $0.code == M.code { found.append(($0.sequence, $0.body)) } }
        }
        return found.reversed()
    }

    func rewrite(_ service: ServiceName, _ sequence: UInt64, body: [UInt8]) throws {
        try spreadJournal(service)
        try store(service)?.transaction { store in
            try store.run("UPDATE gavel_journal SET body = ? WHERE seq = ?", body, sequence)
        }
        try forgeChain(service)
    }
}

extension TamperTests {
    // MARK: Money

    static let money: [Tamper] = [
        Tamper("two entries lose on one account what they gain on it", .debitsEqualCredits) { house, cast in
            try await cast.topUp(cast.buyers[0], 500)
            try await cast.topUp(cast.buyers[0], 600)
            house.checkpoint(healed: true)
            try house.change(
                .wallet, "DROP TRIGGER leg_stays",
                """
                UPDATE leg SET amount = amount + CASE entry WHEN (SELECT max(id) FROM entry) THEN 1 ELSE -1 END
                WHERE entry IN (SELECT id FROM entry ORDER BY id DESC LIMIT 2)
                    AND account IN (SELECT id FROM account WHERE class = 3)
                """)
            house.checkpoint(healed: true)
        },
        Tamper("an account goes below its floor", .balanceWithinBounds, .accountIsItsLegs) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(
                .wallet, "PRAGMA ignore_check_constraints = ON",
                "UPDATE account SET posted = -5 WHERE class = 7")
            house.checkpoint(healed: true)
        },
        Tamper("more is held than the live holds say", .availablePlusHeldIsPosted) { house, cast in
            house.checkpoint(healed: true)
            try house.change(.wallet, "UPDATE account SET held = held + 1 WHERE class = 1 AND posted > 0")
            house.checkpoint()
        },
        Tamper("a balance is not the sum of its legs", .accountIsItsLegs) { house, cast in
            house.checkpoint(healed: true)
            try house.change(.wallet, "UPDATE account SET posted = posted + 1 WHERE class = 1")
            house.checkpoint()
        },
        Tamper("an entry says another reason than its command", .ledgerFollowsCommands) { house, cast in
            try house.change(
                .wallet, "DROP TRIGGER entry_stays",
                "UPDATE entry SET kind = 2 WHERE id = (SELECT max(id) FROM entry)")
            house.checkpoint()
        },
        Tamper("a hold that was captured is released", .holdEndsOnce) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(
                .wallet, "DROP TRIGGER hold_ends_once",
                "UPDATE hold SET state = 3, captured = 0 WHERE state = 2")
            house.checkpoint(healed: true)
        },
        Tamper("a live hold is past its deadline, and every timer", .holdNeeded, .deadlineFires) {
            house, cast in
            let listing = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: listing.listing, 5_000)
            var stores: [ServiceName: ServiceStore] = [:]
            for service in ServiceName.stores { stores[service] = house.store(service) }
            house.auditor.checkpoint(stores, now: listing.endsAt + .days(10), healed: true)
        },
        Tamper("the wallet forgets what it gave back", .refundWithinPaid) { house, cast in
            let sale = try await cast.sellLead()
            try await object(to: sale, house, cast)
            house.checkpoint(healed: true)
            try house.change(.wallet, "UPDATE sale SET refunded = refunded - 1 WHERE refunded > 0")
            house.checkpoint(healed: true)
        },
        Tamper("an invoice number is left out", .invoicesGapless) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(.wallet, "DROP TRIGGER invoice_stays", "UPDATE invoice SET ordinal = 7")
            house.checkpoint(healed: true)
        },
        Tamper("an invoice is over more than was taken", .invoicesAreLedger) { house, cast in
            _ = try await cast.sellLead()
            try house.change(
                .wallet, "DROP TRIGGER invoice_stays",
                "UPDATE invoice SET price = price + 1, total = total + 1")
            house.checkpoint(healed: true)
        },
        Tamper("a buyer was charged and the vault knows nothing of it", .chargeHasRevealOrRefund) {
            house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(without: .contactVault)
        },
        Tamper("a contact was revealed and the wallet took nothing", .noRevealBeforeCapture) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(without: .wallet)
        },
        Tamper("a queue is longer than it may be", .withinCaps) { house, cast in
            house.auditor.observe(load: "wallet queue", 16_384, cap: 16_384)
            #expect(house.auditor.violations.isEmpty)
            house.auditor.observe(load: "wallet queue", 16_385, cap: 16_384)
        },
    ]

    /// Objects, and lets the seller's silence decide for the buyer.
    static func object(to sale: Sale, _ house: ObservedHouse, _ cast: Cast) async throws {
        var objection = OpenObjection()
        objection.order = sale.order
        objection.statement = PersonalText("Nobody knows of this.")
        try await cast.act(objection, as: sale.buyer.guest)
        try await house.advance(by: .days(5))
    }

    // MARK: Keys

    static func topUp(_ cast: Cast, _ minor: Int64) -> TopUp {
        var command = TopUp()
        command.amount = cast.money(minor)
        return command
    }

    static let keys: [Tamper] = [
        Tamper("a repeated command gets another answer", .sameKeySameAnswer) { house, cast in
            let key = house.house.newKey()
            let command = topUp(cast, 700)
            _ = try await house.send(command, as: cast.buyers[0].guest, key: key)
            house.tamper = { _, answer, body in (answer, body.map { $0 &+ 1 }) }
            _ = try await house.send(command, as: cast.buyers[0].guest, key: key)
            house.checkpoint()
        },
        Tamper("another body under a known key is answered", .keyReusedIsRefused) { house, cast in
            let key = house.house.newKey()
            let answer = try await house.send(topUp(cast, 700), as: cast.buyers[0].guest, key: key)
            house.tamper = { _, _, _ in (TopUpStarted.code, answer.encoded()) }
            try await house.refuses(.keyReused, topUp(cast, 800), as: cast.buyers[0].guest, key: key)
            house.checkpoint()
        },
        Tamper("what was refused is acknowledged", .acknowledgedSurvives) { house, cast in
            house.tamper = { _, _, _ in (TopUpStarted.code, TopUpStarted().encoded()) }
            try await house.refuses(.amountOutOfRange, topUp(cast, 0), as: cast.buyers[0].guest)
            house.checkpoint()
        },
        Tamper(
            "what was carried out is said to be refused, and not remembered so", .refusedLeavesNothing,
            .acknowledgedSurvives
        ) { house, cast in
            house.tamper = { _, _, _ in (Refusal.code, Refusal(.wrongCurrency).encoded()) }
            _ = try await house.send(topUp(cast, 700), as: cast.buyers[0].guest)
            house.checkpoint()
        },
    ]

    // MARK: Journals and streams

    static let journals: [Tamper] = [
        Tamper("a byte of a journaled command changes", .journalChain) { house, cast in
            house.checkpoint(healed: true)
            try house.change(
                .auction,
                """
                UPDATE gavel_journal SET body = CAST(body || x'00' AS BLOB)
                WHERE seq = (SELECT min(seq) FROM gavel_journal WHERE seq > 1)
                """)
            house.checkpoint(healed: true)
        },
        Tamper(
            "a row that was committed is lost", .acknowledgedSurvives, .journalChain, .streamInOrder,
            .converged
        ) {
            house, cast in
            house.checkpoint()
            try house.change(
                .dispute, "DELETE FROM gavel_journal WHERE seq = (SELECT max(seq) FROM gavel_journal)",
                "UPDATE gavel_streams SET applied = applied - 1 WHERE peer = 3")
            house.checkpoint(healed: true)
        },
        Tamper("a table is not what its journal makes of it", .replayGivesSameState) { house, cast in
            _ = try await cast.publishLead()
            house.hookReplay()
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.isEmpty)
            try house.change(.auction, "UPDATE lead SET title = title || '!'")
            house.checkpoint(healed: true)
        },
        Tamper("a stream's position goes back", .streamInOrder) { house, cast in
            house.checkpoint()
            try house.change(.auction, "UPDATE gavel_streams SET applied = applied - 1 WHERE peer = 2")
            house.checkpoint()
        },
        Tamper("a message is missing in the outbox", .outboxWithoutGap) { house, cast in
            house.checkpoint()
            try house.change(
                .auction,
                "INSERT INTO gavel_outbox (destination, seq, code, version, body) VALUES (2, 9999, 640, 1, x'')"
            )
            house.checkpoint()
        },
        Tamper("a message that is on its way is deleted from the outbox", .outboxWithoutGap) { house, cast in
            let auction = try #require(house.store(.auction))
            house.auditor.glance(at: .auction, auction)
            #expect(house.auditor.violations.isEmpty)
            try house.change(.auction, "UPDATE gavel_streams SET sent = sent + 1 WHERE peer = 2")
            house.auditor.glance(at: .auction, auction)
        },
        Tamper("an effect is performed again and again", .effectEnds) { house, cast in
            house.checkpoint()
            try house.change(
                .auction,
                """
                INSERT INTO gavel_journal
                SELECT (SELECT max(seq + count - 1) FROM gavel_journal) + value, at, due, rules, 0, 0,
                    0, 0, 5, 6, 65535, version, x'', hash, 1
                FROM (SELECT * FROM gavel_journal ORDER BY seq DESC LIMIT 1),
                    (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 1000)
                     SELECT value FROM n)
                """)
            try house.forgeChain(.auction)
            house.checkpoint()
        },
        Tamper("a deadline is set aside and stays so", .converged) { house, cast in
            try house.change(
                .wallet,
                """
                INSERT INTO gavel_parked (seq, at, source, party, scope, session, code, body, reason)
                VALUES (1, 1, 0, 0, 0, 0, 704, x'', 'faulted')
                """)
            house.checkpoint()
            #expect(house.auditor.violations.isEmpty)
            house.checkpoint(healed: true)
        },
        Tamper("a journaled body cannot be read", .readable) { house, cast in
            _ = try await cast.sellLead()
            let rows = try house.journal(.notifications, EmailAttempted.self)
            try house.rewrite(.notifications, rows[0].0, body: [])
            house.checkpoint()
        },
        Tamper("a deadline fires too early", .deadlineNotEarly) { house, cast in
            _ = try await cast.sellLead()
            let rows = try house.journal(.auction, ListingEnds.self)
            try house.spreadJournal(.auction)
            try house.change(
                .auction, "UPDATE gavel_journal SET due = due + 1 WHERE seq = \(rows[0].0)")
            try house.forgeChain(.auction)
            house.checkpoint()
        },
        Tamper("a deadline fires twice", .deadlineOnce) { house, cast in
            _ = try await cast.sellLead()
            let rows = try house.journal(.auction, ListingEnds.self)
            try house.spreadJournal(.auction)
            try house.change(
                .auction,
                """
                INSERT INTO gavel_journal (seq, at, due, rules, source, party, scope, session, key_high, key_low, code,
                    version, body, hash)
                SELECT (SELECT max(seq) + 1 FROM gavel_journal), (SELECT max(at) FROM gavel_journal), due, rules,
                    source, party, scope, session, key_high, key_low, code, version, body, hash
                FROM gavel_journal WHERE seq = \(rows[0].0)
                """)
            try house.forgeChain(.auction)
            house.checkpoint()
        },
        Tamper("a deadline is forgotten", .deadlineFires) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(.auction, "DELETE FROM gavel_timers WHERE code = \(PayoutFallsDue.code)")
            house.checkpoint(healed: true)
        },
    ]
}
