import Kernel
import Messages

/// Bids in order of arrival, and who wins (A9-A11, A19).
///
/// The published rule, in short. Open bidding: a bid is the price. Proxy bidding: a bid is a maximum; the
/// highest
/// maximum leads, of equal ones the earlier; the price is one step above the next maximum, at most the
/// leader's
/// own, and never falls. A bid counts if it is at least the start price, at least one step above the price,
/// or, with proxy bidding, above the leader's maximum. The wallet's answers only say whether a bid is
/// covered.
extension AuctionModel {
    func placeBid(_ command: PlaceBid, _ row: JournalRow) {
        guard let listing = listings[command.listing.raw] else {
            return findings.report(
                .bidByRule, "bid of row \(row.sequence): expected a listing, found none",
                ["listing \(command.listing)"])
        }
        var bid = Bid(id: row.made(), party: row.party, amount: command.amount.minor)
        let bidder = parties[row.party] ?? Party()
        let entities = ["listing \(listing.id)", "bid \(bid.id)"]
        let wrong: String? =
            if bidder.state != .verified || !bidder.roles.contains(.buyer) {
                "a verified buyer (A5)"
            } else if listing.seller == row.party {
                "another's listing"
            } else if listing.marketplace != row.marketplace {
                "a listing of the bidder's marketplace"
            } else if listing.stage != .open || row.at >= listing.endsAt {
                "an open listing, before \(listing.endsAt.iso8601) (A6)"
            } else if listing.policy.mode == .meetingAuction, bidder.card == 0 {
                "a bidder with a card for its trading partners (C2)"
            } else if command.amount.currency != listing.policy.currency {
                "the marketplace's currency"
            } else if !counts(bid, listing) {
                "at least \(least(for: row.party, listing)) (A9)"
            } else {
                nil
            }
        if let wrong {
            findings.report(
                .bidByRule,
                "bid \(bid.id): expected \(wrong), found \(command.amount) at \(row.at.iso8601) taken",
                entities)
        }
        byBidder[row.party, default: []].insert(listing.id)
        listingOfBid[bid.id] = listing.id
        if listing.policy.payment == .afterAward {
            decide(bid, listing)
        } else {
            if !listing.waiting.contains(where: { $0.party == row.party }) { ask(&bid, listing) }
            listing.waiting.append(bid)
        }
        touch(listing, row)
    }

    /// The least that the party may bid now.
    func least(for party: UInt64, _ listing: Listing) -> Int64 {
        guard let lead = listing.lead else { return listing.price }
        if listing.policy.bidding == .proxy, lead.party == party { return lead.amount + 1 }
        return listing.policy.stepAbove(listing.price)
    }

    private func counts(_ bid: Bid, _ listing: Listing) -> Bool {
        guard bid.amount > 0, bid.amount <= listing.policy.greatestPrice else { return false }
        if bid.amount >= least(for: bid.party, listing) { return true }
        guard listing.policy.bidding == .proxy, let lead = listing.lead else { return false }
        return lead.party != bid.party && bid.amount > lead.amount
    }

    /// The hold that must cover it: a leader's own hold is raised.
    private func ask(_ bid: inout Bid, _ listing: Listing) {
        bid.cover = .asked
        let raises = listing.lead.map { $0.party == bid.party && $0.hold != 0 } ?? false
        bid.hold = raises ? (listing.lead?.hold ?? 0) : bid.id
    }

    func holdPlaced(_ hold: UInt64, _ row: JournalRow) {
        guard let (listing, index) = asked(hold) else { return }
        listing.waiting[index].cover = .placed
        advance(listing, row)
        touch(listing, row)
    }

    func holdRefused(_ hold: UInt64, _ row: JournalRow) {
        guard let (listing, index) = asked(hold) else { return }
        listing.waiting.remove(at: index)
        advance(listing, row)
        touch(listing, row)
    }

    /// The waiting bid that an answer about this hold is for.
    private func asked(_ hold: UInt64) -> (Listing, Int)? {
        guard let id = listingOfBid[hold], let listing = listings[id] else { return nil }
        let index =
            listing.waiting.firstIndex { $0.id == hold && $0.hold == hold && $0.cover == .asked }
            ?? listing.waiting.firstIndex { $0.hold == hold && $0.cover == .asked }
        return index.map { (listing, $0) }
    }

    /// Decides covered bids from the head of the queue on; the auction ends once its time is over and none
    /// waits.
    func advance(_ listing: Listing, _ row: JournalRow) {
        while let head = listing.waiting.first {
            switch head.cover {
            case .asked: return
            case .placed:
                listing.waiting.removeFirst()
                decide(head, listing)
            case .unasked:
                if counts(head, listing) { return ask(&listing.waiting[0], listing) }
                listing.waiting.removeFirst()
            }
        }
        if listing.stage == .closing { end(listing, row) }
    }

    private func decide(_ bid: Bid, _ listing: Listing) {
        var bid = bid
        guard counts(bid, listing) else { return }
        let isOpen = listing.policy.bidding == .open
        defer {
            listing.count += 1
            decisions[bid.id] = (listing.price, listing.lead?.id == bid.id)
        }
        guard let lead = listing.lead else {
            bid.stage = .leading
            listing.decided.append(bid)
            listing.lead = bid
            if isOpen { listing.price = bid.amount }
            return
        }
        if isOpen || lead.party == bid.party || bid.amount > lead.amount {
            if isOpen {
                listing.price = bid.amount
            } else if lead.party != bid.party {
                listing.price = max(listing.price, min(listing.policy.stepAbove(lead.amount), bid.amount))
            }
            set(lead.id, .outbid, listing)
            if lead.party != bid.party { outbids.append((lead.party, lead.id)) }
            bid.stage = .leading
            listing.lead = bid
        } else {
            listing.price = max(listing.price, min(listing.policy.stepAbove(bid.amount), lead.amount))
            bid.stage = .outbid
            outbids.append((bid.party, bid.id))
        }
        listing.decided.append(bid)
    }

    func set(_ id: UInt64, _ stage: BidStage, _ listing: Listing) {
        guard let index = listing.decided.lastIndex(where: { $0.id == id }) else { return }
        listing.decided[index].stage = stage
    }

    func withdraw(_ command: WithdrawBid, _ row: JournalRow) {
        guard let id = listingOfBid[command.bid.raw], let listing = listings[id],
            let bid = listing.decided.first(where: { $0.id == command.bid.raw })
        else { return }
        let isBound = listing.lead?.party == row.party && listing.stage != .expired
        if bid.party != row.party || bid.stage != .outbid || isBound {
            findings.report(
                .bidByRule,
                "bid \(bid.id): expected a withdrawal by a bidder who was outbid (A10), found one in stage \(bid.stage)",
                ["listing \(listing.id)", "bid \(bid.id)"])
        }
        for index in listing.decided.indices
        where listing.decided[index].party == row.party && listing.decided[index].stage == .outbid
            && listing.decided[index].amount <= bid.amount
        {
            listing.decided[index].stage = .withdrawn
        }
        touch(listing, row)
    }

    // MARK: The end

    func ends(_ message: ListingEnds, _ row: JournalRow) {
        guard let listing = listings[message.listing.raw], listing.stage == .open else { return }
        listing.stage = .closing
        touch(listing, row)
        if listing.policy.mode == .preliminaryCall { return settle(listing, row) }
        advance(listing, row)
    }

    func end(_ listing: Listing, _ row: JournalRow) {
        deadlines.cancel(ListingReviewFallsDue.code, listing.id)
        guard let lead = listing.lead else { return expire(listing, row) }
        listing.stage = .awarded
        touch(listing, row)
        rules.note(.model("award"))
        let covered = lead.hold != 0 || listing.policy.mode == .meetingAuction
        guard
            let order = claim(
                listing, row, buyer: lead.party, price: listing.price,
                covered ? .collecting : .awaitingPayment)
        else { return }
        order.hold = lead.hold
        order.deadline = row.at + listing.policy.paymentDeadline
        if !covered { deadlines.set(PaymentLapses.code, order.id, at: order.deadline) }
    }

    func expire(_ listing: Listing, _ row: JournalRow) {
        listing.stage = .expired
        deadlines.cancel(ListingReviewFallsDue.code, listing.id)
        touch(listing, row)
    }

    /// The order that this row must have made; a missing or different one breaks the rule.
    func claim(
        _ listing: Listing, _ row: JournalRow, buyer: UInt64, price: Int64, _ stage: OrderStage
    ) -> Order? {
        var made = unclaimed[row.sequence] ?? []
        let entities = ["listing \(listing.id)"]
        guard let index = made.firstIndex(where: { $0.listing == listing.id }) else {
            findings.report(
                .winnerByRule,
                "listing \(listing.id): expected row \(row.sequence) to give it to party \(buyer) for \(price), found no order",
                entities)
            return nil
        }
        let found = made.remove(at: index)
        unclaimed[row.sequence] = made.isEmpty ? nil : made
        if found.buyer != buyer || found.price != price {
            findings.report(
                .winnerByRule,
                "listing \(listing.id): expected party \(buyer) for \(price), found party \(found.buyer) for \(found.price)",
                entities + ["order \(found.id)"])
        }
        let order = Order(found.id, listing, buyer: buyer, price: price, stage)
        order.awardedAt = row.at
        order.history = [(row.sequence, stage)]
        orders[order.id] = order
        listing.orders.append(order.id)
        touchedOrders.insert(order.id)
        if listing.orders.compactMap({ orders[$0] }).filter(\.isLive).count > 1 {
            findings.report(
                .oneWinner, "listing \(listing.id): expected at most one live order, found more", entities)
        }
        return order
    }

    /// The winner did not pay: one offer, at the runner-up's own bid (A19).
    func offer(_ listing: Listing, after winner: UInt64, _ row: JournalRow) {
        let candidates = listing.decided.filter {
            $0.stage == .outbid && $0.party != winner && parties[$0.party]?.state == .verified
        }
        let best = candidates.max { left, right in
            left.amount != right.amount ? left.amount < right.amount : left.id > right.id
        }
        guard let best else { return expire(listing, row) }
        rules.note(.model("offer"))
        guard let order = claim(listing, row, buyer: best.party, price: best.amount, .offered) else { return }
        order.deadline = row.at + listing.policy.offerDeadline
        deadlines.set(OfferLapses.code, order.id, at: order.deadline)
    }
}
