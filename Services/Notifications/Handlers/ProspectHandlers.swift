import Kernel
import Messages
import NotificationsRules
import Runtime

/// Tells a prospect by e-mail (B4, B7).
enum TellProspect {
    static func notify(_ notice: NotifyProspect, _ turn: Turn) throws { try tell(notice, turn) }

    static func tell(_ notice: NotifyProspect, _ turn: Turn) throws {
        var email = ProspectEmail()
        email.item = turn.newID()
        email.toldAt = turn.now
        email.notice = notice
        try ProspectEmails.add(email, turn.store)
        try start(email, at: turn.now, turn)
    }

    static func start(_ email: ProspectEmail, at due: Instant, _ turn: Turn) throws {
        let marketplace = try Recipients.marketplace(email.notice.marketplace, turn.store)
        var send = SendProspectEmail()
        send.item = email.item
        send.toldAt = email.toldAt
        send.notice = email.notice
        send.marketplaceName = marketplace.name
        send.language = marketplace.language
        send.zoneMinutes = marketplace.zone.minutes
        send.summerTime = marketplace.zone.summerTime
        try turn.start(send, id: email.item.raw, at: due)
    }

    /// What the prospect wrote is destroyed, and its link to the chat leads nowhere (F5).
    static func forget(_ message: ForgetProspect, _ turn: Turn) throws {
        try turn.destroyKeys(try Conversations.removeProspect(from: message.order, turn.store))
    }
}

/// What follows an attempt to send an e-mail to a prospect: sent, another attempt later, or failed for good (F6).
enum ProspectEmailAttemptedHandler {
    static func handle(_ outcome: ProspectEmailAttempted, _ turn: Turn) throws {
        guard var email = try ProspectEmails.find(outcome.item, turn.store) else { return }
        email.attempts = email.attempts == .max ? .max : email.attempts + 1
        email.attemptedAt = turn.now
        email.failure = outcome.delivered ? "" : outcome.failure
        if outcome.delivered {
            email.email = .sent
        } else if email.email == .queued {
            if !outcome.final, let wait = EmailRetry.wait(after: email.attempts, of: email.item) {
                try TellProspect.start(email, at: turn.now + wait, turn)
            } else {
                email.email = .failed
            }
        }
        try ProspectEmails.saveAttempt(email, turn.store)
    }
}

/// A prospect reads the conversation of an application, and may say something in it (B1, B7).
enum ProspectChatsHandler {
    static func handle(_ command: ProspectChats, _ turn: Turn) throws -> Outcome<ConversationPage> {
        if let refusal = PageLimit.refusal(command.limit) { return .refused(refusal) }
        let token = LinkToken(.chat, subject: command.order.raw, expires: command.expires)
        if let refusal = token.expired(at: turn.now) { return .refused(refusal) }
        guard let conversation = try Conversations.find(command.order, turn.store),
            !conversation.contact.isNone
        else { return .refused(.notFound, found: "order \(command.order)") }
        if let refusal = command.holds.refusal(in: conversation) { return .refused(refusal) }
        if !command.text.isEmpty { try post(command.text, in: conversation, turn) }
        if conversation.isProspectTold {
            try Conversations.setProspectTold(false, in: conversation.order, turn.store)
        }
        let limit = Int(command.limit)
        let messages = try Conversations.messages(
            of: command.order, after: command.after, limit: limit + 1, turn.store)
        var page = ConversationPage()
        page.more = messages.count > limit
        page.messages = Array(messages.prefix(limit))
        return .answer(page)
    }

    private static func post(_ text: PersonalText, in conversation: Conversation, _ turn: Turn) throws {
        var message = ConversationMessage()
        message.message = turn.newID(InboxItemID.self).raw
        message.author = .prospect
        message.postedAt = turn.now
        message.text = text
        try Conversations.add(message, to: conversation.order, turn.store)
        for member in try Conversations.members(of: conversation.order, turn.store) {
            try Tell.tell(
                PostMessageHandler.notice(of: message, in: conversation, to: member, at: turn.now), turn)
        }
    }
}
