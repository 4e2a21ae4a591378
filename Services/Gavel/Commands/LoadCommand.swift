import ArgumentParser
import Foundation
import Gateway
import Host
import Kernel
import LoadHarness
import Messages
import Operation
import Stories
import Wire

/// What a load test offers.
enum LoadName: String, CaseIterable, ExpressibleByArgument {
    case ping, transfers, bids, reads, market, signins
}

extension ArrivalPattern: ExpressibleByArgument {}
extension ReadKind: ExpressibleByArgument {}

/// Puts an installation under load, measures what clients feel, and audits the stores afterwards.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Put an installation under load, measure it honestly, and audit it.",
        discussion: """
            Arrivals come at the rate asked for, whether or not the house keeps up; latencies count from the \
            moment at which a request was to begin. With --closed the next request of a slot follows the answer \
            to the last one. Without --at a throwaway installation is used. The exit code is 1 if a requirement \
            was broken, the audit found what must not be, or the run is void: its generator was late or skipped \
            arrivals, or the services still worked a second after its end.
            """)

    @Argument(
        help:
            "ping (to a service over mutual TLS), transfers (to the wallet), bids, reads, market (journeys of people), or signins (people who come back with a token)."
    )
    var scenario: LoadName
    @Option(help: "Arrivals a second.") var rate: Double = 500
    @Option(help: "How long arrivals come, such as 20s.") var duration = "10s"
    @Option(help: "Steps in place of --rate and --duration: 30s@500,1m@2000, or rising 20s@100-900.")
    var ramp: String?
    @Option(help: "A CSV file of steps, seconds,rate.") var rampFile: String?
    @Option(help: "How arrivals follow each other.") var arrivals = ArrivalPattern.poisson
    @Option(
        help:
            "The most arrivals that wait for a free connection, or journeys of the market; one beyond is skipped."
    )
    var inFlight = 8_192
    @Flag(help: "Keep connections times window journeys under way in place of a rate.") var closed = false
    @Option(help: "Connections.") var connections = 16
    @Option(help: "Requests on their way on each connection at most.") var window = 16
    @Option(help: "What reads read.") var what = ReadKind.detail
    @Option(help: "Weights of the market's journeys, such as browse=60,bid=40.") var journeys: String?
    @Option(help: "The mean time between two requests of a journey.") var think = "200ms"
    @Option(help: "Listings that are open; with --closed at least one for each journey under way.")
    var listings = 1_000
    @Option(help: "Buyers, each with as many of the connections; of transfers the parties that receive.")
    var buyers = 8
    @Option(help: "People who are signed in all the while and ask nothing.") var idle = 0
    @Option(help: "Load before what is measured.") var warmup = "2s"
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
    @Option(help: "Write the report as JSON to this file; - for standard output.") var json: String?
    @Option(help: "Write one page with plots to this file.") var html: String?
    @Option(help: "Write one line a second to this file.") var csv: String?
    @Option(help: .hidden) var worker: String?

    func validate() throws {
        do {
            _ = try drive(factor: 1)
            _ = try require.map { try Requirement.parse($0) }
            _ = try findLimit.map { try Requirement.parse($0) }
            _ = try faults()
            _ = try journeys.map { try JourneyKind.weights($0) }
            _ = try span(think)
            _ = try span(warmup)
        } catch let fault as LoadPlanFault {
            throw ValidationError("\(fault)")
        }
        for (name, value, range) in [
            ("connections", connections, 1...10_000), ("window", window, 1...4_096),
            ("in-flight", inFlight, 1...1_000_000), ("listings", listings, 1...5_000_000),
            ("idle", idle, 0...100_000), ("buyers", buyers, 2...10_000), ("repeat", repetitions, 1...1_000),
            ("workers", workers, 1...64),
        ] where !range.contains(value) {
            throw ValidationError(
                "--\(name): expected \(range.lowerBound) to \(range.upperBound), found \(value)")
        }
        if findLimit != nil, closed {
            throw ValidationError("--find-limit searches rates: leave --closed out")
        }
        if workers > 1, findLimit != nil || repetitions > 1 || idle > 0 {
            throw ValidationError("--workers measures once: leave --find-limit, --repeat and --idle out")
        }
        if findLimit != nil, idle > 0 {
            throw ValidationError("--find-limit searches rates: leave --idle out")
        }
    }

    // MARK: The plan

    private func span(_ text: String) throws -> Double {
        guard let seconds = Span.seconds(text) else {
            throw ValidationError("expected a time such as 500ms or 20s, found '\(text)'")
        }
        return seconds
    }

    private func profile() throws -> RateProfile {
        if let rampFile {
            return try RateProfile(csv: InputFile.text(rampFile))
        }
        if let ramp { return try RateProfile(ramp) }
        return try RateProfile(rate: rate, seconds: try span(duration))
    }

    private func drive(factor: Double) throws -> LoadDrive {
        if closed {
            let seconds = try span(duration)
            guard seconds > 0, seconds <= 604_800 else {
                throw ValidationError("--duration: expected above zero, at most a week, found '\(duration)'")
            }
            return .closed(slots: connections * window, nanoseconds: UInt64(seconds * 1_000_000_000))
        }
        return open(try profile().scaled(by: factor))
    }

    /// Journeys think most of their time: they are bounded by their number, requests by what connections carry.
    private func open(_ profile: RateProfile) -> LoadDrive {
        let journeys = scenario == .market
        return .open(
            profile, arrivals, slots: journeys ? inFlight : connections * window,
            waiting: journeys ? 0 : inFlight)
    }

    private func faults() throws -> [LoadFault] {
        try kill.map { try LoadFault.parse($0, pauses: false) }
            + pause.map { try LoadFault.parse($0, pauses: true) }
    }

    private var title: String { scenario == .reads ? "reads: \(what.rawValue)" : scenario.rawValue }

    // MARK: The run

    func run() async throws {
        if let folder { return try await run(on: try Installation.attach(folder)) }
        var options = Installation.Options()
        var limits = GatewayLimits.raised
        limits.inFlightPerLink = 16_384
        limits.links = max(limits.links, UInt32(idle + connections * window + 1_000))
        limits.linksPerAddress = limits.links
        options.gatewayLimits = limits.json(.plain)
        let installation = try await Installation.start(options)
        Interrupts.before { await installation.stop() }
        do {
            try await run(on: installation)
            await installation.stop()
        } catch {
            await installation.stop()
            throw error
        }
    }

    private func run(on installation: Installation) async throws {
        if workers > 1 { return try finish(try await together(on: installation)) }
        let scenario = try await open(on: installation)
        do {
            if let worker { try await waitForStart(worker) }
            if let findLimit {
                try await search(findLimit, scenario, installation)
            } else {
                let report = try await measure(scenario, installation)
                if let worker {
                    try report.write(to: worker)
                } else {
                    try finish(report)
                }
            }
            await scenario.close()
        } catch {
            await scenario.close()
            throw error
        }
    }

    private func open(on installation: Installation) async throws -> any LoadScenario {
        if scenario == .ping {
            return try await PingScenario.open(installation, connections: connections)
        }
        if scenario == .transfers {
            return try await TransferScenario.open(
                installation, parties: buyers, connections: connections,
                operator: try await FirstOperator.guest(of: installation))
        }
        if scenario == .signins {
            return try await SignInScenario.open(
                installation, buyers: buyers, operator: try await FirstOperator.guest(of: installation))
        }
        var size = LoadMarket.Size()
        size.buyers = buyers
        size.connections = connections
        size.listings = closed && scenario == .bids ? max(listings, connections * window) : listings
        Terminal.note("opening a market with \(size.listings) listings")
        let market = try await LoadMarket.open(
            installation, size, operator: try await FirstOperator.guest(of: installation))
        switch scenario {
        case .ping, .transfers, .signins, .bids: return BidScenario(market, seed: seed)
        case .reads: return ReadScenario(market, what, seed: seed)
        case .market:
            return MarketScenario(
                market, weights: try journeys.map { try JourneyKind.weights($0) } ?? JourneyKind.usual,
                think: Int(try span(think) * 1_000), seed: seed)
        }
    }

    private func warmUp(_ scenario: any LoadScenario) async throws {
        let seconds = try span(warmup)
        guard seconds > 0 else { return }
        let drive: LoadDrive
        if closed {
            drive = .closed(slots: connections * window, nanoseconds: UInt64(seconds * 1_000_000_000))
        } else {
            let first = try profile().steps[0].from
            drive = open(try RateProfile(rate: first, seconds: seconds))
        }
        _ = await Generator.run(scenario, drive, seed: seed ^ 0x5747_5550)
    }

    private func measure(
        _ scenario: any LoadScenario, _ installation: Installation
    ) async throws -> LoadReport {
        let idlers =
            idle == 0
            ? nil
            : try await IdleClients.open(
                installation, count: idle, operator: try await FirstOperator.guest(of: installation))
        try await warmUp(scenario)
        var report = LoadReport()
        var acknowledged: [AcknowledgedCommand] = []
        for repetition in 0..<repetitions {
            let one = try await trial(scenario, installation, factor: 1, seed: seed + UInt64(repetition))
            acknowledged += one.acknowledged
            let rates = report.rates + [one.report.rate]
            let before = report.tally
            report = one.report
            report.rates = rates
            report.tally.add(before)
        }
        report.seconds *= Double(repetitions)
        report.scenario = title
        report.commandLine = ["gavel"] + CommandLine.arguments.dropFirst()
        report.acknowledged = acknowledged
        if let idlers {
            report.idle = (idlers.count, idlers.open, idlers.gatewayBytesEach)
            if idlers.open < idlers.count {
                report.breaches.append(
                    "idle clients: expected \(idlers.count) to stay, found \(idlers.open)")
            }
            await idlers.close()
        }
        judge(&report)
        if worker == nil { try await audit(&report, installation) }
        return report
    }

    /// One drive, and what it came to.
    private func trial(
        _ scenario: any LoadScenario, _ installation: Installation, factor: Double, seed: UInt64
    ) async throws -> (report: LoadReport, acknowledged: [AcknowledgedCommand]) {
        let drive = try drive(factor: factor)
        let watch = ServiceWatch(installation)
        await watch.sample()
        let faults = try faults()
        let striking = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for fault in faults { group.addTask { try await fault.strike(installation) } }
                try await group.waitForAll()
            }
        }
        let (tally, acknowledged) = await Generator.run(scenario, drive, seed: seed) { tally in
            await watch.sample()
            LoadView.show(tally, await watch.samples)
        }
        try await striking.value
        var report = LoadReport()
        report.tally = tally
        report.seconds = Double(drive.length) / 1_000_000_000
        report.quietMilliseconds = await watch.quiet(within: .seconds(30))
        report.samples = await watch.samples
        report.faults = faults.map(\.description)
        await watch.close()
        Terminal.progress("")
        return (report, acknowledged)
    }

    private func judge(_ report: inout LoadReport) {
        for requirement in (try? require.map { try Requirement.parse($0) }) ?? [] {
            if let breach = requirement.breach(in: report.tally, seconds: report.seconds) {
                report.breaches.append(breach)
            }
        }
        guard report.rates.count > 1 else { return }
        let mean = report.rates.reduce(0, +) / Double(report.rates.count)
        for rate in report.rates where abs(rate - mean) > mean * variance / 100 {
            report.breaches.append(
                "repetitions within \(variance) %: found \(Int(rate))/s, the mean is \(Int(mean))/s")
            break
        }
    }

    // MARK: The limit

    private func search(
        _ goal: String, _ scenario: any LoadScenario, _ installation: Installation
    ) async throws {
        let requirements = try Requirement.parse(goal)
        try await warmUp(scenario)
        var search = LimitSearch(from: rate)
        var best: LoadReport?
        var acknowledged: [AcknowledgedCommand] = []
        while let tried = search.rate {
            let one = try await trial(scenario, installation, factor: tried / rate, seed: seed)
            acknowledged += one.acknowledged
            var report = one.report
            report.breaches = requirements.compactMap { $0.breach(in: report.tally, seconds: report.seconds) }
            let held = report.breaches.isEmpty && report.voidReasons.isEmpty
            let why = (report.breaches + report.voidReasons).joined(separator: "; ")
            Terminal.note("\(Int(tried))/s: \(held ? "holds" : why)")
            search.tried(held: held)
            if held, search.holds == tried { best = report }
        }
        guard var report = best else {
            throw CheckFailed(text: "no rate was found at which '\(goal)' holds")
        }
        report.scenario = "\(title), highest rate with \(goal)"
        report.commandLine = ["gavel"] + CommandLine.arguments.dropFirst()
        report.limit = search.holds
        report.acknowledged = acknowledged
        try await audit(&report, installation)
        try finish(report)
    }

    // MARK: Workers

    /// Several processes offer their parts of the load, each in a market of its own.
    private func together(on installation: Installation) async throws -> LoadReport {
        let base = Proof.temporaryFolder("load")
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        let watch = ServiceWatch(installation)
        await watch.sample()
        var children: [ChildProcess] = []
        for number in 0..<workers {
            // One market after another: each takes the next free number.
            let child = try ChildProcess(
                ChildProcess.gavel, workerArguments(number, "\(base)/\(number)", installation.data.path),
                log: "\(base)/\(number).log", outlives: false)
            children.append(child)
            while child.isAlive, !FileManager.default.fileExists(atPath: "\(base)/\(number).ready") {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        try writeText("", to: "\(base)/start")
        while children.contains(where: { $0.isAlive }) {
            try await Task.sleep(for: .milliseconds(500))
            await watch.sample()
        }
        var report = LoadReport()
        report.quietMilliseconds = await watch.quiet(within: .seconds(30))
        report.samples = await watch.samples
        await watch.close()
        for number in 0..<workers {
            guard let part = try? LoadReport.read(from: "\(base)/\(number)") else {
                let log = (try? String(contentsOfFile: "\(base)/\(number).log", encoding: .utf8)) ?? ""
                throw CheckFailed(text: "worker \(number) ended without a result\n\(log.suffix(2_000))")
            }
            report.tally.add(part.tally)
            report.acknowledged += part.acknowledged
            report.seconds = max(report.seconds, part.seconds)
        }
        report.scenario = "\(title), \(workers) workers"
        report.commandLine = ["gavel"] + CommandLine.arguments.dropFirst()
        judge(&report)
        try await audit(&report, installation)
        return report
    }

    /// All workers begin together, once each has its market.
    private func waitForStart(_ file: String) async throws {
        try writeText("", to: "\(file).ready")
        let start = URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: "start").path()
        let deadline = ContinuousClock.now + .seconds(600)
        while !FileManager.default.fileExists(atPath: start) {
            guard ContinuousClock.now < deadline else {
                throw CheckFailed(text: "no start within ten minutes of being ready")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func workerArguments(_ number: Int, _ file: String, _ data: String) throws -> [String] {
        var arguments = [
            "load", scenario.rawValue, "--worker", file, "--at", data, "--duration", duration,
            "--arrivals", arrivals.rawValue, "--in-flight", "\(max(1, inFlight / workers))",
            "--connections", "\(max(1, connections / workers))", "--window", "\(window)", "--what",
            what.rawValue, "--think", think, "--listings", "\(max(1, listings / workers))", "--buyers",
            "\(max(2, buyers / workers))", "--warmup", warmup, "--seed", "\(seed + UInt64(number) * 1_000)",
            "--rate", "\(rate / Double(workers))",
        ]
        if closed { arguments.append("--closed") }
        if let journeys { arguments += ["--journeys", journeys] }
        if ramp != nil || rampFile != nil {
            let shared = try profile().scaled(by: 1 / Double(workers))
            let steps = shared.steps.map { "\(Double($0.length) / 1e9)s@\($0.from)-\($0.to)" }
            arguments += ["--ramp", steps.joined(separator: ",")]
        }
        return arguments
    }

    // MARK: The end

    private func audit(_ report: inout LoadReport, _ installation: Installation) async throws {
        Terminal.note("auditing")
        let watch = ServiceWatch(installation)
        _ = await watch.quiet(within: .seconds(60), effectsToo: true)
        await watch.close()
        let data = installation.data
        let definitions = try ServiceName.stores.map { try Definitions.of($0, data) }
        let acknowledged = report.acknowledged.map {
            Acknowledgement(service: $0.service, party: $0.party.raw, key: $0.key, answer: $0.answer)
        }
        let found = try Verifier(folder: data.path, definitions: definitions).run(acknowledged: acknowledged)
        report.audit = .object(found.members)
        report.auditHolds = found.ok
        if !found.ok { for line in found.lines { Terminal.note(line) } }
    }

    private func finish(_ report: LoadReport) throws {
        if let html { try writePublicText(HTMLReport.page(report), to: html) }
        if let csv { try writePublicText(report.csv, to: csv) }
        if let json, json != "-" { try writePublicText(report.json.pretty() + "\n", to: json) }
        if json == "-" {
            Terminal.say(report.json.text)
        } else {
            for line in report.lines { Terminal.say(line) }
        }
        if !report.succeeded { throw CheckFailed() }
    }
}

/// The line that is replaced while a load runs.
enum LoadView {
    static func show(_ tally: LoadTally, _ samples: [ServiceSample]) {
        guard let second = tally.seconds.dropLast().last else { return }
        let services = ServiceName.stores.compactMap { service in samples.last { $0.service == service.title }
        }
        let busy = services.filter { $0.commands > 0 }.map {
            "\($0.service) \($0.queued) queued, \(Int($0.batchSize)) a batch"
        }
        Terminal.progress(
            "\(second.completed)/s, p50 \(second.corrected.at(50)) µs, p99 \(second.corrected.at(99)) µs, "
                + "\(second.refused) refused, \(second.failed) failed · \(busy.joined(separator: " · "))")
    }
}

extension LoadReport {
    /// What a worker hands to the process that started it.
    func write(to file: String) throws {
        try JSONEncoder().encode(tally).write(to: URL(fileURLWithPath: "\(file).tally"))
        let lines = acknowledged.map {
            Acknowledgement(service: $0.service, party: $0.party.raw, key: $0.key, answer: $0.answer).line
        }
        try "\(seconds)\n".write(toFile: "\(file).seconds", atomically: true, encoding: .utf8)
        try lines.joined(separator: "\n").write(toFile: "\(file).keys", atomically: true, encoding: .utf8)
    }

    static func read(from file: String) throws -> LoadReport {
        var report = LoadReport()
        let tally = try Data(contentsOf: URL(fileURLWithPath: "\(file).tally"))
        report.tally = try JSONDecoder().decode(LoadTally.self, from: tally)
        let seconds = try String(contentsOfFile: "\(file).seconds", encoding: .utf8)
        report.seconds = Double(seconds.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        report.acknowledged = try Acknowledgement.read("\(file).keys").map {
            AcknowledgedCommand(service: $0.service, party: PartyID($0.party), key: $0.key, answer: $0.answer)
        }
        return report
    }
}
