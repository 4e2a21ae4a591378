import Kernel
import Messages
import Runtime

/// A prospect objects by its link (F10).
enum ProspectObjectsHandler {
    static func handle(_ command: ProspectObjects, _ turn: Turn) throws -> Outcome<Done> {
        let token = LinkToken(.objection, subject: command.contact.raw, expires: command.expires)
        if let refusal = token.expired(at: turn.now) { return .refused(refusal) }
        return try ObjectForProspectHandler.object(command.contact, turn)
    }
}
