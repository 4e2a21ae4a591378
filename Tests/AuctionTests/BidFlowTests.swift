import Kernel
import Messages
import Testing

@Suite("Bids and their holds") struct BidFlowTests {
    typealias Bench = AuctionBench

    @Test("A9 a hold covers all that winning costs, until the winner's time to pay is over") func cost()
        throws
    {
        let bench = try Bench { $0.buyerFee = BasisPoints(500) }
        let listing = try bench.openListing()
        let sent = try bench.bid(listing, 10_000, as: Bench.anna)
        #expect(bench.waits(sent))
        let hold = try #require(try bench.said(PlaceHold.self).last)
        // 100.00 and 5 % fee, and 19 % VAT on both.
        #expect(hold.amount == Money(12_495, .eur))
        #expect(hold.deadline == publicationTime + .days(2) + .hours(48))
        try bench.cover()
        let placed = try #require(try bench.answer(sent, BidPlaced.self))
        #expect(placed.leading && placed.price == Money(10_000, .eur))
    }

    @Test("A9 bids are decided in order of arrival, never in order of the wallet's answers") func order()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        let first = try bench.bid(listing, 10_000, as: Bench.anna)
        let second = try bench.bid(listing, 10_050, as: Bench.boris)
        let third = try bench.bid(listing, 20_000, as: Bench.clara)
        let holds = try bench.said(PlaceHold.self).map(\.hold)
        try bench.cover(holds[2])
        try bench.cover(holds[1])
        #expect(bench.waits(first) && bench.waits(second) && bench.waits(third))
        try bench.cover(holds[0])
        #expect(try bench.answer(first, BidPlaced.self)?.price == Money(10_000, .eur))
        #expect(bench.refusal(second) == .bidTooLow)
        #expect(try bench.answer(third, BidPlaced.self)?.leading == true)
        #expect(try bench.said(ReleaseHold.self).map(\.hold) == [holds[1], holds[0]])
        #expect(try bench.told(.bidOutbid) == [Bench.anna])
    }

    @Test("A9 a bid without cover leaves the queue at once, and those behind it are decided") func uncovered()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        let first = try bench.bid(listing, 10_000, as: Bench.anna)
        let second = try bench.bid(listing, 10_050, as: Bench.boris)
        let holds = try bench.said(PlaceHold.self).map(\.hold)
        try bench.cover(holds[1])
        try bench.refuseHold(holds[0])
        #expect(bench.refusal(first) == .insufficientFunds)
        #expect(try bench.answer(second, BidPlaced.self)?.leading == true)
        #expect(try bench.detail(listing).bids == 1)
    }

    @Test("A9 a leader's higher bid raises its hold; the price stays with proxy bids") func raise() throws {
        let bench = try Bench { $0.bidding = .proxy }
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        let hold = try #require(try bench.said(PlaceHold.self).last).hold
        let raise = try bench.bid(listing, 30_000, as: Bench.anna)
        #expect(try bench.said(RaiseHold.self).map(\.hold) == [hold])
        // A second raise waits until the first is decided.
        let again = try bench.bid(listing, 40_000, as: Bench.anna)
        #expect(try bench.said(RaiseHold.self).count == 1)
        try bench.cover(hold)
        #expect(try bench.answer(raise, BidPlaced.self)?.price == Money(5_000, .eur))
        #expect(try bench.said(RaiseHold.self).map(\.amount) == [Money(35_700, .eur), Money(47_600, .eur)])
        try bench.refuseHold(hold)
        #expect(bench.refusal(again) == .insufficientFunds)
        #expect(try bench.said(ReleaseHold.self).isEmpty)
        #expect(try bench.detail(listing, as: Bench.anna).ownBid == Money(30_000, .eur))
    }

    @Test("A10 a leader outbid while its raise waits keeps the hold until the raise is decided")
    func raiseInFlight() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        let annas = try #require(try bench.said(PlaceHold.self).last).hold
        let rival = try bench.bid(listing, 15_000, as: Bench.boris)
        let boriss = try #require(try bench.said(PlaceHold.self).last).hold
        let raise = try bench.bid(listing, 14_000, as: Bench.anna)
        try bench.cover(annas)
        try bench.cover(boriss)
        #expect(try bench.answer(rival, BidPlaced.self)?.leading == true)
        #expect(bench.refusal(raise) == .bidTooLow)
        #expect(try bench.said(ReleaseHold.self).map(\.hold) == [annas])
    }

    @Test("A10 the highest bidder is bound; who was outbid may withdraw, and the price stays") func withdraw()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        let first = try bench.coveredBid(listing, 10_000, as: Bench.anna)
        let second = try bench.coveredBid(listing, 12_000, as: Bench.boris)
        var withdrawal = WithdrawBid()
        withdrawal.bid = second.bid
        #expect(bench.refusal(try bench.send(withdrawal, as: Bench.boris)) == .highestBidderBound)
        #expect(bench.refusal(try bench.send(withdrawal, as: Bench.anna)) == .notFound)
        withdrawal.bid = first.bid
        let withdrawn = try bench.answer(try bench.send(withdrawal, as: Bench.anna), BidWithdrawn.self)
        #expect(withdrawn?.price == Money(12_000, .eur))
        #expect(bench.refusal(try bench.send(withdrawal, as: Bench.anna)) == .wrongState)
    }

    @Test("A10 the history has every decided bid in order of arrival, page by page, without those refused")
    func chain() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        let other = try bench.openListing()
        let first = try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.coveredBid(other, 10_000, as: Bench.clara)
        let second = try bench.coveredBid(listing, 11_000, as: Bench.boris)
        // One that the wallet refuses, between two that count, leaves no gap.
        let refused = try bench.bid(listing, 12_000, as: Bench.clara)
        try bench.refuseHold(try #require(try bench.said(PlaceHold.self).last).hold)
        #expect(bench.refusal(refused) == .insufficientFunds)
        let third = try bench.coveredBid(listing, 13_000, as: Bench.anna)
        let fourth = try bench.coveredBid(listing, 14_000, as: Bench.boris)
        // One that waits is nobody's business yet.
        _ = try bench.bid(listing, 15_000, as: Bench.clara)
        var query = BidHistory()
        query.listing = listing
        query.limit = 3
        var page = try bench.ask(query, as: Bench.boris)
        #expect(page.bids.map(\.bid) == [first.bid, second.bid, third.bid] && page.more)
        #expect(page.bids.map(\.bidder) == [1, 2, 1])
        #expect(page.bids.map(\.own) == [false, true, false])
        query.after = third.bid
        page = try bench.ask(query, as: Bench.boris)
        #expect(page.bids.map(\.bid) == [fourth.bid] && !page.more)
        #expect(page.bids.map(\.stage) == [.leading])
        // A withdrawal takes the lower bids of its party along, and nobody else's.
        var withdrawal = WithdrawBid()
        withdrawal.bid = third.bid
        #expect(try bench.answer(try bench.send(withdrawal, as: Bench.anna), BidWithdrawn.self) != nil)
        query.after = .none
        query.limit = 10
        page = try bench.ask(query, as: Bench.anna)
        #expect(page.bids.map(\.stage) == [.withdrawn, .outbid, .withdrawn, .leading])
        #expect(try bench.detail(listing, as: Bench.anna).ownBid == nil)
        #expect(try bench.detail(listing, as: Bench.boris).ownBid == Money(14_000, .eur))
        #expect(try bench.detail(other, as: Bench.clara).ownBid == Money(10_000, .eur))
    }

    @Test("A11 a bid that arrived before the end counts, though its hold is answered after it")
    func lateHold() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.pass(to: publicationTime + .days(2) + Duration64(microseconds: -1))
        let last = try bench.bid(listing, 12_000, as: Bench.boris)
        try bench.pass(to: publicationTime + .days(2))
        #expect(bench.refusal(try bench.bid(listing, 13_000, as: Bench.clara)) == .listingClosed)
        #expect(try bench.detail(listing).stage == .closing)
        #expect(try bench.said(CollectOrder.self).isEmpty)
        try bench.cover()
        #expect(try bench.answer(last, BidPlaced.self)?.leading == true)
        let collect = try #require(try bench.said(CollectOrder.self).last)
        #expect(collect.buyer == Bench.boris && collect.price == Money(12_000, .eur))
        #expect(try bench.told(.auctionWon) == [Bench.boris])
        #expect(try bench.told(.leadSold) == [Bench.seller])
        #expect(try bench.told(.auctionLost) == [Bench.anna])
    }

    @Test("F9 bids on what is not there, not one's own, not open") func refusals() throws {
        let bench = try Bench()
        #expect(bench.refusal(try bench.bid(ListingID(12_345), 10_000, as: Bench.anna)) == .notFound)
        let listing = try bench.openListing()
        try bench.publish(Bench.seller, [.seller, .buyer])
        #expect(bench.refusal(try bench.bid(listing, 10_000, as: Bench.seller)) == .ownListing)
        try bench.publish(Bench.anna, .buyer, .confirmed)
        #expect(bench.refusal(try bench.bid(listing, 10_000, as: Bench.anna)) == .notVerified)
        #expect(bench.refusal(try bench.bid(ListingID(12_345), 10_000, as: Bench.anna)) == .notVerified)
        var deletion = DeleteListing()
        deletion.listing = listing
        #expect(bench.refusal(try bench.send(deletion, as: Bench.boris)) == .notFound)
        try bench.send(deletion, as: Bench.seller)
        #expect(bench.refusal(try bench.bid(listing, 10_000, as: Bench.boris)) == .listingClosed)
    }

    @Test("A9 the history names bidders by number, and hides a leader's maximum") func history() throws {
        let bench = try Bench { $0.bidding = .proxy }
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.coveredBid(listing, 30_000, as: Bench.boris)
        var query = BidHistory()
        query.listing = listing
        let bids = try bench.ask(query, as: Bench.clara).bids
        #expect(bids.map(\.bidder) == [1, 2])
        #expect(bids.map(\.amount.minor) == [10_000, 10_100])
        #expect(try bench.ask(query, as: Bench.boris).bids.map(\.amount.minor) == [10_000, 30_000])
        query.after = bids[0].bid
        #expect(try bench.ask(query, as: Bench.clara).bids.map(\.bidder) == [2])
    }
}
