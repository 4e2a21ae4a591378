import Kernel
import Messages
import Storage

/// A permission to read a contact, given by a rule for one order.
struct Grant {
    var grant = GrantID.none
    var order = OrderID.none
    var listing = ListingID.none
    var contact = ContactID.none
    var party = PartyID.none
    var purpose = ""
    var grantedAt = Instant.none

    /// What the party may see of the contact.
    func view(_ contact: Contact) -> ContactView {
        var view = ContactView()
        view.contact = self.contact
        view.order = order
        view.grant = grant
        view.party = party
        view.name = contact.sealed.name
        view.phones = contact.sealed.phones
        view.email = contact.sealed.email
        view.address = contact.sealed.address
        view.profileLink = contact.sealed.profileLink
        view.preferredChannel = contact.preferredChannel
        view.grantedAt = grantedAt
        return view
    }
}

/// The permissions on file.
enum Grants {
    static func find(_ store: Store, _ grant: GrantID) throws -> Grant? {
        try store.first(
            """
            SELECT grant_id, order_id, listing, contact, party, purpose, granted_at FROM grants WHERE grant_id = ?
            """, grant, read: read)
    }

    /// What an order revealed to this party: the buyer gets the lead's contact, the seller of an appointment the
    /// buyer's card (C2).
    static func find(_ store: Store, order: OrderID, of party: PartyID) throws -> Grant? {
        try store.first(
            """
            SELECT grant_id, order_id, listing, contact, party, purpose, granted_at FROM grants
            WHERE order_id = ? AND party = ?
            """, order, party, read: read)
    }

    /// Whether an order revealed anything to anybody.
    static func exists(_ store: Store, order: OrderID) throws -> Bool {
        try store.first("SELECT 1 FROM grants WHERE order_id = ? LIMIT 1", order) { _ in true } ?? false
    }

    private static func read(_ row: Row) throws -> Grant {
        Grant(
            grant: row.id(0), order: row.id(1), listing: row.id(2), contact: row.id(3), party: row.id(4),
            purpose: row.text(5), grantedAt: row.instant(6))
    }

    static func insert(_ store: Store, _ grant: Grant) throws {
        try store.run(
            """
            INSERT INTO grants (grant_id, order_id, listing, contact, party, purpose, granted_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, grant.grant, grant.order, grant.listing, grant.contact, grant.party, grant.purpose,
            grant.grantedAt)
    }
}
