import AuctionRules
import Kernel
import Messages
import Runtime

enum PlaceBidHandler {
    static func handle(_ command: PlaceBid, _ turn: Turn) throws -> Outcome<BidPlaced> {
        let buyer = turn.acting.party
        guard let view = try turn.store.bidView(command.listing, by: buyer) else {
            return .refused(try turn.refusalOfActing(needed: .buyer) ?? Refusal(.notFound))
        }
        if let refusal = refusal(of: command, view, turn) { return .refused(refusal) }
        var bid = Bid(
            id: turn.newID(), listing: command.listing, party: buyer, amount: command.amount, stage: .waiting,
            hold: .none, cover: .unasked, placedAt: turn.now, ticket: turn.ticket.rawValue)
        var queue = BidQueue(turn: turn, listing: view.listing, policy: view.policy)
        if view.policy.payment == .afterAward {
            // Nothing is held, so that no bid ever waits for another.
            bid.cover = .placed
            try turn.store.insert(bid)
            switch try queue.apply(bid, othersWait: false) {
            case .success(let placed): return .answer(placed)
            case .failure(let refusal): return .refused(refusal)
            }
        }
        if !view.ownWaits { try queue.askForCover(of: &bid) }
        try turn.store.insert(bid)
        return .waiting
    }

    private static func refusal(of command: PlaceBid, _ view: BidView, _ turn: Turn) -> Refusal? {
        let buyer = turn.acting.party
        let listing = view.listing
        if let refusal = PartyRules.refusal(state: view.state, roles: view.roles, needed: .buyer) {
            return refusal
        }
        guard listing.marketplace == turn.acting.marketplace else { return Refusal(.notFound) }
        guard listing.seller != buyer else {
            return Refusal(.ownListing, expected: "another seller's listing", found: "the bidder's own")
        }
        // What was never on offer, or was taken from it, shows no trace of itself (F9).
        if listing.stage == .claiming { return Refusal(.notFound) }
        switch view.policy.mode {
        case .leadAuction: break
        case .meetingAuction where view.hasCard: break
        case .meetingAuction:
            return Refusal(.cardMissing, expected: "the bidder's own contact on file", found: "none")
        default:
            return Refusal(
                .wrongState, expected: "\(SalesMode.leadAuction)", found: "\(view.policy.mode)")
        }
        return ListingRules.refusalOfBid(stage: listing.stage, endsAt: listing.endsAt, now: turn.now)
            ?? Bidding.refusal(of: command.amount, from: buyer, at: listing.standing, by: view.policy)
    }
}

extension Turn {
    /// Why the acting party may not act in this role; nothing if it may.
    func refusalOfActing(needed: Roles) throws -> Refusal? {
        let party = try store.party(acting.party)
        return PartyRules.refusal(state: party?.state, roles: party?.roles ?? [], needed: needed)
    }
}
