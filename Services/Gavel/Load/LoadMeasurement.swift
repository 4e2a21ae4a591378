import Kernel
import LoadHarness
import Messages
import Operation

/// What is measured, and how often.
extension LoadCommand {
    func measure(
        _ scenario: any LoadScenario, _ installation: Installation
    ) async throws -> LoadReport {
        guard idle > 0 else { return try await repeated(scenario, installation, nil) }
        let idlers = try await IdleClients.open(
            installation, count: idle, operator: try await FirstOperator.guest(of: installation))
        return try await closing {
            try await repeated(scenario, installation, idlers)
        } finally: {
            await idlers.close()
        }
    }

    private func repeated(
        _ scenario: any LoadScenario, _ installation: Installation, _ idlers: IdleClients?
    ) async throws -> LoadReport {
        let warmedUp = try await warmUp(scenario)
        var report = try await trial(scenario, installation, factor: 1, seed: seed)
        for repetition in 1..<max(1, repetitions) {
            report.go(
                onWith: try await trial(
                    scenario, installation, factor: 1, seed: seed + UInt64(repetition)))
        }
        report.warmUp = warmedUp
        report.scenario = title
        report.commandLine = ["gavel"] + CommandLine.arguments.dropFirst()
        if let idlers {
            report.idle = (idlers.count, idlers.open, idlers.gatewayBytesEach)
            if idlers.open < idlers.count {
                report.breaches.append(
                    "idle clients: expected \(idlers.count) to stay, found \(idlers.open)")
            }
        }
        judge(&report)
        if worker == nil {
            await scenario.settle()
            try await audit(&report, installation)
        }
        return report
    }

    private func warmUp(_ scenario: any LoadScenario) async throws -> WarmedUp? {
        // A replay has its file's bids to offer and no others; to list its auctions warms the house up.
        guard self.scenario != .replay else { return nil }
        return try await WarmUp.parse(warmup).run(scenario, seed: seed ^ 0x5747_5550) { seconds in
            try shape.warmUp(seconds: seconds, isJourneys: isJourneys)
        }
    }

    /// One drive, and what it came to.
    private func trial(
        _ scenario: any LoadScenario, _ installation: Installation, factor: Double, seed: UInt64
    ) async throws -> LoadReport {
        let watch = ServiceWatch(installation)
        return try await closing {
            try await watched(scenario, installation, try drive(scenario, factor: factor), seed, watch)
        } finally: {
            await watch.close()
        }
    }

    private func drive(_ scenario: any LoadScenario, factor: Double) throws -> LoadDrive {
        if let recorded = scenario as? RecordedScenario {
            return .recorded(recorded.moments, slots: shape.slots)
        }
        return try shape.drive(factor: factor, isJourneys: isJourneys)
    }

    private func watched(
        _ scenario: any LoadScenario, _ installation: Installation, _ drive: LoadDrive, _ seed: UInt64,
        _ watch: ServiceWatch
    ) async throws -> LoadReport {
        await watch.sample()
        let faults = try faults()
        let striking = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for fault in faults { group.addTask { try await fault.strike(installation) } }
                try await group.waitForAll()
            }
        }
        var report = LoadReport()
        let (tally, acknowledged) = await Generator.run(scenario, drive, seed: seed) { tally in
            await watch.sample()
            LoadView.show(tally, await watch.samples)
        }
        try await striking.value
        report.tally = tally
        report.acknowledged = acknowledged
        report.seconds = Double(drive.length) / 1_000_000_000
        report.rates = [report.rate]
        report.quietMilliseconds = await watch.quiet(within: .seconds(30))
        report.samples = await watch.samples
        report.faults = faults.map(\.description)
        Terminal.progress("")
        return report
    }

    func judge(_ report: inout LoadReport) {
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

    /// Looks for the highest rate at which `goal` holds.
    func search(
        _ goal: String, _ scenario: any LoadScenario, _ installation: Installation
    ) async throws -> LoadReport {
        let requirements = try Requirement.parse(goal)
        let warmedUp = try await warmUp(scenario)
        var search = LimitSearch(from: shape.rate)
        var best: LoadReport?
        var acknowledged: [AcknowledgedCommand] = []
        while let tried = search.rate {
            var report = try await trial(scenario, installation, factor: tried / shape.rate, seed: seed)
            acknowledged += report.acknowledged
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
        report.warmUp = warmedUp
        report.scenario = "\(title), highest rate with \(goal)"
        report.commandLine = ["gavel"] + CommandLine.arguments.dropFirst()
        report.limit = search.holds
        report.acknowledged = acknowledged
        try await audit(&report, installation)
        return report
    }

    /// Checks all stores against each other and against what clients were told.
    func audit(_ report: inout LoadReport, _ installation: Installation) async throws {
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
}
