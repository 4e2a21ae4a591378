import AuctionRules
import Kernel
import Messages
import Runtime

/// A case wants the order's payout stopped (A14, A17).
enum FreezeOrderHandler {
    static func handle(_ message: FreezeOrder, _ turn: Turn) throws {
        guard var order = try turn.store.order(message.order) else {
            return refuse(message, Refusal(.notFound), turn)
        }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let freezable = FreezableOrder(
            stage: order.stage, buyer: order.buyer, seller: order.seller, revealedAt: order.revealedAt,
            openCase: order.openCase)
        switch OrderRules.freeze(freezable, by: message, policy: policy) {
        case .refused(let refusal):
            refuse(message, refusal, turn)
        case .frozen(let paidOut):
            order.rest = order.stage
            order.stage = .frozen
            order.openCase = message.openedCase
            try turn.store.save(order)
            if !Planted.isOn(.payoutDespiteCase) {
                try turn.cancel(PayoutFallsDue.self, subject: order.id.raw)
            }
            turn.send(frozen(order, paidOut: paidOut), to: .dispute)
        }
    }

    private static func refuse(_ message: FreezeOrder, _ refusal: Refusal, _ turn: Turn) {
        var refused = OrderFreezeRefused()
        refused.order = message.order
        refused.openedCase = message.openedCase
        refused.reason = refusal.reason
        refused.expected = refusal.expected
        refused.found = refusal.found
        turn.send(refused, to: .dispute)
    }

    private static func frozen(_ order: Order, paidOut: Bool) -> OrderFrozen {
        var frozen = OrderFrozen()
        frozen.order = order.id
        frozen.openedCase = order.openCase
        frozen.listing = order.listing
        frozen.marketplace = order.marketplace
        frozen.policyVersion = order.policyVersion
        frozen.buyer = order.buyer
        frozen.seller = order.seller
        frozen.price = order.price
        frozen.revealedAt = order.revealedAt
        frozen.paidOut = paidOut
        return frozen
    }
}

/// A case is decided: refund, and let the rest go on.
enum SettleOrderHandler {
    static func handle(_ message: SettleOrder, _ turn: Turn) throws {
        guard var order = try turn.store.order(message.order), order.stage == .frozen,
            order.openCase == message.decidedCase
        else {
            return settled(message.order, message.decidedCase, Money(0, message.refund.currency), "", turn)
        }
        let settlement = OrderRules.settle(
            refund: message.refund, price: order.price, refunded: order.refunded, rest: order.rest)
        switch settlement {
        case .refund(let refund):
            if var request = try Cancellations.withSupport(order, reason: message.reason, turn.store) {
                return try Cancellations.undo(&order, &request, turn)
            }
            try Refunding.ask(&order, refund: refund, reason: message.reason, turn)
        case .goesOn(let stage):
            try goOn(&order, stage, turn)
            settled(order.id, message.decidedCase, Money(0, order.price.currency), "", turn)
        }
    }

    /// The order leaves its case; a payout that has not begun is due again.
    static func goOn(_ order: inout Order, _ stage: OrderStage, _ turn: Turn) throws {
        order.stage = stage
        order.openCase = .none
        try turn.store.save(order)
        try Cancellations.follow(order, turn)
        guard stage == .revealed, !Planted.isOn(.payoutForgottenAfterCase) else { return }
        if let meeting = try turn.store.meeting(order.id) {
            try Meetings.payOut(&order, meeting, turn)
        } else {
            try Payout.schedule(order, turn)
        }
    }

    static func settled(
        _ order: OrderID, _ decided: CaseID, _ refunded: Money, _ creditNote: String, _ turn: Turn
    ) {
        var settled = OrderSettled()
        settled.order = order
        settled.decidedCase = decided
        settled.refunded = refunded
        settled.creditNoteNumber = creditNote
        turn.send(settled, to: .dispute)
    }
}

/// The wallet is asked to give money back.
enum Refunding {
    static func ask(
        _ order: inout Order, refund: Money, reason: String, feeBearer: PartyID = .none, _ turn: Turn
    ) throws {
        order.stage = .refunding
        order.refundReason = reason
        try turn.store.save(order)
        var ask = RefundOrder()
        ask.order = order.id
        ask.refund = refund
        ask.reason = reason
        ask.feeBearer = feeBearer
        turn.send(ask, to: .wallet)
    }
}

/// The buyer has the money back (A14, A15, A17).
enum OrderRefundedHandler {
    static func handle(_ message: OrderRefunded, _ turn: Turn) throws {
        if try ApplicationFee.refunded(message, turn) { return }
        guard var order = try turn.store.order(message.order), order.stage == .refunding else { return }
        let decided = order.openCase
        order.refunded = min(order.price.minor, order.refunded + max(0, message.refunded.minor))
        order.creditNoteNumber = message.creditNoteNumber
        let next = OrderRules.afterRefund(refunded: order.refunded, price: order.price, rest: order.rest)
        try SettleOrderHandler.goOn(&order, next, turn)
        if !decided.isNone {
            SettleOrderHandler.settled(
                order.id, decided, message.refunded, message.creditNoteNumber, turn)
        }
        let listing = try turn.store.knownListing(order.listing)
        for party in [order.buyer, order.seller] {
            try turn.tell(
                .orderRefunded, to: party, about: listing, order: order.id, subject: turn.sequence,
                [
                    .init(.refund, message.refunded), .init(.number, message.creditNoteNumber),
                    .init(.reason, order.refundReason),
                ])
        }
    }
}
