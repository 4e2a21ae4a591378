import Kernel
import Wire

/// Asks for the acting party's inbox, in order of arrival.
public struct ReadInbox: Query {
    public typealias Answer = InboxPage
    public static let code: UInt16 = 0x0400
    public static let audience = Audience.everybody
    /// The last item of the page before; none: from the beginning.
    public var after = InboxItemID.none
    /// 1 to 100.
    public var limit: UInt16 = 50
    public var unreadOnly = false
    /// Newest first; `after` then names the oldest item seen.
    public var newestFirst = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
        try visit.field("unreadOnly", &unreadOnly)
        try visit.field("newestFirst", &newestFirst)
    }
}

/// Marks items as read. Refused with ``RefusalCode/notFound`` if one is not the acting party's.
public struct MarkRead: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0401
    public static let audience = Audience.everybody
    public var items: [InboxItemID] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("items", &items, .limit(100))
    }
}

/// Asks how many items the acting party has not read.
public struct GetUnreadCount: Query {
    public typealias Answer = UnreadCount
    public static let code: UInt16 = 0x0402
    public static let audience = Audience.everyParty
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Asks what became of e-mails.
public struct DeliveryStatus: Query {
    public typealias Answer = DeliveryPage
    public static let code: UInt16 = 0x0403
    public static let audience = Audience.operators
    /// Whose e-mails; none: the failed ones of all parties and prospects.
    public var party = PartyID.none
    /// The last item of the page before.
    public var after = InboxItemID.none
    /// 1 to 100.
    public var limit: UInt16 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// Says something in an order's conversation (A18).
public struct PostMessage: Command {
    public typealias Answer = MessagePosted
    public static let code: UInt16 = 0x0404
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public var text = PersonalText()
    /// Filled by the service; a client's content is overwritten.
    public var holds = TextHolds.nothing
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("text", &text, .personal(4000))
        try visit.field("holds", &holds)
    }
}

/// What was found in a text when it was still to be read, before it was sealed.
public enum TextHolds: UInt8, WireEnum {
    case nothing = 1
    case email = 2
    case link = 3
    case phone = 4
    case handle = 5
}

/// Asks for an order's conversation, in order of arrival; for its members and support.
public struct ReadConversation: Query {
    public typealias Answer = ConversationPage
    public static let code: UInt16 = 0x0405
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    /// The last message of the page before; 0: from the beginning.
    public var after: UInt64 = 0
    /// 1 to 100.
    public var limit: UInt16 = 50
    /// Newest first; `after` then names the oldest message seen.
    public var newestFirst = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
        try visit.field("newestFirst", &newestFirst)
    }
}

/// A prospect reads and writes in an application's conversation, by the link for it (B1, B7).
public struct ProspectChats: Command {
    public typealias Answer = ConversationPage
    public static let code: UInt16 = 0x0406
    public static let audience = Audience.anyone
    public var token = ""
    /// What the prospect says; empty: it only reads.
    public var text = PersonalText()
    /// The last message of the page before; 0: from the beginning.
    public var after: UInt64 = 0
    /// 1 to 100.
    public var limit: UInt16 = 50
    /// The rest is filled by the service; a client's content is overwritten.
    public var order = OrderID.none
    public var expires = Instant.none
    public var holds = TextHolds.nothing
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("token", &token, .secret(200))
        try visit.field("text", &text, .personal(4000))
        try visit.field("after", &after)
        try visit.field("limit", &limit)
        try visit.field("order", &order)
        try visit.field("expires", &expires)
        try visit.field("holds", &holds)
    }
}

/// One thing that a party was told.
public struct InboxItem: Record {
    public var item = InboxItemID.none
    public var event = NotificationEvent.bidOutbid
    public var kind = InboxKind.notification
    public var listing = ListingID.none
    public var order = OrderID.none
    public var subject: UInt64 = 0
    /// The permission by which the party reads the contact that this is about; none: none.
    public var grant = GrantID.none
    public var happenedAt = Instant.none
    /// One line in the party's language.
    public var title = ""
    public var text = ""
    public var read = false
    public var email = EmailState.none
    /// Why the e-mail failed; empty otherwise.
    public var failure = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
        try visit.field("event", &event)
        try visit.field("kind", &kind)
        try visit.field("listing", &listing)
        try visit.field("order", &order)
        try visit.field("subject", &subject)
        try visit.field("grant", &grant)
        try visit.field("happenedAt", &happenedAt)
        try visit.field("title", &title, .limit(400))
        try visit.field("text", &text, .limit(4000))
        try visit.field("read", &read)
        try visit.field("email", &email)
        try visit.field("failure", &failure, .limit(200))
    }
}

/// Answers ``ReadInbox``.
public struct InboxPage: AnswerMessage {
    public static let code: UInt16 = 0x0440
    public var items: [InboxItem] = []
    /// Whether more follow the last item.
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("items", &items, .limit(100))
        try visit.field("more", &more)
    }
}

/// Answers ``GetUnreadCount``.
public struct UnreadCount: AnswerMessage {
    public static let code: UInt16 = 0x0441
    public var unread: UInt32 = 0
    public var latest = InboxItemID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("unread", &unread)
        try visit.field("latest", &latest)
    }
}

/// What became of one e-mail.
public struct Delivery: Record {
    public var item = InboxItemID.none
    /// Who was told; none: the prospect of ``order``.
    public var party = PartyID.none
    /// What it was about; none where no order was.
    public var order = OrderID.none
    public var event = NotificationEvent.bidOutbid
    public var state = EmailState.none
    public var attempts: UInt16 = 0
    /// When the last attempt ended; ``Instant/none`` before the first.
    public var attemptedAt = Instant.none
    public var failure = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
        try visit.field("party", &party)
        try visit.field("order", &order)
        try visit.field("event", &event)
        try visit.field("state", &state)
        try visit.field("attempts", &attempts)
        try visit.field("attemptedAt", &attemptedAt)
        try visit.field("failure", &failure, .limit(200))
    }
}

/// Answers ``DeliveryStatus``.
public struct DeliveryPage: AnswerMessage {
    public static let code: UInt16 = 0x0442
    public var deliveries: [Delivery] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("deliveries", &deliveries, .limit(100))
        try visit.field("more", &more)
    }
}

/// Answers ``PostMessage``.
public struct MessagePosted: AnswerMessage {
    public static let code: UInt16 = 0x0443
    public var message: UInt64 = 0
    public var postedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("message", &message)
        try visit.field("postedAt", &postedAt)
    }
}

/// One message of a conversation.
public struct ConversationMessage: Record {
    public var message: UInt64 = 0
    /// Who wrote it; none: a prospect.
    public var party = PartyID.none
    public var author = ConversationRole.support
    public var postedAt = Instant.none
    public var text = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("message", &message)
        try visit.field("party", &party)
        try visit.field("author", &author)
        try visit.field("postedAt", &postedAt)
        try visit.field("text", &text, .personal(4000))
    }
}

/// Answers ``ReadConversation``.
public struct ConversationPage: AnswerMessage {
    public static let code: UInt16 = 0x0444
    public var messages: [ConversationMessage] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("messages", &messages, .limit(100))
        try visit.field("more", &more)
    }
}

/// Pushed to a subscribed party as soon as an item is in its inbox.
public struct InboxPushed: AnswerMessage {
    public static let code: UInt16 = 0x0445
    public var item = InboxItem()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
    }
}

/// Effect: one e-mail on its way, with all that its text needs but the address and whatever the vault keeps.
public struct SendEmail: InternalMessage {
    public static let code: UInt16 = 0x04c0
    /// The stable id: Message-ID and file name in the spool.
    public var item = InboxItemID.none
    /// When the party was told.
    public var toldAt = Instant.none
    public var notice = Notify()
    public var marketplaceName = ""
    public var zoneMinutes: Int32 = 0
    public var summerTime = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
        try visit.field("toldAt", &toldAt)
        try visit.field("notice", &notice)
        try visit.field("marketplaceName", &marketplaceName)
        try visit.field("zoneMinutes", &zoneMinutes)
        try visit.field("summerTime", &summerTime)
    }
}

/// The outcome of ``SendEmail``.
public struct EmailAttempted: InternalMessage {
    public static let code: UInt16 = 0x04c1
    public var item = InboxItemID.none
    public var party = PartyID.none
    public var delivered = false
    /// No later attempt can do better: there is nobody to send to.
    public var final = false
    /// What went wrong, without addresses; empty when delivered.
    public var failure = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
        try visit.field("party", &party)
        try visit.field("delivered", &delivered)
        try visit.field("final", &final)
        try visit.field("failure", &failure, .limit(200))
    }
}

/// Timer: the e-mails of a party that replace each other have rested; the newest one leaves now.
public struct EmailRested: InternalMessage {
    public static let code: UInt16 = 0x04c2
    public var party = PartyID.none
    /// The key under which they replace each other.
    public var replaces: UInt64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("replaces", &replaces)
    }
}

/// Effect: one e-mail to a prospect on its way, with all that its text needs but the address and the links.
public struct SendProspectEmail: InternalMessage {
    public static let code: UInt16 = 0x04c3
    /// The stable id: Message-ID and file name in the spool.
    public var item = InboxItemID.none
    /// When the house decided to tell.
    public var toldAt = Instant.none
    public var notice = NotifyProspect()
    public var marketplaceName = ""
    /// The marketplace's: a prospect has chosen none.
    public var language = Language.german
    public var zoneMinutes: Int32 = 0
    public var summerTime = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
        try visit.field("toldAt", &toldAt)
        try visit.field("notice", &notice)
        try visit.field("marketplaceName", &marketplaceName)
        try visit.field("language", &language)
        try visit.field("zoneMinutes", &zoneMinutes)
        try visit.field("summerTime", &summerTime)
    }
}

/// The outcome of ``SendProspectEmail``.
public struct ProspectEmailAttempted: InternalMessage {
    public static let code: UInt16 = 0x04c4
    public var item = InboxItemID.none
    public var delivered = false
    /// No later attempt can do better: there is nobody to send to.
    public var final = false
    /// What went wrong, without addresses; empty when delivered.
    public var failure = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("item", &item)
        try visit.field("delivered", &delivered)
        try visit.field("final", &final)
        try visit.field("failure", &failure, .limit(200))
    }
}

/// Where an item stands in the inbox (B6).
public enum InboxKind: UInt8, WireEnum {
    /// Stays on top until read: the party should act, or its standing changed.
    case banner = 1
    case notification = 2
    /// A hint beside the thing that it is about.
    case tooltip = 3
    /// About the party's own account.
    case systemMessage = 4
}

/// What became of an item's e-mail.
public enum EmailState: UInt8, WireEnum {
    /// The event has no e-mail.
    case none = 1
    case queued = 2
    case sent = 3
    /// Given up after the last attempt.
    case failed = 4
    /// A newer e-mail on the same matter went instead of this one, which had not been sent yet.
    case replaced = 5
}

/// As what somebody writes in a conversation.
public enum ConversationRole: UInt8, WireEnum {
    case support = 1
    case member = 2
    /// The prospect of an application, by a link (B7).
    case prospect = 3
}

extension Catalogue {
    /// Messages of the notifications service.
    public static let notifications: [any Message.Type] = [
        ReadInbox.self, MarkRead.self, GetUnreadCount.self, DeliveryStatus.self, PostMessage.self,
        ReadConversation.self, ProspectChats.self, InboxPage.self, UnreadCount.self, DeliveryPage.self,
        MessagePosted.self,
        ConversationPage.self, InboxPushed.self, Notify.self, OpenConversation.self, SendEmail.self,
        EmailAttempted.self, EmailRested.self, NotifyProspect.self, ForgetProspect.self,
        SendProspectEmail.self, ProspectEmailAttempted.self,
    ]
}
