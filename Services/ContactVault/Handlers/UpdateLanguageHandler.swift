import Kernel
import Messages
import Runtime

enum UpdateLanguageHandler {
    static func handle(_ command: UpdateLanguage, _ turn: Turn) throws -> Outcome<Done> {
        guard var party = try Parties.find(turn.store, turn.acting.party), party.life.state != .closed else {
            return .refused(.notFound)
        }
        party.language = command.language
        try Parties.update(turn.store, party)
        Announcements.publish(party, turn)
        return .answer(Done())
    }
}
