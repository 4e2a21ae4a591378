import AuctionRules
import Kernel
import Messages
import Runtime
import Storage

/// The vault holds the contact: the listing opens.
enum ContactClaimedHandler {
    static func handle(_ message: ContactClaimed, _ turn: Turn) throws {
        guard var listing = try turn.store.listing(message.listing), listing.stage == .claiming else {
            return
        }
        let seller = try turn.store.party(listing.seller)
        if let refusal = PartyRules.refusal(state: seller?.state, roles: seller?.roles ?? [], needed: .seller)
        {
            turn.releaseContact(of: listing)
            return try Claiming.takeBack(listing, refusal, turn)
        }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        guard let lead = try turn.store.lead(listing.id) else {
            throw StoreFault.corruptRow("lead of listing \(listing.id)")
        }
        let isSecondRound = listing.publishedAt != .none
        if isSecondRound {
            listing.round = 2
            listing.startPrice = listing.nextStartPrice
            listing.standing = Standing(price: Money(listing.startPrice, listing.currency))
        } else {
            listing.publishedAt = turn.now
            if var seller { try beginReviews(of: &seller, listing.marketplace, policy, turn) }
        }
        let ticket = Ticket(rawValue: listing.ticket)
        listing.ticket = 0
        let lasts = isSecondRound && policy.mode != .meetingAuction ? policy.secondRound : lead.duration
        listing.endsAt = turn.now + lasts
        try Opening.open(&listing, by: policy, turn)
        try turn.answer(ticket, Opening.published(listing))
    }

    /// A seller is reviewed at regular intervals from its first listing on (A16).
    private static func beginReviews(
        of seller: inout Party, _ marketplace: MarketplaceID, _ policy: Policy, _ turn: Turn
    ) throws {
        guard seller.reviewedSince == .none else { return }
        seller.reviewedSince = turn.now
        try turn.store.save(seller)
        var timer = SellerReviewFallsDue()
        timer.seller = seller.party
        try turn.schedule(timer, subject: seller.party.raw, at: turn.now + policy.reviewInterval)
    }
}

/// The vault does not let the contact be listed.
enum ContactRefusedHandler {
    static func handle(_ message: ContactRefused, _ turn: Turn) throws {
        guard let listing = try turn.store.listing(message.listing), listing.stage == .claiming else {
            return
        }
        try Claiming.takeBack(listing, Refusal(message.reason, found: message.found), turn)
    }
}

/// A listing that waits for its contact.
enum Claiming {
    /// A first round never was; a second one leaves the listing as it ended.
    static func takeBack(_ listing: Listing, _ refusal: Refusal, _ turn: Turn) throws {
        let ticket = Ticket(rawValue: listing.ticket)
        if listing.publishedAt == .none {
            try turn.store.remove(listing.id)
        } else {
            var listing = listing
            listing.stage = refusal.reason == .prospectObjected ? .objected : .expired
            listing.ticket = 0
            try turn.store.save(listing, after: .claiming)
        }
        try turn.refuse(ticket, refusal)
    }
}

/// A listing comes on offer: first, for its second round, or again after a suspension.
enum Opening {
    /// Opens the listing until its `endsAt`.
    static func open(_ listing: inout Listing, by policy: Policy, _ turn: Turn) throws {
        let old = listing.stage
        listing.stage = .open
        try turn.store.save(listing, after: old)
        var ends = ListingEnds()
        ends.listing = listing.id
        try turn.schedule(ends, subject: listing.id.raw, at: listing.endsAt)
        var review = ListingReviewFallsDue()
        review.listing = listing.id
        try turn.schedule(review, subject: listing.id.raw, at: turn.now + policy.reviewInterval)
        try turn.tell(
            policy.mode == .application ? .opportunityPublished : .listingPublished, to: listing.seller,
            about: listing, subject: turn.sequence,
            [.init(.price, listing.standing.price), .init(.endsAt, listing.endsAt)])
    }

    static func published(_ listing: Listing) -> ListingPublished {
        var published = ListingPublished()
        published.listing = listing.id
        published.endsAt = listing.endsAt
        published.startPrice = Money(listing.startPrice, listing.currency)
        published.round = listing.round
        return published
    }
}
