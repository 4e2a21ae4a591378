import Kernel
import Messages
import Runtime

/// Derives the link that an e-mail is to carry, at the moment of sending.
enum FetchLinkHandler {
    /// How long a link holds from the moment it is derived.
    static let life = Duration64.days(7)

    static func handle(
        _ query: FetchLink, _ reading: Reading, _ environment: VaultEnvironment
    ) throws -> Outcome<LinkIssued> {
        let expires = reading.now + life
        switch query.purpose {
        case .confirmEmail:
            guard let party = try Parties.find(reading.store, query.party), party.life.state != .closed else {
                return .refused(.notFound)
            }
            let token = LinkToken(
                .confirmEmail, subject: party.party.raw, generation: party.linkGeneration, expires: expires)
            return .answer(LinkEdge.issue(token, environment))
        case .objection, .report, .erasure:
            guard try Contacts.find(reading.store, query.contact) != nil else { return .refused(.notFound) }
            let token = LinkToken(query.purpose, subject: query.contact.raw, expires: expires)
            return .answer(LinkEdge.issue(token, environment))
        case .review, .chat:
            guard let contact = try Contacts.find(reading.store, query.contact), !contact.isErased else {
                return .refused(.notFound)
            }
            let token = LinkToken(query.purpose, subject: query.order.raw, expires: expires)
            return .answer(LinkEdge.issue(token, environment))
        case .refresh:
            return .refused(.forbidden, expected: "a link's purpose", found: "refresh")
        }
    }
}
