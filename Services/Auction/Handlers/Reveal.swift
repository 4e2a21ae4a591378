import AuctionRules
import Kernel
import Messages
import Runtime

/// The buyer has the contact: the order's clocks begin (A12-A14), and its conversation opens (A18).
enum RevealGrantedHandler {
    static func handle(_ message: RevealGranted, _ turn: Turn) throws {
        if try Applications.revealed(message, turn) { return }
        guard var order = try turn.store.order(message.order), order.stage == .revealing else { return }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        order.stage = .revealed
        order.rest = .revealed
        order.grant = message.grant
        // The order's clocks are this service's own: no other's time is compared with them.
        order.revealedAt = turn.now
        if policy.mode == .meetingAuction {
            // The price waits for the meeting (C4).
            try turn.store.save(order)
            try open(order, turn)
            return try Meetings.begin(order, policy, turn)
        }
        order.payoutAt = OrderRules.payoutAt(revealedAt: turn.now, by: policy)
        try turn.store.save(order)
        try Payout.schedule(order, turn)
        try open(order, turn)
        try tell(of: order, policy, turn)
    }

    private static func open(_ order: Order, _ turn: Turn) throws {
        var opened = OrderOpened()
        opened.order = order.id
        opened.listing = order.listing
        opened.marketplace = order.marketplace
        opened.policyVersion = order.policyVersion
        opened.buyer = order.buyer
        opened.seller = order.seller
        opened.price = order.price
        opened.revealedAt = order.revealedAt
        let title = try turn.store.title(of: order.listing)
        opened.title = title
        turn.send(opened, to: .dispute)
        var conversation = OpenConversation()
        conversation.order = order.id
        conversation.listing = order.listing
        conversation.marketplace = order.marketplace
        conversation.members = [order.buyer, order.seller]
        conversation.title = title
        turn.send(conversation, to: .notifications)
    }

    private static func tell(of order: Order, _ policy: Policy, _ turn: Turn) throws {
        let listing = try turn.store.knownListing(order.listing)
        let until = OrderRules.objectionUntil(revealedAt: order.revealedAt, by: policy)
        try turn.tell(
            .contactRevealed, to: order.buyer, about: listing, order: order.id, subject: order.id.raw,
            grant: order.grant,
            [.init(.deadline, until), .init(.price, order.price)])
        try turn.tell(
            .paymentReceived, to: order.seller, about: listing, order: order.id, subject: order.id.raw,
            [.init(.price, order.price)])
        try turn.tell(
            .handoverTips, to: order.seller, about: listing, order: order.id, subject: order.id.raw)
    }
}

/// The contact is gone: the buyer gets the money back.
enum RevealRefusedHandler {
    static func handle(_ message: RevealRefused, _ turn: Turn) throws {
        if try Applications.revealRefused(message, turn) { return }
        guard var order = try turn.store.order(message.order), order.stage == .revealing else { return }
        try Refunding.ask(
            &order, refund: order.price, reason: KnownReason.contactUnavailable.rawValue, turn)
    }
}

/// The seller has introduced buyer and prospect (A12).
enum ConfirmHandoverHandler {
    static func handle(_ command: ConfirmHandover, _ turn: Turn) throws -> Outcome<Done> {
        guard var order = try turn.store.order(command.order), order.seller == turn.acting.party else {
            return .refused(.notFound)
        }
        guard order.revealedAt != .none else {
            return .refused(.wrongState, expected: "\(OrderStage.revealed)", found: "\(order.stage)")
        }
        if order.handedOverAt == .none {
            order.handedOverAt = turn.now
            try turn.store.save(order)
        }
        return .answer(Done())
    }
}
