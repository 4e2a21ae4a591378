import Kernel
import Messages
import Storage

/// The e-mail that waits under a key that newer ones replace.
struct PendingEmail {
    /// The number of the effect, kept while one e-mail takes the place of another.
    var effect: UInt64
    /// The item whose e-mail goes out.
    var item: InboxItemID
}

enum PendingEmails {
    static func find(_ replaces: UInt64, of party: PartyID, _ store: Store) throws -> PendingEmail? {
        try store.first(
            "SELECT effect, item FROM pending_email WHERE party = ? AND replaces = ?", party, replaces
        ) { PendingEmail(effect: UInt64(bitPattern: $0.int(0)), item: $0.id(1)) }
    }

    static func save(
        _ pending: PendingEmail, under replaces: UInt64, of party: PartyID, _ store: Store
    ) throws {
        try store.run(
            """
            INSERT INTO pending_email (party, replaces, effect, item) VALUES (?, ?, ?, ?)
            ON CONFLICT (party, replaces) DO UPDATE SET item = excluded.item
            """, party, replaces, pending.effect, pending.item)
    }

    /// The e-mail of this item ended; a newer one under the same key stays.
    static func end(_ item: InboxItemID, under replaces: UInt64, of party: PartyID, _ store: Store) throws {
        try store.run(
            "DELETE FROM pending_email WHERE party = ? AND replaces = ? AND item = ?", party, replaces, item)
    }
}
