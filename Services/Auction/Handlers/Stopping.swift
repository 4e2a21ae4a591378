import Kernel
import Messages
import Runtime

/// A listing under way is stopped: taken back, suspended, or objected to (A7, A16, F10).
enum Stopping {
    /// Frees every hold, refuses the waiting bids, and tells the bidders.
    static func stop(
        _ listing: inout Listing, as stage: ListingStage, because refusal: Refusal,
        telling event: NotificationEvent,
        saying values: [NotificationValue] = [], _ turn: Turn
    ) throws -> [PartyID] {
        let bidders = try turn.store.bidders(on: listing.id)
        for bid in try turn.store.waitingBids(of: listing.id) {
            try turn.store.remove(bid.id)
            if bid.hold != listing.leadHold { turn.release(bid.hold) }
            try turn.refuse(Ticket(rawValue: bid.ticket), refusal)
        }
        turn.release(listing.leadHold)
        try turn.store.voidBids(on: listing.id)
        let old = listing.stage
        listing.stage = stage
        listing.standing = .init(price: Money(listing.startPrice, listing.currency))
        listing.leadHold = .none
        try turn.store.save(listing, after: old)
        try turn.cancel(ListingEnds.self, subject: listing.id.raw)
        try turn.cancel(ListingReviewFallsDue.self, subject: listing.id.raw)
        for bidder in bidders {
            try turn.tell(event, to: bidder, about: listing, subject: listing.id.raw, values)
        }
        let reason = stage == .objected ? KnownReason.prospectObjected : .applicationStopped
        try Applications.stopAll(for: listing.id, reason, turn)
        try Activations.endAll(
            for: listing.id, as: .stopped,
            reason: stage == .objected ? .prospectObjected : .listingStopped, turn)
        return bidders
    }

    /// Stops a listing for an operator or a suspended seller; what is left of its time is kept.
    static func suspend(_ listing: inout Listing, reason: String, _ turn: Turn) throws {
        let left = listing.endsAt.microseconds - turn.now.microseconds
        listing.remaining = Duration64(microseconds: max(0, left))
        let values = reason.isEmpty ? [] : [NotificationValue(.reason, reason)]
        _ = try stop(
            &listing, as: .suspended,
            because: Refusal(.suspended, expected: "an open listing", found: "suspended"),
            telling: .listingSuspended, saying: values, turn)
        try turn.tell(.listingSuspended, to: listing.seller, about: listing, subject: listing.id.raw, values)
    }

    /// A suspended party's bids on a listing count no more; if it led, the price begins anew.
    static func voidBids(of party: PartyID, on listing: Listing, _ turn: Turn) throws {
        var queue = BidQueue(
            turn: turn, listing: listing,
            policy: try turn.store.policy(listing.marketplace, listing.policyVersion))
        let refusal = Refusal(.suspended, expected: "a verified party", found: "suspended")
        for bid in try turn.store.waitingBids(of: listing.id) where bid.party == party {
            try queue.refuse(bid, refusal, othersWait: true)
        }
        if let lead = listing.standing.lead, lead.bidder == party {
            try turn.store.void(lead.bid)
            turn.release(listing.leadHold)
            queue.listing.standing = .init(price: Money(listing.startPrice, listing.currency))
            queue.listing.leadHold = .none
            try turn.store.saveStanding(queue.listing)
            let values: [NotificationValue] = [.init(.amount, lead.maximum)]
            let others = try turn.store.bidders(on: listing.id).filter { $0 != party }
            for told in [listing.seller] + others {
                try turn.tell(.bidWithdrawn, to: told, about: listing, subject: lead.bid.raw, values)
            }
        }
        try queue.advance()
    }
}
