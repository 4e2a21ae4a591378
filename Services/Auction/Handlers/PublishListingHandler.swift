import AuctionRules
import Kernel
import Messages
import Runtime

enum PublishListingHandler {
    static func handle(_ command: PublishListing, _ turn: Turn) throws -> Outcome<ListingPublished> {
        let seller = try turn.store.party(turn.acting.party)
        if let refusal = PartyRules.refusal(state: seller?.state, roles: seller?.roles ?? [], needed: .seller)
        {
            return .refused(refusal)
        }
        let marketplace = turn.acting.marketplace
        guard let newest = try turn.store.newestPolicy(of: marketplace) else {
            return .refused(.unavailable, expected: "a marketplace with a policy", found: "none")
        }
        let (version, policy) = (newest.version, newest.policy)
        guard policy.mode != .prepaidLine else {
            return .refused(
                .wrongState, expected: "a mode in which leads are listed", found: "\(policy.mode)")
        }
        var command = command
        if policy.mode == .application {
            command.startPrice = Money(policy.applicationFee, policy.currency)
        }
        let refusal = Publication.refusal(
            of: command, by: policy, now: turn.now, payoutAccountVerified: seller?.payoutVerified ?? false)
        if let refusal { return .refused(refusal) }
        guard !command.contact.isNone else {
            return .refused(.notFound, expected: "a contact", found: "none")
        }
        let listing: ListingID = turn.newID()
        let scope = ListingScope(
            marketplace: marketplace, policyVersion: version, ticket: turn.ticket.rawValue,
            contractAcceptedAt: policy.mode == .meetingAuction ? turn.now : .none)
        try turn.store.insert(listing, command, seller: turn.acting.party, scope)
        turn.claim(command.contact, for: listing, turn.acting.party, marketplace, policy)
        return .waiting
    }
}

extension Turn {
    /// Asks the vault for a contact; a listing is on offer only once it has it.
    func claim(
        _ contact: ContactID, for listing: ListingID, _ seller: PartyID, _ marketplace: MarketplaceID,
        _ policy: Policy
    ) {
        var claim = ClaimContact()
        claim.listing = listing
        claim.contact = contact
        claim.seller = seller
        claim.marketplace = marketplace
        claim.duplicateWindow = policy.duplicateWindow
        claim.needsPhone = policy.mode == .preliminaryCall
        send(claim, to: .contactVault)
    }
}
