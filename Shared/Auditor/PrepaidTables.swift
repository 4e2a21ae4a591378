import Kernel
import Messages
import Storage

/// The tables of prepaid lines beside the model.
extension PrepaidModel {
    func compare(_ store: Store, all: Bool) throws {
        for id in all ? calls.keys.sorted() : touchedCalls.sorted() { try compareCall(id, store) }
        touchedCalls = []
        guard all else { return }
        for id in balances.keys.sorted() { try compareBalance(id, store) }
        for id in topUps.keys.sorted() { try compareTopUp(id, store) }
        try compareBonus(store)
        let counts = try store.first(
            """
            SELECT (SELECT count(*) FROM call), (SELECT count(*) FROM caller_account),
                (SELECT count(*) FROM caller_top_up), (SELECT count(*) FROM caller_number)
            """
        ) { row in (0...3).map { Int(row.int(Int32($0))) } }
        wallet.findings.expect(
            .fundsAreLedger, "all calls, balances, top-ups, numbers",
            expected: [calls.count, balances.count, topUps.count, numbers.count], found: counts ?? [])
    }

    private func compareCall(_ id: UInt64, _ store: Store) throws {
        guard let call = calls[id] else { return }
        let found = try store.first(
            """
            SELECT verdict, stage, account, reserved, coalesce(ended_at, 0), length, overrun, billed_seconds,
                connect_fee, usage, charge, from_bonus
            FROM call WHERE id = ?
            """, id
        ) { row in (0...11).map { row.int(Int32($0)) } }
        wallet.findings.expect(
            .callByTariff,
            """
            call \(id): verdict, stage, balance, reserve, end, length, overrun, seconds, connect fee, usage, \
            charge, of it bonus
            """,
            expected: [
                Int64(call.verdict.rawValue), Int64(call.stage.rawValue), Int64(bitPattern: call.account),
                call.reserved, call.endedAt?.microseconds ?? 0, call.length, call.overrun, call.billed,
                call.connectFee, call.usage, call.charge, call.fromBonus,
            ], found: found ?? [], ["call \(id)", "caller account \(call.account)"])
    }

    private func compareBalance(_ id: UInt64, _ store: Store) throws {
        guard let balance = balances[id] else { return }
        let found = try store.first(
            """
            SELECT reserved, merged_into, top_ups,
                (SELECT coalesce(sum(reserved), 0) FROM call WHERE account = c.id AND stage = 1)
            FROM caller_account c WHERE id = ?
            """, id
        ) { row in (0...3).map { row.int(Int32($0)) } }
        let open = balance.open.reduce(Int64(0)) { $0 + (calls[$1]?.reserved ?? 0) }
        wallet.findings.expect(
            .fundsAreLedger, "caller account \(id): reserved, merged into, top-ups, reserves of its calls",
            expected: [balance.reserved, Int64(bitPattern: balance.mergedInto), balance.topUps, open],
            found: found ?? [], ["caller account \(id)"])
        let money = funds(id)
        if money.paid + money.bonus < money.reserved {
            wallet.findings.report(
                .fundsAreLedger,
                "caller account \(id): expected at least the \(money.reserved) reserved, found \(money.paid) and \(money.bonus) bonus",
                ["caller account \(id)"])
        }
    }

    private func compareTopUp(_ id: UInt64, _ store: Store) throws {
        guard let topUp = topUps[id] else { return }
        let found = try store.first(
            "SELECT state, amount, bonus, charged_back FROM caller_top_up WHERE payment = ?", id
        ) { row in (0...3).map { row.int(Int32($0)) } }
        wallet.findings.expect(
            .fundsAreLedger, "caller's top-up \(id): state, amount, bonus, taken back",
            expected: [
                Int64(topUp.state.rawValue), topUp.amount, topUp.bonus, topUp.isTakenBack ? 1 : 0,
            ], found: found ?? [], ["payment \(id)"])
    }

    /// Bonus leaves a balance for calls, services, debts and charge-backs alone, and no party's wallet ever gains by it
    /// (E2).
    private func compareBonus(_ store: Store) throws {
        let spent = try store.all(
            """
            SELECT e.id FROM account a JOIN leg l ON l.account = a.id JOIN entry e ON e.id = l.entry
            WHERE a.class = 11 AND l.amount < 0
                AND (e.kind NOT IN (9, 10, 11, 12, 13, 14)
                    OR EXISTS (
                        SELECT 1 FROM leg o JOIN account w ON w.id = o.account
                        WHERE o.entry = e.id AND w.class < 10))
            ORDER BY e.id
            """
        ) { $0.int(0) }
        for entry in spent {
            wallet.findings.report(
                .bonusNeverPaidOut,
                "entry \(entry): expected bonus spent within prepaid lines, found it paid out",
                ["entry \(entry)"])
        }
    }
}
