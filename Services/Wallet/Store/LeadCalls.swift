import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A proxy number and the activation that has it, or had it last (D1).
struct ProxyLine {
    let number: String
    let activation: OrderID
    let marketplace: MarketplaceID
    let policyVersion: UInt32
    let listing: ListingID
    let buyer: PartyID
    /// Whose calls are put through.
    let caller: CallerID
    let isClosed: Bool
}

enum ProxyLines {
    /// The activation that has the number, else the last one that had it.
    private static let kept = Kept<String, Known>()

    /// The line that a number is, or that it is none: numbers of service lines are looked for here first.
    private struct Known { let line: ProxyLine? }

    static func find(_ number: String, _ store: Store) throws -> ProxyLine? {
        guard !number.isEmpty else { return nil }
        let known = try store.keepAtWriter(kept, number) {
            Known(
                line: try store.first(
                    """
                    SELECT number, activation, marketplace, policy_version, listing, buyer, caller, closed
                    FROM proxy_line WHERE number = ? ORDER BY closed, activation DESC LIMIT 1
                    """, number, read: read))
        }
        return known?.line
    }

    static func find(_ activation: OrderID, _ store: Store) throws -> ProxyLine? {
        try store.first(
            """
            SELECT number, activation, marketplace, policy_version, listing, buyer, caller, closed FROM proxy_line
            WHERE activation = ?
            """, activation, read: read)
    }

    /// Nothing changes where the line was closed before.
    static func open(_ message: OpenProxyLine, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO proxy_line (activation, number, marketplace, policy_version, listing, buyer, caller, closed)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (activation) DO NOTHING
            """, message.activation, message.number, message.marketplace, message.policyVersion,
            message.listing, message.buyer, message.caller)
        store.forget(kept, message.number)
    }

    static func close(_ activation: OrderID, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO proxy_line (activation, number, marketplace, policy_version, listing, buyer, caller, closed)
            VALUES (?, '', 0, 0, 0, 0, 0, 1) ON CONFLICT (activation) DO UPDATE SET closed = 1
            """, activation)
        store.forgetAll(kept)
    }

    private static func read(_ row: Row) throws -> ProxyLine {
        ProxyLine(
            number: row.text(0), activation: row.id(1), marketplace: row.marketplace(2),
            policyVersion: UInt32(truncatingIfNeeded: row.int(3)), listing: row.id(4), buyer: row.id(5),
            caller: row.id(6), isClosed: row.bool(7))
    }
}

/// A preliminary call on file.
struct LeadCall {
    let id: CallID
    let activation: OrderID
    let listing: ListingID
    let marketplace: MarketplaceID
    let policy: Policy
    let buyer: PartyID
    let telephoneSwitch: PartyID
    /// When the wallet heard of it last.
    var heardAt: Instant
    /// Whether caller and switch were told that the money ends.
    var warned: Bool
    var call: MeteredCall
    var stage: CallStage

    var currency: Currency { policy.currency }
    var wallet: AccountKey { AccountKey(.wallet, of: buyer, in: marketplace, currency) }

    /// When the money ends by the wallet's own clock: as long after its last word as by the switch's.
    func moneyEnds(with balance: PrepaidBalance) -> Instant? {
        call.moneyEnds(with: balance).map { heardAt + ($0 - call.confirmedAt) }
    }

    /// The switch's time, as far as the wallet can tell.
    func switchTime(at now: Instant) -> Instant {
        let silent = max(.zero, now - heardAt)
        return min(call.confirmedAt + silent, call.beganAt + MeteredCall.absurd)
    }
}

/// A buyer's money, with what its preliminary calls hold of it.
struct LeadDesk {
    var wallet: StoredAccount
    /// What is free, and the reserves of all the buyer's calls in progress.
    let balance: PrepaidBalance

    static func of(_ key: AccountKey, _ store: Store) throws -> LeadDesk {
        let wallet = try Accounts.findOrEmpty(key, store)
        let reserved = try store.first(
            "SELECT coalesce(sum(reserved), 0) FROM lead_call WHERE account = ? AND stage = 1", wallet.id
        ) { $0.int(0) }
        let free = wallet.account.available.minor
        guard let reserved,
            let balance = PrepaidBalance(key.currency, paid: free + reserved, reserved: reserved)
        else { throw WalletFault.notBalanced }
        return LeadDesk(wallet: wallet, balance: balance)
    }

    /// Sets aside what a call took more of the balance.
    mutating func reserve(_ after: PrepaidBalance, _ store: Store) throws {
        let more = Money(after.reserved - balance.reserved, balance.currency)
        guard more.minor > 0 else { return }
        switch wallet.account.holding(more) {
        case .failure(let refusal): throw WalletFault.movementRefused(refusal)
        case .success(let account):
            wallet.account = account
            try Accounts.save(wallet, store)
        }
    }
}

/// Preliminary calls.
enum LeadCalls {
    static func find(_ id: CallID, _ store: Store) throws -> LeadCall? {
        try store.first(
            """
            SELECT activation, listing, marketplace, policy_version, buyer, telephone_switch, heard_at, warned,
                stage, line, began_at, reserved, announced_at, answer, answered_at, confirmed_at
            FROM lead_call WHERE id = ?
            """, id
        ) { row in
            let version = UInt32(truncatingIfNeeded: row.int(3))
            let marketplace = row.marketplace(2)
            guard let policy = try Copies.marketplace(marketplace, version: version, store)?.policy,
                case .success(let terms) = LeadCallRules.tariff(policy, version: version).terms(
                    for: try row.enumeration(9)),
                let answer = MeteredCall.Answer(rawValue: UInt8(truncatingIfNeeded: row.int(13)))
            else { throw WalletFault.rowMissing("the terms of a call that began") }
            return LeadCall(
                id: id, activation: row.id(0), listing: row.id(1), marketplace: marketplace, policy: policy,
                buyer: row.id(4), telephoneSwitch: row.id(5), heardAt: row.instant(6), warned: row.bool(7),
                call: MeteredCall(
                    terms: terms, beganAt: row.instant(10), reserved: Money(row.int(11), policy.currency),
                    announcedAt: row.isNull(12) ? nil : row.instant(12), answer: answer,
                    answeredAt: row.isNull(14) ? nil : row.instant(14), confirmedAt: row.instant(15)),
                stage: try row.enumeration(8))
        }
    }

    static func isKnown(_ switchCall: UInt64, of telephoneSwitch: PartyID, _ store: Store) throws -> Bool {
        try store.first(
            "SELECT 1 FROM lead_call WHERE telephone_switch = ? AND switch_call = ?", telephoneSwitch,
            switchCall
        ) { _ in true } ?? false
    }

    static func insert(
        _ id: CallID, _ command: CallArrived, _ line: ProxyLine, _ verdict: CallVerdict, account: Int64,
        _ call: MeteredCall?, _ turn: Turn
    ) throws {
        let stage = call == nil ? CallStage.turnedAway : .inProgress
        // Whoever calls a number after its activation is none of that buyer's concern.
        let activation = verdict == .detached ? OrderID.none : line.activation
        try turn.store.run(
            """
            INSERT INTO lead_call (id, activation, listing, marketplace, policy_version, buyer, account, caller,
                withheld, telephone_switch, switch_call, called, line, verdict, stage, began_at, heard_at, reserved,
                announced_at, answer, answered_at, confirmed_at, warned, ended_at, length, overrun, billed_seconds,
                attempt_fee, usage, charge, vat, credited, entry)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 1, NULL, ?, 0, ?, 0, 0, 0, 0, 0, 0, 0,
                0, 0)
            """, id, activation, line.listing, line.marketplace, line.policyVersion, line.buyer, account,
            command.caller, command.withheld, turn.acting.party, command.switchCall, command.called,
            command.line.rawValue, verdict.rawValue, stage.rawValue, command.at, turn.now,
            call?.reserved.minor ?? 0, command.at, call == nil ? command.at : Instant?.none)
    }

    /// Writes what a report changed.
    static func save(_ stored: LeadCall, _ store: Store) throws {
        let call = stored.call
        try store.run(
            """
            UPDATE lead_call SET heard_at = ?, reserved = ?, announced_at = ?, answer = ?, answered_at = ?,
                confirmed_at = ?, warned = ? WHERE id = ?
            """, stored.heardAt, call.reserved.minor, call.announcedAt, call.answer.rawValue, call.answeredAt,
            call.confirmedAt, stored.warned, stored.id)
    }

    /// Writes a call's end, once.
    static func end(
        _ id: CallID, _ stage: CallStage, at end: Instant, _ settlement: CallSettlement, vat: Money,
        _ entry: EntryID, _ store: Store
    ) throws {
        let charge = settlement.charge
        try store.run(
            """
            UPDATE lead_call SET stage = ?, ended_at = ?, length = ?, overrun = ?, billed_seconds = ?,
                attempt_fee = ?, usage = ?, charge = ?, vat = ?, entry = ? WHERE id = ?
            """, stage.rawValue, end, settlement.length, settlement.overrun, charge.billedSeconds,
            charge.attemptFee.minor, charge.usage.minor, charge.total.minor, vat.minor, entry, id)
    }

    /// The calls in progress of an activation, oldest first.
    static func inProgress(of activation: OrderID, _ store: Store) throws -> [CallID] {
        try store.all("SELECT id FROM lead_call WHERE activation = ? AND stage = 1 ORDER BY id", activation) {
            $0.id(0)
        }
    }

    /// What an activation's calls cost and was not given back, and the VAT within; now it is.
    static func credit(
        _ activation: OrderID, _ currency: Currency, _ store: Store
    ) throws -> (gross: Money, vat: Money) {
        let sums = try store.first(
            "SELECT coalesce(sum(charge), 0), coalesce(sum(vat), 0) FROM lead_call WHERE activation = ? AND credited = 0",
            activation
        ) { (Money($0.int(0), currency), Money($0.int(1), currency)) }
        try store.run("UPDATE lead_call SET credited = 1 WHERE activation = ? AND stage <> 1", activation)
        return sums ?? (Money(0, currency), Money(0, currency))
    }

    // MARK: Records

    static func record(_ id: CallID, _ store: Store) throws -> CallRecord {
        let found = try store.first(
            """
            SELECT c.id, c.activation, c.caller, c.withheld, c.called, c.line, c.verdict, c.stage, c.policy_version,
                c.began_at, c.answered_at, c.ended_at, c.length, c.overrun, c.billed_seconds, c.attempt_fee, c.usage,
                c.charge, a.currency
            FROM lead_call c LEFT JOIN account a ON a.id = c.account WHERE c.id = ?
            """, id, read: record)
        guard let found else { throw WalletFault.rowMissing("a call") }
        return found
    }

    /// Newest first, older than `after`.
    static func page(
        of activation: OrderID, after: CallID, limit: Int, _ store: Store
    ) throws -> [CallRecord] {
        try store.all(
            """
            SELECT c.id, c.activation, c.caller, c.withheld, c.called, c.line, c.verdict, c.stage, c.policy_version,
                c.began_at, c.answered_at, c.ended_at, c.length, c.overrun, c.billed_seconds, c.attempt_fee, c.usage,
                c.charge, a.currency
            FROM lead_call c LEFT JOIN account a ON a.id = c.account
            WHERE c.activation = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?
            """, activation, after.isNone ? CallID(UInt64(Int64.max)) : after, limit, read: record)
    }

    /// Whose activation a call was for; nothing if the wallet heard of none.
    static func buyer(of activation: OrderID, _ store: Store) throws -> PartyID? {
        try store.first("SELECT buyer FROM lead_call WHERE activation = ? LIMIT 1", activation) { $0.id(0) }
    }

    private static func record(_ row: Row) throws -> CallRecord {
        let currency =
            row.isNull(18) ? Currency.none : Currency(rawValue: UInt32(truncatingIfNeeded: row.int(18)))
        var record = CallRecord()
        record.call = row.id(0)
        record.activation = row.id(1)
        record.caller = row.id(2)
        record.withheld = row.bool(3)
        record.called = row.text(4)
        record.line = try row.enumeration(5)
        record.verdict = try row.enumeration(6)
        record.stage = try row.enumeration(7)
        record.tariffVersion = UInt32(truncatingIfNeeded: row.int(8))
        record.beganAt = row.instant(9)
        record.answeredAt = row.isNull(10) ? nil : row.instant(10)
        record.endedAt = row.isNull(11) ? nil : row.instant(11)
        record.length = row.duration(12)
        record.overrun = row.duration(13)
        record.billedSeconds = UInt32(truncatingIfNeeded: row.int(14))
        record.connectFee = Money(row.int(15), currency)
        record.usage = Money(row.int(16), currency)
        record.charge = Money(row.int(17), currency)
        record.fromBonus = Money(0, currency)
        return record
    }
}
