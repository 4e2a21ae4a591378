import AuctionRules
import Kernel
import Messages
import Runtime

/// The one second round (A8), or one more of an appointment (C6).
enum RelistListingHandler {
    static func handle(_ command: RelistListing, _ turn: Turn) throws -> Outcome<ListingPublished> {
        if let refusal = try turn.refusalOfActing(needed: .seller) { return .refused(refusal) }
        guard var listing = try turn.store.listing(command.listing), listing.seller == turn.acting.party,
            listing.stage != .claiming || listing.publishedAt != .none,
            let lead = try turn.store.lead(listing.id)
        else { return .refused(.notFound) }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        let ended = EndedRound(
            stage: listing.stage, round: listing.round, bids: listing.bids, inquiredAt: lead.inquiredAt,
            duration: lead.duration)
        let refusal: Refusal? =
            switch policy.mode {
            case .leadAuction:
                ListingRules.refusalOfChange(command)
                    ?? ListingRules.refusalOfSecondRound(ended, by: policy, now: turn.now)
            case .meetingAuction:
                ListingRules.refusalOfNextRound(ended)
                    ?? Publication.refusal(of: command, lead.projectType, by: policy)
            default:
                Refusal(.wrongState, expected: "\(SalesMode.leadAuction)", found: "\(policy.mode)")
            }
        if let refusal { return .refused(refusal) }
        guard try turn.store.party(listing.seller)?.payoutVerified == true else {
            return .refused(.payoutAccountMissing, expected: "a verified payout account", found: "none")
        }
        let startPrice = command.startPrice ?? Money(listing.startPrice, listing.currency)
        if let refusal = Publication.refusalOfStartPrice(startPrice, policy) { return .refused(refusal) }
        if policy.mode == .meetingAuction {
            try turn.store.revise(
                listing.id, command.revision, duration: command.duration, acceptedAt: turn.now)
        }
        listing.stage = .claiming
        listing.nextStartPrice = startPrice.minor
        listing.ticket = turn.ticket.rawValue
        try turn.store.save(listing, after: .expired)
        turn.claim(listing.contact, for: listing.id, listing.seller, listing.marketplace, policy)
        return .waiting
    }
}
