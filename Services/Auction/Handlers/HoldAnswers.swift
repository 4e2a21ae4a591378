import AuctionRules
import Kernel
import Messages
import Runtime

/// The wallet covers a bid: it is decided as soon as those before it are.
enum HoldPlacedHandler {
    static func handle(_ message: HoldPlaced, _ turn: Turn) throws {
        guard let covered = try turn.store.coveredBid(message.hold) else {
            return try ActivationHold.placed(message, turn)
        }
        guard covered.first == covered.bid.id || Planted.isOn(.orderOfTheWallet) else {
            return try turn.store.set(covered.bid.id, hold: covered.bid.hold, cover: .placed)
        }
        var queue = BidQueue(turn: turn, listing: covered.listing, policy: covered.policy)
        try queue.decide(covered.bid, othersWait: covered.othersWait)
        if covered.othersWait || covered.listing.stage == .closing { try queue.advance() }
    }
}

/// The wallet does not cover a bid: it leaves the queue at once, whatever stands before it.
enum HoldRefusedHandler {
    static func handle(_ message: HoldRefused, _ turn: Turn) throws {
        guard let covered = try turn.store.coveredBid(message.hold) else {
            return try ActivationHold.refused(message, turn)
        }
        var bid = covered.bid
        // A hold of the bid's own was never placed; one that was to be raised may have lost its other use.
        if bid.hold.raw == bid.id.raw { bid.hold = .none }
        var queue = BidQueue(turn: turn, listing: covered.listing, policy: covered.policy)
        let refusal = Refusal(message.reason, expected: message.expected, found: message.found)
        try queue.refuse(bid, refusal, othersWait: covered.othersWait)
        if covered.othersWait || covered.listing.stage == .closing { try queue.advance() }
    }
}

/// A hold's deadline is here: the wallet asks whether it is still needed.
enum HoldDueHandler {
    static func handle(_ message: HoldDue, _ turn: Turn) throws {
        if try ActivationHold.due(message, turn) { return }
        let order = try turn.store.order(paidFrom: message.hold)
        let bid = try turn.store.bid(BidID(message.hold.raw))
        guard let id = order?.listing ?? bid?.listing else { return disown(message.hold, turn) }
        let listing = try turn.store.knownListing(id)
        // A leader's higher bid shares the hold of the one before.
        let needed = try listing.leadHold == message.hold || turn.store.waitsOn(message.hold, id)
        switch OrderRules.holdDue(order: order?.stage, neededByBid: needed && listing.isLive) {
        case .extend:
            let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
            var extend = ExtendHold()
            extend.hold = message.hold
            extend.deadline = policy.holdDeadline(endsAt: max(turn.now, listing.endsAt))
            turn.send(extend, to: .wallet)
        case .release:
            turn.release(message.hold)
        }
    }

    private static func disown(_ hold: HoldID, _ turn: Turn) {
        var disown = DisownHold()
        disown.hold = hold
        turn.send(disown, to: .wallet)
    }
}
