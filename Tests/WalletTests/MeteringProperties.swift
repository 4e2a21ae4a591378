import Kernel
import Messages
import Testing
import WalletRules

/// A meter that counts as a wall clock does, increment by increment: slow, and independent of the rules' formula.
private enum SlowMeter {
    static func charge(_ terms: CallTerms, _ length: Duration64, forgiving: Bool = false) -> Int64 {
        var billed: Int64 = 0
        var clock = terms.leadIn.microseconds
        var step = Int64(terms.increments.first)
        while length.microseconds > clock {
            if forgiving && length.microseconds < clock + step * 1_000_000 { break }
            billed += step
            clock += step * 1_000_000
            step = Int64(terms.increments.next)
        }
        let thousandths = (billed * terms.perMinute).quotientAndRemainder(dividingBy: 60_000)
        let usage = thousandths.quotient + (thousandths.remainder * 2 >= 60_000 ? 1 : 0)
        return terms.attemptFee + (billed > 0 ? terms.connectFee : 0) + usage
    }
}

@Suite struct MeteringProperties {
    static let currency = Currency.eur

    private func drawTerms(_ chance: inout Chance) throws -> CallTerms {
        let pairs: [(UInt32, UInt32)] = [(60, 60), (1, 1), (30, 6), (60, 1), (1, 60), (7, 3_600), (3_600, 7)]
        let (first, next) = pairs[chance.below(pairs.count)]
        let prices: [Int64] = [0, 1, 29_999, 30_000, 199_000, 4_800_000, 999_999_937]
        let delays = ChargingStart.Delay.allCases
        let tariff = Tariff(
            version: 1, currency: Self.currency,
            attemptFee: chance.below(3) == 0 ? Int64(chance.below(500)) : 0,
            rates: CallRates(
                connectFee: chance.below(2) == 0 ? Int64(chance.below(200)) : 0,
                all: prices[chance.below(prices.count)]),
            increments: Increments(first: first, next: next),
            start: ChargingStart(
                at: chance.below(2) == 0 ? .announcement : .conversation,
                after: delays[chance.below(delays.count)]),
            longestCallSeconds: 600 + UInt32(chance.below(6_601)))
        let free =
            chance.below(3) == 0 ? FirstCallerTerms.Benefit.freeSeconds(UInt32(chance.below(200))) : nil
        return try tariff.terms(for: .other, benefit: free).get()
    }

    /// A length within the longest call, often at an increment's edge or a microsecond beside it.
    private func drawLength(_ terms: CallTerms, _ chance: inout Chance) -> Duration64 {
        var microseconds: Int64
        switch chance.below(3) {
        case 0: microseconds = Int64(chance.below(Int(terms.longestCall.microseconds) + 1))
        case 1:
            microseconds = terms.leadIn.microseconds + Int64(terms.increments.first) * 1_000_000
            microseconds += Int64(terms.increments.next) * Int64(chance.below(40)) * 1_000_000
            microseconds += Int64(chance.below(3) - 1)
        default: microseconds = terms.leadIn.microseconds + Int64(chance.below(3) - 1)
        }
        return Duration64(microseconds: min(max(0, microseconds), terms.longestCall.microseconds))
    }

    @Test("E5 a charge is what a meter counts that runs increment by increment", arguments: 0..<60)
    func charges(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        let terms = try drawTerms(&chance)
        for _ in 0..<60 {
            let length = drawLength(terms, &chance)
            #expect(try terms.charge(for: length).get().total.minor == SlowMeter.charge(terms, length))
            #expect(
                try terms.charge(for: length, startedIncrement: .forgiven).get().total.minor
                    == SlowMeter.charge(terms, length, forgiving: true))
        }
    }

    @Test(
        "D2 the longest call for an amount costs no more, and a microsecond longer would", arguments: 0..<60)
    func inverse(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed) + 1_000)
        let terms = try drawTerms(&chance)
        for _ in 0..<60 {
            let near = try terms.charge(for: drawLength(terms, &chance)).get().total.minor
            let amount = Money(max(0, near + Int64(chance.below(5) - 2)), Self.currency)
            guard let longest = terms.longest(for: amount) else {
                #expect(amount.minor < terms.attemptFee)
                continue
            }
            #expect(SlowMeter.charge(terms, longest) <= amount.minor)
            if longest < terms.longestCall {
                let longer = Duration64(microseconds: longest.microseconds + 1)
                #expect(SlowMeter.charge(terms, longer) > amount.minor)
            } else {
                #expect(longest == terms.longestCall)
            }
        }
        #expect(terms.longest(for: Money(.max, Self.currency)) == terms.longestCall)
        #expect(terms.longest(for: Money(.min, Self.currency)) == nil)
        #expect(terms.longest(for: Money(.max, .usd)) == nil)
    }

    @Test("E5 a call costs the same however it is cut, and never less for lasting longer", arguments: 0..<60)
    func intervals(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed) + 2_000)
        let terms = try drawTerms(&chance)
        for _ in 0..<20 {
            let end = drawLength(terms, &chance)
            var cuts = (0..<chance.below(12)).map { _ in
                Duration64(microseconds: Int64(chance.below(Int(end.microseconds) + 1)))
            }
            cuts = [.zero] + cuts.sorted() + [end]
            var sum: Int64 = 0
            for (from, to) in zip(cuts, cuts.dropFirst()) {
                let piece = try terms.charge(from: from, to: to).get().minor
                #expect(piece >= 0)
                sum += piece
            }
            #expect(sum == SlowMeter.charge(terms, end) - terms.attemptFee)
        }
    }

    /// What a walk must meet, or it shows nothing.
    private enum Met: CaseIterable {
        case authorised, refusedForMoney, refusedForDebt, extended, extendedInPart, notExtended
        case badReport, charged, chargedNothing, forgiven, overrun, bothKinds, lost, debt, debtSettled
    }

    /// A balance, its calls, and what has come and gone.
    private struct House {
        var met: Set<Met> = []
        var balance: PrepaidBalance
        var calls: [MeteredCall] = []
        var came: Int128 = 0
        var went: Int128 = 0

        func check() {
            #expect(balance.paid >= 0 && balance.bonus >= 0 && balance.debt >= 0)
            #expect(balance.reserved == calls.reduce(0) { $0 + $1.reserved.minor })
            #expect(balance.free.minor >= 0 && (balance.debt == 0 || balance.free.minor == 0))
            #expect(balance.withdrawable.minor >= 0 && balance.withdrawable.minor <= balance.paid)
            #expect(
                Int128(balance.paid) + Int128(balance.bonus) - Int128(balance.debt) == came - went,
                "no money appears or is lost")
        }
    }

    @Test(
        "E1 E2 whatever happens on a balance, no call is charged more than it was promised, and bonus goes first",
        arguments: 0..<60)
    func anyOrder(seed: Int) throws {
        _ = try walk(seed)
    }

    @Test("E1 E2 the walks meet every kind of event")
    func everyKind() throws {
        let met = try (0..<20).reduce(into: Set<Met>()) { $0.formUnion(try walk($1)) }
        #expect(Met.allCases.filter { !met.contains($0) } == [])
    }

    private func walk(_ seed: Int) throws -> Set<Met> {
        var chance = Chance(seed: UInt64(seed) + 3_000)
        var house = House(balance: try #require(PrepaidBalance(Self.currency)))
        var now = Instant(microseconds: 1_772_442_000_000_000)
        for _ in 0..<200 {
            now = now + Duration64(microseconds: Int64(chance.below(90_000_000)))
            switch chance.below(10) {
            case 0, 1: topUp(&house, &chance)
            case 2, 3: try authorise(&house, &chance, now)
            case 4, 5: extend(&house, &chance)
            case 6, 7: report(&house, &chance, now)
            case 8: try settle(&house, &chance, now)
            default: takeBack(&house, &chance)
            }
            house.check()
        }
        while !house.calls.isEmpty { try settle(&house, &chance, now) }
        house.check()
        #expect(house.balance.reserved == 0)
        return house.met
    }

    private func money(_ chance: inout Chance, _ bound: Int) -> Money {
        // Now and then more than any balance can hold.
        Money(chance.below(50) == 0 ? .max : Int64(chance.below(bound)) - 3, Self.currency)
    }

    private func topUp(_ house: inout House, _ chance: inout Chance) {
        let amount = money(&chance, 40_000)
        let bonus = chance.below(2) == 0 ? money(&chance, 5_000) : Money(0, Self.currency)
        guard let after = try? house.balance.toppedUp(amount, bonus: bonus).get() else { return }
        if house.balance.debt > 0, after.debt == 0 { house.met.insert(.debtSettled) }
        house.balance = after
        house.came += Int128(amount.minor) + Int128(bonus.minor)
    }

    private func authorise(_ house: inout House, _ chance: inout Chance, _ now: Instant) throws {
        let terms = try drawTerms(&chance)
        let minimum = Duration64.seconds(Int64(chance.below(700)))
        let result = MeteredCall.authorise(terms, on: house.balance, minimum: minimum, at: now)
        switch result {
        case .success(let funded):
            #expect(house.balance.debt == 0 && funded.call.reserved.minor <= house.balance.free.minor)
            let promised = min(
                minimum.microseconds + terms.leadIn.microseconds, terms.longestCall.microseconds)
            #expect(funded.call.longest.microseconds >= promised)
            house.balance = funded.balance
            house.calls.append(funded.call)
            house.met.insert(.authorised)
        case .failure(let refusal):
            #expect(refusal.reason == .insufficientFunds)
            house.met.insert(house.balance.debt > 0 ? .refusedForDebt : .refusedForMoney)
        }
    }

    private func extend(_ house: inout House, _ chance: inout Chance) {
        guard !house.calls.isEmpty else { return }
        let index = chance.below(house.calls.count)
        let call = house.calls[index]
        let step = Duration64.seconds(Int64(chance.below(400)) + 1)
        switch call.extended(by: step, from: house.balance) {
        case .success(let funded):
            #expect(funded.call.longest > call.longest || call.longest == call.terms.longestCall)
            let gained = funded.call.longest.microseconds - call.longest.microseconds
            if gained > 0 { house.met.insert(gained < step.microseconds ? .extendedInPart : .extended) }
            house.balance = funded.balance
            house.calls[index] = funded.call
        case .failure(let refusal):
            #expect(refusal.reason == .insufficientFunds)
            let longer = Duration64(microseconds: call.longest.microseconds + 1)
            let missing = SlowMeter.charge(call.terms, longer) - call.reserved.minor
            #expect(house.balance.free.minor < missing || house.balance.debt > 0)
            house.met.insert(.notExtended)
        }
    }

    private func report(_ house: inout House, _ chance: inout Chance, _ now: Instant) {
        guard !house.calls.isEmpty else { return }
        let index = chance.below(house.calls.count)
        // Now and then a clock that goes wrong.
        let moment = chance.below(20) == 0 ? Instant(microseconds: Int64(chance.next() >> 1)) : now
        let call = house.calls[index]
        let answers: [MeteredCall.Answer] = [.person, .person, .person, .voicemail, .nobody]
        let result =
            switch chance.below(3) {
            case 0: call.announced(at: moment)
            case 1: call.answered(by: answers[chance.below(answers.count)], at: moment)
            default: call.confirmed(at: moment)
            }
        if case .success(let changed) = result {
            #expect(changed.confirmedAt >= call.confirmedAt && changed.reserved == call.reserved)
            house.calls[index] = changed
        } else {
            house.met.insert(.badReport)
        }
    }

    private func settle(_ house: inout House, _ chance: inout Chance, _ now: Instant) throws {
        guard !house.calls.isEmpty else { return }
        let index = chance.below(house.calls.count)
        let call = house.calls[index]
        let ends: [CallEnd] = [.hungUp(at: now), .soldToAnother(at: now), .lost]
        let end = ends[chance.below(ends.count)]
        let settlement = try call.settled(end, on: house.balance).get()
        if end == .lost { house.met.insert(.lost) }
        var forgiving = false
        if case .soldToAnother = end { forgiving = true }
        record(settlement, of: call, forgiving: forgiving, &house, index)
    }

    private func record(
        _ settlement: CallSettlement, of call: MeteredCall, forgiving: Bool, _ house: inout House,
        _ index: Int
    ) {
        let charge = settlement.charge.total.minor
        #expect(charge >= 0 && charge <= call.reserved.minor, "never more than was authorised")
        #expect(charge == SlowMeter.charge(call.terms, settlement.length, forgiving: forgiving))
        #expect(settlement.released.minor == call.reserved.minor - charge)
        #expect(settlement.taken.bonus.minor + settlement.taken.paid.minor == charge)
        #expect(settlement.taken.bonus.minor == min(charge, house.balance.bonus), "bonus first")
        if call.answer != .person { #expect(charge == call.terms.attemptFee) }
        house.met.insert(charge > 0 ? .charged : .chargedNothing)
        if forgiving, charge < SlowMeter.charge(call.terms, settlement.length) { house.met.insert(.forgiven) }
        if settlement.overrun > .zero { house.met.insert(.overrun) }
        if settlement.taken.bonus.minor > 0, settlement.taken.paid.minor > 0 { house.met.insert(.bothKinds) }
        house.balance = settlement.balance
        house.calls.remove(at: index)
        house.went += Int128(charge)
    }

    private func takeBack(_ house: inout House, _ chance: inout Chance) {
        let amount = money(&chance, 8_000)
        let spends = chance.below(2) == 0
        let result = spends ? house.balance.spending(amount) : house.balance.chargedBack(amount)
        guard case .success(let (after, taken)) = result else { return }
        #expect(taken.bonus.minor == min(house.balance.bonus, taken.bonus.minor + taken.paid.minor))
        house.balance = after
        if after.debt > 0 { house.met.insert(.debt) }
        house.went += Int128(amount.minor)
    }
}
