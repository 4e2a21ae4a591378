import Kernel
import Messages
import Testing
import WalletRules

private func policy(fee: Int32, commission: Int32, vat: Int32) -> Policy {
    var policy = Policy()
    policy.buyerFee = BasisPoints(fee)
    policy.commission = BasisPoints(commission)
    policy.vat = BasisPoints(vat)
    return policy
}

private func sale(_ price: Int64, _ policy: Policy) throws -> Sale {
    Sale(
        order: OrderID(1), marketplace: MarketplaceID(1), policyVersion: 1, listing: ListingID(1),
        title: "Dach",
        buyer: PartyID(2), seller: PartyID(3), cost: try #require(policy.cost(of: Money(price, .eur))),
        invoice: InvoiceID(1), refunded: Money(0, .eur))
}

@Suite struct RefundTests {
    /// price, fee, commission and VAT in basis points: fee, VAT, total, commission and share in cents.
    static let splits = """
        10000 |    0 | 1500 | 1900 |   0 | 1900 | 11900 | 1500 | 8500
        10000 |  500 | 1500 | 1900 | 500 | 1995 | 12495 | 1500 | 8500
            1 |  500 | 1500 | 1900 |   0 |    0 |     1 |    0 |    1
           10 |  500 | 5000 |  500 |   1 |    1 |    12 |    5 |    5
            3 | 5000 | 5000 |    0 |   2 |    0 |     5 |    2 |    1
         9999 |  333 |  777 | 1900 | 333 | 1963 | 12295 |  777 | 9222
          100 |    0 |    0 |    0 |   0 |    0 |   100 |    0 |  100
          100 |    0 | 10000 |   0 |   0 |    0 |   100 |  100 |    0
        """

    @Test("A13 A15 the price is split into fee, VAT, commission and share, rounded half away from zero")
    func split() throws {
        for row in Self.splits.split(separator: "\n") {
            let cells = row.split(separator: "|").compactMap { Int64($0.filter { $0 != " " }) }
            let policy = policy(fee: Int32(cells[1]), commission: Int32(cells[2]), vat: Int32(cells[3]))
            let sale = try sale(cells[0], policy)
            let payout = try #require(sale.payout(policy, owed: Money(0, .eur)))
            let found = [
                sale.cost.fee.minor, sale.cost.vat.minor, sale.cost.total.minor, payout.commission.minor,
                payout.amount.minor,
            ]
            #expect(found == Array(cells[4...]), "\(row)")
            #expect(sale.posting(payout) != nil, "\(row)")
        }
    }

    @Test(
        "A14 A17 parts refunded in any sizes give back exactly what was paid, and never more",
        arguments: 0..<200)
    func parts(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        let policy = policy(
            fee: Int32(chance.below(10_001)), commission: Int32(chance.below(10_001)),
            vat: Int32(chance.below(10_001)))
        var sale = try sale(Int64(chance.below(100_000)) + 1, policy)
        let payoutAfter = chance.below(8)
        var (price, fee, vat, total, borne) = (Int64(0), Int64(0), Int64(0), Int64(0), Int64(0))
        var share: Int64 = 0
        for step in 0..<200 where sale.left.minor > 0 {
            if step == payoutAfter, let payout = sale.payout(policy, owed: Money(0, .eur)) {
                share = payout.amount.minor
                sale = sale.payingOut(.paidOut, payout: PaymentID(1))
            }
            let asked = Int64(chance.below(Int(sale.cost.price.minor) / (1 + chance.below(20)) + 1)) + 1
            let refund = try #require(sale.refund(Money(asked, .eur), policy))
            #expect(
                refund.given.fee.minor >= 0 && refund.given.vat.minor >= 0 && refund.commission.minor >= 0)
            #expect(sale.posting(refund, sellerFree: Money(Int64(chance.below(500)), .eur)) != nil)
            price += refund.given.price.minor
            fee += refund.given.fee.minor
            vat += refund.given.vat.minor
            total += refund.given.total.minor
            borne += sale.borneBySeller(refund).minor
            sale = sale.refunding(refund)
            #expect(total <= sale.cost.total.minor)
        }
        while let rest = sale.refund(Money(.max, .eur), policy) {
            price += rest.given.price.minor
            fee += rest.given.fee.minor
            vat += rest.given.vat.minor
            total += rest.given.total.minor
            borne += sale.borneBySeller(rest).minor
            sale = sale.refunding(rest)
        }
        let cost = sale.cost
        #expect(price == cost.price.minor && fee == cost.fee.minor && vat == cost.vat.minor)
        #expect(total == cost.total.minor)
        #expect(borne == share, "the seller gives back what it was paid, to the cent")
    }

    @Test("A14 a refund of nothing, less than nothing, or in another currency is none")
    func none() throws {
        let policy = policy(fee: 500, commission: 1_500, vat: 1_900)
        let sale = try sale(10_000, policy)
        for asked in [Money(0, .eur), Money(-1, .eur), Money(.min, .eur), Money(100, .usd)] {
            #expect(sale.refund(asked, policy) == nil)
        }
        #expect(sale.refund(Money(10_001, .eur), policy)?.given.price == Money(10_000, .eur))
    }

    @Test("A13 what the seller owes is set off against its share, up to the whole share")
    func netting() throws {
        let policy = policy(fee: 0, commission: 1_500, vat: 0)
        let sale = try sale(10_000, policy)
        for (owed, netted) in [(0, 0), (1, 1), (8_500, 8_500), (9_000, 8_500), (-5, 0)] as [(Int64, Int64)] {
            let payout = try #require(sale.payout(policy, owed: Money(owed, .eur)))
            #expect(payout.netted.minor == netted && payout.amount.minor == 8_500 - netted)
            #expect(sale.posting(payout) != nil)
        }
    }

    @Test("F1 a cost that does not fit is none")
    func overflow() {
        let policy = policy(fee: 10_000, commission: 0, vat: 10_000)
        #expect(policy.cost(of: Money(.max, .eur)) == nil)
        #expect(policy.cost(of: Money(.max / 4 + 1, .eur)) == nil)
        #expect(policy.cost(of: Money(-1, .eur)) == nil)
        #expect(policy.cost(of: Money(1, .usd)) == nil)
    }
}
