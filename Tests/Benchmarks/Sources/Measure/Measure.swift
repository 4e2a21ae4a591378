import Client
import Foundation
import Kernel
import Messages
import Operation
import Stories
import Wire

/// Measures a live house of six processes on this machine.
///
/// GAVEL is a release build of the program. Every figure is printed with what it was measured on; nothing is
/// asserted.
@main struct Measure {
    static func main() async {
        do {
            try await run()
        } catch {
            // What was measured before it counts.
            fflush(nil)
            FileHandle.standardError.write(Data("Measure: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2, let what = arguments.dropFirst().first, let gavel = arguments.first else {
            print(usage)
            exit(64)
        }
        func number(_ place: Int, _ usual: Int) -> Int {
            arguments.count > place ? Int(arguments[arguments.startIndex + place]) ?? usual : usual
        }
        func word(_ place: Int) -> String {
            arguments.count > place ? arguments[arguments.startIndex + place] : ""
        }
        func numbers(_ place: Int, _ usual: [Int]) -> [Int] {
            let found = word(place).split(separator: ",").compactMap { Int($0) }
            return found.isEmpty ? usual : found
        }
        let seconds = number(2, 10)
        var options = Installation.Options()
        options.executable = gavel
        options.settings = .throwaway
        options.gatewayLimits = .object([
            .init("addressRequestsPerMinute", .number("60000000")), .init("addressBurst", .number("1000000")),
            .init("partyRequestsPerMinute", .number("60000000")), .init("partyBurst", .number("1000000")),
            .init("entriesPerMinute", .number("600000")), .init("entryBurst", .number("100000")),
            .init("inFlightPerLink", .number("16384")), .init("linksPerAddress", .number("10000")),
        ])
        switch what {
        case "startup": try await Startup.run(options)
        case "ping": try await Pings.run(options, seconds: seconds)
        case "against-grpc":
            try await AgainstGRPC.run(
                options, echo: word(2), seconds: number(3, 5))
        case "bids": try await Bids.run(options, seconds: seconds, listings: number(3, 1_000))
        case "allocations":
            try await Allocations.run(options, counter: word(2), folder: word(3), sites: number(4, 0))
        case "codec": try Codec.run()
        case "recovery": try await Recovery.run(options, lengths: numbers(2, [0, 100_000, 1_000_000]))
        case "growth":
            try await Growth.run(
                options, rows: numbers(2, [10_000, 1_000_000, 5_000_000]),
                listings: numbers(3, [1_000, 100_000]))
        case "lone-bid": try await LoneBid.run(options)
        case "calls": try await CallRates.run(options, seconds: seconds, callers: number(3, 1_000))
        case "calls-in-progress": try await CallsInProgress.run(options, calls: number(2, 10_000))
        case "activations":
            try await Activations.run(options, listings: number(2, 1_000), buyers: number(3, 10))
        default:
            print(usage)
            exit(64)
        }
    }

    private static let usage = """
        usage: Measure GAVEL startup | ping [SECONDS] | against-grpc ECHO [SECONDS] | lone-bid | bids [SECONDS [LISTINGS]]
            | codec | allocations COUNTER FOLDER [SITES]
            | recovery [COMMANDS,...] | growth [ROWS,... [LISTINGS,...]]
            | calls [SECONDS [CALLERS]] | calls-in-progress [CALLS] | activations [LISTINGS [BUYERS]]
        """
}

/// The latencies of one run, in microseconds.
struct Latencies: Sendable {
    private var values: [Double] = []
    mutating func add(_ microseconds: Double) { values.append(microseconds) }
    var count: Int { values.count }
    func percentile(_ share: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
    var line: String {
        func milliseconds(_ share: Double) -> String { String(format: "%.2f", percentile(share) / 1_000) }
        return "p50 \(milliseconds(0.5)) ms, p90 \(milliseconds(0.9)) ms, p99 \(milliseconds(0.99)) ms, "
            + "max \(milliseconds(1)) ms"
    }
}

/// From nothing to six processes that are ready, first and later starts.
enum Startup {
    static func run(_ options: Installation.Options) async throws {
        var options = options
        let folder = NSTemporaryDirectory() + "gavel-startup-\(ProcessInfo.processInfo.processIdentifier)"
        options.folder = folder
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for number in 1...5 {
            let began = ContinuousClock.now
            let installation = try await Installation.start(options)
            let took = (ContinuousClock.now - began) / .milliseconds(1)
            print("start \(number)\(number == 1 ? " (new folder, new authority)" : ""): \(Int(took)) ms")
            await installation.stop()
        }
    }
}

/// The processor time of this program and of the processes that it started, from /proc.
struct ProcessorTime {
    private let began = ProcessorTime.used()

    /// What was used since, in microseconds for each of `count`.
    func line(per count: Int) -> String {
        var parts: [String] = []
        var sum = 0.0
        for (name, ticks) in ProcessorTime.used().sorted(by: { $0.key < $1.key }) {
            let each = Double(ticks - began[name, default: 0]) * 10_000 / Double(max(count, 1))
            sum += each
            parts.append("\(name) \(Int(each.rounded()))")
        }
        return "\(Int(sum.rounded())) µs (\(parts.joined(separator: ", ")))"
    }

    /// Hundredths of a second, by the process's last argument but two, which names the service.
    private static func used() -> [String: Int] {
        var used: [String: Int] = [:]
        for (number, name) in processes() {
            guard let fields = fields(number) else { continue }
            used[name, default: 0] += (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
        }
        return used
    }

    /// Of `stat`, what follows the process's name.
    private static func fields(_ process: Int32) -> [Substring]? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let close = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        return fields.count > 12 ? fields : nil
    }

    /// This program and the processes that it started, by what they serve.
    static func processes() -> [(Int32, String)] {
        let own = ProcessInfo.processInfo.processIdentifier
        var found: [(Int32, String)] = []
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let number = Int32(entry), let fields = fields(number),
                number == own || Int32(fields[1]) == own
            else { continue }
            let line = (try? String(contentsOfFile: "/proc/\(entry)/cmdline", encoding: .utf8)) ?? ""
            let words = line.split(separator: "\0")
            let serves = words.firstIndex(of: "serve").map { words[words.index(after: $0)] }
            let name = number == own ? "this program" : serves.map(String.init) ?? "others"
            found.append((number, name))
        }
        return found
    }
}

/// A market with enough listings for a load of bids.
struct Market {
    let cast: Cast
    let listings: [ListingID]

    static func open(_ installation: Installation, listings count: Int) async throws -> Market {
        let house = LiveHouse(installation)
        var policy = Policy()
        policy.duplicateWindow = .zero
        let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 2, funds: 100_000_000_000)
        return Market(cast: cast, listings: try await publish(count, cast, house))
    }

    /// Publishes so many leads of the seller, numbered from `first` on: a number is a prospect.
    static func publish(
        _ count: Int, from first: Int = 0, _ cast: Cast, _ house: LiveHouse
    ) async throws -> [ListingID] {
        let seller = try await house.connection(cast.seller.guest)
        let template = try await cast.lead()
        return try await withThrowingTaskGroup(of: ListingID.self) { group in
            for number in first..<(first + count) {
                group.addTask {
                    var seal = SealContact()
                    seal.name = PersonalText("Prospect \(number)")
                    seal.email = PersonalText("prospect\(number)@load.example.com")
                    seal.phones = [PersonalText("+4930\(1_000_000 + number)")]
                    seal.inquiredAt = template.inquiredAt
                    var lead = template
                    lead.title = "Roof number \(number)"
                    lead.contact = try await seller.call(seal).contact
                    return try await seller.call(lead).listing
                }
            }
            var all: [ListingID] = []
            for try await listing in group { all.append(listing) }
            return all.sorted()
        }
    }
}

/// One bid at a time, nothing else: what a lone bidder waits.
enum LoneBid {
    static func run(_ options: Installation.Options) async throws {
        let installation = try await Installation.start(options)
        let market = try await Market.open(installation, listings: 10)
        let house = LiveHouse(installation)
        let clients = [
            try await house.connection(market.cast.buyers[0].guest),
            try await house.connection(market.cast.buyers[1].guest),
        ]
        var latencies = Latencies()
        for number in 0..<2_000 {
            var bid = PlaceBid()
            bid.listing = market.listings[number % 10]
            bid.amount = Money(10_000 + Int64(number / 10) * 100, .eur)
            let began = ContinuousClock.now
            _ = try await clients[(number / 10) % 2].call(bid)
            latencies.add((ContinuousClock.now - began) / .microseconds(1))
        }
        print("lone bid through the TLS gateway, \(latencies.count) bids: \(latencies.line)")
        await installation.stop()
    }
}

/// Accepted bids a second, each with its hold, durable, through the TLS gateway, one on its way for each listing.
enum Bids {
    static func run(_ options: Installation.Options, seconds: Int, listings: Int) async throws {
        let installation = try await Installation.start(options)
        let market = try await Market.open(installation, listings: listings)
        print("\(listings) listings open")
        // Two buyers outbid each other; each has several connections.
        var clients: [[GavelClient]] = [[], []]
        for buyer in 0..<2 {
            for _ in 0..<4 {
                let client = try await installation.connect()
                let guest = market.cast.buyers[buyer].guest
                _ = try await client.signIn(guest.email, guest.password, marketplace: guest.marketplace)
                clients[buyer].append(client)
            }
        }
        let usage = ProcessorTime()
        let until = ContinuousClock.now + .seconds(seconds)
        let began = ContinuousClock.now
        let drivers = market.listings.enumerated().map { number, listing in
            Driver(listing, [clients[0][number % 4], clients[1][number % 4]], until)
        }
        await withTaskGroup(of: Void.self) { group in
            for driver in drivers {
                group.addTask { await withCheckedContinuation { driver.next($0) } }
            }
        }
        let took = (ContinuousClock.now - began) / .seconds(1)
        let accepted = drivers.reduce(0) { $0 + $1.accepted }
        let refused = drivers.reduce(0) { $0 + $1.refused }
        var latencies = Latencies()
        for driver in drivers { for value in driver.latencies { latencies.add(value) } }
        print(
            "\(accepted) bids accepted in \(String(format: "%.1f", took)) s: \(Int(Double(accepted) / took))/s; \(refused) refused"
        )
        print("  \(latencies.line)")
        print("  processor time a bid: \(usage.line(per: accepted))")
        let quiet = ContinuousClock.now
        while await installation.status().contains(where: { $0.outbox > 0 || $0.queued > 0 }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        print("  outboxes empty \(Int((ContinuousClock.now - quiet) / .milliseconds(1))) ms after the end")
        for status in await installation.status() where status.batches > 0 {
            print(
                "  \(status.service.title): \(status.commands) commands, \(status.journal) journaled, "
                    + "\(status.batches) batches, effects waiting \(status.effectsWaiting)")
        }
        await installation.stop()
    }

    /// The war on one listing: the two sides bid in turn.
    private final class Driver: @unchecked Sendable {
        private let listing: ListingID
        private let sides: [GavelClient]
        private let until: ContinuousClock.Instant
        private var turn = 0
        private(set) var accepted = 0
        private(set) var refused = 0
        private(set) var latencies: [Double] = []

        init(_ listing: ListingID, _ sides: [GavelClient], _ until: ContinuousClock.Instant) {
            self.listing = listing
            self.sides = sides
            self.until = until
        }

        // One bid is on its way at a time, so that nothing here is touched twice at once.
        func next(_ over: CheckedContinuation<Void, Never>) {
            guard ContinuousClock.now < until else { return over.resume() }
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = Money(10_000 + Int64(turn) * 100, .eur)
            let client = sides[turn % 2]
            turn += 1
            let began = ContinuousClock.now
            client.send(code: PlaceBid.code, body: bid.encoded(), key: client.nextKey()) { [self] result in
                latencies.append((ContinuousClock.now - began) / .microseconds(1))
                if case .success(let reply) = result, reply.code == BidPlaced.code {
                    accepted += 1
                } else {
                    refused += 1
                }
                next(over)
            }
        }
    }
}
