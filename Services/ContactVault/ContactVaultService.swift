import Kernel
import Messages
import Runtime
import Storage
import Wire

/// The contact-vault: who everybody is, what nobody may see without a rule, and who has seen it.
public enum ContactVaultService {
    public static func definition(environment: VaultEnvironment) -> ServiceDefinition {
        var handlers = HandlerTable()
        addMarketplaces(&handlers)
        addParties(&handlers, environment)
        addSessions(&handlers, environment)
        addContacts(&handlers, environment)
        addProspects(&handlers, environment)
        addKeys(&handlers)
        addCallers(&handlers, environment)
        addRoutes(&handlers)
        return ServiceDefinition(
            name: .contactVault, migrations: VaultSchema.migrations, digestTables: VaultSchema.digestTables,
            handlers: handlers)
    }

    /// The number of lines of the reveal log, if its chain is unbroken; otherwise throws (F4).
    public static func verifyRevealChain(_ store: Store) throws -> Int {
        try RevealLog.verify(store)
    }

    private static func addMarketplaces(_ handlers: inout HandlerTable) {
        handlers.command(PublishMarketplace.self, PublishMarketplaceHandler.handle)
        handlers.query(GetMarketplace.self, GetMarketplaceHandler.handle)
        handlers.query(ListMarketplaces.self, ListMarketplacesHandler.handle)
    }

    private static func addParties(_ handlers: inout HandlerTable, _ environment: VaultEnvironment) {
        handlers.command(RegisterParty.self, RegisterPartyHandler.handle)
        handlers.before(RegisterParty.self) { try RegistrationEdge.prepare(&$0, environment, $1) }
        handlers.command(BootstrapOperator.self, BootstrapOperatorHandler.handle)
        handlers.before(BootstrapOperator.self) { try RegistrationEdge.prepare(&$0, environment, $1) }
        handlers.command(AppointOperator.self, AppointOperatorHandler.handle)
        handlers.before(AppointOperator.self) { try RegistrationEdge.prepare(&$0, environment, $1) }
        handlers.command(ConfirmEmail.self, ConfirmEmailHandler.handle)
        handlers.before(ConfirmEmail.self) { command, _ in LinkEdge.check(&command, environment) }
        handlers.command(ResendConfirmation.self, ResendConfirmationHandler.handle)
        handlers.command(VerifyParty.self, VerifyPartyHandler.handle)
        handlers.command(SuspendParty.self, SuspendPartyHandler.handle)
        handlers.peer(SuspendForCause.self, SuspendForCauseHandler.handle)
        handlers.command(ReinstateParty.self, ReinstatePartyHandler.handle)
        handlers.command(CloseParty.self, ClosePartyHandler.handle)
        handlers.journaled(BillingRetentionOver.self, BillingRetentionOverHandler.handle)
        handlers.journaled(ContinueClosing.self, ContinueClosingHandler.handle)
        handlers.command(UpdateLanguage.self, UpdateLanguageHandler.handle)
        handlers.query(GetParty.self, GetPartyHandler.handle)
        handlers.query(ListParties.self, ListPartiesHandler.handle)
        handlers.query(FetchAddress.self, FetchAddressHandler.handle)
        handlers.command(SetBillingIdentity.self, SetBillingIdentityHandler.handle)
        handlers.before(SetBillingIdentity.self) { command, _ in try ContactEdge.prepare(&command) }
        handlers.query(GetBillingIdentity.self, GetBillingIdentityHandler.handle)
        handlers.query(FetchBillingIdentity.self, FetchBillingIdentityHandler.handle)
    }

    private static func addSessions(_ handlers: inout HandlerTable, _ environment: VaultEnvironment) {
        handlers.command(SignIn.self, SignInHandler.handle)
        handlers.before(SignIn.self) { try SignInEdge.check(&$0, environment, $1) }
        handlers.after(SignIn.self) { try SignInEdge.addTokens(&$0, environment, $1) }
        handlers.command(RefreshSignIn.self, RefreshSignInHandler.handle)
        handlers.before(RefreshSignIn.self) { SignInEdge.checkRefresh(&$0, environment, $1) }
        handlers.after(RefreshSignIn.self) { try SignInEdge.addTokens(&$0, environment, $1) }
        handlers.command(SignOut.self, SignOutHandler.handle)
        handlers.command(RevokeSessions.self, RevokeSessionsHandler.handle)
        handlers.command(ChangePassword.self, ChangePasswordHandler.handle)
        handlers.before(ChangePassword.self) { try SignInEdge.change(&$0, environment, $1) }
        handlers.query(ListRevocations.self, ListRevocationsHandler.handle)
        handlers.query(GetTokenKey.self) { _, _ in
            var key = TokenKey()
            key.publicKey = Bytes(environment.tokenPublicKey.rawBytes)
            return .answer(key)
        }
    }

    private static func addContacts(_ handlers: inout HandlerTable, _ environment: VaultEnvironment) {
        handlers.command(SealContact.self, SealContactHandler.handle)
        handlers.before(SealContact.self) { command, _ in try ContactEdge.prepare(&command, environment) }
        handlers.query(ListContacts.self, ListContactsHandler.handle)
        handlers.peer(ClaimContact.self, ClaimContactHandler.handle)
        handlers.peer(ReleaseContact.self, ReleaseContactHandler.handle)
        handlers.peer(GrantReveal.self, GrantRevealHandler.handle)
        handlers.command(ReadContact.self, ReadContactHandler.handle)
        handlers.peer(RecordContract.self, RecordContractHandler.handle)
        handlers.command(ReadContract.self, ReadContractHandler.handle)
        handlers.after(ReadContract.self) { try ContractEdge.write(&$0, $1) }
        handlers.command(OpenForDelivery.self, OpenForDeliveryHandler.handle)
    }

    private static func addProspects(_ handlers: inout HandlerTable, _ environment: VaultEnvironment) {
        handlers.query(FetchLink.self) { try FetchLinkHandler.handle($0, $1, environment) }
        handlers.query(ResolveLink.self) { try ResolveLinkHandler.handle($0, $1, environment) }
        handlers.query(FetchProspect.self, FetchProspectHandler.handle)
        handlers.query(MakeProspectLink.self) { try MakeProspectLinkHandler.handle($0, $1, environment) }
        handlers.command(ProspectObjects.self, ProspectObjectsHandler.handle)
        handlers.before(ProspectObjects.self) { command, _ in LinkEdge.check(&command, environment) }
        handlers.command(ObjectForProspect.self, ObjectForProspectHandler.handle)
        handlers.journaled(ContinueObjection.self, ContinueObjectionHandler.handle)
        handlers.command(EraseContact.self, EraseContactHandler.handle)
        handlers.command(ProspectErases.self, ProspectErasesHandler.handle)
        handlers.before(ProspectErases.self) { command, _ in LinkEdge.check(&command, environment) }
        handlers.query(ReadReport.self) { try ReadReportHandler.handle($0, $1, environment) }
        handlers.query(ReportOnContact.self, ReportOnContactHandler.handle)
    }

    private static func addCallers(_ handlers: inout HandlerTable, _ environment: VaultEnvironment) {
        handlers.command(RegisterSwitch.self, RegisterSwitchHandler.handle)
        handlers.before(RegisterSwitch.self) { command, context in
            if !context.acting.isOperator { command.marketplace = context.acting.marketplace }
            return try RegistrationEdge.prepare(&command, environment, context)
        }
        handlers.query(FindCaller.self) { try FindCallerHandler.handle($0, $1, environment) }
        handlers.query(RecogniseCaller.self) { try RecogniseCallerHandler.handle($0, $1, environment) }
        handlers.command(AdmitCaller.self, AdmitCallerHandler.handle)
        handlers.command(EraseCaller.self, EraseCallerHandler.handle)
        handlers.query(FindSimilarCallers.self, FindSimilarCallersHandler.handle)
        handlers.afterQuery(FindSimilarCallers.self) { try SimilarCallerEdge.find(&$0, environment, $1) }
        handlers.before(AdmitCaller.self) { command, _ in try CallerEdge.prepare(&command, environment) }
    }

    private static func addRoutes(_ handlers: inout HandlerTable) {
        handlers.peer(OpenRoute.self, OpenRouteHandler.handle)
        handlers.peer(CloseRoute.self, CloseRouteHandler.handle)
        handlers.command(RouteCall.self, RouteCallHandler.handle)
    }

    private static func addKeys(_ handlers: inout HandlerTable) {
        handlers.command(RotateKeys.self, RotateKeysHandler.handle)
        handlers.before(RotateKeys.self) { try KeyEdge.rotate(&$0, $1) }
        handlers.query(GetKeyStatus.self, GetKeyStatusHandler.handle)
        handlers.afterQuery(GetKeyStatus.self) { KeyEdge.addVersion(&$0, $1) }
    }
}
