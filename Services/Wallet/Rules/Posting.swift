import Kernel
import Messages

/// One entry of the ledger before it is written: amounts into and out of accounts that sum to zero (F1).
public struct Posting: Hashable, Sendable {
    public let kind: EntryKind
    /// One leg per account, none of them zero, in the order in which the accounts were first named.
    public let legs: [Leg]

    /// Nothing unless the legs sum to zero in every currency and at least one remains.
    ///
    /// Legs on the same account become one, so that each account has one balance after each entry.
    public init?(_ kind: EntryKind, _ movements: [Movement]) {
        var legs: [Leg] = []
        legs.reserveCapacity(movements.count)
        for movement in movements {
            guard movement.amount.minor >= 0, movement.amount.currency == movement.account.currency else {
                return nil
            }
            let minor = movement.isCredit ? movement.amount.minor : 0 - movement.amount.minor
            guard let index = legs.firstIndex(where: { $0.account == movement.account }) else {
                legs.append(Leg(account: movement.account, minor: minor))
                continue
            }
            let (sum, overflow) = legs[index].minor.addingReportingOverflow(minor)
            if overflow { return nil }
            legs[index] = Leg(account: movement.account, minor: sum)
        }
        legs.removeAll { $0.minor == 0 }
        guard !legs.isEmpty, Self.isBalanced(legs) else { return nil }
        self.kind = kind
        self.legs = legs
    }

    private static func isBalanced(_ legs: [Leg]) -> Bool {
        legs.allSatisfy { leg in
            let currency = leg.account.currency
            let sum = legs.reduce(Int128(0)) { $1.account.currency == currency ? $0 + Int128($1.minor) : $0 }
            return sum == 0
        }
    }
}

/// What an entry changes on one account; credit is positive.
public struct Leg: Hashable, Sendable {
    public let account: AccountKey
    public let minor: Int64
}

/// An amount, not negative, that goes into or out of an account.
public struct Movement: Hashable, Sendable {
    let account: AccountKey
    let amount: Money
    let isCredit: Bool

    public static func into(_ account: AccountKey, _ amount: Money) -> Movement {
        Movement(account: account, amount: amount, isCredit: true)
    }

    public static func out(of account: AccountKey, _ amount: Money) -> Movement {
        Movement(account: account, amount: amount, isCredit: false)
    }
}
