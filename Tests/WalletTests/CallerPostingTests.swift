import Kernel
import Messages
import Testing
import WalletRules

@Suite("Callers' balances in the ledger") struct CallerPostingTests {
    private static let market = MarketplaceID(1)
    private static let provider = PartyID(7)

    private static func change(_ before: PrepaidBalance, _ after: PrepaidBalance) -> CallerPosting {
        CallerPosting(marketplace: market, account: 5, provider: provider, before: before, after: after)
    }

    /// What an entry does to a caller's three accounts.
    private static func applied(_ posting: Posting?, _ before: PrepaidBalance, account: UInt64 = 5) -> [Int64]
    {
        var sums = [before.paid, before.bonus, -before.debt]
        for leg in posting?.legs ?? [] where leg.account.party == PartyID(account) {
            switch leg.account.accountClass {
            case .callerPaid: sums[0] += leg.minor
            case .callerBonus: sums[1] += leg.minor
            case .callerDebt: sums[2] += leg.minor
            default: break
            }
        }
        return sums
    }

    private static func money(_ balance: PrepaidBalance) -> [Int64] {
        [balance.paid, balance.bonus, -balance.debt]
    }

    @Test(
        "E2 whatever moves a balance, its entry sums to zero and leads from the one to the other",
        arguments: (1...40).map(UInt64.init))
    func entries(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var balance = try #require(PrepaidBalance.empty(.eur))
        for _ in 0..<200 {
            let amount = Money(Int64(1 + chance.below(5_000)), .eur)
            let bonus = Money(Int64(chance.below(500)), .eur)
            let before = balance
            let posting: Posting?
            switch chance.below(5) {
            case 0:
                balance = try before.toppedUp(amount, bonus: bonus).get()
                posting = Self.change(before, balance).toppedUp(.callerToppedUp, amount, bonus: bonus)
            case 1:
                balance = try before.chargedBack(amount).get().balance
                posting = Self.change(before, balance).chargedBack(amount)
            case 2:
                balance = try before.given(amount).get()
                posting = Self.change(before, balance).toppedUp(.callerRaised, Money(0, .eur), bonus: amount)
            case 3:
                guard case .success(let reserved) = before.reserving(amount) else { continue }
                let charge = Money(Int64(chance.below(Int(amount.minor) + 1)), .eur)
                balance = try reserved.charging(charge, ofReserve: amount).get().balance
                guard Self.change(before, balance).moves else { continue }
                posting = Self.change(before, balance).earned(.callCharged, charge)
            default:
                let other = try #require(
                    PrepaidBalance(.eur, paid: amount.minor, bonus: bonus.minor))
                balance = try before.absorbing(other).get()
                posting = Self.change(before, balance).merged(6, other)
                #expect(Self.applied(posting, other, account: 6) == [0, 0, 0])
            }
            #expect(posting != nil, "an entry that sums to zero")
            #expect(Self.applied(posting, before) == Self.money(balance))
        }
    }

    @Test("E10 a balance with a call in progress is not merged, nor one in another currency")
    func merging() throws {
        let balance = try #require(PrepaidBalance(.eur, paid: 100))
        let busy = try #require(PrepaidBalance(.eur, paid: 100, reserved: 10))
        let foreign = try #require(PrepaidBalance(.usd, paid: 100))
        #expect(PrepaidBalanceTests.reason(balance.absorbing(busy)) == .wrongState)
        #expect(PrepaidBalanceTests.reason(balance.absorbing(foreign)) == .wrongCurrency)
        let owing = try #require(PrepaidBalance(.eur, debt: 30))
        #expect(try balance.absorbing(owing).get() == #require(PrepaidBalance(.eur, paid: 70)))
        #expect(try busy.absorbing(owing).get().paid == 70)
    }

    @Test("E4 E5 E7 a tariff that no call can begin under is not set")
    func stated() throws {
        let spoilt: [(RefusalCode, (inout TariffTerms) -> Void)] = [
            (.invalidValue, { $0.startDelay = 5 }), (.invalidValue, { $0.firstIncrement = 0 }),
            (.invalidValue, { $0.nextIncrement = 3_601 }), (.invalidValue, { $0.longestCall = 59 }),
            (.invalidValue, { $0.firstCallers = FirstCallerOffer() }),
            (.amountOutOfRange, { $0.prices.connectFee = -1 }),
            (.amountOutOfRange, { $0.prices.other = .max }),
        ]
        for (reason, spoil) in spoilt {
            var terms = TariffTerms()
            spoil(&terms)
            #expect(PrepaidBalanceTests.reason(Tariff.stated(terms, version: 1, .eur)) == reason)
        }
        #expect(PrepaidBalanceTests.reason(Tariff.stated(TariffTerms(), version: 1, .none)) == .invalidValue)
        #expect(try Tariff.stated(TariffTerms(), version: 4, .eur).get().version == 4)
    }
}
