import Kernel
import Messages

/// A top-up, payout or withdrawal on its way through a provider.
public struct Payment: Hashable, Sendable {
    public let id: PaymentID
    public let kind: PaymentKind
    public let marketplace: MarketplaceID
    public let party: PartyID
    public let amount: Money
    /// The order whose share is paid out; none for the others.
    public let order: OrderID

    public init(
        id: PaymentID, kind: PaymentKind, marketplace: MarketplaceID, party: PartyID, amount: Money,
        order: OrderID = .none
    ) {
        self.id = id
        self.kind = kind
        self.marketplace = marketplace
        self.party = party
        self.amount = amount
        self.order = order
    }
}

/// What a provider's report leads to.
public enum PaymentStep: Hashable, Sendable {
    case settle
    case decline
    /// The outcome is not known yet: ask again, under the same id, after this time. The payment is now in this
    /// state.
    case askAgain(after: Duration64, PaymentState)
    /// It ended before: the provider answered twice.
    case ignore
}

extension PaymentStep {
    /// The most money that one payment moves, in minor units: what a policy allows as a price.
    public static let greatestAmount: Int64 = 1_000_000_000_000

    /// A payment ends exactly once, however often the provider answers; an unknown outcome is never taken for
    /// an end, because the money may have moved.
    public static func after(_ report: ProviderReport, in state: PaymentState, attempt: UInt32) -> PaymentStep
    {
        switch (state, report) {
        case (.settled, _), (.declined, _): .ignore
        case (_, .settled): .settle
        case (_, .declined): .decline
        case (_, .pending): .askAgain(after: delay(attempt), .pending)
        case (_, .unreachable): .askAgain(after: delay(attempt), state)
        }
    }

    /// 5 s, 10 s, 20 s, … at most an hour.
    static func delay(_ attempt: UInt32) -> Duration64 {
        .seconds(min(5 << Int64(min(attempt, 20) - min(attempt, 1)), 3_600))
    }
}

extension Payment {
    private func account(_ accountClass: AccountClass, of party: PartyID = .none) -> AccountKey {
        AccountKey(accountClass, of: party, in: marketplace, amount.currency)
    }

    /// A top-up arrived: from the provider into the wallet.
    public func topUp() -> Posting? {
        Posting(.topUp, [.out(of: account(.cash), amount), .into(account(.wallet, of: party), amount)])
    }

    /// Free balance leaves the wallet for the provider.
    public func withdrawal() -> Posting? {
        Posting(
            .withdrawal,
            [.out(of: account(.wallet, of: party), amount), .into(account(.payoutClearing), amount)])
    }

    /// The provider paid it out.
    public func settled() -> Posting? {
        Posting(.payoutSettled, [.out(of: account(.payoutClearing), amount), .into(account(.cash), amount)])
    }

    /// The provider declined: into the wallet, less what the party owes.
    public func returned(owed: Money) -> Posting? {
        let netted = Money(min(amount.minor, max(owed.minor, 0)), amount.currency)
        return Posting(
            .payoutReturned,
            [
                .out(of: account(.payoutClearing), amount), .into(account(.receivable, of: party), netted),
                .into(account(.wallet, of: party), Money(amount.minor - netted.minor, amount.currency)),
            ])
    }
}

/// An operator's credit: from the house's goodwill into the wallet.
public func manualCredit(_ amount: Money, to party: PartyID, in marketplace: MarketplaceID) -> Posting? {
    Posting(
        .manualCredit,
        [
            .out(of: AccountKey(.goodwill, in: marketplace, amount.currency), amount),
            .into(AccountKey(.wallet, of: party, in: marketplace, amount.currency), amount),
        ])
}
