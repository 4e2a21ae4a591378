import Kernel
import Messages
import Runtime

/// Keeps a contract, and lets the seller read the buyer's card (C1, C2).
///
/// It follows the reveal to the buyer; where that was refused there is no contract.
enum RecordContractHandler {
    static func handle(_ message: RecordContract, _ turn: Turn) throws {
        let order = message.terms.order
        guard try Contracts.find(turn.store, order) == nil,
            let reveal = try Grants.find(turn.store, order: order, of: message.buyer)
        else { return }
        let contract = Contract(
            terms: message.terms, buyer: message.buyer, seller: message.seller, contact: reveal.contact,
            card: message.card)
        try Contracts.insert(turn.store, contract)
        var answer = ContractRecorded()
        answer.order = order
        if let card = try Contacts.find(turn.store, message.card), card.isCard, !card.isErased {
            let grant = Grant(
                grant: turn.newID(), order: order, listing: message.terms.listing, contact: message.card,
                party: message.seller, purpose: purpose, grantedAt: turn.now)
            try Grants.insert(turn.store, grant)
            try RevealLog.append(
                turn.store, .granted, grant, fields: card.sealed.shown, purpose: purpose, at: turn.now)
            answer.grant = grant.grant
        }
        turn.send(answer, to: .auction)
    }

    private static let purpose = "C2: a contract with the buyer"
}
