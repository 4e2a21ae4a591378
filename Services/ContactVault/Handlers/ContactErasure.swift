import Kernel
import Messages
import Runtime

/// Erases contacts: the keys go after the commit, the listing stops, the log of reveals stays (F5).
enum ContactErasure {
    /// The most contacts that one command erases; the rest follow by a timer.
    static let mostAtOnce = 100

    /// Erases one contact, and tells the auction if a listing offers or sold it.
    static func erase(_ id: ContactID, as state: ContactState, keepingHashes: Bool = false, _ turn: Turn)
        throws
    {
        guard let contact = try Contacts.find(turn.store, id), !contact.isErased else { return }
        try Contacts.erase(turn.store, id, state: state)
        if !keepingHashes { try PersonHashes.forget(turn.store, id) }
        if !Planted.isOn(.erasureKeepsKey) { try turn.destroyKeys(contact.sealed.keys) }
        guard contact.onFile.state != .free, !Planted.isOn(.objectionUntold) else { return }
        var fact = ProspectObjected()
        fact.contact = id
        fact.listing = contact.onFile.listing
        fact.objectedAt = turn.now
        turn.send(fact, to: .auction)
    }

    /// The prospect objects (F10): remembered by hash, and erased wherever the same person is on file.
    static func object(_ contact: ContactID, _ turn: Turn) throws {
        if !Planted.isOn(.objectionForgotten) {
            try PersonHashes.object(turn.store, try PersonHashes.of(turn.store, contact), at: turn.now)
        }
        try erase(contact, as: .objected, keepingHashes: true, turn)
        try eraseSamePerson(contact, turn)
    }

    /// Erases the other contacts of a person who objected. The objecting contact's own hashes, by which they
    /// are found, go last.
    static func eraseSamePerson(_ contact: ContactID, _ turn: Turn) throws {
        let others = try PersonHashes.others(turn.store, than: contact, limit: mostAtOnce)
        for other in others { try erase(other, as: .objected, turn) }
        guard others.count == mostAtOnce else { return try PersonHashes.forget(turn.store, contact) }
        var rest = ContinueObjection()
        rest.contact = contact
        try turn.schedule(rest, subject: contact.raw, at: turn.now)
    }

    /// Erases what a closed seller never offered or sold.
    static func eraseFree(of seller: PartyID, _ turn: Turn) throws {
        let contacts = try Contacts.free(turn.store, of: seller, limit: mostAtOnce)
        for contact in contacts { try erase(contact, as: .erased, turn) }
        guard contacts.count == mostAtOnce else { return }
        var rest = ContinueClosing()
        rest.party = seller
        try turn.schedule(rest, subject: seller.raw, at: turn.now)
    }
}
