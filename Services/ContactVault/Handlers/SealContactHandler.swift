import Kernel
import Messages
import Runtime

/// Takes a prospect's contact on file; what is personal in it was sealed at the edge.
enum SealContactHandler {
    static func handle(_ command: SealContact, _ turn: Turn) throws -> Outcome<ContactSealed> {
        guard let seller = try Parties.find(turn.store, turn.acting.party) else { return .refused(.notFound) }
        switch seller.life.state {
        case .verified: break
        case .suspended: return .refused(.suspended, expected: "a party not suspended", found: seller.reason)
        default: return .refused(.notVerified, expected: "a verified party", found: "\(seller.life.state)")
        }
        guard command.inquiredAt > .none, command.inquiredAt <= turn.now else {
            return .refused(
                .invalidValue, expected: "inquiredAt: not later than \(turn.now.iso8601)",
                found: command.inquiredAt.iso8601)
        }
        var contact = Contact()
        contact.onFile.contact = turn.newID()
        contact.onFile.seller = seller.party
        contact.onFile.marketplace = seller.marketplace
        contact.onFile.inquiredAt = command.inquiredAt
        contact.onFile.hasInquiryProof = command.hasInquiryProof
        contact.preferredChannel = command.preferredChannel
        contact.sealed = SealedContact(
            name: command.name, phones: command.phones, email: command.email, address: command.address,
            profileLink: command.profileLink, externalReference: command.externalReference,
            inquiryProof: command.inquiryProof)
        contact.sealedAt = turn.now
        let hashes = (command.blindPhones + [command.blindEmail]).map(\.bytes).filter { !$0.isEmpty }
        try Contacts.insert(turn.store, contact, hashes: hashes)
        var answer = ContactSealed()
        answer.contact = contact.onFile.contact
        return .answer(answer)
    }
}
