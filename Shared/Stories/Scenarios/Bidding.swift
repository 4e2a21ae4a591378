import Kernel
import Messages

extension Scenario {
    /// Bids and who wins (A9-A11).
    static let bidding: [Scenario] = [
        Scenario("A9 a bid is at least the start price, then at least the current bid plus the increment") {
            house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let listing = try await cast.publishLead().listing.listing
            try await refuses(.bidTooLow, 3_999, on: listing, by: cast.buyers[0], cast)
            try await cast.bid(cast.buyers[0], on: listing, 4_000)
            try await refuses(.bidTooLow, 4_000, on: listing, by: cast.buyers[1], cast)
            try await refuses(.bidTooLow, 4_099, on: listing, by: cast.buyers[1], cast)
            let placed = try await cast.bid(cast.buyers[1], on: listing, 4_100)
            try expect("price", placed.price, cast.money(4_100))
            try expect("leading", placed.leading)
            let seen = try await cast.listing(listing, as: cast.buyers[0])
            try expect("minimum", seen.minimumBid, cast.money(4_200))
            try expect("its cost, with 19 % VAT", seen.costOfMinimum, cast.money(4_998))
            try expect("own bid", seen.ownBid, cast.money(4_000))
            try expect("leading", !seen.leading)
        },
        Scenario("A9 the increment rises with the price") { house in
            var policy = Policy()
            policy.increments = [
                IncrementStep(from: 0, step: 100), IncrementStep(from: 5_000, step: 500),
            ]
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 2)
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 4_999)
            try await refuses(.bidTooLow, 5_098, on: listing, by: cast.buyers[1], cast)
            try await cast.bid(cast.buyers[1], on: listing, 5_099)
            try await refuses(.bidTooLow, 5_598, on: listing, by: cast.buyers[0], cast)
            try await cast.bid(cast.buyers[0], on: listing, 5_599)
        },
        Scenario("A9 bids of zero, below zero, beyond all bounds or in another currency are refused") {
            house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let listing = try await cast.publishLead().listing.listing
            for minor: Int64 in [0, -1, .min, .max, cast.policy.greatestPrice + 1] {
                try await refuses(.amountOutOfRange, minor, on: listing, by: cast.buyers[0], cast)
            }
            var bid = PlaceBid()
            bid.listing = listing
            for currency in [Currency.usd, .rub, .none] {
                bid.amount = Money(5_000, currency)
                try await house.refuses(.wrongCurrency, bid, as: cast.buyers[0].guest)
            }
            try expect("nothing held", try await cast.available(cast.buyers[0]), 100_000)
            try expect("no bids", try await cast.listing(listing).bids, 0)
        },
        Scenario("A9 a bid needs free balance for price, fee and VAT, to the cent") { house in
            var policy = Policy()
            policy.buyerFee = BasisPoints(500)
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 1, funds: 0)
            let buyer = cast.buyers[0]
            let listing = try await cast.publishLead().listing.listing
            // 40.00 and 5 % fee, and 19 % VAT on both: 49.98.
            try await refuses(.insufficientFunds, 4_000, on: listing, by: buyer, cast)
            try await cast.topUp(buyer, 4_997)
            try await refuses(.insufficientFunds, 4_000, on: listing, by: buyer, cast)
            try expect("nothing held", try await cast.available(buyer), 4_997)
            try await cast.topUp(buyer, 1)
            try await cast.bid(buyer, on: listing, 4_000)
            try expect("all held", try await cast.available(buyer), 0)
            let balance = try await cast.balance(of: buyer)
            try expect("posted", balance.posted, cast.money(4_998))
            try expect("held", balance.held, cast.money(4_998))
        },
        Scenario("A9 nobody bids for an own listing, nor for one that is closed or absent") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let both = try await cast.join("Lorenz", [.seller, .buyer])
            try await cast.linkPayoutAccount(both)
            try await cast.topUp(both, 50_000)
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(cast.newProspect(), as: both)
            let own = try await cast.act(lead, as: both.guest)
            try await refuses(.ownListing, 5_000, on: own.listing, by: both, cast)
            try await refuses(.notFound, 5_000, on: ListingID(.max), by: both, cast)
            try await cast.bid(cast.buyers[0], on: own.listing, 5_000)
            let other = try await cast.publishLead().listing
            try await cast.bid(both, on: other.listing, 5_000)
            try await house.advance(to: other.endsAt)
            try await refuses(.listingClosed, 6_000, on: other.listing, by: both, cast)
        },
        Scenario("A9 with proxy bidding the amount is a maximum, and the house bids up to it") { house in
            var policy = Policy()
            policy.bidding = .proxy
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 2)
            let listing = try await cast.publishLead().listing.listing
            let first = try await cast.bid(cast.buyers[0], on: listing, 8_000)
            try expect("the start price is the price", first.price, cast.money(4_000))
            try expect("the maximum is held", try await cast.available(cast.buyers[0]), 100_000 - 9_520)
            let second = try await cast.bid(cast.buyers[1], on: listing, 6_000)
            try expect("outbid at once", !second.leading)
            try expect("one step above the lower maximum", second.price, cast.money(6_100))
            try expect("freed at once", try await cast.available(cast.buyers[1]), 100_000)
            let third = try await cast.bid(cast.buyers[1], on: listing, 9_000)
            try expect("leading", third.leading)
            try expect("price", third.price, cast.money(8_100))
            let history = try await bids(on: listing, as: cast.buyers[0], cast)
            try expect("the leader's maximum is hidden", history.last?.amount, cast.money(8_100))
        },
        Scenario("A10 whoever is outbid is told at once, in the inbox and by e-mail, and is free") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            try expect("held", try await cast.available(cast.buyers[0]), 100_000 - 5_950)
            try await cast.bid(cast.buyers[1], on: published.listing, 6_000)
            try expect("free", try await cast.available(cast.buyers[0]), 100_000)
            let item = try await cast.told(cast.buyers[0], .bidOutbid, listing: published.listing)
            let now = try await house.now()
            try expect("at once", item.happenedAt, now)
            try expect("banner", item.kind, .banner)
            let mail = try await cast.mailed(cast.buyers[0], .bidOutbid, listing: published.listing)
            try expect("names the lead", mail.body.contains("Photovoltaics for a farmhouse"))
            try expect("names the price", mail.body.contains("60.00"))
        },
        Scenario("A10 the highest bidder is bound and cannot withdraw") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let published = try await cast.publishLead().listing
            let first = try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var withdraw = WithdrawBid()
            withdraw.bid = first.bid
            try await house.refuses(.highestBidderBound, withdraw, as: cast.buyers[0].guest)
            try await house.refuses(.notFound, withdraw, as: cast.buyers[1].guest)
            try await house.advance(to: published.endsAt)
            try await house.refuses(.highestBidderBound, withdraw, as: cast.buyers[0].guest)
        },
        Scenario("A10 an outbid bidder may withdraw, and the price stays") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let listing = try await cast.publishLead().listing.listing
            let first = try await cast.bid(cast.buyers[0], on: listing, 5_000)
            try await cast.bid(cast.buyers[1], on: listing, 6_000)
            var withdraw = WithdrawBid()
            withdraw.bid = first.bid
            let withdrawn = try await cast.act(withdraw, as: cast.buyers[0].guest)
            try expect("price", withdrawn.price, cast.money(6_000))
            try await house.refuses(.wrongState, withdraw, as: cast.buyers[0].guest)
            let history = try await bids(on: listing, as: cast.buyers[0], cast)
            try expect("stages", history.map(\.stage), [.withdrawn, .leading])
            try await refuses(.bidTooLow, 6_099, on: listing, by: cast.buyers[0], cast)
            try await cast.bid(cast.buyers[0], on: listing, 6_100)
        },
        Scenario("A10 a leader who bids more raises the hold by the difference") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2, funds: 7_140)
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            try await cast.bid(cast.buyers[0], on: listing, 6_000)
            try expect("one hold", try await cast.available(cast.buyers[0]), 0)
            try await refuses(.insufficientFunds, 6_100, on: listing, by: cast.buyers[0], cast)
            let seen = try await cast.listing(listing, as: cast.buyers[0])
            try expect("still leading", seen.leading)
            try expect("price", seen.price, cast.money(6_000))
            let balance = try await cast.balance(of: cast.buyers[0])
            try expect("held as before", balance.held, cast.money(7_140))
        },
        Scenario("A11 the highest bid at the end wins, and winner and seller are told") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 3)
            let published = try await cast.publishLead().listing
            for (buyer, amount) in [(0, Int64(5_000)), (1, 7_000), (2, 7_100), (1, 9_000)] {
                try await cast.bid(cast.buyers[buyer], on: published.listing, amount)
            }
            try await house.advance(to: published.endsAt)
            let order = try await cast.order(of: published.listing)
            try expect("winner", order.buyer, cast.buyers[1].party)
            try expect("price", order.price, cast.money(9_000))
            try await cast.mailed(cast.buyers[1], .auctionWon, listing: published.listing)
            try await cast.mailed(cast.seller, .leadSold, listing: published.listing)
            for loser in [0, 2] {
                try await cast.told(cast.buyers[loser], .auctionLost, listing: published.listing)
                try expect("free", try await cast.available(cast.buyers[loser]), 100_000)
            }
            for (player, section) in [(cast.buyers[1], TradeSection.won), (cast.seller, .sold)] {
                var query = ListTrades()
                query.section = section
                let trades = try await house.ask(query, as: player.guest).trades
                try expect("dashboard", trades.map(\.order), [order.order])
            }
        },
        Scenario("A11 a bid in the last microsecond counts, one at the end does not") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let first = try await cast.publishLead().listing
            let second = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: first.listing, 5_000)
            try await house.advance(to: first.endsAt - .microsecond)
            try await cast.bid(cast.buyers[1], on: first.listing, 5_100)
            try await house.advance(to: first.endsAt)
            try expect("winner", try await cast.order(of: first.listing).buyer, cast.buyers[1].party)
            try await refuses(.listingClosed, 9_000, on: second.listing, by: cast.buyers[0], cast)
            try expect("expired", try await cast.listing(second.listing).stage, .expired)
        },
        Scenario("A11 of two equal bids the earlier one leads") { house in
            var policy = Policy()
            policy.bidding = .proxy
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 2)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 8_000)
            let equal = try await cast.bid(cast.buyers[1], on: published.listing, 8_000)
            try expect("outbid at once", !equal.leading)
            try expect("price", equal.price, cast.money(8_000))
            try await house.advance(to: published.endsAt)
            let order = try await cast.order(of: published.listing)
            try expect("the earlier wins", order.buyer, cast.buyers[0].party)
            try expect("at its maximum", order.price, cast.money(8_000))
        },
        Scenario("A11 there is no fixed price: a bid far above all others pays its own amount, not more") {
            house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let sale = try await cast.sellLead(at: 50_000)
            let order = try await cast.order(sale.order, as: sale.buyer)
            try expect("price", order.price, cast.money(50_000))
            try expect("total", order.total, cast.money(59_500))
        },
    ]

    private static func refuses(
        _ reason: RefusalCode, _ minor: Int64, on listing: ListingID, by player: Player, _ cast: Cast,
        file: StaticString = #fileID, line: UInt = #line
    ) async throws {
        var bid = PlaceBid()
        bid.listing = listing
        bid.amount = cast.money(minor)
        try await cast.house.refuses(reason, bid, as: player.guest, file: file, line: line)
    }

    private static func bids(on listing: ListingID, as player: Player, _ cast: Cast) async throws
        -> [BidEntry]
    {
        var query = BidHistory()
        query.listing = listing
        return try await cast.house.ask(query, as: player.guest).bids
    }
}
