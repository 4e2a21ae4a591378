import ArgumentParser
import Gateway
import Host
import Kernel
import LoadHarness
import Operation
import Stories
import Wire

/// What a load test offers.
enum LoadName: String, CaseIterable, ExpressibleByArgument {
    case ping, transfers, bids, reads, market, signins, replay
}

extension ReadKind: ExpressibleByArgument {}

/// Puts an installation under load, measures what clients feel, and audits the stores afterwards.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Put an installation under load, measure it honestly, and audit it.",
        discussion: """
            Arrivals come at the rate asked for, whether or not the house keeps up; latencies count from the \
            moment at which a request was to begin. With --closed the next request of a slot follows the answer \
            to the last one. Without --at a throwaway installation is used. 'replay FILE' plays recorded auctions, \
            as 'gavel replay' reads them, against the house as it is now: each bid comes at its recorded time \
            divided by --scale. The exit code is 1 if a requirement was broken, the audit found what must not be, \
            or the run is void: its generator was late or skipped arrivals, or the services still worked a second \
            after its end.
            """)

    @Argument(
        help:
            "ping (to a service over mutual TLS), transfers (to the wallet), bids, reads, market (journeys of people), signins (people who come back with a token), or replay (recorded bids)."
    )
    var scenario: LoadName
    @Argument(help: "Of replay: a CSV file of recorded auctions.") var file: String?
    @OptionGroup var shape: LoadShape
    @Option(help: "What reads read.") var what = ReadKind.detail
    @Option(help: "Weights of the market's journeys, such as browse=60,bid=40.") var journeys: String?
    @Option(help: "The mean time between two requests of a journey.") var think = "200ms"
    @Option(help: "How many times faster than recorded a replay is.") var scale = 1.0
    @Option(help: "Listings that are open; with --closed at least one for each journey under way.")
    var listings = 1_000
    @Option(help: "Buyers, each with as many of the connections; of transfers the parties that receive.")
    var buyers = 8
    @Option(help: "People who are signed in all the while and ask nothing.") var idle = 0
    @Option(
        help:
            "Load before what is measured: a time, or 'steady' until throughput and p50 stay the same, a minute at most."
    )
    var warmup = "2s"
    @Option(name: .customLong("repeat"), help: "How many times to measure.") var repetitions = 1
    @Option(help: "The most, in percent, that the rates of repetitions may differ from their mean.")
    var variance = 10.0
    @Option(help: "Kill a service and start it again: auction@5s. May be given again.") var kill: [String] =
        []
    @Option(help: "Hold a service: wallet@5s+1s. May be given again.") var pause: [String] = []
    @Option(help: "What must hold, between commas: 'p99<20ms,errors=0', also 'p99<20ms for 10s'.")
    var require: String?
    @Option(help: "Search for the highest rate at which this holds, from --rate on.") var findLimit: String?
    @Option(help: "Processes that offer the load together.") var workers = 1
    @Option(help: "The seed of all chance.") var seed: UInt64 = 1
    @Option(name: .customLong("at"), help: "The data folder of an installation that runs.") var folder:
        String?
    @OptionGroup var output: LoadOutput
    @Option(help: .hidden) var worker: String?

    func validate() throws {
        do {
            _ = try shape.drive(factor: 1, isJourneys: isJourneys)
            _ = try require.map { try Requirement.parse($0) }
            _ = try findLimit.map { try Requirement.parse($0) }
            _ = try faults()
            _ = try weights()
            _ = try LoadShape.span(think)
            _ = try WarmUp.parse(warmup)
            if scenario == .replay { _ = try recording() }
        } catch let fault as LoadPlanFault {
            throw ValidationError("\(fault)")
        } catch let fault as RecordedBidsFault {
            throw ValidationError("\(file ?? ""), \(fault)")
        }
        try LoadShape.check([
            ("listings", listings, 1...5_000_000), ("idle", idle, 0...100_000),
            ("buyers", buyers, 2...10_000),
            ("repeat", repetitions, 1...1_000), ("workers", workers, 1...64),
        ])
        if findLimit != nil, shape.closed || idle > 0 {
            throw ValidationError("--find-limit searches rates: leave --closed and --idle out")
        }
        if workers > 1, findLimit != nil || repetitions > 1 || idle > 0 || warmup == "steady" {
            throw ValidationError(
                "--workers measures once, and all begin together: leave --find-limit, --repeat, --idle and "
                    + "--warmup steady out")
        }
        try validateReplay()
    }

    private func validateReplay() throws {
        guard scenario == .replay else {
            if let file { throw ValidationError("expected no file but for replay, found '\(file)'") }
            return
        }
        if shape.closed || shape.ramp != nil || shape.rampFile != nil || findLimit != nil || repetitions > 1
            || workers > 1
        {
            throw ValidationError(
                "replay offers what its file says, once: leave --closed, --ramp, --ramp-file, --find-limit, "
                    + "--repeat and --workers out")
        }
    }

    // MARK: The plan

    var isJourneys: Bool { scenario == .market }

    private func weights() throws -> [JourneyKind: Int] {
        try journeys.map { try JourneyKind.weights($0) } ?? JourneyKind.usual
    }

    func faults() throws -> [LoadFault] {
        try kill.map { try LoadFault.parse($0, pauses: false) }
            + pause.map { try LoadFault.parse($0, pauses: true) }
    }

    private func recording() throws -> (bids: [RecordedBid], plan: RecordedPlan) {
        guard let file else { throw ValidationError("replay: expected a file of recorded auctions") }
        let bids = try RecordedBids.read(InputFile.text(file))
        return (bids, try RecordedPlan(bids, scale: scale))
    }

    var title: String {
        switch scenario {
        case .reads: "reads: \(what.rawValue)"
        case .replay: "replay of \(file.map(Self.name(of:)) ?? ""), \(Self.times(scale)) times as fast"
        case .ping, .transfers, .bids, .market, .signins: scenario.rawValue
        }
    }

    private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

    /// Without a point where nothing follows it.
    private static func times(_ scale: Double) -> String {
        scale.rounded() == scale ? "\(Int(scale))" : "\(scale)"
    }

    // MARK: The run

    func run() async throws {
        if let folder { return try await run(on: try Installation.attach(folder)) }
        var options = Installation.Options()
        var limits = GatewayLimits.raised
        limits.inFlightPerLink = 16_384
        limits.links = max(limits.links, UInt32(idle + shape.slots + 1_000))
        limits.linksPerAddress = limits.links
        options.gatewayLimits = limits.json(.plain)
        let installation = try await Installation.start(options)
        Interrupts.before { await installation.stop() }
        try await closing {
            try await run(on: installation)
        } finally: {
            await installation.stop()
        }
    }

    private func run(on installation: Installation) async throws {
        try checkAdmission(installation)
        if workers > 1 { return try finish(try await together(on: installation)) }
        let scenario = try await open(on: installation)
        try await closing {
            if let worker { try await waitForStart(worker) }
            if let findLimit {
                try finish(try await search(findLimit, scenario, installation))
            } else if let worker {
                try await measure(scenario, installation).write(to: worker)
            } else {
                try finish(try await measure(scenario, installation))
            }
        } finally: {
            await scenario.close()
        }
    }

    /// Who opens the market is connected while its connections are made; idle people come when it is open.
    private func checkAdmission(_ installation: Installation) throws {
        let file = installation.data.gatewayLimitsFile
        let limits: GatewayLimits = try RecordFile.read(file) ?? GatewayLimits()
        let own = scenario == .ping || scenario == .transfers ? 0 : shape.connections
        let needed = own + max(idle + 1, buyers + 4)
        if let fault = LoadAdmission.fault(needed: needed, limits, file: file) {
            throw ValidationError(fault)
        }
    }

    private func open(on installation: Installation) async throws -> any LoadScenario {
        func guest() async throws -> Guest { try await FirstOperator.guest(of: installation) }
        switch scenario {
        case .ping:
            return try await PingScenario.open(installation, connections: shape.connections)
        case .transfers:
            return try await TransferScenario.open(
                installation, parties: buyers, connections: shape.connections, operator: guest())
        case .signins:
            return try await SignInScenario.open(installation, buyers: buyers, operator: guest())
        case .bids:
            let least = shape.closed ? shape.slots : 1
            return BidScenario(
                try await LoadMarket.open(installation, size(least: least), operator: guest()), seed: seed)
        case .reads:
            return ReadScenario(
                try await LoadMarket.open(installation, size(), operator: guest()), what, seed: seed)
        case .market:
            let weights = try weights()
            let markets = try await JourneyMarkets.open(
                installation, size(), weights: weights, operator: guest())
            return MarketScenario(
                markets, weights: weights, think: Int(try LoadShape.span(think) * 1_000), seed: seed)
        case .replay:
            let (bids, plan) = try recording()
            Terminal.note("listing \(plan.lots.count) auctions for \(plan.seats) bidders")
            return try await RecordedScenario.open(
                installation, bids, plan, connections: shape.connections, operator: guest())
        }
    }

    /// How large the market is, and that it is being opened, for whoever waits for it.
    private func size(least: Int = 1) -> LoadMarket.Size {
        var size = LoadMarket.Size()
        size.buyers = buyers
        size.connections = shape.connections
        size.listings = max(least, listings)
        Terminal.note("opening a market with \(size.listings) listings")
        return size
    }

    private func finish(_ report: LoadReport) throws {
        try output.write(report)
        if !report.succeeded { throw CheckFailed() }
    }
}
