import Kernel
import Messages
import Runtime

/// A member, or support, says something; everybody else in the conversation is told (A18). Before the contact is
/// revealed, members may not write contact data (A5, B1).
enum PostMessageHandler {
    static func handle(_ command: PostMessage, _ turn: Turn) throws -> Outcome<MessagePosted> {
        guard let conversation = try Conversations.find(command.order, turn.store) else {
            return .refused(.notFound, found: "order \(command.order)")
        }
        let members = try Conversations.members(of: command.order, turn.store)
        let author = turn.acting.party
        guard turn.acting.isOperator || members.contains(author) else {
            return .refused(.notFound, found: "order \(command.order)")
        }
        guard !command.text.isEmpty else {
            return .refused(.invalidText, expected: "a text", found: "an empty one")
        }
        if members.contains(author), let refusal = command.holds.refusal(in: conversation) {
            return .refused(refusal)
        }
        var message = ConversationMessage()
        message.message = turn.newID(InboxItemID.self).raw
        message.party = author
        message.author = members.contains(author) ? .member : .support
        message.postedAt = turn.now
        message.text = command.text
        try Conversations.add(message, to: command.order, turn.store)
        for member in members where member != author {
            try Tell.tell(notice(of: message, in: conversation, to: member, at: turn.now), turn)
        }
        try tellProspect(of: conversation, turn)
        var posted = MessagePosted()
        posted.message = message.message
        posted.postedAt = message.postedAt
        return .answer(posted)
    }

    /// One e-mail until the prospect looks: a talkative applicant fills no mailbox.
    private static func tellProspect(of conversation: Conversation, _ turn: Turn) throws {
        guard !conversation.contact.isNone, !conversation.isProspectTold else { return }
        try Conversations.setProspectTold(true, in: conversation.order, turn.store)
        var notice = NotifyProspect()
        notice.event = .prospectMessage
        notice.contact = conversation.contact
        notice.marketplace = conversation.marketplace
        notice.listing = conversation.listing
        notice.order = conversation.order
        notice.happenedAt = turn.now
        if !conversation.title.isEmpty { notice.values = [NotificationValue(.title, conversation.title)] }
        try TellProspect.tell(notice, turn)
    }

    static func notice(
        of message: ConversationMessage, in conversation: Conversation, to member: PartyID, at now: Instant
    ) -> Notify {
        var notice = Notify()
        notice.event = .messageReceived
        notice.party = member
        notice.marketplace = conversation.marketplace
        notice.listing = conversation.listing
        notice.order = conversation.order
        notice.subject = message.message
        notice.happenedAt = now
        if !conversation.title.isEmpty { notice.values = [NotificationValue(.title, conversation.title)] }
        // Keys of other services are ids below this bit.
        notice.replaces = 1 << 62 | conversation.order.raw
        return notice
    }
}

enum ReadConversationHandler {
    static func handle(_ query: ReadConversation, _ reading: Reading) throws -> Outcome<ConversationPage> {
        if let refusal = PageLimit.refusal(query.limit) { return .refused(refusal) }
        let known = try Conversations.find(query.order, reading.store) != nil
        let members = try Conversations.members(of: query.order, reading.store)
        guard known, reading.acting.isOperator || members.contains(reading.acting.party) else {
            return .refused(.notFound, found: "order \(query.order)")
        }
        let limit = Int(query.limit)
        let messages =
            query.newestFirst
            ? try Conversations.newest(
                of: query.order, before: query.after, limit: limit + 1, reading.store)
            : try Conversations.messages(
                of: query.order, after: query.after, limit: limit + 1, reading.store)
        var page = ConversationPage()
        page.more = messages.count > limit
        page.messages = Array(messages.prefix(limit))
        return .answer(page)
    }
}
