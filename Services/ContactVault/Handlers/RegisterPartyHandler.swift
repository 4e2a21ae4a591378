import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Takes a seller or buyer on file and has the link sent that confirms its address.
enum RegisterPartyHandler {
    static func handle(_ command: RegisterParty, _ turn: Turn) throws -> Outcome<PartyRegistered> {
        guard try Marketplaces.find(turn.store, command.marketplace) != nil else {
            return .refused(.notFound, expected: "a marketplace")
        }
        guard !command.roles.isEmpty, command.roles.isSubset(of: [.seller, .buyer]) else {
            return .refused(.forbidden, expected: "seller, buyer or both", found: "\(command.roles.rawValue)")
        }
        let life = PartyLife(state: .registered, beforeSuspension: .registered)
        guard
            let party = try PartyRegistration.insert(
                command, roles: command.roles, life, command.language, turn)
        else { return .refused(PartyRegistration.taken) }
        Announcements.notify(.confirmEmail, party, subject: UInt64(party.linkGeneration), turn)
        return .answer(PartyRegistration.answer(party))
    }
}

/// What every registration does alike.
enum PartyRegistration {
    static let taken = Refusal(.emailTaken)

    /// Nothing if the address is taken.
    static func insert(
        _ command: some Registration, roles: Roles, _ life: PartyLife, _ language: Language, _ turn: Turn
    ) throws -> Party? {
        let hash = command.blindEmail.bytes
        guard try Parties.find(turn.store, command.home, emailHash: hash) == nil else { return nil }
        var party = Party()
        party.party = turn.newID()
        party.marketplace = command.home
        party.roles = roles
        party.life = life
        party.language = language
        party.email = command.email
        party.name = command.name
        party.credential = command.credential
        party.registeredAt = turn.now
        try Parties.insert(turn.store, party, emailHash: hash)
        Announcements.publish(party, turn)
        return party
    }

    static func answer(_ party: Party) -> PartyRegistered {
        var answer = PartyRegistered()
        answer.party = party.party
        return answer
    }
}
