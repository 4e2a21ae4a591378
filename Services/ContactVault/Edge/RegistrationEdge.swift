import Kernel
import Messages
import Runtime
import Wire

/// A command that makes a party.
protocol Registration: Command where Answer == PartyRegistered {
    var email: PersonalText { get set }
    var name: PersonalText { get set }
    var password: String { get set }
    var credential: PersonalText { get set }
    var blindEmail: Bytes { get set }
    /// Where the party will act; operators in marketplace 0.
    var home: MarketplaceID { get }
}

extension RegisterParty: Registration {
    var home: MarketplaceID { marketplace }
}
extension RegisterSwitch: Registration {
    var home: MarketplaceID { marketplace }
}
extension BootstrapOperator: Registration {
    var home: MarketplaceID { .none }
}
extension AppointOperator: Registration {
    var home: MarketplaceID { .none }
}

/// Replaces the password by its hash and adds the keyed hash of the address.
enum RegistrationEdge {
    static func prepare(
        _ command: inout some Registration, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws -> Refusal? {
        let email = try PlainFields.email(command.email)
        command.email = PersonalText(email)
        // An operator need not have a name of its own: it speaks for the house.
        if command.home == .none, command.name.isEmpty { command.name = PersonalText("Operator") }
        command.name = PersonalText(try PlainFields.required(command.name, "name"))
        command.blindEmail = Bytes(environment.hash(partyEmail: email, in: command.home))
        command.credential = try PasswordEdge.credential(command.password, environment, context)
        command.password = ""
        return nil
    }
}
