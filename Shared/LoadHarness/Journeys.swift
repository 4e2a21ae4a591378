import Client
import Kernel
import Messages
import Synchronization
import Wire

/// What people come to a marketplace for.
public enum JourneyKind: String, Sendable, CaseIterable {
    /// A search, a detail, its history.
    case browse
    /// The buyer's overview, inbox and balance.
    case dashboard
    /// A look at a lead, and a bid of what it takes.
    case bid
    /// Bids in the last second of an auction.
    case snipe
    /// A contact sealed, a lead put on offer.
    case sell
    /// A short auction from its beginning to the revealed contact.
    case win
    /// Money paid in, and looked at when it is there.
    case topUp
    /// A won lead whose prospect says no: an objection, and the seller's statement.
    case dispute

    /// How often each comes, of a hundred, unless a run says otherwise.
    public static let usual: [JourneyKind: Int] = [
        .browse: 40, .dashboard: 15, .bid: 30, .snipe: 2, .sell: 6, .win: 3, .topUp: 3, .dispute: 1,
    ]

    /// Reads weights such as `browse=60,bid=40`.
    public static func weights(_ text: String) throws(LoadPlanFault) -> [JourneyKind: Int] {
        var weights: [JourneyKind: Int] = [:]
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", omittingEmptySubsequences: false)
            guard halves.count == 2, let kind = JourneyKind(rawValue: String(halves[0])) else {
                throw LoadPlanFault("journey", expected: "NAME=WEIGHT, one of \(names)", found: part)
            }
            guard let weight = Int(halves[1]), (0...1_000_000).contains(weight) else {
                throw LoadPlanFault("weight", expected: "0 to 1000000", found: halves[1])
            }
            weights[kind] = weight
        }
        guard weights.values.contains(where: { $0 > 0 }) else {
            throw LoadPlanFault("journeys", expected: "a weight above zero", found: text)
        }
        return weights
    }
}

/// A journey written as what follows what; an answer that is none, or a refusal, ends it.
final class Script: LoadJourney {
    typealias Part = @Sendable (Reply?) -> LoadStep
    private let parts: [Part]
    private let at = Atomic<Int>(0)

    init(_ parts: [Part]) { self.parts = parts }

    func first() -> LoadStep { follow(nil) }

    func next(_ reply: Reply?) -> LoadStep {
        guard let reply, reply.code != Refusal.code else { return .over }
        return follow(reply)
    }

    private func follow(_ reply: Reply?) -> LoadStep {
        let index = at.add(1, ordering: .relaxed).oldValue
        return index < parts.count ? parts[index](reply) : .over
    }
}

/// A mix of journeys, each of several requests with time to think between them.
public final class MarketScenario: LoadScenario {
    /// The requests that journeys are made of.
    private enum Part: Int, CaseIterable {
        case search, detail, history, dashboard, inbox, balance, bid, seal, publish, trades, contact, topUp
        case objection, statement, cases
    }

    public let operations = Part.allCases.map { "\($0)" }
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
    public init(_ market: LoadMarket, weights: [JourneyKind: Int], think: Int, seed: UInt64) {
        self.market = market
        self.think = think
        zipf = Zipf(market.listings.count)
        wheel = JourneyKind.allCases.flatMap { [JourneyKind](repeating: $0, count: weights[$0] ?? 0) }
        state = Mutex(State(chance: Chance(seed: seed)))
    }

    public func close() async { await market.close() }

    /// What a journey draws before it begins, so that the same seed makes the same journeys.
    private struct Draw: Sendable {
        var kind: JourneyKind
        var number: Int
        var listing: ListingID
        var buyer: Visitor
        var rival: Visitor
        var thinks: [Int]
        var hurries: Int
    }

    public func arrival() -> (any LoadJourney)? {
        let draw = state.withLock { state in
            state.number += 1
            let buyer = state.chance.below(market.buyers.count)
            // Half to one and a half of the mean: people think, and not for ever.
            let thinks = (0..<4).map { _ in think / 2 + state.chance.below(think + 1) }
            return Draw(
                kind: wheel[state.chance.below(wheel.count)], number: state.number,
                listing: market.listings[zipf.rank(&state.chance)], buyer: market.buyers[buyer],
                rival: market.buyers[(buyer + 1) % market.buyers.count], thinks: thinks,
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
        }
    }

    // MARK: Journeys

    private func browse(_ draw: Draw) -> Script {
        Script([
            { _ in
                var query = SearchListings()
                query.limit = 20
                query.after = draw.listing
                return .request(LoadRequest(Part.search.rawValue, query, by: draw.buyer))
            },
            { _ in self.detail(draw, after: draw.thinks[0]) },
            { _ in
                var query = BidHistory()
                query.listing = draw.listing
                return .request(
                    LoadRequest(Part.history.rawValue, query, by: draw.buyer), after: draw.thinks[1])
            },
        ])
    }

    private func dashboard(_ draw: Draw) -> Script {
        Script([
            { _ in .request(LoadRequest(Part.dashboard.rawValue, GetDashboard(), by: draw.buyer)) },
            { _ in
                var query = ReadInbox()
                query.newestFirst = true
                query.limit = 20
                return .request(
                    LoadRequest(Part.inbox.rawValue, query, by: draw.buyer), after: draw.thinks[0])
            },
            { _ in
                .request(
                    LoadRequest(Part.balance.rawValue, GetBalance(), by: draw.buyer), after: draw.thinks[1])
            },
        ])
    }

    private func bid(_ draw: Draw) -> Script {
        Script([
            { _ in self.detail(draw, after: 0) },
            { reply in
                guard let detail = self.read(reply, ListingDetail.self), detail.stage == .open,
                    !detail.leading
                else { return .over }
                var bid = PlaceBid()
                bid.listing = draw.listing
                bid.amount = detail.minimumBid
                return .request(
                    LoadRequest(Part.bid.rawValue, bid, by: draw.buyer), after: draw.thinks[0])
            },
        ])
    }

    private func topUp(_ draw: Draw) -> Script {
        Script([
            { _ in
                var command = TopUp()
                command.amount = Money(10_000, .eur)
                return .request(LoadRequest(Part.topUp.rawValue, command, by: draw.buyer))
            },
            { _ in
                .request(
                    LoadRequest(Part.balance.rawValue, GetBalance(), by: draw.buyer), after: draw.thinks[0])
            },
        ])
    }

    /// A short auction: sold, won, revealed; or fought over in its last second.
    private func auction(_ draw: Draw, snipes: Bool, objects: Bool = false) -> Script {
        let listing = Atomic64()
        let order = Atomic64()
        let rest = Int(market.shortest.microseconds / 1_000)
        @Sendable func offer(_ amount: Int64, by visitor: Visitor, after: Int) -> LoadStep {
            var bid = PlaceBid()
            bid.listing = ListingID(listing.value)
            bid.amount = Money(amount, .eur)
            return .request(LoadRequest(Part.bid.rawValue, bid, by: visitor), after: after)
        }
        var parts: [Script.Part] = [
            { _ in self.seal(draw) }, { self.publish($0, draw, self.market.shortest) },
            { reply in
                guard let published = self.read(reply, ListingPublished.self) else { return .over }
                listing.value = published.listing.raw
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
                    LoadRequest(Part.trades.rawValue, query, by: draw.buyer), after: rest + 500)
            },
            { reply in
                let trades = self.read(reply, TradePage.self)?.trades ?? []
                guard let won = trades.first(where: { $0.listing.raw == listing.value }) else { return .over }
                order.value = won.order.raw
                var read = ReadContact()
                read.order = won.order
                return .request(LoadRequest(Part.contact.rawValue, read, by: draw.buyer))
            },
        ]
        guard objects else { return Script(parts) }
        parts += [
            { _ in
                var open = OpenObjection()
                open.order = OrderID(order.value)
                open.ground = .falseData
                open.statement = PersonalText("The number belongs to somebody else.")
                return .request(
                    LoadRequest(Part.objection.rawValue, open, by: draw.buyer), after: draw.thinks[0])
            },
            { reply in
                guard let opened = self.read(reply, ObjectionOpened.self) else { return .over }
                var statement = SubmitStatement()
                statement.case = opened.case
                statement.statement = PersonalText("It was right when the prospect gave it.")
                return .request(
                    LoadRequest(Part.statement.rawValue, statement, by: self.market.seller),
                    after: draw.thinks[1])
            },
            { _ in .request(LoadRequest(Part.cases.rawValue, ListCases(), by: draw.buyer)) },
        ]
        return Script(parts)
    }

    // MARK: Parts

    private func read<A: AnswerMessage>(_ reply: Reply?, _: A.Type) -> A? {
        guard let reply, reply.code == A.code else { return nil }
        return try? A(decoding: reply.body, version: reply.version)
    }

    private func detail(_ draw: Draw, after: Int) -> LoadStep {
        var query = GetListing()
        query.listing = draw.listing
        return .request(LoadRequest(Part.detail.rawValue, query, by: draw.buyer), after: after)
    }

    private func seal(_ draw: Draw) -> LoadStep {
        // Numbers of their own, beyond those of the listings that were there at the beginning.
        let seal = LoadMarket.contact(10_000_000 + draw.number, market.template)
        return .request(LoadRequest(Part.seal.rawValue, seal, by: market.seller))
    }

    private func publish(_ reply: Reply?, _ draw: Draw, _ duration: Duration64) -> LoadStep {
        guard let sealed = read(reply, ContactSealed.self) else { return .over }
        var lead = market.template
        lead.title = "Roof of visitor \(draw.number)"
        lead.contact = sealed.contact
        lead.duration = duration
        return .request(LoadRequest(Part.publish.rawValue, lead, by: market.seller), after: draw.thinks[0])
    }
}

/// A number that the parts of one journey hand on.
private final class Atomic64: Sendable {
    private let stored = Atomic<UInt64>(0)
    var value: UInt64 {
        get { stored.load(ordering: .acquiring) }
        set { stored.store(newValue, ordering: .releasing) }
    }
}
