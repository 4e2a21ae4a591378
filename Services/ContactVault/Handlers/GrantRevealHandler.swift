import Kernel
import Messages
import Runtime

/// A rule reveals the contact to an order's buyer (A12): the permission, and the first line of the log about it.
enum GrantRevealHandler {
    static func handle(_ message: GrantReveal, _ turn: Turn) throws {
        if let known = try Grants.find(turn.store, order: message.order, of: message.party) {
            return answer(known, turn)
        }
        guard let contact = try Contacts.find(turn.store, message.contact) else {
            return refuse(message, .notFound, turn)
        }
        switch contact.onFile.state {
        case .objected: return refuse(message, .prospectObjected, turn)
        case .erased: return refuse(message, .erased, turn)
        case .free, .onOffer, .sold: break
        }
        let grant = Grant(
            grant: turn.newID(), order: message.order, listing: message.listing, contact: message.contact,
            party: message.party, purpose: message.purpose, grantedAt: turn.now)
        try Grants.insert(turn.store, grant)
        try RevealLog.append(
            turn.store, .granted, grant, fields: contact.sealed.shown, purpose: message.purpose, at: turn.now)
        var sold = contact.onFile
        sold.state = .sold
        sold.listing = message.listing
        sold.soldAt = turn.now
        try Contacts.update(turn.store, sold)
        answer(grant, turn)
    }

    private static func answer(_ grant: Grant, _ turn: Turn) {
        var answer = RevealGranted()
        answer.order = grant.order
        answer.grant = grant.grant
        answer.grantedAt = grant.grantedAt
        turn.send(answer, to: .auction)
    }

    private static func refuse(_ message: GrantReveal, _ reason: RefusalCode, _ turn: Turn) {
        var answer = RevealRefused()
        answer.order = message.order
        answer.reason = reason
        turn.send(answer, to: .auction)
    }
}
