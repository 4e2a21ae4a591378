import Kernel
import Messages
import Storage

/// Preliminary calls as the rulebook has them (D1-D7): told by the wallet's journal alone, priced by ``CallPrice``.
final class LeadCallModel {
    struct Line {
        var activation: UInt64
        var marketplace: UInt32
        var policy: Policy
        var buyer: UInt64
        var caller: UInt64
        var isClosed = false
    }

    struct Call {
        var activation: UInt64
        var buyer: UInt64
        var policy: Policy
        var wallet: WalletModel.Key
        var price: CallPrice
        var verdict = CallVerdict.putThrough
        var stage = CallStage.inProgress
        var beganAt: Instant
        var confirmedAt: Instant
        var heardAt: Instant
        var answeredAt: Instant?
        var isPerson = false
        var isWarned = false
        var reserved: Int64 = 0
        var endedAt: Instant?
        var length: Int64 = 0
        var overrun: Int64 = 0
        var billed: Int64 = 0
        var charge: Int64 = 0
        var isCredited = false

        var attempt: Int64 { policy.preliminary.attemptFee }

        /// What a length costs, the attempt with it.
        func cost(_ length: Int64) -> Int64 { attempt + price.cost(length) }

        func longest(_ amount: Int64) -> Int64 { amount < attempt ? 0 : price.longest(amount - attempt) }

        /// Whole increments that are over, in seconds: of a call that the house ended, nothing begun is charged (D7).
        func over(_ length: Int64) -> Int64 {
            let seconds = length / 1_000_000
            return seconds < price.first
                ? 0 : price.first + (seconds - price.first) / price.next * price.next
        }
    }

    unowned let wallet: WalletModel
    private var lines: [UInt64: Line] = [:]
    private var numbers: [String: [UInt64]] = [:]
    private var closed: Set<UInt64> = []
    var calls: [UInt64: Call] = [:]
    private var touched: Set<UInt64> = []
    /// Calls that the house ended, and the switch that must have been told so.
    var hungUp: [AuctionModel.MeetingTold] = []
    private var switches: [UInt64: UInt64] = [:]

    init(_ wallet: WalletModel) { self.wallet = wallet }

    /// Whether the row was about a preliminary call.
    func apply(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case OpenProxyLine.code: open(try row.decoded(OpenProxyLine.self), row)
        case CloseProxyLine.code: close(try row.decoded(CloseProxyLine.self), row)
        case EndLeadCall.code:
            let message = try row.decoded(EndLeadCall.self)
            endByHouse(message.call.raw, message.reason, row)
        case CallArrived.code:
            let command = try row.decoded(CallArrived.self)
            guard let line = leased(command.called), line.marketplace == row.marketplace else { return false }
            arrived(command, line, row)
        case ReportCall.code:
            let command = try row.decoded(ReportCall.self)
            guard calls[command.call.raw] != nil else { return false }
            said(command, row)
        case EndCall.code:
            let command = try row.decoded(EndCall.self)
            guard let call = calls[command.call.raw] else { return false }
            // What the house ended, the switch confirms.
            if call.stage == .endedByHouse { return true }
            end(command.call.raw, command.putThrough ? .hungUp : .notPutThrough, command.at, row)
        case CallFallsSilent.code:
            let id = try row.decoded(CallFallsSilent.self).call.raw
            guard let call = calls[id] else { return false }
            wallet.deadlines.fired(row, id, "wallet", wallet.findings)
            // Reports do not move the deadline: it waits on where the switch has spoken meanwhile.
            let silent = call.heardAt + call.policy.callSilence
            if call.stage == .inProgress, silent > row.at {
                wallet.deadlines.set(row.code, id, at: silent)
            } else {
                end(id, .lost, call.confirmedAt, row)
            }
        case CallNearsItsEnd.code:
            let id = try row.decoded(CallNearsItsEnd.self).call.raw
            guard calls[id] != nil else { return false }
            wallet.deadlines.fired(row, id, "wallet", wallet.findings)
            nearsItsEnd(id, row)
        default: return false
        }
        return true
    }

    // MARK: Lines

    /// The activation that has a number, else the last one that had it.
    private func leased(_ number: String) -> Line? {
        let all = numbers[number] ?? []
        let latest = all.last { lines[$0]?.isClosed == false } ?? all.last
        return latest.flatMap { lines[$0] }
    }

    private func open(_ message: OpenProxyLine, _ row: JournalRow) {
        let id = message.activation.raw
        guard lines[id] == nil, !closed.contains(id),
            let policy = wallet.policies.policy(message.marketplace.raw, message.policyVersion)
        else { return }
        lines[id] = Line(
            activation: id, marketplace: message.marketplace.raw, policy: policy, buyer: message.buyer.raw,
            caller: message.caller.raw)
        numbers[message.number] = ((numbers[message.number] ?? []) + [id]).sorted()
    }

    private func close(_ message: CloseProxyLine, _ row: JournalRow) {
        let id = message.activation.raw
        closed.insert(id)
        guard let line = lines[id], !line.isClosed else { return }
        lines[id]?.isClosed = true
        for call in calls.keys.sorted()
        where calls[call]?.activation == id && calls[call]?.stage == .inProgress {
            endByHouse(call, message.reason, row)
        }
        if message.creditCalls { credit(line, row) }
    }

    /// A purchase gives back what the calls cost, where the policy says so (D4).
    private func credit(_ line: Line, _ row: JournalRow) {
        var (gross, vat): (Int64, Int64) = (0, 0)
        for id in calls.keys.sorted() where calls[id]?.activation == line.activation {
            guard let call = calls[id], !call.isCredited else { continue }
            gross += call.charge
            vat += Self.vat(call.charge, call.policy)
            calls[id]?.isCredited = true
            touched.insert(id)
        }
        post(
            .leadCallsCredited, line.activation, key(line.buyer, line.marketplace, line.policy),
            gross: -gross, vat: -vat, row)
    }

    // MARK: Money

    private func key(_ party: UInt64, _ marketplace: UInt32, _ policy: Policy) -> WalletModel.Key {
        WalletModel.Key(
            marketplace: marketplace, party: party, currency: policy.currency.rawValue, kind: .wallet)
    }

    /// Within an amount, rounded half up.
    private static func vat(_ gross: Int64, _ policy: Policy) -> Int64 {
        let whole = 10_000 + Int64(policy.vat.value)
        let (quotient, rest) = (gross / whole, gross % whole)
        return quotient * Int64(policy.vat.value) + (rest * Int64(policy.vat.value) * 2 + whole) / (2 * whole)
    }

    private func post(
        _ kind: EntryKind, _ activation: UInt64, _ wallet: WalletModel.Key, gross: Int64, vat: Int64,
        _ row: JournalRow
    ) {
        func house(_ kind: AccountClass) -> WalletModel.Key {
            WalletModel.Key(
                marketplace: wallet.marketplace, party: 0, currency: wallet.currency, kind: kind)
        }
        self.wallet.post(
            kind, order: activation, row,
            [(wallet, -gross), (house(.feeRevenue), gross - vat), (house(.vatPayable), vat)])
    }

    // MARK: Calls

    private func arrived(_ command: CallArrived, _ line: Line, _ row: JournalRow) {
        let id = row.made()
        var terms = TariffTerms()
        let perMinute = line.policy.preliminary.perMinute * 1_000
        (terms.prices.landline, terms.prices.mobile, terms.prices.other) = (perMinute, perMinute, perMinute)
        terms.firstIncrement = UInt32(line.policy.preliminary.firstIncrement)
        terms.nextIncrement = UInt32(line.policy.preliminary.nextIncrement)
        terms.longestCall = UInt32(line.policy.preliminary.longestCall.microseconds / 1_000_000)
        var call = Call(
            activation: line.activation, buyer: line.buyer, policy: line.policy,
            wallet: key(line.buyer, line.marketplace, line.policy),
            price: CallPrice(terms, command.line, .none), beganAt: command.at, confirmedAt: command.at,
            heardAt: row.at)
        let wished = call.attempt + call.price.reserve(line.policy.callMinimum.microseconds)
        switches[id] = row.party
        touched.insert(id)
        if line.isClosed {
            call.verdict = .detached
            call.activation = 0
        } else if command.caller.raw == 0 || command.caller.raw != line.caller {
            call.verdict = .callBack
        } else if wallet.free(call.wallet) < wished {
            call.verdict = .tooLittle
        }
        guard call.verdict == .putThrough else {
            wallet.rules.note(.model("\(call.verdict)"))
            call.stage = .turnedAway
            call.endedAt = command.at
            calls[id] = call
            return
        }
        call.reserved = wished
        wallet.rules.note(.model("lead call funded"))
        wallet.change(call.wallet, row) { $0.held += wished }
        calls[id] = call
        wallet.deadlines.set(CallFallsSilent.code, id, at: row.at + line.policy.callSilence)
    }

    private func said(_ command: ReportCall, _ row: JournalRow) {
        let id = command.call.raw
        guard var call = calls[id], call.stage == .inProgress else {
            return wallet.findings.report(
                .callByTariff, "call \(id): expected one in progress to be reported on, found another",
                ["call \(id)"])
        }
        switch command.report {
        case .answeredByPerson:
            if call.answeredAt == nil { (call.answeredAt, call.isPerson) = (command.at, true) }
        case .answeredByVoicemail:
            call.answeredAt = call.answeredAt ?? command.at
            call.isPerson = false
        case .announced, .progress: break
        case .extend: extend(&call, row)
        }
        call.confirmedAt = max(call.confirmedAt, command.at)
        call.heardAt = row.at
        setWarning(id, &call, row)
        calls[id] = call
        touched.insert(id)
    }

    private func extend(_ call: inout Call, _ row: JournalRow) {
        let before = call.longest(call.reserved)
        let limit = call.price.longestCall * 1_000_000
        guard before < limit else { return }
        let wished = min(before + call.policy.callStep.microseconds, limit)
        let length = min(call.longest(call.reserved + wallet.free(call.wallet)), wished)
        let more = max(0, call.cost(length) - call.reserved)
        guard more > 0 else { return }
        call.reserved += more
        wallet.rules.note(.model("lead call extended"))
        wallet.change(call.wallet, row) { $0.held += more }
    }

    /// When the money ends, by the wallet's clock.
    private func moneyEnds(_ call: Call) -> Instant? {
        guard let from = call.answeredAt else { return nil }
        let all = call.reserved + wallet.free(call.wallet)
        let ends = from + Duration64(microseconds: call.longest(all))
        return call.heardAt + (ends - call.confirmedAt)
    }

    private func setWarning(_ id: UInt64, _ call: inout Call, _ row: JournalRow) {
        guard let end = moneyEnds(call) else { return }
        let due = end - call.policy.callWarning
        if due > row.at { call.isWarned = false }
        guard !call.isWarned else { return }
        wallet.deadlines.set(CallNearsItsEnd.code, id, at: max(row.at, due))
    }

    private func nearsItsEnd(_ id: UInt64, _ row: JournalRow) {
        guard var call = calls[id], call.stage == .inProgress, let end = moneyEnds(call) else { return }
        if end - call.policy.callWarning <= row.at {
            call.isWarned = true
        } else {
            setWarning(id, &call, row)
        }
        calls[id] = call
    }

    private func endByHouse(_ id: UInt64, _ reason: DetachReason, _ row: JournalRow) {
        guard let call = calls[id], call.stage == .inProgress else { return }
        let silent = max(.zero, row.at - call.heardAt)
        let at = min(call.confirmedAt + silent, call.beganAt + .days(1))
        hungUp.append(
            AuctionModel.MeetingTold(
                event: .callMustEnd, party: switches[id] ?? 0, order: call.activation, subject: id))
        wallet.rules.note(.model("hung up \(reason)"))
        end(id, .endedByHouse, at, isForgiven: reason != .fishing, row)
    }

    private func end(
        _ id: UInt64, _ stage: CallStage, _ at: Instant, isForgiven: Bool = false, _ row: JournalRow
    ) {
        guard var call = calls[id], call.stage == .inProgress else {
            return wallet.findings.report(
                .callByTariff, "call \(id): expected it to end once, found it ending again", ["call \(id)"])
        }
        call.stage = stage
        call.endedAt = stage == .notPutThrough ? call.confirmedAt : at
        var lasted: Int64 = 0
        if call.isPerson, let from = call.answeredAt, let end = call.endedAt {
            lasted = max(0, end.microseconds - from.microseconds)
        }
        call.length = min(lasted, call.longest(call.reserved))
        call.overrun = lasted - call.length
        if stage != .notPutThrough {
            call.billed = isForgiven ? call.over(call.length) : call.price.billed(call.length)
            call.charge = call.attempt + call.price.usage(call.billed)
            if call.billed > 0 { wallet.rules.note(.model("lead call charged")) }
        }
        calls[id] = call
        touched.insert(id)
        wallet.change(call.wallet, row) { $0.held -= call.reserved }
        post(
            .leadCallCharged, call.activation, call.wallet, gross: call.charge,
            vat: Self.vat(call.charge, call.policy), row)
        wallet.deadlines.cancel(CallFallsSilent.code, id)
        wallet.deadlines.cancel(CallNearsItsEnd.code, id)
    }

    // MARK: The table

    func compare(_ store: Store, all: Bool) throws {
        for id in all ? calls.keys.sorted() : touched.sorted() { try compareCall(id, store) }
        touched = []
        guard all else { return }
        let count = try store.first("SELECT count(*) FROM lead_call") { Int($0.int(0)) } ?? 0
        wallet.findings.expect(.callByTariff, "all preliminary calls", expected: calls.count, found: count)
    }

    private func compareCall(_ id: UInt64, _ store: Store) throws {
        guard let call = calls[id] else { return }
        let found = try store.first(
            """
            SELECT verdict, stage, activation, reserved, coalesce(ended_at, 0), length, overrun, billed_seconds, charge,
                credited
            FROM lead_call WHERE id = ?
            """, id
        ) { row in (0...9).map { row.int(Int32($0)) } }
        wallet.findings.expect(
            .callByTariff,
            """
            preliminary call \(id): verdict, stage, activation, reserve, end, length, overrun, seconds, charge, \
            credited
            """,
            expected: [
                Int64(call.verdict.rawValue), Int64(call.stage.rawValue), Int64(bitPattern: call.activation),
                call.reserved, call.endedAt?.microseconds ?? 0, call.length, call.overrun, call.billed,
                call.charge, call.isCredited ? 1 : 0,
            ], found: found ?? [], ["call \(id)", "party \(call.buyer)"])
    }
}
