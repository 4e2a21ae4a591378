import Kernel
import Messages

/// An amount that callers may pay in, and the bonus that comes with it (E2).
public struct TopUpOffer: Hashable, Sendable {
    public let amount: Money
    /// 0 for none.
    public let bonus: Money

    public init(amount: Money, bonus: Money) {
        self.amount = amount
        self.bonus = bonus
    }
}

/// The top-ups that a provider offers: fixed amounts, each with a bonus of its own (E2).
public struct TopUpTable: Hashable, Sendable {
    public let currency: Currency
    /// Rising by amount, 1 to 32.
    public let offers: [TopUpOffer]

    public init(_ currency: Currency, _ offers: [TopUpOffer]) {
        self.currency = currency
        self.offers = offers
    }

    /// Why the table cannot be used; nothing if it can.
    ///
    /// `invalidValue` for too few or too many offers, or such as do not rise; `wrongCurrency`; `amountOutOfRange` for
    /// an amount that is not above zero, a negative bonus, or more than one payment moves.
    public var refusal: Refusal? {
        if !(1...32).contains(offers.count) {
            return Refusal(.invalidValue, expected: "1 to 32 offers", found: "\(offers.count)")
        }
        for money in offers.flatMap({ [$0.amount, $0.bonus] }) where money.currency != currency {
            return .currency(money, expected: currency)
        }
        for offer in offers {
            if !(1...PaymentStep.greatestAmount).contains(offer.amount.minor) {
                return Refusal(
                    .amountOutOfRange, expected: "an amount above zero that one payment moves",
                    found: "\(offer.amount)")
            }
            if !(0...PaymentStep.greatestAmount).contains(offer.bonus.minor) {
                return Refusal(
                    .amountOutOfRange, expected: "a bonus from 0 on", found: "\(offer.bonus)")
            }
        }
        for (one, next) in zip(offers, offers.dropFirst()) where one.amount.minor >= next.amount.minor {
            return Refusal(.invalidValue, expected: "rising amounts", found: "\(next.amount)")
        }
        return nil
    }

    /// The offer of exactly this amount. Refused: what ``refusal`` says; `wrongCurrency`; `amountOutOfRange` for an
    /// amount that is not offered.
    public func offer(of amount: Money) -> Result<TopUpOffer, Refusal> {
        if let refusal { return .failure(refusal) }
        guard amount.currency == currency else { return .failure(.currency(amount, expected: currency)) }
        guard let offer = offers.first(where: { $0.amount == amount }) else {
            let known = offers.map { "\($0.amount)" }.joined(separator: ", ")
            return .failure(Refusal(.amountOutOfRange, expected: known, found: "\(amount)"))
        }
        return .success(offer)
    }
}
