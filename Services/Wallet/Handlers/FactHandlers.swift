import Kernel
import Messages
import Runtime

/// The vault's facts of marketplaces, parties and billing identities are copied.
enum MarketplacePublishedHandler {
    static func handle(_ message: MarketplacePublished, _ turn: Turn) throws {
        try Copies.save(message, turn.store)
    }
}

/// A closed party's payout accounts are forgotten; its ledger stays, as the law asks.
enum PartyPublishedHandler {
    static func handle(_ message: PartyPublished, _ turn: Turn) throws {
        try Copies.save(message, turn.store)
        if message.state == .closed { try forgetPayoutAccounts(of: message.party, turn) }
    }

    private static func forgetPayoutAccounts(of party: PartyID, _ turn: Turn) throws {
        let links = try PayoutLinks.all(of: party, turn.store)
        let wasVerified = links.contains { $0.state == .verified }
        for link in links where link.state != .replaced {
            try PayoutLinks.update(link.id, .replaced, at: turn.now, turn.store)
        }
        try turn.destroyKeys(links.map(\.reference.key))
        if wasVerified { PayoutAccounts.tell(party, verified: false, turn) }
    }
}

/// The next invoice names this version of the billing identity.
enum BillingIdentityPublishedHandler {
    static func handle(_ message: BillingIdentityPublished, _ turn: Turn) throws {
        try turn.store.run(
            """
            INSERT INTO billing_identity (party, identity, country, has_tax_number) VALUES (?, ?, ?, ?)
            ON CONFLICT (party) DO UPDATE SET identity = excluded.identity, country = excluded.country,
                has_tax_number = excluded.has_tax_number
            WHERE excluded.identity > billing_identity.identity
            """, message.party, message.identity, message.country, message.hasTaxNumber)
    }
}
