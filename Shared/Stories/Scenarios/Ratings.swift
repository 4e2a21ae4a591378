import Kernel
import Messages

extension Scenario {
    /// What both sides say of each other, and who sees it (C5, C9).
    static let ratings: [Scenario] = [
        Scenario("C5 after the meeting both sides may rate, and both ratings are shown once both are in") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let advice = Cast.rating(sold, yes: 5, "He took his time.")
            for player in [sold.buyer, cast.seller] {
                try await house.refuses(.wrongState, advice, as: player.guest)
                try expect("nothing to rate", try await cast.openRatings(of: player).count, 0)
            }
            try await cast.reportBoth(sold)
            let held = try await house.now()
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .ratingDue, order: sold.order)
                let open = try await cast.openRatings(of: player)
                try expect("one to give", open.map(\.order), [sold.order])
                try expect("all six", open.map(\.asksAll), [player == cast.seller])
                try expect("until", open.map(\.until), [held + .days(14)])
            }
            try await house.refuses(.notFound, advice, as: cast.buyers[1].guest)
            try await cast.act(advice, as: cast.seller.guest)
            try await house.refuses(.wrongState, advice, as: cast.seller.guest)
            try expect("given", try await cast.openRatings(of: cast.seller).count, 0)
            try expect("not shown", try await cast.ratings(of: sold.buyer, as: sold.buyer).ratings.count, 0)
            try await cast.act(Cast.rating(sold, yes: 6, "Punctual."), as: sold.buyer.guest)
            let ofExpert = try await cast.ratings(of: sold.buyer, as: sold.buyer)
            try expect("shown", ofExpert.ratings.map(\.comment.plaintext), ["He took his time."])
            try expect("by the consumer", ofExpert.ratings.map(\.byConsumer), [true])
            try expect("five of six", ofExpert.ratings.map(\.answers), [advice.answers])
            try expect("in all", ofExpert.summary.ratings, 1)
            try expect("documented", ofExpert.summary.documented, 1)
            try expect("would not recommend", ofExpert.summary.wouldRecommend, 0)
            let ofConsumer = try await cast.ratings(of: cast.seller, as: cast.seller)
            try expect("shown", ofConsumer.ratings.map(\.comment.plaintext), ["Punctual."])
            try expect("one question", ofConsumer.ratings.map(\.answers.documented), [false])
            try expect("its answer", ofConsumer.ratings.map(\.answers.wouldRecommend), [true])
            try expect("no sums", ofConsumer.summary.ratings, 0)
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .ratingShown, order: sold.order)
            }
        },
        Scenario("C5 one rating alone is shown after 14 days, and none is given any more") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            try await cast.reportBoth(sold)
            try await cast.reportBoth(other)
            let until = try await house.now() + .days(14)
            try await cast.act(Cast.rating(sold, yes: 6, ""), as: cast.seller.guest)
            try await house.advance(to: until)
            try expect("not yet", try await cast.ratings(of: sold.buyer, as: sold.buyer).ratings.count, 0)
            // The last instant counts.
            try await cast.act(Cast.rating(other, yes: 6, ""), as: cast.seller.guest)
            try await house.advance(to: until + .microsecond)
            for buyer in cast.buyers {
                try expect("shown", try await cast.ratings(of: buyer, as: buyer).ratings.count, 1)
            }
            try await house.refuses(.windowClosed, Cast.rating(sold, yes: 1, ""), as: sold.buyer.guest)
            try expect("nothing left", try await cast.openRatings(of: sold.buyer).count, 0)
            try await house.advance(by: .days(30))
            try expect("once", try await cast.ratings(of: sold.buyer, as: sold.buyer).ratings.count, 1)
        },
        Scenario("C9 a seller sees how the experts who bid and the winner were rated, and nobody else does") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let rated = cast.buyers[0]
            let sold = try await cast.sellAppointment(to: rated)
            try await cast.reportBoth(sold)
            try await cast.act(Cast.rating(sold, yes: 4, ""), as: cast.seller.guest)
            try await cast.act(Cast.rating(sold, yes: 6, ""), as: rated.guest)
            let other = try await cast.join("Krause", .seller)
            try await cast.linkPayoutAccount(other)
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(cast.newProspect(), as: other)
            lead.acceptsContract = true
            let published = try await cast.act(lead, as: other.guest)
            try await cast.fileCard(cast.buyers[1])
            try await cast.bid(rated, on: published.listing, 5_000)
            try await cast.bid(cast.buyers[1], on: published.listing, 6_000)
            var history = BidHistory()
            history.listing = published.listing
            let seen = try await house.ask(history, as: other.guest).bids
            try expect("ratings", seen.map { $0.rating?.ratings ?? 0 }, [1, 0])
            try expect("understandable", seen[0].rating?.understandable, 1)
            try expect("would recommend", seen[0].rating?.wouldRecommend, 0)
            for buyer in cast.buyers {
                let bids = try await house.ask(history, as: buyer.guest).bids
                try expect("not for bidders", bids.allSatisfy { $0.rating == nil })
            }
            var query = GetRatings()
            query.party = rated.party
            try await house.refuses(.notFound, query, as: other.guest)
            try expect("the winner's", try await cast.ratings(of: rated, as: cast.seller).summary.ratings, 1)
            query.party = PartyID(.max)
            try await house.refuses(.notFound, query, as: other.guest)
            try expect("one's own", try await house.ask(GetRatings(), as: rated.guest).summary.ratings, 1)
        },
    ]
}
