import Kernel
import Messages
import NotificationsRules
import Runtime
import Storage

/// Tells a party of an event: into the inbox always, by e-mail where the event has it, live where the party
/// listens (F6). Thousands a second pass here when bidding is brisk.
enum Tell {
    static func tell(_ notice: Notify, _ turn: Turn) throws {
        let item = turn.newID(InboxItemID.self)
        let marketplace = try Recipients.marketplaceOfWriter(notice.marketplace, turn.store)
        let language = try Recipients.count(
            item, for: notice.party, of: notice.marketplace, marketplace, turn.store)
        var row = InboxRow()
        row.item = item
        row.party = notice.party
        row.toldAt = turn.now
        row.notice = notice
        row.email = notice.event.hasEmail ? .queued : .none
        try Inbox.add(item, notice, email: row.email, at: turn.now, turn.store)
        if notice.event.hasEmail { try queueEmail(of: row, marketplace, turn) }
        let told = row
        turn.push(to: notice.party) {
            var pushed = InboxPushed()
            pushed.item = InboxItem(told, marketplace, language)
            return pushed
        }
    }

    /// An e-mail not sent yet under the same key gives way to this one; the inbox keeps both. After one that was
    /// sent, the next under the same key waits out ``EmailPause``: a bidding war fills no mailbox.
    private static func queueEmail(of row: InboxRow, _ marketplace: Marketplace, _ turn: Turn) throws {
        let replaces = row.notice.replaces
        guard replaces != 0 else { return try turn.start(SendEmail(row, marketplace), id: row.item.raw) }
        let known = try PendingEmails.find(replaces, of: row.party, turn.store)
        let takesPlace = known.map { !$0.item.isNone } ?? false
        let pending = PendingEmail(
            effect: takesPlace ? known?.effect ?? row.item.raw : row.item.raw, item: row.item,
            resumesAt: max(turn.now, known?.resumesAt ?? turn.now))
        try PendingEmails.save(pending, under: replaces, of: row.party, turn.store)
        guard pending.resumesAt > turn.now else {
            return try turn.start(SendEmail(row, marketplace), id: pending.effect)
        }
        // Those that rest cost one short row each, however brisk the bidding: the first of them sets the timer.
        guard !takesPlace else { return }
        try EmailRested.schedule(pending, under: replaces, of: row.party, turn)
    }
}

extension SendEmail {
    init(_ row: InboxRow, _ marketplace: Marketplace) {
        self.init()
        item = row.item
        toldAt = row.toldAt
        notice = row.notice
        marketplaceName = marketplace.name
        zoneMinutes = marketplace.zone.minutes
        summerTime = marketplace.zone.summerTime
    }
}

extension InboxItem {
    /// A row as its party reads it.
    init(_ row: InboxRow, _ marketplace: Marketplace, _ language: Language) {
        self.init()
        let telling = Telling(row.notice, marketplaceName: marketplace.name, zone: marketplace.zone)
        item = row.item
        event = row.notice.event
        kind = row.notice.event.kind
        listing = row.notice.listing
        order = row.notice.order
        subject = row.notice.subject
        grant = row.notice.grant
        happenedAt = row.notice.happenedAt
        title = telling.title(in: language)
        text = telling.text(in: language)
        read = row.read
        email = row.email
        failure = row.failure
    }
}
