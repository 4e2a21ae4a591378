import Kernel
import Messages
import Storage

/// Whose telephone switch a party is.
enum Switches {
    /// What one provider may register.
    static let most: Int64 = 16

    static func count(_ store: Store, of provider: PartyID) throws -> Int64 {
        try store.first("SELECT count(*) FROM switches WHERE provider = ?", provider) { $0.int(0) } ?? 0
    }

    static func provider(_ store: Store, of party: PartyID) throws -> PartyID? {
        try store.first("SELECT provider FROM switches WHERE party = ?", party) { $0.id(0) }
    }

    static func insert(_ store: Store, _ party: PartyID, of provider: PartyID) throws {
        try store.run("INSERT INTO switches (party, provider) VALUES (?, ?)", party, provider)
    }
}
