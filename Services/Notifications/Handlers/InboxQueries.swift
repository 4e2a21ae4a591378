import Kernel
import Messages
import Runtime
import Storage

enum ReadInboxHandler {
    static func handle(_ query: ReadInbox, _ reading: Reading) throws -> Outcome<InboxPage> {
        if let refusal = PageLimit.refusal(query.limit) { return .refused(refusal) }
        let party = reading.acting.party
        let limit = Int(query.limit)
        let rows =
            query.newestFirst
            ? try Inbox.newest(
                of: party, before: query.after, unreadOnly: query.unreadOnly, limit: limit + 1, reading.store)
            : try Inbox.oldest(
                of: party, after: query.after, unreadOnly: query.unreadOnly, limit: limit + 1, reading.store)
        let language = try Recipients.language(of: party, reading.store)
        var page = InboxPage()
        page.more = rows.count > limit
        for row in rows.prefix(limit) {
            let marketplace = try Recipients.marketplace(row.notice.marketplace, reading.store)
            page.items.append(InboxItem(row, marketplace, language ?? marketplace.language))
        }
        return .answer(page)
    }
}

enum GetUnreadCountHandler {
    static func handle(_ query: GetUnreadCount, _ reading: Reading) throws -> Outcome<UnreadCount> {
        .answer(try Recipients.counts(of: reading.acting.party, reading.store))
    }
}

enum SubscribeHandler {
    static func handle(_ query: Subscribe, _ reading: Reading) throws -> Outcome<Subscribed> {
        var subscribed = Subscribed()
        subscribed.latest = try Recipients.counts(of: reading.acting.party, reading.store).latest
        return .answer(subscribed)
    }
}

enum DeliveryStatusHandler {
    static func handle(_ query: DeliveryStatus, _ reading: Reading) throws -> Outcome<DeliveryPage> {
        guard reading.acting.isOperator else { return .refused(.forbidden, expected: "an operator") }
        if let refusal = PageLimit.refusal(query.limit) { return .refused(refusal) }
        let limit = Int(query.limit)
        let all =
            query.party.isNone
            ? try failed(after: query.after, limit: limit + 1, reading.store)
            : try Inbox.emails(of: query.party, after: query.after, limit: limit + 1, reading.store)
                .map(Delivery.init)
        var page = DeliveryPage()
        page.more = all.count > limit
        page.deliveries = Array(all.prefix(limit))
        return .answer(page)
    }

    /// To parties and to prospects, whose items are numbered alike.
    private static func failed(after: InboxItemID, limit: Int, _ store: Store) throws -> [Delivery] {
        let parties = try Inbox.failedEmails(after: after, limit: limit, store).map(Delivery.init)
        let prospects = try ProspectEmails.failed(after: after, limit: limit, store).map(Delivery.init)
        return Array((parties + prospects).sorted { $0.item.raw < $1.item.raw }.prefix(limit))
    }
}

extension Delivery {
    init(_ row: InboxRow) {
        self.init()
        item = row.item
        party = row.party
        order = row.notice.order
        event = row.notice.event
        state = row.email
        attempts = row.attempts
        attemptedAt = row.attemptedAt
        failure = row.failure
    }

    init(_ email: ProspectEmail) {
        self.init()
        item = email.item
        order = email.notice.order
        event = email.notice.event
        state = email.email
        attempts = email.attempts
        attemptedAt = email.attemptedAt
        failure = email.failure
    }
}
