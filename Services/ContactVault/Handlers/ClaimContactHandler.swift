import ContactVaultRules
import Kernel
import Messages
import Runtime

/// A listing wants to offer a contact: it may, if the rules of claiming let it.
enum ClaimContactHandler {
    static func handle(_ message: ClaimContact, _ turn: Turn) throws {
        let known = try Contacts.find(turn.store, message.contact)
        // A party's own card is for its trading partners, and no lead.
        let contact = known?.isCard == true ? nil : known?.onFile
        let samePerson = try contact.map { try PersonHashes.samePerson(turn.store, as: $0) } ?? SamePerson()
        let claim = ContactClaim(
            listing: message.listing, seller: message.seller, marketplace: message.marketplace,
            duplicateWindow: message.duplicateWindow)
        if let refusal = claim.refusal(contact, samePerson, now: turn.now) {
            return refuse(message, refusal, turn)
        }
        if message.needsPhone, known?.sealed.phones.isEmpty != false {
            return refuse(
                message, Refusal(.answerMissing, expected: "a phone number", found: "none"), turn)
        }
        guard var contact else { return }
        contact.state = .onOffer
        contact.listing = message.listing
        try Contacts.update(turn.store, contact)
        var answer = ContactClaimed()
        answer.listing = message.listing
        answer.contact = message.contact
        turn.send(answer, to: .auction)
    }

    private static func refuse(_ message: ClaimContact, _ refusal: Refusal, _ turn: Turn) {
        var answer = ContactRefused()
        answer.listing = message.listing
        answer.contact = message.contact
        answer.reason = refusal.reason
        answer.found = refusal.found
        turn.send(answer, to: .auction)
    }
}
