import Kernel
import Messages
import Runtime

/// Opens a granted contact for an e-mail to its party; one line in the log per grant and purpose, however
/// often the e-mail is tried.
enum OpenForDeliveryHandler {
    static func handle(_ command: OpenForDelivery, _ turn: Turn) throws -> Outcome<ContactView> {
        guard let grant = try Grants.find(turn.store, command.grant) else { return .refused(.notFound) }
        guard let contact = try Contacts.find(turn.store, grant.contact), !contact.isErased else {
            return .refused(.erased)
        }
        if try !RevealLog.wasDelivered(turn.store, grant.grant, purpose: command.purpose) {
            try RevealLog.append(
                turn.store, .delivered, grant, fields: contact.sealed.shown, purpose: command.purpose,
                at: turn.now)
        }
        return .answer(grant.view(contact))
    }
}
