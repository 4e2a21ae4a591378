import Messages

/// What the auditor saw happen, as far as rules are counted by it.
enum Fact: Hashable {
    /// A client's request with this code was carried out or answered.
    case answered(UInt16)
    /// A client's request was refused for this reason.
    case refused(RefusalCode)
    /// A message, deadline or outcome with this code was journaled.
    case journaled(UInt16)
    /// A party was told of this event.
    case told(NotificationEvent)
    /// Something that a model found in the journals.
    case model(String)
}

/// What counts as one exercise of each rule: an observation, or a fact of the journals.
///
/// A rule that is about presentation counts by the message that carries it.
enum RuleTable {
    struct Line {
        let rule: String
        let facts: [Fact]
        init(_ rule: String, _ facts: Fact...) {
            self.rule = rule
            self.facts = facts
        }
    }

    static let lines: [Line] = [
        Line(
            "A1", .answered(PublishListing.code), .refused(.inquiryTooOld), .refused(.answerMissing),
            .refused(.contactDataInText)),
        Line("A2", .answered(GuideSetup.code), .answered(SetPriceRanges.code)),
        Line("A3", .refused(.payoutAccountMissing), .journaled(PayoutAccountChanged.code)),
        Line("A4", .answered(PublishListing.code), .refused(.basisMissing), .refused(.refusalKnown)),
        Line("A5", .answered(GetListing.code), .answered(SearchListings.code), .refused(.notVerified)),
        Line("A6", .journaled(ListingEnds.code), .refused(.durationNotOffered)),
        Line("A7", .answered(DeleteListing.code), .told(.listingDeleted)),
        Line("A8", .model("second round"), .refused(.secondRoundUsed), .refused(.hasBids)),
        Line("A9", .answered(PlaceBid.code), .refused(.bidTooLow), .refused(.insufficientFunds)),
        Line("A10", .told(.bidOutbid), .answered(WithdrawBid.code), .refused(.highestBidderBound)),
        Line("A11", .model("award"), .told(.auctionWon), .told(.leadSold)),
        Line(
            "A12", .told(.contactRevealed), .told(.paymentReceived), .told(.handoverTips),
            .answered(ReadContact.code), .answered(ConfirmHandover.code)),
        Line("A13", .journaled(PayoutFallsDue.code), .journaled(PayoutSettled.code)),
        Line(
            "A14", .answered(OpenObjection.code), .answered(DecideCase.code),
            .journaled(StatementLapsed.code), .refused(.windowClosed)),
        Line("A15", .told(.invoiceIssued), .told(.creditNoteIssued), .answered(GetInvoice.code)),
        Line(
            "A16", .told(.reviewDue), .answered(ReportListing.code), .answered(ReviewListing.code),
            .answered(SuspendListing.code), .answered(SuspendParty.code)),
        Line("A17", .answered(ReportAttempt.code), .journaled(ContradictionLapsed.code)),
        Line("A18", .journaled(OpenConversation.code), .answered(PostMessage.code)),
        Line(
            "A19", .journaled(PaymentLapses.code), .model("offer"), .answered(PayOrder.code),
            .answered(AnswerOffer.code), .refused(.offerLapsed), .model("strikes")),
        Line(
            "B1", .answered(Apply.code), .told(.applicationFiled), .refused(.alreadyApplied),
            .refused(.contactDataInText)),
        Line("B2", .told(.applicationAccepted)),
        Line(
            "B3", .told(.applicationRejected), .told(.applicationFeeRefunded), .told(.applicationFeeKept),
            .answered(ReportMeeting.code)),
        Line("B4", .told(.prospectReminded)),
        Line("B5", .told(.applicationRevealed)),
        Line("B6", .told(.waysToReach), .answered(GetApplication.code)),
        Line("B7", .answered(ReviewApplication.code), .answered(ProspectChats.code)),
        Line(
            "C1", .told(.contractConcluded), .answered(ReadContract.code), .journaled(ContractRecorded.code)),
        Line(
            "C2", .journaled(RecordContract.code), .answered(GetMeeting.code), .refused(.cardMissing)),
        Line(
            "C3", .answered(ProposeAppointment.code), .answered(AcceptAppointment.code),
            .told(.appointmentAgreed), .told(.appointmentReminder), .journaled(AppointmentFallsDue.code)),
        Line(
            "C4", .told(.meetingReported), .told(.reportReminder), .told(.supportAsked),
            .model("meeting paid"),
            .answered(ChoosePaymentMethod.code), .journaled(AskSupport.code), .told(.meetingUnreported)),
        Line(
            "C5", .answered(RateMeeting.code), .answered(ListOpenRatings.code), .told(.ratingDue),
            .told(.ratingShown)),
        Line("C6", .model("listed again"), .told(.appointmentUnsold)),
        Line(
            "C7", .answered(RequestCancellation.code), .answered(AnswerCancellation.code),
            .told(.saleCancelled),
            .told(.cancellationRefused), .told(.cancellationUnanswered), .model("sale undone"),
            .model("fee borne"), .refused(.adviceNotTaken), .refused(.cancellationOpen),
            .refused(.cancellationRefused), .refused(.saleCancelled)),
        Line("C8", .refused(.contractNotAccepted)),
        Line("C9", .answered(GetRatings.code), .journaled(RatingShown.code)),
        Line(
            "D1", .answered(ActivateCall.code), .answered(RouteCall.code), .answered(SetProxyNumbers.code),
            .refused(.noProxyNumber), .model("callBack"), .model("detached")),
        Line("D2", .model("lead call funded"), .model("lead call extended"), .model("tooLittle")),
        Line("D3", .model("lead call charged"), .told(.leadCallCharged)),
        Line("D4", .answered(BuyLead.code), .answered(DeclineLead.code), .model("frozen price")),
        Line("D5", .journaled(ActivationLapses.code), .told(.activationExpired)),
        Line(
            "D6", .answered(ReportFishing.code), .answered(ContestStrike.code), .told(.fishingFound),
            .model("strike decided"), .model("fishing suspends")),
        Line("D7", .told(.activationLost), .model("hung up soldToAnother")),
        Line(
            "E1", .answered(TopUpCaller.code), .answered(CallArrived.code), .answered(ReportCall.code),
            .answered(EndCall.code), .journaled(CallFallsSilent.code), .answered(ChargeBackTopUp.code),
            .told(.callLengthened)),
        Line("E2", .model("bonus spent")),
        Line("E3", .told(.callMinutesShort)),
        Line("E4", .model("announcement"), .model("conversation")),
        Line("E5", .model("increments")),
        Line("E6", .answered(SetTariff.code)),
        Line("E7", .model("first caller")),
        Line("E8", .answered(AdjustCaller.code)),
        Line(
            "E9", .answered(FindCaller.code), .answered(GetCaller.code),
            .answered(ListCallerTransactions.code), .answered(ListCalls.code)),
        Line("E10", .answered(ChangeCallerNumber.code), .model("withheld")),
        Line("E11", .answered(DiagnoseCall.code)),
        Line("E12", .answered(SetBillingProfile.code), .answered(ListBillingProfiles.code)),
        Line("E13", .model("line fees"), .journaled(LineFeesFallDue.code)),
        Line("E14", .answered(GetTopUpOffer.code), .answered(GetCallerTopUp.code)),
        Line("F1", .model("entry"), .answered(GetLedgerReport.code)),
        Line("F2", .model("repeated"), .refused(.keyReused)),
        Line("F3", .model("acknowledged")),
        Line("F4", .model("reveal"), .answered(ReadReport.code), .answered(ReportOnContact.code)),
        Line("F5", .model("erasure"), .model("old keys"), .answered(EraseCaller.code)),
        Line("F6", .journaled(Notify.code), .journaled(EmailAttempted.code)),
        Line("F7", .model("deadline")),
        Line("F8", .answered(ReadInbox.code), .answered(UpdateLanguage.code), .model("push")),
        Line("F9", .refused(.notFound)),
        Line("F10", .told(.prospectObjected), .model("objection"), .refused(.prospectObjected)),
    ]
}

/// Counts how often each rule was exercised.
final class RuleCounter {
    private(set) var counts: [String: Int] = [:]
    private let rulesOf: [Fact: [String]]

    init() {
        var rulesOf: [Fact: [String]] = [:]
        for line in RuleTable.lines {
            counts[line.rule] = 0
            for fact in line.facts { rulesOf[fact, default: []].append(line.rule) }
        }
        self.rulesOf = rulesOf
    }

    func note(_ fact: Fact) {
        for rule in rulesOf[fact] ?? [] { counts[rule, default: 0] += 1 }
    }
}
