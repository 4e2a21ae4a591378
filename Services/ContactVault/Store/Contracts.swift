import Kernel
import Messages
import Storage

/// A contract between buyer and seller: its terms, and the contacts that say who they are (C1).
struct Contract {
    var terms = ContractTerms()
    var buyer = PartyID.none
    var seller = PartyID.none
    /// The seller's own contact, as it was listed.
    var contact = ContactID.none
    /// The buyer's own; none: it had none on file.
    var card = ContactID.none

    func isBetween(_ party: PartyID) -> Bool { party == buyer || party == seller }
}

/// The contracts on file.
enum Contracts {
    static func find(_ store: Store, _ order: OrderID) throws -> Contract? {
        try store.first(
            "SELECT buyer, seller, contact, card, terms FROM contracts WHERE order_id = ?", order
        ) { row in
            Contract(
                terms: try row.record(4), buyer: row.id(0), seller: row.id(1), contact: row.id(2),
                card: row.id(3))
        }
    }

    static func insert(_ store: Store, _ contract: Contract) throws {
        try store.run(
            """
            INSERT INTO contracts (order_id, buyer, seller, contact, card, terms) VALUES (?, ?, ?, ?, ?, ?)
            """, contract.terms.order, contract.buyer, contract.seller, contract.contact, contract.card,
            contract.terms.encoded())
    }
}
