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
        notify.values = [.text("lead", try store.title(of: listing.id))] + values
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
            notify.values = lead.isEmpty ? [] : [.text("lead", lead)]
            send(notify, to: .notifications)
        }
    }
}

extension NotificationValue {
    static func text(_ name: String, _ text: String) -> NotificationValue {
        var value = NotificationValue()
        value.name = name
        value.text = text
        return value
    }

    static func money(_ name: String, _ money: Money) -> NotificationValue {
        var value = NotificationValue()
        value.name = name
        value.money = money
        return value
    }

    static func instant(_ name: String, _ instant: Instant) -> NotificationValue {
        var value = NotificationValue()
        value.name = name
        value.instant = instant
        return value
    }
}
