import Kernel
import Messages
import Runtime
import Wire

/// Stands in for the vault, as an e-mail's performer sees it.
struct VaultWorld: EffectWorld {
    var now = Instant.none
    var folder: String
    var language = Language.german
    var state = PartyState.verified
    /// Thrown instead of any answer.
    var refusal: Refusal?
    /// Thrown when the contact is to be opened.
    var contactRefusal: Refusal?

    func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
        if let refusal { throw refusal }
        var address = PartyAddress()
        address.email = PersonalText("ada@example.org")
        address.name = PersonalText("Ada")
        address.language = language
        address.state = state
        if let answer = address as? Q.Answer { return answer }
        var link = LinkIssued()
        link.token = "0a1b2c.3d4e5f"
        guard let answer = link as? Q.Answer else { throw Refusal(.unknownMessage) }
        return answer
    }

    func command<C: Command>(_ command: C, key: IdempotencyKey, of service: ServiceName) throws -> C.Answer {
        if let contactRefusal { throw contactRefusal }
        var contact = ContactView()
        contact.name = PersonalText("Paul Prospekt")
        contact.phones = [PersonalText("+49 228 1234567")]
        guard let answer = contact as? C.Answer else { throw Refusal(.unknownMessage) }
        return answer
    }

    func open(_ text: PersonalText) -> String? { text.plaintext }
}
