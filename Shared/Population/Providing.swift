import Kernel
import Messages
import Wire

/// A provider's line as its people know it: the profile, the switch, and numbers that have called.
final class PrepaidLine {
    let profile: BillingProfileID
    let settings: SetBillingProfile
    var telephoneSwitch: Person
    var numbers = Memory<String>(6)
    var payments = Memory<PaymentID>(6)
    var lastCall: UInt64 = 0

    init(_ profile: BillingProfileID, _ settings: SetBillingProfile, _ telephoneSwitch: Person) {
        self.profile = profile
        self.settings = settings
        self.telephoneSwitch = telephoneSwitch
    }
}

// Marketplaces of prepaid lines (E).
extension Person {
    /// A provider's visit: opens its line, or looks after it while people call.
    func provide() {
        guard let line else { return openLine() }
        receiveCaller(line)
        if dice.oneIn(5) { renewSwitch(line) }
        switch dice.below(10) {
        case 0: setTariff(line.profile)
        case 1: look(ListBillingProfiles(), as: .providing)
        case 2...3: adjust(line)
        case 4: changeNumber(line)
        case 5: changeSettings(of: line)
        case 6: takeBack(line)
        case 7: slip(line)
        case 8: forget(line)
        default: lookUpCaller(line)
        }
    }

    private func openLine() {
        var set = SetBillingProfile()
        set.name = "Advice of \(name)"
        set.topUps = [
            OfferedTopUp(amount: usual, bonus: 0), OfferedTopUp(amount: 2 * usual, bonus: usual / 8),
            OfferedTopUp(amount: 5 * usual, bonus: usual),
        ]
        var line = ServiceLine()
        line.number = "4990\(10_000 + Int(party.raw % 100_000_000))"
        line.site = "advice.example"
        line.target = "queue-\(dice.below(9))"
        set.lines = [line]
        tell(set, as: .providing) { [self] view in
            setTariff(view.profile.profile)
            registerSwitch { [self] phone in self.line = PrepaidLine(view.profile.profile, set, phone) }
        }
    }

    private func registerSwitch(_ then: @escaping (Person) -> Void) {
        var register = RegisterSwitch()
        world.lastPerson += 1
        let phone = Person(
            world, "switch \(world.lastPerson) of \(name)", in: marketplace, policy, .telephoneSwitch)
        register.email = PersonalText(phone.email)
        register.name = PersonalText(phone.name)
        register.password = phone.password
        tell(register, as: .providing) { registered in
            phone.party = registered.party
            phone.stage = .active
            then(phone)
        }
    }

    /// A new telephone switch takes the old one's place; calls under way fall silent.
    private func renewSwitch(_ line: PrepaidLine) {
        registerSwitch { [self] phone in
            let old = line.telephoneSwitch
            line.telephoneSwitch = phone
            var close = CloseParty()
            close.party = old.party
            send(close, as: .providing) { _ in old.stage = .gone }
        }
    }

    /// A caller wants its number forgotten; at times one is named that is none of the provider's.
    private func forget(_ line: PrepaidLine) {
        var erase = EraseCaller()
        erase.caller = CallerID(77)
        if dice.oneIn(6) { send(erase, as: .providing) }
        find(line) { [self] caller in
            erase.caller = caller
            send(erase, as: .providing) { [self] _ in
                if dice.oneIn(3) { send(erase, as: .providing) }
            }
        }
    }

    private func setTariff(_ profile: BillingProfileID) {
        var tariff = SetTariff()
        tariff.profile = profile
        let unit = usual / 4
        tariff.terms.prices.connectFee = dice.oneIn(2) ? 0 : unit / 10
        tariff.terms.prices.landline = unit * 1_000 - Int64(dice.below(1_000))
        tariff.terms.prices.mobile = unit * 1_500 + 333
        tariff.terms.prices.other = unit * 2_000
        (tariff.terms.firstIncrement, tariff.terms.nextIncrement) =
            dice.pick([(60, 60), (1, 1), (60, 1), (30, 6)] as [(UInt32, UInt32)]) ?? (60, 60)
        tariff.terms.start = dice.oneIn(2) ? .conversation : .announcement
        tariff.terms.startDelay = dice.pick([0, 10, 20, 30]) ?? 0
        tariff.terms.longestCall = dice.oneIn(4) ? 1_800 : 14_400
        if !dice.oneIn(3) {
            var offer = FirstCallerOffer()
            offer.period = .days(Int64(1 + dice.below(5)))
            if dice.oneIn(2) {
                offer.freeSeconds = UInt32(30 + dice.below(300))
            } else {
                var prices = CallPrices()
                prices.landline = unit * 500 + 1
                prices.mobile = unit * 500
                prices.other = unit * 500
                offer.prices = prices
            }
            tariff.terms.firstCallers = offer
        }
        if dice.oneIn(12) { tariff.terms.startDelay = 15 }
        if dice.oneIn(12) { tariff.terms.prices.mobile = -1 }
        send(tariff, as: .providing)
    }

    private func changeSettings(of line: PrepaidLine) {
        var set = line.settings
        set.profile = line.profile
        set.callerList = UInt32(1 + dice.below(2))
        if dice.oneIn(4) { set.topUps = [] }
        if dice.oneIn(4), let other = world.lines.items.last(where: { $0 !== line }) {
            set.lines[0].number = other.settings.lines[0].number
        }
        send(set, as: .providing)
    }

    private func adjust(_ line: PrepaidLine) {
        var adjust = AdjustCaller()
        adjust.profile = line.profile
        adjust.number = PersonalText(dice.pick(line.numbers.items) ?? world.newProspect().phone)
        adjust.change = dice.pick(BalanceChange.allCases) ?? .raise
        adjust.amount = money(dice.oneIn(10) ? usual * 1_000 : usual / Int64(1 + dice.below(30)))
        adjust.reason = dice.oneIn(12) ? " " : "chat"
        send(adjust, as: .providing)
    }

    private func find(_ line: PrepaidLine, _ then: @escaping (CallerID) -> Void) {
        guard let number = dice.pick(line.numbers.items) else { return }
        var find = FindCaller()
        find.number = PersonalText(number)
        look(find, as: .providing) { then($0.caller) }
    }

    private func lookUpCaller(_ line: PrepaidLine) {
        find(line) { [self] caller in
            var get = GetCaller()
            get.profile = line.profile
            get.caller = caller
            look(get, as: .providing)
            var list = ListCallerTransactions()
            list.profile = line.profile
            list.caller = caller
            list.limit = 5
            look(list, as: .providing) { [self] page in
                for entry in page.transactions where entry.kind == .callerToppedUp {
                    line.payments.add(entry.payment)
                }
                guard page.more, let last = page.transactions.last else { return }
                list.after = last.entry
                look(list, as: .providing)
            }
            var calls = ListCalls()
            calls.profile = line.profile
            if dice.oneIn(2) { calls.caller = caller }
            look(calls, as: .providing) { [self] page in
                if let call = dice.pick(page.calls)?.call { wonder(about: call) }
            }
        }
    }

    private func changeNumber(_ line: PrepaidLine) {
        find(line) { [self] caller in
            var change = ChangeCallerNumber()
            change.profile = line.profile
            change.caller = caller
            let number =
                dice.oneIn(2)
                ? world.newProspect().phone : dice.pick(line.numbers.items) ?? world.newProspect().phone
            change.number = PersonalText(number)
            change.merge = dice.oneIn(2)
            tell(change, as: .providing) { _ in line.numbers.add(number) }
        }
    }

    private func takeBack(_ line: PrepaidLine) {
        var back = ChargeBackTopUp()
        back.payment = dice.pick(line.payments.items) ?? PaymentID(12)
        back.reason = "the bank took it back"
        send(back, as: .providing)
    }

    /// Names what is another provider's.
    private func slip(_ line: PrepaidLine) {
        guard let other = world.lines.items.last(where: { $0 !== line }) else { return }
        var calls = ListCalls()
        calls.profile = other.profile
        ask(calls, as: .providing)
        var tariff = SetTariff()
        tariff.profile = other.profile
        send(tariff, as: .providing)
        var arrived = CallArrived()
        arrived.switchCall = UInt64.max - UInt64(dice.below(1_000_000))
        arrived.called = other.settings.lines[0].number
        arrived.presented = PersonalText(world.newProspect().phone)
        arrived.at = port.now
        line.telephoneSwitch.send(arrived, as: .switching)
        line.telephoneSwitch.ask(ListBillingProfiles(), as: .overstepping)
    }

    // MARK: Callers

    private func receiveCaller(_ line: PrepaidLine) {
        let known = dice.pick(line.numbers.items)
        let number = known.flatMap { dice.oneIn(4) ? nil : $0 } ?? world.newProspect().phone
        line.numbers.add(number)
        if known == nil || dice.oneIn(3) { payIn(number, line) }
        for _ in 0..<(dice.oneIn(4) ? 2 : 1) {
            world.later(dice.span(.minutes(2), .minutes(9))) { [self] in call(from: number, line) }
        }
    }

    private func payIn(_ number: String, _ line: PrepaidLine) {
        let caller = world.stranger("caller")
        var topUp = TopUpCaller()
        topUp.profile = line.profile
        topUp.number = PersonalText(dice.oneIn(6) ? mistyped(number) : number)
        topUp.amount = money(dice.pick(line.settings.topUps)?.amount ?? usual)
        if dice.oneIn(8) { topUp.amount = money(usual + 1) }
        topUp.method =
            dice.pick([
                "sandbox", "sandbox", "sandbox", "sandboxSlow", "sandboxUnreachable", "sandboxDeclined",
            ])
            ?? "sandbox"
        var look = GetTopUpOffer()
        look.profile = dice.oneIn(20) ? BillingProfileID(line.profile.raw &+ 1) : line.profile
        caller.ask(look, as: .payingIn)
        caller.send(topUp, as: .payingIn) { [self] outcome in
            guard case .answered(let started) = outcome else { return caller.hangUp() }
            line.payments.add(started.payment)
            var query = GetCallerTopUp()
            query.receipt = dice.oneIn(20) ? String(started.receipt.reversed()) : started.receipt
            world.later(dice.span(.seconds(1), .minutes(2))) {
                caller.ask(query, as: .payingIn) { _ in caller.hangUp() }
            }
        }
    }

    /// A digit wrong, as it happens when one pays in a hurry (E11).
    private func mistyped(_ number: String) -> String {
        guard let last = number.last?.wholeNumberValue else { return number }
        return number.dropLast() + "\((last + 1) % 10)"
    }

    private func call(from number: String, _ line: PrepaidLine) {
        let phone = line.telephoneSwitch
        line.lastCall += 1
        var arrived = CallArrived()
        arrived.switchCall = dice.oneIn(15) ? max(1, line.lastCall - 1) : line.lastCall
        arrived.called = line.settings.lines[0].number
        if dice.oneIn(5) {
            arrived.networkProvided = PersonalText(number)
        } else {
            arrived.presented = PersonalText(number)
        }
        arrived.line = dice.pick(LineType.allCases) ?? .landline
        arrived.at = dice.oneIn(20) ? .none : port.now
        if dice.oneIn(10) { phone.ask(Subscribe(), as: .switching) }
        phone.tell(arrived, as: .switching) { [self] routed in
            guard routed.verdict == .putThrough else { return wonder(about: routed.call) }
            PhoneCall(phone, routed.call, line, number, self).begin()
        }
    }

    /// Looks why a caller's balance was not found (E11); at times a call is named that nobody made.
    private func wonder(about call: CallID) {
        guard dice.oneIn(2) else { return }
        var diagnose = DiagnoseCall()
        diagnose.call = dice.oneIn(12) ? CallID(3) : call
        look(diagnose, as: .providing)
    }

    fileprivate func payInDuring(_ number: String, _ line: PrepaidLine) { payIn(number, line) }
}

/// One call as a switch sees it through, with what goes wrong on telephone lines.
private struct PhoneCall {
    let phone: Person
    let call: CallID
    let line: PrepaidLine
    let number: String
    let provider: Person

    init(_ phone: Person, _ call: CallID, _ line: PrepaidLine, _ number: String, _ provider: Person) {
        self.phone = phone
        self.call = call
        self.line = line
        self.number = number
        self.provider = provider
    }

    private var dice: Dice { phone.dice }
    private var now: Instant { phone.port.now }

    func begin() {
        after(.seconds(5)) { report(.announced) }
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
        if dice.oneIn(3) { after(.minutes(2)) { provider.payInDuring(number, line) } }
        after(.minutes(Int64(minutes)) + .seconds(Int64(1 + dice.below(60)))) { finish() }
    }

    private func finish() {
        var end = EndCall()
        end.call = call
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
        said.call = call
        said.report = report
        said.at = now
        phone.send(said, as: .switching)
    }

    private func after(_ span: Duration64, _ body: @escaping () -> Void) {
        phone.world.later(span, body)
    }
}
