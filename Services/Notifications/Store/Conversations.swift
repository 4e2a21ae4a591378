import Kernel
import Messages
import Storage

/// An order's conversation.
struct Conversation {
    var order = OrderID.none
    var listing = ListingID.none
    var marketplace = MarketplaceID.none
    /// The listing's public title.
    var title = ""
    /// The prospect who takes part by links; none: none does.
    var contact = ContactID.none
    /// Whether it was told by e-mail of a message, and has not looked since.
    var isProspectTold = false
    /// Whether the prospect's contact is still to be revealed.
    var isContactSealed = false
}

enum Conversations {
    /// Opens it; the second time, only what is said of the contact counts, and a contact that is revealed stays so.
    static func open(_ opened: OpenConversation, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO conversation (order_id, listing, marketplace, title, contact, contact_sealed)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (order_id) DO UPDATE SET contact_sealed = min(contact_sealed, excluded.contact_sealed)
            """, opened.order, opened.listing, opened.marketplace, opened.title, opened.contact,
            opened.contactSealed)
        for member in opened.members where !member.isNone {
            try store.run(
                "INSERT OR IGNORE INTO conversation_member (order_id, party) VALUES (?, ?)", opened.order,
                member)
        }
    }

    static func find(_ order: OrderID, _ store: Store) throws -> Conversation? {
        try store.first(
            """
            SELECT listing, marketplace, title, contact, prospect_told, contact_sealed FROM conversation
            WHERE order_id = ?
            """, order
        ) { row in
            Conversation(
                order: order, listing: row.id(0), marketplace: row.marketplace(1), title: row.text(2),
                contact: row.id(3), isProspectTold: row.bool(4), isContactSealed: row.bool(5))
        }
    }

    /// Whether the prospect waits to look at a message that it was told of.
    static func setProspectTold(_ told: Bool, in order: OrderID, _ store: Store) throws {
        try store.run("UPDATE conversation SET prospect_told = ? WHERE order_id = ?", told, order)
    }

    /// The prospect takes part no more; the keys of what it wrote.
    static func removeProspect(from order: OrderID, _ store: Store) throws -> [UInt64] {
        try store.run("UPDATE conversation SET contact = 0 WHERE order_id = ?", order)
        return try store.all(
            "SELECT text_key FROM message WHERE order_id = ? AND author = 3 ORDER BY message", order
        ) { UInt64(bitPattern: $0.int(0)) }
    }

    static func members(of order: OrderID, _ store: Store) throws -> [PartyID] {
        try store.all("SELECT party FROM conversation_member WHERE order_id = ? ORDER BY party", order) {
            $0.id(0)
        }
    }

    static func add(_ message: ConversationMessage, to order: OrderID, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO message (message, order_id, party, author, posted_at, text_key, text)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, message.message, order, message.party, message.author.rawValue, message.postedAt,
            message.text.key, message.text.bytes)
    }

    static func messages(
        of order: OrderID, after: UInt64, limit: Int, _ store: Store
    ) throws -> [ConversationMessage] {
        try store.all(
            """
            SELECT message, party, author, posted_at, text_key, text FROM message
            WHERE order_id = ? AND message > ? ORDER BY message LIMIT ?
            """, order, after, limit, read: read)
    }

    /// Newest first, older than `before` (0: from the newest).
    static func newest(
        of order: OrderID, before: UInt64, limit: Int, _ store: Store
    ) throws -> [ConversationMessage] {
        try store.all(
            """
            SELECT message, party, author, posted_at, text_key, text FROM message
            WHERE order_id = ? AND message < ? ORDER BY message DESC LIMIT ?
            """, order, before == 0 ? UInt64(Int64.max) : before, limit, read: read)
    }

    private static func read(_ row: Row) throws -> ConversationMessage {
        var message = ConversationMessage()
        message.message = UInt64(bitPattern: row.int(0))
        message.party = row.id(1)
        message.author = try row.enumeration(2)
        message.postedAt = row.instant(3)
        message.text = row.personal(4, 5)
        return message
    }

    /// The data keys of everything that a party wrote.
    static func keys(of party: PartyID, _ store: Store) throws -> [UInt64] {
        try store.all("SELECT text_key FROM message WHERE party = ? ORDER BY message", party) {
            UInt64(bitPattern: $0.int(0))
        }
    }
}
