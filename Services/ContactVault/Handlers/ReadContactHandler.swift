import Kernel
import Messages
import Runtime

/// Shows a granted contact to the party that it was granted to; each reading is a line in the log (F4).
enum ReadContactHandler {
    static func handle(_ command: ReadContact, _ turn: Turn) throws -> Outcome<ContactView> {
        guard let grant = try Grants.find(turn.store, order: command.order, of: turn.acting.party) else {
            // Operators see that there is a reveal; no rule reveals the contact to them.
            let isRevealed = try turn.acting.isOperator && Grants.exists(turn.store, order: command.order)
            return isRevealed
                ? .refused(.notRevealed, expected: "the party of the reveal", found: "an operator")
                : .refused(.notFound)
        }
        guard let contact = try Contacts.find(turn.store, grant.contact), !contact.isErased else {
            return .refused(.erased)
        }
        if !Planted.isOn(.readingUnlogged) {
            try RevealLog.append(
                turn.store, .read, grant, fields: contact.sealed.shown, purpose: grant.purpose, at: turn.now)
        }
        return .answer(grant.view(contact))
    }
}
