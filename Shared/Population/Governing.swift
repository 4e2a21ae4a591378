import Kernel
import Messages
import Wire

// What operators do now and then.
extension Population {
    // MARK: Marketplaces

    /// The next version of a policy; what began under the old one keeps it.
    func changePolicy() {
        guard let boss, let market = dice.pick(marketplaces) else { return }
        var query = GetMarketplace()
        query.marketplace = market
        boss.look(query, as: .governing) { [dice] view in
            var publish = PublishMarketplace()
            publish.marketplace = market
            publish.name = view.name
            publish.policy = view.policy
            publish.policy.commission = BasisPoints(Int32(dice.below(2_000)))
            publish.policy.statementDeadline = .days(Int64(1 + dice.below(3)))
            publish.policy.silence = dice.pick(Silence.allCases) ?? .upholds
            boss.send(publish, as: .governing)
        }
    }

    func publishBadly() {
        guard let boss, let market = marketplaces.first else { return }
        var publish = PublishMarketplace()
        publish.marketplace = market
        publish.name = "Market 1"
        publish.policy = plan.policy(of: 0)
        var bad = publish
        bad.policy.currency = publish.policy.currency == .usd ? .eur : .usd
        boss.send(bad, as: .governing)
        bad = publish
        bad.policy.durations = []
        boss.send(bad, as: .governing)
        bad = publish
        bad.name = " "
        boss.send(bad, as: .governing)
        bad = publish
        bad.marketplace = .none
        boss.send(bad, as: .governing)
    }

    func setRanges() {
        guard let boss, let person = choose(.seller) else { return }
        var ranges = SetPriceRanges()
        ranges.marketplace = person.marketplace
        ranges.projectType = dice.pick(ProjectType.allCases) ?? .other
        ranges.budgetLow = person.money(person.usual * 20)
        ranges.budgetHigh = person.money(person.usual * 200)
        ranges.startLow = person.money(person.usual / 2)
        ranges.startHigh = person.money(person.usual * 2)
        boss.send(ranges, as: .governing)
        ranges.marketplace = MarketplaceID(4_000)
        boss.send(ranges, as: .governing)
    }

    // MARK: The house

    /// Another operator comes; where there are three, the last one goes.
    func appoint() {
        guard let boss else { return }
        if operators.count >= 3 {
            let last = operators.removeLast()
            var close = CloseParty()
            close.party = last.party
            return boss.send(close, as: .governing) { _ in last.hangUp() }
        }
        lastPerson += 1
        let colleague = Person(self, "operator \(lastPerson)", in: .none, Policy(), .operator_)
        colleague.language = .english
        var appoint = AppointOperator()
        appoint.email = PersonalText(colleague.email)
        appoint.name = PersonalText(colleague.name)
        appoint.password = colleague.password
        boss.send(appoint, as: .governing) { [self] outcome in
            guard case .answered(let registered) = outcome else { return }
            colleague.party = registered.party
            colleague.stage = .active
            operators.append(colleague)
            // Nobody suspends or closes oneself.
            var suspend = SuspendParty()
            suspend.party = registered.party
            suspend.reason = "A try."
            colleague.send(suspend, as: .governing)
            colleague.send(CloseParty(), as: .governing)
        }
    }

    func credit() {
        guard let boss, let person = choose(.buyer) else { return }
        var credit = CreditManually()
        credit.party = person.party
        credit.amount = person.money(person.usual / 4)
        credit.reason = "For your patience"
        boss.send(credit, as: .crediting)
        credit.party = PartyID(3)
        boss.send(credit, as: .crediting)
    }

    /// Clocks of a house on the machine's time cannot be set, and no other goes backwards.
    func moveClockBack() {
        var set = SetClock()
        set.now = port.now - .days(1)
        boss?.ask(set, as: .governing)
        boss?.ask(GetKeyStatus(), as: .governing)
    }

    // MARK: Suspensions (A16)

    func suspendParty() {
        guard let boss, let person = choose(dice.oneIn(4) ? .seller : .buyer) else { return }
        var suspend = SuspendParty()
        suspend.party = person.party
        suspend.reason = "Complaints by other parties."
        boss.send(suspend, as: .suspending) { [self] outcome in
            guard case .answered = outcome else { return }
            boss.send(suspend, as: .suspending)
            later(.minutes(5)) { person.keepBooks() }
            later(dice.span(.hours(2), .days(1))) { boss.reinstate(person.party) }
        }
        suspend.party = PartyID(1)
        boss.send(suspend, as: .suspending)
        suspend.reason = " "
        suspend.party = person.party
        boss.send(suspend, as: .suspending)
    }

    /// Stops a listing while somebody looks at it, and opens it again.
    func suspendListing() {
        guard let boss, let buyer = choose(.buyer) else { return }
        findListing(for: buyer) { [self] detail in
            var suspend = SuspendListing()
            suspend.listing = detail.listing
            suspend.reason = "The description does not hold."
            boss.send(suspend, as: .suspending) { [self] outcome in
                guard case .answered = outcome else { return }
                buyer.bid(detail.minimumBid, on: detail.listing, as: .suspending, again: false)
                boss.send(suspend, as: .suspending)
                later(dice.span(.minutes(10), .hours(6))) { [self] in reinstate(detail.listing, by: boss) }
            }
        }
    }

    private func reinstate(_ listing: ListingID, by boss: Person) {
        guard dice.percent(75) else { return }
        var reinstate = ReinstateListing()
        reinstate.listing = listing
        boss.send(reinstate, as: .suspending) { _ in
            boss.send(reinstate, as: .suspending)
        }
    }

    // MARK: Cases

    /// A verdict on a case that is closed, or that nobody opened.
    func judgeBadly() {
        guard let boss else { return }
        boss.look(ListCases(), as: .overseeing) { [dice] page in
            var decide = DecideCase()
            decide.reasoning = PersonalText("Once more.")
            if let summary = dice.pick(page.cases) {
                decide.case = summary.case
                boss.send(decide, as: .mistiming)
            }
            if let closed = page.cases.first(where: { $0.stage == .closed }) {
                decide.case = closed.case
                boss.send(decide, as: .mistiming)
            }
            decide.case = CaseID(9)
            boss.send(decide, as: .mistiming)
        }
    }

    /// No rule reveals a contact to operators.
    func readAsOperator() {
        guard let boss, let order = choose(.buyer, { !$0.orders.items.isEmpty })?.orders.items.last else {
            return
        }
        var read = ReadContact()
        read.order = order
        boss.send(read, as: .overstepping)
    }

    // MARK: Going

    /// Somebody leaves for good, and somebody new comes.
    func leave() {
        guard let person = choose(dice.oneIn(4) ? .seller : .buyer) else { return }
        replace(person)
        person.send(CloseParty(), as: .leaving) { _ in
            person.look(GetDashboard(), as: .leaving)
            person.hangUp()
        }
    }

    func closeSomebody() {
        guard let boss, let person = choose(.buyer) else { return }
        replace(person)
        var close = CloseParty()
        close.party = person.party
        boss.send(close, as: .leaving) { _ in
            boss.send(close, as: .leaving)
            person.hangUp()
        }
    }

    /// A seller hands in more contacts than the house erases at once, and goes; or all are one prospect's, who objects.
    func hoard() {
        guard let boss, dice.oneIn(3), let seller = choose(.seller) else { return }
        let prospect = dice.oneIn(2) ? newProspect() : nil
        seller.seal(101 + dice.below(10), of: prospect) { [self] contact in
            guard prospect == nil else {
                var object = ObjectForProspect()
                object.contact = contact
                return boss.send(object, as: .objecting)
            }
            replace(seller)
            var close = CloseParty()
            close.party = seller.party
            boss.send(close, as: .leaving) { _ in seller.hangUp() }
        }
    }

    private func replace(_ person: Person) {
        person.stage = .gone
        people.removeAll { $0 === person }
        invite(person.roles, to: person.marketplace, person.policy, traits: person.traits)
    }

    /// After a lost phone: by oneself, or by the operator.
    func revokeSessions() {
        guard let person = choose(.buyer) else { return }
        if dice.oneIn(2) {
            person.send(RevokeSessions(), as: .signingIn) { _ in person.keepBooks() }
        } else {
            var revoke = RevokeSessions()
            revoke.party = person.party
            boss?.send(revoke, as: .signingIn) { _ in person.keepBooks() }
        }
        var foreign = RevokeSessions()
        foreign.party = PartyID(2)
        person.send(foreign, as: .forging)
    }
}
