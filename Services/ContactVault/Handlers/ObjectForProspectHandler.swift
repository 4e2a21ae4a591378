import Kernel
import Messages
import Runtime

/// An operator records the objection of a prospect who wrote or called (F10).
enum ObjectForProspectHandler {
    static func handle(_ command: ObjectForProspect, _ turn: Turn) throws -> Outcome<Done> {
        try object(command.contact, turn)
    }

    static func object(_ id: ContactID, _ turn: Turn) throws -> Outcome<Done> {
        guard let contact = try Contacts.find(turn.store, id) else { return .refused(.notFound) }
        switch contact.onFile.state {
        case .objected: return .answer(Done())
        // With the data went the hashes: there is nothing left to recognise the person by.
        case .erased: return .refused(.erased)
        case .free, .onOffer, .sold:
            try ContactErasure.object(id, turn)
            return .answer(Done())
        }
    }
}
