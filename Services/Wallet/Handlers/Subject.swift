import Kernel
import Messages
import Runtime
import Storage

/// Whom a question is about: the acting party, or, for operators, anybody (F9).
struct Subject {
    let party: PartyID
    let marketplace: MarketplaceID

    /// Nothing if there is no such party, or the acting one may not know it.
    static func of(_ party: PartyID, _ reading: Reading) throws -> Subject? {
        let acting = reading.acting
        if party.isNone || party == acting.party {
            return Subject(party: acting.party, marketplace: acting.marketplace)
        }
        guard acting.isOperator, let known = try Copies.party(party, reading.store) else { return nil }
        return Subject(party: party, marketplace: known.marketplace)
    }

    static func unknown(_ party: PartyID) -> Refusal {
        Refusal(.notFound, expected: "a party", found: "\(party)")
    }

    /// The refusal of a page size that no page has.
    static func pageRefusal(_ limit: UInt8) -> Refusal? {
        (1...100).contains(limit)
            ? nil : Refusal(.invalidValue, expected: "limit from 1 to 100", found: "\(limit)")
    }
}
