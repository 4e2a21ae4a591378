import Crypto
import Kernel
import Messages
import Storage
import Wire

/// A line of the reveal log in the order in which its hash covers it.
private struct RevealLine: Record {
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

    var line: VaultModel.Line {
        VaultModel.Line(
            at: at, kind: kind, contact: contact.raw, party: party.raw, grant: grant.raw, order: order.raw,
            purpose: purpose)
    }
}

/// The vault's tables and keys beside the model.
extension VaultModel {
    func compare(_ store: Store, all: Bool) throws {
        try compareGrants(store, all: all)
        try compareReveals(store)
        for id in all ? contacts.keys.sorted() : touchedContacts.sorted() { try compareContact(id, store) }
        touchedContacts = []
        try callers.compare(store, all: all, findings)
        if all { try verifyAll(store) }
    }

    private func compareGrants(_ store: Store, all: Bool) throws {
        for id in all ? grants.keys.sorted() : touchedGrants {
            guard let grant = grants[id] else { continue }
            let found = try store.first("SELECT order_id, contact, party FROM grants WHERE grant_id = ?", id)
            {
                row in (0...2).map { UInt64(bitPattern: row.int(Int32($0))) }
            }
            findings.expect(
                .revealHasGrant, "grant \(id): order, contact, party",
                expected: [grant.order, grant.contact, grant.party], found: found ?? [],
                ["grant \(id)", "order \(grant.order)"])
        }
        touchedGrants = []
        guard all else { return }
        let count = try store.first("SELECT count(*) FROM grants") { Int($0.int(0)) } ?? 0
        findings.expect(.revealHasGrant, "all grants", expected: grants.count, found: count)
    }

    private func lines(after number: UInt64, _ store: Store) throws -> [(RevealLine, [UInt8])] {
        try store.all(
            """
            SELECT number, at, kind, contact, party, grant_id, order_id, fields, purpose, hash FROM reveals
            WHERE number > ? ORDER BY number
            """, number
        ) { row in
            var line = RevealLine()
            line.number = UInt64(bitPattern: row.int(0))
            line.at = row.instant(1)
            line.kind = try row.enumeration(2)
            line.contact = row.id(3)
            line.party = row.id(4)
            line.grant = row.id(5)
            line.order = row.id(6)
            line.fields = row.text(7)
            line.purpose = row.text(8)
            return (line, row.blob(9))
        }
    }

    /// The log has just the lines that the journal asks for, and its chain is unbroken.
    private func compareReveals(_ store: Store) throws {
        var expected = expectedLines[...]
        for (line, hash) in try lines(after: lastReveal, store) {
            let entities = ["reveal \(line.number)", "contact \(line.contact)", "order \(line.order)"]
            chain = SHA256.digest(chain + line.encoded())
            if line.number != lastReveal + 1 || chain != hash {
                findings.report(
                    .revealChain,
                    "reveal \(line.number): expected it to continue the chain at \(lastReveal + 1), found a break",
                    entities)
                chain = hash
            }
            lastReveal = line.number
            if grants[line.grant.raw] == nil {
                findings.report(
                    .revealHasGrant, "reveal \(line.number): expected a grant, found none", entities)
            }
            if expected.first == line.line {
                expected.removeFirst()
            } else {
                findings.report(
                    .revealIsLogged,
                    "reveal \(line.number): expected \(expected.first.map { "\($0)" } ?? "no line"), found \(line.line)",
                    entities)
            }
        }
        for line in expected {
            findings.report(
                .revealIsLogged,
                "order \(line.order): expected a line '\(line.kind)' of \(line.at.iso8601), found none",
                ["order \(line.order)", "contact \(line.contact)"])
        }
        expectedLines = []
    }

    private func compareContact(_ id: UInt64, _ store: Store) throws {
        guard let contact = contacts[id] else { return }
        let found = try store.first(
            "SELECT state, listing, sold_at, seller FROM contacts WHERE contact = ?", id
        ) { row in (0...3).map { row.int(Int32($0)) } }
        let state = ContactState(rawValue: UInt8(truncatingIfNeeded: found?[0] ?? 0))
        findings.expect(
            contact.isErased ? .erasedIsUnreadable : .contactByRule, "contact \(id): state",
            expected: contact.state, found: state ?? .free, ["contact \(id)"])
        findings.expect(
            .contactByRule, "contact \(id): listing, sold at and seller",
            expected: [
                Int64(bitPattern: contact.listing), contact.soldAt.microseconds,
                Int64(bitPattern: contact.seller),
            ], found: Array((found ?? []).dropFirst()), ["contact \(id)"])
        guard contact.isErased else { return }
        let left =
            try store.first("SELECT length(sealed) FROM contacts WHERE contact = ?", id) { $0.int(0) } ?? 0
        let hashes =
            try store.first("SELECT count(*) FROM contact_hashes WHERE contact = ?", id) { $0.int(0) } ?? 0
        if left > VaultModel.nothingSealed || hashes > 0 && contact.hashes.isEmpty {
            findings.report(
                .erasedIsUnreadable,
                "contact \(id): expected nothing sealed and no hashes, found \(left) bytes and \(hashes) hashes",
                ["contact \(id)"])
        }
    }

    /// Six empty texts, each a key and a length, and an empty list.
    private static let nothingSealed: Int64 = 6 * 12 + 4

    private func verifyAll(_ store: Store) throws {
        var chain: [UInt8] = []
        var last: UInt64 = 0
        for (line, hash) in try lines(after: 0, store) {
            chain = SHA256.digest(chain + line.encoded())
            guard line.number == last + 1, chain == hash else {
                findings.report(
                    .revealChain, "reveal \(last + 1): expected an unbroken chain, found a break",
                    ["reveal \(last + 1)"])
                break
            }
            last = line.number
        }
        if last < lastReveal {
            findings.report(
                .revealChain, "the reveal log: expected \(lastReveal) lines, found \(last)",
                ["reveal \(last + 1)"])
        }
    }

    /// Healed: the keys of what is erased are noted as destroyed, and no key store has them.
    func checkKeys(_ store: Store, holds: ((UInt64) -> Bool)?) throws {
        for (key, of, _) in erased.dropFirst(checkedKeys) {
            let noted = try store.first("SELECT 1 FROM gavel_destroyed_keys WHERE key = ?", key) { _ in true }
            if noted == nil {
                findings.report(
                    .erasedIsUnreadable, "\(of): expected its key noted as destroyed, found it is not", [of])
            }
        }
        checkedKeys = erased.count
        guard let holds else { return }
        for (key, of, _) in erased where holds(key) {
            findings.report(
                .erasedIsUnreadable, "\(of): expected its key gone, found it in the key store", [of])
        }
    }
}
