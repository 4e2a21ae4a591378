import Kernel
import Messages

extension Scenario {
    private static var policy: Policy {
        var policy = Policy()
        policy.payment = .afterAward
        return policy
    }

    /// Payment after the award, and the offer to the runner-up (A19).
    static let paymentAfterAward: [Scenario] = [
        Scenario("A19 a bid holds nothing, and the winner pays within the deadline") { house in
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            try expect("nothing held", try await cast.available(cast.buyers[0]), 100_000)
            try await house.advance(to: published.endsAt)
            let order = try await cast.order(of: published.listing).order
            let waits = try await cast.order(order, as: cast.buyers[0])
            try expect("stage", waits.stage, .awaitingPayment)
            try expect("48 hours", waits.deadline, published.endsAt + Duration64.hours(48))
            var read = ReadContact()
            read.order = order
            try await house.refuses(.notFound, read, as: cast.buyers[0].guest)
            var pay = PayOrder()
            pay.order = order
            try await house.refuses(.notFound, pay, as: cast.buyers[1].guest)
            try await house.advance(to: published.endsAt + Duration64.hours(48) - .microsecond)
            let paid = try await cast.act(pay, as: cast.buyers[0].guest)
            try expect("total", paid.total, cast.money(5_950))
            try expect("revealed", try await cast.order(order).stage, .revealed)
            _ = try await cast.readContact(order, as: cast.buyers[0])
            try await house.advance(by: .days(1))
            try expect("no strike", try await cast.order(order).stage, .revealed)
        },
        Scenario("A19 a winner without money may try again until the deadline") { house in
            let cast = try await Cast.openMarketplace(house, policy: policy, funds: 0)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            try await house.advance(to: published.endsAt)
            var pay = PayOrder()
            pay.order = try await cast.order(of: published.listing).order
            try await house.refuses(.insufficientFunds, pay, as: cast.buyers[0].guest)
            try await cast.topUp(cast.buyers[0], 5_949)
            try await house.refuses(.insufficientFunds, pay, as: cast.buyers[0].guest)
            try expect("still to pay", try await cast.order(pay.order).stage, .awaitingPayment)
            try await cast.topUp(cast.buyers[0], 1)
            try await cast.act(pay, as: cast.buyers[0].guest)
        },
        Scenario("A19 a lapsed deadline offers the lead to the runner-up at its own bid, who may take it") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[1], on: published.listing, 5_000)
            try await cast.bid(cast.buyers[0], on: published.listing, 7_000)
            try await house.advance(to: published.endsAt)
            let first = try await cast.order(of: published.listing).order
            try await house.advance(to: published.endsAt + Duration64.hours(48))
            try expect("lapsed", try await cast.order(first).stage, .lapsed)
            var pay = PayOrder()
            pay.order = first
            try await house.refuses(.wrongState, pay, as: cast.buyers[0].guest)
            try await cast.mailed(cast.buyers[0], .paymentLapsed, listing: published.listing)
            try await cast.mailed(cast.buyers[1], .runnerUpOffer, listing: published.listing)
            let offer = try await cast.order(of: published.listing)
            try expect("runner-up", offer.buyer, cast.buyers[1].party)
            try expect("its own bid", offer.price, cast.money(5_000))
            var answer = AnswerOffer()
            answer.order = offer.order
            answer.accept = true
            try await house.refuses(.notFound, answer, as: cast.buyers[0].guest)
            let taken = try await cast.act(answer, as: cast.buyers[1].guest)
            try expect("stage", [.collecting, .revealing, .revealed].contains(taken.stage))
            try expect("revealed", try await cast.order(offer.order).stage, .revealed)
            try expect("paid", try await cast.available(cast.buyers[1]), 100_000 - 5_950)
            _ = try await cast.readContact(offer.order, as: cast.buyers[1])
        },
        Scenario("A19 the runner-up is free to leave the offer, and it lapses at its deadline") { house in
            let cast = try await Cast.openMarketplace(house, policy: policy)
            for leaves in [true, false] {
                let published = try await cast.publishLead().listing
                try await cast.bid(cast.buyers[1], on: published.listing, 5_000)
                try await cast.bid(cast.buyers[0], on: published.listing, 7_000)
                try await house.advance(to: published.endsAt + Duration64.hours(48))
                var answer = AnswerOffer()
                answer.order = try await cast.order(of: published.listing).order
                if leaves {
                    try await cast.act(answer, as: cast.buyers[1].guest)
                } else {
                    try await house.advance(by: .hours(24))
                    try await cast.told(cast.buyers[1], .offerLapsed, listing: published.listing)
                    answer.accept = true
                }
                try await house.refuses(.offerLapsed, answer, as: cast.buyers[1].guest)
                try expect("declined", try await cast.order(answer.order).stage, .declined)
                try expect("expired", try await cast.listing(published.listing).stage, .expired)
                try expect("nothing paid", try await cast.available(cast.buyers[1]), 100_000)
            }
        },
        Scenario("A19 who withdrew is not the runner-up") { house in
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 3)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[2], on: published.listing, 4_000)
            let second = try await cast.bid(cast.buyers[1], on: published.listing, 5_000)
            try await cast.bid(cast.buyers[0], on: published.listing, 7_000)
            var withdraw = WithdrawBid()
            withdraw.bid = second.bid
            try await cast.act(withdraw, as: cast.buyers[1].guest)
            try await house.advance(to: published.endsAt + Duration64.hours(48))
            let offer = try await cast.order(of: published.listing)
            try expect("runner-up", offer.buyer, cast.buyers[2].party)
            try expect("its own bid", offer.price, cast.money(4_000))
        },
        Scenario("A19 strikes suspend a buyer who does not pay") { house in
            var policy = policy
            policy.strikesToSuspension = 2
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 1)
            let buyer = cast.buyers[0]
            for strikes in 1...2 {
                let published = try await cast.publishLead().listing
                try await cast.bid(buyer, on: published.listing, 5_000)
                try await house.advance(to: published.endsAt + Duration64.hours(48))
                try await house.settle()
                var query = GetParty()
                query.party = buyer.party
                let state = try await house.ask(query, as: cast.operator).state
                try expect("after \(strikes)", state, strikes < 2 ? .verified : .suspended)
            }
            var bid = PlaceBid()
            bid.listing = try await cast.publishLead().listing.listing
            bid.amount = cast.money(5_000)
            try await house.refuses(.suspended, bid, as: buyer.guest)
        },
    ]
}
