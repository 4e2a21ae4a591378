import Kernel
import Messages
import Wire

/// What a replay of recorded auctions came to.
public struct RecordedReport: Sendable {
    /// An auction whose final price is not the recorded one.
    public struct Difference: Sendable {
        public var auction: String
        public var recorded: Int64
        public var replayed: Int64
        public var why: String
        public var explained: Bool
    }
    public var auctions = 0
    public var bids = 0
    public var accepted = 0
    public var refused = 0
    public var exact = 0
    public var differences: [Difference] = []

    public var members: [JSON.Member] {
        [
            .init("auctions", .int(auctions)), .init("bids", .int(bids)), .init("accepted", .int(accepted)),
            .init("refused", .int(refused)), .init("exact", .int(exact)),
            .init(
                "differences",
                .array(
                    differences.map { difference in
                        .object([
                            .init("auction", .string(difference.auction)),
                            .init("recorded", .int(difference.recorded)),
                            .init("replayed", .int(difference.replayed)),
                            .init("explained", .bool(difference.explained)),
                            .init("why", .string(difference.why)),
                        ])
                    })),
        ]
    }
}

/// Plays recorded auctions through a house: the real order and times, on the settable clock, with proxy bidding.
public struct RecordedReplay {
    let house: any House
    let bids: [RecordedBid]
    let progress: (String) -> Void

    public init(_ bids: [RecordedBid], in house: any House, progress: @escaping (String) -> Void) {
        self.bids = bids
        self.house = house
        self.progress = progress
    }

    /// The most bidders of one auction: so many buyers are needed, each standing for one bidder of each auction.
    public static func buyersNeeded(_ bids: [RecordedBid]) -> Int {
        var bidders: [String: Set<String>] = [:]
        for bid in bids { bidders[bid.auction, default: []].insert(bid.bidder) }
        return bidders.values.map(\.count).max() ?? 0
    }

    /// The policy under which recorded auctions are played: proxy bids, the recorded house's increments, dollars.
    public static func policy(_ bids: [RecordedBid]) -> Policy {
        var policy = Policy()
        policy.currency = .usd
        policy.language = .english
        policy.bidding = .proxy
        policy.increments = Policy.recordedIncrements
        policy.leastPrice = 1
        policy.durations = Array(Set(bids.map(\.length)).sorted().prefix(8))
        policy.duplicateWindow = .zero
        return policy
    }

    /// - Parameters:
    ///   - publish: lists a lead for an opening price and a duration.
    ///   - buyers: as many as ``buyersNeeded(_:)``, with money enough.
    public func run(
        buyers: [Guest],
        publish: (_ title: String, _ opening: Money, _ length: Duration64) async throws -> ListingID
    ) async throws -> RecordedReport {
        var report = RecordedReport()
        let start = try await house.now()
        let auctions = try await list(publish)
        report.auctions = auctions.count
        var seats: [String: [String: Guest]] = [:]
        for (played, bid) in bids.enumerated().sorted(by: { ($0.1.after, $0.0) < ($1.1.after, $1.0) })
            .enumerated()
        {
            let bid = bid.element
            guard let listing = auctions[bid.auction] else { continue }
            let taken = seats[bid.auction, default: [:]]
            let buyer = taken[bid.bidder] ?? buyers[taken.count]
            seats[bid.auction, default: [:]][bid.bidder] = buyer
            let at = start + bid.after
            if at > (try await house.now()) { try await house.advance(to: at) }
            var place = PlaceBid()
            place.listing = listing
            place.amount = Money(bid.maximum, .usd)
            report.bids += 1
            if try await house.refusal(of: place, as: buyer) == nil {
                report.accepted += 1
            } else {
                report.refused += 1
            }
            if (played + 1) % 200 == 0 { progress("\(played + 1) of \(bids.count) bids played") }
        }
        try await finish(auctions, start, &report, buyers[0])
        return report
    }

    private func list(
        _ publish: (_ title: String, _ opening: Money, _ length: Duration64) async throws -> ListingID
    ) async throws -> [String: ListingID] {
        var auctions: [String: ListingID] = [:]
        for bid in bids where auctions[bid.auction] == nil {
            auctions[bid.auction] = try await publish(bid.item, Money(bid.opening, .usd), bid.length)
        }
        progress("\(auctions.count) auctions listed")
        return auctions
    }

    private func finish(
        _ auctions: [String: ListingID], _ start: Instant, _ report: inout RecordedReport, _ buyer: Guest
    ) async throws {
        let end = start + (bids.map(\.length).max() ?? .zero) + .minutes(1)
        try await house.advance(to: end)
        var seen: Set<String> = []
        for bid in bids where seen.insert(bid.auction).inserted {
            guard let listing = auctions[bid.auction] else { continue }
            var get = GetListing()
            get.listing = listing
            let price = try await house.ask(get, as: buyer).price.minor
            if price == bid.finalPrice {
                report.exact += 1
            } else {
                report.differences.append(difference(bid, price))
            }
        }
    }

    /// A recorded price that is a bidder's own maximum comes from a hidden reserve that this bid met, or from the
    /// leader's repeated bid; neither is in the data as such, and the house's rule gives the lower price.
    private func difference(_ bid: RecordedBid, _ price: Int64) -> RecordedReport.Difference {
        let own = bids.filter { $0.auction == bid.auction }
        let highest = own.map(\.maximum).max() ?? 0
        let explained = bid.finalPrice == highest
        let why =
            explained
            ? "the recorded price is the winner's own maximum: a hidden reserve, or the leader's repeated bid"
            : "no explanation: the recorded price is no maximum of the winner"
        return RecordedReport.Difference(
            auction: bid.auction, recorded: bid.finalPrice, replayed: price, why: why, explained: explained)
    }
}
