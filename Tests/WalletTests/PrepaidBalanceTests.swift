import Kernel
import Messages
import Testing
import WalletRules

@Suite("Prepaid balances") struct PrepaidBalanceTests {
    static func balance(paid: Int64 = 0, bonus: Int64 = 0, reserved: Int64 = 0, debt: Int64 = 0) throws
        -> PrepaidBalance
    {
        try #require(PrepaidBalance(.eur, paid: paid, bonus: bonus, reserved: reserved, debt: debt))
    }

    static func euro(_ minor: Int64) -> Money { Money(minor, .eur) }

    static func reason<Success>(_ result: Result<Success, Refusal>) -> RefusalCode? {
        guard case .failure(let refusal) = result else { return nil }
        return refusal.reason
    }

    @Test("E2 bonus is spent first, also by calls that were authorised before it came")
    func bonusFirst() throws {
        let start = try Self.balance(paid: 1_000).reserving(Self.euro(600)).get()
        let topped = try start.toppedUp(Self.euro(500), bonus: Self.euro(100)).get()
        #expect(topped.free == Self.euro(1_000))
        let (after, taken) = try topped.charging(Self.euro(250), ofReserve: Self.euro(600)).get()
        #expect(taken == FundsSplit(bonus: Self.euro(100), paid: Self.euro(150)))
        #expect(after == (try Self.balance(paid: 1_350)))
    }

    @Test("E2 bonus is never paid out, nor what calls in progress need")
    func withdrawable() throws {
        #expect(try Self.balance(paid: 500, bonus: 300).withdrawable == Self.euro(500))
        #expect(try Self.balance(paid: 500, bonus: 300, reserved: 300).withdrawable == Self.euro(500))
        #expect(try Self.balance(paid: 500, bonus: 300, reserved: 301).withdrawable == Self.euro(499))
        #expect(try Self.balance(paid: 500, bonus: 300, reserved: 800).withdrawable == Self.euro(0))
        #expect(try Self.balance(bonus: 300).withdrawable == Self.euro(0))
    }

    @Test(
        "E1 a charge-back takes bonus first; what is missing is a debt that blocks calls until it is settled")
    func chargeBack() throws {
        let (left, taken) = try Self.balance(paid: 500, bonus: 100).chargedBack(Self.euro(550)).get()
        #expect(taken == FundsSplit(bonus: Self.euro(100), paid: Self.euro(450)))
        #expect(left == (try Self.balance(paid: 50)))
        let (owing, _) = try left.chargedBack(Self.euro(80)).get()
        #expect(owing == (try Self.balance(debt: 30)))
        #expect(Self.reason(owing.reserving(Self.euro(0))) == .insufficientFunds)
        #expect(Self.reason(owing.spending(Self.euro(1))) == .insufficientFunds)
        let partly = try owing.toppedUp(Self.euro(20), bonus: Self.euro(0)).get()
        #expect(partly == (try Self.balance(debt: 10)))
        let settled = try partly.toppedUp(Self.euro(20), bonus: Self.euro(5)).get()
        #expect(settled == (try Self.balance(paid: 15)))
    }

    @Test("E1 a charge-back leaves calls in progress their reserves, and their rest settles the debt")
    func chargeBackDuringCall() throws {
        let calling = try Self.balance(paid: 1_000, bonus: 50).reserving(Self.euro(700)).get()
        let (owing, taken) = try calling.chargedBack(Self.euro(600)).get()
        #expect(taken == FundsSplit(bonus: Self.euro(50), paid: Self.euro(300)))
        #expect(owing == (try Self.balance(paid: 700, reserved: 700, debt: 250)))
        let (after, charged) = try owing.charging(Self.euro(500), ofReserve: Self.euro(700)).get()
        #expect(charged.paid == Self.euro(500))
        #expect(after == (try Self.balance(debt: 50)))
    }

    @Test("E8 another service spends what is free, and no more")
    func spending() throws {
        let start = try Self.balance(paid: 100, bonus: 40, reserved: 30)
        let (after, taken) = try start.spending(Self.euro(110)).get()
        #expect(taken == FundsSplit(bonus: Self.euro(40), paid: Self.euro(70)))
        #expect(after == (try Self.balance(paid: 30, reserved: 30)))
        #expect(Self.reason(start.spending(Self.euro(111))) == .insufficientFunds)
        #expect(Self.reason(start.spending(Self.euro(0))) == .amountOutOfRange)
    }

    @Test("F1 amounts that cannot be are refused, and change nothing")
    func refused() throws {
        let start = try Self.balance(paid: 100, bonus: 40, reserved: 30)
        #expect(Self.reason(start.reserving(Money(1, .usd))) == .wrongCurrency)
        #expect(Self.reason(start.toppedUp(Money(1, .usd), bonus: Self.euro(0))) == .wrongCurrency)
        #expect(Self.reason(start.toppedUp(Self.euro(1), bonus: Money(0, .usd))) == .wrongCurrency)
        #expect(Self.reason(start.chargedBack(Money(1, .rub))) == .wrongCurrency)
        #expect(Self.reason(start.charging(Self.euro(1), ofReserve: Money(1, .rub))) == .wrongCurrency)
        #expect(Self.reason(start.reserving(Self.euro(-1))) == .amountOutOfRange)
        #expect(Self.reason(start.reserving(Self.euro(111))) == .insufficientFunds)
        #expect(Self.reason(start.toppedUp(Self.euro(0), bonus: Self.euro(1))) == .amountOutOfRange)
        #expect(Self.reason(start.toppedUp(Self.euro(1), bonus: Self.euro(-1))) == .amountOutOfRange)
        #expect(Self.reason(start.toppedUp(Self.euro(.max), bonus: Self.euro(0))) == .amountOutOfRange)
        #expect(Self.reason(start.toppedUp(Self.euro(1), bonus: Self.euro(.max))) == .amountOutOfRange)
        #expect(
            Self.reason(start.toppedUp(Self.euro(.max / 2), bonus: Self.euro(.max / 2))) == .amountOutOfRange)
        #expect(Self.reason(start.charging(Self.euro(31), ofReserve: Self.euro(31))) == .amountOutOfRange)
        #expect(Self.reason(start.charging(Self.euro(21), ofReserve: Self.euro(20))) == .amountOutOfRange)
        #expect(Self.reason(start.charging(Self.euro(-1), ofReserve: Self.euro(20))) == .amountOutOfRange)
        #expect(Self.reason(start.chargedBack(Self.euro(0))) == .amountOutOfRange)
        let owing = try Self.balance(debt: .max)
        #expect(Self.reason(owing.chargedBack(Self.euro(1))) == .amountOutOfRange)
        #expect(PrepaidBalance(.eur, paid: -1) == nil && PrepaidBalance(.eur, bonus: -1) == nil)
        #expect(PrepaidBalance(.eur, reserved: 1) == nil && PrepaidBalance(.eur, paid: 1, debt: 1) == nil)
        #expect(PrepaidBalance(.eur, paid: .max, bonus: 1) == nil && PrepaidBalance(.none) == nil)
        #expect(PrepaidBalance(.eur, paid: 1, reserved: -1) == nil && PrepaidBalance(.eur, debt: -1) == nil)
    }

    static let table = TopUpTable(
        .eur,
        [
            TopUpOffer(amount: euro(1_000), bonus: euro(0)),
            TopUpOffer(amount: euro(2_500), bonus: euro(250)),
            TopUpOffer(amount: euro(5_000), bonus: euro(1_000)),
        ])

    @Test("E2 each fixed top-up carries the bonus of its own, and no other amount is taken")
    func offers() throws {
        #expect(Self.table.refusal == nil)
        let most = (1...32).map { TopUpOffer(amount: Self.euro($0), bonus: Self.euro(0)) }
        #expect(TopUpTable(.eur, most).refusal == nil)
        let offer = try Self.table.offer(of: Self.euro(2_500)).get()
        let balance = try Self.balance().toppedUp(offer.amount, bonus: offer.bonus).get()
        #expect(balance == (try Self.balance(paid: 2_500, bonus: 250)))
        #expect(try Self.table.offer(of: Self.euro(1_000)).get().bonus == Self.euro(0))
        #expect(Self.reason(Self.table.offer(of: Self.euro(2_501))) == .amountOutOfRange)
        #expect(Self.reason(Self.table.offer(of: Money(2_500, .usd))) == .wrongCurrency)
    }

    static let badTables: [([TopUpOffer], RefusalCode)] = [
        ([], .invalidValue),
        ((1...33).map { TopUpOffer(amount: euro($0), bonus: euro(0)) }, .invalidValue),
        ([table.offers[1], table.offers[0]], .invalidValue),
        ([table.offers[1], table.offers[1]], .invalidValue),
        ([TopUpOffer(amount: euro(0), bonus: euro(0))], .amountOutOfRange),
        ([TopUpOffer(amount: euro(.max), bonus: euro(0))], .amountOutOfRange),
        ([TopUpOffer(amount: euro(1), bonus: euro(-1))], .amountOutOfRange),
        ([TopUpOffer(amount: euro(1), bonus: euro(.max))], .amountOutOfRange),
        ([TopUpOffer(amount: euro(1), bonus: Money(0, .usd))], .wrongCurrency),
    ]

    @Test("E2 a table of top-ups outside its ranges is refused", arguments: badTables)
    func badTable(_ row: (offers: [TopUpOffer], reason: RefusalCode)) {
        let table = TopUpTable(.eur, row.offers)
        #expect(table.refusal?.reason == row.reason)
        #expect(Self.reason(table.offer(of: Self.euro(1))) == row.reason)
    }
}
