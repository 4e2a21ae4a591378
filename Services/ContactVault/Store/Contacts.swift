import ContactVaultRules
import Kernel
import Messages
import Storage
import Wire

/// The sealed part of a contact.
struct SealedContact: Record {
    var name = PersonalText()
    var phones: [PersonalText] = []
    var email = PersonalText()
    var address = PersonalText()
    var profileLink = PersonalText()
    var externalReference = PersonalText()
    var inquiryProof = PersonalText()
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("name", &name, .personal(120))
        try visit.field("phones", &phones, .personal(5))
        try visit.field("email", &email, .personal(254))
        try visit.field("address", &address, .personal(300))
        try visit.field("profileLink", &profileLink, .personal(300))
        try visit.field("externalReference", &externalReference, .personal(100))
        try visit.field("inquiryProof", &inquiryProof, .personal(1_000))
    }

    var keys: [UInt64] {
        DataKeys.distinct([name] + phones + [email, address, profileLink, externalReference, inquiryProof])
    }

    /// The names of the fields that a reveal shows.
    var shown: String {
        var names: [String] = []
        if !name.isEmpty { names.append("name") }
        if !phones.isEmpty { names.append("phones") }
        if !email.isEmpty { names.append("email") }
        if !address.isEmpty { names.append("address") }
        if !profileLink.isEmpty { names.append("profileLink") }
        return names.joined(separator: ", ")
    }
}

/// A contact on file with what is sealed in it.
struct Contact {
    var onFile = ContactOnFile()
    var preferredChannel = ContactChannel.phone
    var sealed = SealedContact()
    var sealedAt = Instant.none
    /// Whether it is a party's own, for its trading partners (C2).
    var isCard = false

    var isErased: Bool { onFile.state == .erased || onFile.state == .objected }
}

/// The contacts on file.
enum Contacts {
    static func find(_ store: Store, _ contact: ContactID) throws -> Contact? {
        try store.first(
            """
            SELECT contact, seller, marketplace, state, listing, sold_at, inquired_at, has_inquiry_proof,
                preferred_channel, sealed, sealed_at, card
            FROM contacts WHERE contact = ?
            """, contact
        ) { row in
            var contact = Contact()
            contact.onFile.contact = row.id(0)
            contact.onFile.seller = row.id(1)
            contact.onFile.marketplace = row.marketplace(2)
            contact.onFile.state = try row.enumeration(3)
            contact.onFile.listing = row.id(4)
            contact.onFile.soldAt = row.instant(5)
            contact.onFile.inquiredAt = row.instant(6)
            contact.onFile.hasInquiryProof = row.bool(7)
            contact.preferredChannel = try row.enumeration(8)
            contact.sealed = try row.record(9)
            contact.sealedAt = row.instant(10)
            contact.isCard = row.bool(11)
            return contact
        }
    }

    static func insert(_ store: Store, _ contact: Contact, hashes: [[UInt8]]) throws {
        try store.run(
            """
            INSERT INTO contacts (contact, seller, marketplace, state, listing, sold_at, inquired_at,
                has_inquiry_proof, preferred_channel, sealed, sealed_at, card)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, contact.onFile.contact, contact.onFile.seller, contact.onFile.marketplace,
            contact.onFile.state.rawValue, contact.onFile.listing, contact.onFile.soldAt,
            contact.onFile.inquiredAt, contact.onFile.hasInquiryProof, contact.preferredChannel.rawValue,
            contact.sealed.encoded(), contact.sealedAt, contact.isCard)
        for hash in hashes {
            try store.run(
                "INSERT OR IGNORE INTO contact_hashes (hash, contact) VALUES (?, ?)", hash,
                contact.onFile.contact)
        }
    }

    /// Saves where the contact stands in its trade.
    static func update(_ store: Store, _ contact: ContactOnFile) throws {
        try store.run(
            "UPDATE contacts SET state = ?, listing = ?, sold_at = ? WHERE contact = ?",
            contact.state.rawValue,
            contact.listing, contact.soldAt, contact.contact)
    }

    /// Saves that nothing sealed is left.
    static func erase(_ store: Store, _ contact: ContactID, state: ContactState) throws {
        try store.run(
            "UPDATE contacts SET state = ?, has_inquiry_proof = 0, sealed = ? WHERE contact = ?",
            state.rawValue,
            SealedContact().encoded(), contact)
    }

    static func page(_ store: Store, of seller: PartyID, before: ContactID, limit: Int) throws
        -> [ContactSummary]
    {
        try store.all(
            """
            SELECT contact, state, listing, sealed, sealed_at FROM contacts
            WHERE seller = ?1 AND (?2 = 0 OR contact < ?2) ORDER BY contact DESC LIMIT ?3
            """, seller, before, limit
        ) { row in
            var summary = ContactSummary()
            summary.contact = row.id(0)
            summary.state = try row.enumeration(1)
            summary.listing = row.id(2)
            summary.externalReference = try row.record(3, SealedContact.self).externalReference
            summary.sealedAt = row.instant(4)
            return summary
        }
    }

    /// The seller's contacts that are not on offer and not sold, oldest first.
    static func free(_ store: Store, of seller: PartyID, limit: Int) throws -> [ContactID] {
        try store.all(
            "SELECT contact FROM contacts WHERE seller = ? AND state = 1 ORDER BY contact LIMIT ?", seller,
            limit
        ) { $0.id(0) }
    }
}

/// By what the same person is recognised.
enum PersonHashes {
    static func of(_ store: Store, _ contact: ContactID) throws -> [[UInt8]] {
        try store.all("SELECT hash FROM contact_hashes WHERE contact = ? ORDER BY hash", contact) {
            $0.blob(0)
        }
    }

    static func forget(_ store: Store, _ contact: ContactID) throws {
        try store.run("DELETE FROM contact_hashes WHERE contact = ?", contact)
    }

    /// What is known of the person from other contacts of the marketplace, and from objections in any.
    static func samePerson(_ store: Store, as contact: ContactOnFile) throws -> SamePerson {
        var person = SamePerson()
        for hash in try of(store, contact.contact) {
            let objectedAt = try store.first("SELECT objected_at FROM objections WHERE hash = ?", hash) {
                $0.instant(0)
            }
            person.objectedAt = max(person.objectedAt, objectedAt ?? .none)
            let known = try store.first(
                """
                SELECT max(contacts.state = 2), max(contacts.sold_at)
                FROM contact_hashes JOIN contacts USING (contact)
                WHERE hash = ? AND contact <> ? AND contacts.marketplace = ?
                """, hash, contact.contact, contact.marketplace
            ) { ($0.bool(0), $0.instant(1)) }
            guard let (isOnOffer, soldAt) = known else { continue }
            person.isOnOffer = person.isOnOffer || isOnOffer
            person.soldAt = max(person.soldAt, soldAt)
        }
        return person
    }

    /// Other contacts of the same person, in any marketplace.
    static func others(_ store: Store, than contact: ContactID, limit: Int) throws -> [ContactID] {
        try store.all(
            """
            SELECT DISTINCT other.contact FROM contact_hashes AS own
            JOIN contact_hashes AS other ON other.hash = own.hash AND other.contact <> own.contact
            WHERE own.contact = ? ORDER BY other.contact LIMIT ?
            """, contact, limit
        ) { $0.id(0) }
    }

    /// Remembers the objection of the person with these hashes.
    static func object(_ store: Store, _ hashes: [[UInt8]], at now: Instant) throws {
        for hash in hashes {
            try store.run(
                """
                INSERT INTO objections (hash, objected_at) VALUES (?, ?)
                ON CONFLICT (hash) DO UPDATE SET objected_at = excluded.objected_at
                """, hash, now)
        }
    }
}
