import Kernel
import Messages

/// The clocks and turns of an order after its award (A12-A14, A17, A19).
public enum OrderRules {
    /// The last instant at which an objection counts (A14).
    public static func objectionUntil(revealedAt: Instant, by policy: Policy) -> Instant {
        revealedAt + policy.objectionWindow
    }

    /// When the seller's share goes out (A13): after the hold period, and strictly later than the last objection.
    public static func payoutAt(revealedAt: Instant, by policy: Policy) -> Instant {
        let afterWindow = objectionUntil(revealedAt: revealedAt, by: policy) + Duration64(microseconds: 1)
        if Planted.isOn(.payoutTooEarly) { return revealedAt + policy.holdPeriod - .days(1) }
        return max(revealedAt + policy.holdPeriod, afterWindow)
    }

    /// Whether a case may stop the order.
    ///
    /// An objection is measured by when it reached the house, not by when its message came here: one within the
    /// window counts also if the payout has just begun, and its refund is then the seller's debt. A report of
    /// A17 may come at any time after the reveal, by either side.
    public static func freeze(_ order: FreezableOrder, by request: FreezeOrder, policy: Policy)
        -> FreezeDecision
    {
        guard request.party == order.buyer || (request.byRule && request.party == order.seller) else {
            return .refused(Refusal(.notFound, expected: "a party of the order", found: "\(request.party)"))
        }
        switch order.stage {
        case .revealed, .payingOut, .paidOut, .payoutDeclined: break
        case .frozen:
            return .refused(Refusal(.caseOpen, expected: "no open case", found: "case \(order.openCase)"))
        case .refunded, .refunding:
            return .refused(
                Refusal(.orderNotFrozen, expected: "an order not refunded", found: "\(order.stage)"))
        case .awaitingPayment, .collecting, .revealing, .lapsed, .offered, .declined, .cancelled:
            return .refused(Refusal(.notRevealed, expected: "a revealed contact", found: "\(order.stage)"))
        }
        let until = objectionUntil(revealedAt: order.revealedAt, by: policy)
        let isInTime =
            Planted.isOn(.lastObjectionLate) ? request.objectedAt < until : request.objectedAt <= until
        guard request.byRule || isInTime else {
            return .refused(
                Refusal(
                    .windowClosed, expected: "at the latest \(until.iso8601)",
                    found: request.objectedAt.iso8601))
        }
        return .frozen(paidOut: order.stage != .revealed)
    }

    /// What an order does once its case is decided: no more is refunded than is left of the price. `rest` is where
    /// the order stood when it was frozen.
    public static func settle(refund: Money, price: Money, refunded: Int64, rest: OrderStage) -> Settlement {
        let refundable = min(refund.minor, price.minor - refunded)
        return refundable > 0 ? .refund(Money(refundable, price.currency)) : .goesOn(rest)
    }

    /// What an order does once this much of its price, in all, is back with the buyer.
    public static func afterRefund(refunded: Int64, price: Money, rest: OrderStage) -> OrderStage {
        refunded >= price.minor ? .refunded : rest
    }

    /// What a refused payment means (A19): the buyer may try again until the deadline.
    public static func afterRefusedPayment(
        offered: Bool, deadline: Instant, stopped: Bool, now: Instant
    ) -> UnpaidOrder {
        if stopped { return .cancelled }
        if now >= deadline { return offered ? .declined : .lapsed }
        return .waits(offered ? .offered : .awaitingPayment)
    }

    /// Whether so many strikes suspend a buyer (A19).
    public static func suspends(strikes: UInt32, by policy: Policy) -> Bool {
        policy.strikesToSuspension > 0 && strikes >= UInt32(policy.strikesToSuspension)
    }

    /// What the owner of a hold says at its deadline: it is kept for a payment under way or for a bid that counts.
    public static func holdDue(order: OrderStage?, neededByBid: Bool) -> HoldAnswer {
        switch order {
        case .awaitingPayment, .collecting: .extend
        case .some: .release
        case nil: neededByBid ? .extend : .release
        }
    }
}

/// What decides whether an order may be frozen.
public struct FreezableOrder: Hashable, Sendable {
    public var stage: OrderStage
    public var buyer: PartyID
    public var seller: PartyID
    public var revealedAt: Instant
    public var openCase: CaseID
    public init(stage: OrderStage, buyer: PartyID, seller: PartyID, revealedAt: Instant, openCase: CaseID) {
        self.stage = stage
        self.buyer = buyer
        self.seller = seller
        self.revealedAt = revealedAt
        self.openCase = openCase
    }
}

public enum FreezeDecision: Equatable, Sendable {
    case frozen(paidOut: Bool)
    case refused(Refusal)
}

public enum Settlement: Hashable, Sendable {
    case refund(Money)
    case goesOn(OrderStage)
}

public enum UnpaidOrder: Hashable, Sendable {
    case waits(OrderStage)
    case lapsed
    case declined
    case cancelled
}

public enum HoldAnswer: Hashable, Sendable {
    case extend
    case release
}
