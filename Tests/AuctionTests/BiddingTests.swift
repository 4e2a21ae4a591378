import AuctionRules
import Kernel
import Messages
import Testing

/// Plays bids on one listing and writes down what each did: `bidder amount -> price leader`.
private func play(_ table: String, policy: Policy, start: Int64) -> [(row: String, found: String)] {
    var standing = Standing(price: Money(start, policy.currency))
    var rows: [(String, String)] = []
    for (index, line) in table.split(separator: "\n").enumerated() {
        let row = line.split(separator: " ").joined(separator: " ")
        let words = row.split(separator: " ")
        let bidder = PartyID(UInt64(words[0].utf8.first ?? 0))
        let amount = Money(Int64(words[1]) ?? 0, policy.currency)
        let bid = Standing.Lead(bid: BidID(UInt64(index + 1)), bidder: bidder, maximum: amount)
        var outcome: String
        switch Bidding.decide(bid, at: standing, by: policy) {
        case .leads(let next, _):
            standing = next
            outcome = "leads"
        case .raises(let next):
            standing = next
            outcome = "raises"
        case .outbidAtOnce(let next):
            standing = next
            outcome = "outbid"
        case .refused(let refusal): outcome = "\(refusal.reason)"
        }
        let leader = standing.lead.map { String(UnicodeScalar(UInt8($0.bidder.raw))) } ?? "-"
        rows.append((row, "\(words[0]) \(words[1]) -> \(outcome) \(standing.price.minor) \(leader)"))
    }
    return rows
}

private func expectPlayed(_ table: String, policy: Policy, start: Int64) {
    for (row, found) in play(table, policy: policy, start: start) { #expect(found == row) }
}

@Suite("Bids, in order of arrival") struct BiddingTests {
    @Test("A9 A11 open bids: at least the start price, then the increment; equal bids: the earlier")
    func open() {
        var policy = Policy()
        policy.increments = [IncrementStep(from: 0, step: 100), IncrementStep(from: 5_000, step: 500)]
        expectPlayed(
            """
            a 999      -> bidTooLow 1000 -
            a 1000     -> leads 1000 a
            b 1000     -> bidTooLow 1000 a
            b 1099     -> bidTooLow 1000 a
            b 1100     -> leads 1100 b
            b 1150     -> bidTooLow 1100 b
            b 1200     -> raises 1200 b
            a 4999     -> leads 4999 a
            b 5098     -> bidTooLow 4999 a
            b 5099     -> leads 5099 b
            a 5598     -> bidTooLow 5099 b
            a 5599     -> leads 5599 a
            c 0        -> amountOutOfRange 5599 a
            c -5       -> amountOutOfRange 5599 a
            c 100000001 -> amountOutOfRange 5599 a
            c 9223372036854775807 -> amountOutOfRange 5599 a
            """, policy: policy, start: 1_000)
    }

    @Test("A9 proxy bids: the price is the second-highest maximum plus a step, never above the highest")
    func proxy() {
        var policy = Policy()
        policy.bidding = .proxy
        policy.currency = .usd
        policy.increments = Policy.recordedIncrements
        expectPlayed(
            """
            a 9899     -> bidTooLow 9900 -
            a 17500    -> leads 9900 a
            a 17500    -> bidTooLow 9900 a
            b 9999     -> bidTooLow 9900 a
            b 10000    -> outbid 10250 a
            c 15000    -> outbid 15250 a
            a 20000    -> raises 15250 a
            b 20000    -> outbid 20000 a
            c 20000    -> bidTooLow 20000 a
            b 20001    -> leads 20001 b
            a 20500    -> leads 20251 a
            """, policy: policy, start: 9_900)
    }

    @Test("A9 a bid in another currency is refused, whatever its size") func currency() {
        let decision = Bidding.decide(
            .init(bid: BidID(1), bidder: PartyID(1), maximum: Money(5_000, .usd)),
            at: Standing(price: Money(1_000, .eur)), by: Policy())
        #expect(decision == .refused(Refusal(.wrongCurrency, expected: "EUR", found: "USD")))
    }

    @Test("A9 the increment changes exactly at its price") func increments() {
        var policy = Policy()
        policy.increments = Policy.recordedIncrements
        let table: [(Int64, Int64)] = [
            (1, 5), (99, 5), (100, 25), (499, 25), (500, 50), (2_499, 50), (2_500, 100), (9_999, 100),
            (10_000, 250),
            (24_999, 250), (25_000, 500), (49_999, 500), (50_000, 1_000), (99_999, 1_000), (100_000, 2_500),
            (249_999, 2_500), (250_000, 5_000), (499_999, 5_000), (500_000, 10_000), (9_000_000, 10_000),
        ]
        for (price, step) in table { #expect(policy.increment(at: price) == step, "at \(price)") }
    }
}
