import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A caller has another number (E10): the balance is pointed at by it, so that nothing else has to move.
enum ChangeCallerNumberHandler {
    static func handle(_ command: ChangeCallerNumber, _ turn: Turn) throws -> Outcome<CallerView> {
        let provider = turn.acting.party
        if let refusal = try PrepaidChecks.refusal(ofProvider: provider, turn) { return .refused(refusal) }
        guard let profile = try Profiles.find(command.profile, of: provider, turn.store) else {
            return .refused(Profiles.unknown(command.profile))
        }
        let currency = try PrepaidChecks.marketplace(profile.marketplace, turn).policy.currency
        let store = turn.store
        guard let account = try CallerAccounts.of(command.caller, profile, currency, store) else {
            return .refused(.notFound, expected: "a caller", found: "\(command.caller)")
        }
        guard command.target != command.caller else {
            return .answer(try CallerAnswer.view(command.caller, account, store))
        }
        var desk = CallerDesk(profile: profile, currency: currency, account: account)
        if let other = try CallerAccounts.of(command.target, profile, currency, store) {
            guard command.merge else {
                return .refused(.wrongState, expected: "a number without a balance", found: "one with")
            }
            switch account.balance.absorbing(other.balance) {
            case .failure(let refusal): return .refused(refusal)
            case .success(let balance):
                // Calls that reserve nothing must not lose their balance either.
                guard try Calls.inProgress(on: other.id, store).isEmpty else {
                    return .refused(.wrongState, expected: "no call in progress", found: "one")
                }
                try merge(other, into: &desk, balance, turn)
            }
        }
        for number in [command.caller, command.target] {
            try CallerAccounts.unpoint(number, profile.id, store)
        }
        try CallerAccounts.point(command.target, profile.id, at: account.id, store)
        try remember(command, profile, store)
        try CallClocks.moneyChanged(on: desk.account, lengthened: command.merge, turn)
        return .answer(try CallerAnswer.view(command.target, desk.account, store))
    }

    private static func merge(
        _ other: CallerAccount, into desk: inout CallerDesk, _ balance: PrepaidBalance, _ turn: Turn
    ) throws {
        desk.account.topUps += other.topUps
        desk.account.lastTopUpAt = max(desk.account.lastTopUpAt, other.lastTopUpAt)
        let change = CallerPosting(
            marketplace: desk.profile.marketplace, account: desk.account.id, provider: desk.profile.provider,
            before: desk.account.balance, after: balance)
        if let posting = change.merged(other.id, other.balance) {
            try Ledger.post(posting, EntryNote(), turn)
        }
        desk.account.balance = balance
        try CallerAccounts.save(desk.account, turn.store)
        try turn.store.run(
            "UPDATE caller_account SET merged_into = ? WHERE id = ? OR merged_into = ?", desk.account.id,
            other.id, other.id)
    }

    /// Whoever has had the benefit of first-time callers has had it under the new number too (E7).
    private static func remember(_ command: ChangeCallerNumber, _ profile: Profile, _ store: Store) throws {
        let old = try FirstCallers.find(profile.provider, profile.list, command.caller, store)
        let new = try FirstCallers.find(profile.provider, profile.list, command.target, store)
        guard let line = old.map({ $0.joined(new ?? .new) }) else { return }
        try FirstCallers.save(line, profile.provider, profile.list, command.target, store)
    }
}
