import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A call has arrived (E1, E3, E7): it is put through if the balance covers it, and recorded either way.
enum CallArrivedHandler {
    static func handle(_ command: CallArrived, _ turn: Turn) throws -> Outcome<CallRouted> {
        let acting = turn.acting.party
        if let line = try ProxyLines.find(command.called, turn.store),
            line.marketplace == turn.acting.marketplace
        {
            return try LeadCallArrival.handle(command, line, turn)
        }
        guard let provider = try Switches.provider(of: acting, turn.store),
            let line = try Profiles.line(command.called, turn.store),
            let profile = try Profiles.find(line.profile, of: provider, turn.store)
        else { return .refused(.notFound, expected: "a line of the provider's") }
        for party in [acting, provider] {
            if let refusal = try PrepaidChecks.refusal(ofProvider: party, turn) { return .refused(refusal) }
        }
        guard command.at > .none, command.at < .distantFuture else {
            return .refused(.invalidValue, expected: "a time after 1970", found: "another")
        }
        guard try !Calls.isKnown(command.switchCall, of: acting, turn.store) else {
            return .refused(.wrongState, expected: "a call not named before", found: "\(command.switchCall)")
        }
        guard profile.tariffVersion > 0 else {
            return .refused(.wrongState, expected: "a profile with a tariff", found: "none set")
        }
        let arrival = try Arrival(command, profile, turn)
        switch try arrival.decide(turn.store) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let decision):
            return .answer(try arrival.carryOut(decision, target: line.target, turn))
        }
    }
}

/// A call that arrives, with all that decides on it.
private struct Arrival {
    let command: CallArrived
    let profile: Profile
    let marketplace: Marketplace
    let tariff: Tariff
    let known: CallerAccount?
    let firstCaller: FirstCaller

    struct Decision {
        let verdict: CallVerdict
        let terms: CallTerms
        let benefit: FirstCallerTerms.Benefit?
        let funded: FundedCall?
    }

    init(_ command: CallArrived, _ profile: Profile, _ turn: Turn) throws {
        self.command = command
        self.profile = profile
        marketplace = try PrepaidChecks.marketplace(profile.marketplace, turn)
        let currency = marketplace.policy.currency
        tariff = try Profiles.tariff(profile.id, version: profile.tariffVersion, currency, turn.store)
        known = try CallerAccounts.of(command.caller, profile, currency, turn.store)
        // Where nothing is given to first-time callers, nothing is asked of their list.
        let listed =
            tariff.firstCaller == nil
            ? nil : try FirstCallers.find(profile.provider, profile.list, command.caller, turn.store)
        firstCaller = listed ?? .new
    }

    var currency: Currency { marketplace.policy.currency }

    func decide(_ store: Store) throws -> Result<Decision, Refusal> {
        let benefit = tariff.firstCaller.flatMap { firstCaller.benefit(under: $0, at: command.at) }
        guard let balance = known?.balance ?? .empty(currency) else { throw WalletFault.notBalanced }
        return tariff.terms(for: command.line, benefit: benefit).map { terms in
            Decision(
                verdict: .putThrough, terms: terms, benefit: benefit, funded: fund(terms, balance)
            ).judged(known: known != nil, balance)
        }
    }

    /// Free time needs no money beyond the attempt's.
    private func fund(_ terms: CallTerms, _ balance: PrepaidBalance) -> FundedCall? {
        let least = marketplace.policy.callMinimum
        let beginsFree = terms.freeSeconds > 0 || Planted.isOn(.callWithoutMoney)
        let spans: [Duration64] = beginsFree ? [least, .zero] : [least]
        for minimum in spans {
            if case .success(let funded) = MeteredCall.authorise(
                terms, on: balance, minimum: minimum, at: command.at)
            {
                return funded
            }
        }
        return nil
    }

    func carryOut(_ decision: Decision, target: String, _ turn: Turn) throws -> CallRouted {
        let id = turn.newID(CallID.self)
        var answer = CallRouted()
        answer.call = id
        answer.profile = profile.id
        answer.caller = command.caller
        answer.verdict = decision.verdict
        answer.tariffVersion = tariff.version
        answer.perMinute = decision.terms.perMinute
        answer.maximumCost = decision.terms.maximumCost
        answer.reserved = Money(0, currency)
        var account: UInt64 = 0
        if let funded = decision.funded {
            var caller = try known ?? CallerAccounts.open(command.caller, profile, currency, turn)
            caller.balance = funded.balance
            try CallerAccounts.save(caller, turn.store)
            account = caller.id
            // The others on the balance; this one has no end while its length is not counted.
            try CallClocks.moneyChanged(on: caller, lengthened: false, turn)
            if decision.terms.freeSeconds > 0 {
                try FirstCallers.save(
                    firstCaller.begun(decision.terms), profile.provider, profile.list, command.caller,
                    turn.store)
            }
            answer.target = target
            answer.reserved = funded.call.reserved
            answer.longest = funded.call.longest
            let all = funded.call.reserved.adding(funded.balance.free) ?? funded.call.reserved
            answer.minutesLeft = UInt32(truncatingIfNeeded: decision.terms.minutes(for: all))
        }
        try Calls.insert(
            NewCall(
                id: id, profile: profile, policyVersion: marketplace.version, policy: marketplace.policy,
                account: account,
                verdict: decision.verdict, tariffVersion: tariff.version, benefit: decision.benefit,
                call: decision.funded?.call, command: command), turn)
        if decision.funded != nil {
            try CallClocks.awaitWord(of: id, until: turn.now + marketplace.policy.callSilence, turn)
        }
        return answer
    }
}

extension Arrival.Decision {
    /// Why no call was funded.
    fileprivate func judged(known: Bool, _ balance: PrepaidBalance) -> Self {
        guard funded == nil else { return self }
        let verdict: CallVerdict = !known ? .noBalance : balance.debt > 0 ? .inDebt : .tooLittle
        return Self(verdict: verdict, terms: terms, benefit: benefit, funded: nil)
    }
}

/// A call of the acting switch.
private enum OwnCall {
    /// Nothing for others' calls (F9), and a refusal for one that is over.
    static func check(_ stored: StoredCall?, _ id: CallID, _ turn: Turn) -> Result<StoredCall, Refusal> {
        guard let stored, stored.telephoneSwitch == turn.acting.party else {
            return .failure(Refusal(.notFound, expected: "a call of the switch's", found: "\(id)"))
        }
        guard stored.stage == .inProgress else {
            return .failure(
                Refusal(.wrongState, expected: "a call in progress", found: "\(stored.stage)"))
        }
        return .success(stored)
    }
}

/// The switch tells how a call goes on (E1, E4).
enum ReportCallHandler {
    static func handle(_ command: ReportCall, _ turn: Turn) throws -> Outcome<CallStanding> {
        let known = try Calls.find(command.call, turn.store)
        if known == nil, let call = try LeadCalls.find(command.call, turn.store) {
            return try LeadCallReports.handle(command, call, turn)
        }
        var stored: StoredCall
        switch OwnCall.check(known, command.call, turn) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): stored = found
        }
        var desk = try CallerDesk.of(stored, turn)
        switch after(command, stored.call, stored.policy, desk.account.balance) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let (funded, exhausted)):
            stored.call = funded.call
            stored.heardAt = turn.now
            try Calls.save(stored, turn.store)
            if funded.balance == desk.account.balance {
                try CallClocks.moneyUnchanged(on: stored, funded.balance, turn)
            } else {
                desk.account.balance = funded.balance
                try CallerAccounts.save(desk.account, turn.store)
                try CallClocks.moneyChanged(on: desk.account, lengthened: false, turn)
            }
            var answer = standing(stored.id, stored.call, stored.policy, desk.account.balance)
            answer.exhausted = exhausted
            return .answer(answer)
        }
    }

    /// A call and its balance after a report. Where not one increment more is covered, the report counts all the same:
    /// otherwise a switch that asks for more at the end of the money would have said nothing since.
    static func after(
        _ command: ReportCall, _ call: MeteredCall, _ policy: Policy, _ balance: PrepaidBalance
    ) -> Result<(funded: FundedCall, exhausted: Bool), Refusal> {
        let reported: Result<MeteredCall, Refusal> =
            switch command.report {
            case .announced: call.announced(at: command.at)
            case .answeredByPerson: call.answered(by: .person, at: command.at)
            case .answeredByVoicemail: call.answered(by: .voicemail, at: command.at)
            case .progress, .extend: call.confirmed(at: command.at)
            }
        return reported.flatMap { call in
            let same = FundedCall(call: call, balance: balance)
            guard command.report == .extend else { return .success((same, false)) }
            switch call.extended(by: policy.callStep, from: balance) {
            case .success(let more): return .success((more, false))
            case .failure(let refusal) where refusal.reason == .insufficientFunds:
                return .success((same, true))
            case .failure(let refusal): return .failure(refusal)
            }
        }
    }

    /// What a switch is told after each report.
    static func standing(
        _ id: CallID, _ call: MeteredCall, _ policy: Policy, _ balance: PrepaidBalance
    ) -> CallStanding {
        var standing = CallStanding()
        standing.call = id
        standing.reserved = call.reserved
        standing.longest = call.longest
        standing.countedFrom = call.countedFrom
        standing.moneyEndsAt = call.moneyEnds(with: balance)
        standing.warnAt = standing.moneyEndsAt.map { $0 - policy.callWarning }
        return standing
    }
}

/// The switch says that a call has ended.
enum EndCallHandler {
    static func handle(_ command: EndCall, _ turn: Turn) throws -> Outcome<CallEnded> {
        let known = try Calls.find(command.call, turn.store)
        if known == nil, let call = try LeadCalls.find(command.call, turn.store) {
            return try LeadCallReports.handle(command, call, turn)
        }
        let stored: StoredCall
        switch OwnCall.check(known, command.call, turn) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): stored = found
        }
        let end: CallEnd = command.putThrough ? .hungUp(at: command.at) : .notPutThrough
        switch try Settling.settle(stored, end, turn) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let record):
            var answer = CallEnded()
            answer.record = record
            return .answer(answer)
        }
    }
}

extension CallerDesk {
    /// The balance of a call in progress.
    static func of(_ stored: StoredCall, _ turn: Turn) throws -> CallerDesk {
        let account = try CallerAccounts.find(
            stored.account, stored.profile.marketplace, stored.currency, turn.store)
        guard let account else { throw WalletFault.rowMissing("a call's balance") }
        return CallerDesk(profile: stored.profile, currency: stored.currency, account: account)
    }
}

/// The end of a call: what it cost is taken, bonus first, and the rest of its reserve goes back (E2).
enum Settling {
    /// The call as it is on record then, or the refusal of an end that cannot be; nothing was written then.
    static func settle(
        _ stored: StoredCall, _ end: CallEnd, _ turn: Turn
    ) throws -> Result<CallRecord, Refusal> {
        var desk = try CallerDesk.of(stored, turn)
        switch stored.call.settled(end, on: desk.account.balance) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let settlement):
            let entry = try desk.move(to: settlement.balance, EntryNote(), turn) {
                $0.earned(.callCharged, settlement.charge.total)
            }
            let (stage, endedAt): (CallStage, Instant) =
                switch end {
                case .hungUp(let at), .soldToAnother(let at): (.hungUp, at)
                case .lost: (.lost, stored.call.confirmedAt)
                case .notPutThrough: (.notPutThrough, stored.call.confirmedAt)
                }
            let record = try Calls.end(stored, stage, at: endedAt, settlement, entry, turn.store)
            try remember(stored, settlement, turn)
            try turn.cancel(CallFallsSilent.self, subject: stored.id.raw)
            try turn.cancel(CallNearsItsEnd.self, subject: stored.id.raw)
            try CallClocks.moneyChanged(on: desk.account, lengthened: false, turn)
            return .success(record)
        }
    }

    /// The caller list keeps when charging first began, and how much was free (E7).
    private static func remember(_ stored: StoredCall, _ settlement: CallSettlement, _ turn: Turn) throws {
        let provider = stored.profile.provider
        let known = try FirstCallers.find(provider, stored.list, stored.caller, turn.store)
        guard known != nil || settlement.chargingBegan != nil else { return }
        let line = (known ?? .new).settled(stored.call.terms, settlement)
        guard line != known else { return }
        try FirstCallers.save(line, provider, stored.list, stored.caller, turn.store)
    }
}
