import Client
import Kernel
import Messages
import Operation
import Stories
import Synchronization
import Wire

/// `Ping` to a service over mutually authenticated connections: the stack without the store.
public final class PingScenario: LoadScenario {
    public let operations = ["ping"]
    private let visitors: [Visitor]
    private let ping: Ping

    private init(_ visitors: [Visitor]) {
        self.visitors = visitors
        var ping = Ping()
        ping.payload = Bytes([UInt8](repeating: 7, count: 64))
        self.ping = ping
    }

    public static func open(_ installation: Installation, connections: Int) async throws -> PingScenario {
        PingScenario(
            try await Visitor.open(connections) { _ in
                try await Visitor { try await installation.connect(to: .auction) }
            })
    }

    public func arrival(_ place: Int) -> (any LoadJourney)? {
        SingleRequest(LoadRequest(0, ping, by: visitors[place % visitors.count]))
    }

    public func close() async { for visitor in visitors { await visitor.close() } }
}

/// Transfers of a cent each from the house to a party of many, asked of the wallet over mutually authenticated
/// connections as a gateway asks: a posting of two legs, with journal, idempotency and all rules of the ledger (F1).
public final class TransferScenario: LoadScenario {
    public let operations = ["transfer"]
    private let visitors: [Visitor]
    private let parties: [PartyID]
    private let hub: ClientHub
    private let next = Atomic<Int>(0)

    private init(_ visitors: [Visitor], _ parties: [PartyID], _ hub: ClientHub) {
        self.visitors = visitors
        self.parties = parties
        self.hub = hub
    }

    /// Opens a marketplace of its own with so many parties.
    public static func open(
        _ installation: Installation, parties: Int, connections: Int, operator guest: Guest
    ) async throws -> TransferScenario {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        let cast = try await closing {
            try await Cast.openMarketplace(house, operator: guest, buyers: parties, funds: 0)
        } finally: {
            await house.close()
        }
        let gateway = try await installation.connect()
        let signedIn = try await closing {
            try await gateway.signIn(guest.email, guest.password, marketplace: guest.marketplace)
        } finally: {
            await gateway.close()
        }
        let acting = ActingPart(
            party: signedIn.party.raw, marketplace: signedIn.marketplace.raw, roles: signedIn.roles.rawValue,
            session: signedIn.session.raw)
        let hub = ClientHub(threads: 2, neverCompressed: Catalogue.neverCompressed)
        let visitors = try await whole {
            try await Visitor.open(connections) { _ in
                try await Visitor(signedIn.party) {
                    try await installation.connect(to: .wallet, as: .gateway, hub: hub) { $0.acting = acting }
                }
            }
        } orClose: {
            try? await hub.shutdown(grace: .seconds(1))
        }
        return TransferScenario(visitors, cast.buyers.map(\.party), hub)
    }

    public func arrival(_ place: Int) -> (any LoadJourney)? {
        let index = next.add(1, ordering: .relaxed).oldValue
        var transfer = CreditManually()
        transfer.party = parties[index % parties.count]
        transfer.amount = Money(1, .eur)
        transfer.reason = "load"
        return SingleRequest(LoadRequest(0, transfer, by: visitors[place % visitors.count]))
    }

    public func close() async {
        for visitor in visitors { await visitor.close() }
        try? await hub.shutdown(grace: .seconds(1))
    }
}

/// Bids that all count, on listings chosen as people choose them; a listing has one bid on its way at a time.
public final class BidScenario: LoadScenario {
    public let operations = ["bid"]
    private let market: LoadMarket
    private let zipf: Zipf
    private let state: Mutex<State>

    private struct State {
        var chance: Chance
        var turns: [Int]
        var free: FreePlaces
    }

    public init(_ market: LoadMarket, seed: UInt64) {
        self.market = market
        let count = market.listings.count
        zipf = Zipf(count)
        state = Mutex(
            State(
                chance: Chance(seed: seed), turns: [Int](repeating: 0, count: count),
                free: FreePlaces(count)))
    }

    public func arrival(_: Int) -> (any LoadJourney)? {
        let chosen: (place: Int, turn: Int)? = state.withLock { state in
            // Whoever finds a listing in the middle of a bid takes the next one.
            guard let place = state.free.take(from: zipf.rank(&state.chance)) else { return nil }
            state.turns[place] += 1
            return (place, state.turns[place] - 1)
        }
        guard let (place, turn) = chosen else { return nil }
        var bid = PlaceBid()
        bid.listing = market.listings[place]
        bid.amount = Money(10_000 + Int64(turn) * 100, .eur)
        // Two sides of each listing outbid each other: neighbours in the list of visitors are different parties.
        let visitor = market.buyers[(place + turn % 2) % market.buyers.count]
        return SingleRequest(LoadRequest(0, bid, by: visitor)) { [self] in
            state.withLock { $0.free.giveBack(place) }
        }
    }

    public func close() async { await market.close() }
}

/// What is read.
public enum ReadKind: String, Sendable, CaseIterable {
    case detail, search, dashboard
}

/// One kind of reading, by buyers through the gateway.
public final class ReadScenario: LoadScenario {
    public let operations: [String]
    private let market: LoadMarket
    private let kind: ReadKind
    private let zipf: Zipf
    private let chance: Mutex<Chance>

    public init(_ market: LoadMarket, _ kind: ReadKind, seed: UInt64) {
        self.market = market
        self.kind = kind
        operations = [kind.rawValue]
        zipf = Zipf(market.listings.count)
        chance = Mutex(Chance(seed: seed))
    }

    public func arrival(_ place: Int) -> (any LoadJourney)? {
        let rank = chance.withLock { zipf.rank(&$0) }
        let visitor = market.buyers[place % market.buyers.count]
        switch kind {
        case .detail:
            var query = GetListing()
            query.listing = market.listings[rank]
            return SingleRequest(LoadRequest(0, query, by: visitor))
        case .search:
            var query = SearchListings()
            query.limit = 20
            query.after = market.listings[rank]
            return SingleRequest(LoadRequest(0, query, by: visitor))
        case .dashboard:
            return SingleRequest(LoadRequest(0, GetDashboard(), by: visitor))
        }
    }

    public func close() async { await market.close() }
}
