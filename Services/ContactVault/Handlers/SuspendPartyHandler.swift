import ContactVaultRules
import Kernel
import Messages
import Runtime

/// An operator suspends a party (A16).
enum SuspendPartyHandler {
    static func handle(_ command: SuspendParty, _ turn: Turn) throws -> Outcome<PartyView> {
        guard let party = try Parties.find(turn.store, command.party) else { return .refused(.notFound) }
        guard command.party != turn.acting.party else {
            return .refused(.forbidden, expected: "another operator", found: "oneself")
        }
        guard !command.reason.allSatisfy(\.isWhitespace) else {
            return .refused(.invalidText, expected: "reason: not empty", found: "empty")
        }
        switch party.life.after(.isSuspended) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let life):
            return .answer(try PartySuspension.carryOut(party, life, reason: command.reason, turn).view)
        }
    }
}

/// What every suspension does alike, whoever asked for it.
enum PartySuspension {
    static func carryOut(
        _ party: Party, _ life: PartyLife, reason: String, _ turn: Turn
    ) throws -> Party {
        var party = party
        party.life = life
        party.reason = reason
        try Parties.update(turn.store, party)
        try Announcements.revoke(party.party, turn)
        Announcements.publish(party, turn)
        var value = NotificationValue()
        value.name = "reason"
        value.text = reason
        Announcements.notify(.partySuspended, party, subject: turn.sequence, values: [value], turn)
        return party
    }
}
