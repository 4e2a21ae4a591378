import Kernel
import Messages
import Runtime

/// The listing is over without a sale: the contact may be offered again.
enum ReleaseContactHandler {
    static func handle(_ message: ReleaseContact, _ turn: Turn) throws {
        guard var contact = try Contacts.find(turn.store, message.contact)?.onFile, contact.state == .onOffer,
            contact.listing == message.listing
        else { return }
        contact.state = .free
        try Contacts.update(turn.store, contact)
        // Its seller closed its account while the listing ran.
        if try Parties.find(turn.store, contact.seller)?.life.state == .closed {
            try ContactErasure.erase(contact.contact, as: .erased, turn)
        }
    }
}
