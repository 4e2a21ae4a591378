import AuctionRules
import Kernel
import Messages
import Runtime

/// A listing's time is over (A6, A8): bids that arrived before are decided first.
enum ListingEndsHandler {
    static func handle(_ timer: ListingEnds, _ turn: Turn) throws {
        guard var listing = try turn.store.listing(timer.listing), listing.stage == .open else { return }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        guard policy.mode != .application else { return try Applications.end(&listing, turn) }
        guard policy.mode != .preliminaryCall else { return try FixedPrice.end(&listing, turn) }
        let waits = try turn.store.firstWaitingBid(of: listing.id) != nil
        switch ListingRules.atEnd(waitingBids: waits, hasLead: listing.standing.lead != nil) {
        case .awaitBids:
            listing.stage = .closing
            try turn.store.save(listing, after: .open)
        case .award:
            try Award.end(&listing, by: policy, turn)
        case .expire:
            try Award.expire(&listing, turn)
        }
    }
}

/// The winner's time to pay is over (A19); a payment under way is waited for.
enum PaymentLapsesHandler {
    static func handle(_ timer: PaymentLapses, _ turn: Turn) throws {
        guard let order = try turn.store.order(timer.order), order.stage == .awaitingPayment else { return }
        try Award.lapse(order, turn)
    }
}

/// The runner-up's time to decide is over (A19).
enum OfferLapsesHandler {
    static func handle(_ timer: OfferLapses, _ turn: Turn) throws {
        guard let order = try turn.store.order(timer.order), order.stage == .offered else { return }
        let listing = try turn.store.knownListing(order.listing)
        try turn.tell(
            .offerLapsed, to: order.buyer, about: listing, order: order.id, subject: order.id.raw)
        try Award.decline(order, turn)
    }
}

/// A listing is due for its review (A16).
enum ListingReviewFallsDueHandler {
    static func handle(_ timer: ListingReviewFallsDue, _ turn: Turn) throws {
        guard let listing = try turn.store.listing(timer.listing), listing.stage == .open else { return }
        let review = Review(
            id: turn.newID(), cause: .interval, marketplace: listing.marketplace, listing: listing.id,
            seller: listing.seller, openedAt: turn.now)
        try Reviewing.open(review, turn)
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        try turn.schedule(timer, subject: listing.id.raw, at: turn.due + policy.reviewInterval)
    }
}

/// A seller is due for its review (A16).
enum SellerReviewFallsDueHandler {
    static func handle(_ timer: SellerReviewFallsDue, _ turn: Turn) throws {
        guard let seller = try turn.store.party(timer.seller), seller.state != .closed,
            let policy = try turn.store.newestPolicy(of: seller.marketplace)?.policy
        else { return }
        let review = Review(
            id: turn.newID(), cause: .interval, marketplace: seller.marketplace, seller: seller.party,
            openedAt: turn.now)
        try Reviewing.open(review, turn)
        // After a long standstill one review is due, not one for each interval missed.
        let next = max(turn.due + policy.reviewInterval, turn.now + Duration64(microseconds: 1))
        try turn.schedule(timer, subject: seller.party.raw, at: next)
    }
}
