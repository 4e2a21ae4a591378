import Kernel

/// A named place in a template, filled by the service that tells of an event.
///
/// Whatever an event's places lack when it is told, the sentence that needs it is left out; the lead's number,
/// the order's number and the time of the event are always there, from ``Notify`` itself.
public enum NotificationPlace: String, CaseIterable, Sendable {
    /// Text: the listing's public title.
    case title
    /// Money: the listing's current or final price.
    case price
    /// Money: the party's own bid, or the amount that moved.
    case amount
    /// Money: what was paid in all, with fee and VAT.
    case total
    /// Money: what the buyer gets back.
    case refund
    /// Money: the free balance after the movement.
    case balance
    /// Instant: the listing's end.
    case endsAt
    /// Instant: the last moment to act.
    case deadline
    /// Text: the number of an invoice or credit note.
    case number
    /// Text: the number of the invoice that a credit note corrects.
    case invoice
    /// Text: a reason. Words that the templates know are translated, anything else stands as it is.
    case reason
    /// Text: an objection's ground, as the name of its case (`falseData`).
    case ground
    /// Text: the consequence of silence, as the name of its case (`upholds`).
    case silence
    /// Text: an attempt's outcome, as the name of its case (`unreachable`).
    case outcome
    /// Text: how many attempts count so far, and how many are needed.
    case attempts
    /// Instant: when a meeting is planned to begin.
    case meeting
    /// Instant: when it is planned to end.
    case meetingEnd
    /// Text: the ways to reach a prospect that are open now (`none`, `chat`, `contact`, `chatAndContact`).
    case ways
    /// Text: what follows an attempt to get contact data, as the name of its case (`callEnded`).
    case consequence
    /// Text: how an operator decided on a strike, as the name of its case (`withdrawn`).
    case verdict
    /// Text: how many minutes of a call are charged.
    case minutes

    public enum Kind: Sendable { case text, money, instant }

    public var kind: Kind {
        switch self {
        case .price, .amount, .total, .refund, .balance: .money
        case .endsAt, .deadline, .meeting, .meetingEnd: .instant
        case .title, .number, .invoice, .reason, .ground, .silence, .outcome, .attempts, .ways,
            .consequence, .verdict, .minutes:
            .text
        }
    }
}

extension NotificationEvent {
    /// The places that this event's templates use; who sends ``Notify`` fills them.
    public var places: [NotificationPlace] {
        switch self {
        case .confirmEmail: [.deadline]
        case .partyVerified, .payoutAccountVerified: []
        case .partySuspended: [.reason]
        case .listingPublished: [.title, .price, .endsAt]
        case .bidLeading, .bidOutbid: [.title, .price, .amount, .endsAt]
        case .bidWithdrawn: [.title, .amount]
        case .listingDeleted, .listingExpired, .offerLapsed, .reviewDue, .prospectObjected, .handoverTips:
            [.title]
        case .listingSuspended: [.title, .reason]
        case .auctionWon: [.title, .price, .deadline]
        case .auctionLost, .leadSold, .paymentLapsed, .paymentReceived: [.title, .price]
        case .paymentDue, .runnerUpOffer: [.title, .price, .deadline]
        case .contactRevealed: [.title, .price, .deadline]
        case .orderRefunded: [.title, .refund, .number, .reason]
        case .payoutStarted, .payoutMade: [.title, .amount]
        case .topUpCredited: [.amount, .balance]
        case .topUpFailed: [.amount, .reason]
        case .invoiceIssued: [.number, .total, .title]
        case .creditNoteIssued: [.number, .total, .invoice]
        case .payoutFailed: [.title, .amount, .reason]
        case .receivableDue: [.title, .amount, .reason]
        case .objectionOpened: [.title, .ground]
        case .statementDue: [.title, .ground, .deadline, .silence]
        case .statementReceived: [.title]
        case .caseDecided: [.title, .refund]
        case .caseRejected: [.title]
        case .attemptReported: [.title, .outcome, .attempts, .deadline]
        case .messageReceived: [.title]
        case .applicationFiled: [.title, .total, .meeting, .meetingEnd, .deadline]
        case .applicationAccepted, .applicationRevealed: [.title, .meeting, .meetingEnd]
        case .applicationRejected: [.title, .refund, .meeting, .meetingEnd]
        case .applicationStopped: [.title, .refund, .reason, .meeting, .meetingEnd]
        case .applicationFeeRefunded: [.title, .refund, .number]
        case .applicationFeeKept: [.title, .amount, .reason]
        case .prospectReminded: [.title, .deadline]
        case .waysToReach: [.title, .ways, .deadline]
        case .opportunityPublished: [.title, .price, .endsAt]
        case .applicationReceived, .opportunityOver, .prospectMessage: [.title]
        case .contractConcluded: [.title, .price, .total, .deadline]
        case .appointmentProposed: [.title, .meeting]
        case .appointmentAgreed: [.title, .meeting, .meetingEnd]
        case .appointmentReminder, .reportReminder, .ratingDue: [.title, .deadline]
        case .meetingDue, .supportAsked, .ratingShown: [.title]
        case .meetingReported: [.title, .meeting, .deadline]
        case .cancellationAsked: [.title, .reason, .deadline]
        case .cancellationRefused, .cancellationUnanswered, .meetingUnreported: [.title]
        case .saleCancelled: [.title, .meeting, .meetingEnd]
        case .appointmentUnsold: [.title, .price]
        case .callMinutesShort: [.number, .deadline]
        case .callLengthened: [.number, .balance, .deadline]
        case .callActivated: [.title, .number, .price, .deadline]
        case .activationExpired, .activationLost: [.title, .refund]
        case .activationStopped: [.title, .refund, .reason]
        case .fishingFound: [.title, .consequence]
        case .strikeDecided: [.title, .verdict]
        case .strikeContested: [.title]
        case .leadCallCharged: [.amount, .minutes]
        case .callMustEnd: [.number, .reason]
        case .reviewRequested, .reviewReminder: [.title, .meeting, .meetingEnd, .deadline]
        }
    }
}

extension NotificationValue {
    public init(_ place: NotificationPlace, _ text: String) {
        name = place.rawValue
        self.text = text
    }

    public init(_ place: NotificationPlace, _ money: Money) {
        name = place.rawValue
        self.money = money
    }

    public init(_ place: NotificationPlace, _ instant: Instant) {
        name = place.rawValue
        self.instant = instant
    }
}
