import Client
import Kernel
import Messages
import Synchronization

/// The requests and actions that journeys are made of.
enum JourneyPart: Int, CaseIterable {
    case search, detail, history, dashboard, inbox, balance, bid, seal, publish, trades, contact, topUp
    case objection, statement, cases
    case apply, letter, review, application
    case activate, arrive, route, answer, hangUp, buy, decline
    case payIn, paid
}

extension LoadRequest {
    init<C: Command>(_ part: JourneyPart, _ command: C, by visitor: Visitor) {
        self.init(part.rawValue, command, by: visitor)
    }

    init<Q: Query>(_ part: JourneyPart, _ query: Q, by visitor: Visitor) {
        self.init(part.rawValue, query, by: visitor)
    }
}

/// What a journey draws before it begins, so that the same seed makes the same journeys.
struct JourneyDraw: Sendable {
    var kind: JourneyKind
    /// Its own number, from 1.
    var number: Int
    /// Somebody of ``people``, who is one of the parties of whatever market.
    var person: Int
    var listing: ListingID
    var buyer: Visitor
    var rival: Visitor
    /// Milliseconds.
    var thinks: [Int]
    var hurries: Int

    static let people = 1_000_000
}

/// A mix of journeys, each of several requests with time to think between them.
public final class MarketScenario: LoadScenario {
    public let operations = JourneyPart.allCases.map { "\($0)" }
    private let markets: JourneyMarkets
    private let market: LoadMarket
    private let zipf: Zipf
    private let think: Int
    private let wheel: [JourneyKind]
    private let state: Mutex<State>

    private struct State {
        var chance: Chance
        var number = 0
    }

    /// - Parameter think: the mean time between two requests of a journey, in milliseconds.
    public init(_ markets: JourneyMarkets, weights: [JourneyKind: Int], think: Int, seed: UInt64) {
        self.markets = markets
        market = markets.auctions
        self.think = think
        zipf = Zipf(market.listings.count)
        wheel = JourneyKind.allCases.flatMap { [JourneyKind](repeating: $0, count: weights[$0] ?? 0) }
        state = Mutex(State(chance: Chance(seed: seed)))
    }

    public func close() async { await markets.close() }

    public func arrival(_: Int) -> (any LoadJourney)? {
        let draw = state.withLock { state in
            state.number += 1
            let person = state.chance.below(JourneyDraw.people)
            // Half to one and a half of the mean: people think, and not for ever.
            let thinks = (0..<4).map { _ in think / 2 + state.chance.below(think + 1) }
            return JourneyDraw(
                kind: wheel[state.chance.below(wheel.count)], number: state.number, person: person,
                listing: market.listings[zipf.rank(&state.chance)],
                buyer: market.buyers[person % market.buyers.count],
                rival: market.buyers[(person + 1) % market.buyers.count], thinks: thinks,
                hurries: 100 + state.chance.below(800))
        }
        switch draw.kind {
        case .browse: return browse(draw)
        case .dashboard: return dashboard(draw)
        case .bid: return bid(draw)
        case .snipe: return auction(draw, snipes: true)
        case .sell:
            return Script([
                { _ in self.seal(draw) }, { self.publish($0, draw, self.market.template.duration) },
            ])
        case .win: return auction(draw, snipes: false)
        case .topUp: return topUp(draw)
        case .dispute: return auction(draw, snipes: false, objects: true)
        case .apply: return markets.applications?.journey(draw)
        case .call: return markets.calls?.journey(draw)
        case .prepaid: return markets.lines?.journey(draw)
        }
    }

    // MARK: Journeys

    private func browse(_ draw: JourneyDraw) -> Script {
        Script([
            { _ in
                var query = SearchListings()
                query.limit = 20
                query.after = draw.listing
                return .request(LoadRequest(.search, query, by: draw.buyer))
            },
            { _ in self.detail(draw, after: draw.thinks[0]) },
            { _ in
                var query = BidHistory()
                query.listing = draw.listing
                return .request(
                    LoadRequest(.history, query, by: draw.buyer), after: draw.thinks[1])
            },
        ])
    }

    private func dashboard(_ draw: JourneyDraw) -> Script {
        Script([
            { _ in .request(LoadRequest(.dashboard, GetDashboard(), by: draw.buyer)) },
            { _ in
                var query = ReadInbox()
                query.newestFirst = true
                query.limit = 20
                return .request(
                    LoadRequest(.inbox, query, by: draw.buyer), after: draw.thinks[0])
            },
            { _ in
                .request(
                    LoadRequest(.balance, GetBalance(), by: draw.buyer), after: draw.thinks[1])
            },
        ])
    }

    private func bid(_ draw: JourneyDraw) -> Script {
        Script([
            { _ in self.detail(draw, after: 0) },
            { reply in
                guard let detail = ListingDetail(reply), detail.stage == .open,
                    !detail.leading
                else { return .over }
                var bid = PlaceBid()
                bid.listing = draw.listing
                bid.amount = detail.minimumBid
                return .request(
                    LoadRequest(.bid, bid, by: draw.buyer), after: draw.thinks[0])
            },
        ])
    }

    private func topUp(_ draw: JourneyDraw) -> Script {
        Script([
            { _ in
                var command = TopUp()
                command.amount = Money(10_000, .eur)
                return .request(LoadRequest(.topUp, command, by: draw.buyer))
            },
            { _ in
                .request(
                    LoadRequest(.balance, GetBalance(), by: draw.buyer), after: draw.thinks[0])
            },
        ])
    }

    /// A short auction: sold, won, revealed; or fought over in its last second.
    private func auction(_ draw: JourneyDraw, snipes: Bool, objects: Bool = false) -> Script {
        let listing = Kept(ListingID.none)
        let order = Kept(OrderID.none)
        let rest = Int(market.shortest.microseconds / 1_000)
        @Sendable func offer(_ amount: Int64, by visitor: Visitor, after: Int) -> LoadStep {
            var bid = PlaceBid()
            bid.listing = listing.value
            bid.amount = Money(amount, .eur)
            return .request(LoadRequest(.bid, bid, by: visitor), after: after)
        }
        var parts: [Script.Part] = [
            { _ in self.seal(draw) }, { self.publish($0, draw, self.market.shortest) },
            { reply in
                guard let published = ListingPublished(reply) else { return .over }
                listing.value = published.listing
                return offer(5_000, by: draw.rival, after: snipes ? rest - 950 : 0)
            },
            { _ in offer(5_500, by: draw.buyer, after: snipes ? draw.hurries : 0) },
        ]
        guard !snipes else { return Script(parts) }
        parts += [
            { _ in
                var query = ListTrades()
                query.section = .won
                query.limit = 100
                // The end, the capture and the reveal; whoever looks a moment later finds the contact.
                return .request(
                    LoadRequest(.trades, query, by: draw.buyer), after: rest + 500)
            },
            { reply in
                let trades = TradePage(reply)?.trades ?? []
                guard let won = trades.first(where: { $0.listing == listing.value }) else { return .over }
                order.value = won.order
                var read = ReadContact()
                read.order = won.order
                return .request(LoadRequest(.contact, read, by: draw.buyer))
            },
        ]
        guard objects else { return Script(parts) }
        parts += [
            { _ in
                var open = OpenObjection()
                open.order = order.value
                open.ground = .falseData
                open.statement = PersonalText("The number belongs to somebody else.")
                return .request(
                    LoadRequest(.objection, open, by: draw.buyer), after: draw.thinks[0])
            },
            { reply in
                guard let opened = ObjectionOpened(reply) else { return .over }
                var statement = SubmitStatement()
                statement.case = opened.case
                statement.statement = PersonalText("It was right when the prospect gave it.")
                return .request(
                    LoadRequest(.statement, statement, by: self.market.seller),
                    after: draw.thinks[1])
            },
            { _ in .request(LoadRequest(.cases, ListCases(), by: draw.buyer)) },
        ]
        return Script(parts)
    }

    // MARK: Parts

    private func detail(_ draw: JourneyDraw, after: Int) -> LoadStep {
        var query = GetListing()
        query.listing = draw.listing
        return .request(LoadRequest(.detail, query, by: draw.buyer), after: after)
    }

    private func seal(_ draw: JourneyDraw) -> LoadStep {
        // Numbers of their own, beyond those of the listings that were there at the beginning.
        let seal = LoadMarket.contact(10_000_000 + draw.number, market.template)
        return .request(LoadRequest(.seal, seal, by: market.seller))
    }

    private func publish(_ reply: Reply?, _ draw: JourneyDraw, _ duration: Duration64) -> LoadStep {
        guard let sealed = ContactSealed(reply) else { return .over }
        var lead = market.template
        lead.title = "Roof of visitor \(draw.number)"
        lead.contact = sealed.contact
        lead.duration = duration
        return .request(LoadRequest(.publish, lead, by: market.seller), after: draw.thinks[0])
    }
}
