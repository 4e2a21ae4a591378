import Foundation
import Host
import Kernel
import LoadHarness
import Operation

/// Several processes that offer their parts of one load.
extension LoadCommand {
    /// Several processes offer their parts of the load, each in a market of its own.
    func together(on installation: Installation) async throws -> LoadReport {
        let base = Proof.temporaryFolder("load")
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        let watch = ServiceWatch(installation)
        var report = try await closing {
            try await offerTogether(base, installation, watch)
        } finally: {
            await watch.close()
        }
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

    /// Starts them one after another, lets them begin together, and watches the services until the last has ended.
    private func offerTogether(
        _ base: String, _ installation: Installation, _ watch: ServiceWatch
    ) async throws -> LoadReport {
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
        return report
    }

    /// All workers begin together, once each has its market.
    func waitForStart(_ file: String) async throws {
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
            "load", scenario.rawValue, "--worker", file, "--at", data, "--duration", shape.duration,
            "--arrivals", shape.arrivals.rawValue, "--in-flight", "\(max(1, shape.inFlight / workers))",
            "--connections", "\(max(1, shape.connections / workers))", "--window", "\(shape.window)",
            "--what", what.rawValue, "--think", think, "--listings", "\(max(1, listings / workers))",
            "--buyers",
            "\(max(2, buyers / workers))", "--warmup", warmup, "--seed", "\(seed + UInt64(number) * 1_000)",
            "--rate", "\(shape.rate / Double(workers))",
        ]
        if shape.closed { arguments.append("--closed") }
        if let journeys { arguments += ["--journeys", journeys] }
        if shape.ramp != nil || shape.rampFile != nil {
            let shared = try shape.profile().scaled(by: 1 / Double(workers))
            let steps = shared.steps.map { "\(Double($0.length) / 1e9)s@\($0.from)-\($0.to)" }
            arguments += ["--ramp", steps.joined(separator: ",")]
        }
        return arguments
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
