import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A call to a proxy number (D1, D2): put through if the buyer calls and its balance covers it; recorded either way.
enum LeadCallArrival {
    static func handle(
        _ command: CallArrived, _ line: ProxyLine, _ turn: Turn
    ) throws -> Outcome<CallRouted> {
        let acting = turn.acting.party
        guard try isHouses(acting, turn.store) else {
            return .refused(.notFound, expected: "a proxy number of the marketplace")
        }
        if let refusal = try PrepaidChecks.refusal(ofProvider: acting, turn) { return .refused(refusal) }
        guard command.at > .none, command.at < .distantFuture else {
            return .refused(.invalidValue, expected: "a time after 1970", found: "another")
        }
        let isKnown =
            try LeadCalls.isKnown(command.switchCall, of: acting, turn.store)
            || Calls.isKnown(command.switchCall, of: acting, turn.store)
        guard !isKnown else {
            return .refused(.wrongState, expected: "a call not named before", found: "\(command.switchCall)")
        }
        guard
            let policy = try Copies.marketplace(line.marketplace, version: line.policyVersion, turn.store)?
                .policy
        else { throw WalletFault.rowMissing("a line's policy") }
        return try arrive(command, line, policy, turn)
    }

    /// Prospects' numbers are the house's alone: a provider's switch, whatever its marketplace sold since, gets none.
    static func isHouses(_ telephoneSwitch: PartyID, _ store: Store) throws -> Bool {
        guard let provider = try Switches.provider(of: telephoneSwitch, store) else { return false }
        return try Copies.party(provider, store)?.roles.contains(.operator_) == true
    }

    private static func arrive(
        _ command: CallArrived, _ line: ProxyLine, _ policy: Policy, _ turn: Turn
    ) throws -> Outcome<CallRouted> {
        let terms: CallTerms
        switch LeadCallRules.tariff(policy, version: line.policyVersion).terms(for: command.line) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let known): terms = known
        }
        let id = turn.newID(CallID.self)
        var answer = CallRouted()
        answer.call = id
        answer.tariffVersion = line.policyVersion
        answer.perMinute = terms.perMinute
        answer.reserved = Money(0, policy.currency)
        let key = AccountKey(.wallet, of: line.buyer, in: line.marketplace, policy.currency)
        var desk = try LeadDesk.of(key, turn.store)
        guard !line.isClosed, command.caller == line.caller, !command.caller.isNone else {
            answer.verdict = line.isClosed ? .detached : .callBack
            try LeadCalls.insert(id, command, line, answer.verdict, account: desk.wallet.id, nil, turn)
            return .answer(answer)
        }
        answer.caller = command.caller
        answer.activation = line.activation
        answer.maximumCost = terms.maximumCost
        let funded = MeteredCall.authorise(
            terms, on: desk.balance, minimum: policy.callMinimum, at: command.at)
        guard case .success(let funded) = funded else {
            answer.verdict = .tooLittle
            try LeadCalls.insert(id, command, line, .tooLittle, account: desk.wallet.id, nil, turn)
            return .answer(answer)
        }
        // A call that costs nothing needs no account that money ever moved on.
        desk.wallet.id = try Accounts.open(desk.wallet, turn.store)
        try desk.reserve(funded.balance, turn.store)
        try LeadCalls.insert(
            id, command, line, .putThrough, account: desk.wallet.id, funded.call, turn)
        answer.reserved = funded.call.reserved
        answer.longest = funded.call.longest
        let all = funded.call.reserved.adding(funded.balance.free) ?? funded.call.reserved
        answer.minutesLeft = UInt32(truncatingIfNeeded: terms.minutes(for: all))
        try CallClocks.awaitWord(of: id, until: turn.now + policy.callSilence, turn)
        return .answer(answer)
    }
}

/// What the switch says of a preliminary call (D2, D3).
enum LeadCallReports {
    static func handle(
        _ command: ReportCall, _ stored: LeadCall, _ turn: Turn
    ) throws -> Outcome<CallStanding> {
        var stored = stored
        if let refusal = refusal(stored, turn) { return .refused(refusal) }
        var desk = try LeadDesk.of(stored.wallet, turn.store)
        switch ReportCallHandler.after(command, stored.call, stored.policy, desk.balance) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let (funded, exhausted)):
            try desk.reserve(funded.balance, turn.store)
            stored.call = funded.call
            stored.heardAt = turn.now
            try LeadCallClocks.setWarning(&stored, funded.balance, turn)
            try LeadCalls.save(stored, turn.store)
            var answer = ReportCallHandler.standing(stored.id, stored.call, stored.policy, funded.balance)
            answer.exhausted = exhausted
            return .answer(answer)
        }
    }

    static func handle(_ command: EndCall, _ stored: LeadCall, _ turn: Turn) throws -> Outcome<CallEnded> {
        // The switch carried out what it was told.
        let isTold = stored.stage == .endedByHouse && stored.telephoneSwitch == turn.acting.party
        if !isTold {
            if let refusal = refusal(stored, turn) { return .refused(refusal) }
            let end: CallEnd = command.putThrough ? .hungUp(at: command.at) : .notPutThrough
            let stage = command.putThrough ? CallStage.hungUp : .notPutThrough
            if let refusal = try LeadCallSettling.settle(stored, end, as: stage, turn) {
                return .refused(refusal)
            }
        }
        var answer = CallEnded()
        answer.record = try LeadCalls.record(stored.id, turn.store)
        return .answer(answer)
    }

    private static func refusal(_ stored: LeadCall, _ turn: Turn) -> Refusal? {
        guard stored.telephoneSwitch == turn.acting.party else {
            return Refusal(.notFound, expected: "a call of the switch's", found: "\(stored.id)")
        }
        guard stored.stage == .inProgress else {
            return Refusal(.wrongState, expected: "a call in progress", found: "\(stored.stage)")
        }
        return nil
    }
}
