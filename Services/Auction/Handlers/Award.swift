import AuctionRules
import Kernel
import Messages
import Runtime

/// The end of an auction: an award, an offer to the runner-up, or nothing sold (A8, A11, A19).
enum Award {
    /// Decides a listing whose time is over and whose bids are all decided.
    static func end(_ listing: inout Listing, by policy: Policy, _ turn: Turn) throws {
        guard let lead = listing.standing.lead else { return try expire(&listing, turn) }
        let old = listing.stage
        listing.stage = .awarded
        try turn.store.save(listing, after: old)
        try turn.cancel(ListingReviewFallsDue.self, subject: listing.id.raw)
        // An appointment's price is collected by itself, however the buyer pays (C4).
        let covered = !listing.leadHold.isNone || policy.mode == .meetingAuction
        let order = Order(
            id: turn.newID(), listing: listing.id, marketplace: listing.marketplace,
            policyVersion: listing.policyVersion, buyer: lead.bidder, seller: listing.seller,
            contact: listing.contact, price: listing.standing.price, hold: listing.leadHold,
            stage: covered ? .collecting : .awaitingPayment, awardedAt: turn.now,
            deadline: turn.now + policy.paymentDeadline)
        try turn.store.insert(order)
        if covered {
            if Planted.isOn(.revealBeforeCapture) { OrderPaidForHandler.askForReveal(order, turn) }
            try Collecting.ask(order, byMethod: policy.mode == .meetingAuction, turn)
        } else {
            try turn.schedule(lapses(order), subject: order.id.raw, at: order.deadline)
        }
        try tell(of: order, listing, covered: covered, turn)
    }

    /// The listing ended without a buyer; the seller may list the contact again.
    static func expire(_ listing: inout Listing, _ turn: Turn) throws {
        let old = listing.stage
        listing.stage = .expired
        try turn.store.save(listing, after: old)
        try turn.cancel(ListingReviewFallsDue.self, subject: listing.id.raw)
        turn.releaseContact(of: listing)
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        guard policy.mode == .meetingAuction, listing.bids == 0 else {
            return try turn.tell(
                .listingExpired, to: listing.seller, about: listing, subject: listing.id.raw)
        }
        let start = Money(listing.startPrice, listing.currency)
        // Listings may end again and again (C6): each end is told of.
        try turn.tell(
            .appointmentUnsold, to: listing.seller, about: listing, subject: turn.sequence,
            [.init(.price, MeetingRules.suggestedPrice(startPrice: start, by: policy))])
    }

    /// The winner did not pay: a strike, and an offer to the runner-up at its own bid (A19).
    static func lapse(_ order: Order, _ turn: Turn) throws {
        var order = order
        order.stage = .lapsed
        try turn.store.save(order)
        var listing = try turn.store.knownListing(order.listing)
        let price = NotificationValue(.price, order.price)
        for party in [order.buyer, order.seller] {
            try turn.tell(
                .paymentLapsed, to: party, about: listing, order: order.id, subject: order.id.raw, [price])
        }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        try strike(order.buyer, by: policy, turn)
        try offer(&listing, after: order.buyer, by: policy, turn)
    }

    /// The runner-up left the offer, or let its deadline pass: one offer is made in all.
    static func decline(_ order: Order, _ turn: Turn) throws {
        var order = order
        order.stage = .declined
        try turn.store.save(order)
        try turn.cancel(OfferLapses.self, subject: order.id.raw)
        var listing = try turn.store.knownListing(order.listing)
        try expire(&listing, turn)
    }

    static func lapses(_ order: Order) -> PaymentLapses {
        var timer = PaymentLapses()
        timer.order = order.id
        return timer
    }

    private static func strike(_ buyer: PartyID, by policy: Policy, _ turn: Turn) throws {
        if Planted.isOn(.strikeForgotten) { return }
        var party = try turn.store.party(buyer) ?? Party(party: buyer)
        party.strikes += 1
        try turn.store.save(party)
        guard OrderRules.suspends(strikes: party.strikes, by: policy) else { return }
        var suspend = SuspendForCause()
        suspend.party = buyer
        suspend.reason = KnownReason.paymentsLapsed.rawValue
        turn.send(suspend, to: .contactVault)
    }

    private static func offer(
        _ listing: inout Listing, after winner: PartyID, by policy: Policy, _ turn: Turn
    ) throws {
        guard let runnerUp = try turn.store.runnerUp(on: listing.id, after: winner) else {
            return try expire(&listing, turn)
        }
        let own = Money(runnerUp.amount, listing.currency)
        let order = Order(
            id: turn.newID(), listing: listing.id, marketplace: listing.marketplace,
            policyVersion: listing.policyVersion, buyer: runnerUp.party, seller: listing.seller,
            contact: listing.contact,
            price: Planted.isOn(.offerAtWinnersPrice) ? listing.standing.price : own,
            stage: .offered,
            offered: true, awardedAt: turn.now, deadline: turn.now + policy.offerDeadline)
        try turn.store.insert(order)
        var timer = OfferLapses()
        timer.order = order.id
        try turn.schedule(timer, subject: order.id.raw, at: order.deadline)
        try turn.tell(
            .runnerUpOffer, to: order.buyer, about: listing, order: order.id, subject: order.id.raw,
            [.init(.price, order.price), .init(.deadline, order.deadline)])
    }

    /// Winner and seller are told, and those who did not win (A11).
    private static func tell(of order: Order, _ listing: Listing, covered: Bool, _ turn: Turn) throws {
        let price = NotificationValue(.price, order.price)
        let deadline = NotificationValue(.deadline, order.deadline)
        try turn.tell(
            .auctionWon, to: order.buyer, about: listing, order: order.id, subject: order.id.raw,
            covered ? [price] : [price, deadline])
        try turn.tell(
            .leadSold, to: order.seller, about: listing, order: order.id, subject: order.id.raw, [price])
        for bidder in try turn.store.bidders(on: listing.id) where bidder != order.buyer {
            try turn.tell(.auctionLost, to: bidder, about: listing, subject: listing.id.raw, [price])
        }
    }
}

extension Turn {
    /// The listing no longer needs its contact.
    func releaseContact(of listing: Listing) {
        var release = ReleaseContact()
        release.listing = listing.id
        release.contact = listing.contact
        send(release, to: .contactVault)
    }
}
