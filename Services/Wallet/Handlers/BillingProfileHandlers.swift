import Kernel
import Messages
import Runtime
import WalletRules

/// The vault has a provider's telephone switch on file.
enum SwitchRegisteredHandler {
    static func handle(_ message: SwitchRegistered, _ turn: Turn) throws {
        try turn.store.run(
            "INSERT OR IGNORE INTO telephone_switch (party, provider) VALUES (?, ?)", message.telephoneSwitch,
            message.provider)
    }
}

/// What everything that a provider does with its prepaid lines must fulfil.
enum PrepaidChecks {
    /// Only a verified provider does business; its callers' money waits meanwhile.
    static func refusal(ofProvider party: PartyID, _ turn: Turn) throws -> Refusal? {
        switch try Copies.party(party, turn.store)?.state {
        case .verified: nil
        case .suspended, .closed: Refusal(.suspended, expected: "a party that may act")
        default: Refusal(.notVerified, expected: "a verified party")
        }
    }

    static func marketplace(_ id: MarketplaceID, _ turn: Turn) throws -> Marketplace {
        guard let marketplace = try Copies.marketplace(id, turn.store) else {
            throw WalletFault.rowMissing("a profile's marketplace")
        }
        return marketplace
    }
}

/// A provider opens or changes a billing profile (E2, E12).
enum SetBillingProfileHandler {
    static func handle(_ command: SetBillingProfile, _ turn: Turn) throws -> Outcome<BillingProfileView> {
        let provider = turn.acting.party
        if let refusal = try PrepaidChecks.refusal(ofProvider: provider, turn) { return .refused(refusal) }
        let marketplace = try PrepaidChecks.marketplace(turn.acting.marketplace, turn)
        if let refusal = ProfileRules.refusal(of: command, policy: marketplace.policy) {
            return .refused(refusal)
        }
        var isFirst = false
        if command.profile.isNone {
            let known = try Profiles.page(
                of: provider, after: .none, limit: ProfileRules.most, turn.store)
            guard known.count < ProfileRules.most else {
                return .refused(.wrongState, expected: "at most \(ProfileRules.most) profiles", found: "more")
            }
            isFirst = known.isEmpty
        } else if try Profiles.find(command.profile, of: provider, turn.store) == nil {
            return .refused(Profiles.unknown(command.profile))
        }
        for line in command.lines {
            let holder = try Profiles.line(line.number, turn.store)?.profile
            guard holder == nil || holder == command.profile else {
                return .refused(.wrongState, expected: "a number of no other profile", found: line.number)
            }
        }
        let id = command.profile.isNone ? turn.newID(BillingProfileID.self) : command.profile
        try Profiles.save(command, as: id, of: provider, in: marketplace.id, turn.store)
        if isFirst { try LineFeeClock.start(provider, from: turn.now, in: marketplace, turn) }
        return .answer(try ProfileAnswer.view(id, turn.store))
    }
}

/// A provider sets a profile's tariff (E6).
enum SetTariffHandler {
    static func handle(_ command: SetTariff, _ turn: Turn) throws -> Outcome<BillingProfileView> {
        let provider = turn.acting.party
        if let refusal = try PrepaidChecks.refusal(ofProvider: provider, turn) { return .refused(refusal) }
        guard let profile = try Profiles.find(command.profile, of: provider, turn.store) else {
            return .refused(Profiles.unknown(command.profile))
        }
        let currency = try PrepaidChecks.marketplace(profile.marketplace, turn).policy.currency
        let version = profile.tariffVersion + 1
        if case .failure(let refusal) = Tariff.stated(command.terms, version: version, currency) {
            return .refused(refusal)
        }
        try Profiles.add(command.terms, version: version, to: profile.id, at: turn.now, turn.store)
        return .answer(try ProfileAnswer.view(profile.id, turn.store))
    }
}
