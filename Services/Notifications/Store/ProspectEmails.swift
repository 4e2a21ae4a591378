import Kernel
import Messages
import Storage
import Wire

/// An e-mail to a prospect, and what became of it. It has no inbox: this row is all that is kept.
struct ProspectEmail {
    var item = InboxItemID.none
    var toldAt = Instant.none
    var notice = NotifyProspect()
    var email = EmailState.queued
    var attempts: UInt16 = 0
    var attemptedAt = Instant.none
    var failure = ""
}

enum ProspectEmails {
    static func add(_ email: ProspectEmail, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO prospect_email (item, told_at, notice, notice_version, email, attempts, attempted_at, failure)
            VALUES (?, ?, ?, ?, ?, 0, 0, '')
            """, email.item, email.toldAt, email.notice.encoded(), ProtocolVersion.current,
            email.email.rawValue)
    }

    static func find(_ item: InboxItemID, _ store: Store) throws -> ProspectEmail? {
        try store.first(
            """
            SELECT item, told_at, notice, notice_version, email, attempts, attempted_at, failure
            FROM prospect_email WHERE item = ?
            """, item, read: read)
    }

    /// Those given up, in order of item.
    static func failed(after: InboxItemID, limit: Int, _ store: Store) throws -> [ProspectEmail] {
        try store.all(
            """
            SELECT item, told_at, notice, notice_version, email, attempts, attempted_at, failure
            FROM prospect_email WHERE email = 4 AND item > ? ORDER BY item LIMIT ?
            """, after, limit, read: read)
    }

    private static func read(_ row: Row) throws -> ProspectEmail {
        ProspectEmail(
            item: row.id(0), toldAt: row.instant(1),
            notice: try NotifyProspect(
                decoding: row.blob(2), version: UInt8(truncatingIfNeeded: row.int(3))),
            email: try row.enumeration(4), attempts: UInt16(truncatingIfNeeded: row.int(5)),
            attemptedAt: row.instant(6), failure: row.text(7))
    }

    static func saveAttempt(_ email: ProspectEmail, _ store: Store) throws {
        try store.run(
            "UPDATE prospect_email SET email = ?, attempts = ?, attempted_at = ?, failure = ? WHERE item = ?",
            email.email.rawValue, email.attempts, email.attemptedAt, email.failure, email.item)
    }
}
