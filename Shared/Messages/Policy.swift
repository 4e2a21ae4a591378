import Kernel
import Wire

/// How a bid's amount is read.
public enum BiddingMode: UInt8, WireEnum {
    /// The amount is the bid.
    case open = 1
    /// The amount is a maximum; the house bids up to it by the increment table.
    case proxy = 2
}

/// When the winner's money is taken.
public enum PaymentMode: UInt8, WireEnum {
    /// Every bid is covered by a hold, captured at the award (A9).
    case holdOnBid = 1
    /// The winner pays within a deadline after the award (A19).
    case afterAward = 2
}

/// What the seller's silence in a dispute means (A14).
public enum Silence: UInt8, WireEnum {
    case upholds = 1
    case rejects = 2
    case goesToOperator = 3
}

/// From this price on, the next bid is at least one step higher.
public struct IncrementStep: Record, Hashable {
    /// The current price from which the step applies, in minor units.
    public var from: Int64 = 0
    /// The step, in minor units.
    public var step: Int64 = 0
    public init() {}
    public init(from: Int64, step: Int64) {
        self.from = from
        self.step = step
    }
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("from", &from)
        try visit.field("step", &step)
    }
}

/// Every number of the rulebook, per marketplace and version. What began under a version keeps it.
public struct Policy: Record, Hashable {
    public var mode = SalesMode.leadAuction
    public var currency = Currency.eur
    public var language = Language.german
    /// A1: how old the prospect's inquiry may be at publication.
    public var inquiryAge = Duration64.days(30)
    /// A6: the durations that a seller may choose.
    public var durations: [Duration64] = [.days(2), .days(3)]
    /// A8: how long the one second round lasts.
    public var secondRound = Duration64.hours(24)
    public var bidding = BiddingMode.open
    /// Rising by `from`; the first begins at 0.
    public var increments: [IncrementStep] = [IncrementStep(from: 0, step: 100)]
    /// The least and the greatest start price, in minor units.
    public var leastPrice: Int64 = 100
    public var greatestPrice: Int64 = 100_000_000
    public var payment = PaymentMode.holdOnBid
    /// A19: how long the winner has to pay, and the runner-up to decide.
    public var paymentDeadline = Duration64.hours(48)
    public var offerDeadline = Duration64.hours(24)
    /// A19: strikes after which a buyer is suspended; 0: never.
    public var strikesToSuspension: UInt8 = 3
    /// Added to the price for the buyer.
    public var buyerFee = BasisPoints(0)
    /// Taken from the price that the seller gets (A13).
    public var commission = BasisPoints(1_500)
    /// VAT on price and buyer's fee.
    public var vat = BasisPoints(1_900)
    /// A13: from the reveal to the payout.
    public var holdPeriod = Duration64.days(7)
    /// A14: from the reveal to the last moment for an objection, inclusive.
    public var objectionWindow = Duration64.days(7)
    /// A14: how long the seller has to answer, and what silence means.
    public var statementDeadline = Duration64.days(3)
    public var silence = Silence.upholds
    /// A17: recorded attempts after which a prospect counts as unreachable.
    public var unreachableAttempts: UInt8 = 3
    /// A17: the least time between two attempts that count.
    public var attemptSpacing = Duration64.hours(4)
    /// A16: how often listings and sellers are reviewed.
    public var reviewInterval = Duration64.days(30)
    /// How long the same person counts as a duplicate.
    public var duplicateWindow = Duration64.days(90)
    /// Working week as bits, Monday the lowest (C3).
    public var workingWeek: UInt8 = 0b0011_1111
    /// Minutes east of UTC in winter, and whether European summer time applies.
    public var zoneMinutes: Int32 = 60
    public var summerTime = true
    /// Whose public holidays are no working days (C3).
    public var holidays = HolidayRegion.germany
    /// How long after a party has closed its billing identities stay for its invoices (F5).
    public var invoiceRetention = Duration64.days(3_650)
    /// B1: what an application costs, before the buyer's fee and VAT, in minor units; above zero.
    public var applicationFee: Int64 = 3_000
    /// B1: how far ahead a meeting may be proposed, and how long it takes in calendars.
    public var meetingHorizon = Duration64.days(90)
    public var meetingLength = Duration64.minutes(30)
    /// B4: from the application to the prospect's reminder.
    public var reminderAfter = Duration64.hours(24)
    /// B3, B5: from the application to the last moment for a decision that hides the contact, inclusive.
    public var decisionWindow = Duration64.hours(48)
    /// What only meeting auctions read (C).
    public var meeting = MeetingTerms()
    /// D2, E1: the least charged time that a balance must cover for a call to begin.
    public var callMinimum = Duration64.minutes(1)
    /// What an extension sets aside, in charged time.
    public var callStep = Duration64.minutes(5)
    /// After so long without a word of the switch a call is settled at its last confirmed moment.
    public var callSilence = Duration64.minutes(10)
    /// E3: how long before the money ends caller and agent are told.
    public var callWarning = Duration64.minutes(2)
    /// What only preliminary calls read (D).
    public var preliminary = PreliminaryTerms()
    /// E13: what the house charges providers of prepaid lines.
    public var lineFees = LineFees()
    public init() {}

    /// Calls that are paid by the minute from a balance (E): nothing is listed.
    public static let prepaidLine: Policy = {
        var policy = Policy()
        policy.mode = .prepaidLine
        return policy
    }()

    /// Applications for opportunities (B): the fee is the house's, since no seller hands anything over.
    public static let application: Policy = {
        var policy = Policy()
        policy.mode = .application
        policy.commission = BasisPoints(10_000)
        return policy
    }()

    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("mode", &mode)
        try visit.field("currency", &currency)
        try visit.field("language", &language)
        try visit.field("inquiryAge", &inquiryAge)
        try visit.field("durations", &durations, .limit(8))
        try visit.field("secondRound", &secondRound)
        try visit.field("bidding", &bidding)
        try visit.field("increments", &increments, .limit(32))
        try visit.field("leastPrice", &leastPrice)
        try visit.field("greatestPrice", &greatestPrice)
        try visit.field("payment", &payment)
        try visit.field("paymentDeadline", &paymentDeadline)
        try visit.field("offerDeadline", &offerDeadline)
        try visit.field("strikesToSuspension", &strikesToSuspension)
        try visit.field("buyerFee", &buyerFee)
        try visit.field("commission", &commission)
        try visit.field("vat", &vat)
        try visit.field("holdPeriod", &holdPeriod)
        try visit.field("objectionWindow", &objectionWindow)
        try visit.field("statementDeadline", &statementDeadline)
        try visit.field("silence", &silence)
        try visit.field("unreachableAttempts", &unreachableAttempts)
        try visit.field("attemptSpacing", &attemptSpacing)
        try visit.field("reviewInterval", &reviewInterval)
        try visit.field("duplicateWindow", &duplicateWindow)
        try visit.field("workingWeek", &workingWeek)
        try visit.field("zoneMinutes", &zoneMinutes)
        try visit.field("summerTime", &summerTime)
        try visit.field("holidays", &holidays)
        try visit.field("invoiceRetention", &invoiceRetention)
        try visit.field("applicationFee", &applicationFee)
        try visit.field("meetingHorizon", &meetingHorizon)
        try visit.field("meetingLength", &meetingLength)
        try visit.field("reminderAfter", &reminderAfter)
        try visit.field("decisionWindow", &decisionWindow)
        try visit.field("meeting", &meeting)
        try visit.field("callMinimum", &callMinimum)
        try visit.field("callStep", &callStep)
        try visit.field("callSilence", &callSilence)
        try visit.field("callWarning", &callWarning)
        try visit.field("preliminary", &preliminary)
        try visit.field("lineFees", &lineFees)
    }

    /// eBay's bid increments (current price: step), in cents.
    public static let recordedIncrements: [IncrementStep] = [
        IncrementStep(from: 0, step: 5), IncrementStep(from: 100, step: 25),
        IncrementStep(from: 500, step: 50),
        IncrementStep(from: 2_500, step: 100), IncrementStep(from: 10_000, step: 250),
        IncrementStep(from: 25_000, step: 500), IncrementStep(from: 50_000, step: 1_000),
        IncrementStep(from: 100_000, step: 2_500), IncrementStep(from: 250_000, step: 5_000),
        IncrementStep(from: 500_000, step: 10_000),
    ]

    /// Nothing if every number is within its range; else what is wrong.
    public var fault: String? {
        if durations.isEmpty || durations.contains(where: { $0 <= .zero }) { return "durations" }
        if increments.isEmpty || increments[0].from != 0 { return "increments: the first begins at 0" }
        for (index, increment) in increments.enumerated() {
            if increment.step <= 0 { return "increments: steps are positive" }
            if index > 0, increment.from <= increments[index - 1].from { return "increments: rising" }
        }
        if leastPrice < 1 || greatestPrice < leastPrice || greatestPrice > 1_000_000_000_000 {
            return "prices"
        }
        for share in [buyerFee, commission, vat] where share.value < 0 || share.value > 10_000 {
            return "basis points: 0 to 10,000"
        }
        for span in [
            inquiryAge, secondRound, paymentDeadline, offerDeadline, holdPeriod, objectionWindow,
            statementDeadline, reviewInterval, invoiceRetention,
        ] where !Self.isSensible(span) {
            return "durations: above zero, at most ten years"
        }
        if attemptSpacing < .zero || duplicateWindow < .zero { return "durations: not negative" }
        if objectionWindow > holdPeriod { return "objectionWindow: not longer than holdPeriod" }
        if abs(zoneMinutes) > 14 * 60 { return "zoneMinutes: within 14 hours" }
        if currency == .none { return "currency" }
        switch mode {
        case .application: return applicationFault
        case .meetingAuction: return meetingFault
        case .preliminaryCall: return callFault ?? preliminaryFault
        case .prepaidLine: return callFault
        case .leadAuction: return nil
        }
    }

    /// What is wrong with the numbers that only calls read.
    private var callFault: String? {
        for span in [callMinimum, callStep, callSilence, callWarning]
        where span <= .zero || span > .hours(12) {
            return "call durations: above zero, at most twelve hours"
        }
        return lineFees.fault
    }

    /// What is wrong with the numbers that only applications read.
    private var applicationFault: String? {
        if applicationFee < 1 || applicationFee > 1_000_000_000_000 { return "applicationFee: above zero" }
        if reminderAfter > decisionWindow { return "reminderAfter: not longer than decisionWindow" }
        for span in [meetingHorizon, meetingLength, reminderAfter, decisionWindow]
        where !Self.isSensible(span) {
            return "durations: above zero, at most ten years"
        }
        return nil
    }

    private static func isSensible(_ span: Duration64) -> Bool { span > .zero && span <= .days(3_650) }
}
