import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A caller's balance with all that a movement on it needs.
struct CallerDesk {
    let profile: Profile
    let currency: Currency
    var account: CallerAccount

    /// Writes what a movement changed: the ledger, the reserves, and the clocks of the calls in progress.
    ///
    /// An entry that moves nothing is none.
    @discardableResult
    mutating func move(
        to balance: PrepaidBalance, _ note: EntryNote, _ turn: Turn,
        posting: (CallerPosting) -> Posting?
    ) throws -> EntryID {
        let change = CallerPosting(
            marketplace: profile.marketplace, account: account.id, provider: profile.provider,
            before: account.balance, after: balance)
        account.balance = balance
        var entry = EntryID.none
        if change.moves {
            switch try Ledger.decide(posting(change), turn.store) {
            case .failure(let refusal): throw WalletFault.movementRefused(refusal)
            case .success(let decided): entry = try Ledger.write(decided, note, turn)
            }
        }
        try CallerAccounts.save(account, turn.store)
        return entry
    }
}

/// Somebody tops a caller's number up (E1).
enum TopUpCallerHandler {
    static func handle(
        _ command: TopUpCaller, _ turn: Turn, methods: [String]
    ) throws -> Outcome<CallerTopUpStarted> {
        guard let profile = try Profiles.find(command.profile, turn.store) else {
            return .refused(Profiles.unknown(command.profile))
        }
        if let refusal = try PrepaidChecks.refusal(ofProvider: profile.provider, turn) {
            return .refused(refusal)
        }
        let currency = try PrepaidChecks.marketplace(profile.marketplace, turn).policy.currency
        guard methods.contains(command.method) else {
            return .refused(
                .invalidValue, expected: "one of \(methods.joined(separator: ", "))", found: command.method)
        }
        switch profile.settings.table(currency).offer(of: command.amount) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let offer):
            let known = try CallerAccounts.of(command.caller, profile, currency, turn.store)
            let topUp = CallerTopUp(
                payment: turn.newID(), profile: profile.id, caller: command.caller, account: known?.id ?? 0,
                amount: offer.amount, bonus: offer.bonus, method: command.method, state: .started,
                chargedBack: false)
            try CallerTopUps.insert(topUp, receipt: command.receipt, turn)
            try CallerTopUps.charge(topUp, attempt: 1, at: turn.now, turn)
            var answer = CallerTopUpStarted()
            answer.payment = topUp.payment
            answer.bonus = topUp.bonus
            answer.receipt = command.receipt
            return .answer(answer)
        }
    }
}

/// The payment provider answered: a caller's top-up is credited once, however often it answers (E1, E2).
enum CallerTopUpReported {
    static func handle(_ message: ChargeReported, _ turn: Turn) throws {
        guard let topUp = try CallerTopUps.find(message.payment, turn.store) else { return }
        switch PaymentStep.after(message.report, in: topUp.state, attempt: message.attempt) {
        case .ignore: break
        case .decline: try CallerTopUps.update(topUp.payment, .declined, turn.store)
        case .askAgain(let delay, let state):
            try CallerTopUps.update(topUp.payment, state, turn.store)
            try CallerTopUps.charge(topUp, attempt: message.attempt &+ 1, at: turn.now + delay, turn)
        case .settle: try credit(topUp, turn)
        }
    }

    private static func credit(_ topUp: CallerTopUp, _ turn: Turn) throws {
        var desk = try desk(topUp, turn)
        guard case .success(let balance) = desk.account.balance.toppedUp(topUp.amount, bonus: topUp.bonus)
        else { throw WalletFault.notBalanced }
        desk.account.topUps += 1
        desk.account.lastTopUpAt = turn.now
        try desk.move(to: balance, EntryNote(payment: topUp.payment), turn) {
            $0.toppedUp(.callerToppedUp, topUp.amount, bonus: topUp.bonus)
        }
        try CallerTopUps.settle(topUp.payment, on: desk.account.id, turn.store)
        try CallClocks.moneyChanged(on: desk.account, lengthened: true, turn)
    }

    /// The balance that the number had when it was topped up, wherever it is now; else the one that it has, or a new one.
    private static func desk(_ topUp: CallerTopUp, _ turn: Turn) throws -> CallerDesk {
        guard let profile = try Profiles.find(topUp.profile, turn.store) else {
            throw WalletFault.rowMissing("a top-up's profile")
        }
        let currency = topUp.amount.currency
        let known =
            topUp.account == 0
            ? try CallerAccounts.of(topUp.caller, profile, currency, turn.store)
            : try CallerAccounts.find(
                try CallerAccounts.resolved(topUp.account, turn.store), profile.marketplace, currency,
                turn.store)
        let account = try known ?? CallerAccounts.open(topUp.caller, profile, currency, turn)
        return CallerDesk(profile: profile, currency: currency, account: account)
    }
}

/// A provider, or another paid service of its, raises or lowers a balance (E8).
enum AdjustCallerHandler {
    static func handle(_ command: AdjustCaller, _ turn: Turn) throws -> Outcome<CallerAdjusted> {
        let provider = turn.acting.party
        if let refusal = try PrepaidChecks.refusal(ofProvider: provider, turn) { return .refused(refusal) }
        guard let profile = try Profiles.find(command.profile, of: provider, turn.store) else {
            return .refused(Profiles.unknown(command.profile))
        }
        let marketplace = try PrepaidChecks.marketplace(profile.marketplace, turn)
        let currency = marketplace.policy.currency
        if let refusal = try PaymentChecks.refusal(command.amount, in: profile.marketplace, turn) {
            return .refused(refusal)
        }
        guard !command.reason.allSatisfy(\.isWhitespace) else {
            return .refused(.invalidText, expected: "a reason", found: "none")
        }
        let known = try CallerAccounts.of(command.caller, profile, currency, turn.store)
        guard let balance = known?.balance ?? .empty(currency) else { throw WalletFault.notBalanced }
        switch after(command, balance) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let changed):
            let account = try known ?? CallerAccounts.open(command.caller, profile, currency, turn)
            var desk = CallerDesk(profile: profile, currency: currency, account: account)
            let none = Money(0, currency)
            let entry = try desk.move(to: changed, EntryNote(text: command.reason), turn) { change in
                switch command.change {
                case .raise: change.toppedUp(.callerRaised, command.amount, bonus: none)
                case .raiseBonus: change.toppedUp(.callerRaised, none, bonus: command.amount)
                case .lower: change.earned(.callerLowered, command.amount)
                }
            }
            try CallClocks.moneyChanged(on: desk.account, lengthened: command.change != .lower, turn)
            return .answer(answer(entry, command.caller, desk.account))
        }
    }

    private static func after(
        _ command: AdjustCaller, _ balance: PrepaidBalance
    ) -> Result<PrepaidBalance, Refusal> {
        switch command.change {
        case .raise: balance.toppedUp(command.amount, bonus: Money(0, command.amount.currency))
        case .raiseBonus: balance.given(command.amount)
        case .lower: balance.spending(command.amount).map(\.balance)
        }
    }

    static func answer(_ entry: EntryID, _ caller: CallerID, _ account: CallerAccount) -> CallerAdjusted {
        var answer = CallerAdjusted()
        answer.entry = entry
        answer.caller = caller
        answer.funds = account.balance.funds
        return answer
    }
}

/// A provider's payment provider took a caller's top-up back (E1).
enum ChargeBackTopUpHandler {
    static func handle(_ command: ChargeBackTopUp, _ turn: Turn) throws -> Outcome<CallerAdjusted> {
        let provider = turn.acting.party
        if let refusal = try PrepaidChecks.refusal(ofProvider: provider, turn) { return .refused(refusal) }
        guard let topUp = try CallerTopUps.find(command.payment, turn.store),
            let profile = try Profiles.find(topUp.profile, of: provider, turn.store)
        else { return .refused(.notFound, expected: "a caller's top-up", found: "\(command.payment)") }
        guard topUp.state == .settled, !topUp.chargedBack else {
            let found = topUp.chargedBack ? "taken back" : "\(topUp.state)"
            return .refused(.wrongState, expected: "a top-up that was paid", found: found)
        }
        guard !command.reason.allSatisfy(\.isWhitespace) else {
            return .refused(.invalidText, expected: "a reason", found: "none")
        }
        let currency = topUp.amount.currency
        let found = try CallerAccounts.find(
            try CallerAccounts.resolved(topUp.account, turn.store), profile.marketplace, currency, turn.store)
        guard let account = found else { throw WalletFault.rowMissing("a paid top-up's balance") }
        switch account.balance.chargedBack(topUp.amount) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let (balance, _)):
            var desk = CallerDesk(profile: profile, currency: currency, account: account)
            let note = EntryNote(payment: topUp.payment, text: command.reason)
            let entry = try desk.move(to: balance, note, turn) { $0.chargedBack(topUp.amount) }
            try CallerTopUps.takeBack(topUp.payment, turn.store)
            try CallClocks.moneyChanged(on: desk.account, lengthened: false, turn)
            return .answer(AdjustCallerHandler.answer(entry, topUp.caller, desk.account))
        }
    }
}
