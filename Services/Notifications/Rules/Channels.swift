import Messages

extension NotificationEvent {
    /// Where the event stands in the inbox (B6).
    public var kind: InboxKind {
        switch self {
        case .confirmEmail, .partyVerified, .reviewDue, .payoutAccountVerified, .applicationFeeRefunded,
            .applicationFeeKept, .strikeContested:
            .systemMessage
        case .bidLeading, .handoverTips, .waysToReach, .callLengthened: .tooltip
        case .partySuspended, .bidOutbid, .listingSuspended, .listingExpired, .auctionWon, .leadSold,
            .paymentDue, .paymentLapsed, .runnerUpOffer, .prospectObjected, .contactRevealed, .topUpFailed,
            .payoutFailed, .receivableDue, .objectionOpened, .statementDue, .caseDecided, .caseRejected,
            .applicationFiled, .applicationAccepted, .applicationRevealed, .applicationRejected,
            .applicationStopped, .contractConcluded, .appointmentAgreed, .supportAsked, .appointmentUnsold,
            .callMinutesShort, .activationExpired, .activationLost, .activationStopped, .fishingFound,
            .strikeDecided, .callMustEnd,
            .cancellationAsked, .cancellationRefused, .cancellationUnanswered,
            .saleCancelled,
            .meetingUnreported:
            .banner
        case .listingPublished, .bidWithdrawn, .listingDeleted, .auctionLost, .offerLapsed, .paymentReceived,
            .orderRefunded, .payoutStarted, .topUpCredited, .invoiceIssued, .creditNoteIssued, .payoutMade,
            .statementReceived, .attemptReported, .messageReceived, .prospectReminded,
            .opportunityPublished, .applicationReceived, .opportunityOver, .reviewRequested, .reviewReminder,
            .prospectMessage, .appointmentProposed, .appointmentReminder, .meetingDue, .meetingReported,
            .reportReminder, .ratingDue, .ratingShown, .callActivated, .leadCallCharged:
            .notification
        }
    }

    /// Whether the event goes out by e-mail too (A10, A11, A12, A15, and whatever asks the party to act).
    public var hasEmail: Bool {
        switch self {
        case .listingPublished, .bidLeading, .bidWithdrawn, .auctionLost, .offerLapsed, .payoutStarted,
            .topUpCredited, .payoutAccountVerified, .applicationFeeRefunded, .applicationFeeKept,
            .prospectReminded, .waysToReach, .opportunityPublished, .applicationReceived, .opportunityOver,
            .callMinutesShort, .callLengthened, .leadCallCharged, .callMustEnd:
            false
        case .confirmEmail, .partyVerified, .partySuspended, .bidOutbid, .listingDeleted, .listingSuspended,
            .listingExpired, .auctionWon, .leadSold, .paymentDue, .paymentLapsed, .runnerUpOffer, .reviewDue,
            .prospectObjected, .contactRevealed, .paymentReceived, .handoverTips, .orderRefunded,
            .topUpFailed,
            .invoiceIssued, .creditNoteIssued, .payoutMade, .payoutFailed, .receivableDue, .objectionOpened,
            .statementDue, .statementReceived, .caseDecided, .caseRejected, .attemptReported,
            .messageReceived, .applicationFiled, .applicationAccepted, .applicationRevealed,
            .applicationRejected, .applicationStopped, .reviewRequested, .reviewReminder, .prospectMessage,
            .contractConcluded, .appointmentProposed, .appointmentAgreed, .appointmentReminder, .meetingDue,
            .meetingReported, .reportReminder, .supportAsked, .appointmentUnsold, .ratingDue, .ratingShown,
            .callActivated, .activationExpired, .activationLost, .activationStopped, .fishingFound,
            .strikeDecided, .strikeContested,
            .cancellationAsked, .cancellationRefused, .cancellationUnanswered, .saleCancelled,
            .meetingUnreported:
            true
        }
    }

    /// Whether the reader is addressed formally: in applications and meeting auctions, not in lead auctions.
    var isFormal: Bool {
        switch self {
        case .applicationFiled, .applicationAccepted, .applicationRevealed, .applicationRejected,
            .applicationStopped, .applicationFeeRefunded, .applicationFeeKept, .prospectReminded,
            .waysToReach, .opportunityPublished, .applicationReceived, .opportunityOver, .reviewRequested,
            .reviewReminder, .prospectMessage, .contractConcluded, .appointmentProposed, .appointmentAgreed,
            .appointmentReminder, .meetingDue, .meetingReported, .reportReminder, .supportAsked,
            .appointmentUnsold, .ratingDue, .ratingShown, .callMinutesShort, .callLengthened,
            .callActivated, .activationExpired, .activationLost, .activationStopped, .fishingFound,
            .strikeDecided, .strikeContested, .leadCallCharged, .callMustEnd,
            .cancellationAsked, .cancellationRefused, .cancellationUnanswered, .saleCancelled,
            .meetingUnreported:
            true
        default: false
        }
    }

    /// The links that an e-mail to a prospect carries, one for each purpose (B7).
    package var prospectLinks: [LinkPurpose] {
        switch self {
        case .reviewRequested, .reviewReminder: [.review, .chat, .objection]
        case .prospectMessage: [.chat, .objection]
        default: []
        }
    }
}
