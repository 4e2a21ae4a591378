import Kernel
import Messages
import Runtime

/// A prospect has its data erased by its link (F5).
enum ProspectErasesHandler {
    static func handle(_ command: ProspectErases, _ turn: Turn) throws -> Outcome<Done> {
        let token = LinkToken(.erasure, subject: command.contact.raw, expires: command.expires)
        if let refusal = token.expired(at: turn.now) { return .refused(refusal) }
        return try EraseContactHandler.erase(command.contact, turn)
    }
}
