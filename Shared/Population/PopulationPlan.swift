import Kernel
import Messages

/// What a population is and how long it lives.
public struct PopulationPlan: Sendable {
    /// From it come the policies of the marketplaces and who is who; chance comes from the world.
    public var seed: UInt64
    /// On which leads are auctioned; one on which leads are applied for, one on which appointments are auctioned, one of
    /// prepaid lines and one of preliminary calls are always there too.
    public var marketplaces: Int
    /// Over all marketplaces. A few of them buy as well.
    public var sellers: Int
    public var buyers: Int
    /// About how many commands they send in a year of the house's time. Queries, which change nothing, come on top.
    public var commandsPerYear: Int
    /// How long the population begins new things.
    public var span: Duration64
    /// When the house opens.
    public var start: Instant

    public init(
        seed: UInt64 = 1, marketplaces: Int = 2, sellers: Int = 6, buyers: Int = 14,
        commandsPerYear: Int = 50_000, span: Duration64 = .days(365), start: Instant = Self.openings[0]
    ) {
        self.seed = seed
        self.marketplaces = max(1, marketplaces)
        self.sellers = max(self.marketplaces, sellers)
        self.buyers = max(2 * self.marketplaces, buyers)
        self.commandsPerYear = max(1, commandsPerYear)
        self.span = span
        self.start = start
    }

    /// Draws marketplaces, people and an opening day from a seed.
    public static func drawn(
        from seed: UInt64, span: Duration64 = .days(18), commandsPerYear: Int = 50_000
    ) -> PopulationPlan {
        var chance = Chance(seed: seed &* 0x9e37_79b9 &+ 17)
        let marketplaces = 2 + chance.below(3)
        return PopulationPlan(
            seed: seed, marketplaces: marketplaces, sellers: marketplaces * (2 + chance.below(3)),
            buyers: marketplaces * (4 + chance.below(4)), commandsPerYear: commandsPerYear, span: span,
            start: opening(&chance))
    }

    /// Days on which calendars are strange: month ends, leap days, the turn of a year, changes of the clock.
    public static let openings: [Instant] = [
        "2026-03-02T08:00:00Z", "2026-01-31T21:30:00Z", "2028-02-28T10:00:00Z", "2028-02-29T22:45:00Z",
        "2026-03-28T23:10:00Z", "2026-03-29T00:59:30Z", "2026-10-24T22:30:00Z", "2026-10-25T00:30:00Z",
        "2026-12-31T22:50:00Z", "2027-02-27T09:00:00Z", "2026-04-30T21:59:59Z", "2030-06-30T23:00:00Z",
        "2038-01-18T12:00:00Z",
    ].compactMap { Instant(iso8601: $0) }

    private static func opening(_ chance: inout Chance) -> Instant {
        if chance.below(2) == 0 { return openings[chance.below(openings.count)] }
        return openings[0] + .minutes(Int64(chance.below(5 * 365 * 24 * 60)))
    }

    // MARK: Policies

    /// The policy of the marketplace with this index, from 0. The first takes money with the bid, the second
    /// after the award, whatever the seed, so that both ways are always walked; on one more than there are, leads are
    /// applied for, on the next appointments are auctioned, on the next calls are paid by the minute, and on the last leads
    /// are called before they are bought.
    public func policy(of index: Int) -> Policy {
        var chance = Chance(seed: seed &+ UInt64(index) &* 0x51_7c_c1_b7)
        var policy = Policy()
        let currencies: [(Currency, Language)] = [
            (.eur, .german), (.usd, .english), (.rub, .russian), (.eur, .english),
        ]
        (policy.currency, policy.language) = currencies[(index + chance.below(4)) % 4]
        policy.payment = index == 0 ? .holdOnBid : index == 1 ? .afterAward : Self.either(&chance)
        policy.bidding = (index + Int(seed % 2)) % 2 == 0 ? .open : .proxy
        setFigures(&policy, &chance)
        setDeadlines(&policy, &chance)
        if index == marketplaces { setApplications(&policy, &chance) }
        if index == marketplaces + 1 { setMeetings(&policy, &chance) }
        if index == marketplaces + 2 { setCalls(&policy, &chance) }
        if index > marketplaces + 2 { setPreliminaryCalls(&policy, &chance) }
        if policy.currency == .rub {
            policy.zoneMinutes = 180
            policy.summerTime = false
        } else if policy.currency == .usd {
            policy.zoneMinutes = -300
        }
        return policy
    }

    private static func either(_ chance: inout Chance) -> PaymentMode {
        chance.below(2) == 0 ? .holdOnBid : .afterAward
    }

    private func setFigures(_ policy: inout Policy, _ chance: inout Chance) {
        if chance.below(2) == 0 { policy.increments = Policy.recordedIncrements }
        policy.commission = BasisPoints([0, 1_000, 1_500, 1_999][chance.below(4)])
        policy.buyerFee = BasisPoints([0, 0, 250, 333][chance.below(4)])
        policy.vat = BasisPoints([1_900, 2_000, 0, 777][chance.below(4)])
        policy.greatestPrice = [100_000_000, 5_000_000][chance.below(2)]
        policy.strikesToSuspension = [3, 2, 0][chance.below(3)]
        policy.unreachableAttempts = [3, 2][chance.below(2)]
    }

    private func setApplications(_ policy: inout Policy, _ chance: inout Chance) {
        policy.mode = .application
        policy.commission = BasisPoints([10_000, 1_500, 0][chance.below(3)])
        policy.applicationFee = policy.currency == .rub ? 250_000 : 3_001
        (policy.reminderAfter, policy.decisionWindow) =
            chance.below(2) == 0 ? (.hours(24), .hours(48)) : (.hours(12), .hours(36))
    }

    /// Terms so short that reminders and support are seen in a few days.
    private func setMeetings(_ policy: inout Policy, _ chance: inout Chance) {
        policy.mode = .meetingAuction
        policy.payment = chance.below(4) == 0 ? .holdOnBid : .afterAward
        policy.commission = BasisPoints([0, 500][chance.below(2)])
        policy.buyerFee = BasisPoints([1_500, 999][chance.below(2)])
        policy.duplicateWindow = .zero
        policy.holidays = HolidayRegion.allCases[chance.below(HolidayRegion.allCases.count)]
        policy.workingWeek = [0b0011_1111, 0b0001_1111][chance.below(2)]
        policy.meeting.appointmentDays = [1, 2][chance.below(2)]
        policy.meeting.appointmentReminders = [3, 1][chance.below(2)]
        policy.meeting.reportReminder = .hours([12, 24][chance.below(2)])
        policy.meeting.reportDeadline = .hours([36, 48][chance.below(2)])
        policy.meeting.unreportedDeadline = .hours([60, 84][chance.below(2)])
        policy.meeting.cancellationDeadline = .hours([12, 30][chance.below(2)])
        policy.meeting.ratingWindow = .hours([36, 48][chance.below(2)])
        policy.meeting.relistDiscount = BasisPoints([1_000, 3_333][chance.below(2)])
    }

    private func setCalls(_ policy: inout Policy, _ chance: inout Chance) {
        policy.mode = .prepaidLine
        policy.callMinimum = .seconds([60, 1, 600][chance.below(3)])
        policy.callStep = .minutes([5, 1, 30][chance.below(3)])
        policy.callSilence = .minutes([10, 3][chance.below(2)])
        policy.callWarning = .minutes([2, 1][chance.below(2)])
        policy.lineFees.monthly = [900, 0, 1_999][chance.below(3)]
        policy.lineFees.share = BasisPoints([300, 777][chance.below(2)])
    }

    private func setPreliminaryCalls(_ policy: inout Policy, _ chance: inout Chance) {
        policy.mode = .preliminaryCall
        policy.callMinimum = .minutes([10, 3][chance.below(2)])
        policy.callStep = .minutes([5, 1][chance.below(2)])
        policy.callSilence = .minutes([10, 3][chance.below(2)])
        policy.callWarning = .minutes([2, 1][chance.below(2)])
        let usual: Int64 = policy.currency == .rub ? 4_800 : 67
        policy.preliminary.perMinute = usual
        policy.preliminary.attemptFee = chance.below(4) == 0 ? 4 * usual + 1 : 0
        (policy.preliminary.firstIncrement, policy.preliminary.nextIncrement) =
            [(60, 60), (60, 1)][
                chance.below(2)]
        policy.preliminary.lease = .hours([24, 6][chance.below(2)])
        policy.preliminary.rest = .hours([1, 3][chance.below(2)])
        policy.preliminary.creditsCalls = chance.below(2) == 0
        policy.preliminary.fishing = FishingConsequence.allCases[chance.below(3)]
        policy.preliminary.fishingStrikes = [3, 2, 0][chance.below(3)]
    }

    private func setDeadlines(_ policy: inout Policy, _ chance: inout Chance) {
        policy.durations = [[.days(2), .days(3)], [.hours(24), .days(2)], [.hours(36)]][chance.below(3)]
        policy.secondRound = .hours([24, 12][chance.below(2)])
        policy.paymentDeadline = .hours([48, 24][chance.below(2)])
        policy.offerDeadline = .hours([24, 12][chance.below(2)])
        policy.objectionWindow = .days([7, 3, 2][chance.below(3)])
        policy.holdPeriod = max(policy.objectionWindow, .days([7, 5, 3][chance.below(3)]))
        policy.statementDeadline = .days([3, 2, 1][chance.below(3)])
        policy.silence = [.upholds, .rejects, .goesToOperator][chance.below(3)]
        policy.attemptSpacing = .hours([4, 2][chance.below(2)])
        policy.reviewInterval = .hours([720, 120, 30][chance.below(3)])
        policy.duplicateWindow = .days([90, 30][chance.below(2)])
        policy.inquiryAge = .days([30, 14][chance.below(2)])
        // No law lets it be so short; the deadline must be seen to pass.
        policy.invoiceRetention = .days([3_650, 30, 5][chance.below(3)])
    }
}
