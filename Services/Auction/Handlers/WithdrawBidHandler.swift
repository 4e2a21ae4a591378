import Kernel
import Messages
import Runtime

/// Whoever was outbid is free and may withdraw; the highest bidder is bound (A10).
enum WithdrawBidHandler {
    static func handle(_ command: WithdrawBid, _ turn: Turn) throws -> Outcome<BidWithdrawn> {
        guard let bid = try turn.store.bid(command.bid), bid.party == turn.acting.party,
            let listing = try turn.store.listing(bid.listing)
        else { return .refused(.notFound) }
        if listing.standing.lead?.bidder == bid.party, listing.stage != .expired {
            return .refused(
                .highestBidderBound, expected: "a bid that was outbid", found: "the highest bidder")
        }
        guard bid.stage == .outbid else {
            return .refused(.wrongState, expected: "\(BidStage.outbid)", found: "\(bid.stage)")
        }
        if let order = try turn.store.liveOrder(of: listing.id), order.buyer == bid.party {
            return .refused(.wrongState, expected: "no order of the bidder", found: "\(order.stage)")
        }
        try turn.store.withdraw(bid)
        if Planted.isOn(.withdrawalLowersPrice) {
            var lowered = listing
            lowered.standing.price = Money(listing.startPrice, listing.currency)
            try turn.store.saveStanding(lowered)
        }
        var withdrawn = BidWithdrawn()
        withdrawn.bid = bid.id
        withdrawn.listing = listing.id
        withdrawn.price = listing.standing.price
        return .answer(withdrawn)
    }
}
