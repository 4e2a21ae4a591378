import Messages
import Runtime

/// What other services say of orders, marketplaces and parties.
enum FactHandlers {
    static func orderOpened(_ opened: OrderOpened, _ turn: Turn) throws {
        try Orders.save(opened, turn.store)
    }

    static func marketplacePublished(_ published: MarketplacePublished, _ turn: Turn) throws {
        try Policies.save(published, turn.store)
    }

    /// What a closed party wrote goes with it (F5), but not while an open case rests on it.
    static func partyPublished(_ published: PartyPublished, _ turn: Turn) throws {
        guard published.state == .closed else { return }
        try ClosedParties.add(published.party, turn.store)
        try turn.destroyKeys(try ClosedParties.keys(of: published.party, turn.store))
    }
}
