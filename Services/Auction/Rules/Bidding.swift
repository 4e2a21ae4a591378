import Kernel
import Messages

/// Where a listing stands: what the next bid is measured against.
public struct Standing: Hashable, Sendable {
    /// The bid that would win now.
    public struct Lead: Hashable, Sendable {
        public var bid: BidID
        public var bidder: PartyID
        /// The bid; with proxy bidding, the most that the house may bid for the leader.
        public var maximum: Money
        public init(bid: BidID, bidder: PartyID, maximum: Money) {
            self.bid = bid
            self.bidder = bidder
            self.maximum = maximum
        }
    }

    /// What everybody sees; the start price while there is no bid.
    public var price: Money
    public var lead: Lead?

    public init(price: Money, lead: Lead? = nil) {
        self.price = price
        self.lead = lead
    }
}

/// What a bid does to a listing.
public enum BidDecision: Equatable, Sendable {
    /// The bid is the highest now; who led before is free (A10).
    case leads(Standing, outbid: Standing.Lead?)
    /// The leader raised its own bid.
    case raises(Standing)
    /// An earlier maximum is as high or higher: the bid counts, and is outbid at once.
    case outbidAtOnce(Standing)
    case refused(Refusal)
}

/// Bids, in order of arrival (A9-A11).
public enum Bidding {
    public static func decide(
        _ lead: Standing.Lead, at standing: Standing, by policy: Policy
    ) -> BidDecision {
        if let refusal = refusal(of: lead.maximum, from: lead.bidder, at: standing, by: policy) {
            return .refused(refusal)
        }
        guard let leader = standing.lead else {
            let price = policy.bidding == .open ? lead.maximum : standing.price
            return .leads(Standing(price: price, lead: lead), outbid: nil)
        }
        if policy.bidding == .open {
            let next = Standing(price: lead.maximum, lead: lead)
            return leader.bidder == lead.bidder ? .raises(next) : .leads(next, outbid: leader)
        }
        if leader.bidder == lead.bidder {
            return .raises(Standing(price: standing.price, lead: lead))
        }
        let ties = lead.maximum.minor == leader.maximum.minor
        let wins = lead.maximum.minor > leader.maximum.minor || (ties && Planted.isOn(.laterOfEqualBids))
        let higher = wins ? lead.maximum : leader.maximum
        let lower = wins ? leader.maximum : lead.maximum
        let price = max(standing.price.minor, min(next(above: lower.minor, by: policy), higher.minor))
        let next = Standing(price: Money(price, policy.currency), lead: wins ? lead : leader)
        return wins ? .leads(next, outbid: leader) : .outbidAtOnce(next)
    }

    /// The least that the house bids above a maximum.
    private static func next(above maximum: Int64, by policy: Policy) -> Int64 {
        let raised = policy.raised(maximum)
        return Planted.isOn(.proxyStepTooHigh) ? policy.raised(raised) : raised
    }

    /// Why a bid of this amount does not count; nothing if it does.
    ///
    /// Prices only rise while a listing is open, so that what is refused now would be refused later.
    public static func refusal(
        of amount: Money, from bidder: PartyID, at standing: Standing, by policy: Policy
    ) -> Refusal? {
        guard amount.currency == policy.currency else {
            return Refusal(.wrongCurrency, expected: policy.currency.code, found: amount.currency.code)
        }
        guard amount.minor > 0, amount.minor <= policy.greatestPrice, policy.cost(of: amount) != nil else {
            let most = Money(policy.greatestPrice, policy.currency)
            return Refusal(.amountOutOfRange, expected: "above zero, at most \(most)", found: "\(amount)")
        }
        let least = minimum(for: bidder, at: standing, by: policy)
        if amount.minor >= least.minor { return nil }
        // Above the leader's maximum a bid wins, also by less than a step.
        if policy.bidding == .proxy, let lead = standing.lead, lead.bidder != bidder,
            amount.minor > lead.maximum.minor
        {
            return nil
        }
        return Refusal(.bidTooLow, expected: "at least \(least)", found: "\(amount)")
    }

    /// The least that this party may bid now (A9).
    public static func minimum(for bidder: PartyID, at standing: Standing, by policy: Policy) -> Money {
        guard let lead = standing.lead else { return standing.price }
        if policy.bidding == .proxy, lead.bidder == bidder {
            return Money(lead.maximum.minor + 1, policy.currency)
        }
        if Planted.isOn(.bidWithoutStep) { return standing.price }
        return Money(policy.raised(standing.price.minor), policy.currency)
    }
}

extension Policy {
    /// The price one step higher, in minor units.
    public func raised(_ price: Int64) -> Int64 {
        let (sum, overflow) = price.addingReportingOverflow(increment(at: price))
        return overflow ? price : sum
    }

    /// The step that applies from this price on, in minor units.
    public func increment(at price: Int64) -> Int64 {
        var step: Int64 = 1
        for increment in increments {
            guard increment.from <= price else { break }
            step = increment.step
        }
        return step
    }

    /// Until when a bid's hold must last: the winner's time to pay beyond the end.
    public func holdDeadline(endsAt: Instant) -> Instant { endsAt + paymentDeadline }
}
