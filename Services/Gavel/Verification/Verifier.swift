import ContactVault
import Foundation
import Kernel
import Messages
import Runtime
import Storage
import Wire

/// Checks the stores of an installation against each other and against what clients were told.
///
/// It reads snapshots: run it on a quiet installation, or on one whose processes have stopped.
struct Verifier {
    let folder: String
    let definitions: [ServiceDefinition]
    private let stores: [ServiceName: ServiceStore]

    init(folder: String, definitions: [ServiceDefinition]) throws {
        self.folder = folder
        self.definitions = definitions
        var stores: [ServiceName: ServiceStore] = [:]
        for definition in definitions {
            let path = "\(folder)/\(definition.name.title)/store.sqlite"
            guard FileManager.default.fileExists(atPath: path) else {
                throw StoreFault.unusable("expected a store at \(path), found none")
            }
            stores[definition.name] = try ServiceStore(path: path, migrations: definition.migrations)
        }
        self.stores = stores
    }

    /// Stores that are open already, in place of those in the folder.
    init(folder: String, definitions: [ServiceDefinition], stores: [ServiceName: ServiceStore]) {
        self.folder = folder
        self.definitions = definitions
        self.stores = stores
    }

    /// Every check, in an order in which the first failure says most.
    func run(acknowledged: [Acknowledgement]?) throws -> VerificationReport {
        var report = VerificationReport()
        if let acknowledged { report.checks.append(try acknowledgedCommands(acknowledged)) }
        report.checks.append(try ledgerSums())
        report.checks.append(try heldCovered())
        report.checks.append(try holdsEndOnce())
        report.checks.append(try oneWinner())
        report.checks.append(try noRevealBeforeCapture())
        report.checks.append(try revealsGranted())
        report.checks.append(try invoicesGapless())
        report.checks.append(try outboxesEmpty())
        report.checks.append(try inboxesWithoutGaps())
        report.checks.append(try nothingParked())
        report.checks.append(try eachMailOneFile())
        report.checks.append(try journalChains())
        report.checks.append(try replays())
        return report
    }

    private func read<R>(_ service: ServiceName, _ body: (Store) throws -> R) throws -> R {
        guard let store = stores[service] else { throw StoreFault.unusable("no store of \(service.title)") }
        return try store.read(body)
    }

    /// Every row of `sql` is a violation, described by its first column.
    private func violations(_ service: ServiceName, _ sql: StaticString) throws -> [String] {
        try read(service) { try $0.all(sql) { $0.text(0) } }
    }

    private func count(_ service: ServiceName, _ sql: StaticString) throws -> Int {
        try read(service) { Int(try $0.first(sql) { $0.int(0) } ?? 0) }
    }

    private func acknowledgedCommands(_ acknowledged: [Acknowledgement]) throws -> Check {
        var check = Check(name: "every acknowledged command is present", examined: acknowledged.count)
        for one in acknowledged {
            let found = try read(one.service) { store in
                try store.first(
                    "SELECT code FROM gavel_replies WHERE party = ? AND key_high = ? AND key_low = ?",
                    one.party,
                    one.key.high, one.key.low
                ) { UInt16(truncatingIfNeeded: $0.int(0)) }
            }
            if found != one.answer {
                check.violations.append("\(one.line): found \(found.map { "answer \($0)" } ?? "nothing")")
            }
        }
        return check
    }

    private func ledgerSums() throws -> Check {
        var check = Check(name: "ledger sums to zero per currency")
        check.examined = try count(.wallet, "SELECT count(*) FROM leg")
        check.violations = try violations(
            .wallet,
            """
            SELECT 'currency ' || currency || ' sums to ' || sum(posted) FROM account
            GROUP BY currency HAVING sum(posted) <> 0 ORDER BY currency
            """)
        check.violations += try violations(
            .wallet,
            """
            SELECT 'entry ' || leg.entry || ' sums to ' || sum(leg.amount) FROM leg
            JOIN account ON account.id = leg.account
            GROUP BY leg.entry, account.currency HAVING sum(leg.amount) <> 0 ORDER BY leg.entry
            """)
        check.violations += try violations(
            .wallet,
            """
            SELECT 'account ' || account.id || ' stands at ' || posted || ', its legs at '
                || coalesce((SELECT sum(amount) FROM leg WHERE leg.account = account.id), 0)
            FROM account
            WHERE posted <> coalesce((SELECT sum(amount) FROM leg WHERE leg.account = account.id), 0)
            ORDER BY account.id
            """)
        return check
    }

    private func heldCovered() throws -> Check {
        var check = Check(name: "available + held = posted")
        check.examined = try count(.wallet, "SELECT count(*) FROM account")
        check.violations = try violations(
            .wallet,
            """
            SELECT 'account ' || account.id || ' holds ' || held || ', its live holds are ' || coalesce(live.sum, 0)
            FROM account LEFT JOIN
                (SELECT account, sum(amount) AS sum FROM hold WHERE state = 1 GROUP BY account) AS live
                ON live.account = account.id
            WHERE held <> coalesce(live.sum, 0) ORDER BY account.id
            """)
        check.violations += try violations(
            .wallet,
            """
            SELECT 'account ' || id || ' has ' || (posted - held) || ' available' FROM account
            WHERE class = 1 AND posted - held < 0 ORDER BY id
            """)
        return check
    }

    /// A hold's end is written once by the schema; here its capture is compared with the order that took it.
    private func holdsEndOnce() throws -> Check {
        var check = Check(name: "every hold ended at most once")
        check.examined = try count(.wallet, "SELECT count(*) FROM hold")
        check.violations = try violations(
            .wallet,
            """
            SELECT 'hold ' || id || ' in state ' || state || ' captured ' || captured || ' of ' || amount FROM hold
            WHERE (state = 2 AND (captured <= 0 OR captured > amount)) OR (state <> 2 AND captured <> 0)
                OR (state = 1) <> (ended_at = 0)
            ORDER BY id
            """)
        let live = try read(.wallet) {
            try $0.all("SELECT id FROM hold WHERE state = 1 ORDER BY id") { $0.int(0) }
        }
        let needed = try read(.auction) { store in
            Set(
                try store.all(
                    """
                    SELECT bid.hold FROM bid JOIN listing ON listing.id = bid.listing
                    WHERE bid.stage = 1 OR listing.lead_hold = bid.hold
                    UNION ALL SELECT hold FROM orders
                    """
                ) { $0.int(0) })
        }
        for hold in live where !needed.contains(hold) {
            check.violations.append("hold \(hold) is live, and no bid or order needs it")
        }
        return check
    }

    private func oneWinner() throws -> Check {
        var check = Check(name: "at most one winner a lead")
        check.examined = try count(.auction, "SELECT count(*) FROM orders")
        check.violations = try violations(
            .auction,
            """
            SELECT 'listing ' || listing || ' has ' || count(*) || ' paid orders' FROM orders
            WHERE paid_at > 0 GROUP BY listing HAVING count(*) > 1 ORDER BY listing
            """)
        check.violations += try violations(
            .wallet,
            """
            SELECT 'listing ' || listing || ' was paid for ' || count(*) || ' times' FROM sale
            WHERE invoice > 0 GROUP BY listing HAVING count(*) > 1 ORDER BY listing
            """)
        return check
    }

    private func noRevealBeforeCapture() throws -> Check {
        var check = Check(name: "no reveal before capture")
        let grants = try read(.contactVault) { store in
            try store.all(
                """
                SELECT order_id, party, EXISTS (SELECT 1 FROM routes WHERE activation = order_id)
                FROM grants ORDER BY grant_id
                """
            ) { (order: $0.int(0), party: $0.int(1), isRouted: $0.int(2) == 1) }
        }
        check.examined = grants.count
        for grant in grants {
            if grant.isRouted {
                guard try !isActivated(grant.order, grant.party) else { continue }
                check.violations.append(
                    "activation \(grant.order) is routed for party \(grant.party), which may not call")
            } else if try !isPaid(grant.order) {
                check.violations.append("order \(grant.order) is revealed, and the wallet has no sale of it")
            }
        }
        return check
    }

    private func isPaid(_ order: Int64) throws -> Bool {
        let invoice = try read(.wallet) { store in
            try store.first("SELECT invoice FROM sale WHERE order_id = ?", order) { $0.int(0) }
        }
        return (invoice ?? 0) != 0
    }

    /// The house's switch, and never the buyer, is told a prospect's number for the calls of an activation (D1).
    private func isActivated(_ activation: Int64, _ party: Int64) throws -> Bool {
        try read(.auction) { store in
            try store.first(
                "SELECT 1 FROM activation WHERE id = ? AND activated_at > 0 AND buyer <> ?", activation, party
            ) { _ in true }
        } ?? false
    }

    private func revealsGranted() throws -> Check {
        var check = Check(name: "every reveal has its grant, and the log's chain is unbroken")
        check.examined = try count(.contactVault, "SELECT count(*) FROM reveals")
        check.violations = try violations(
            .contactVault,
            """
            SELECT 'reveal ' || number || ' names no grant' FROM reveals
            WHERE grant_id NOT IN (SELECT grant_id FROM grants) ORDER BY number
            """)
        do {
            _ = try read(.contactVault) { try ContactVaultService.verifyRevealChain($0) }
        } catch {
            check.violations.append("\(error)")
        }
        return check
    }

    private func invoicesGapless() throws -> Check {
        var check = Check(name: "invoice numbers without gaps")
        check.examined = try count(.wallet, "SELECT count(*) FROM invoice")
        check.violations = try violations(
            .wallet,
            """
            SELECT 'marketplace ' || marketplace || ', year ' || year || ', kind ' || kind || ': ' || count(*)
                || ' documents, the last is number ' || max(ordinal)
            FROM invoice GROUP BY marketplace, year, kind HAVING count(*) <> max(ordinal)
            ORDER BY marketplace, year, kind
            """)
        return check
    }

    private func outboxesEmpty() throws -> Check {
        var check = Check(name: "outboxes empty")
        for definition in definitions {
            check.examined += 1
            let left = try count(definition.name, "SELECT count(*) FROM gavel_outbox")
            let unacknowledged = try count(
                definition.name, "SELECT coalesce(sum(sent - acknowledged), 0) FROM gavel_streams")
            if left > 0 || unacknowledged > 0 {
                check.violations.append(
                    "\(definition.name.title): \(left) rows, \(unacknowledged) unacknowledged")
            }
        }
        return check
    }

    private func inboxesWithoutGaps() throws -> Check {
        var check = Check(name: "inboxes without gaps")
        for sender in definitions {
            for receiver in definitions where receiver.name != sender.name {
                check.examined += 1
                let sent = try stream(sender.name, to: receiver.name).sent
                let applied = try stream(receiver.name, to: sender.name).applied
                if sent != applied {
                    check.violations.append(
                        "\(sender.name.title) sent \(sent), \(receiver.name.title) applied \(applied)")
                }
            }
        }
        return check
    }

    private func stream(_ service: ServiceName, to peer: ServiceName) throws -> (sent: Int64, applied: Int64)
    {
        try read(service) { store in
            try store.first("SELECT sent, applied FROM gavel_streams WHERE peer = ?", peer.rawValue) {
                ($0.int(0), $0.int(1))
            }
        } ?? (0, 0)
    }

    private func nothingParked() throws -> Check {
        var check = Check(name: "nothing parked, nobody waits")
        for definition in definitions {
            check.examined += 1
            check.violations += try violations(
                definition.name,
                "SELECT 'parked ' || seq || ': message ' || code || ' ' || reason FROM gavel_parked ORDER BY seq"
            )
            let waiting = try count(definition.name, "SELECT count(*) FROM gavel_replies WHERE code = 0")
            if waiting > 0 { check.violations.append("\(definition.name.title): \(waiting) commands wait") }
        }
        return check
    }

    /// File names are the stable ids; each sent e-mail has its one file, and no file is half written.
    private func eachMailOneFile() throws -> Check {
        var check = Check(name: "each e-mail one file")
        let spool = "\(folder)/\(ServiceName.notifications.title)/spool"
        // In a house that is open some are sent meanwhile: what was sent by now lies there, and what lies there is known
        // afterwards.
        let sent = try emails(
            """
            SELECT item FROM inbox WHERE email = 3 UNION ALL SELECT item FROM prospect_email WHERE email = 3
            ORDER BY item
            """)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: spool + "/new")) ?? []
        check.examined = files.count
        var identities: Set<String> = []
        for name in files.sorted() {
            let text = (try? String(contentsOfFile: "\(spool)/new/\(name)", encoding: .utf8)) ?? ""
            let identity = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("message-id:") }
            guard let identity else {
                check.violations.append("\(name) has no Message-ID")
                continue
            }
            if !identities.insert(String(identity)).inserted {
                check.violations.append("\(name) repeats \(identity)")
            }
        }
        let lying = Set(files)
        for name in sent where !lying.contains(name) {
            check.violations.append("\(name) is sent, and lies not in the spool")
        }
        // One that had left when its process died, and is not known as sent yet or was replaced, is in the spool too.
        let known = Set(
            try emails(
                """
                SELECT item FROM inbox WHERE email IN (2, 3, 5)
                UNION ALL SELECT item FROM prospect_email WHERE email IN (2, 3, 5)
                """))
        check.violations += files.sorted().filter { !known.contains($0) }.map { "\($0) belongs to no e-mail" }
        return check
    }

    /// The names of files.
    private func emails(_ sql: StaticString) throws -> [String] {
        try read(.notifications) { try $0.all(sql) { MailName.of(UInt64($0.int(0))) } }
    }

    private func journalChains() throws -> Check {
        var check = Check(name: "journal chain unbroken")
        for definition in definitions {
            do {
                check.examined += Int(try read(definition.name) { try Journal.verifyChain($0) })
            } catch {
                check.violations.append("\(definition.name.title): \(error)")
            }
        }
        return check
    }

    private func replays() throws -> Check {
        var check = Check(name: "replay of each journal gives the same digest")
        for definition in definitions {
            guard let store = stores[definition.name] else { continue }
            do {
                let result = try Replay.check(definition, store)
                check.examined += Int(result.rows)
                check.violations += result.different.map { "\(definition.name.title): table \($0) differs" }
            } catch {
                check.violations.append("\(definition.name.title): \(error)")
            }
        }
        return check
    }
}

/// The names of e-mails in the spool: the inbox item in sixteen hexadecimal digits.
private enum MailName {
    static func of(_ item: UInt64) -> String {
        let digits = String(item, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".eml"
    }
}
