import Kernel
import Messages
import Runtime

extension Turn {
    /// Tells one party of an event about a listing; the lead's title always goes with it.
    func tell(
        _ event: NotificationEvent, to party: PartyID, about listing: Listing, order: OrderID = .none,
        subject: UInt64, grant: GrantID = .none, _ values: [NotificationValue] = []
    ) throws {
        var notify = Notify()
        notify.event = event
        notify.party = party
        notify.marketplace = listing.marketplace
        notify.listing = listing.id
        notify.order = order
        notify.subject = subject
        notify.happenedAt = now
        notify.values = [.init(.title, try store.title(of: listing.id))] + values
        // Only the newest "outbid" of a listing is worth an e-mail; the inbox keeps all (A10).
        if event == .bidOutbid { notify.replaces = listing.id.raw }
        notify.grant = grant
        send(notify, to: .notifications)
    }

    /// Tells the operators that a review waits for them (A16).
    func tellOperators(review: ReviewID, _ marketplace: MarketplaceID, _ listing: ListingID, lead: String)
        throws
    {
        for party in try store.operators() {
            var notify = Notify()
            notify.event = .reviewDue
            notify.party = party.party
            notify.marketplace = marketplace
            notify.listing = listing
            notify.subject = review.raw
            notify.happenedAt = now
            notify.values = lead.isEmpty ? [] : [.init(.title, lead)]
            send(notify, to: .notifications)
        }
    }
}
