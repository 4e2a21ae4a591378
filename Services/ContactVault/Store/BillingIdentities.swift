import Kernel
import Messages
import Storage
import Wire

/// The sealed part of a billing identity.
struct SealedBilling: Record {
    var name = PersonalText()
    var street = PersonalText()
    var postalCode = PersonalText()
    var city = PersonalText()
    var taxNumber = PersonalText()
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("name", &name, .personal(120))
        try visit.field("street", &street, .personal(120))
        try visit.field("postalCode", &postalCode, .personal(16))
        try visit.field("city", &city, .personal(80))
        try visit.field("taxNumber", &taxNumber, .personal(32))
    }

    var keys: [UInt64] { DataKeys.distinct([name, street, postalCode, city, taxNumber]) }
}

/// The billing identities on file; a version never changes, it is only erased.
enum BillingIdentities {
    static func insert(
        _ store: Store, _ identity: BillingIdentityID, of party: PartyID, country: String,
        _ sealed: SealedBilling,
        at now: Instant
    ) throws {
        try store.run(
            "INSERT INTO billing_identities (identity, party, country, sealed, set_at) VALUES (?, ?, ?, ?, ?)",
            identity, party, country, sealed.encoded(), now)
    }

    static func find(_ store: Store, _ identity: BillingIdentityID) throws -> BillingIdentityView? {
        try store.first(
            "SELECT identity, party, country, sealed, set_at FROM billing_identities WHERE identity = ?",
            identity,
            read: read)
    }

    static func newest(_ store: Store, of party: PartyID) throws -> BillingIdentityView? {
        try store.first(
            """
            SELECT identity, party, country, sealed, set_at FROM billing_identities WHERE party = ?
            ORDER BY identity DESC LIMIT 1
            """, party, read: read)
    }

    private static func read(_ row: Row) throws -> BillingIdentityView {
        let sealed = try row.record(3, SealedBilling.self)
        var view = BillingIdentityView()
        view.identity = row.id(0)
        view.party = row.id(1)
        view.name = sealed.name
        view.street = sealed.street
        view.postalCode = sealed.postalCode
        view.city = sealed.city
        view.country = row.text(2)
        view.taxNumber = sealed.taxNumber
        view.setAt = row.instant(4)
        return view
    }

    /// Deletes the party's versions and returns the keys that sealed them.
    static func erase(_ store: Store, of party: PartyID) throws -> [UInt64] {
        let sealed = try store.all(
            "SELECT sealed FROM billing_identities WHERE party = ? ORDER BY identity", party
        ) { try $0.record(0, SealedBilling.self) }
        try store.run("DELETE FROM billing_identities WHERE party = ?", party)
        return sealed.flatMap(\.keys)
    }
}
