import Messages
import Runtime

/// Tells parties what happened, and lets them talk about an order.
public enum NotificationsService {
    /// - Parameter sender: in whose name e-mails leave.
    public static func definition(sender: MailSender = .local) -> ServiceDefinition {
        definition(sender: sender, mailer: MaildirSpool.deliver)
    }

    /// - Parameter mailer: hands e-mails over, instead of to the spool.
    public static func definition(
        sender: MailSender = .local, mailer: @escaping Mailer
    ) -> ServiceDefinition {
        ServiceDefinition(
            name: .notifications, migrations: Schema.migrations, digestTables: Schema.tables,
            handlers: handlers(EmailPerformer(sender: sender, mailer: mailer)),
            // Who sends a notice does not wait for it, and a bidding war makes thousands a second.
            isPatient: true)
    }

    private static func handlers(_ performer: EmailPerformer) -> HandlerTable {
        var table = HandlerTable()
        table.peer(MarketplacePublished.self, FactHandlers.marketplacePublished)
        table.peer(PartyPublished.self, FactHandlers.partyPublished)
        table.peer(Notify.self, FactHandlers.notify)
        table.peer(OpenConversation.self, FactHandlers.openConversation)
        table.peer(NotifyProspect.self, TellProspect.notify)
        table.peer(ForgetProspect.self, TellProspect.forget)
        table.command(ProspectChats.self, ProspectChatsHandler.handle)
        table.before(ProspectChats.self) {
            $0.holds = ChatEdge.search($0.text)
            return try ProspectEdge.resolve(&$0, $1)
        }
        table.effect(SendProspectEmail.self) { email, world in performer.perform(email, world) }
        table.journaled(ProspectEmailAttempted.self, ProspectEmailAttemptedHandler.handle)
        table.query(ReadInbox.self, ReadInboxHandler.handle)
        table.query(GetUnreadCount.self, GetUnreadCountHandler.handle)
        table.query(Subscribe.self, SubscribeHandler.handle)
        table.query(DeliveryStatus.self, DeliveryStatusHandler.handle)
        table.command(MarkRead.self, MarkReadHandler.handle)
        table.command(PostMessage.self, PostMessageHandler.handle)
        table.before(PostMessage.self) { command, _ in
            command.holds = ChatEdge.search(command.text)
            return nil
        }
        table.query(ReadConversation.self, ReadConversationHandler.handle)
        table.effect(SendEmail.self) { email, world in performer.perform(email, world) }
        table.journaled(EmailAttempted.self, EmailAttemptedHandler.handle)
        table.journaled(EmailRested.self, EmailRestedHandler.handle)
        return table
    }
}
