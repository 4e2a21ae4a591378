import Kernel
import Messages
import Runtime

/// Derives a link with which a prospect acts without an account (B7).
///
/// Sellers may hand out objection links for their own contacts; the report names buyers, and a review decides about
/// money, so that these links, like the one for erasure, come from an operator.
enum MakeProspectLinkHandler {
    /// How long a prospect's link holds.
    static let life = Duration64.days(30)

    static func handle(
        _ query: MakeProspectLink, _ reading: Reading, _ environment: VaultEnvironment
    ) throws -> Outcome<LinkIssued> {
        let acting = reading.acting
        guard let contact = try Contacts.find(reading.store, query.contact),
            contact.onFile.seller == acting.party || acting.isOperator
        else { return .refused(.notFound) }
        switch query.purpose {
        case .objection: break
        case .report, .erasure, .review, .chat:
            guard acting.isOperator else { return .refused(.forbidden, expected: "an operator") }
        case .confirmEmail, .refresh:
            return .refused(.invalidValue, expected: "a prospect's purpose", found: "\(query.purpose)")
        }
        let isOfApplication = query.purpose == .review || query.purpose == .chat
        if isOfApplication, query.order.isNone {
            return .refused(.invalidValue, expected: "an application", found: "none")
        }
        let subject = isOfApplication ? query.order.raw : query.contact.raw
        let token = LinkToken(query.purpose, subject: subject, expires: reading.now + life)
        return .answer(LinkEdge.issue(token, environment))
    }
}
