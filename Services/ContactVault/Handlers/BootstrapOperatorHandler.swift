import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Makes the first operator; the program on the machine may ask for it, and only while there is none.
enum BootstrapOperatorHandler {
    static func handle(_ command: BootstrapOperator, _ turn: Turn) throws -> Outcome<PartyRegistered> {
        guard try !Parties.hasOperator(turn.store) else {
            return .refused(.wrongState, expected: "an installation without operator", found: "an operator")
        }
        let life = PartyLife(state: .verified, beforeSuspension: .verified)
        guard
            let party = try PartyRegistration.insert(command, roles: .operator_, life, command.language, turn)
        else { return .refused(PartyRegistration.taken) }
        return .answer(PartyRegistration.answer(party))
    }
}
