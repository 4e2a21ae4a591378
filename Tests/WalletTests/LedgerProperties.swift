import Kernel
import Messages
import Testing
import WalletRules

/// A ledger in memory, kept by the rules alone.
private struct PureLedger {
    var accounts: [AccountKey: Account] = [:]
    var keys: [AccountKey] = []
    var holds: [Hold] = []
    var sales: [Sale] = []
    let policy: Policy
    static let market = MarketplaceID(1)

    func account(_ key: AccountKey) -> Account { accounts[key] ?? Account(key) }

    mutating func save(_ account: Account) {
        if accounts.updateValue(account, forKey: account.key) == nil { keys.append(account.key) }
    }

    func wallet(_ party: UInt64) -> AccountKey {
        AccountKey(.wallet, of: PartyID(party), in: Self.market, policy.currency)
    }

    func owed(_ party: PartyID) -> Money {
        let posted = account(AccountKey(.receivable, of: party, in: Self.market, policy.currency)).posted
        return Money(0 - posted, policy.currency)
    }

    /// All or nothing, as the store does it.
    mutating func post(_ posting: Posting?, freeing hold: Hold? = nil) -> Bool {
        guard let posting else { return false }
        var changed: [Account] = []
        for leg in posting.legs {
            var before = account(leg.account)
            if let hold, leg.account.accountClass == .wallet, leg.account.party == hold.party {
                before = before.freeing(hold.amount.minor)
            }
            guard case .success(let after) = before.posting(leg.minor) else { return false }
            changed.append(after)
        }
        for account in changed { save(account) }
        return true
    }

    func check() {
        let sum = keys.reduce(Int128(0)) { $0 + Int128(account($1).posted) }
        #expect(sum == 0, "F1: the ledger sums to zero")
        for key in keys {
            let found = account(key)
            let live = holds.reduce(Int64(0)) { total, hold in
                let counts = hold.state == .held && key == wallet(hold.party.raw)
                return counts ? total + hold.amount.minor : total
            }
            #expect(found.held == live, "held is the sum of the live holds")
            #expect(found.available.minor + found.held == found.posted, "available + held = posted")
            #expect(
                found.available.minor >= key.accountClass.floor && found.posted <= key.accountClass.ceiling)
        }
        for sale in sales { #expect(sale.refunded.minor <= sale.cost.price.minor) }
    }
}

@Suite struct LedgerProperties {
    @Test(
        "F1 whatever happens in whatever order, the ledger sums to zero and no balance breaks its bound",
        arguments: 0..<40)
    func anyOrder(seed: Int) {
        var chance = Chance(seed: UInt64(seed))
        var policy = Policy()
        policy.buyerFee = BasisPoints(Int32(chance.below(2_000)))
        policy.commission = BasisPoints(Int32(chance.below(10_001)))
        policy.vat = BasisPoints(Int32(chance.below(2_501)))
        var ledger = PureLedger(policy: policy)
        for step in 1...250 {
            switch chance.below(9) {
            case 0, 1: topUp(&ledger, &chance, step)
            case 2, 3: place(&ledger, &chance, step)
            case 4: raise(&ledger, &chance)
            case 5: release(&ledger, &chance)
            case 6: collect(&ledger, &chance, step)
            case 7: refund(&ledger, &chance)
            default: payOut(&ledger, &chance, step)
            }
            ledger.check()
        }
    }

    private func amount(_ chance: inout Chance) -> Money {
        // Now and then an amount that no ledger can hold.
        chance.below(40) == 0 ? Money(.max, .eur) : Money(Int64(chance.below(50_000)) - 20, .eur)
    }

    private func party(_ chance: inout Chance) -> UInt64 { UInt64(chance.below(5)) + 1 }

    private func topUp(_ ledger: inout PureLedger, _ chance: inout Chance, _ step: Int) {
        let payment = Payment(
            id: PaymentID(UInt64(step)), kind: .topUp, marketplace: PureLedger.market,
            party: PartyID(party(&chance)),
            amount: amount(&chance))
        _ = ledger.post(payment.topUp())
    }

    private func place(_ ledger: inout PureLedger, _ chance: inout Chance, _ step: Int) {
        var request = PlaceHold()
        request.hold = HoldID(UInt64(step))
        request.party = PartyID(party(&chance))
        request.marketplace = PureLedger.market
        request.amount = amount(&chance)
        let account = ledger.account(ledger.wallet(request.party.raw))
        if case .set(let hold, let after) = Hold.place(request, known: nil, account: account) {
            ledger.holds.append(hold)
            ledger.save(after)
        }
    }

    private func raise(_ ledger: inout PureLedger, _ chance: inout Chance) {
        guard !ledger.holds.isEmpty else { return }
        let index = chance.below(ledger.holds.count)
        let hold = ledger.holds[index]
        let account = ledger.account(ledger.wallet(hold.party.raw))
        if case .set(let raised, let after) = hold.raise(
            to: amount(&chance), deadline: .none, account: account)
        {
            #expect(hold.state == .held && raised.amount.minor >= hold.amount.minor)
            ledger.holds[index] = raised
            ledger.save(after)
        }
    }

    private func release(_ ledger: inout PureLedger, _ chance: inout Chance) {
        guard !ledger.holds.isEmpty else { return }
        let index = chance.below(ledger.holds.count)
        guard ledger.holds[index].state == .held else { return }
        let account = ledger.account(ledger.wallet(ledger.holds[index].party.raw))
        ledger.save(account.freeing(ledger.holds[index].amount.minor))
        ledger.holds[index] = ledger.holds[index].ending(.released)
    }

    private func collect(_ ledger: inout PureLedger, _ chance: inout Chance, _ step: Int) {
        let live = ledger.holds.indices.filter { ledger.holds[$0].state == .held }
        let index = live.isEmpty || chance.below(3) == 0 ? nil : live[chance.below(live.count)]
        let hold = index.map { ledger.holds[$0] }
        let buyer = hold?.party ?? PartyID(party(&chance))
        guard let cost = ledger.policy.cost(of: Money(Int64(chance.below(30_000)) + 1, .eur)) else { return }
        let sale = Sale(
            order: OrderID(UInt64(step)), marketplace: PureLedger.market, policyVersion: 1, listing: .none,
            title: "",
            buyer: buyer, seller: PartyID(buyer.raw % 5 + 1), cost: cost, invoice: .none,
            refunded: Money(0, .eur))
        guard ledger.post(sale.collect(), freeing: hold) else { return }
        if let index { ledger.holds[index] = ledger.holds[index].ending(.captured, captured: 0) }
        ledger.sales.append(sale)
    }

    private func refund(_ ledger: inout PureLedger, _ chance: inout Chance) {
        guard !ledger.sales.isEmpty else { return }
        let index = chance.below(ledger.sales.count)
        let sale = ledger.sales[index]
        guard let refund = sale.refund(amount(&chance), ledger.policy) else { return }
        let free = ledger.account(ledger.wallet(sale.seller.raw)).available
        let buyer = ledger.account(ledger.wallet(sale.buyer.raw)).posted
        let booked = ledger.post(sale.posting(refund, sellerFree: free))
        #expect(booked, "a refund that the rules allow can be booked")
        #expect(ledger.account(ledger.wallet(sale.buyer.raw)).posted == buyer + refund.given.total.minor)
        ledger.sales[index] = sale.refunding(refund)
    }

    private func payOut(_ ledger: inout PureLedger, _ chance: inout Chance, _ step: Int) {
        guard !ledger.sales.isEmpty else { return }
        let index = chance.below(ledger.sales.count)
        let sale = ledger.sales[index]
        guard sale.state == .escrowed, let payout = sale.payout(ledger.policy, owed: ledger.owed(sale.seller))
        else {
            return
        }
        let booked = ledger.post(sale.posting(payout))
        #expect(booked, "a payout that the rules allow can be booked")
        let id = PaymentID(UInt64(step))
        ledger.sales[index] = sale.payingOut(.paidOut, payout: id)
        guard payout.amount.minor > 0 else { return }
        let payment = Payment(
            id: id, kind: .payout, marketplace: PureLedger.market, party: sale.seller, amount: payout.amount)
        if chance.below(4) == 0 {
            let returned = ledger.post(payment.returned(owed: ledger.owed(sale.seller)))
            #expect(returned)
            ledger.sales[index] = sale.payingOut(.returned, payout: id)
        } else {
            let settled = ledger.post(payment.settled())
            #expect(settled)
        }
    }

    @Test("F1 a posting that does not sum to zero, is negative or mixes currencies is none")
    func unbalanced() {
        let market = MarketplaceID(1)
        let wallet = AccountKey(.wallet, of: PartyID(1), in: market, .eur)
        let cash = AccountKey(.cash, in: market, .eur)
        let dollars = AccountKey(.cash, in: market, .usd)
        let ten = Money(10, .eur)
        #expect(Posting(.topUp, [.out(of: cash, ten), .into(wallet, ten)]) != nil)
        #expect(Posting(.topUp, [.out(of: cash, ten), .into(wallet, Money(11, .eur))]) == nil)
        #expect(Posting(.topUp, [.out(of: dollars, Money(10, .usd)), .into(wallet, ten)]) == nil)
        #expect(Posting(.topUp, [.out(of: cash, Money(10, .usd)), .into(wallet, Money(10, .usd))]) == nil)
        #expect(Posting(.topUp, [.out(of: cash, Money(-10, .eur)), .into(wallet, Money(-10, .eur))]) == nil)
        #expect(Posting(.topUp, [.out(of: cash, Money(0, .eur)), .into(wallet, Money(0, .eur))]) == nil)
        let most = Money(.max, .eur)
        #expect(Posting(.topUp, [.into(wallet, most), .into(wallet, most), .out(of: cash, most)]) == nil)
    }

    @Test("F1 legs on one account become one leg")
    func merged() {
        let market = MarketplaceID(1)
        let wallet = AccountKey(.wallet, of: PartyID(1), in: market, .eur)
        let cash = AccountKey(.cash, in: market, .eur)
        let posting = Posting(
            .topUp,
            [.into(wallet, Money(7, .eur)), .out(of: cash, Money(10, .eur)), .into(wallet, Money(3, .eur))])
        #expect(posting?.legs.map(\.minor) == [10, -10])
        #expect(posting?.legs.map(\.account) == [wallet, cash])
    }
}
