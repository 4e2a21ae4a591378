import Kernel
import Messages

/// What a caller's balance was and has become, as an entry of the ledger (E2): paid-in and bonus money apart, double entry.
public struct CallerPosting: Hashable, Sendable {
    public let marketplace: MarketplaceID
    /// The caller's account.
    public let account: UInt64
    public let provider: PartyID
    public let before: PrepaidBalance
    public let after: PrepaidBalance

    public init(
        marketplace: MarketplaceID, account: UInt64, provider: PartyID, before: PrepaidBalance,
        after: PrepaidBalance
    ) {
        self.marketplace = marketplace
        self.account = account
        self.provider = provider
        self.before = before
        self.after = after
    }

    public static func key(
        _ accountClass: AccountClass, of account: UInt64, in marketplace: MarketplaceID, _ currency: Currency
    ) -> AccountKey {
        AccountKey(accountClass, of: PartyID(account), in: marketplace, currency)
    }

    /// The money is at the provider's own payment provider; its bonus is the provider's gift (E13).
    public func toppedUp(_ kind: EntryKind, _ amount: Money, bonus: Money) -> Posting? {
        posting(kind, [(.providerCash, -amount.minor), (.providerBonus, -bonus.minor)])
    }

    public func chargedBack(_ amount: Money) -> Posting? {
        posting(.topUpChargedBack, [(.providerCash, amount.minor)])
    }

    /// A call or another service was paid. Nothing if nothing moved.
    public func earned(_ kind: EntryKind, _ amount: Money) -> Posting? {
        posting(kind, [(.callRevenue, amount.minor)])
    }

    /// Another caller's balance, all of it, went into this one.
    public func merged(_ other: UInt64, _ balance: PrepaidBalance) -> Posting? {
        let currency = before.currency
        func key(_ accountClass: AccountClass) -> AccountKey {
            Self.key(accountClass, of: other, in: marketplace, currency)
        }
        return Posting(
            .callersMerged,
            movements + [
                Movement(key(.callerPaid), -balance.paid), Movement(key(.callerBonus), -balance.bonus),
                Movement(key(.callerDebt), balance.debt),
            ])
    }

    /// Whether a leg would be left.
    public var moves: Bool {
        before.paid != after.paid || before.bonus != after.bonus || before.debt != after.debt
    }

    private var movements: [Movement] {
        func key(_ accountClass: AccountClass) -> AccountKey {
            Self.key(accountClass, of: account, in: marketplace, before.currency)
        }
        return [
            Movement(key(.callerPaid), after.paid - before.paid),
            Movement(key(.callerBonus), after.bonus - before.bonus),
            Movement(key(.callerDebt), before.debt - after.debt),
        ]
    }

    private func posting(_ kind: EntryKind, _ others: [(AccountClass, Int64)]) -> Posting? {
        Posting(
            kind,
            movements
                + others.map { accountClass, minor in
                    Movement(
                        AccountKey(accountClass, of: provider, in: marketplace, before.currency), minor)
                })
    }
}

extension Movement {
    /// `minor` into the account, or, negative, out of it.
    fileprivate init(_ account: AccountKey, _ minor: Int64) {
        let amount = Money(minor.magnitude > Int64.max ? .max : Int64(minor.magnitude), account.currency)
        self = minor >= 0 ? .into(account, amount) : .out(of: account, amount)
    }
}
