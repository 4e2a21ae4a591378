import Kernel
import Messages

extension Scenario {
    /// Reviews, reports and suspensions (A16).
    static let supervision: [Scenario] = [
        Scenario("A16 listings and sellers are reviewed at regular intervals") { house in
            var policy = Policy()
            policy.reviewInterval = .days(1)
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 0)
            let listing = try await cast.publishLead { $0.duration = .days(3) }.listing.listing
            let start = try await house.now()
            try expect("none yet", try await cast.reviews().count, 0)
            try await house.advance(to: start + Duration64.days(1))
            let first = try await cast.reviews()
            let ofListing = try present("a review of the listing", first.first { $0.listing == listing })
            try expect("cause", ofListing.cause, .interval)
            try expect(
                "one of the seller", first.contains { $0.listing.isNone && $0.seller == cast.seller.party })
            var review = ReviewListing()
            review.review = ofListing.review
            try await house.refuses(.forbidden, review, as: cast.seller.guest)
            try await cast.act(review, as: cast.operator)
            try await house.refuses(.wrongState, review, as: cast.operator)
            try await house.advance(to: start + Duration64.days(2))
            let second = try await cast.reviews().filter { $0.listing == listing }
            try expect("one a day", second.count, 1)
            try expect("still open", try await cast.listing(listing).stage, .open)
        },
        Scenario("A16 a buyer's report is put before the operators, who may suspend the listing") { house in
            let cast = try await Cast.openMarketplace(house)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var report = ReportListing()
            report.listing = published.listing
            report.reason = PersonalText("The same project was offered to me on the phone.")
            try await cast.act(report, as: cast.buyers[1].guest)
            let entry = try present("a review", try await cast.reviews().first { $0.cause == .report })
            try expect("reporter", entry.reporter, cast.buyers[1].party)
            try expect("reason", entry.reason.plaintext, report.reason.plaintext)
            let inbox = try await cast.inbox(of: cast.operator)
            try expect("told", inbox.contains { $0.event == .reviewDue && $0.listing == published.listing })
            var review = ReviewListing()
            review.review = entry.review
            review.finding = .suspendListing
            review.reason = "The description does not hold."
            try await cast.act(review, as: cast.operator)
            try expect("freed", try await cast.available(cast.buyers[0]), 100_000)
            for told in [cast.buyers[0], cast.seller] {
                let mail = try await cast.mailed(told, .listingSuspended, listing: published.listing)
                try expect("the reason", mail.body.contains("The description does not hold."))
            }
            var bid = PlaceBid()
            bid.listing = published.listing
            bid.amount = cast.money(6_000)
            let refused = try await house.refusal(of: bid, as: cast.buyers[1].guest)?.reason
            try expect("no bids", [.suspended, .notFound].contains(refused))
        },
        Scenario("A16 a suspended listing goes on for the time that was left, with bids anew") { house in
            let cast = try await Cast.openMarketplace(house)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            try await house.advance(by: .hours(10))
            var suspend = SuspendListing()
            suspend.listing = published.listing
            suspend.reason = "Under review"
            try await house.refuses(.forbidden, suspend, as: cast.seller.guest)
            try await cast.act(suspend, as: cast.operator)
            try await house.advance(by: .days(5))
            try expect("did not end", try await cast.listing(published.listing).stage, .suspended)
            var reinstate = ReinstateListing()
            reinstate.listing = published.listing
            let again = try await cast.act(reinstate, as: cast.operator)
            let now = try await house.now()
            try expect("38 hours left", again.endsAt, now + Duration64.hours(38))
            try await cast.bid(cast.buyers[1], on: published.listing, 4_000)
            try await house.advance(to: again.endsAt)
            try expect("sold", try await cast.order(of: published.listing).buyer, cast.buyers[1].party)
        },
        Scenario("A16 a suspended seller has nothing on offer, and signs in no more") { house in
            let cast = try await Cast.openMarketplace(house)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var suspend = SuspendParty()
            suspend.party = cast.seller.party
            suspend.reason = "Three reports in a week"
            try await cast.act(suspend, as: cast.operator)
            try expect("stopped", try await cast.listing(published.listing).stage, .suspended)
            try expect("freed", try await cast.available(cast.buyers[0]), 100_000)
            let lead = try await cast.lead()
            try await house.refuses(.suspended, lead, as: cast.seller.guest)
            var reinstate = ReinstateParty()
            reinstate.party = cast.seller.party
            try await cast.act(reinstate, as: cast.operator)
            try await cast.told(cast.seller, .partySuspended)
            _ = try await cast.publishLead()
        },
        Scenario("A16 a suspended buyer's bid counts no more, and the price begins anew") { house in
            let cast = try await Cast.openMarketplace(house)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var suspend = SuspendParty()
            suspend.party = cast.buyers[0].party
            suspend.reason = "Chargebacks"
            try await cast.act(suspend, as: cast.operator)
            let seen = try await cast.listing(published.listing, as: cast.buyers[1])
            try expect("minimum", seen.minimumBid, cast.money(4_000))
            try await cast.told(cast.seller, .bidWithdrawn, listing: published.listing)
            var bid = PlaceBid()
            bid.listing = published.listing
            bid.amount = cast.money(9_000)
            try await house.refuses(.suspended, bid, as: cast.buyers[0].guest)
            try await cast.bid(cast.buyers[1], on: published.listing, 4_000)
            try await house.advance(to: published.endsAt)
            try expect("winner", try await cast.order(of: published.listing).buyer, cast.buyers[1].party)
        },
    ]
}

extension Cast {
    /// The open reviews of this marketplace.
    func reviews() async throws -> [ReviewEntry] {
        var query = ListReviews()
        query.limit = 100
        var found: [ReviewEntry] = []
        while true {
            let page = try await house.ask(query, as: self.operator)
            found += page.reviews.filter { $0.marketplace == marketplace }
            guard page.more, let last = page.reviews.last else { return found }
            query.after = last.review
        }
    }
}
