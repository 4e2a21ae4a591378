import Kernel
import Messages
import Wire

extension Person {
    // MARK: Looking around

    /// Searches, looks at a few listings (the popular ones more often than others), and bids for some.
    func browse() {
        search { [self] found in
            if policy.mode == .application { return seekOpportunities(found) }
            if policy.mode == .preliminaryCall { return seekCalls(found) }
            let popular = found.sorted { interest(in: $0.listing) < interest(in: $1.listing) }
            for visit in 0..<(3 + dice.below(4)) where !popular.isEmpty {
                let entry = popular[dice.zipf(popular.count)]
                world.later(.seconds(Int64(20 * visit + 5))) { [self] in
                    if dice.oneIn(4) { bidUnread(entry) } else { consider(entry.listing) }
                }
            }
        }
    }

    /// The same for everybody, so that some listings are popular.
    private func interest(in listing: ListingID) -> UInt64 {
        var chance = Chance(seed: listing.raw ^ world.plan.seed)
        return chance.next()
    }

    private func search(_ then: @escaping ([ListingEntry]) -> Void) {
        var query = SearchListings()
        switch dice.below(10) {
        case 0: query.projectType = dice.pick(ProjectType.allCases)
        case 1: query.region = dice.pick(LeadTexts.regions) ?? ""
        case 2: query.budgetFrom = money(usual)
        case 3: query.endsBefore = port.now + .hours(24)
        case 4: query.text = "offer"
        default: break
        }
        query.limit = dice.oneIn(3) ? 4 : 25
        look(query, as: .browsing) { [self] page in
            guard page.more, let last = page.listings.last, dice.oneIn(2) else {
                return then(page.listings)
            }
            query.after = last.listing
            look(query, as: .browsing) { then(page.listings + $0.listings) }
        }
    }

    /// Reads a listing, and bids if it is worth it.
    func consider(_ listing: ListingID) {
        var query = GetListing()
        query.listing = listing
        look(query, as: .browsing) { [self] detail in
            if dice.oneIn(4) {
                var history = BidHistory()
                history.listing = listing
                look(history, as: .browsing)
            }
            if dice.oneIn(80) { report(listing) }
            guard !detail.own, !detail.leading || dice.oneIn(6) else { return }
            decide(on: detail)
        }
    }

    /// Bids from the list, a little more than the price that stands there, without a look at the listing.
    private func bidUnread(_ entry: ListingEntry) {
        let amount = entry.price.minor + usual / 40 * Int64(1 + dice.below(6))
        guard amount < usual * 4 else { return }
        bid(money(amount), on: entry.listing, as: .bidding, again: false)
    }

    private func report(_ listing: ListingID) {
        var report = ReportListing()
        report.listing = listing
        report.reason = PersonalText("The description does not fit the project.")
        tell(report, as: .reporting)
    }

    // MARK: Bidding

    /// What the listing is worth to this person: the same whenever it looks.
    private func worth(of detail: ListingDetail) -> Int64 {
        var chance = Chance(seed: detail.listing.raw ^ party.raw &* 31 ^ world.plan.seed)
        return usual / 2 + usual * Int64(chance.below(400)) / 100
    }

    private func decide(on detail: ListingDetail) {
        let limit = worth(of: detail)
        guard detail.minimumBid.minor <= limit else {
            // Whoever gives up says so at times.
            if detail.ownBid != nil, dice.oneIn(3) { withdrawBid(on: detail.listing) }
            return
        }
        if traits.contains(.sniping) { return snipe(detail, limit) }
        if traits.contains(.overbidding), dice.oneIn(policy.payment == .holdOnBid ? 2 : 6) {
            let factor: Int64 = dice.pick([40, 150, 5_000]) ?? 40
            return bid(money(limit * factor), on: detail.listing, as: .overbidding)
        }
        bid(amount(for: detail, limit), on: detail.listing, as: .bidding)
    }

    private func amount(for detail: ListingDetail, _ limit: Int64) -> Money {
        let least = detail.minimumBid.minor
        if detail.bidding == .proxy, dice.percent(60) { return money(limit) }
        return money(min(limit, least + (least / 20) * Int64(dice.below(4))))
    }

    func bid(
        _ amount: Money, on listing: ListingID, as habit: Habit, again: Bool = true,
        then: @escaping (CallOutcome<BidPlaced>) -> Void = { _ in }
    ) {
        var command = PlaceBid()
        command.listing = listing
        command.amount = amount
        send(command, as: habit) { [self] outcome in
            switch outcome {
            case .answered(let placed):
                bids.add((listing, placed.bid))
                if dice.percent(70) { lookBack(after: placed.endsAt) }
            case .refused(let refusal) where refusal.reason == .insufficientFunds && again:
                if amount.minor < usual * 8 {
                    topUp { [self] in bid(amount, on: listing, as: habit, again: false) }
                }
            case .refused(let refusal) where refusal.reason == .cardMissing && again:
                fileCard { [self] in bid(amount, on: listing, as: habit, again: false) }
            case .refused(let refusal) where refusal.reason == .bidTooLow && again && dice.oneIn(2):
                consider(listing)
            default: break
            }
            then(outcome)
        }
    }

    /// Bids in the last seconds, signed in beforehand so that nothing delays the bid.
    private func snipe(_ detail: ListingDetail, _ limit: Int64) {
        guard !sniped.items.contains(detail.listing) else { return }
        sniped.add(detail.listing)
        // Some so late that the auction ends before the wallet has covered the bid.
        let soon =
            dice.oneIn(2)
            ? dice.span(.milliseconds(1), .seconds(4))
            : dice.span(Duration64(microseconds: 300), .milliseconds(5))
        world.later(at: detail.endsAt - .minutes(1)) { [self] in
            enter { [self] entered in
                guard entered else { return }
                world.later(at: detail.endsAt - soon) { [self] in
                    bid(money(limit), on: detail.listing, as: .sniping, again: false)
                }
                // One who comes at the very end comes too late.
                guard dice.oneIn(4) else { return }
                world.later(at: detail.endsAt) { [self] in
                    bid(money(limit + 1), on: detail.listing, as: .sniping, again: false)
                }
            }
        }
    }

    /// Comes back when the auction is over, unless it means to come back soon after anyway.
    func lookBack(after end: Instant) {
        if nextLook >= end, nextLook <= end + .hours(5) { return }
        nextLook = end + dice.span(.minutes(2), .hours(5))
        world.later(at: nextLook) { [self] in
            if stage == .active { readInbox() }
        }
    }

    /// Bids again, or lets go.
    func outbid(on listing: ListingID) {
        if dice.percent(65) { return consider(listing) }
        if dice.percent(15) { withdrawBid(on: listing) }
    }

    func withdrawBid(on listing: ListingID) {
        guard let own = bids.items.last(where: { $0.listing == listing }) else { return }
        var withdraw = WithdrawBid()
        withdraw.bid = own.bid
        send(withdraw, as: .withdrawing)
        bids.forget { $0.listing == listing }
    }

    // MARK: Paying

    /// Where payment follows the award, the clock runs now.
    func won(_ order: OrderID) {
        var query = GetOrder()
        query.order = order
        look(query, as: .paying) { [self] view in
            if view.stage == .awaitingPayment { paymentDue(order) }
        }
    }

    /// Pays in time, at the last moment, or not at all (A19).
    func paymentDue(_ order: OrderID) {
        guard !billed.items.contains(order) else { return }
        billed.add(order)
        if dice.percent(25) {
            // One of the silent; sometimes it remembers when it is too late.
            guard dice.oneIn(3) else { return }
            return world.later(policy.paymentDeadline + .hours(1)) { [self] in pay(order, again: false) }
        }
        let span = Duration64(microseconds: policy.paymentDeadline.microseconds / 2)
        world.later(dice.span(.minutes(1), span)) { [self] in pay(order, again: true) }
    }

    private func pay(_ order: OrderID, again: Bool) {
        var pay = PayOrder()
        pay.order = order
        send(pay, as: .paying) { [self] outcome in
            guard case .refused(let refusal) = outcome, refusal.reason == .insufficientFunds, again else {
                return
            }
            topUp { [self] in self.pay(order, again: false) }
        }
    }

    /// The runner-up takes the offer, leaves it, or says nothing (A19).
    func offered(_ order: OrderID) {
        let choice = dice.below(4)
        guard choice < 3 else { return }
        var answer = AnswerOffer()
        answer.order = order
        answer.accept = choice < 2
        let span = Duration64(microseconds: policy.offerDeadline.microseconds / 2)
        world.later(dice.span(.minutes(1), span)) { [self] in
            send(answer, as: .decidingOffers) { [self] outcome in
                if case .refused(let refusal) = outcome, refusal.reason == .insufficientFunds {
                    return topUp { [self] in send(answer, as: .decidingOffers) }
                }
                // Whoever declined may be sorry.
                guard !answer.accept, dice.oneIn(2) else { return }
                answer.accept = true
                world.later(.minutes(20)) { [self] in send(answer, as: .decidingOffers) }
            }
        }
    }
}
