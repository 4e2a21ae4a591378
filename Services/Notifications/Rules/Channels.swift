import Messages

extension NotificationEvent {
    /// Where the event stands in the inbox (B6).
    public var kind: InboxKind {
        switch self {
        case .confirmEmail, .partyVerified, .reviewDue, .payoutAccountVerified: .systemMessage
        case .bidLeading, .handoverTips: .tooltip
        case .partySuspended, .bidOutbid, .listingSuspended, .listingExpired, .auctionWon, .leadSold,
            .paymentDue, .paymentLapsed, .runnerUpOffer, .prospectObjected, .contactRevealed, .topUpFailed,
            .payoutFailed, .receivableDue, .objectionOpened, .statementDue, .caseDecided, .caseRejected:
            .banner
        case .listingPublished, .bidWithdrawn, .listingDeleted, .auctionLost, .offerLapsed, .paymentReceived,
            .orderRefunded, .payoutStarted, .topUpCredited, .invoiceIssued, .creditNoteIssued, .payoutMade,
            .statementReceived, .attemptReported, .messageReceived:
            .notification
        }
    }

    /// Whether the event goes out by e-mail too (A10, A11, A12, A15, and whatever asks the party to act).
    public var hasEmail: Bool {
        switch self {
        case .listingPublished, .bidLeading, .bidWithdrawn, .auctionLost, .offerLapsed, .payoutStarted,
            .topUpCredited, .payoutAccountVerified:
            false
        case .confirmEmail, .partyVerified, .partySuspended, .bidOutbid, .listingDeleted, .listingSuspended,
            .listingExpired, .auctionWon, .leadSold, .paymentDue, .paymentLapsed, .runnerUpOffer, .reviewDue,
            .prospectObjected, .contactRevealed, .paymentReceived, .handoverTips, .orderRefunded,
            .topUpFailed,
            .invoiceIssued, .creditNoteIssued, .payoutMade, .payoutFailed, .receivableDue, .objectionOpened,
            .statementDue, .statementReceived, .caseDecided, .caseRejected, .attemptReported,
            .messageReceived:
            true
        }
    }
}
