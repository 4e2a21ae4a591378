import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A metered call on file.
struct StoredCall {
    let id: CallID
    let profile: Profile
    let policy: Policy
    let account: UInt64
    let caller: CallerID
    /// The caller list that the profile named when the call began.
    let list: UInt32
    let telephoneSwitch: PartyID
    let withheld: Bool
    let called: String
    let line: LineType
    let tariffVersion: UInt32
    /// When the wallet heard of it last.
    var heardAt: Instant
    /// Whether caller and agent were told that the money ends.
    var warned: Bool
    var call: MeteredCall
    var stage: CallStage

    var currency: Currency { policy.currency }

    /// When the money ends by the wallet's own clock: as long after its last word as by the switch's.
    func moneyEnds(with balance: PrepaidBalance) -> Instant? {
        call.moneyEnds(with: balance).map { heardAt + ($0 - call.confirmedAt) }
    }
}

/// What a call that begins is written with.
struct NewCall {
    let id: CallID
    let profile: Profile
    let policyVersion: UInt32
    let policy: Policy
    let account: UInt64
    let verdict: CallVerdict
    let tariffVersion: UInt32
    let benefit: FirstCallerTerms.Benefit?
    let call: MeteredCall?
    let command: CallArrived
}

/// Metered calls.
enum Calls {
    private static let kept = Kept<CallID, StoredCall>()

    static func find(_ id: CallID, _ store: Store) throws -> StoredCall? {
        try store.keepAtWriter(kept, id) { try read(id, store) }
    }

    /// A profile was changed, which the calls on file are kept with.
    static func forgetKept(_ store: Store) { store.forgetAll(kept) }

    private static func read(_ id: CallID, _ store: Store) throws -> StoredCall? {
        try store.first(
            """
            SELECT profile, policy_version, account, caller, list, telephone_switch, heard_at, warned, stage,
                tariff_version, line, benefit, free_seconds, began_at, reserved, announced_at, answer,
                answered_at, confirmed_at, withheld, called
            FROM call WHERE id = ?
            """, id
        ) { row in
            guard let profile = try Profiles.find(row.id(0), store),
                let policy = try Copies.marketplace(
                    profile.marketplace, version: UInt32(truncatingIfNeeded: row.int(1)), store)?.policy
            else { throw WalletFault.rowMissing("a call's profile or policy") }
            let terms = try terms(row, profile.id, policy.currency, store)
            guard let answer = MeteredCall.Answer(rawValue: UInt8(truncatingIfNeeded: row.int(16))) else {
                throw WalletFault.rowMissing("how a call was answered")
            }
            return StoredCall(
                id: id, profile: profile, policy: policy, account: UInt64(truncatingIfNeeded: row.int(2)),
                caller: row.id(3), list: UInt32(truncatingIfNeeded: row.int(4)), telephoneSwitch: row.id(5),
                withheld: row.bool(19), called: row.text(20), line: try row.enumeration(10),
                tariffVersion: UInt32(truncatingIfNeeded: row.int(9)),
                heardAt: row.instant(6), warned: row.bool(7),
                call: MeteredCall(
                    terms: terms, beganAt: row.instant(13), reserved: Money(row.int(14), policy.currency),
                    announcedAt: row.isNull(15) ? nil : row.instant(15), answer: answer,
                    answeredAt: row.isNull(17) ? nil : row.instant(17), confirmedAt: row.instant(18)),
                stage: try row.enumeration(8))
        }
    }

    private static func terms(
        _ row: Row, _ profile: BillingProfileID, _ currency: Currency, _ store: Store
    ) throws -> CallTerms {
        let tariff = try Profiles.tariff(
            profile, version: UInt32(truncatingIfNeeded: row.int(9)), currency, store)
        let benefit: FirstCallerTerms.Benefit? =
            switch row.int(11) {
            case 1: .freeSeconds(UInt32(truncatingIfNeeded: row.int(12)))
            case 2: tariff.firstCaller?.benefit
            default: nil
            }
        guard case .success(let terms) = tariff.terms(for: try row.enumeration(10), benefit: benefit) else {
            throw WalletFault.rowMissing("the terms of a call that began")
        }
        return terms
    }

    static func isKnown(_ switchCall: UInt64, of telephoneSwitch: PartyID, _ store: Store) throws -> Bool {
        try store.first(
            "SELECT 1 FROM call WHERE telephone_switch = ? AND switch_call = ?", telephoneSwitch, switchCall
        ) { _ in true } ?? false
    }

    static func insert(_ new: NewCall, _ turn: Turn) throws {
        let (benefit, freeSeconds): (Int, UInt32) =
            switch new.benefit {
            case nil: (0, 0)
            case .freeSeconds(let seconds): (1, seconds)
            case .rates: (2, 0)
            }
        let command = new.command
        let stage = new.call == nil ? CallStage.turnedAway : .inProgress
        try turn.store.run(
            """
            INSERT INTO call (id, profile, policy_version, account, caller, withheld, telephone_switch,
                switch_call, called, line, verdict, stage, tariff_version, list, benefit, free_seconds,
                began_at, heard_at, reserved, announced_at, answer, answered_at, confirmed_at, warned,
                ended_at, length, overrun, billed_seconds, connect_fee, usage, charge, from_bonus, entry)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 1, NULL, ?, 0, ?, 0, 0, 0, 0,
                0, 0, 0, 0)
            """, new.id, new.profile.id, new.policyVersion, new.account, command.caller, command.withheld,
            turn.acting.party, command.switchCall, command.called, command.line.rawValue,
            new.verdict.rawValue, stage.rawValue, new.tariffVersion, new.profile.list, benefit, freeSeconds,
            command.at, turn.now, new.call?.reserved.minor ?? 0, command.at,
            new.call == nil ? command.at : Instant?.none)
        guard let call = new.call else { return }
        let others = try inProgress(on: new.account, beside: new.id, turn.store)
        turn.store.replace(keptInProgress, new.account, others + [new.id])
        turn.store.replace(
            kept, new.id,
            StoredCall(
                id: new.id, profile: new.profile, policy: new.policy, account: new.account,
                caller: command.caller, list: new.profile.list, telephoneSwitch: turn.acting.party,
                withheld: command.withheld, called: command.called, line: command.line,
                tariffVersion: new.tariffVersion, heardAt: turn.now, warned: false, call: call,
                stage: stage))
    }

    /// Writes what a report changed.
    static func save(_ stored: StoredCall, _ store: Store) throws {
        let call = stored.call
        try store.run(
            """
            UPDATE call SET heard_at = ?, reserved = ?, announced_at = ?, answer = ?, answered_at = ?,
                confirmed_at = ?, warned = ? WHERE id = ?
            """, stored.heardAt, call.reserved.minor, call.announcedAt, call.answer.rawValue, call.answeredAt,
            call.confirmedAt, stored.warned, stored.id)
        store.replace(kept, stored.id, stored)
    }

    /// Writes a call's end, once; how it is on record now.
    static func end(
        _ stored: StoredCall, _ stage: CallStage, at end: Instant, _ settlement: CallSettlement,
        _ entry: EntryID, _ store: Store
    ) throws -> CallRecord {
        let charge = settlement.charge
        try store.run(
            """
            UPDATE call SET stage = ?, ended_at = ?, length = ?, overrun = ?, billed_seconds = ?,
                connect_fee = ?, usage = ?, charge = ?, from_bonus = ?, entry = ? WHERE id = ?
            """, stage.rawValue, end, settlement.length, settlement.overrun, charge.billedSeconds,
            charge.connectFee.minor, charge.usage.minor, charge.total.minor, settlement.taken.bonus.minor,
            entry, stored.id)
        store.forget(kept, stored.id)
        let others = try inProgress(on: stored.account, beside: stored.id, store)
        store.replace(keptInProgress, stored.account, others)
        return record(stored, stage, at: end, settlement)
    }

    private static let keptInProgress = Kept<UInt64, [CallID]>()

    /// The calls in progress on a balance, oldest first.
    static func inProgress(on account: UInt64, _ store: Store) throws -> [CallID] {
        try store.keepAtWriter(keptInProgress, account) {
            try store.all("SELECT id FROM call WHERE account = ? AND stage = 1 ORDER BY id", account) {
                $0.id(0)
            }
        } ?? []
    }

    private static func inProgress(
        on account: UInt64, beside call: CallID, _ store: Store
    ) throws -> [CallID] {
        try inProgress(on: account, store).filter { $0 != call }
    }

    // MARK: Records

    /// On whose profile a call came; nothing if there is none.
    static func profile(of id: CallID, _ store: Store) throws -> BillingProfileID? {
        try store.first("SELECT profile FROM call WHERE id = ?", id) { $0.id(0) }
    }

    static func record(_ id: CallID, _ currency: Currency, _ store: Store) throws -> CallRecord {
        let found = try store.first(
            """
            SELECT id, profile, caller, withheld, called, line, verdict, stage, tariff_version, began_at,
                answered_at, ended_at, length, overrun, billed_seconds, connect_fee, usage, charge, from_bonus
            FROM call WHERE id = ?
            """, id
        ) { try record($0, currency) }
        guard let found else { throw WalletFault.rowMissing("a call") }
        return found
    }

    /// Newest first, older than `after`.
    static func page(
        of profile: BillingProfileID, after: CallID, limit: Int, _ currency: Currency, _ store: Store
    ) throws -> [CallRecord] {
        try store.all(
            """
            SELECT id, profile, caller, withheld, called, line, verdict, stage, tariff_version, began_at,
                answered_at, ended_at, length, overrun, billed_seconds, connect_fee, usage, charge, from_bonus
            FROM call WHERE profile = ? AND id < ? ORDER BY id DESC LIMIT ?
            """, profile, newest(after), limit
        ) { try record($0, currency) }
    }

    /// The same of one caller: the calls of its number, and those that its balance paid under any (E10).
    static func page(
        of profile: BillingProfileID, caller: CallerID, account: UInt64, after: CallID, limit: Int,
        _ currency: Currency, _ store: Store
    ) throws -> [CallRecord] {
        try store.all(
            """
            SELECT id, profile, caller, withheld, called, line, verdict, stage, tariff_version, began_at,
                answered_at, ended_at, length, overrun, billed_seconds, connect_fee, usage, charge, from_bonus
            FROM call WHERE id IN (
                SELECT id FROM call WHERE profile = ? AND caller = ? AND account = 0
                UNION SELECT id FROM call WHERE account > 0 AND account IN (
                    SELECT id FROM caller_account WHERE id = ? OR merged_into = ?))
                AND id < ? ORDER BY id DESC LIMIT ?
            """, profile, caller, account, account, newest(after), limit
        ) { try record($0, currency) }
    }

    /// What the row of a call says that has just ended.
    private static func record(
        _ stored: StoredCall, _ stage: CallStage, at end: Instant, _ settlement: CallSettlement
    ) -> CallRecord {
        let charge = settlement.charge
        var record = CallRecord()
        record.call = stored.id
        record.profile = stored.profile.id
        record.caller = stored.caller
        record.withheld = stored.withheld
        record.called = stored.called
        record.line = stored.line
        record.verdict = .putThrough
        record.stage = stage
        record.tariffVersion = stored.tariffVersion
        record.beganAt = stored.call.beganAt
        record.answeredAt = stored.call.answeredAt
        record.endedAt = end
        record.length = settlement.length
        record.overrun = settlement.overrun
        record.billedSeconds = UInt32(clamping: charge.billedSeconds)
        record.connectFee = charge.connectFee
        record.usage = charge.usage
        record.charge = charge.total
        record.fromBonus = settlement.taken.bonus
        return record
    }

    private static func newest(_ after: CallID) -> CallID {
        after.isNone ? CallID(UInt64(Int64.max)) : after
    }

    private static func record(_ row: Row, _ currency: Currency) throws -> CallRecord {
        var record = CallRecord()
        record.call = row.id(0)
        record.profile = row.id(1)
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
        record.fromBonus = Money(row.int(18), currency)
        return record
    }
}
