import Kernel
import Messages
import Runtime
import Storage

/// Shows a contract to its parties; the other side's data in it are a reading, and a line in the log (C1, F4).
enum ReadContractHandler {
    static func handle(_ command: ReadContract, _ turn: Turn) throws -> Outcome<ContractDocument> {
        let party = turn.acting.party
        guard let contract = try Contracts.find(turn.store, command.order), contract.isBetween(party),
            let reader = try Parties.find(turn.store, party)
        else { return .refused(.notFound) }
        var document = ContractDocument()
        document.terms = contract.terms
        document.seller = try side(contract.seller, contract.contact, turn.store)
        document.buyer = try side(contract.buyer, contract.card, turn.store)
        document.language = reader.language
        document.format = command.format
        if let grant = try Grants.find(turn.store, order: command.order, of: party),
            let shown = try Contacts.find(turn.store, grant.contact), !shown.isErased,
            !Planted.isOn(.readingUnlogged)
        {
            try RevealLog.append(
                turn.store, .read, grant, fields: shown.sealed.shown, purpose: "C1: the contract is read",
                at: turn.now)
        }
        return .answer(document)
    }

    /// Nothing but the party's number once its data is erased (F5).
    private static func side(
        _ party: PartyID, _ contact: ContactID, _ store: Store
    ) throws -> ContractParty {
        var side = ContractParty()
        side.party = party
        guard let contact = try Contacts.find(store, contact), !contact.isErased else { return side }
        side.name = contact.sealed.name
        side.address = contact.sealed.address
        side.phones = contact.sealed.phones
        side.email = contact.sealed.email
        return side
    }
}
