import Kernel
import Messages

/// Where an order's money is.
public enum SaleState: UInt8, Sendable {
    /// The price is in escrow.
    case escrowed = 1
    /// The seller's share is with the payout provider, outcome unknown.
    case payoutStarted = 2
    /// The seller has its share: paid out, or set off against what it owed.
    case paidOut = 3
    /// The provider declined; the share is in the seller's wallet.
    case returned = 4
}

/// An order as the wallet sees it: who paid what to whom, and how much of the price went back.
public struct Sale: Hashable, Sendable {
    public let order: OrderID
    public let marketplace: MarketplaceID
    public let policyVersion: UInt32
    public let listing: ListingID
    public let title: String
    public let buyer: PartyID
    public let seller: PartyID
    public let cost: OrderCost
    public let invoice: InvoiceID
    /// How much of the price went back.
    public private(set) var refunded: Money
    public private(set) var state: SaleState
    /// The payout, once there is one.
    public private(set) var payout: PaymentID

    public init(
        order: OrderID, marketplace: MarketplaceID, policyVersion: UInt32, listing: ListingID, title: String,
        buyer: PartyID, seller: PartyID, cost: OrderCost, invoice: InvoiceID, refunded: Money,
        state: SaleState = .escrowed, payout: PaymentID = .none
    ) {
        self.order = order
        self.marketplace = marketplace
        self.policyVersion = policyVersion
        self.listing = listing
        self.title = title
        self.buyer = buyer
        self.seller = seller
        self.cost = cost
        self.invoice = invoice
        self.refunded = refunded
        self.state = state
        self.payout = payout
    }

    /// What of the price did not go back.
    public var left: Money { Money(cost.price.minor - refunded.minor, cost.price.currency) }

    /// After a refund.
    public func refunding(_ refund: Refund) -> Sale {
        var sale = self
        sale.refunded = Money(refunded.minor + refund.given.price.minor, refunded.currency)
        return sale
    }

    /// With its payout at this point.
    public func payingOut(_ state: SaleState, payout: PaymentID) -> Sale {
        var sale = self
        sale.state = state
        sale.payout = payout
        return sale
    }

    func account(_ accountClass: AccountClass, of party: PartyID = .none) -> AccountKey {
        AccountKey(accountClass, of: party, in: marketplace, cost.price.currency)
    }
}

/// How an order's price is divided at the payout (A13).
public struct Payout: Hashable, Sendable {
    /// What of the price was left to divide.
    public let left: Money
    public let commission: Money
    /// What the seller owed and is set off.
    public let netted: Money
    /// What leaves the house.
    public let amount: Money
}

/// What goes back to the buyer, and who bears it.
public struct Refund: Hashable, Sendable {
    /// Given to the buyer: so much of the price, with its share of fee and VAT.
    public let given: OrderCost
    /// The commission that the house gives up, if it has taken one.
    public let commission: Money
}

extension Sale {
    /// The buyer pays: the price into escrow, fee and VAT to their accounts.
    public func collect() -> Posting? {
        Posting(
            .orderPaid,
            [
                .out(of: account(.wallet, of: buyer), cost.total), .into(account(.escrow), cost.price),
                .into(account(.feeRevenue), cost.fee), .into(account(.vatPayable), cost.vat),
            ])
    }

    /// The seller's share of what is left of the price: less the commission, less what the seller owes.
    ///
    /// The commission is rounded half away from zero, once, on what is left.
    public func payout(_ policy: Policy, owed: Money) -> Payout? {
        guard left.minor > 0, let commission = commission(by: policy),
            let share = left.subtracting(commission), share.minor >= 0
        else { return nil }
        let netted = Money(min(share.minor, max(owed.minor, 0)), left.currency)
        return Payout(
            left: left, commission: commission, netted: netted,
            amount: Money(share.minor - netted.minor, left.currency))
    }

    private func commission(by policy: Policy) -> Money? {
        left.portion(policy.commission).map {
            Money($0.minor + (Planted.isOn(.commissionTooHigh) ? 1 : 0), $0.currency)
        }
    }

    /// The movement that begins a payout.
    public func posting(_ payout: Payout) -> Posting? {
        Posting(
            .payoutStarted,
            [
                .out(of: account(.escrow), payout.left),
                .into(account(.commissionRevenue), payout.commission),
                .into(account(.receivable, of: seller), payout.netted),
                .into(account(.payoutClearing), payout.amount),
            ])
    }

    /// Gives back as much of the price as was asked for and is left; nothing if that is nothing.
    ///
    /// After each refund buyer and house stand where an order over what is left would have put them. Shares of
    /// fee, VAT and commission are the differences between two such orders, so they are never negative, and
    /// together with the last refund exactly everything has gone back, however the parts were rounded.
    public func refund(_ asked: Money, _ policy: Policy) -> Refund? {
        let price = Money(min(asked.minor, left.minor), left.currency)
        guard asked.currency == left.currency, price.minor > 0, let remaining = left.subtracting(price),
            let before = policy.cost(of: left), let after = policy.cost(of: remaining),
            let fee = before.fee.subtracting(after.fee), let vat = before.vat.subtracting(after.vat),
            let total = before.total.subtracting(after.total),
            let taken = left.portion(policy.commission), let kept = remaining.portion(policy.commission),
            let commission = taken.subtracting(kept)
        else { return nil }
        let keepsVAT = Planted.isOn(.refundWithoutVAT)
        let given = OrderCost(
            price: price, fee: fee, vat: keepsVAT ? Money(0, vat.currency) : vat,
            total: keepsVAT ? Money(total.minor - vat.minor, total.currency) : total)
        return Refund(given: given, commission: state == .escrowed ? Money(0, price.currency) : commission)
    }

    /// How much of a refund the seller bears itself: nothing while the price is in escrow.
    public func borneBySeller(_ refund: Refund) -> Money {
        let minor = state == .escrowed ? 0 : refund.given.price.minor - refund.commission.minor
        return Money(minor, refund.given.price.currency)
    }

    /// What whoever asked to undo the sale bears (C7): the fee that this refund gave back to the buyer, with its own VAT,
    /// rounded once, half away from zero. Nothing where there was none.
    public func cancellationFee(_ refund: Refund, _ policy: Policy) -> OrderCost? {
        refund.given.fee.minor > 0 ? policy.cost(ofFee: refund.given.fee) : nil
    }

    /// The movement that charges it: from the bearer's free balance as far as it goes; the bearer owes the rest.
    public func posting(_ fee: OrderCost, bearer: PartyID, free: Money) -> Posting? {
        let taken = Self.taken(fee, free: free)
        return Posting(
            .cancellationFee,
            [
                .out(of: account(.wallet, of: bearer), taken),
                .out(
                    of: account(.receivable, of: bearer), Money(fee.total.minor - taken.minor, taken.currency)
                ),
                .into(account(.feeRevenue), fee.fee), .into(account(.vatPayable), fee.vat),
            ])
    }

    /// How much of it the bearer's free balance covers.
    public static func taken(_ fee: OrderCost, free: Money) -> Money {
        Money(min(fee.total.minor, max(free.minor, 0)), fee.total.currency)
    }

    /// The movement of a refund: from escrow, or, after the payout, from the seller's free balance as far as it
    /// goes; the seller owes the rest (A17).
    public func posting(_ refund: Refund, sellerFree: Money) -> Posting? {
        var movements: [Movement] = [
            .into(account(.wallet, of: buyer), refund.given.total),
            .out(of: account(.feeRevenue), refund.given.fee),
            .out(of: account(.vatPayable), refund.given.vat),
        ]
        if state == .escrowed {
            movements.append(.out(of: account(.escrow), refund.given.price))
        } else {
            let owed = borneBySeller(refund)
            let taken = Money(min(owed.minor, max(sellerFree.minor, 0)), owed.currency)
            movements += [
                .out(of: account(.commissionRevenue), refund.commission),
                .out(of: account(.wallet, of: seller), taken),
                .out(of: account(.receivable, of: seller), Money(owed.minor - taken.minor, owed.currency)),
            ]
        }
        return Posting(.orderRefunded, movements)
    }
}
