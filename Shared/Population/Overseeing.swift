import Kernel
import Messages
import Wire

extension Person {
    /// An operator's round: reviews, cases, parties, and a look at the house.
    func makeRounds() {
        guard stage == .active else { return }
        closeReviews()
        decideCases()
        if dice.oneIn(3) { reinstateParties() }
        if dice.oneIn(4) { inspect() }
        if dice.oneIn(3) { world.superviseCalls(by: self) }
        if dice.oneIn(6) { readInbox() }
        world.later(.minutes(20)) { [self] in hangUp() }
    }

    // MARK: Reviews (A16)

    private func closeReviews() {
        var list = ListReviews()
        list.closed = dice.oneIn(10)
        look(list, as: .overseeing) { [self] page in
            for entry in page.reviews.prefix(4) { close(entry) }
        }
    }

    private func close(_ entry: ReviewEntry) {
        var review = ReviewListing()
        review.review = entry.review
        switch dice.below(30) {
        case 0...2: review.finding = .suspendListing
        case 3: review.finding = .suspendSeller
        default: review.finding = .inOrder
        }
        if dice.oneIn(2) { review.reason = "Found by a review of that day." }
        send(review, as: .overseeing)
    }

    // MARK: Cases (A14)

    private func decideCases() {
        var list = ListCases()
        list.openOnly = true
        list.limit = 100
        look(list, as: .overseeing) { [self] page in
            for summary in page.cases.prefix(6) where summary.stage == .awaitingVerdict { judge(summary) }
        }
    }

    private func judge(_ summary: CaseSummary) {
        var query = GetCase()
        query.case = summary.case
        look(query, as: .overseeing) { [self] details in
            var decide = DecideCase()
            decide.case = summary.case
            decide.verdict = dice.pick(Verdict.allCases) ?? .reject
            decide.reasoning = PersonalText("Both sides were heard.")
            if decide.verdict == .refundPart {
                decide.refund = Money(max(1, summary.price.minor / 3), summary.price.currency)
            }
            if dice.oneIn(6) { decide.refund = Money(.max, summary.price.currency) }
            if dice.oneIn(8), !details.evidence.isEmpty { decide.refund = Money(1, .none) }
            send(decide, as: .judging)
        }
    }

    // MARK: Parties

    /// Whoever was suspended for a while may come back.
    private func reinstateParties() {
        guard let market = dice.pick(world.marketplaces) else { return }
        var list = ListParties()
        list.marketplace = market
        list.limit = 100
        look(list, as: .overseeing) { [self] page in
            for summary in page.parties where summary.state == .suspended && dice.percent(60) {
                reinstate(summary.party)
            }
        }
    }

    func reinstate(_ party: PartyID) {
        var reinstate = ReinstateParty()
        reinstate.party = party
        send(reinstate, as: .overseeing)
    }

    // MARK: The house

    private func inspect() {
        switch dice.below(8) {
        case 0: look(GetStatus(), as: .overseeing)
        case 1: look(GetLedgerReport(), as: .overseeing)
        case 2:
            var orders = ListOrders()
            orders.marketplace = dice.pick(world.marketplaces)
            if dice.oneIn(2) { orders.stage = dice.pick(OrderStage.allCases) }
            look(orders, as: .overseeing)
        case 3:
            var deliveries = DeliveryStatus()
            if dice.oneIn(2) { deliveries.party = world.choose(.buyer)?.party ?? .none }
            look(deliveries, as: .overseeing)
        case 4: look(GetKeyStatus(), as: .overseeing)
        case 5: look(ListMarketplaces(), as: .overseeing)
        case 6:
            guard let person = world.choose([.buyer, .seller]) ?? world.choose(.buyer) else { return }
            var statement = GetStatement()
            statement.party = person.party
            look(statement, as: .overseeing)
        default:
            guard let order = world.choose(.buyer, { !$0.orders.items.isEmpty })?.orders.items.last else {
                return
            }
            var details = GetOrderDetails()
            details.order = order
            look(details, as: .overseeing)
            say("Support here: is all well?", in: order)
        }
    }
}
