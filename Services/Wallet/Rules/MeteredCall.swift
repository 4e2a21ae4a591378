import Kernel
import Messages

/// A call that is paid by its length, from its authorisation to its settlement (D2, D3, D7, E1-E5).
///
/// All instants of a call come from one clock, the switch's, and are compared with each other alone. They never go
/// back, and none lies more than a day after the beginning: a report that says so is refused as `invalidValue`,
/// one that contradicts an earlier one as `wrongState`, and neither changes anything. A report that is repeated as it
/// was changes nothing either.
public struct MeteredCall: Hashable, Sendable {
    /// What the switch heard at the other end.
    public enum Answer: UInt8, Sendable {
        case nobody = 1
        case person = 2
        case voicemail = 3
    }

    public let terms: CallTerms
    public let beganAt: Instant
    /// What is set aside of the balance for it. It is charged at most this.
    public private(set) var reserved: Money
    /// The end of the tariff announcement, if there was one.
    public private(set) var announcedAt: Instant?
    public private(set) var answer: Answer
    public private(set) var answeredAt: Instant?
    /// The last moment at which the switch has said that the call goes on.
    public private(set) var confirmedAt: Instant

    /// A call as it was stored.
    public init(
        terms: CallTerms, beganAt: Instant, reserved: Money, announcedAt: Instant? = nil,
        answer: Answer = .nobody, answeredAt: Instant? = nil, confirmedAt: Instant
    ) {
        self.terms = terms
        self.beganAt = beganAt
        self.reserved = reserved
        self.announcedAt = announcedAt
        self.answer = answer
        self.answeredAt = answeredAt
        self.confirmedAt = confirmedAt
    }

    /// Longer than any call, its ringing included.
    public static let absurd = Duration64.days(1)
}

/// A call, and the balance that pays for it, after the one has taken from the other.
public struct FundedCall: Hashable, Sendable {
    public let call: MeteredCall
    public let balance: PrepaidBalance

    public init(call: MeteredCall, balance: PrepaidBalance) {
        self.call = call
        self.balance = balance
    }
}

// MARK: - Money for the time to come

extension MeteredCall {
    /// May a call begin? It may if the balance covers so much charged time, which is set aside (D2: ten minutes).
    ///
    /// With a minimum of zero only the attempt fee is set aside, and the call lasts for its free time until it is
    /// extended. Refused: `invalidValue` (negative minimum), `wrongCurrency`, `insufficientFunds`.
    public static func authorise(
        _ terms: CallTerms, on balance: PrepaidBalance, minimum: Duration64, at now: Instant
    ) -> Result<FundedCall, Refusal> {
        terms.cost(ofCharged: minimum).flatMap { reserve in
            balance.reserving(reserve).map { after in
                FundedCall(
                    call: MeteredCall(terms: terms, beganAt: now, reserved: reserve, confirmedAt: now),
                    balance: after)
            }
        }
    }

    /// The longest that the call may last on its reserve, counted from ``countedFrom``.
    public var longest: Duration64 { terms.longest(for: reserved) ?? .zero }

    /// Sets aside what another `step` costs, or as much of it as whole increments of what is free (D2, E1).
    ///
    /// A call that may already last as long as any call is not changed. Refused: `invalidValue` for a step that is
    /// not above zero; `wrongCurrency`; `insufficientFunds` where not one increment more is covered: the call ends
    /// at ``longest``, unless money comes meanwhile.
    public func extended(by step: Duration64, from balance: PrepaidBalance) -> Result<FundedCall, Refusal> {
        guard step > .zero else {
            return .failure(
                Refusal(.invalidValue, expected: "a step above zero", found: "\(step.microseconds) µs"))
        }
        let before = longest
        guard before < terms.longestCall else {
            return .success(FundedCall(call: self, balance: balance))
        }
        let wished = before.microseconds + min(step, terms.longestCall).microseconds
        let target = min(Duration64(microseconds: wished), terms.longestCall)
        let all = reserved.adding(balance.free) ?? reserved
        let affordable = min(terms.longest(for: all) ?? before, target)
        guard affordable > before else {
            let next = Duration64(microseconds: before.microseconds + 1)
            return cost(upTo: next).flatMap { .failure(.insufficient($0, free: balance.free)) }
        }
        return cost(upTo: affordable).flatMap { more in
            balance.reserving(more).map { after in
                var call = self
                call.reserved = Money(reserved.minor + more.minor, terms.currency)
                return FundedCall(call: call, balance: after)
            }
        }
    }

    /// What a length costs beyond what is set aside.
    private func cost(upTo length: Duration64) -> Result<Money, Refusal> {
        terms.charge(for: length).map { Money(max(0, $0.total.minor - reserved.minor), terms.currency) }
    }

    /// From when on the call's length is counted (E4); nothing while it is not.
    ///
    /// Where charging starts at the announcement and there was none, it starts at the conversation.
    public var countedFrom: Instant? {
        switch terms.start.moment {
        case .announcement: announcedAt ?? answeredAt
        case .conversation: answeredAt
        }
    }

    /// When the money ends, all that is free on the balance included; nothing while the length is not counted.
    ///
    /// Two minutes before it caller and agent are told (E3). Other calls may use the free money first: only
    /// ``longest`` is promised.
    public func moneyEnds(with balance: PrepaidBalance) -> Instant? {
        // With a debt nothing is free.
        let all = reserved.adding(balance.free) ?? reserved
        return countedFrom.map { $0 + (terms.longest(for: all) ?? .zero) }
    }
}

// MARK: - What the switch reports

extension MeteredCall {
    /// The tariff announcement is over.
    public func announced(at moment: Instant) -> Result<MeteredCall, Refusal> {
        if announcedAt == moment { return .success(self) }
        guard announcedAt == nil, answeredAt == nil else { return .failure(contradiction("an announcement")) }
        return reported(at: moment) { $0.announcedAt = moment }
    }

    /// Somebody or something answers. A person may turn out to be a voicemail, never the other way round.
    public func answered(by answer: Answer, at moment: Instant) -> Result<MeteredCall, Refusal> {
        if answer == self.answer, answeredAt == moment { return .success(self) }
        switch (self.answer, answer) {
        case (.nobody, .person), (.nobody, .voicemail):
            return reported(at: moment) {
                $0.answer = answer
                $0.answeredAt = moment
            }
        case (.person, .voicemail): return reported(at: moment) { $0.answer = .voicemail }
        default: return .failure(contradiction("an answer by \(answer)"))
        }
    }

    /// The call goes on.
    public func confirmed(at moment: Instant) -> Result<MeteredCall, Refusal> {
        reported(at: moment) { _ in }
    }

    private func reported(
        at moment: Instant, _ change: (inout MeteredCall) -> Void
    ) -> Result<MeteredCall, Refusal> {
        if let refusal = refusal(of: moment) { return .failure(refusal) }
        var call = self
        change(&call)
        call.confirmedAt = moment
        return .success(call)
    }

    private func refusal(of moment: Instant) -> Refusal? {
        guard moment >= confirmedAt, moment - beganAt <= Self.absurd else {
            return Refusal(
                .invalidValue, expected: "from \(confirmedAt.iso8601) on, within a day of the beginning",
                found: "\(moment.microseconds) µs")
        }
        return nil
    }

    private func contradiction(_ report: String) -> Refusal {
        Refusal(.wrongState, expected: "a call without \(report)", found: "answered by \(answer)")
    }
}

extension MeteredCall {
    /// What a planted fault makes of a call that a voicemail took.
    public var takenForPerson: MeteredCall {
        var call = self
        if call.answer == .voicemail { call.answer = .person }
        return call
    }
}

// MARK: - The end

/// How a call ended.
public enum CallEnd: Hashable, Sendable {
    /// One side hung up, or the switch did because the money was used up.
    case hungUp(at: Instant)
    /// Ended from outside, because somebody else bought the lead: the started increment is not charged (D7).
    case soldToAnother(at: Instant)
    /// The switch never said: the call ends at the last moment that it confirmed.
    case lost
    /// The switch could not put it through: nothing is charged, not even the attempt.
    case notPutThrough
}

/// What a call cost in the end, and who used what.
public struct CallSettlement: Hashable, Sendable {
    /// Never more than the reserve.
    public let charge: CallCharge
    /// What the charge was taken from: bonus first.
    public let taken: FundsSplit
    /// What of the reserve went back.
    public let released: Money
    /// The charged length, from ``MeteredCall/countedFrom`` on.
    public let length: Duration64
    /// What the call lasted beyond its reserve: nobody pays it.
    public let overrun: Duration64
    /// When charging, or free time after the start's delay, began; nothing if it never did.
    public let chargingBegan: Instant?
    public let freeSecondsUsed: UInt32
    /// The balance afterwards.
    public let balance: PrepaidBalance
}

extension MeteredCall {
    /// Ends the call: what its length costs is taken of its reserve, the rest goes back.
    ///
    /// Only a conversation with a person is charged by its length, wherever charging starts; nobody pays for
    /// waiting in vain or for a voicemail (D3). The attempt fee, where there is one, is owed whoever answers. What
    /// the call lasted beyond its reserve costs nothing more: the switch was told ``longest``.
    ///
    /// Refused: `invalidValue` for an end before what was reported last, or more than a day after the beginning;
    /// `wrongState` for an answered call that was not put through; `wrongCurrency` and `amountOutOfRange` for a
    /// balance that is not the call's. Whoever stores calls refuses a second end.
    public func settled(_ end: CallEnd, on balance: PrepaidBalance) -> Result<CallSettlement, Refusal> {
        let endedAt: Instant
        switch end {
        case .hungUp(let moment), .soldToAnother(let moment):
            if let refusal = refusal(of: moment) { return .failure(refusal) }
            endedAt = moment
        case .notPutThrough where answeredAt != nil: return .failure(contradiction("an answer"))
        case .lost, .notPutThrough: endedAt = confirmedAt
        }
        let lasted = answer == .person ? countedFrom.map { max(.zero, endedAt - $0) } ?? .zero : .zero
        let more: Int64 = Planted.isOn(.callLongerThanItWas) ? 60_000_000 : 0
        let length = min(Duration64(microseconds: lasted.microseconds + more), longest)
        var startedIncrement = StartedIncrement.charged
        if case .soldToAnother = end { startedIncrement = .forgiven }
        let charge: Result<CallCharge, Refusal> =
            end == .notPutThrough
            ? .success(.nothing(terms.currency))
            : terms.charge(for: length, startedIncrement: startedIncrement)
        return charge.flatMap { charge in
            balance.charging(charge.total, ofReserve: reserved).map { after in
                CallSettlement(
                    charge: charge, taken: after.taken,
                    released: Money(reserved.minor - charge.total.minor, terms.currency), length: length,
                    overrun: lasted - length, chargingBegan: chargingBegan(length),
                    freeSecondsUsed: terms.freeSecondsUsed(by: length), balance: after.balance)
            }
        }
    }

    private func chargingBegan(_ length: Duration64) -> Instant? {
        let delay = Duration64.seconds(Int64(terms.start.delay.rawValue))
        return length > delay ? countedFrom.map { $0 + delay } : nil
    }
}

extension CallCharge {
    static func nothing(_ currency: Currency) -> CallCharge {
        let none = Money(0, currency)
        return CallCharge(attemptFee: none, connectFee: none, usage: none, total: none, billedSeconds: 0)
    }
}

extension Duration64 {
    fileprivate static func - (left: Self, right: Self) -> Self {
        Self(microseconds: left.microseconds - right.microseconds)
    }
}
