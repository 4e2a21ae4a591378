import AuctionRules
import Kernel
import Messages
import Runtime

/// The hold period is over and no case stops the order: the seller's share goes out (A13).
enum PayoutFallsDueHandler {
    static func handle(_ timer: PayoutFallsDue, _ turn: Turn) throws {
        guard var order = try turn.store.order(timer.order),
            order.stage == .revealed || (order.stage == .frozen && Planted.isOn(.payoutDespiteCase))
        else { return }
        order.stage = .payingOut
        order.rest = .payingOut
        try turn.store.save(order)
        var payOut = PayOutOrder()
        payOut.order = order.id
        turn.send(payOut, to: .wallet)
        let listing = try turn.store.knownListing(order.listing)
        try turn.tell(
            .payoutStarted, to: order.seller, about: listing, order: order.id, subject: order.id.raw)
    }
}

enum Payout {
    static func schedule(_ order: Order, _ turn: Turn) throws {
        var timer = PayoutFallsDue()
        timer.order = order.id
        try turn.schedule(timer, subject: order.id.raw, at: max(turn.now, order.payoutAt))
    }

    /// The payout came to its end; an order that a case holds goes on there afterwards.
    static func end(_ id: OrderID, as stage: OrderStage, _ turn: Turn) throws {
        if try ApplicationFee.settled(id, turn) { return }
        guard var order = try turn.store.order(id), order.rest == .payingOut else { return }
        order.rest = stage
        if order.stage == .payingOut { order.stage = stage }
        if stage == .paidOut { order.paidOutAt = turn.now }
        try turn.store.save(order)
    }
}

enum PayoutSettledHandler {
    static func handle(_ message: PayoutSettled, _ turn: Turn) throws {
        try Payout.end(message.order, as: .paidOut, turn)
    }
}

enum PayoutDeclinedHandler {
    static func handle(_ message: PayoutDeclined, _ turn: Turn) throws {
        try Payout.end(message.order, as: .payoutDeclined, turn)
    }
}
