import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Takes a provider's telephone switch on file: a party of its own that may report calls and nothing else.
enum RegisterSwitchHandler {
    static func handle(_ command: RegisterSwitch, _ turn: Turn) throws -> Outcome<PartyRegistered> {
        guard let provider = try Parties.find(turn.store, turn.acting.party) else {
            return .refused(.notFound)
        }
        switch provider.life.state {
        case .verified: break
        case .suspended:
            return .refused(.suspended, expected: "a party not suspended", found: provider.reason)
        default:
            return .refused(.notVerified, expected: "a verified party", found: "\(provider.life.state)")
        }
        let marketplace = try Marketplaces.find(turn.store, command.marketplace)
        // Prospects' numbers are the house's alone, and so is whoever gets them (D1).
        let needed = provider.isOperator ? SalesMode.preliminaryCall : .prepaidLine
        guard marketplace?.policy.mode == needed else {
            return .refused(.wrongState, expected: "\(needed)", found: "another sales mode")
        }
        let known = try Switches.count(turn.store, of: provider.party, in: command.marketplace)
        guard known < Switches.most else {
            return .refused(.wrongState, expected: "at most \(Switches.most) switches", found: "one more")
        }
        // Its provider answers for it: nobody else verifies it.
        let life = PartyLife(state: .verified, beforeSuspension: .verified)
        guard
            let party = try PartyRegistration.insert(
                command, roles: .telephoneSwitch, life, provider.language, turn)
        else { return .refused(PartyRegistration.taken) }
        try Switches.insert(turn.store, party.party, of: provider.party)
        var fact = SwitchRegistered()
        fact.telephoneSwitch = party.party
        fact.provider = provider.party
        turn.send(fact, to: .wallet)
        return .answer(PartyRegistration.answer(party))
    }
}
