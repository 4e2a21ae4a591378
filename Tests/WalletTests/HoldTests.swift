import Kernel
import Messages
import Testing
import WalletRules

@Suite struct HoldTests {
    private let wallet = AccountKey(.wallet, of: PartyID(1), in: MarketplaceID(1), .eur)

    private func request(_ minor: Int64, _ currency: Currency = .eur) -> PlaceHold {
        var request = PlaceHold()
        request.hold = HoldID(7)
        request.party = PartyID(1)
        request.marketplace = MarketplaceID(1)
        request.amount = Money(minor, currency)
        request.deadline = Instant(microseconds: 1_000)
        return request
    }

    @Test("A9 a hold needs a positive amount, the wallet's currency, and free balance")
    func refused() throws {
        let account = try Account(wallet).posting(1_000).get()
        let table: [(Money, RefusalCode?)] = [
            (Money(0, .eur), .amountOutOfRange), (Money(-1, .eur), .amountOutOfRange),
            (Money(.min, .eur), .amountOutOfRange), (Money(1, .usd), .wrongCurrency),
            (Money(1_001, .eur), .insufficientFunds), (Money(.max, .eur), .insufficientFunds),
            (Money(1_000, .eur), nil),
        ]
        for (amount, reason) in table {
            switch Hold.place(request(amount.minor, amount.currency), known: nil, account: account) {
            case .refused(let refusal): #expect(refusal.reason == reason, "\(amount)")
            case .set(_, let after): #expect(reason == nil && after.held == amount.minor, "\(amount)")
            case .unchanged: Issue.record("\(amount): a new hold is a change")
            }
        }
    }

    @Test("F2 the same hold again is the same; with other content it is refused; an ended one stays ended")
    func again() throws {
        let account = try Account(wallet).posting(1_000).get()
        guard case .set(let hold, let after) = Hold.place(request(400), known: nil, account: account) else {
            Issue.record("expected a hold")
            return
        }
        #expect(Hold.place(request(400), known: hold, account: after) == .unchanged(hold))
        guard case .refused(let other) = Hold.place(request(401), known: hold, account: after),
            case .refused(let ended) = Hold.place(request(400), known: hold.ending(.released), account: after)
        else {
            Issue.record("expected refusals")
            return
        }
        #expect(other.reason == .wrongState && ended.reason == .holdEnded)
    }

    @Test("A9 a raise sets the difference aside; refused, the old amount stays; it never lowers")
    func raised() throws {
        let account = try Account(wallet).posting(1_000).get()
        guard case .set(let hold, let held) = Hold.place(request(400), known: nil, account: account) else {
            Issue.record("expected a hold")
            return
        }
        let later = Instant(microseconds: 2_000)
        guard
            case .set(let raised, let more) = hold.raise(
                to: Money(1_000, .eur), deadline: later, account: held)
        else {
            Issue.record("expected a raise")
            return
        }
        #expect(raised.amount == Money(1_000, .eur) && raised.deadline == later && more.held == 1_000)
        let table: [(Money, RefusalCode)] = [
            (Money(1_001, .eur), .insufficientFunds), (Money(399, .eur), .amountOutOfRange),
            (Money(500, .usd), .wrongCurrency), (Money(.min, .eur), .amountOutOfRange),
        ]
        for (amount, reason) in table {
            guard case .refused(let refusal) = hold.raise(to: amount, deadline: later, account: held) else {
                Issue.record("\(amount): expected a refusal")
                continue
            }
            // The smallest amount less anything does not fit; it is refused all the same.
            #expect(refusal.reason == reason || amount.minor == .min, "\(amount)")
        }
        #expect(hold.raise(to: hold.amount, deadline: hold.deadline, account: held) == .unchanged(hold))
        guard
            case .refused(let ended) = hold.ending(.captured).raise(
                to: hold.amount, deadline: later, account: held)
        else {
            Issue.record("expected a refusal")
            return
        }
        #expect(ended.reason == .holdEnded)
    }
}

@Suite struct PaymentTests {
    @Test("E1 F2 a payment ends once, however often the provider answers; an unknown outcome is asked again")
    func steps() {
        let reports: [ProviderReport] = [.settled, .pending, .declined, .unreachable]
        for ended in [PaymentState.settled, .declined] {
            for report in reports { #expect(PaymentStep.after(report, in: ended, attempt: 1) == .ignore) }
        }
        for open in [PaymentState.started, .pending] {
            #expect(PaymentStep.after(.settled, in: open, attempt: 1) == .settle)
            #expect(PaymentStep.after(.declined, in: open, attempt: 1) == .decline)
            #expect(
                PaymentStep.after(.pending, in: open, attempt: 1) == .askAgain(after: .seconds(5), .pending))
            #expect(
                PaymentStep.after(.unreachable, in: open, attempt: 3) == .askAgain(after: .seconds(20), open))
            #expect(
                PaymentStep.after(.pending, in: open, attempt: 12) == .askAgain(after: .hours(1), .pending))
            #expect(
                PaymentStep.after(.pending, in: open, attempt: .max) == .askAgain(after: .hours(1), .pending))
            #expect(
                PaymentStep.after(.pending, in: open, attempt: 0) == .askAgain(after: .seconds(5), .pending))
        }
    }
}
