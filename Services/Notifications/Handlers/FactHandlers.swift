import Kernel
import Messages
import Runtime

/// What other services say: events to tell of, conversations to open, parties and marketplaces to know.
enum FactHandlers {
    static func notify(_ notice: Notify, _ turn: Turn) throws {
        try Tell.tell(notice, turn)
        if Planted.isOn(.notifiedTwice), notice.event == .auctionWon { try Tell.tell(notice, turn) }
    }

    static func openConversation(_ opened: OpenConversation, _ turn: Turn) throws {
        try Conversations.open(opened, turn.store)
    }

    static func marketplacePublished(_ published: MarketplacePublished, _ turn: Turn) throws {
        try Recipients.save(published, turn.store)
    }

    /// A party that closed its account takes its words with it (F5).
    static func partyPublished(_ published: PartyPublished, _ turn: Turn) throws {
        try Recipients.save(published, turn.store)
        guard published.state == .closed else { return }
        try turn.destroyKeys(try Conversations.keys(of: published.party, turn.store))
    }
}
