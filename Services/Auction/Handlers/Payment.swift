import AuctionRules
import Kernel
import Messages
import Runtime

/// The winner pays after the award (A19).
enum PayOrderHandler {
    static func handle(_ command: PayOrder, _ turn: Turn) throws -> Outcome<OrderPaid> {
        if let refusal = try turn.refusalOfActing(needed: .buyer) { return .refused(refusal) }
        guard var order = try turn.store.order(command.order), order.buyer == turn.acting.party,
            order.stage != .offered
        else { return .refused(.notFound) }
        guard order.stage == .awaitingPayment else {
            return .refused(.wrongState, expected: "\(OrderStage.awaitingPayment)", found: "\(order.stage)")
        }
        guard turn.now < order.deadline else {
            return .refused(
                .offerLapsed, expected: "before \(order.deadline.iso8601)", found: turn.now.iso8601)
        }
        order.stage = .collecting
        order.ticket = turn.ticket.rawValue
        try turn.store.save(order)
        try Collecting.ask(order, turn)
        return .waiting
    }
}

/// The runner-up takes the offer, which pays it at once, or leaves it (A19).
enum AnswerOfferHandler {
    static func handle(_ command: AnswerOffer, _ turn: Turn) throws -> Outcome<OfferAnswered> {
        if let refusal = try turn.refusalOfActing(needed: .buyer) { return .refused(refusal) }
        guard var order = try turn.store.order(command.order), order.buyer == turn.acting.party, order.offered
        else { return .refused(.notFound) }
        if order.stage == .declined {
            return .refused(.offerLapsed, expected: "an open offer", found: "\(order.stage)")
        }
        guard order.stage == .offered else {
            return .refused(.wrongState, expected: "\(OrderStage.offered)", found: "\(order.stage)")
        }
        guard turn.now < order.deadline else {
            return .refused(
                .offerLapsed, expected: "before \(order.deadline.iso8601)", found: turn.now.iso8601)
        }
        guard command.accept else {
            try Award.decline(order, turn)
            return .answer(OfferAnswered.of(order.id, .declined))
        }
        order.stage = .collecting
        order.ticket = turn.ticket.rawValue
        try turn.store.save(order)
        try Collecting.ask(order, turn)
        return .waiting
    }
}

/// The wallet is asked for an order's money.
enum Collecting {
    /// - Parameter byMethod: nobody waits for the answer, and the buyer may have chosen a method (C4).
    static func ask(_ order: Order, byMethod: Bool = false, _ turn: Turn) throws {
        var collect = CollectOrder()
        collect.order = order.id
        collect.marketplace = order.marketplace
        collect.policyVersion = order.policyVersion
        collect.listing = order.listing
        collect.title = try turn.store.title(of: order.listing)
        collect.buyer = order.buyer
        collect.seller = order.seller
        collect.hold = order.hold
        collect.price = order.price
        collect.byMethod = byMethod
        turn.send(collect, to: .wallet)
    }
}

/// Paid: the invoice is written, and the vault reveals the contact (A12).
enum OrderPaidForHandler {
    static func handle(_ message: OrderPaidFor, _ turn: Turn) throws {
        if try ApplicationFee.charged(message, turn) { return }
        guard var order = try turn.store.order(message.order), order.stage == .collecting else { return }
        let ticket = order.ticket
        order.stage = .revealing
        order.ticket = 0
        order.paidAt = turn.now
        order.invoice = message.invoice
        order.invoiceNumber = message.invoiceNumber
        try turn.cancel(PaymentLapses.self, subject: order.id.raw)
        try turn.cancel(OfferLapses.self, subject: order.id.raw)
        var listing = try turn.store.knownListing(order.listing)
        if listing.stage == .awarded {
            listing.stage = .sold
            try turn.store.save(listing, after: .awarded)
            try turn.store.save(order)
            askForReveal(order, turn)
            let policy = try turn.store.policy(order.marketplace, order.policyVersion)
            if policy.mode == .meetingAuction { try Meetings.record(order, policy, turn) }
            if policy.mode == .preliminaryCall { try LeadSale.sold(order, turn) }
        } else {
            try Refunding.ask(
                &order, refund: order.price, reason: KnownReason.prospectObjected.rawValue, turn)
        }
        guard ticket != 0 else { return }
        if order.offered {
            return try turn.answer(Ticket(rawValue: ticket), OfferAnswered.of(order.id, order.stage))
        }
        var paid = OrderPaid()
        paid.order = order.id
        paid.invoice = message.invoice
        paid.invoiceNumber = message.invoiceNumber
        paid.total = message.total
        try turn.answer(Ticket(rawValue: ticket), paid)
    }

    static func askForReveal(_ order: Order, _ turn: Turn) {
        var reveal = GrantReveal()
        reveal.order = order.id
        reveal.listing = order.listing
        reveal.contact = order.contact
        reveal.party = order.buyer
        reveal.purpose = "A12: the order is paid"
        turn.send(reveal, to: .contactVault)
    }
}

/// Not paid: the buyer may try again until the deadline (A19).
enum PaymentRefusedHandler {
    static func handle(_ message: PaymentRefused, _ turn: Turn) throws {
        if try ApplicationFee.refused(message, turn) { return }
        guard var order = try turn.store.order(message.order), order.stage == .collecting else { return }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        guard policy.mode != .preliminaryCall else { return try LeadSale.refused(&order, message, turn) }
        let ticket = order.ticket
        order.ticket = 0
        // A hold that failed once is not asked again; the next attempt takes the free balance.
        turn.release(order.hold)
        order.hold = .none
        let listing = try turn.store.knownListing(order.listing)
        let next = OrderRules.afterRefusedPayment(
            offered: order.offered, deadline: order.deadline, stopped: listing.stage != .awarded,
            now: turn.now)
        switch next {
        case .waits(let stage):
            order.stage = stage
            try turn.store.save(order)
            if stage == .awaitingPayment {
                try turn.schedule(Award.lapses(order), subject: order.id.raw, at: order.deadline)
                try turn.tell(
                    .paymentDue, to: order.buyer, about: listing, order: order.id, subject: turn.sequence,
                    [.init(.price, order.price), .init(.deadline, order.deadline)])
            }
        case .lapsed: try Award.lapse(order, turn)
        case .declined: try Award.decline(order, turn)
        case .cancelled:
            order.stage = .cancelled
            try turn.store.save(order)
        }
        guard ticket != 0 else { return }
        let refusal = Refusal(message.reason, expected: message.expected, found: message.found)
        try turn.refuse(Ticket(rawValue: ticket), refusal)
    }
}

extension OfferAnswered {
    static func of(_ order: OrderID, _ stage: OrderStage) -> OfferAnswered {
        var answered = OfferAnswered()
        answered.order = order
        answered.stage = stage
        return answered
    }
}
