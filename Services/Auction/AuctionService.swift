import Kernel
import Messages
import Runtime

/// The auction: listings, bids, awards and orders, and all their clocks.
public enum AuctionService {
    public static func definition() -> ServiceDefinition {
        var handlers = HandlerTable()
        takeCommands(&handlers)
        takeQueries(&handlers)
        takePeers(&handlers)
        takeTimers(&handlers)
        return ServiceDefinition(
            name: .auction, migrations: Schema.migrations, digestTables: Schema.digestTables,
            handlers: handlers)
    }

    private static func takeCommands(_ handlers: inout HandlerTable) {
        handlers.command(Apply.self, ApplyHandler.handle)
        handlers.before(Apply.self) { command, _ in ApplicationEdge.check(&command) }
        handlers.command(ReviewApplication.self, ReviewApplicationHandler.handle)
        handlers.before(ReviewApplication.self) { try ApplicationEdge.resolve(&$0, $1) }
        handlers.command(ReportMeeting.self, ReportMeetingHandler.handle)
        handlers.command(ActivateCall.self, ActivateCallHandler.handle)
        handlers.before(ActivateCall.self) { try CallEdge.admit(&$0, $1) }
        handlers.command(BuyLead.self, BuyLeadHandler.handle)
        handlers.command(DeclineLead.self, DeclineLeadHandler.handle)
        handlers.command(RepriceListing.self, RepriceListingHandler.handle)
        handlers.command(SetProxyNumbers.self, SetProxyNumbersHandler.handle)
        handlers.command(ReportFishing.self, ReportFishingHandler.handle)
        handlers.before(ReportFishing.self) { try CallEdge.check(&$0, $1) }
        handlers.command(ContestStrike.self, ContestStrikeHandler.handle)
        handlers.command(DecideStrike.self, DecideStrikeHandler.handle)
        handlers.command(ProposeAppointment.self, ProposeAppointmentHandler.handle)
        handlers.command(AcceptAppointment.self, AcceptAppointmentHandler.handle)
        handlers.command(RequestCancellation.self, RequestCancellationHandler.handle)
        handlers.command(AnswerCancellation.self, AnswerCancellationHandler.handle)
        handlers.command(SetPriceRanges.self, SetPriceRangesHandler.handle)
        handlers.command(PublishListing.self, PublishListingHandler.handle)
        handlers.command(PlaceBid.self, PlaceBidHandler.handle)
        handlers.command(WithdrawBid.self, WithdrawBidHandler.handle)
        handlers.command(DeleteListing.self, DeleteListingHandler.handle)
        handlers.command(RelistListing.self, RelistListingHandler.handle)
        handlers.command(PayOrder.self, PayOrderHandler.handle)
        handlers.command(AnswerOffer.self, AnswerOfferHandler.handle)
        handlers.command(ConfirmHandover.self, ConfirmHandoverHandler.handle)
        handlers.command(ReportListing.self, ReportListingHandler.handle)
        handlers.command(SuspendListing.self, SuspendListingHandler.handle)
        handlers.command(ReinstateListing.self, ReinstateListingHandler.handle)
        handlers.command(ReviewListing.self, ReviewListingHandler.handle)
    }

    private static func takeQueries(_ handlers: inout HandlerTable) {
        handlers.query(GuideSetup.self, GuideSetupHandler.handle)
        handlers.query(SearchListings.self, SearchListingsHandler.handle)
        handlers.query(GetListing.self, GetListingHandler.handle)
        handlers.query(BidHistory.self, BidHistoryHandler.handle)
        handlers.query(GetOrder.self, GetOrderHandler.handle)
        handlers.query(ListTrades.self, ListTradesHandler.handle)
        handlers.query(GetTradeSummary.self, GetTradeSummaryHandler.handle)
        handlers.query(GetApplication.self, GetApplicationHandler.handle)
        handlers.query(ListApplications.self, ListApplicationsHandler.handle)
        handlers.query(GetActivation.self, GetActivationHandler.handle)
        handlers.query(ListActivations.self, ListActivationsHandler.handle)
        handlers.query(GetProxyPool.self, GetProxyPoolHandler.handle)
        handlers.query(ListStrikes.self, ListStrikesHandler.handle)
        handlers.query(GetMeeting.self, GetMeetingHandler.handle)
        handlers.query(ListReviews.self, ListReviewsHandler.handle)
        handlers.query(ListOrders.self, ListOrdersHandler.handle)
    }

    private static func takePeers(_ handlers: inout HandlerTable) {
        handlers.peer(MarketplacePublished.self, MarketplacePublishedHandler.handle)
        handlers.peer(PartyPublished.self, PartyPublishedHandler.handle)
        handlers.peer(ProspectObjected.self, ProspectObjectedHandler.handle)
        handlers.peer(ContactClaimed.self, ContactClaimedHandler.handle)
        handlers.peer(ContactRefused.self, ContactRefusedHandler.handle)
        handlers.peer(RevealGranted.self, RevealGrantedHandler.handle)
        handlers.peer(RevealRefused.self, RevealRefusedHandler.handle)
        handlers.peer(RouteOpened.self, RouteOpenedHandler.handle)
        handlers.peer(RatingShown.self, RatingShownHandler.handle)
        handlers.peer(ContractRecorded.self, ContractRecordedHandler.handle)
        handlers.peer(HoldPlaced.self, HoldPlacedHandler.handle)
        handlers.peer(HoldRefused.self, HoldRefusedHandler.handle)
        handlers.peer(HoldDue.self, HoldDueHandler.handle)
        handlers.peer(OrderPaidFor.self, OrderPaidForHandler.handle)
        handlers.peer(PaymentRefused.self, PaymentRefusedHandler.handle)
        handlers.peer(PayoutSettled.self, PayoutSettledHandler.handle)
        handlers.peer(PayoutDeclined.self, PayoutDeclinedHandler.handle)
        handlers.peer(OrderRefunded.self, OrderRefundedHandler.handle)
        handlers.peer(PayoutAccountChanged.self, PayoutAccountChangedHandler.handle)
        handlers.peer(FreezeOrder.self, FreezeOrderHandler.handle)
        handlers.peer(SettleOrder.self, SettleOrderHandler.handle)
    }

    private static func takeTimers(_ handlers: inout HandlerTable) {
        handlers.journaled(ListingEnds.self, ListingEndsHandler.handle)
        handlers.journaled(PaymentLapses.self, PaymentLapsesHandler.handle)
        handlers.journaled(OfferLapses.self, OfferLapsesHandler.handle)
        handlers.journaled(PayoutFallsDue.self, PayoutFallsDueHandler.handle)
        handlers.journaled(ListingReviewFallsDue.self, ListingReviewFallsDueHandler.handle)
        handlers.journaled(SellerReviewFallsDue.self, SellerReviewFallsDueHandler.handle)
        handlers.journaled(ReviewReminderFallsDue.self, ReviewReminderFallsDueHandler.handle)
        handlers.journaled(TimedRevealFallsDue.self, TimedRevealFallsDueHandler.handle)
        handlers.journaled(ApplicationFeeFallsDue.self, ApplicationFeeFallsDueHandler.handle)
        handlers.journaled(ActivationLapses.self, ActivationLapsesHandler.handle)
        handlers.journaled(AppointmentFallsDue.self, AppointmentFallsDueHandler.handle)
        handlers.journaled(MeetingFallsDue.self, MeetingFallsDueHandler.handle)
        handlers.journaled(ReportReminderFallsDue.self, ReportReminderFallsDueHandler.handle)
        handlers.journaled(SupportFallsDue.self, SupportFallsDueHandler.handle)
        handlers.journaled(CancellationLapses.self, CancellationLapsesHandler.handle)
        handlers.journaled(MeetingStaysUnreported.self, MeetingStaysUnreportedHandler.handle)
    }
}
