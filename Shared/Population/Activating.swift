import Kernel
import Messages
import Wire

/// The house's switch in a marketplace of preliminary calls, and its proxy numbers.
final class CallDesk {
    let marketplace: MarketplaceID
    let telephoneSwitch: Person
    let numbers: [String]
    var lastCall: UInt64 = 0
    /// Calls that were put through lately.
    var calls = Memory<CallID>(6)
    /// Activations lately, and from where their buyers call.
    var activated = Memory<(answer: CallActivated, number: String)>(8)

    init(_ marketplace: MarketplaceID, _ telephoneSwitch: Person, _ numbers: [String]) {
        self.marketplace = marketplace
        self.telephoneSwitch = telephoneSwitch
        self.numbers = numbers
    }
}

// Marketplaces of preliminary calls (D).
extension Population {
    /// The operator gives a marketplace its proxy numbers, fewer than buyers would like, and a switch.
    func openDesk(in marketplace: MarketplaceID, _ policy: Policy, by boss: Person) {
        let numbers = (1...3).map { "7495\(1_000_000 + Int(marketplace.raw) * 10 + $0)" }
        var set = SetProxyNumbers()
        set.marketplace = marketplace
        set.add = numbers
        boss.send(set, as: .governing, patience: 40)
        let phone = Person(self, "house switch \(marketplace)", in: marketplace, policy, .telephoneSwitch)
        var register = RegisterSwitch()
        register.email = PersonalText(phone.email)
        register.name = PersonalText(phone.name)
        register.password = phone.password
        register.marketplace = marketplace
        boss.send(register, as: .governing, patience: 40) { [self] outcome in
            guard case .answered(let registered) = outcome else { return }
            phone.party = registered.party
            phone.stage = .active
            desks.append(CallDesk(marketplace, phone, numbers))
        }
    }

    func desk(of marketplace: MarketplaceID) -> CallDesk? { desks.first { $0.marketplace == marketplace } }

    /// Operators look after pools and strikes.
    func superviseCalls(by someone: Person) {
        guard let desk = dice.pick(desks) else { return }
        var query = GetProxyPool()
        query.marketplace = desk.marketplace
        query.limit = 2
        someone.look(query, as: .overseeing)
        var set = SetProxyNumbers()
        set.marketplace = desk.marketplace
        switch dice.below(4) {
        case 0: set.add = ["12"]
        case 1: set.add = [desk.numbers[0]]
        case 2: set.retire = ["74959999999"]
        default:
            set.retire = [desk.numbers[0]]
            later(.hours(2)) {
                var back = SetProxyNumbers()
                back.marketplace = desk.marketplace
                back.add = [desk.numbers[0]]
                someone.send(back, as: .overseeing)
            }
        }
        someone.send(set, as: .overseeing)
        var list = ListStrikes()
        list.limit = 20
        someone.look(list, as: .overseeing) { [dice] page in
            for strike in page.strikes where strike.state == .contested || dice.oneIn(10) {
                var decide = DecideStrike()
                decide.strike = strike.strike
                decide.stands = dice.oneIn(2)
                someone.send(decide, as: .overseeing)
            }
        }
    }
}

extension Person {
    /// Looks for leads, calls some of the prospects first, and buys some unheard.
    func seekCalls(_ found: [ListingEntry]) {
        if dice.oneIn(3) { look(ListActivations(), as: .activating) }
        if dice.oneIn(4) { look(ListStrikes(), as: .activating) }
        if dice.oneIn(8) { slipOnCalls() }
        for visit in 0..<(1 + dice.below(3)) {
            guard let entry = dice.pick(found) else { return }
            world.later(.seconds(Int64(20 * visit + 5))) { [self] in
                if dice.oneIn(8) { return buyLead(entry.listing) }
                activate(entry.listing, again: true)
            }
        }
    }

    private func activate(_ listing: ListingID, again: Bool) {
        let number = "+49 172 \(1_000_000 + Int(party.raw % 1_000_000))"
        var activate = ActivateCall()
        activate.listing = listing
        activate.callFrom = PersonalText(dice.oneIn(12) ? "hello" : number)
        send(activate, as: .activating) { [self] outcome in
            switch outcome {
            case .answered(let answer):
                follow(answer, from: number)
                if dice.oneIn(5) { send(activate, as: .activating) }
            case .refused(let refusal) where refusal.reason == .insufficientFunds && again:
                topUp { [self] in self.activate(listing, again: false) }
            default: break
            }
        }
    }

    /// Calls once or twice, then buys, declines, or lets the time pass.
    private func follow(_ answer: CallActivated, from number: String) {
        guard let desk = world.desk(of: marketplace) else { return }
        desk.activated.add((answer, number))
        var wait = Duration64.minutes(1)
        for _ in 0..<(1 + dice.below(2)) {
            world.later(wait) { [self] in call(answer, from: number, desk, again: true) }
            wait = wait + .minutes(12)
        }
        if dice.oneIn(3) { world.later(wait) { [self] in lookAt(answer.activation) } }
        let choice = dice.below(10)
        world.later(wait + dice.span(.minutes(1), .hours(3))) { [self] in
            switch choice {
            case 0...3: buyLead(answer.listing)
            case 4...6:
                var decline = DeclineLead()
                decline.activation = answer.activation
                send(decline, as: .activating) { [self] _ in
                    if dice.oneIn(4) { send(decline, as: .activating) }
                }
            default: break
            }
        }
        guard dice.oneIn(6) else { return }
        // In the very instant in which the house would end it, or a moment before or after.
        world.later(at: answer.until - .milliseconds(3) + dice.span(.zero, .milliseconds(6))) { [self] in
            buyLead(answer.listing)
        }
    }

    private func lookAt(_ activation: OrderID) {
        var view = GetActivation()
        view.activation = activation
        look(view, as: .activating)
        var calls = ListLeadCalls()
        calls.activation = activation
        calls.limit = 2
        look(calls, as: .activating) { [self] page in
            guard page.more, let last = page.calls.last else { return }
            calls.after = last.call
            look(calls, as: .activating)
        }
    }

    func buyLead(_ listing: ListingID) {
        var buy = BuyLead()
        buy.listing = listing
        send(buy, as: .activating)
    }

    /// Disputes what was recorded about a call.
    func contest(_ strike: StrikeID) {
        guard dice.percent(70) else { return }
        var contest = ContestStrike()
        contest.strike = strike
        contest.reason = PersonalText(dice.oneIn(10) ? "" : "I asked for the number of rooms.")
        send(contest, as: .activating) { [self] _ in
            if dice.oneIn(4) { send(contest, as: .activating) }
        }
    }

    /// Names what is another buyer's.
    private func slipOnCalls() {
        guard let desk = world.desk(of: marketplace), let other = dice.pick(desk.activated.items) else {
            return
        }
        lookAt(other.answer.activation)
        var decline = DeclineLead()
        decline.activation = other.answer.activation
        if dice.oneIn(4) { send(decline, as: .activating) }
        var contest = ContestStrike()
        contest.strike = StrikeID(other.answer.activation.raw)
        contest.reason = PersonalText("Not mine.")
        send(contest, as: .activating)
    }

    /// A seller thinks again about what a lead costs; what is frozen stays so.
    func reprice() {
        guard let listing = dice.pick(ownListings.items) else { return }
        var reprice = RepriceListing()
        reprice.listing = listing
        reprice.price = money(usual / 2 + Int64(dice.below(Int(usual))))
        if dice.oneIn(10) { reprice.price = money(0) }
        send(reprice, as: .selling)
    }

    // MARK: Calls

    private func call(_ answer: CallActivated, from number: String, _ desk: CallDesk, again: Bool) {
        let phone = desk.telephoneSwitch
        desk.lastCall += 1
        var arrived = CallArrived()
        arrived.switchCall = dice.oneIn(15) ? max(1, desk.lastCall - 1) : desk.lastCall
        arrived.called = dice.oneIn(15) ? dice.pick(desk.numbers) ?? "" : answer.proxyNumber
        // The prospect calls back, a stranger calls, or the number is withheld.
        switch dice.below(10) {
        case 0: arrived.presented = PersonalText(world.newProspect().phone)
        case 1: arrived.networkProvided = PersonalText(number)
        case 2: break
        default: arrived.presented = PersonalText(number)
        }
        arrived.line = dice.pick(LineType.allCases) ?? .landline
        arrived.at = dice.oneIn(25) ? .none : port.now
        if dice.oneIn(10) { phone.ask(Subscribe(), as: .switching) }
        phone.tell(arrived, as: .switching) { [self] routed in
            switch routed.verdict {
            case .putThrough:
                desk.calls.add(routed.call)
                LeadPhoneCall(phone, routed, answer, self).begin()
            case .tooLittle where again:
                topUp { [self] in call(answer, from: number, desk, again: false) }
            default: break
            }
        }
    }
}

/// One preliminary call as the house's switch sees it through, with what goes wrong on telephone lines.
private struct LeadPhoneCall {
    let phone: Person
    let routed: CallRouted
    let activated: CallActivated
    let buyer: Person

    init(_ phone: Person, _ routed: CallRouted, _ activated: CallActivated, _ buyer: Person) {
        self.phone = phone
        self.routed = routed
        self.activated = activated
        self.buyer = buyer
    }

    private var dice: Dice { phone.dice }
    private var now: Instant { phone.port.now }

    func begin() {
        var route = RouteCall()
        route.activation = dice.oneIn(15) ? OrderID(7) : routed.activation
        route.call = routed.call
        phone.send(route, as: .switching)
        after(.seconds(Int64(8 + dice.below(30)))) {
            switch dice.below(8) {
            case 0: report(.answeredByVoicemail)
            case 1: break
            default: report(.answeredByPerson)
            }
            talk(minutes: dice.pick([1, 2, 3, 4, 6]) ?? 1)
        }
    }

    private func talk(minutes: Int) {
        for minute in 1...minutes {
            after(.minutes(Int64(minute)) + .milliseconds(Int64(dice.below(900)))) {
                report(minute % 2 == 1 ? .extend : .progress)
            }
        }
        if dice.oneIn(3) { after(.seconds(Int64(20 + dice.below(60)))) { fish() } }
        // Somebody else is faster, or the buyer decides with the receiver in hand.
        if dice.oneIn(6) {
            after(.seconds(Int64(15 + dice.below(100)))) {
                let rival = phone.world.choose(.buyer, in: buyer.marketplace)
                (dice.oneIn(4) ? buyer : rival)?.buyLead(activated.listing)
            }
        }
        if dice.oneIn(4) { after(.minutes(1)) { buyer.topUp() } }
        after(.minutes(Int64(minutes)) + .seconds(Int64(1 + dice.below(60)))) { finish() }
    }

    private func fish() {
        var fishing = ReportFishing()
        fishing.call = dice.oneIn(12) ? CallID(9) : routed.call
        fishing.at = dice.oneIn(12) ? .none : now
        fishing.source = dice.oneIn(2) ? .transcript : .reported
        fishing.words = PersonalText(
            dice.pick(["And your number? 0171 2345678", "How many rooms are there?", " "]) ?? "")
        phone.send(fishing, as: .switching) { _ in
            if dice.oneIn(4) { phone.send(fishing, as: .switching) }
        }
    }

    private func finish() {
        var end = EndCall()
        end.call = routed.call
        end.at = now
        end.putThrough = !dice.oneIn(8)
        switch dice.below(10) {
        // The end is lost: the house settles the call by itself.
        case 0: return
        case 1:
            end.at = now - .days(2)
            phone.send(end, as: .switching)
            end.at = now
        case 2: report(.answeredByVoicemail)
        default: break
        }
        phone.send(end, as: .switching) { outcome in
            guard case .refused = outcome, !end.putThrough else { return }
            end.putThrough = true
            phone.send(end, as: .switching)
        }
        if dice.oneIn(4) { after(.seconds(20)) { phone.send(end, as: .switching) } }
    }

    private func report(_ report: CallReport) {
        var said = ReportCall()
        said.call = routed.call
        said.report = report
        said.at = now
        phone.send(said, as: .switching)
    }

    private func after(_ span: Duration64, _ body: @escaping () -> Void) {
        phone.world.later(span, body)
    }
}
