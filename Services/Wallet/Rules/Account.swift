import Kernel
import Messages

/// Which account: a party's or the house's, of one class, in one marketplace and currency.
public struct AccountKey: Hashable, Sendable {
    public let marketplace: MarketplaceID
    /// Whose it is; ``PartyID/none``: the house's.
    public let party: PartyID
    public let currency: Currency
    public let accountClass: AccountClass

    public init(
        _ accountClass: AccountClass, of party: PartyID = .none, in marketplace: MarketplaceID,
        _ currency: Currency
    ) {
        self.marketplace = marketplace
        self.party = party
        self.currency = currency
        self.accountClass = accountClass
    }
}

extension AccountClass {
    /// What is free on the account never goes below this (F1).
    public var floor: Int64 {
        switch self {
        case .receivable, .cash, .goodwill, .callerDebt, .providerCash, .providerBonus: .min
        case .wallet, .escrow, .feeRevenue, .commissionRevenue, .vatPayable, .payoutClearing, .callerPaid,
            .callerBonus, .callRevenue:
            0
        }
    }

    /// The balance never goes above this: a debt is at most none, the house has at least no cash.
    public var ceiling: Int64 {
        switch self {
        case .receivable, .cash, .goodwill, .callerDebt, .providerCash, .providerBonus: 0
        case .wallet, .escrow, .feeRevenue, .commissionRevenue, .vatPayable, .payoutClearing, .callerPaid,
            .callerBonus, .callRevenue:
            .max
        }
    }
}

/// What is on an account, and what of it is set aside. Credit is positive.
public struct Account: Hashable, Sendable {
    public let key: AccountKey
    /// The sum of all legs, in minor units.
    public private(set) var posted: Int64
    /// Set aside by live holds, in minor units; never negative, and never more than is posted.
    public private(set) var held: Int64

    public init(_ key: AccountKey, posted: Int64 = 0, held: Int64 = 0) {
        self.key = key
        self.posted = posted
        self.held = held
    }

    /// What may be spent.
    public var available: Money { Money(posted - held, key.currency) }

    /// Sets `amount` aside (A9), or says what is missing. Only wallets take holds.
    public func holding(_ amount: Money) -> Result<Account, Refusal> {
        guard amount.minor > 0 else { return .failure(.notPositive(amount)) }
        guard amount.currency == key.currency else {
            return .failure(.currency(amount, expected: key.currency))
        }
        let free = Planted.isOn(.heldSpentTwice) ? posted : available.minor
        guard key.accountClass == .wallet, free >= amount.minor else {
            return .failure(.insufficient(amount, free: available))
        }
        var changed = self
        changed.held += amount.minor
        return .success(changed)
    }

    /// Frees `minor` that was set aside.
    public func freeing(_ minor: Int64) -> Account {
        precondition(minor >= 0 && minor <= held, "a hold frees what it set aside")
        var changed = self
        changed.held -= minor
        return changed
    }

    /// Adds a leg's amount, or says which bound it breaks.
    public func posting(_ minor: Int64) -> Result<Account, Refusal> {
        let (sum, overflow) = posted.addingReportingOverflow(minor)
        guard !overflow, sum <= key.accountClass.ceiling else {
            return .failure(
                Refusal(
                    .amountOutOfRange, expected: "a balance that fits the \(key.accountClass) account",
                    found: "\(Money(minor, key.currency)) more"))
        }
        guard sum >= key.accountClass.floor, sum >= held || held == 0 else {
            return .failure(.insufficient(Money(0 - max(minor, .min + 1), key.currency), free: available))
        }
        var changed = self
        changed.posted = sum
        return .success(changed)
    }
}

extension Refusal {
    /// More was asked for than is free.
    public static func insufficient(_ amount: Money, free: Money) -> Refusal {
        Refusal(.insufficientFunds, expected: "\(amount) free", found: "\(free)")
    }

    /// An amount must be above zero.
    public static func notPositive(_ amount: Money) -> Refusal {
        Refusal(.amountOutOfRange, expected: "an amount above zero", found: "\(amount)")
    }

    /// The marketplace has another currency.
    public static func currency(_ amount: Money, expected: Currency) -> Refusal {
        Refusal(.wrongCurrency, expected: expected.code, found: amount.currency.code)
    }
}
