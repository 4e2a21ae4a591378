import Crypto
import Kernel
import Messages
import Storage
import Wire

/// One line of the reveal log, as it is hashed.
struct Reveal: Record {
    var number: UInt64 = 0
    var at = Instant.none
    var kind = RevealKind.granted
    var contact = ContactID.none
    var party = PartyID.none
    var grant = GrantID.none
    var order = OrderID.none
    var fields = ""
    var purpose = ""
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("number", &number)
        try visit.field("at", &at)
        try visit.field("kind", &kind)
        try visit.field("contact", &contact)
        try visit.field("party", &party)
        try visit.field("grant", &grant)
        try visit.field("order", &order)
        try visit.field("fields", &fields)
        try visit.field("purpose", &purpose)
    }
}

/// A row of the reveal log is not what was written there.
struct RevealChainBroken: Error, CustomStringConvertible {
    let number: UInt64
    var description: String { "the reveal log is broken at line \(number)" }
}

/// The tamper-evident record of who saw what, when and why (F4).
///
/// The chain runs over numbers and purposes, never over what was shown, so that it verifies after an erasure.
enum RevealLog {
    static func append(
        _ store: Store, _ kind: RevealKind, _ grant: Grant, fields: String, purpose: String, at now: Instant
    ) throws {
        let last = try store.first("SELECT number, hash FROM reveals ORDER BY number DESC LIMIT 1") { row in
            (UInt64(row.int(0)), row.blob(1))
        }
        var reveal = Reveal()
        reveal.number = (last?.0 ?? 0) + 1
        reveal.at = now
        reveal.kind = kind
        reveal.contact = grant.contact
        reveal.party = grant.party
        reveal.grant = grant.grant
        reveal.order = grant.order
        reveal.fields = fields
        reveal.purpose = purpose
        try store.run(
            """
            INSERT INTO reveals (number, at, kind, contact, party, grant_id, order_id, fields, purpose, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, reveal.number, now, kind.rawValue, grant.contact, grant.party, grant.grant, grant.order,
            fields,
            purpose, hash(reveal, after: last?.1 ?? []))
    }

    static func wasDelivered(_ store: Store, _ grant: GrantID, purpose: String) throws -> Bool {
        try store.first(
            "SELECT 1 FROM reveals WHERE grant_id = ? AND purpose = ? AND kind = 3 LIMIT 1", grant, purpose
        ) { _ in true } ?? false
    }

    /// The lines about a contact, in order; parties' names are still sealed.
    static func entries(_ store: Store, of contact: ContactID, after: UInt64, limit: Int) throws
        -> [RevealEntry]
    {
        try store.all(
            """
            SELECT number, kind, reveals.party, name_key, name, order_id, fields, purpose, at
            FROM reveals LEFT JOIN parties ON parties.party = reveals.party
            WHERE contact = ? AND number > ? ORDER BY number LIMIT ?
            """, contact, after, limit
        ) { row in
            var entry = RevealEntry()
            entry.number = UInt64(row.int(0))
            entry.kind = try row.enumeration(1)
            entry.party = row.id(2)
            entry.partyName = row.personal(3, 4)
            entry.order = row.id(5)
            entry.fields = row.text(6)
            entry.purpose = row.text(7)
            entry.at = row.instant(8)
            return entry
        }
    }

    /// The number of lines, if every one is as it was written.
    static func verify(_ store: Store) throws -> Int {
        var last: [UInt8] = []
        var count: UInt64 = 0
        while true {
            let rows = try store.all(
                """
                SELECT number, at, kind, contact, party, grant_id, order_id, fields, purpose, hash FROM reveals
                WHERE number > ? ORDER BY number LIMIT 1000
                """, count, read: readLine)
            if rows.isEmpty { return Int(count) }
            for (reveal, stored) in rows {
                guard reveal.number == count + 1, hash(reveal, after: last) == stored else {
                    throw RevealChainBroken(number: count + 1)
                }
                last = stored
                count += 1
            }
        }
    }

    private static func readLine(_ row: Row) throws -> (Reveal, [UInt8]) {
        var reveal = Reveal()
        reveal.number = UInt64(row.int(0))
        reveal.at = row.instant(1)
        reveal.kind = try row.enumeration(2)
        reveal.contact = row.id(3)
        reveal.party = row.id(4)
        reveal.grant = row.id(5)
        reveal.order = row.id(6)
        reveal.fields = row.text(7)
        reveal.purpose = row.text(8)
        return (reveal, row.blob(9))
    }

    private static func hash(_ reveal: Reveal, after last: [UInt8]) -> [UInt8] {
        SHA256.digest(last + reveal.encoded())
    }
}
