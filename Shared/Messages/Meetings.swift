import Kernel
import Wire

/// How far buyer and seller have come with their appointment (C3, C4).
public enum MeetingStage: UInt8, WireEnum {
    /// Nobody has proposed a time that still stands.
    case open = 1
    /// One side proposed a time; the other may accept it, or propose another.
    case proposed = 2
    /// Both agree on a time.
    case agreed = 3
    /// One side said that the meeting took place.
    case reported = 4
    /// Both sides said so: the price is paid to the seller.
    case confirmed = 5
}

/// Buyer or seller proposes a time for the appointment, or another one (C3). It takes the place of what was proposed
/// or agreed before.
public struct ProposeAppointment: Command {
    public typealias Answer = MeetingView
    public static let code: UInt16 = 0x0130
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    /// Later than now, within the policy's horizon.
    public var at = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("at", &at)
    }
}

/// The other side accepts the time that was proposed (C3).
public struct AcceptAppointment: Command {
    public typealias Answer = MeetingView
    public static let code: UInt16 = 0x0131
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    /// The time that is accepted: another one may have been proposed meanwhile.
    public var at = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("at", &at)
    }
}

/// Asks how far the appointment of an order is; for its buyer, its seller and operators.
public struct GetMeeting: Query {
    public typealias Answer = MeetingView
    public static let code: UInt16 = 0x0132
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Answers ``ProposeAppointment``, ``AcceptAppointment``, ``GetMeeting``, ``RequestCancellation`` and
/// ``AnswerCancellation``.
public struct MeetingView: AnswerMessage {
    public static let code: UInt16 = 0x0170
    public var order = OrderID.none
    public var stage = MeetingStage.open
    /// The first instant after the working days for agreeing on an appointment (C3).
    public var agreeBefore = Instant.none
    /// Who proposed the time that stands; none: nobody.
    public var proposedBy = PartyID.none
    public var proposedAt: Instant?
    /// When the meeting is, once both agree.
    public var meetingAt: Instant?
    public var buyerReportedAt: Instant?
    public var sellerReportedAt: Instant?
    /// When the meeting took place, as far as it was reported.
    public var heldAt: Instant?
    /// When support takes over, if no report comes that is still needed (C4).
    public var supportAt: Instant?
    /// The first instant after the working days for paying the price to the seller (C4).
    public var payoutBefore: Instant?
    /// The permission to read the other side's data (C2); none for operators.
    public var grant = GrantID.none
    /// The newest request to undo the sale (C7).
    public var cancellation: CancellationView?
    /// What whoever wants the sale undone should do first, and what it would bear, in the reader's language (C7).
    public var cancellationAdvice = ""
    /// The auction fee with its VAT, which whoever asks for the cancellation bears (C7).
    public var cancellationFee = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("stage", &stage)
        try visit.field("agreeBefore", &agreeBefore)
        try visit.field("proposedBy", &proposedBy)
        try visit.field("proposedAt", &proposedAt)
        try visit.field("meetingAt", &meetingAt)
        try visit.field("buyerReportedAt", &buyerReportedAt)
        try visit.field("sellerReportedAt", &sellerReportedAt)
        try visit.field("heldAt", &heldAt)
        try visit.field("supportAt", &supportAt)
        try visit.field("payoutBefore", &payoutBefore)
        try visit.field("grant", &grant)
        try visit.field("cancellation", &cancellation)
        try visit.field("cancellationAdvice", &cancellationAdvice, .limit(1_000))
        try visit.field("cancellationFee", &cancellationFee)
    }
}

/// What a seller changes before listing again (C6): every public detail of the lead, as in ``PublishListing``.
public struct ListingRevision: Record, Hashable {
    public var title = ""
    public var description = ""
    public var answers: [SetupAnswer] = []
    public var budget = Money.zero
    public var budgetBasis = BudgetBasis.stated
    public var timeFrame = ""
    public var region = ""
    public var temperature = Temperature.cold
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("title", &title, .limit(120))
        try visit.field("description", &description, .limit(4000))
        try visit.field("answers", &answers, .limit(32))
        try visit.field("budget", &budget)
        try visit.field("budgetBasis", &budgetBasis)
        try visit.field("timeFrame", &timeFrame, .limit(120))
        try visit.field("region", &region, .limit(64))
        try visit.field("temperature", &temperature)
    }
}

/// The vault holds the contract, and the seller may read the buyer's card (C1, C2).
public struct ContractRecorded: PeerMessage {
    public static let code: UInt16 = 0x01b0
    public static let audience = Audience.services([.contactVault])
    public var order = OrderID.none
    /// The seller's permission; none where the buyer's card is gone.
    public var grant = GrantID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("grant", &grant)
    }
}

/// Timer: the working days for an appointment are over, or those after the last reminder (C3).
public struct AppointmentFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01e0
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: the agreed time of the meeting is here; both sides are asked to report (C4).
public struct MeetingFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01e1
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: only one side has reported, the other is reminded (C4).
public struct ReportReminderFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01e2
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: only one side has reported in all its time, support takes over (C4).
public struct SupportFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01e3
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

extension Catalogue {
    /// The auction service's messages about appointments.
    static let meetings: [any Message.Type] = [
        ProposeAppointment.self, AcceptAppointment.self, GetMeeting.self, MeetingView.self,
        ContractRecorded.self, AppointmentFallsDue.self, MeetingFallsDue.self, ReportReminderFallsDue.self,
        SupportFallsDue.self, RatingShown.self,
    ]
}
