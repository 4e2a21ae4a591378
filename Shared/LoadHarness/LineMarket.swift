import Client
import Kernel
import Messages
import Operation
import Stories

/// A prepaid line under load (E): callers without an account pay in on a page, and talk for their money.
final class LineMarket: Sendable {
    private let line: Line
    private let exchange: TelephoneExchange
    /// The page on which callers pay in: somebody without an account.
    private let page: Visitor
    private let crowd: Crowd
    private let marketplace: MarketplaceID

    /// Callers who come back again and again.
    private static let callers = 1_000
    /// What the line offers to pay in, in minor units.
    private static let amounts: [Int64] = [1_000, 2_000, 5_000]
    /// How often the page asks whether the money is there, and how long.
    private static let pause = Duration.milliseconds(20)
    private static let patience = Duration.seconds(10)

    /// The money of a caller did not come in.
    private struct NotPaid: Error, CustomStringConvertible {
        let state: PaymentState
        var description: String { "a top-up is \(state) after \(LineMarket.patience)" }
    }

    private init(_ crowd: Crowd, _ line: Line, _ marketplace: MarketplaceID) {
        self.line = line
        exchange = TelephoneExchange(telephoneSwitch: crowd.visitors[0])
        page = crowd.visitors[1]
        self.crowd = crowd
        self.marketplace = marketplace
    }

    static func open(_ installation: Installation, operator guest: Guest) async throws -> LineMarket {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        return try await closing {
            let cast = try await Cast.openMarketplace(
                house, operator: guest, policy: .prepaidLine, buyers: 0, funds: 0)
            let line = try await cast.openLine()
            let crowd = try await Crowd.gather(installation, [line.telephoneSwitch, nil], threads: 1)
            return LineMarket(crowd, line, cast.marketplace)
        } finally: {
            await house.close()
        }
    }

    /// Somebody pays in, waits until the money is there, calls, talks and hangs up.
    func journey(_ draw: JourneyDraw) -> Script {
        let caller = "+4917\(10_000_000 + Int(marketplace.raw) % 80_000 * 1_000 + draw.person % Self.callers)"
        let call = Kept(CallID.none)
        return Script([
            { _ in
                var topUp = TopUpCaller()
                topUp.profile = self.line.profile
                topUp.number = PersonalText(caller)
                topUp.amount = Money(Self.amounts[draw.number % Self.amounts.count], .eur)
                return .request(LoadRequest(.payIn, topUp, by: self.page))
            },
            { reply in
                guard let started = CallerTopUpStarted(reply) else { return .over }
                return .action(JourneyPart.paid.rawValue) {
                    try await self.awaitPayment(started.receipt)
                }
            },
            { _ in self.exchange.ring(draw, self.line.number, from: caller, after: draw.thinks[0]) },
            { reply in
                guard let routed = CallRouted(reply), routed.verdict == .putThrough else { return .over }
                call.value = routed.call
                return self.exchange.answer(routed.call)
            },
            { _ in self.exchange.hangUp(call.value, after: draw.thinks[1]) },
        ])
    }

    private func awaitPayment(_ receipt: String) async throws {
        var query = GetCallerTopUp()
        query.receipt = receipt
        let until = ContinuousClock.now + Self.patience
        while true {
            let state = try await page.client.ask(query).state
            if state == .settled { return }
            guard state != .declined, ContinuousClock.now < until else { throw NotPaid(state: state) }
            try await Task.sleep(for: Self.pause)
        }
    }

    func close() async { await crowd.close() }
}
