import Client
import Glibc
import Kernel
import Messages
import Operation
import Stories
import Wire

/// A marketplace under load: many listings that stay open, parties with money, and their connections.
public final class LoadMarket: Sendable {
    /// How large it is.
    public struct Size: Sendable {
        public var listings = 1_000
        public var buyers = 8
        public var connections = 16
        public init() {}
    }

    public let buyers: [Visitor]
    public let seller: Visitor
    public let listings: [ListingID]
    /// A lead as the seller publishes them, without a contact.
    public let template: PublishListing
    /// How long the shortest auctions last: those of journeys that see a lead to its end.
    public let shortest: Duration64
    private let crowd: Crowd

    private init(
        _ crowd: Crowd, listings: [ListingID], template: PublishListing, shortest: Duration64
    ) {
        self.crowd = crowd
        buyers = Array(crowd.visitors.dropLast())
        seller = crowd.visitors[crowd.visitors.count - 1]
        self.listings = listings
        self.template = template
        self.shortest = shortest
    }

    /// What each buyer has at the beginning, in minor units.
    private static let funds: Int64 = 100_000_000_000

    /// Opens a marketplace of its own in the installation.
    public static func open(
        _ installation: Installation, _ size: Size, operator guest: Guest
    ) async throws -> LoadMarket {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        var policy = Policy()
        policy.duplicateWindow = .zero
        let shortest = Duration64.seconds(3)
        policy.durations = [.days(2), shortest]
        // More load than a fraud would bear: objections are part of no journey that must wait for days.
        policy.greatestPrice = 1_000_000_000
        return try await closing {
            let cast = try await Cast.openMarketplace(
                house, operator: guest, policy: policy, buyers: max(2, size.buyers), funds: funds)
            let template = try await cast.lead()
            // As many connections for each buyer, so that neighbours are different parties all around.
            let rounds = (max(1, size.connections) + cast.buyers.count - 1) / cast.buyers.count
            let crowd = try await Crowd.gather(
                installation, (0..<rounds).flatMap { _ in cast.buyers } + [cast.seller], threads: 2)
            return try await whole {
                let seller = crowd.visitors[crowd.visitors.count - 1].client
                let listings = try await publish(size.listings, by: seller) { number in
                    var lead = template
                    lead.title = "Roof number \(number)"
                    return lead
                }
                return LoadMarket(
                    crowd, listings: listings.map(\.listing).sorted(), template: template,
                    shortest: shortest)
            } orClose: {
                await crowd.close()
            }
        } finally: {
            await house.close()
        }
    }

    /// Seals contacts and puts leads on offer, as many as `count`, in the order of their numbers.
    static func publish(
        _ count: Int, by seller: GavelClient, _ lead: @escaping @Sendable (Int) -> PublishListing
    ) async throws -> [ListingPublished] {
        var all: [ListingPublished] = []
        // A thousand at a time: enough to fill batches, and within what one connection may have on its way.
        for begin in stride(from: 0, to: count, by: 1_000) {
            all += try await withThrowingTaskGroup(of: (Int, ListingPublished).self) { group in
                for number in begin..<min(begin + 1_000, count) {
                    group.addTask {
                        var lead = lead(number)
                        lead.contact = try await seller.call(LoadMarket.contact(number, lead)).contact
                        return (number, try await seller.call(lead))
                    }
                }
                var some: [(Int, ListingPublished)] = []
                for try await one in group { some.append(one) }
                return some.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        return all
    }

    /// A prospect's contact to be sealed.
    static func contact(_ number: Int, _ template: PublishListing) -> SealContact {
        var seal = SealContact()
        seal.name = PersonalText("Prospect \(number)")
        seal.email = PersonalText("prospect\(number)@load.example.com")
        seal.inquiredAt = template.inquiredAt
        return seal
    }

    /// Closes all connections.
    public func close() async { await crowd.close() }
}

/// Ranks as people choose them: the first far more often than the last (Zipf's law).
struct Zipf: Sendable {
    private let cumulated: [Double]

    /// - Parameter exponent: 0 for no preference; about 1 for what people do.
    init(_ count: Int, exponent: Double = 0.99) {
        var sum = 0.0
        cumulated = (1...max(1, count)).map { rank in
            sum += 1 / pow(Double(rank), exponent)
            return sum
        }
    }

    /// A rank from 0.
    func rank(_ chance: inout Chance) -> Int {
        let drawn = chance.unit() * (cumulated.last ?? 1)
        var low = 0
        var high = cumulated.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] < drawn { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
