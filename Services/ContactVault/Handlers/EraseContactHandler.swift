import Kernel
import Messages
import Runtime

/// An operator erases a contact (F5).
enum EraseContactHandler {
    static func handle(_ command: EraseContact, _ turn: Turn) throws -> Outcome<Done> {
        try erase(command.contact, turn)
    }

    static func erase(_ contact: ContactID, _ turn: Turn) throws -> Outcome<Done> {
        guard try Contacts.find(turn.store, contact) != nil else { return .refused(.notFound) }
        try ContactErasure.erase(contact, as: .erased, turn)
        return .answer(Done())
    }
}
