import Kernel
import Messages

/// A caller's prepaid money: paid in, given as bonus, set aside for calls in progress, owed (E1, E2).
///
/// What is set aside is so of the whole and taken from neither part until it is charged: whatever was spent on
/// another call meanwhile, a charge finds the bonus first. All amounts are in minor units and never negative; no
/// more is set aside than there is; a debt stands only while nothing is free.
public struct PrepaidBalance: Hashable, Sendable {
    public let currency: Currency
    public private(set) var paid: Int64
    /// Spent first, never paid out.
    public private(set) var bonus: Int64
    /// The reserves of all calls in progress.
    public private(set) var reserved: Int64
    /// What a charge-back took and was not there. Blocks further calls.
    public private(set) var debt: Int64

    /// Nothing if the amounts break what is said above.
    public init?(
        _ currency: Currency, paid: Int64 = 0, bonus: Int64 = 0, reserved: Int64 = 0, debt: Int64 = 0
    ) {
        let (sum, overflow) = paid.addingReportingOverflow(bonus)
        guard currency != .none, paid >= 0, bonus >= 0, reserved >= 0, debt >= 0, !overflow, reserved <= sum,
            debt == 0 || reserved == sum
        else { return nil }
        self.currency = currency
        self.paid = paid
        self.bonus = bonus
        self.reserved = reserved
        self.debt = debt
    }

    /// What may be spent or set aside.
    public var free: Money { Money(paid + bonus - reserved, currency) }

    /// What may be paid out: paid-in money that no reserve needs once the bonus is used up.
    public var withdrawable: Money { Money(paid - max(0, reserved - bonus), currency) }
}

/// An amount by the kind of money that it was taken from.
public struct FundsSplit: Hashable, Sendable {
    public let bonus: Money
    public let paid: Money

    public init(bonus: Money, paid: Money) {
        self.bonus = bonus
        self.paid = paid
    }
}

extension PrepaidBalance {
    /// Credits a top-up and the bonus that it carries; a debt is settled from it at once (E1, E2).
    ///
    /// Refused: `wrongCurrency`; `amountOutOfRange` for a top-up that is not above zero, a negative bonus, and a
    /// balance beyond what payments move in all.
    public func toppedUp(_ amount: Money, bonus more: Money) -> Result<PrepaidBalance, Refusal> {
        if let refusal = refusal(of: amount, least: 1) ?? refusal(of: more, least: 0) {
            return .failure(refusal)
        }
        let present = Planted.isOn(.bonusAsPaidIn) ? more.minor : 0
        let (newPaid, paidOverflow) = paid.addingReportingOverflow(amount.minor + present)
        let (newBonus, bonusOverflow) = bonus.addingReportingOverflow(more.minor - present)
        let (_, overflow) = newPaid.addingReportingOverflow(newBonus)
        guard !paidOverflow, !bonusOverflow, !overflow else {
            return .failure(
                Refusal(.amountOutOfRange, expected: "a balance that fits", found: "\(amount) more"))
        }
        var changed = self
        changed.paid = newPaid
        changed.bonus = newBonus
        return .success(changed.settlingDebt())
    }

    /// Sets money aside for a call. Refused: `wrongCurrency`, `amountOutOfRange` (negative), `insufficientFunds`
    /// (more than is free, or a debt).
    public func reserving(_ amount: Money) -> Result<PrepaidBalance, Refusal> {
        if let refusal = refusal(of: amount, least: 0) { return .failure(refusal) }
        guard debt == 0 else {
            return .failure(
                Refusal(.insufficientFunds, expected: "no debt", found: "\(Money(debt, currency)) owed"))
        }
        guard amount.minor <= free.minor else { return .failure(.insufficient(amount, free: free)) }
        var changed = self
        changed.reserved += amount.minor
        return .success(changed)
    }

    /// Ends a reserve and takes `amount`, at most the reserve, of the balance: bonus first (E2).
    ///
    /// Refused: `wrongCurrency`; `amountOutOfRange` for more than the reserve, for a reserve that was never made,
    /// and for negative amounts.
    public func charging(
        _ amount: Money, ofReserve reserve: Money
    ) -> Result<(balance: PrepaidBalance, taken: FundsSplit), Refusal> {
        if let refusal = refusal(of: amount, least: 0) ?? refusal(of: reserve, least: 0) {
            return .failure(refusal)
        }
        guard amount.minor <= reserve.minor, reserve.minor <= reserved else {
            let most = Money(min(reserve.minor, reserved), currency)
            return .failure(Refusal(.amountOutOfRange, expected: "at most \(most)", found: "\(amount)"))
        }
        var changed = self
        changed.reserved -= reserve.minor
        let taken = changed.take(amount.minor)
        return .success((changed.settlingDebt(), taken))
    }

    /// Another service of the provider takes an amount of what is free, bonus first (E8). Refused as
    /// ``reserving(_:)``, and `amountOutOfRange` for nothing.
    public func spending(
        _ amount: Money
    ) -> Result<(balance: PrepaidBalance, taken: FundsSplit), Refusal> {
        if let refusal = refusal(of: amount, least: 1) { return .failure(refusal) }
        return reserving(amount).flatMap { $0.charging(amount, ofReserve: amount) }
    }

    /// A payment provider takes a top-up back: from what is free, bonus first; what is not there is owed (E1).
    ///
    /// Calls in progress keep their reserves, so that what they were promised is charged in full; they cannot be
    /// extended, and what they leave over settles the debt. Refused: `wrongCurrency`, `amountOutOfRange`.
    public func chargedBack(
        _ amount: Money
    ) -> Result<(balance: PrepaidBalance, taken: FundsSplit), Refusal> {
        if let refusal = refusal(of: amount, least: 1) { return .failure(refusal) }
        var changed = self
        let there = min(amount.minor, free.minor)
        let (owed, overflow) = debt.addingReportingOverflow(amount.minor - there)
        guard !overflow else {
            return .failure(Refusal(.amountOutOfRange, expected: "a debt that fits", found: "\(amount) more"))
        }
        let taken = changed.take(there)
        changed.debt = owed
        return .success((changed, taken))
    }

    /// With all of another balance, on which nothing is reserved: two numbers turned out to be one caller's (E10).
    ///
    /// Refused: `wrongCurrency`; `wrongState` while calls hold parts of the other; `amountOutOfRange` beyond what fits.
    public func absorbing(_ other: PrepaidBalance) -> Result<PrepaidBalance, Refusal> {
        guard other.currency == currency else {
            return .failure(Refusal(.wrongCurrency, expected: currency.code, found: other.currency.code))
        }
        guard other.reserved == 0 else {
            return .failure(Refusal(.wrongState, expected: "no call in progress", found: "one"))
        }
        let (newPaid, one) = paid.addingReportingOverflow(other.paid)
        let (newBonus, two) = bonus.addingReportingOverflow(other.bonus)
        let (newDebt, three) = debt.addingReportingOverflow(other.debt)
        guard !one, !two, !three, !newPaid.addingReportingOverflow(newBonus).overflow else {
            return .failure(Refusal(.amountOutOfRange, expected: "a balance that fits"))
        }
        var changed = self
        changed.paid = newPaid
        changed.bonus = newBonus
        changed.debt = newDebt
        return .success(changed.settlingDebt())
    }

    /// Credits a present (E8); a debt is settled from it at once. Refused as ``toppedUp(_:bonus:)``.
    public func given(_ amount: Money) -> Result<PrepaidBalance, Refusal> {
        if let refusal = refusal(of: amount, least: 1) { return .failure(refusal) }
        let (newBonus, one) = bonus.addingReportingOverflow(amount.minor)
        guard !one, !newBonus.addingReportingOverflow(paid).overflow else {
            return .failure(Refusal(.amountOutOfRange, expected: "a balance that fits"))
        }
        var changed = self
        changed.bonus = newBonus
        return .success(changed.settlingDebt())
    }

    private func settlingDebt() -> PrepaidBalance {
        var changed = self
        let settled = min(debt, free.minor)
        _ = changed.take(settled)
        changed.debt -= settled
        return changed
    }

    /// Bonus first. `minor` is at most what is free.
    private mutating func take(_ minor: Int64) -> FundsSplit {
        let fromBonus = min(minor, bonus)
        bonus -= fromBonus
        paid -= minor - fromBonus
        return FundsSplit(bonus: Money(fromBonus, currency), paid: Money(minor - fromBonus, currency))
    }

    private func refusal(of amount: Money, least: Int64) -> Refusal? {
        guard amount.currency == currency else { return .currency(amount, expected: currency) }
        guard amount.minor >= least else {
            return Refusal(
                .amountOutOfRange, expected: "at least \(Money(least, currency))", found: "\(amount)")
        }
        return nil
    }
}
