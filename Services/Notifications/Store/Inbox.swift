import Kernel
import Messages
import Storage
import Wire

/// A row of the inbox: what a party was told, and what became of its e-mail.
struct InboxRow {
    var item = InboxItemID.none
    var party = PartyID.none
    var toldAt = Instant.none
    var notice = Notify()
    var read = false
    var email = EmailState.none
    var attempts: UInt16 = 0
    var attemptedAt = Instant.none
    var failure = ""

    init() {}

    /// Columns: item, party, told_at, notice, notice_version, read_at, email, attempts, attempted_at, failure.
    init(_ row: Row) throws {
        item = row.id(0)
        party = row.id(1)
        toldAt = row.instant(2)
        notice = try Notify(decoding: row.blob(3), version: UInt8(truncatingIfNeeded: row.int(4)))
        read = row.int(5) != 0
        email = try row.enumeration(6)
        attempts = UInt16(truncatingIfNeeded: row.int(7))
        attemptedAt = row.instant(8)
        failure = row.text(9)
    }

    /// The row with what became of its e-mail.
    ///
    /// An e-mail that gave way to a newer one stays queued in its row: writing there with every bid would write pages that
    /// nobody else needs. The newest under its key says so.
    fileprivate func settled(_ store: Store) throws -> InboxRow {
        guard email == .queued, notice.replaces != 0 else { return self }
        let pending = try PendingEmails.find(notice.replaces, of: party, store)
        guard let pending, pending.item != item else { return self }
        var row = self
        row.email = .replaced
        return row
    }
}

enum Inbox {
    static func add(
        _ item: InboxItemID, _ notice: Notify, email: EmailState, at now: Instant, _ store: Store
    ) throws {
        try store.run(
            """
            INSERT INTO inbox (party, item, told_at, notice, notice_version, email) VALUES (?, ?, ?, ?, ?, ?)
            """, notice.party, item, now, notice.encoded(), ProtocolVersion.current, email.rawValue)
    }

    static func find(_ item: InboxItemID, of party: PartyID, _ store: Store) throws -> InboxRow? {
        try store.first(
            """
            SELECT item, party, told_at, notice, notice_version, read_at, email, attempts, attempted_at, failure
            FROM inbox WHERE party = ? AND item = ?
            """, party, item, read: InboxRow.init
        )?.settled(store)
    }

    /// A party's items after the one given, in order of arrival.
    static func oldest(
        of party: PartyID, after: InboxItemID, unreadOnly: Bool, limit: Int, _ store: Store
    ) throws -> [InboxRow] {
        try store.all(
            """
            SELECT item, party, told_at, notice, notice_version, read_at, email, attempts, attempted_at, failure
            FROM inbox WHERE party = ? AND item > ? AND (? = 0 OR read_at = 0) ORDER BY item LIMIT ?
            """, party, after, unreadOnly, limit, read: InboxRow.init
        ).map { try $0.settled(store) }
    }

    /// A party's items before the one given (none: from the newest), newest first.
    static func newest(
        of party: PartyID, before: InboxItemID, unreadOnly: Bool, limit: Int, _ store: Store
    ) throws -> [InboxRow] {
        try store.all(
            """
            SELECT item, party, told_at, notice, notice_version, read_at, email, attempts, attempted_at, failure
            FROM inbox WHERE party = ? AND item < ? AND (? = 0 OR read_at = 0) ORDER BY item DESC LIMIT ?
            """, party, before.isNone ? InboxItemID(UInt64(Int64.max)) : before, unreadOnly, limit,
            read: InboxRow.init
        ).map { try $0.settled(store) }
    }

    static func emails(
        of party: PartyID, after: InboxItemID, limit: Int, _ store: Store
    ) throws -> [InboxRow] {
        try store.all(
            """
            SELECT item, party, told_at, notice, notice_version, read_at, email, attempts, attempted_at, failure
            FROM inbox WHERE party = ? AND item > ? AND email <> 1 ORDER BY item LIMIT ?
            """, party, after, limit, read: InboxRow.init
        ).map { try $0.settled(store) }
    }

    static func failedEmails(after: InboxItemID, limit: Int, _ store: Store) throws -> [InboxRow] {
        try store.all(
            """
            SELECT item, party, told_at, notice, notice_version, read_at, email, attempts, attempted_at, failure
            FROM inbox WHERE email = 4 AND item > ? ORDER BY item LIMIT ?
            """, after, limit, read: InboxRow.init)
    }

    /// Marks an item as read; whether it was unread before.
    static func markRead(
        _ item: InboxItemID, of party: PartyID, at now: Instant, _ store: Store
    ) throws -> Bool {
        try store.run(
            "UPDATE inbox SET read_at = ? WHERE party = ? AND item = ? AND read_at = 0", now, party, item)
        return store.changes == 1
    }

    static func exists(_ item: InboxItemID, of party: PartyID, _ store: Store) throws -> Bool {
        try store.first("SELECT 1 FROM inbox WHERE party = ? AND item = ?", party, item) { _ in true }
            ?? false
    }

    static func saveAttempt(_ row: InboxRow, _ store: Store) throws {
        try store.run(
            """
            UPDATE inbox SET email = ?, attempts = ?, attempted_at = ?, failure = ? WHERE party = ? AND item = ?
            """, row.email.rawValue, row.attempts, row.attemptedAt, row.failure, row.party, row.item)
    }
}
