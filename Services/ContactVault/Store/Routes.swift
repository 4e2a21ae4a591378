import Kernel
import Messages
import Storage

/// Where the calls of an activation go (D1).
struct Route {
    let activation: OrderID
    let listing: ListingID
    let contact: ContactID
    let marketplace: MarketplaceID
}

enum Routes {
    static func find(_ store: Store, _ activation: OrderID) throws -> Route? {
        try store.first(
            "SELECT activation, listing, contact, marketplace FROM routes WHERE activation = ? AND closed = 0",
            activation
        ) { row in
            Route(
                activation: row.id(0), listing: row.id(1), contact: row.id(2), marketplace: row.marketplace(3)
            )
        }
    }

    /// Nothing changes where the route was closed before.
    static func open(_ store: Store, _ message: OpenRoute) throws {
        try store.run(
            """
            INSERT INTO routes (activation, listing, contact, marketplace, closed) VALUES (?, ?, ?, ?, 0)
            ON CONFLICT (activation) DO NOTHING
            """, message.activation, message.listing, message.contact, message.marketplace)
    }

    static func close(_ store: Store, _ activation: OrderID) throws {
        try store.run(
            """
            INSERT INTO routes (activation, listing, contact, marketplace, closed) VALUES (?, 0, 0, 0, 1)
            ON CONFLICT (activation) DO UPDATE SET closed = 1
            """, activation)
    }
}
