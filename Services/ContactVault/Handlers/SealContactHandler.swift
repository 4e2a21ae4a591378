import Kernel
import Messages
import Runtime

/// Takes a prospect's contact on file, or a party's own card; what is personal in it was sealed at the edge.
enum SealContactHandler {
    static func handle(_ command: SealContact, _ turn: Turn) throws -> Outcome<ContactSealed> {
        guard var seller = try Parties.find(turn.store, turn.acting.party) else { return .refused(.notFound) }
        switch seller.life.state {
        case .verified: break
        case .suspended: return .refused(.suspended, expected: "a party not suspended", found: seller.reason)
        default: return .refused(.notVerified, expected: "a verified party", found: "\(seller.life.state)")
        }
        guard command.own || seller.roles.contains(.seller) else {
            return .refused(.forbidden, expected: "a seller, or the party's own contact", found: "a buyer")
        }
        guard command.own || command.inquiredAt > .none && command.inquiredAt <= turn.now else {
            return .refused(
                .invalidValue, expected: "inquiredAt: not later than \(turn.now.iso8601)",
                found: command.inquiredAt.iso8601)
        }
        var contact = Contact()
        contact.onFile.contact = turn.newID()
        contact.onFile.seller = seller.party
        contact.onFile.marketplace = seller.marketplace
        contact.onFile.inquiredAt = command.own ? turn.now : command.inquiredAt
        contact.isCard = command.own
        contact.onFile.hasInquiryProof = command.hasInquiryProof
        contact.preferredChannel = command.preferredChannel
        contact.sealed = SealedContact(
            name: command.name, phones: command.phones, email: command.email, address: command.address,
            profileLink: command.profileLink, externalReference: command.externalReference,
            inquiryProof: command.inquiryProof)
        contact.sealedAt = turn.now
        let hashes = (command.blindPhones + [command.blindEmail]).map(\.bytes).filter { !$0.isEmpty }
        try Contacts.insert(turn.store, contact, hashes: hashes)
        if command.own {
            seller.card = contact.onFile.contact
            try Parties.update(turn.store, seller)
            Announcements.publish(seller, turn)
        }
        var answer = ContactSealed()
        answer.contact = contact.onFile.contact
        return .answer(answer)
    }
}
