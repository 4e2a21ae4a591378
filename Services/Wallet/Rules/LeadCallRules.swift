import Kernel
import Messages

/// What preliminary calls cost, and where the money goes (D2-D4).
public enum LeadCallRules {
    /// The tariff that a policy names for preliminary calls: the same from every line, from the conversation's start.
    public static func tariff(_ policy: Policy, version: UInt32) -> Tariff {
        let terms = policy.preliminary
        return Tariff(
            version: version, currency: policy.currency, attemptFee: terms.attemptFee,
            rates: CallRates(all: terms.perMinute * 1_000),
            increments: Increments(first: UInt32(terms.firstIncrement), next: UInt32(terms.nextIncrement)),
            longestCallSeconds: UInt32(
                clamping: terms.longestCall.microseconds / 1_000_000))
    }

    /// The end of a call that the house ends: whoever asked for contact data pays for the minute begun, nobody else (D6,
    /// D7).
    public static func end(_ reason: DetachReason, at moment: Instant) -> CallEnd {
        switch reason {
        case .fishing: .hungUp(at: moment)
        case .soldToAnother where Planted.isOn(.soldMinuteCharged): .hungUp(at: moment)
        case .bought, .declined, .expired, .soldToAnother, .stopped, .neverOpened: .soldToAnother(at: moment)
        }
    }

    /// The VAT within an amount, rounded half up.
    public static func vat(within gross: Money, _ policy: Policy) -> Money {
        let share = Int128(policy.vat.value)
        let whole = 10_000 + share
        return Money(Int64((Int128(gross.minor) * share * 2 + whole) / (2 * whole)), gross.currency)
    }

    /// The buyer pays the house for a call; VAT is within the price.
    public static func charged(
        _ gross: Money, vat: Money, to buyer: PartyID, in marketplace: MarketplaceID
    ) -> Posting? {
        posting(.leadCallCharged, gross, vat, buyer, marketplace) {
            .out(of: $0, $1)
        } others: {
            .into($0, $1)
        }
    }

    /// A purchase gives back what the calls cost (D4).
    public static func credited(
        _ gross: Money, vat: Money, to buyer: PartyID, in marketplace: MarketplaceID
    ) -> Posting? {
        posting(.leadCallsCredited, gross, vat, buyer, marketplace) {
            .into($0, $1)
        } others: {
            .out(of: $0, $1)
        }
    }

    private static func posting(
        _ kind: EntryKind, _ gross: Money, _ vat: Money, _ buyer: PartyID, _ marketplace: MarketplaceID,
        buyers: (AccountKey, Money) -> Movement, others: (AccountKey, Money) -> Movement
    ) -> Posting? {
        guard let net = gross.subtracting(vat) else { return nil }
        let currency = gross.currency
        return Posting(
            kind,
            [
                buyers(AccountKey(.wallet, of: buyer, in: marketplace, currency), gross),
                others(AccountKey(.feeRevenue, in: marketplace, currency), net),
                others(AccountKey(.vatPayable, in: marketplace, currency), vat),
            ])
    }
}
