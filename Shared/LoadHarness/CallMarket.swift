import Kernel
import Messages
import Operation
import Stories

/// A marketplace of preliminary calls under load (D): buyers speak to a prospect through the house's switch before they
/// buy the lead, or leave it.
final class CallMarket: Sendable {
    private let desk: LeadDesk
    private let buyers: [Visitor]
    private let exchange: TelephoneExchange
    private let crowd: Crowd
    /// The telephone of each buyer.
    private let telephones: [String]

    /// What each buyer has at the beginning, in minor units.
    private static let funds: Int64 = 100_000_000_000
    /// Proxy numbers beyond those of the desk: calls under way and numbers that rest after one.
    private static let numbers = 1_000

    private init(_ crowd: Crowd, _ cast: Cast, _ template: PublishListing) {
        let count = cast.buyers.count
        buyers = Array(crowd.visitors.prefix(count))
        desk = LeadDesk(
            seller: crowd.visitors[count], template: template, marketplace: cast.marketplace)
        exchange = TelephoneExchange(telephoneSwitch: crowd.visitors[count + 1])
        telephones = (0..<count).map { "+7916\(1_000_000 + Int(cast.marketplace.raw) % 9_000 * 1_000 + $0)" }
        self.crowd = crowd
    }

    static func open(
        _ installation: Installation, buyers: Int, operator guest: Guest
    ) async throws -> CallMarket {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        return try await closing {
            let (cast, desk) = try await Cast.openCalls(
                house, operator: guest, buyers: max(2, buyers), funds: funds, numbers: 1
            ) { policy in
                policy.duplicateWindow = .zero
                // A number goes from call to call: a day of a market passes in a minute.
                policy.preliminary.rest = .seconds(1)
            }
            for begin in stride(from: 0, to: numbers, by: 100) {
                try await cast.addNumbers(
                    (begin..<begin + 100).map { "7800\(100_000 + Int(cast.marketplace.raw))\(10_000 + $0)" })
            }
            let template = try await cast.lead()
            let crowd = try await Crowd.gather(
                installation, cast.buyers + [cast.seller, desk.telephoneSwitch], threads: 1)
            return CallMarket(crowd, cast, template)
        } finally: {
            await house.close()
        }
    }

    /// A lead is put on offer, a buyer speaks to its prospect, and buys it or does not.
    func journey(_ draw: JourneyDraw) -> Script {
        let place = draw.person % buyers.count
        let buyer = buyers[place]
        let telephone = telephones[place]
        let activated = Kept(CallActivated())
        let call = Kept(CallID.none)
        let buys = draw.number.isMultiple(of: 2)
        var parts: [Script.Part] = [
            { _ in self.desk.seal(draw) },
            { self.desk.publish($0, draw) },
            { reply in
                guard let published = ListingPublished(reply) else { return .over }
                var activate = ActivateCall()
                activate.listing = published.listing
                activate.callFrom = PersonalText(telephone)
                return .request(LoadRequest(.activate, activate, by: buyer), after: draw.thinks[1])
            },
            { reply in
                guard let answer = CallActivated(reply) else { return .over }
                activated.value = answer
                return self.exchange.ring(
                    draw, answer.proxyNumber, from: telephone, after: draw.thinks[2])
            },
            { reply in
                guard let routed = CallRouted(reply), routed.verdict == .putThrough else { return .over }
                call.value = routed.call
                var route = RouteCall()
                route.activation = routed.activation
                route.call = routed.call
                return .request(
                    LoadRequest(.route, route, by: self.exchange.telephoneSwitch))
            },
            { _ in self.exchange.answer(call.value) },
            { _ in self.exchange.hangUp(call.value, after: draw.thinks[3]) },
            { _ in
                guard buys else {
                    var decline = DeclineLead()
                    decline.activation = activated.value.activation
                    return .request(LoadRequest(.decline, decline, by: buyer), after: draw.thinks[0])
                }
                var buy = BuyLead()
                buy.listing = activated.value.listing
                return .request(LoadRequest(.buy, buy, by: buyer), after: draw.thinks[0])
            },
        ]
        if buys {
            parts.append { reply in
                guard let paid = OrderPaid(reply) else { return .over }
                var read = ReadContact()
                read.order = paid.order
                return .request(LoadRequest(.contact, read, by: buyer), after: draw.thinks[1])
            }
        }
        return Script(parts)
    }

    func close() async { await crowd.close() }
}

/// What a telephone switch says of one call after another.
struct TelephoneExchange: Sendable {
    let telephoneSwitch: Visitor

    /// A call has arrived; named after the number of the journey.
    func ring(_ draw: JourneyDraw, _ called: String, from caller: String, after milliseconds: Int) -> LoadStep
    {
        var arrived = CallArrived()
        arrived.switchCall = UInt64(draw.number)
        arrived.called = called
        arrived.presented = PersonalText(caller)
        arrived.at = now(after: milliseconds)
        return .request(LoadRequest(.arrive, arrived, by: telephoneSwitch), after: milliseconds)
    }

    func answer(_ call: CallID) -> LoadStep {
        var report = ReportCall()
        report.call = call
        report.report = .answeredByPerson
        report.at = now(after: 0)
        return .request(LoadRequest(.answer, report, by: telephoneSwitch))
    }

    func hangUp(_ call: CallID, after milliseconds: Int) -> LoadStep {
        var end = EndCall()
        end.call = call
        end.at = now(after: milliseconds)
        return .request(LoadRequest(.hangUp, end, by: telephoneSwitch), after: milliseconds)
    }

    private func now(after milliseconds: Int) -> Instant {
        telephoneSwitch.client.houseTime + .milliseconds(Int64(milliseconds))
    }
}
