import Kernel
import Messages

/// What a provider used in a month of its prepaid lines, and what the house charges for it (E13).
public struct LineStatement: Hashable, Sendable {
    public let from: Instant
    public let to: Instant
    public let profiles: Int64
    /// Paid in by callers through payment providers, and taken back: both whole, at the provider's own account.
    public let paidIn: Money
    public let chargedBack: Money
    /// The fee for the profiles, and the share of what was paid in and not taken back.
    public let monthly: Money
    public let share: Money
    public let cost: OrderCost

    /// Nothing where an amount does not fit.
    public init?(
        from: Instant, to: Instant, profiles: Int64, paidIn: Money, chargedBack: Money, by policy: Policy
    ) {
        let (monthly, overflow) = policy.lineFees.monthly.multipliedReportingOverflow(by: profiles)
        let base = Money(max(0, paidIn.minor - chargedBack.minor), policy.currency)
        guard !overflow, let share = base.portion(policy.lineFees.share),
            let fee = Money(monthly, policy.currency).adding(share), let cost = policy.cost(ofFee: fee)
        else { return nil }
        self.from = from
        self.to = to
        self.profiles = profiles
        self.paidIn = paidIn
        self.chargedBack = chargedBack
        self.monthly = Money(monthly, policy.currency)
        self.share = share
        self.cost = cost
    }

    /// The first instant of the month after the one that holds `instant`, on the marketplace's wall clock.
    public static func monthEnd(after instant: Instant, in zone: LocalZone) -> Instant {
        let date = zone.wall(instant).date
        let next =
            date.month == 12
            ? CivilDate(year: date.year + 1, month: 1, day: 1)
            : CivilDate(year: date.year, month: date.month + 1, day: 1)
        return zone.start(of: next)
    }

    /// Names the month, such as `2026-03`.
    public static func title(endingAt end: Instant, in zone: LocalZone) -> String {
        let date = zone.wall(end - Duration64(microseconds: 1)).date
        return "\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)"
    }

    /// From the provider's free balance, what it owed before included, as far as that goes; the rest is owed.
    public func posting(
        _ provider: PartyID, in marketplace: MarketplaceID, free: Money, owed: Money
    ) -> Posting? {
        let currency = cost.total.currency
        let taken = Self.taken(cost.total.minor, free: free, owed: owed)
        let wallet = AccountKey(.wallet, of: provider, in: marketplace, currency)
        let receivable = AccountKey(.receivable, of: provider, in: marketplace, currency)
        let settled = taken - cost.total.minor
        let debt: Movement =
            settled >= 0
            ? .into(receivable, Money(settled, currency)) : .out(of: receivable, Money(0 - settled, currency))
        return Posting(
            .lineFees,
            [
                .out(of: wallet, Money(taken, currency)), debt,
                .into(AccountKey(.feeRevenue, in: marketplace, currency), cost.fee),
                .into(AccountKey(.vatPayable, in: marketplace, currency), cost.vat),
            ])
    }

    static func taken(_ total: Int64, free: Money, owed: Money) -> Int64 {
        let (due, overflow) = total.addingReportingOverflow(max(0, owed.minor))
        return min(overflow ? .max : due, max(0, free.minor))
    }

    /// What the provider owes in all afterwards.
    public func owedAfterwards(free: Money, owed: Money) -> Money {
        Money(
            max(0, owed.minor) + cost.total.minor - Self.taken(cost.total.minor, free: free, owed: owed),
            cost.total.currency)
    }
}
