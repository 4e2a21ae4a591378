import Messages
import Runtime

/// The wallet: everybody's money, the house's, and the papers that go with it.
public enum WalletService {
    public static func definition(provider: PaymentProvider = .sandbox) -> ServiceDefinition {
        var handlers = HandlerTable()
        addFacts(&handlers)
        addHolds(&handlers)
        addOrders(&handlers)
        addPayments(provider, &handlers)
        addQueries(&handlers)
        addPrepaidLines(provider, &handlers)
        addCalls(&handlers)
        addLeadCalls(&handlers)
        return ServiceDefinition(
            name: .wallet, migrations: WalletSchema.migrations, digestTables: WalletSchema.digestTables,
            handlers: handlers)
    }

    private static func addFacts(_ handlers: inout HandlerTable) {
        handlers.peer(MarketplacePublished.self, MarketplacePublishedHandler.handle)
        handlers.peer(PartyPublished.self, PartyPublishedHandler.handle)
        handlers.peer(BillingIdentityPublished.self, BillingIdentityPublishedHandler.handle)
    }

    private static func addHolds(_ handlers: inout HandlerTable) {
        handlers.peer(PlaceHold.self, PlaceHoldHandler.handle)
        handlers.peer(RaiseHold.self, RaiseHoldHandler.handle)
        handlers.peer(ReleaseHold.self, ReleaseHoldHandler.handle)
        handlers.peer(ExtendHold.self, ExtendHoldHandler.handle)
        handlers.peer(DisownHold.self, DisownHoldHandler.handle)
        handlers.journaled(HoldsDue.self, HoldsDueHandler.handle)
    }

    private static func addOrders(_ handlers: inout HandlerTable) {
        handlers.peer(CollectOrder.self, CollectOrderHandler.handle)
        handlers.peer(PayOutOrder.self, PayOutOrderHandler.handle)
        handlers.peer(RefundOrder.self, RefundOrderHandler.handle)
    }

    private static func addPayments(_ provider: PaymentProvider, _ handlers: inout HandlerTable) {
        handlers.command(TopUp.self) { try TopUpHandler.handle($0, $1, methods: provider.methods) }
        handlers.command(ChoosePaymentMethod.self) {
            try ChoosePaymentMethodHandler.handle($0, $1, methods: provider.methods)
        }
        handlers.query(GetPaymentMethod.self) {
            try GetPaymentMethodHandler.handle($0, $1, methods: provider.methods)
        }
        handlers.command(WithdrawBalance.self, WithdrawBalanceHandler.handle)
        handlers.command(CreditManually.self, CreditManuallyHandler.handle)
        handlers.command(LinkPayoutAccount.self, LinkPayoutAccountHandler.handle)
        handlers.journaled(ChargeReported.self, ChargeReportedHandler.handle)
        handlers.journaled(PayoutReported.self, PayoutReportedHandler.handle)
        handlers.journaled(PayoutAccountReported.self, PayoutAccountReportedHandler.handle)
        handlers.effect(ChargePayment.self) { provider.outcome(of: $0, $1) }
        handlers.effect(SendPayout.self) { provider.outcome(of: $0, $1) }
        handlers.effect(VerifyPayoutAccount.self) { provider.outcome(of: $0, $1) }
    }

    private static func addPrepaidLines(_ provider: PaymentProvider, _ handlers: inout HandlerTable) {
        handlers.peer(SwitchRegistered.self, SwitchRegisteredHandler.handle)
        handlers.command(SetBillingProfile.self, SetBillingProfileHandler.handle)
        handlers.command(SetTariff.self, SetTariffHandler.handle)
        handlers.query(ListBillingProfiles.self, ListBillingProfilesHandler.handle)
        handlers.command(TopUpCaller.self) {
            try TopUpCallerHandler.handle($0, $1, methods: provider.methods)
        }
        handlers.before(TopUpCaller.self) { try CallerEdge.admit(&$0, $1) }
        handlers.query(GetTopUpOffer.self) {
            try GetTopUpOfferHandler.handle($0, $1, methods: provider.methods)
        }
        handlers.query(GetCallerTopUp.self, GetCallerTopUpHandler.handle)
        handlers.command(AdjustCaller.self, AdjustCallerHandler.handle)
        handlers.before(AdjustCaller.self) { try CallerEdge.admit(&$0, $1) }
        handlers.command(ChargeBackTopUp.self, ChargeBackTopUpHandler.handle)
        handlers.command(ChangeCallerNumber.self, ChangeCallerNumberHandler.handle)
        handlers.before(ChangeCallerNumber.self) { try CallerEdge.admit(&$0, $1) }
        handlers.query(GetCaller.self, GetCallerHandler.handle)
        handlers.query(ListCallerTransactions.self, ListCallerTransactionsHandler.handle)
        handlers.query(ListCalls.self, ListCallsHandler.handle)
        handlers.query(DiagnoseCall.self, DiagnoseCallHandler.handle)
        handlers.afterQuery(DiagnoseCall.self) { try DiagnosisEdge.compare(&$0, $1) }
        handlers.journaled(LineFeesFallDue.self, LineFeesFallDueHandler.handle)
    }

    private static func addCalls(_ handlers: inout HandlerTable) {
        handlers.command(CallArrived.self, CallArrivedHandler.handle)
        handlers.before(CallArrived.self) { try CallerEdge.admit(&$0, $1) }
        handlers.command(ReportCall.self, ReportCallHandler.handle)
        handlers.command(EndCall.self, EndCallHandler.handle)
        handlers.journaled(CallFallsSilent.self, CallFallsSilentHandler.handle)
        handlers.journaled(CallNearsItsEnd.self, CallNearsItsEndHandler.handle)
    }

    private static func addLeadCalls(_ handlers: inout HandlerTable) {
        handlers.peer(OpenProxyLine.self, OpenProxyLineHandler.handle)
        handlers.peer(CloseProxyLine.self, CloseProxyLineHandler.handle)
        handlers.peer(EndLeadCall.self, EndLeadCallHandler.handle)
        handlers.query(ListLeadCalls.self, ListLeadCallsHandler.handle)
        handlers.query(FindLeadCall.self, FindLeadCallHandler.handle)
    }

    private static func addQueries(_ handlers: inout HandlerTable) {
        handlers.query(GetBalance.self, GetBalanceHandler.handle)
        handlers.query(GetStatement.self, GetStatementHandler.handle)
        handlers.query(GetPayment.self, GetPaymentHandler.handle)
        handlers.query(ListPayments.self, ListPaymentsHandler.handle)
        handlers.query(GetPayoutAccount.self, GetPayoutAccountHandler.handle)
        handlers.query(ListInvoices.self, ListInvoicesHandler.handle)
        handlers.query(GetInvoice.self, GetInvoiceHandler.handle)
        handlers.afterQuery(GetInvoice.self) { try InvoiceEdge.addAddresses(&$0, $1) }
        handlers.query(GetLedgerReport.self, GetLedgerReportHandler.handle)
    }
}
