import Kernel
import Messages
import Storage

/// Numbers that call providers; sealed, and found by keyed hash (E10).
enum Callers {
    static func find(_ store: Store, hash: [UInt8]) throws -> CallerID? {
        try store.first("SELECT caller FROM callers WHERE hash = ?", hash) { $0.id(0) }
    }

    /// Takes the numbers from which a buyer calls off file; their keys.
    static func forget(_ store: Store, of party: PartyID) throws -> [UInt64] {
        let keys = try store.all(
            "SELECT number_key FROM callers WHERE provider = ? ORDER BY caller", party
        ) { UInt64(bitPattern: $0.int(0)) }
        try store.run("DELETE FROM callers WHERE provider = ?", party)
        return keys
    }

    /// Whose caller it is, and its sealed number; nothing once it is erased.
    static func find(_ store: Store, _ caller: CallerID) throws -> (provider: PartyID, number: PersonalText)?
    {
        try store.first("SELECT provider, number_key, number FROM callers WHERE caller = ?", caller) { row in
            (row.id(0), row.personal(1, 2))
        }
    }

    /// The caller with this hash, and its sealed number.
    static func sealed(_ store: Store, hash: [UInt8]) throws -> (CallerID, PersonalText)? {
        try store.first("SELECT caller, number_key, number FROM callers WHERE hash = ?", hash) { row in
            (row.id(0), row.personal(1, 2))
        }
    }

    /// The callers of a provider, oldest first.
    static func page(_ store: Store, of provider: PartyID, limit: Int) throws -> [(CallerID, UInt64)] {
        try store.all(
            "SELECT caller, number_key FROM callers WHERE provider = ? ORDER BY caller LIMIT ?", provider,
            limit
        ) { row in (row.id(0), UInt64(bitPattern: row.int(1))) }
    }

    /// Forgets a number: neither its seal nor its hash is kept.
    static func remove(_ store: Store, _ caller: CallerID) throws {
        try store.run("DELETE FROM callers WHERE caller = ?", caller)
    }

    static func insert(
        _ store: Store, _ caller: CallerID, of provider: PartyID, hash: [UInt8], _ number: PersonalText,
        at now: Instant
    ) throws {
        try store.run(
            "INSERT INTO callers (caller, provider, hash, number_key, number, met_at) VALUES (?, ?, ?, ?, ?, ?)",
            caller, provider, hash, number.key, number.bytes, now)
    }
}
