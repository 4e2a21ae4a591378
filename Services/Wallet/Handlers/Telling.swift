import Kernel
import Messages
import Runtime
import WalletRules

/// What parties are told of their money.
enum Telling {
    static func send(
        _ event: NotificationEvent, to party: PartyID, in marketplace: MarketplaceID, about sale: Sale? = nil,
        subject: UInt64, _ values: [NotificationValue], _ turn: Turn
    ) {
        var notify = Notify()
        notify.event = event
        notify.party = party
        notify.marketplace = marketplace
        notify.listing = sale?.listing ?? .none
        notify.order = sale?.order ?? .none
        notify.subject = subject
        notify.happenedAt = turn.now
        notify.values = values
        turn.send(notify, to: .notifications)
    }
}
