import AuctionRules
import Kernel
import Messages
import Runtime

enum MarketplacePublishedHandler {
    static func handle(_ message: MarketplacePublished, _ turn: Turn) throws {
        try turn.store.save(message)
    }
}

/// A party's state changed; one that may no longer act has nothing on offer and no bid that counts (A16).
enum PartyPublishedHandler {
    static func handle(_ message: PartyPublished, _ turn: Turn) throws {
        var party = try turn.store.party(message.party) ?? Party(party: message.party)
        party.marketplace = message.marketplace
        party.roles = message.roles
        party.state = message.state
        party.language = message.language
        party.card = message.card
        try turn.store.save(party)
        switch message.state {
        case .registered, .confirmed, .verified: break
        case .suspended: try suspend(party.party, reason: message.reason, turn)
        case .closed: try close(party.party, turn)
        }
    }

    private static func suspend(_ party: PartyID, reason: String, _ turn: Turn) throws {
        // One whose time is over but whose last bids still wait is under way too.
        let underWay =
            try turn.store.listings(of: party, in: .open) + turn.store.listings(of: party, in: .closing)
        for id in underWay where !Planted.isOn(.suspendedSellerSells) {
            var listing = try turn.store.knownListing(id)
            try Stopping.suspend(&listing, reason: reason, turn)
        }
        try voidBids(of: party, turn)
        try Applications.stopAll(of: party, turn)
        try Activations.stopAll(of: party, turn)
    }

    /// A closed account comes back never: its listings are deleted, their contacts free to be erased, and what it
    /// wrote in reports goes with it (F5).
    private static func close(_ party: PartyID, _ turn: Turn) throws {
        let listings =
            try turn.store.listings(of: party, in: .open) + turn.store.listings(of: party, in: .closing)
            + turn.store.listings(of: party, in: .suspended)
        for id in listings {
            var listing = try turn.store.knownListing(id)
            turn.releaseContact(of: listing)
            _ = try Stopping.stop(
                &listing, as: .deleted, because: Refusal(.listingClosed, expected: "open", found: "deleted"),
                telling: .listingDeleted, turn)
        }
        try voidBids(of: party, turn)
        try Applications.stopAll(of: party, turn)
        try turn.destroyKeys(try turn.store.reportKeys(of: party))
        try turn.destroyKeys(try turn.store.introductionKeys(of: party))
        try Activations.stopAll(of: party, turn)
        try turn.destroyKeys(try turn.store.strikeKeys(of: party))
        try turn.destroyKeys(try turn.store.cancellationKeys(of: party))
    }

    private static func voidBids(of party: PartyID, _ turn: Turn) throws {
        for id in try turn.store.listings(ledBy: party) {
            try Stopping.voidBids(of: party, on: try turn.store.knownListing(id), turn)
        }
    }
}

enum PayoutAccountChangedHandler {
    static func handle(_ message: PayoutAccountChanged, _ turn: Turn) throws {
        var party = try turn.store.party(message.party) ?? Party(party: message.party)
        party.payoutVerified = message.verified
        try turn.store.save(party)
    }
}

/// A prospect objected (F10): its listings close, holds are freed, what is not paid ends, all concerned are told.
enum ProspectObjectedHandler {
    static func handle(_ message: ProspectObjected, _ turn: Turn) throws {
        for id in try turn.store.listings(withContact: message.contact) {
            var listing = try turn.store.knownListing(id)
            try Applications.prospectObjected(listing, turn)
            try turn.destroyKeys(try turn.store.strikeKeys(about: listing.id))
            switch listing.stage {
            case .open, .closing, .suspended:
                let refusal = Refusal(.listingClosed, expected: "open", found: "\(ListingStage.objected)")
                _ = try Stopping.stop(
                    &listing, as: .objected, because: refusal, telling: .prospectObjected, turn)
                try tell([listing.seller], listing, turn)
            case .awarded:
                try end(&listing, turn)
            case .sold:
                // What was shown was shown; both sides are told that it may be used no more.
                if let order = try turn.store.liveOrder(of: listing.id) {
                    try tell([order.buyer, order.seller], listing, turn)
                }
            case .expired:
                listing.stage = .objected
                try turn.store.save(listing, after: .expired)
            case .claiming, .deleted, .objected:
                // A claim under way is answered by the vault itself.
                continue
            }
        }
    }

    /// An order not paid yet is cancelled; one whose money is on its way is refunded once it is there.
    private static func end(_ listing: inout Listing, _ turn: Turn) throws {
        listing.stage = .objected
        try turn.store.save(listing, after: .awarded)
        try Activations.endAll(for: listing.id, as: .stopped, reason: .prospectObjected, turn)
        guard var order = try turn.store.liveOrder(of: listing.id) else { return }
        if order.stage == .awaitingPayment || order.stage == .offered {
            order.stage = .cancelled
            turn.release(order.hold)
            try turn.store.save(order)
            try turn.cancel(PaymentLapses.self, subject: order.id.raw)
            try turn.cancel(OfferLapses.self, subject: order.id.raw)
        }
        try tell([order.buyer, order.seller], listing, turn)
    }

    private static func tell(_ parties: [PartyID], _ listing: Listing, _ turn: Turn) throws {
        for party in parties {
            try turn.tell(.prospectObjected, to: party, about: listing, subject: listing.id.raw)
        }
    }
}
