import Messages
import Runtime

/// Objections, statements and verdicts; and refunds by rule.
public enum DisputeService {
    public static func definition() -> ServiceDefinition {
        ServiceDefinition(
            name: .dispute, migrations: Schema.migrations, digestTables: Schema.tables, handlers: handlers())
    }

    private static func handlers() -> HandlerTable {
        var table = HandlerTable()
        table.peer(MarketplacePublished.self, FactHandlers.marketplacePublished)
        table.peer(PartyPublished.self, FactHandlers.partyPublished)
        table.peer(OrderOpened.self, FactHandlers.orderOpened)
        table.peer(AskSupport.self, AskSupportHandler.handle)
        table.peer(SaleCancelled.self, SaleCancelledHandler.handle)
        table.peer(MeetingHeld.self, MeetingHeldHandler.handle)
        table.command(RateMeeting.self, RateMeetingHandler.handle)
        table.query(ListOpenRatings.self, ListOpenRatingsHandler.handle)
        table.query(GetRatings.self, GetRatingsHandler.handle)
        table.journaled(RatingsFallDue.self, RatingsFallDueHandler.handle)
        table.peer(OrderFrozen.self, OrderFrozenHandler.handle)
        table.peer(OrderFreezeRefused.self, OrderFreezeRefusedHandler.handle)
        table.peer(OrderSettled.self, OrderSettledHandler.handle)
        table.command(OpenObjection.self, OpenObjectionHandler.handle)
        table.command(SubmitStatement.self, SubmitStatementHandler.handle)
        table.command(AddEvidence.self, AddEvidenceHandler.handle)
        table.command(DecideCase.self, DecideCaseHandler.handle)
        table.command(ReportAttempt.self, ReportAttemptHandler.handle)
        table.query(GetCase.self, GetCaseHandler.handle)
        table.query(ListCases.self, ListCasesHandler.handle)
        table.query(GetOpenDisputeCount.self, GetOpenDisputeCountHandler.handle)
        table.journaled(StatementLapsed.self, StatementLapsedHandler.handle)
        table.journaled(ContradictionLapsed.self, ContradictionLapsedHandler.handle)
        return table
    }
}
