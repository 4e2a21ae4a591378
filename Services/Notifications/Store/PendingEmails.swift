import Kernel
import Messages
import Storage

/// The e-mail that waits under a key that newer ones replace, or the memory of the one sent last.
struct PendingEmail {
    /// The number of the effect, kept while one e-mail takes the place of another.
    var effect: UInt64
    /// The item whose e-mail goes out; none while nothing waits.
    var item: InboxItemID
    /// The next e-mail under the key leaves no earlier.
    var resumesAt: Instant
}

enum PendingEmails {
    static func find(_ replaces: UInt64, of party: PartyID, _ store: Store) throws -> PendingEmail? {
        try store.first(
            "SELECT effect, item, resumes_at FROM pending_email WHERE party = ? AND replaces = ?", party,
            replaces
        ) { PendingEmail(effect: UInt64(bitPattern: $0.int(0)), item: $0.id(1), resumesAt: $0.instant(2)) }
    }

    static func save(
        _ pending: PendingEmail, under replaces: UInt64, of party: PartyID, _ store: Store
    ) throws {
        try store.run(
            """
            INSERT INTO pending_email (party, replaces, effect, item, resumes_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (party, replaces) DO UPDATE
            SET effect = excluded.effect, item = excluded.item, resumes_at = excluded.resumes_at
            """, party, replaces, pending.effect, pending.item, pending.resumesAt)
    }
}
