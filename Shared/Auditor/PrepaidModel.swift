import Kernel
import Messages

/// Prepaid lines as the rulebook has them (E): told by the wallet's journal alone.
final class PrepaidModel {
    struct Profile {
        var marketplace: UInt32
        var provider: UInt64
        var list: UInt32
        var bonuses: [Int64: Int64] = [:]
        var tariffs: [TariffTerms] = []
    }

    struct Numbered: Hashable {
        var profile: UInt64
        var caller: UInt64
    }

    struct Listed: Hashable {
        var provider: UInt64
        var list: UInt32
        var caller: UInt64
    }

    struct Balance {
        var profile: UInt64
        var reserved: Int64 = 0
        var mergedInto: UInt64 = 0
        var topUps: Int64 = 0
        var open: [UInt64] = []
    }

    struct TopUp {
        var profile: UInt64
        var caller: UInt64
        var account: UInt64
        var amount: Int64
        var bonus: Int64
        var state = PaymentState.started
        var isTakenBack = false
    }

    struct Call {
        var profile: UInt64
        var account: UInt64 = 0
        var caller: UInt64
        var list: UInt32
        var policy: Policy
        var terms: TariffTerms
        var price: CallPrice
        var verdict = CallVerdict.putThrough
        var stage = CallStage.inProgress
        var reserved: Int64 = 0
        var announcedAt: Instant?
        var answeredAt: Instant?
        var isPerson = false
        var confirmedAt: Instant
        var heardAt: Instant
        var isWarned = false
        var endedAt: Instant?
        var length: Int64 = 0
        var overrun: Int64 = 0
        var billed: Int64 = 0
        var connectFee: Int64 = 0
        var usage: Int64 = 0
        var fromBonus: Int64 = 0
        var charge: Int64 { connectFee + usage }

        var countedFrom: Instant? {
            terms.start == .announcement ? announcedAt ?? answeredAt : answeredAt
        }
    }

    unowned let wallet: WalletModel
    var profiles: [UInt64: Profile] = [:]
    private var providers: [UInt64: UInt64] = [:]
    private var lines: [String: UInt64] = [:]
    var numbers: [Numbered: UInt64] = [:]
    var balances: [UInt64: Balance] = [:]
    var topUps: [UInt64: TopUp] = [:]
    private var firstCallers: [Listed: (began: Instant?, taken: Int64)] = [:]
    var calls: [UInt64: Call] = [:]
    var touchedCalls: Set<UInt64> = []
    /// What callers paid in through payment providers, and negative what was taken back, by provider (E13).
    var paidIn: [UInt64: [(at: Instant, amount: Int64)]] = [:]
    /// The providers that get statements, and how many they got.
    var statements: [UInt64: Int] = [:]

    init(_ wallet: WalletModel) { self.wallet = wallet }

    func apply(_ row: JournalRow) throws {
        switch row.code {
        case SwitchRegistered.code:
            let message = try row.decoded(SwitchRegistered.self)
            providers[message.telephoneSwitch.raw] = message.provider.raw
        case SetBillingProfile.code: setProfile(try row.decoded(SetBillingProfile.self), row)
        case SetTariff.code:
            let command = try row.decoded(SetTariff.self)
            profiles[command.profile.raw]?.tariffs.append(command.terms)
        case TopUpCaller.code: topUp(try row.decoded(TopUpCaller.self), row)
        case ChargeReported.code:
            let message = try row.decoded(ChargeReported.self)
            reported(message.payment.raw, message.report, row)
        case AdjustCaller.code: adjust(try row.decoded(AdjustCaller.self), row)
        case ChargeBackTopUp.code: takeBack(try row.decoded(ChargeBackTopUp.self).payment.raw, row)
        case ChangeCallerNumber.code: changeNumber(try row.decoded(ChangeCallerNumber.self), row)
        case CallArrived.code: arrived(try row.decoded(CallArrived.self), row)
        case ReportCall.code: said(try row.decoded(ReportCall.self), row)
        case EndCall.code:
            let command = try row.decoded(EndCall.self)
            end(command.call.raw, command.putThrough ? .hungUp : .notPutThrough, command.at, row)
        case CallFallsSilent.code:
            let call = try row.decoded(CallFallsSilent.self).call.raw
            wallet.deadlines.fired(row, call, "wallet", wallet.findings)
            // Reports do not move the deadline: it waits on where the switch has spoken meanwhile.
            if let known = calls[call], known.stage == .inProgress,
                case let silent = known.heardAt + known.policy.callSilence, silent > row.at
            {
                wallet.deadlines.set(row.code, call, at: silent)
            } else {
                end(call, .lost, calls[call]?.confirmedAt ?? .none, row)
            }
        case LineFeesFallDue.code: try chargeLineFees(row)
        case CallNearsItsEnd.code:
            let call = try row.decoded(CallNearsItsEnd.self).call.raw
            wallet.deadlines.fired(row, call, "wallet", wallet.findings)
            calls[call]?.isWarned = true
        default: break
        }
    }

    private func setProfile(_ command: SetBillingProfile, _ row: JournalRow) {
        let id = command.profile.isNone ? row.made() : command.profile.raw
        var profile =
            profiles[id] ?? Profile(marketplace: row.marketplace, provider: row.party, list: 0)
        profile.list = command.callerList
        profile.bonuses = [:]
        if statements[row.party] == nil { awaitLineFees(row.party, from: row.at, profile.marketplace) }
        for offer in command.topUps { profile.bonuses[offer.amount] = offer.bonus }
        profiles[id] = profile
        lines = lines.filter { $0.value != id }
        for line in command.lines { lines[line.number] = id }
    }

    // MARK: Money

    /// A caller's money as the ledger has it.
    struct Funds {
        var paid: Int64
        var bonus: Int64
        var owed: Int64
        var reserved: Int64
        var free: Int64 { paid + bonus - reserved }

        mutating func take(_ amount: Int64) -> Int64 {
            let gift = min(amount, bonus)
            bonus -= gift
            paid -= amount - gift
            return gift
        }

        mutating func settleDebt() {
            let part = min(owed, max(0, free))
            _ = take(part)
            owed -= part
        }
    }

    private func key(_ kind: AccountClass, _ party: UInt64, _ profile: Profile) -> WalletModel.Key {
        let currency = wallet.policies.newest(profile.marketplace)?.policy.currency ?? .none
        return WalletModel.Key(
            marketplace: profile.marketplace, party: party, currency: currency.rawValue, kind: kind)
    }

    func funds(_ account: UInt64) -> Funds {
        guard let balance = balances[account], let profile = profiles[balance.profile] else {
            return Funds(paid: 0, bonus: 0, owed: 0, reserved: 0)
        }
        func posted(_ kind: AccountClass) -> Int64 {
            wallet.accounts[key(kind, account, profile)]?.posted ?? 0
        }
        return Funds(
            paid: posted(.callerPaid), bonus: posted(.callerBonus), owed: -posted(.callerDebt),
            reserved: balance.reserved)
    }

    /// Writes what has become of a balance, against the accounts that it came from or went to.
    private func post(
        _ kind: EntryKind, _ account: UInt64, _ after: Funds, _ others: [(AccountClass, UInt64, Int64)],
        _ row: JournalRow
    ) {
        guard let balance = balances[account], let profile = profiles[balance.profile] else { return }
        let before = funds(account)
        balances[account]?.reserved = after.reserved
        guard (before.paid, before.bonus, before.owed) != (after.paid, after.bonus, after.owed) else {
            return
        }
        if after.bonus < before.bonus { wallet.rules.note(.model("bonus spent")) }
        wallet.post(
            kind, row,
            [
                (key(.callerPaid, account, profile), after.paid - before.paid),
                (key(.callerBonus, account, profile), after.bonus - before.bonus),
                (key(.callerDebt, account, profile), before.owed - after.owed),
            ] + others.map { (key($0.0, $0.1, profile), $0.2) })
    }

    private func open(_ caller: UInt64, _ profile: UInt64, as account: UInt64) -> UInt64 {
        let number = Numbered(profile: profile, caller: caller)
        if let known = numbers[number] { return known }
        numbers[number] = account
        balances[account] = Balance(profile: profile)
        return account
    }

    private func resolved(_ account: UInt64) -> UInt64 {
        guard let into = balances[account]?.mergedInto, into != 0 else { return account }
        return into
    }

    private func topUp(_ command: TopUpCaller, _ row: JournalRow) {
        guard let profile = profiles[command.profile.raw] else { return }
        let known = numbers[Numbered(profile: command.profile.raw, caller: command.caller.raw)]
        topUps[row.made()] = TopUp(
            profile: command.profile.raw, caller: command.caller.raw, account: known ?? 0,
            amount: command.amount.minor, bonus: profile.bonuses[command.amount.minor] ?? 0)
    }

    private func reported(_ id: UInt64, _ report: ProviderReport, _ row: JournalRow) {
        guard var topUp = topUps[id], topUp.state != .settled, topUp.state != .declined,
            let provider = profiles[topUp.profile]?.provider
        else { return }
        switch report {
        case .pending: topUp.state = .pending
        case .declined: topUp.state = .declined
        case .unreachable: break
        case .settled:
            topUp.state = .settled
            topUp.account =
                topUp.account == 0
                ? open(topUp.caller, topUp.profile, as: row.made()) : resolved(topUp.account)
            var after = funds(topUp.account)
            after.paid += topUp.amount
            after.bonus += topUp.bonus
            after.settleDebt()
            balances[topUp.account]?.topUps += 1
            post(
                .callerToppedUp, topUp.account, after,
                [(.providerCash, provider, -topUp.amount), (.providerBonus, provider, -topUp.bonus)], row)
            paidIn[provider, default: []].append((row.at, topUp.amount))
        }
        topUps[id] = topUp
        if topUp.state == .settled { refresh(topUp.account, lengthened: true, row) }
    }

    private func adjust(_ command: AdjustCaller, _ row: JournalRow) {
        let account = open(command.caller.raw, command.profile.raw, as: row.made())
        let amount = command.amount.minor
        var after = funds(account)
        switch command.change {
        case .raise:
            after.paid += amount
            after.settleDebt()
            post(.callerRaised, account, after, [(.providerCash, row.party, -amount)], row)
        case .raiseBonus:
            after.bonus += amount
            after.settleDebt()
            post(.callerRaised, account, after, [(.providerBonus, row.party, -amount)], row)
        case .lower:
            if after.owed > 0 || after.free < amount {
                wallet.findings.report(
                    .fundsAreLedger,
                    "wallet journal \(row.sequence): expected at most \(after.free) taken of a balance without debt, found \(amount)",
                    ["caller account \(account)"])
            }
            _ = after.take(amount)
            post(.callerLowered, account, after, [(.callRevenue, row.party, amount)], row)
        }
        refresh(account, lengthened: command.change != .lower, row)
    }

    private func takeBack(_ id: UInt64, _ row: JournalRow) {
        guard let topUp = topUps[id] else { return }
        if topUp.isTakenBack || topUp.state != .settled {
            wallet.findings.report(
                .fundsAreLedger,
                "top-up \(id): expected one that was paid to be taken back once, found it twice",
                ["payment \(id)"])
        }
        topUps[id]?.isTakenBack = true
        let account = resolved(topUp.account)
        var after = funds(account)
        let there = min(topUp.amount, after.free)
        _ = after.take(there)
        after.owed += topUp.amount - there
        post(.topUpChargedBack, account, after, [(.providerCash, row.party, topUp.amount)], row)
        paidIn[row.party, default: []].append((row.at, -topUp.amount))
        refresh(account, lengthened: false, row)
    }

    private func changeNumber(_ command: ChangeCallerNumber, _ row: JournalRow) {
        let profile = command.profile.raw
        let from = Numbered(profile: profile, caller: command.caller.raw)
        let to = Numbered(profile: profile, caller: command.target.raw)
        guard from != to, let account = numbers[from], let known = profiles[profile] else { return }
        if let other = numbers[to] {
            let added = funds(other)
            if !command.merge || balances[other]?.open.isEmpty == false {
                wallet.findings.report(
                    .fundsAreLedger,
                    "wallet journal \(row.sequence): expected a number with a balance refused, found it merged",
                    ["caller account \(other)"])
            }
            var after = funds(account)
            after.paid += added.paid
            after.bonus += added.bonus
            after.owed += added.owed
            after.settleDebt()
            merge(other, added, into: account, after, row)
        }
        numbers[from] = nil
        numbers[to] = account
        let old = Listed(provider: known.provider, list: known.list, caller: command.caller.raw)
        let new = Listed(provider: known.provider, list: known.list, caller: command.target.raw)
        if let line = firstCallers[old] {
            let other = firstCallers[new] ?? (nil, 0)
            firstCallers[new] = (
                [line.began, other.began].compactMap(\.self).min(), line.taken + other.taken
            )
        }
        refresh(account, lengthened: command.merge, row)
    }

    private func merge(
        _ other: UInt64, _ money: Funds, into account: UInt64, _ after: Funds, _ row: JournalRow
    ) {
        guard let profile = balances[account].flatMap({ profiles[$0.profile] }) else { return }
        let before = funds(account)
        wallet.post(
            .callersMerged, row,
            [
                (key(.callerPaid, account, profile), after.paid - before.paid),
                (key(.callerBonus, account, profile), after.bonus - before.bonus),
                (key(.callerDebt, account, profile), before.owed - after.owed),
                (key(.callerPaid, other, profile), -money.paid),
                (key(.callerBonus, other, profile), -money.bonus),
                (key(.callerDebt, other, profile), money.owed),
            ])
        let added = balances[other]?.topUps ?? 0
        balances[account]?.topUps += added
        for id in balances.keys.sorted() where id == other || balances[id]?.mergedInto == other {
            balances[id]?.mergedInto = account
        }
    }

    // MARK: Calls

    private func arrived(_ command: CallArrived, _ row: JournalRow) {
        let id = row.made()
        guard let profileID = lines[command.called], let profile = profiles[profileID],
            let terms = profile.tariffs.last, let policy = wallet.policies.newest(profile.marketplace)?.policy
        else {
            return wallet.findings.report(
                .callByTariff, "call \(id): expected a line with a tariff, found none", ["call \(id)"])
        }
        if command.withheld { wallet.rules.note(.model("withheld")) }
        let listed = Listed(provider: profile.provider, list: profile.list, caller: command.caller.raw)
        let benefit = benefit(terms, listed, at: command.at)
        let known = numbers[Numbered(profile: profileID, caller: command.caller.raw)]
        var call = Call(
            profile: profileID, caller: command.caller.raw, list: profile.list, policy: policy, terms: terms,
            price: CallPrice(terms, command.line, benefit), confirmedAt: command.at, heardAt: row.at)
        let funds = known.map { self.funds($0) } ?? Funds(paid: 0, bonus: 0, owed: 0, reserved: 0)
        let wished = call.price.reserve(policy.callMinimum.microseconds)
        touchedCalls.insert(id)
        if funds.owed == 0, funds.free >= wished {
            call.reserved = wished
        } else if funds.owed > 0 || call.price.free == 0 {
            call.verdict = known == nil ? .noBalance : funds.owed > 0 ? .inDebt : .tooLittle
            call.stage = .turnedAway
            call.endedAt = command.at
            calls[id] = call
            return
        }
        call.account = open(command.caller.raw, profileID, as: row.made(2))
        balances[call.account]?.reserved += call.reserved
        balances[call.account]?.open.append(id)
        if case .free(let seconds) = benefit {
            let line = firstCallers[listed] ?? (nil, 0)
            firstCallers[listed] = (line.began, line.taken + seconds)
        }
        if benefit != .none { wallet.rules.note(.model("first caller")) }
        calls[id] = call
        wallet.deadlines.set(CallFallsSilent.code, id, at: row.at + policy.callSilence)
        refresh(call.account, lengthened: false, row)
    }

    private func benefit(_ terms: TariffTerms, _ listed: Listed, at now: Instant) -> CallBenefit {
        guard let offer = terms.firstCallers else { return .none }
        let line = firstCallers[listed] ?? (nil, 0)
        if let began = line.began, now >= began + offer.period { return .none }
        if offer.prices != nil { return .prices }
        let left = Int64(offer.freeSeconds) - line.taken
        return left > 0 ? .free(left) : .none
    }

    private func said(_ command: ReportCall, _ row: JournalRow) {
        let id = command.call.raw
        guard var call = calls[id], call.stage == .inProgress else {
            return wallet.findings.report(
                .callByTariff, "call \(id): expected one in progress to be reported on, found another",
                ["call \(id)"])
        }
        switch command.report {
        case .announced: call.announcedAt = call.announcedAt ?? command.at
        case .answeredByPerson:
            if call.answeredAt == nil { (call.answeredAt, call.isPerson) = (command.at, true) }
        case .answeredByVoicemail:
            call.answeredAt = call.answeredAt ?? command.at
            call.isPerson = false
        case .progress: break
        case .extend: extend(&call)
        }
        call.confirmedAt = max(call.confirmedAt, command.at)
        call.heardAt = row.at
        calls[id] = call
        touchedCalls.insert(id)
        refresh(call.account, lengthened: false, row)
    }

    private func extend(_ call: inout Call) {
        let before = call.price.longest(call.reserved)
        let limit = call.price.longestCall * 1_000_000
        guard before < limit else { return }
        let wished = min(before + call.policy.callStep.microseconds, limit)
        let length = min(call.price.longest(call.reserved + funds(call.account).free), wished)
        let more = max(0, call.price.cost(length) - call.reserved)
        call.reserved += more
        balances[call.account]?.reserved += more
    }

    private func end(_ id: UInt64, _ stage: CallStage, _ at: Instant, _ row: JournalRow) {
        guard var call = calls[id], call.stage == .inProgress, let profile = profiles[call.profile] else {
            return wallet.findings.report(
                .callByTariff, "call \(id): expected it to end once, found it ending again", ["call \(id)"])
        }
        call.stage = stage
        call.endedAt = stage == .hungUp ? at : call.confirmedAt
        var lasted: Int64 = 0
        if call.isPerson, let from = call.countedFrom, let end = call.endedAt {
            lasted = max(0, end.microseconds - from.microseconds)
        }
        call.length = min(lasted, call.price.longest(call.reserved))
        call.overrun = lasted - call.length
        call.billed = call.price.billed(call.length)
        if call.billed > 0 {
            call.connectFee = call.price.connectFee
            call.usage = call.price.usage(call.billed)
            wallet.rules.note(.model(call.terms.start == .announcement ? "announcement" : "conversation"))
            wallet.rules.note(.model("increments"))
        }
        var after = funds(call.account)
        after.reserved -= call.reserved
        call.fromBonus = after.take(call.charge)
        after.settleDebt()
        calls[id] = call
        touchedCalls.insert(id)
        balances[call.account]?.open.removeAll { $0 == id }
        post(.callCharged, call.account, after, [(.callRevenue, profile.provider, call.charge)], row)
        remember(call, profile)
        wallet.deadlines.cancel(CallFallsSilent.code, id)
        wallet.deadlines.cancel(CallNearsItsEnd.code, id)
        refresh(call.account, lengthened: false, row)
    }

    /// The caller list: when charging, or free time, first began, and how much free time was used.
    private func remember(_ call: Call, _ profile: Profile) {
        let listed = Listed(provider: profile.provider, list: call.list, caller: call.caller)
        let delay = call.price.delay * 1_000_000
        let beyond = call.length - delay
        var line = firstCallers[listed] ?? (nil, 0)
        let used = beyond <= 0 ? 0 : min(call.price.free, (beyond + 999_999) / 1_000_000)
        line.taken -= call.price.free - used
        if beyond > 0, let from = call.countedFrom {
            let began = from + Duration64(microseconds: delay)
            line.began = min(line.began ?? began, began)
        }
        firstCallers[listed] = line
    }

    /// Every call on a balance is warned as long before its money ends as the policy says, and again after it was raised.
    private func refresh(_ account: UInt64, lengthened: Bool, _ row: JournalRow) {
        let free = funds(account).free
        for id in balances[account]?.open ?? [] {
            guard var call = calls[id], let from = call.countedFrom else { continue }
            if lengthened { call.isWarned = false }
            calls[id] = call
            guard !call.isWarned else { continue }
            let ends = from + Duration64(microseconds: call.price.longest(call.reserved + free))
            let due = call.heardAt + (ends - call.confirmedAt) - call.policy.callWarning
            wallet.deadlines.set(CallNearsItsEnd.code, id, at: max(row.at, due))
        }
    }
}
