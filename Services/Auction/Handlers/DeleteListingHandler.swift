import AuctionRules
import Kernel
import Messages
import Runtime

/// The seller takes a listing back, irrevocably (A7).
enum DeleteListingHandler {
    static func handle(_ command: DeleteListing, _ turn: Turn) throws -> Outcome<ListingDeleted> {
        guard var listing = try turn.store.listing(command.listing), listing.seller == turn.acting.party,
            listing.stage != .claiming
        else { return .refused(.notFound) }
        let refusal = ListingRules.refusalOfDeletion(
            stage: listing.stage, endsAt: listing.endsAt, now: turn.now)
        if let refusal { return .refused(refusal) }
        var deleted = ListingDeleted()
        deleted.listing = listing.id
        if listing.stage == .expired {
            // Its bidders were told of the end, and the vault has the contact back unless applications wait.
            try stopApplications(for: listing, turn)
            listing.stage = .deleted
            try turn.store.save(listing, after: .expired)
            return .answer(deleted)
        }
        turn.releaseContact(of: listing)
        let bidders = try Stopping.stop(
            &listing, as: .deleted, because: Refusal(.listingClosed, expected: "open", found: "deleted"),
            telling: .listingDeleted, turn)
        deleted.bidders = UInt32(bidders.count)
        return .answer(deleted)
    }

    private static func stopApplications(for listing: Listing, _ turn: Turn) throws {
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        guard policy.mode == .application else { return }
        try Applications.stopAll(for: listing.id, .applicationStopped, turn)
        try Applications.releaseIfOver(listing.id, turn)
    }
}
