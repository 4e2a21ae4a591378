import Kernel
import Messages
import Runtime

/// Only one side has reported that the meeting took place: an operator decides (C4).
///
/// A case that is open already is decided by an operator too, so that no second one is needed.
enum MeetingUnconfirmedHandler {
    static func handle(_ message: MeetingUnconfirmed, _ turn: Turn) throws {
        guard let order = try Orders.find(message.order, turn.store) else { return }
        if let latest = try Cases.latest(of: order.order, turn.store), latest.stage != .closed { return }
        var row = DisputeCase()
        row.id = turn.newID()
        row.order = order.order
        row.opener = message.reporter
        row.isForSupport = true
        row.openedAt = turn.now
        try Cases.add(row, buyer: order.buyer, seller: order.seller, turn.store)
        turn.send(FreezeOrder(row, byRule: true, at: turn.now), to: .auction)
    }
}
