import Kernel
import Messages
import Storage
import Wire

/// What this service knows of an order.
struct DisputeOrder {
    var order = OrderID.none
    var listing = ListingID.none
    var marketplace = MarketplaceID.none
    var policyVersion: UInt32 = 0
    var buyer = PartyID.none
    var seller = PartyID.none
    var price = Money.zero
    var revealedAt = Instant.none
    var title = ""
    /// How much of the price cases have given back, in minor units.
    var refunded: Int64 = 0
    /// The sale was undone (C7).
    var isCancelled = false
    /// What of the price can still be given back.
    var rest: Money { Money(max(0, price.minor - refunded), price.currency) }

    /// The other side of the trade.
    func other(than party: PartyID) -> PartyID { party == buyer ? seller : buyer }
}

enum Orders {
    static func save(_ opened: OrderOpened, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO dispute_order
            (order_id, listing, marketplace, policy_version, buyer, seller, price, currency, revealed_at, title)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (order_id) DO UPDATE SET revealed_at = excluded.revealed_at
            """, opened.order, opened.listing, opened.marketplace, opened.policyVersion, opened.buyer,
            opened.seller, opened.price.minor, opened.price.currency, opened.revealedAt, opened.title)
    }

    static func find(_ order: OrderID, _ store: Store) throws -> DisputeOrder? {
        try store.first(
            """
            SELECT listing, marketplace, policy_version, buyer, seller, price, currency, revealed_at, title,
                refunded, cancelled
            FROM dispute_order WHERE order_id = ?
            """, order
        ) { row in
            DisputeOrder(
                order: order, listing: row.id(0), marketplace: row.marketplace(1),
                policyVersion: UInt32(truncatingIfNeeded: row.int(2)), buyer: row.id(3), seller: row.id(4),
                price: row.money(5, 6), revealedAt: row.instant(7), title: row.text(8), refunded: row.int(9),
                isCancelled: row.bool(10))
        }
    }

    /// The sale was undone.
    static func cancel(_ order: OrderID, _ store: Store) throws {
        try store.run("UPDATE dispute_order SET cancelled = 1 WHERE order_id = ?", order)
    }

    /// A case gave back this much of the price.
    static func addRefund(_ minor: Int64, to order: OrderID, _ store: Store) throws {
        try store.run(
            "UPDATE dispute_order SET refunded = min(price, refunded + ?) WHERE order_id = ?", minor, order)
    }
}

enum Policies {
    static func save(_ published: MarketplacePublished, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO policy (marketplace, version, policy, wire_version) VALUES (?, ?, ?, ?)
            ON CONFLICT (marketplace, version) DO NOTHING
            """, published.marketplace, published.version, published.policy.encoded(), ProtocolVersion.current
        )
    }

    /// The policy that an order keeps: its version, or the newest known if the vault's stream is behind.
    static func of(_ order: DisputeOrder, _ store: Store) throws -> Policy {
        try store.first(
            """
            SELECT policy, wire_version FROM policy WHERE marketplace = ?
            ORDER BY version = ? DESC, version DESC LIMIT 1
            """, order.marketplace, order.policyVersion
        ) { try Policy(decoding: $0.blob(0), version: UInt8(truncatingIfNeeded: $0.int(1))) } ?? Policy()
    }
}
