import ContactVaultRules
import Kernel
import Messages
import Runtime

/// One operator vouches for another.
enum AppointOperatorHandler {
    static func handle(_ command: AppointOperator, _ turn: Turn) throws -> Outcome<PartyRegistered> {
        let life = PartyLife(state: .verified, beforeSuspension: .verified)
        guard
            let party = try PartyRegistration.insert(command, roles: .operator_, life, command.language, turn)
        else { return .refused(PartyRegistration.taken) }
        return .answer(PartyRegistration.answer(party))
    }
}
