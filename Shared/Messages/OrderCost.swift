import Kernel

/// What a buyer pays for an order, in its parts (A9, A15): what a hold must cover and what an invoice lists.
public struct OrderCost: Hashable, Sendable {
    public let price: Money
    /// The buyer's fee on the price.
    public let fee: Money
    /// VAT on price and fee together.
    public let vat: Money
    public let total: Money

    public init(price: Money, fee: Money, vat: Money, total: Money) {
        self.price = price
        self.fee = fee
        self.vat = vat
        self.total = total
    }
}

extension Policy {
    /// The wall clock of the marketplace.
    public var zone: LocalZone { LocalZone(minutes: zoneMinutes, summerTime: summerTime) }

    /// The parts for this price: the fee is a share of the price, VAT a share of both, each rounded once, half
    /// away from zero. Nothing for a negative price, another currency, or a sum that does not fit.
    public func cost(of price: Money) -> OrderCost? {
        guard price.minor >= 0, price.currency == currency, let fee = price.portion(buyerFee),
            let net = price.adding(fee), let tax = (Planted.isOn(.feeWithoutVAT) ? price : net).portion(vat),
            let total = net.adding(tax)
        else { return nil }
        return OrderCost(price: price, fee: fee, vat: tax, total: total)
    }

    /// The parts where a fee stands alone: its VAT is rounded once, half away from zero (C7, E13). Nothing for a negative
    /// fee, another currency, or a sum that does not fit.
    public func cost(ofFee fee: Money) -> OrderCost? {
        guard fee.minor >= 0, fee.currency == currency, let tax = fee.portion(vat),
            let total = fee.adding(tax)
        else { return nil }
        return OrderCost(price: Money(0, currency), fee: fee, vat: tax, total: total)
    }
}
