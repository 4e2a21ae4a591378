import Wire

/// Everything that a party is told of; each has a template per language, a kind in the inbox, and channels.
public enum NotificationEvent: UInt8, WireEnum {
    // Parties (contact-vault).
    case confirmEmail = 1
    case partyVerified = 2
    case partySuspended = 3
    // Listings and bids (auction).
    case listingPublished = 10
    case bidLeading = 11
    case bidOutbid = 12
    case bidWithdrawn = 13
    case listingDeleted = 14
    case listingSuspended = 15
    case listingExpired = 16
    case auctionWon = 17
    case auctionLost = 18
    case leadSold = 19
    case paymentDue = 20
    case paymentLapsed = 21
    case runnerUpOffer = 22
    case offerLapsed = 23
    case reviewDue = 24
    case prospectObjected = 25
    // Orders.
    case contactRevealed = 30
    case paymentReceived = 31
    case handoverTips = 32
    case orderRefunded = 33
    case payoutStarted = 34
    // Money (wallet).
    case topUpCredited = 40
    case topUpFailed = 41
    case invoiceIssued = 42
    case creditNoteIssued = 43
    case payoutMade = 44
    case payoutFailed = 45
    case receivableDue = 46
    case payoutAccountVerified = 47
    // Disputes.
    case objectionOpened = 50
    case statementDue = 51
    case statementReceived = 52
    case caseDecided = 53
    case caseRejected = 54
    case attemptReported = 55
    // Conversation (notifications).
    case messageReceived = 60
    // Applications: to the applicant (auction).
    case applicationFiled = 70
    case applicationAccepted = 71
    case applicationRevealed = 72
    case applicationRejected = 73
    case applicationStopped = 74
    case applicationFeeRefunded = 75
    case applicationFeeKept = 76
    case prospectReminded = 77
    case waysToReach = 78
    // To the seller.
    case opportunityPublished = 80
    case applicationReceived = 81
    case opportunityOver = 82
    // To the prospect, by e-mail alone.
    case reviewRequested = 90
    case reviewReminder = 91
    case prospectMessage = 92
    // Meeting auctions: to buyer and seller (auction).
    case contractConcluded = 130
    case appointmentProposed = 131
    case appointmentAgreed = 132
    case appointmentReminder = 133
    case meetingDue = 134
    case meetingReported = 135
    case reportReminder = 136
    case supportAsked = 137
    case appointmentUnsold = 138
    // Ratings (dispute).
    case ratingDue = 139
    case ratingShown = 140
    // Sales that are undone (auction).
    case cancellationAsked = 150
    case cancellationRefused = 151
    case cancellationUnanswered = 152
    case saleCancelled = 153
    /// Neither side has reported a meeting: support takes over (C4).
    case meetingUnreported = 154
    // Calls: to the switch and to the provider (wallet).
    /// A call's money is about to end (E3).
    case callMinutesShort = 100
    /// A balance was raised while its caller speaks: the call may go on longer (E1).
    case callLengthened = 101
    // Preliminary calls: to the buyer (auction).
    case callActivated = 110
    case activationExpired = 111
    /// Somebody else bought the lead (D7).
    case activationLost = 112
    case activationStopped = 113
    /// The buyer asked for contact data (D6).
    case fishingFound = 114
    case strikeDecided = 115
    // To operators (auction).
    case strikeContested = 116
    // To the buyer (wallet).
    case leadCallCharged = 117
    // To the switch (wallet).
    /// A call must end now (D5-D7).
    case callMustEnd = 118
}
