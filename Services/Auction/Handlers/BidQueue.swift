import AuctionRules
import Kernel
import Messages
import Runtime
import Storage

/// The waiting bids of one listing, decided strictly in order of arrival (A9-A11).
///
/// The wallet's answers come in any order; a bid that is covered early waits for those before it.
struct BidQueue {
    let turn: Turn
    var listing: Listing
    let policy: Policy

    /// Decides every bid at the head that is covered, asks for the cover of one that is not, and lets the
    /// auction end when its time is over and nobody waits any more.
    mutating func advance() throws {
        while var bid = try turn.store.firstWaitingBid(of: listing.id) {
            switch bid.cover {
            case .asked:
                return
            case .placed:
                try decide(bid, othersWait: true)
            case .unasked:
                let refusal = Bidding.refusal(
                    of: bid.amount, from: bid.party, at: listing.standing, by: policy)
                if let refusal {
                    try refuse(bid, refusal, othersWait: true)
                    continue
                }
                try askForCover(of: &bid)
                return try turn.store.set(bid.id, hold: bid.hold, cover: bid.cover)
            }
        }
        if listing.stage == .closing { try Award.end(&listing, by: policy, turn) }
    }

    /// Decides the bid at the head and answers its bidder.
    mutating func decide(_ bid: Bid, othersWait: Bool) throws {
        switch try apply(bid, othersWait: othersWait) {
        case .success(let placed): try turn.answer(Ticket(rawValue: bid.ticket), placed)
        case .failure(let refusal): try turn.refuse(Ticket(rawValue: bid.ticket), refusal)
        }
    }

    /// Takes a waiting bid back with a reason, and gives back what covers it alone.
    mutating func refuse(_ bid: Bid, _ refusal: Refusal, othersWait: Bool) throws {
        try drop(bid, othersWait: othersWait)
        try turn.refuse(Ticket(rawValue: bid.ticket), refusal)
    }

    /// Lets the bid change the listing's standing.
    mutating func apply(_ bid: Bid, othersWait: Bool) throws -> Result<BidPlaced, Refusal> {
        let lead = Standing.Lead(bid: bid.id, bidder: bid.party, maximum: bid.amount)
        var leading = true
        var freed = HoldID.none
        var beaten: Standing.Lead?
        switch Bidding.decide(lead, at: listing.standing, by: policy) {
        case .refused(let refusal):
            try drop(bid, othersWait: othersWait)
            return .failure(refusal)
        case .leads(let next, let outbid):
            if outbid != nil, !Planted.isOn(.releaseForgotten) { freed = listing.leadHold }
            (listing.standing, listing.leadHold) = (next, bid.hold)
            beaten = outbid
        case .raises(let next):
            (listing.standing, listing.leadHold) = (next, bid.hold)
        case .outbidAtOnce(let next):
            leading = false
            listing.standing = next
            freed = bid.hold
            beaten = lead
        }
        try turn.store.count(bid.id, after: listing.lastBid)
        listing.lastBid = bid.id
        try release(freed, othersWait: othersWait)
        if let beaten { try tellOutbid(beaten) }
        listing.bids += 1
        try turn.store.saveStanding(listing)
        return .success(placed(bid, leading: leading))
    }

    /// Asks the wallet to set aside what winning would cost: a leader's hold is raised, others get their own.
    func askForCover(of bid: inout Bid) throws {
        guard let cost = policy.cost(of: bid.amount) else {
            throw StoreFault.corruptRow("amount of bid \(bid.id)")
        }
        let covered = Planted.isOn(.holdWithoutVAT) ? cost.price.minor + cost.fee.minor : cost.total.minor
        let total = Money(covered, cost.total.currency)
        let deadline = policy.holdDeadline(endsAt: listing.endsAt)
        bid.cover = .asked
        if let lead = listing.standing.lead, lead.bidder == bid.party, !listing.leadHold.isNone {
            bid.hold = listing.leadHold
            var raise = RaiseHold()
            raise.hold = bid.hold
            raise.amount = total
            raise.deadline = deadline
            return turn.send(raise, to: .wallet)
        }
        bid.hold = HoldID(bid.id.raw)
        var place = PlaceHold()
        place.hold = bid.hold
        place.party = bid.party
        place.marketplace = listing.marketplace
        place.amount = total
        place.listing = listing.id
        place.deadline = deadline
        turn.send(place, to: .wallet)
    }

    private func drop(_ bid: Bid, othersWait: Bool) throws {
        try turn.store.remove(bid.id)
        try release(bid.hold, othersWait: othersWait)
    }

    /// Gives a hold back unless the leading bid or a waiting one still needs it.
    private func release(_ hold: HoldID, othersWait: Bool) throws {
        guard !hold.isNone, hold != listing.leadHold else { return }
        if othersWait, try turn.store.waitsOn(hold, listing.id) { return }
        turn.release(hold)
    }

    private func tellOutbid(_ lead: Standing.Lead) throws {
        if Planted.isOn(.outbidUntold) { return }
        try turn.tell(
            .bidOutbid, to: lead.bidder, about: listing, subject: lead.bid.raw,
            [
                .init(.amount, lead.maximum), .init(.price, listing.standing.price),
                .init(.endsAt, listing.endsAt),
            ])
    }

    private func placed(_ bid: Bid, leading: Bool) -> BidPlaced {
        var placed = BidPlaced()
        placed.bid = bid.id
        placed.listing = listing.id
        placed.price = listing.standing.price
        placed.leading = leading
        placed.endsAt = listing.endsAt
        return placed
    }
}

extension Turn {
    /// Gives a hold back; harmless if it has ended.
    func release(_ hold: HoldID) {
        guard !hold.isNone else { return }
        var release = ReleaseHold()
        release.hold = hold
        send(release, to: .wallet)
    }
}
