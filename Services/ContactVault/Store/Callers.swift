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

    static func insert(
        _ store: Store, _ caller: CallerID, of provider: PartyID, hash: [UInt8], _ number: PersonalText,
        at now: Instant
    ) throws {
        try store.run(
            "INSERT INTO callers (caller, provider, hash, number_key, number, met_at) VALUES (?, ?, ?, ?, ?, ?)",
            caller, provider, hash, number.key, number.bytes, now)
    }
}
