import Messages

/// Which habit sends which messages and meets which refusals, and which refusals no client can bring about alone.
///
/// The test of the population holds it against a run: each line must have come true.
public enum Coverage {
    /// What can be counted on of a habit; it may do more.
    public struct Line: Sendable {
        public let habit: Habit
        public let messages: [any Message.Type]
        public let refusals: [RefusalCode]

        init(_ habit: Habit, _ messages: [any Message.Type], _ refusals: [RefusalCode] = []) {
            self.habit = habit
            self.messages = messages
            self.refusals = refusals
        }
    }

    public static let lines = trade + operators + mischief

    private static let trade = [
        Line(
            .signingIn,
            [
                SignIn.self, RefreshSignIn.self, Authenticate.self, SignOut.self,
                RevokeSessions.self,
            ], [.tokenExpired, .tokenInvalid, .suspended]),
        Line(
            .joining, [RegisterParty.self, ConfirmEmail.self, ResendConfirmation.self],
            [.emailTaken, .notVerified, .invalidText, .forbidden, .notFound]),
        Line(
            .reading,
            [
                ReadInbox.self, MarkRead.self, GetUnreadCount.self, Subscribe.self, Ping.self,
                GetDashboard.self,
                GetTradeSummary.self, ListTrades.self, GetParty.self, GetOpenDisputeCount.self,
            ]),
        Line(
            .browsing, [SearchListings.self, GetListing.self, BidHistory.self, GetMarketplace.self],
            [.notFound]),
        Line(.bidding, [PlaceBid.self], [.insufficientFunds, .bidTooLow, .listingClosed, .cardMissing]),
        Line(.sniping, [PlaceBid.self], [.listingClosed, .bidTooLow]),
        Line(.withdrawing, [WithdrawBid.self], [.highestBidderBound]),
        Line(.paying, [PayOrder.self, GetOrder.self], [.wrongState, .insufficientFunds]),
        Line(.decidingOffers, [AnswerOffer.self], [.offerLapsed]),
        Line(
            .selling,
            [
                GuideSetup.self, SealContact.self, PublishListing.self, ListContacts.self,
                MakeProspectLink.self, RepriceListing.self,
            ], [.payoutAccountMissing, .contractNotAccepted]),
        Line(.relisting, [RelistListing.self], [.secondRoundUsed, .hasBids]),
        Line(
            .applying,
            [Apply.self, GetApplication.self, ListApplications.self, ReportMeeting.self],
            [.alreadyApplied, .contactDataInText, .invalidValue, .invalidText, .insufficientFunds]),
        Line(
            .reviewing, [ReviewApplication.self, ProspectChats.self],
            [.wrongState, .tokenExpired, .contactDataInText]),
        Line(
            .meeting,
            [
                ProposeAppointment.self, AcceptAppointment.self, GetMeeting.self, ReportMeeting.self,
                ReadContract.self, SealContact.self, RateMeeting.self, ListOpenRatings.self,
                GetRatings.self,
            ], [.wrongState, .invalidValue, .invalidText]),
        Line(
            .cancelling, [RequestCancellation.self, AnswerCancellation.self],
            [.adviceNotTaken, .cancellationOpen, .cancellationRefused, .saleCancelled, .wrongState]),
        Line(
            .providing,
            [
                SetBillingProfile.self, SetTariff.self, ListBillingProfiles.self, RegisterSwitch.self,
                AdjustCaller.self, ChargeBackTopUp.self, ChangeCallerNumber.self, GetCaller.self,
                ListCallerTransactions.self, ListCalls.self, FindCaller.self, EraseCaller.self,
                DiagnoseCall.self,
                CloseParty.self,
            ], [.wrongState, .notFound, .invalidValue]),
        Line(
            .activating,
            [
                ActivateCall.self, BuyLead.self, DeclineLead.self, GetActivation.self,
                ListActivations.self, ListLeadCalls.self, ListStrikes.self, ContestStrike.self,
            ],
            [
                .alreadyActivated, .noProxyNumber, .listingClosed, .wrongState, .notFound, .invalidText,
                .insufficientFunds,
            ]),
        Line(
            .switching,
            [
                CallArrived.self, ReportCall.self, EndCall.self, RouteCall.self, ReportFishing.self,
            ],
            [.wrongState, .invalidValue, .notFound]),
        Line(
            .payingIn, [GetTopUpOffer.self, TopUpCaller.self, GetCallerTopUp.self],
            [.amountOutOfRange, .notFound]),
        Line(.deleting, [DeleteListing.self], [.wrongState]),
        Line(.trading, [ReadContact.self, ConfirmHandover.self, GetOrder.self, GetOrderDetails.self]),
        Line(.talking, [PostMessage.self, ReadConversation.self], [.contactDataInText]),
        Line(
            .disputing,
            [
                OpenObjection.self, SubmitStatement.self, AddEvidence.self, GetCase.self,
                ListCases.self,
            ], [.windowClosed, .caseOpen, .caseDecided]),
        Line(.attempting, [ReportAttempt.self], [.wrongState]),
        Line(
            .bookkeeping,
            [
                GetBalance.self, GetStatement.self, ListPayments.self, GetPayment.self, ListInvoices.self,
                GetInvoice.self, UpdateLanguage.self, ChangePassword.self, GetPayoutAccount.self,
                SetBillingIdentity.self, GetBillingIdentity.self,
            ]),
        Line(
            .funding,
            [
                TopUp.self, WithdrawBalance.self, LinkPayoutAccount.self, ChoosePaymentMethod.self,
                GetPaymentMethod.self,
            ], [.insufficientFunds]),
        Line(.reporting, [ReportListing.self]),
        Line(
            .objecting,
            [
                ProspectObjects.self, ObjectForProspect.self, ProspectErases.self, ReadReport.self,
                ReportOnContact.self, MakeProspectLink.self,
            ], [.notFound]),
        Line(.leaving, [CloseParty.self], [.wrongState]),
    ]

    private static let operators = [
        Line(
            .overseeing,
            [
                ListReviews.self, ReviewListing.self, ListCases.self, ListParties.self, ReinstateParty.self,
                VerifyParty.self, GetStatus.self, GetLedgerReport.self, ListOrders.self, DeliveryStatus.self,
                GetKeyStatus.self, ListMarketplaces.self, SetProxyNumbers.self, GetProxyPool.self,
                ListStrikes.self, DecideStrike.self,
            ], [.wrongState, .invalidText, .notFound]),
        Line(.judging, [DecideCase.self], [.amountOutOfRange]),
        Line(
            .suspending, [SuspendParty.self, SuspendListing.self, ReinstateListing.self, PlaceBid.self],
            [.suspended, .wrongState, .invalidText]),
        // Whether the clock can be set at all is the world's to say.
        Line(
            .governing,
            [
                PublishMarketplace.self, SetPriceRanges.self, AppointOperator.self, RotateKeys.self,
                SetClock.self, CloseParty.self, GetKeyStatus.self,
            ], [.invalidValue, .wrongCurrency, .forbidden]),
        Line(.crediting, [CreditManually.self], [.notFound]),
        Line(.erasing, [EraseContact.self, ReadContact.self, PublishListing.self], [.erased]),
    ]

    private static let mischief = [
        Line(.repeating, [PlaceBid.self, TopUp.self]),
        Line(
            .lying, [PlaceBid.self, TopUp.self, WithdrawBalance.self, MarkRead.self],
            [.keyReused, .keyExpired, .invalidValue]),
        Line(
            .forging, [Authenticate.self, ReadReport.self, GetOrder.self, ReadContact.self, MarkRead.self],
            [.tokenInvalid, .notFound]),
        Line(
            .tampering, [PlaceBid.self, Ping.self],
            [.malformed, .unknownMessage, .tooLarge, .keyMissing, .invalidValue]),
        Line(.guessing, [SignIn.self, ChangePassword.self], [.credentialsWrong]),
        Line(.flooding, [GetUnreadCount.self, MarkRead.self], [.rateLimited]),
        Line(
            .slipping, [PublishListing.self],
            [
                .inquiryTooOld, .invalidValue, .answerMissing, .basisMissing, .refusalKnown,
                .durationNotOffered,
                .wrongCurrency, .amountOutOfRange, .invalidText, .duplicateLead, .notFound, .prospectObjected,
            ]),
        Line(.contactHiding, [PublishListing.self], [.contactDataInText]),
        Line(.overbidding, [PlaceBid.self], [.amountOutOfRange]),
        Line(
            .miscounting, [PlaceBid.self, TopUp.self, CreditManually.self, SetPriceRanges.self],
            [.amountOutOfRange, .wrongCurrency, .bidTooLow, .insufficientFunds, .payoutAccountMissing]),
        Line(
            .mistiming, [WithdrawBid.self, PayOrder.self, ConfirmEmail.self, DecideCase.self],
            [.ownListing, .wrongState, .tokenExpired, .caseDecided]),
        Line(
            .rambling, [PostMessage.self, SearchListings.self, ReadInbox.self],
            [.invalidText, .invalidValue]),
        Line(
            .overstepping, [SuspendParty.self, ReadContact.self, GetLedgerReport.self],
            [.forbidden, .notSignedIn, .notRevealed]),
    ]

    /// Refusals that depend on the world around the population: on faults, on its clock, on its load.
    public static let byTheWorld: [RefusalCode: String] = [
        .tooLate: "a request waits longer than its time",
        .overloaded: "a service's queue is full",
        .unavailable: "a service cannot be reached, or its outbox is too long",
        .stopping: "a process is told to stop while clients are connected",
        .storeBehind: "a store was restored from an older backup",
        .clockNotSettable: "the house runs on the machine's clock",
        .clockBackwards: "the house's clock can be set",
    ]

    /// Refusals that no client meets, whatever the world does.
    public static let never: [RefusalCode: String] = [
        .internalError: "a fault of the house's own: each one is an error",
        .holdEnded: "said by the wallet to the auction alone, which names each hold while it lives",
        .orderNotFrozen: "an order refunded has a closed case, or no reveal, and either is said first",
    ]
}
