import Kernel
import Wire

/// What only meeting auctions read of a policy (C3-C7).
public struct MeetingTerms: Record, Hashable {
    /// C3: working days from the award within which an appointment should be agreed; above zero.
    public var appointmentDays: UInt8 = 7
    /// C3: how often a lapse is followed by reminders, one after each further term.
    public var appointmentReminders: UInt8 = 3
    /// C4: working days from the meeting within which the price is paid to the seller.
    public var payoutDays: UInt8 = 3
    /// C4: from the first report of a meeting to the reminder of the party that has not reported.
    public var reportReminder = Duration64.days(5)
    /// C4: from the first report to the operator's case, inclusive.
    public var reportDeadline = Duration64.days(10)
    /// C4: from the contract, or from the agreed time where that is later, to the operator's case where neither side
    /// has reported, inclusive.
    public var unreportedDeadline = Duration64.days(30)
    /// C5: from the meeting's confirmation to the last instant for a rating.
    public var ratingWindow = Duration64.days(14)
    /// C6: by how much the suggested start price is below the one without a bid.
    public var relistDiscount = BasisPoints(1_000)
    /// C7: from the request to undo a sale to the last instant for the other side's answer.
    public var cancellationDeadline = Duration64.days(10)
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("appointmentDays", &appointmentDays)
        try visit.field("appointmentReminders", &appointmentReminders)
        try visit.field("payoutDays", &payoutDays)
        try visit.field("reportReminder", &reportReminder)
        try visit.field("reportDeadline", &reportDeadline)
        try visit.field("unreportedDeadline", &unreportedDeadline)
        try visit.field("ratingWindow", &ratingWindow)
        try visit.field("relistDiscount", &relistDiscount)
        try visit.field("cancellationDeadline", &cancellationDeadline)
    }

    /// Nothing if every number is within its range; else what is wrong.
    var fault: String? {
        if appointmentDays == 0 || payoutDays == 0 { return "meeting: at least one working day" }
        if appointmentReminders > 12 { return "meeting: at most 12 reminders" }
        if reportReminder > reportDeadline {
            return "meeting: reportReminder not longer than reportDeadline"
        }
        for span in [
            reportReminder, reportDeadline, unreportedDeadline, ratingWindow, cancellationDeadline,
        ] where span <= .zero || span > .days(3_650) {
            return "durations: above zero, at most ten years"
        }
        if relistDiscount.value < 0 || relistDiscount.value > 10_000 {
            return "basis points: 0 to 10,000"
        }
        return nil
    }
}

extension Policy {
    /// Appointments with consumers (C): experts pay price and auction fee once they have won, the whole price is the
    /// consumer's, and the same person may sell again at any time.
    public static let meetingAuction: Policy = {
        var policy = Policy()
        policy.mode = .meetingAuction
        policy.payment = .afterAward
        policy.buyerFee = BasisPoints(1_500)
        policy.commission = BasisPoints(0)
        policy.duplicateWindow = .zero
        return policy
    }()

    /// The days that count where a rule says "working days" (C3, C4).
    public var calendar: WorkingCalendar {
        WorkingCalendar(week: Weekdays(rawValue: workingWeek & 0b0111_1111), region: holidays, zone: zone)
    }

    /// What is wrong with the numbers that only meeting auctions read.
    var meetingFault: String? { calendar.fault ?? meeting.fault }
}
