import AuctionRules
import Kernel
import Messages
import Runtime

/// A buyer takes a lead at its fixed price (D4); the first of several gets it (D7).
enum BuyLeadHandler {
    static func handle(_ command: BuyLead, _ turn: Turn) throws -> Outcome<OrderPaid> {
        if let refusal = try turn.refusalOfActing(needed: .buyer) { return .refused(refusal) }
        let buyer = turn.acting.party
        guard var listing = try turn.store.listing(command.listing), listing.stage != .claiming,
            listing.marketplace == turn.acting.marketplace
        else { return .refused(.notFound) }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        let offered = try ActivateCallHandler.offer(listing, policy, to: buyer, turn)
        let refusal = PreliminaryRules.refusalOfPurchase(of: offered, by: buyer, now: turn.now)
        if let refusal { return .refused(refusal) }
        let old = listing.stage
        listing.stage = .awarded
        try turn.store.save(listing, after: old)
        var order = Order(
            id: turn.newID(), listing: listing.id, marketplace: listing.marketplace,
            policyVersion: listing.policyVersion, buyer: buyer, seller: listing.seller,
            contact: listing.contact, price: listing.standing.price, stage: .collecting,
            awardedAt: turn.now, deadline: turn.now, ticket: turn.ticket.rawValue)
        if var own = try turn.store.liveActivation(for: listing.id, of: buyer) {
            if !Planted.isOn(.priceNotFrozen) { order.price = own.price }
            order.hold = own.hold
            own.stage = .buying
            own.order = order.id
            try turn.store.save(own)
        }
        try turn.store.insert(order)
        try turn.store.save(order)
        try Collecting.ask(order, turn)
        return .waiting
    }
}

/// What the wallet says of a purchase at a fixed price.
enum LeadSale {
    /// Paid: every other activation ends at once (D7).
    static func sold(_ order: Order, _ turn: Turn) throws {
        if var own = try turn.store.liveActivation(for: order.listing, of: order.buyer) {
            try Activations.end(&own, as: .bought, turn)
        }
        if !Planted.isOn(.othersKeepNumbers) {
            try Activations.endAll(for: order.listing, as: .soldToAnother, turn)
        }
        try turn.cancel(ListingEnds.self, subject: order.listing.raw)
        try turn.cancel(ListingReviewFallsDue.self, subject: order.listing.raw)
        try turn.tell(
            .leadSold, to: order.seller, about: try turn.store.knownListing(order.listing), order: order.id,
            subject: order.id.raw, [.init(.price, order.price)])
    }

    /// Not paid: the lead is on offer again, and the purchase never was.
    static func refused(_ order: inout Order, _ message: PaymentRefused, _ turn: Turn) throws {
        let ticket = Ticket(rawValue: order.ticket)
        order.ticket = 0
        order.stage = .cancelled
        turn.release(order.hold)
        order.hold = .none
        try turn.store.save(order)
        if var own = try turn.store.liveActivation(for: order.listing, of: order.buyer), own.order == order.id
        {
            try Activations.end(&own, as: .stopped, reason: .listingStopped, turn)
        }
        var listing = try turn.store.knownListing(order.listing)
        try FixedPrice.reopen(&listing, turn)
        try turn.refuse(
            ticket, Refusal(message.reason, expected: message.expected, found: message.found))
    }
}
