import Client
import Kernel
import Messages
import Operation
import Stories
import Synchronization

/// Recorded bids against a live house: each comes at its recorded time divided by a scale, whether or not the house
/// keeps up, and is accepted or refused by the rules of today.
public final class RecordedScenario: LoadScenario {
    public let operations = ["bid"]
    /// When the bids come, in nanoseconds from the beginning, rising.
    public let moments: [UInt64]
    private let requests: [LoadRequest]
    private let crowd: Crowd
    /// When the last auction is over, by the house's clock.
    private let over: Instant
    private let next = Atomic<Int>(0)

    /// How much longer than recorded auctions stay open, since they are listed before the first bid comes.
    static func margin(_ lots: Int) -> Duration64 { .milliseconds(10_000 + 20 * Int64(lots)) }
    /// The most durations that a policy can name.
    private static let mostDurations = 8
    /// What each bidder has at the beginning, in minor units.
    private static let funds: Int64 = 10_000_000_000
    /// After the end of an auction its award is made at once, and its contact revealed soon after.
    private static let settling = Duration.seconds(2)

    private init(_ plan: RecordedPlan, _ listings: [ListingPublished], _ crowd: Crowd) {
        let bidders = crowd.visitors.dropLast()
        let rounds = bidders.count / plan.seats
        moments = plan.turns.map(\.moment)
        requests = plan.turns.map { turn in
            var bid = PlaceBid()
            bid.listing = listings[turn.lot].listing
            bid.amount = Money(turn.amount, .usd)
            // One connection for the bids of one bidder on one lot, so that they stay in their order.
            return LoadRequest(0, bid, by: bidders[turn.lot % rounds * plan.seats + turn.seat])
        }
        over = listings.map(\.endsAt).max() ?? .none
        self.crowd = crowd
    }

    /// Opens a marketplace of its own with the auctions of `bids`, and lists them.
    ///
    /// - Parameter connections: of all bidders together; each has at least one.
    public static func open(
        _ installation: Installation, _ bids: [RecordedBid], _ plan: RecordedPlan, connections: Int,
        operator guest: Guest
    ) async throws -> RecordedScenario {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        return try await closing {
            let margin = margin(plan.lots.count)
            let lengths = lengths(plan.lots, margin)
            var policy = RecordedReplay.policy(bids)
            policy.durations = lengths
            let cast = try await Cast.openMarketplace(
                house, operator: guest, policy: policy, buyers: plan.seats, funds: funds)
            let template = try await cast.lead()
            let rounds = max(1, connections / plan.seats)
            let crowd = try await Crowd.gather(
                installation, (0..<rounds).flatMap { _ in cast.buyers } + [cast.seller], threads: 2)
            return try await whole {
                let listings = try await LoadMarket.publish(
                    plan.lots.count, by: crowd.visitors[crowd.visitors.count - 1].client
                ) { number in
                    let lot = plan.lots[number]
                    var lead = template
                    lead.title = lot.title
                    lead.startPrice = Money(lot.opening, .usd)
                    lead.duration = lengths.first { $0 >= length(lot, margin) } ?? lengths[0]
                    return lead
                }
                return RecordedScenario(plan, listings, crowd)
            } orClose: {
                await crowd.close()
            }
        } finally: {
            await house.close()
        }
    }

    /// The durations of the policy: those of the lots, or the longest of them where there are more than it can name.
    static func lengths(_ lots: [RecordedPlan.Lot], _ margin: Duration64) -> [Duration64] {
        Array(Set(lots.map { length($0, margin) }).sorted().suffix(mostDurations))
    }

    private static func length(_ lot: RecordedPlan.Lot, _ margin: Duration64) -> Duration64 {
        Duration64(microseconds: lot.length.microseconds + margin.microseconds)
    }

    public func arrival(_: Int) -> (any LoadJourney)? {
        let index = next.add(1, ordering: .relaxed).oldValue
        return index < requests.count ? SingleRequest(requests[index]) : nil
    }

    /// Waits until the last auction is over and awarded.
    public func settle() async {
        let left = over - crowd.visitors[0].client.houseTime
        guard left > .zero else { return }
        try? await Task.sleep(for: .microseconds(left.microseconds) + Self.settling)
    }

    public func close() async { await crowd.close() }
}
