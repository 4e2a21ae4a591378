import Client
import Foundation
import Kernel
import Messages
import Operation
import Stories
import Synchronization
import Wire

/// Kills processes at random moments under load, and then checks that nothing acknowledged is lost and nothing
/// half done is left (rules F1 to F3, F6, F7).
struct CrashTest {
    let kills: Int
    let seed: UInt64
    let installation: Installation
    let progress: @Sendable (String) -> Void

    struct Outcome {
        var kills: [ServiceName: Int] = [:]
        var acknowledged: [Acknowledgement] = []
        var repeats = 0
    }

    /// Auctions of seconds, so that many live and end while processes die.
    static var policy: Policy {
        var policy = Policy()
        policy.durations = [.seconds(3), .seconds(5)]
        policy.secondRound = .seconds(3)
        policy.holdPeriod = .seconds(4)
        policy.objectionWindow = .seconds(4)
        policy.statementDeadline = .seconds(1)
        policy.paymentDeadline = .seconds(2)
        policy.offerDeadline = .seconds(2)
        policy.duplicateWindow = .zero
        policy.buyerFee = BasisPoints(250)
        return policy
    }

    func run() async throws -> Outcome {
        let house = LiveHouse(installation)
        let cast = try await Cast.openMarketplace(
            house, policy: CrashTest.policy, buyers: 10, funds: 5_000_000)
        let template = try await cast.lead()
        await house.close()
        progress("marketplace open; load begins")
        let log = AcknowledgementLog()
        let open = OpenListings()
        let clients = ([cast.seller.guest] + cast.buyers.map(\.guest)).map {
            CrashClient(installation, $0, log)
        }
        let over = Signal()
        let killed = try await withThrowingTaskGroup(of: [ServiceName: Int].self) { group in
            group.addTask {
                await sell(clients[0], template, open, over)
                return [:]
            }
            for (number, client) in clients.dropFirst().enumerated() {
                group.addTask {
                    await buy(client, open, Chance(seed: seed &+ UInt64(number)), over)
                    return [:]
                }
            }
            group.addTask {
                let killed = try await killAtRandom(log)
                over.set()
                return killed
            }
            var all: [ServiceName: Int] = [:]
            for try await part in group { all.merge(part) { $0 + $1 } }
            return all
        }
        var outcome = Outcome()
        outcome.kills = killed
        try await finish(clients)
        for client in clients {
            outcome.repeats += await client.repeats
            await client.close()
        }
        outcome.acknowledged = log.all
        return outcome
    }

    // MARK: Load

    private func sell(
        _ seller: CrashClient, _ template: PublishListing, _ open: OpenListings, _ over: Signal
    ) async {
        var number = 0
        while !over.isSet {
            number += 1
            var seal = SealContact()
            seal.name = PersonalText("Prospect \(number)")
            seal.email = PersonalText("prospect\(number).crash@example.com")
            seal.inquiredAt = template.inquiredAt
            guard case .success(let sealed)? = await seller.perform(seal) else { continue }
            var publish = template
            publish.contact = sealed.contact
            publish.title = "Roof number \(number)"
            publish.duration = CrashTest.policy.durations[number % 2]
            if case .success(let published)? = await seller.perform(publish) {
                open.add(published.listing)
            }
            try? await Task.sleep(for: .milliseconds(120))
        }
    }

    private func buy(
        _ buyer: CrashClient, _ open: OpenListings, _ chance: Chance, _ over: Signal
    ) async {
        var chance = chance
        while !over.isSet {
            let listings = open.all
            guard !listings.isEmpty else {
                try? await Task.sleep(for: .milliseconds(20))
                continue
            }
            let listing = listings[chance.below(listings.count)]
            switch chance.below(12) {
            case 0: _ = await topUp(buyer, chance.below(10_000) + 1_000)
            case 1: await object(buyer, &chance)
            default: await bid(buyer, listing, &chance)
            }
        }
    }

    private func topUp(_ buyer: CrashClient, _ minor: Int) async -> Bool {
        var topUp = TopUp()
        topUp.amount = Money(Int64(minor), CrashTest.policy.currency)
        topUp.method = "sandbox"
        return await buyer.perform(topUp) != nil
    }

    private func bid(_ buyer: CrashClient, _ listing: ListingID, _ chance: inout Chance) async {
        var get = GetListing()
        get.listing = listing
        guard let detail = await buyer.ask(get) else { return }
        var place = PlaceBid()
        place.listing = listing
        place.amount = Money(detail.minimumBid.minor + Int64(chance.below(300)), CrashTest.policy.currency)
        _ = await buyer.perform(place)
    }

    /// Now and then a buyer reads a contact, or disputes what it bought.
    private func object(_ buyer: CrashClient, _ chance: inout Chance) async {
        var list = ListTrades()
        list.section = .won
        list.limit = 5
        guard let trades = await buyer.ask(list)?.trades, !trades.isEmpty else { return }
        let order = trades[chance.below(trades.count)].order
        guard !order.isNone else { return }
        if chance.below(2) == 0 {
            var read = ReadContact()
            read.order = order
            _ = await buyer.perform(read)
        } else {
            var objection = OpenObjection()
            objection.order = order
            objection.ground = .falseData
            objection.statement = PersonalText("The budget was not what was said.")
            _ = await buyer.perform(objection)
        }
    }

    // MARK: Crashes

    private func killAtRandom(_ log: AcknowledgementLog) async throws -> [ServiceName: Int] {
        var chance = Chance(seed: seed)
        var killed: [ServiceName: Int] = [:]
        for number in 1...max(1, kills) {
            try await Task.sleep(for: .milliseconds(150 + chance.below(450)))
            let victim = Installation.processes[chance.below(Installation.processes.count)]
            installation.kill(victim)
            killed[victim, default: 0] += 1
            // Sometimes it stays away for a while, and the others must do without it.
            try await Task.sleep(for: .milliseconds(chance.below(200)))
            try installation.start(victim)
            if chance.below(3) == 0 { try await installation.waitUntilReady() }
            progress("kill \(number) of \(kills): \(victim.title); \(log.count) acknowledged")
        }
        try await installation.waitUntilReady()
        return killed
    }

    /// Lets every auction end and every payout fall due, and waits for quiet.
    private func finish(_ clients: [CrashClient]) async throws {
        progress("load has ended; waiting for auctions, payouts and quiet")
        for client in clients { await client.giveUp() }
        let deadline = ContinuousClock.now + .seconds(90)
        try await Task.sleep(for: .seconds(12))
        while ContinuousClock.now < deadline {
            let before = await installation.status()
            try await Task.sleep(for: .milliseconds(500))
            let after = await installation.status()
            let still = zip(before, after).allSatisfy { $0.0.journal == $0.1.journal }
            let idle = after.filter { $0.service != .gateway }.allSatisfy { status in
                status.reachable && status.queued == 0 && status.waiting == 0 && status.outbox == 0
                    && status.effectsRunning == 0
                    && (status.nextDue == .none || status.nextDue > status.now + .minutes(10))
            }
            if still && idle { return }
        }
        let report = await installation.status().map { $0.json(.plain).text }.joined(separator: "\n")
        throw CheckFailed(text: "the house did not come to rest within 90 s:\n\(report)")
    }
}

/// Set once, seen by all.
final class Signal: Sendable {
    private let value = Mutex(false)
    func set() { value.withLock { $0 = true } }
    var isSet: Bool { value.withLock { $0 } }
}

/// The listings that buyers bid on: the newest dozen.
final class OpenListings: Sendable {
    private let listings = Mutex<[ListingID]>([])
    var all: [ListingID] { listings.withLock { $0 } }
    func add(_ listing: ListingID) {
        listings.withLock { listings in
            listings.append(listing)
            if listings.count > 12 { listings.removeFirst() }
        }
    }
}
