import Kernel
import Messages
import Runtime
import Storage
import Wire

/// Replaces a caller's number by its id in the vault: the wallet never has a number in clear, nor sealed.
enum CallerEdge {
    static func admit(_ command: inout CallArrived, _ context: any EdgeContext) throws -> Refusal? {
        let destination = try context.read { store in
            try whereTo(command.called, acting: context.acting, store)
        }
        let payee: Payee
        switch destination {
        case .lead(let line): return try admit(&command, line, context)
        case .none: return Refusal(.notFound, expected: "a line of the provider's")
        case .prepaid(let found): payee = found
        }
        command.withheld = command.presented.isEmpty
        let number = command.withheld ? command.networkProvided : command.presented
        command.presented = PersonalText()
        command.networkProvided = PersonalText()
        command.caller = try id(of: number, payee, context)
        return nil
    }

    /// Where a called number leads.
    private enum Destination {
        case lead(ProxyLine)
        case prepaid(Payee)
        case none
    }

    private static func whereTo(
        _ called: String, acting: Acting, _ store: Store
    ) throws -> Destination {
        if let line = try ProxyLines.find(called, store), line.marketplace == acting.marketplace {
            return .lead(line)
        }
        guard let payee = try Profiles.payee(of: called, store),
            try Switches.provider(of: acting.party, store) == payee.provider
        else { return .none }
        return .prepaid(payee)
    }

    /// A call to a proxy number: only a number that the vault knows of the buyer can be the buyer's (D1), so that nothing
    /// is remembered of others.
    private static func admit(
        _ command: inout CallArrived, _ line: ProxyLine, _ context: any EdgeContext
    ) throws -> Refusal? {
        command.withheld = command.presented.isEmpty
        let number = command.withheld ? command.networkProvided : command.presented
        command.presented = PersonalText()
        command.networkProvided = PersonalText()
        command.caller = .none
        var query = RecogniseCaller()
        query.provider = line.buyer
        query.number = number
        do {
            command.caller = try context.ask(query, of: .contactVault).caller
        } catch let refusal as Refusal where [.notFound, .invalidText].contains(refusal.reason) {
            return nil
        }
        return nil
    }

    static func admit(_ command: inout TopUpCaller, _ context: any EdgeContext) throws -> Refusal? {
        let wanted = command.profile
        guard let profile = try context.read({ try Profiles.find(wanted, $0) }) else {
            return Profiles.unknown(wanted)
        }
        let number = command.number
        command.number = PersonalText()
        command.caller = .none
        command.receipt = Hex.encode(context.randomBytes(16))
        // Whoever pays nothing makes the vault remember nothing; the handler says why.
        let amount = command.amount.minor
        guard profile.settings.topUps.contains(where: { $0.amount == amount }) else { return nil }
        command.caller = try id(of: number, profile.payee, context)
        return nil
    }

    static func admit(_ command: inout AdjustCaller, _ context: any EdgeContext) throws -> Refusal? {
        guard let profile = try own(command.profile, context) else {
            return Profiles.unknown(command.profile)
        }
        let number = command.number
        command.number = PersonalText()
        command.caller = try id(of: number, profile.payee, context)
        return nil
    }

    static func admit(_ command: inout ChangeCallerNumber, _ context: any EdgeContext) throws -> Refusal? {
        guard let profile = try own(command.profile, context) else {
            return Profiles.unknown(command.profile)
        }
        let number = command.number
        command.number = PersonalText()
        command.target = try id(of: number, profile.payee, context)
        return nil
    }

    private static func own(_ profile: BillingProfileID, _ context: any EdgeContext) throws -> Profile? {
        let found = try context.read { try Profiles.find(profile, $0) }
        return found?.provider == context.acting.party ? found : nil
    }

    /// Most numbers are known, so that the vault writes nothing; one that is not is sealed there first.
    private static func id(
        of number: PersonalText, _ payee: Payee, _ context: any EdgeContext
    ) throws -> CallerID {
        var query = RecogniseCaller()
        query.provider = payee.provider
        query.number = number
        query.country = payee.country
        do {
            return try context.ask(query, of: .contactVault).caller
        } catch let refusal as Refusal where refusal.reason == .notFound {
            var command = AdmitCaller()
            command.provider = payee.provider
            command.number = number
            command.country = payee.country
            return try context.command(command, of: .contactVault).caller
        }
    }
}
