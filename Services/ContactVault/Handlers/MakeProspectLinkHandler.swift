import Kernel
import Messages
import Runtime

/// Derives a link with which a prospect acts without an account (B7).
///
/// Sellers may hand out objection links for their own contacts; the report names buyers, so that its link, like
/// the one for erasure, comes from an operator.
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
        case .report, .erasure:
            guard acting.isOperator else { return .refused(.forbidden, expected: "an operator") }
        case .confirmEmail, .refresh:
            return .refused(.invalidValue, expected: "a prospect's purpose", found: "\(query.purpose)")
        }
        let token = LinkToken(query.purpose, subject: query.contact.raw, expires: reading.now + life)
        return .answer(LinkEdge.issue(token, environment))
    }
}
