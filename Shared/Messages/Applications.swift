import Kernel
import Wire

/// How far an application has come (B1-B5).
public enum ApplicationStage: UInt8, WireEnum {
    /// The wallet is asked for the fee.
    case charging = 1
    /// The prospect reviews it; the contact is hidden.
    case pending = 2
    /// The prospect accepted it.
    case accepted = 3
    /// The prospect did not answer in time; the contact is revealed, or about to be.
    case revealed = 4
    /// The prospect rejected it, before the contact was revealed or after.
    case rejected = 5
    /// The house ended it: the listing or the applicant was stopped, or the contact is gone.
    case stopped = 6
}

/// Where an application's fee is (B1, B3).
public enum ApplicationFeeStage: UInt8, WireEnum {
    case charging = 1
    /// Taken, and still to be given back by a rejection.
    case held = 2
    case refunding = 3
    case refunded = 4
    /// No rejection can give it back any more; the wallet is asked to divide it.
    case earned = 5
    case settled = 6
}

/// What a prospect does with an application by its link (B2, B3).
public enum ReviewStep: UInt8, WireEnum {
    /// Reads it.
    case look = 1
    case accept = 2
    case decline = 3
    /// Says that the meeting took place.
    case reportMeeting = 4
}

/// A way to reach the prospect (B6).
public enum ReachWay: UInt8, WireEnum {
    case chat = 1
    /// The contact itself: name, telephone, e-mail, profile.
    case contact = 2
}

/// A buyer applies for a lead with an introduction and a proposed meeting time (B1). Answered when the fee is charged.
///
/// Refused as `contactDataInText` where the introduction holds contact data, as `alreadyApplied` the second time.
public struct Apply: Command {
    public typealias Answer = ApplicationFiled
    public static let code: UInt16 = 0x0118
    public static let audience = Audience.parties(.buyer)
    public var listing = ListingID.none
    /// For the prospect's eyes; without contact data.
    public var introduction = PersonalText()
    /// Later than now, within the policy's horizon.
    public var meetingAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("introduction", &introduction, .personal(2000))
        try visit.field("meetingAt", &meetingAt)
    }
}

/// The fee is charged, and the application's clocks run.
public struct ApplicationFiled: AnswerMessage {
    public static let code: UInt16 = 0x014f
    /// Names the application from here on: its conversation, fee, invoice and reveal.
    public var order = OrderID.none
    public var listing = ListingID.none
    /// Fee, buyer's fee and VAT.
    public var total = Money.zero
    public var invoiceNumber = ""
    public var appliedAt = Instant.none
    /// The last instant at which a rejection hides the contact (B3, B5).
    public var decisionUntil = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("total", &total)
        try visit.field("invoiceNumber", &invoiceNumber)
        try visit.field("appliedAt", &appliedAt)
        try visit.field("decisionUntil", &decisionUntil)
    }
}

/// A prospect reviews an application by the link for it, without an account (B2, B3, B7). The same step twice is done
/// once and answered the same.
public struct ReviewApplication: Command {
    public typealias Answer = ApplicationReview
    public static let code: UInt16 = 0x0119
    public static let audience = Audience.anyone
    public var token = ""
    public var step = ReviewStep.look
    /// The rest is filled by the service; a client's content is overwritten.
    public var order = OrderID.none
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("token", &token, .secret(200))
        try visit.field("step", &step)
        try visit.field("order", &order)
        try visit.field("expires", &expires)
    }
}

/// An application as its prospect sees it.
public struct ApplicationReview: AnswerMessage {
    public static let code: UInt16 = 0x0150
    public var order = OrderID.none
    /// The listing's public title.
    public var title = ""
    public var stage = ApplicationStage.pending
    public var introduction = PersonalText()
    public var meetingAt = Instant.none
    public var appliedAt = Instant.none
    /// The last instant at which a rejection hides the contact (B5).
    public var decisionUntil = Instant.none
    /// Whether the applicant has the contact.
    public var revealed = false
    public var meetingReported = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("title", &title, .limit(120))
        try visit.field("stage", &stage)
        try visit.field("introduction", &introduction, .personal(2000))
        try visit.field("meetingAt", &meetingAt)
        try visit.field("appliedAt", &appliedAt)
        try visit.field("decisionUntil", &decisionUntil)
        try visit.field("revealed", &revealed)
        try visit.field("meetingReported", &meetingReported)
    }
}

/// An applicant says that the meeting took place: a later rejection gives no fee back (B3). Where appointments are
/// auctioned, buyer or seller says so, each once: the price is paid when both have (C4).
public struct ReportMeeting: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x011a
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    /// When it took place, not later than now; absent: at the agreed time. Not read for applications.
    public var heldAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("heldAt", &heldAt)
    }
}

/// Asks for an application of one's own, and how to reach its prospect (B6); operators ask for any.
public struct GetApplication: Query {
    public typealias Answer = ApplicationView
    public static let code: UInt16 = 0x011b
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Answers ``GetApplication``.
public struct ApplicationView: AnswerMessage {
    public static let code: UInt16 = 0x0151
    public var order = OrderID.none
    public var listing = ListingID.none
    public var title = ""
    public var stage = ApplicationStage.charging
    public var applicant = PartyID.none
    public var introduction = PersonalText()
    public var meetingAt = Instant.none
    public var appliedAt: Instant?
    /// When the prospect first looked at it, was reminded, and decided.
    public var openedAt: Instant?
    public var remindedAt: Instant?
    public var decidedAt: Instant?
    public var revealedAt: Instant?
    /// The permission to read the contact; for the applicant alone.
    public var grant = GrantID.none
    public var fee = Money.zero
    public var feeStage = ApplicationFeeStage.charging
    public var invoiceNumber = ""
    public var creditNoteNumber = ""
    /// The ways to reach the prospect that are open now (B6).
    public var ways: [ReachWay] = []
    /// When the next way opens at the latest; absent: none will.
    public var nextWayAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("stage", &stage)
        try visit.field("applicant", &applicant)
        try visit.field("introduction", &introduction, .personal(2000))
        try visit.field("meetingAt", &meetingAt)
        try visit.field("appliedAt", &appliedAt)
        try visit.field("openedAt", &openedAt)
        try visit.field("remindedAt", &remindedAt)
        try visit.field("decidedAt", &decidedAt)
        try visit.field("revealedAt", &revealedAt)
        try visit.field("grant", &grant)
        try visit.field("fee", &fee)
        try visit.field("feeStage", &feeStage)
        try visit.field("invoiceNumber", &invoiceNumber)
        try visit.field("creditNoteNumber", &creditNoteNumber)
        try visit.field("ways", &ways, .limit(8))
        try visit.field("nextWayAt", &nextWayAt)
    }
}

/// Asks for the acting party's applications, newest first.
public struct ListApplications: Query {
    public typealias Answer = ApplicationPage
    public static let code: UInt16 = 0x011c
    public static let audience = Audience.everyParty
    /// The last application of the page before; none: from the newest.
    public var after = OrderID.none
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One application in a list.
public struct ApplicationEntry: Record {
    public var order = OrderID.none
    public var listing = ListingID.none
    public var title = ""
    public var stage = ApplicationStage.charging
    public var feeStage = ApplicationFeeStage.charging
    public var meetingAt = Instant.none
    public var appliedAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("stage", &stage)
        try visit.field("feeStage", &feeStage)
        try visit.field("meetingAt", &meetingAt)
        try visit.field("appliedAt", &appliedAt)
    }
}

/// Answers ``ListApplications``.
public struct ApplicationPage: AnswerMessage {
    public static let code: UInt16 = 0x0152
    public var applications: [ApplicationEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("applications", &applications, .limit(100))
        try visit.field("more", &more)
    }
}

/// Timer: the prospect has not decided yet and is reminded (B4).
public struct ReviewReminderFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01c6
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: the prospect has not decided in time, the contact is revealed (B5).
public struct TimedRevealFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01c7
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: no rejection can give the application's fee back any more (B3).
public struct ApplicationFeeFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01c8
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

extension Catalogue {
    /// The auction service's messages about applications.
    static let applications: [any Message.Type] = [
        Apply.self, ApplicationFiled.self, ReviewApplication.self, ApplicationReview.self, ReportMeeting.self,
        GetApplication.self, ApplicationView.self, ListApplications.self, ApplicationPage.self,
        ReviewReminderFallsDue.self, TimedRevealFallsDue.self, ApplicationFeeFallsDue.self,
    ]
}
