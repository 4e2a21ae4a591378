import Kernel
import Messages
import Runtime

/// Buyer and seller of an appointment do not come to an end by themselves: an operator decides (C4, C7).
///
/// A case that is open already is decided by an operator too, so that no second one is needed. One that the auction has
/// not answered yet may still come to nothing: then this one takes its place.
enum AskSupportHandler {
    static func handle(_ message: AskSupport, _ turn: Turn) throws {
        guard let order = try Orders.find(message.order, turn.store) else { return }
        if let latest = try Cases.latest(of: order.order, turn.store), latest.stage != .closed {
            if latest.stage == .freezing { try AwaitedSupport.remember(message, turn.store) }
            return
        }
        try open(message.asker, message.cause, of: order, turn)
    }

    static func open(
        _ asker: PartyID, _ cause: SupportCause, of order: DisputeOrder, _ turn: Turn
    ) throws {
        var row = DisputeCase()
        row.id = turn.newID()
        row.order = order.order
        row.opener = asker
        row.support = cause
        row.openedAt = turn.now
        try Cases.add(row, buyer: order.buyer, seller: order.seller, turn.store)
        turn.send(FreezeOrder(row, byRule: true, at: turn.now), to: .auction)
    }
}

/// The sale was undone: what both sides said of each other goes, and nobody rates any more (C7).
enum SaleCancelledHandler {
    static func handle(_ message: SaleCancelled, _ turn: Turn) throws {
        guard let order = try Orders.find(message.order, turn.store), !Planted.isOn(.ratingsOutliveSale)
        else {
            return
        }
        try Orders.cancel(order.order, turn.store)
        let removed = try Ratings.remove(of: order.order, turn.store)
        try turn.destroyKeys(removed.map(\.comment.key))
        // The expert's sums are without it from now on.
        guard removed.contains(where: { $0.byConsumer && $0.shownAt != .none }) else { return }
        try RatingDisplay.tellSums(of: order.buyer, turn)
    }
}
