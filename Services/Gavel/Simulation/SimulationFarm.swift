import Auditor
import Foundation
import Glibc
import Host
import Kernel
import Messages
import Operation
import Simulator
import Wire

/// Runs seeds in processes of their own, so that one that traps is a finding and not the end.
struct SimulationFarm {
    let jobs: Int
    let days: Int
    let without: [String]
    let twice: Bool
    /// The planted fault that every seed runs with.
    var planted: String?

    /// How long shrinking may take, in seconds.
    private static let shrinkingSeconds = 120.0

    static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    private struct Run {
        let seed: UInt64
        let isSecond: Bool
        let process: ChildProcess
        let log: String
    }

    func run(_ seeds: [UInt64]) throws -> SimulationSummary {
        // A seed makes and frees small things by the million, in one thread: that many may wait to be made again.
        setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=1000", 0)
        var summary = SimulationSummary(days: days)
        var waiting = seeds.flatMap { twice ? [($0, false), ($0, true)] : [($0, false)] }[...]
        var running: [Run] = []
        let began = ContinuousClock.now
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < jobs, let (seed, isSecond) = waiting.popFirst() {
                running.append(try start(seed, isSecond, days, without))
            }
            usleep(10_000)
            for run in running where !run.process.isAlive {
                summary.add(finish(run), isSecond: run.isSecond)
                Terminal.progress(
                    "\(summary.done) of \(seeds.count * (twice ? 2 : 1)) runs, \(summary.violated) with violations"
                )
            }
            running.removeAll { !$0.process.isAlive }
        }
        summary.seconds = Double((ContinuousClock.now - began).components.seconds)
        Terminal.progress("")
        return summary
    }

    private func start(_ seed: UInt64, _ isSecond: Bool, _ days: Int, _ without: [String]) throws -> Run {
        let log =
            FileManager.default.temporaryDirectory.path
            + "/gavel-seed-\(getpid())-\(seed)-\(isSecond ? 2 : 1)-\(UInt64.random(in: 0...UInt64.max)).log"
        var arguments = ["simulate", "--worker", "--seed", "\(seed)", "--days", "\(days)"]
        if !without.isEmpty { arguments += ["--without", without.joined(separator: ",")] }
        if let planted { arguments += ["--planted", planted] }
        let process = try ChildProcess(ChildProcess.gavel, arguments, log: log, outlives: false)
        return Run(seed: seed, isSecond: isSecond, process: process, log: log)
    }

    private func finish(_ run: Run) -> SeedResult {
        defer { unlink(run.log) }
        let text = (try? readText(run.log)) ?? ""
        for line in text.split(separator: "\n").reversed() {
            if let result = SeedReport.read(String(line)) { return result }
        }
        SimulationFolder.removeOf(process: run.process.pid, seed: run.seed)
        var result = SeedResult()
        result.seed = run.seed
        result.violations = [
            Violation(invariant: "process", text: "the process of the seed ended without a result")
        ]
        result.trace = text.split(separator: "\n").suffix(30).map(String.init)
        return result
    }

    // MARK: Shrinking

    /// Looks for less that breaks the same: fewer kinds of faults, fewer days.
    func shrink(_ violation: SimulationSummary.Found) throws -> String? {
        guard !violation.result.violations.isEmpty else { return nil }
        let deadline = Date().addingTimeInterval(Self.shrinkingSeconds)
        let invariant = violation.result.violations[0].invariant
        var off = without
        var length = days
        func breaks(_ off: [String], _ days: Int) throws -> Bool {
            let run = try start(violation.result.seed, false, days, off)
            run.process.waitUntilEnded()
            return finish(run).violations.contains { $0.invariant == invariant }
        }
        let reached = Int(violation.result.span.microseconds / 86_400_000_000) + 1
        if reached < length, try breaks(off, reached) { length = reached }
        while length > 1, Date() < deadline, try breaks(off, length / 2) { length /= 2 }
        for kind in violation.result.kinds where Date() < deadline && !off.contains(kind) {
            if try breaks(off + [kind], length) { off.append(kind) }
        }
        guard off != without || length != days else { return nil }
        let without = off.isEmpty ? "" : " --without \(off.joined(separator: ","))"
        return "the same with less: gavel simulate --seed \(violation.result.seed) --days \(length)\(without)"
    }
}

/// What came of all seeds.
struct SimulationSummary {
    /// A seed that broke something.
    struct Found {
        let result: SeedResult
        let days: Int

        /// The violation, the seed, the commit and what led to it.
        var told: String {
            let first = result.violations.first
            var lines = [
                "violation of \(first?.invariant ?? "?"): \(first?.text ?? "")",
                "seed \(result.seed), commit \(Build.commit): gavel simulate --seed \(result.seed) --days \(days)",
            ]
            if let first, !first.entities.isEmpty {
                lines.append("about " + first.entities.joined(separator: ", "))
            }
            lines += result.violations.dropFirst().prefix(5).map { "also \($0.invariant): \($0.text)" }
            return (lines + result.trace.map { "  " + $0 }).joined(separator: "\n")
        }
    }

    let days: Int
    var seeds = 0
    var done = 0
    var violated = 0
    var differing: [UInt64] = []
    var microseconds: Int64 = 0
    var commands = 0
    var events: UInt64 = 0
    var seconds = 0.0
    private var faults: [String: Int] = [:]
    private var messages: [String: Int] = [:]
    private var refusals: [String: Int] = [:]
    private var rules: [String: Int] = [:]
    private var histories: [UInt64: String] = [:]
    var broken: [Found] = []
    var firstViolation: Found? { broken.first }

    init(days: Int) { self.days = days }

    var isSound: Bool { violated == 0 && differing.isEmpty }

    mutating func add(_ result: SeedResult, isSecond: Bool) {
        done += 1
        if let known = histories[result.seed] {
            if known != result.history { differing.append(result.seed) }
        } else {
            histories[result.seed] = result.history
        }
        if isSecond { return }
        seeds += 1
        microseconds += result.span.microseconds
        commands += result.commands
        events += result.events
        faults.merge(result.faults, uniquingKeysWith: +)
        messages.merge(result.messages, uniquingKeysWith: +)
        refusals.merge(result.refusals, uniquingKeysWith: +)
        rules.merge(result.rules, uniquingKeysWith: +)
        guard !result.violations.isEmpty else { return }
        violated += 1
        broken.append(Found(result: result, days: days))
    }

    /// What never happened: kinds of faults, messages, refusals and rules.
    var never: [String] {
        [faults, messages, refusals, rules].flatMap { counts in
            counts.filter { $0.value == 0 }.keys.sorted()
        }
    }

    private var years: Double { Double(microseconds) / 86_400_000_000 / 365 }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("seeds", .int(seeds)),
            .init("violations", .int(violated)),
            .init("simulatedYears", .number(String(format: "%.3f", years))),
            .init("commands", .int(commands)), .init("events", .int(events)),
            .init("seconds", .number(String(format: "%.0f", seconds))),
            .init("commit", .string(Build.commit)),
            .init("faults", SeedReport.counts(faults)), .init("messages", SeedReport.counts(messages)),
            .init("refusals", SeedReport.counts(refusals)), .init("rules", SeedReport.counts(rules)),
        ]
        if !broken.isEmpty {
            members.append(
                .init(
                    "violated",
                    .array(
                        broken.prefix(50).map { found in
                            .object([
                                .init("seed", .int(found.result.seed)),
                                .init("invariant", .string(found.result.violations.first?.invariant ?? "")),
                                .init("text", .string(found.result.violations.first?.text ?? "")),
                            ])
                        })))
        }
        if !differing.isEmpty {
            members.append(.init("differing", .array(differing.map { .int($0) })))
        }
        if seeds == 1, let history = histories.first?.value {
            members.append(.init("history", .string(history)))
        }
        return .object(members)
    }

    var text: String {
        var lines = [
            "\(seeds) seeds, \(String(format: "%.2f", years)) years, \(commands) commands, \(events) events, "
                + "\(faults.values.reduce(0, +)) faults in \(Int(seconds)) s: \(violated) with violations"
        ]
        for found in broken {
            lines.append("seed \(found.result.seed): \(found.result.violations.first?.invariant ?? "")")
        }
        for seed in differing { lines.append("seed \(seed): two histories") }
        if seeds == 1, let history = histories.first?.value { lines.append("history \(history)") }
        return lines.joined(separator: "\n")
    }
}

/// What is built.
enum Build {
    /// The commit of the sources beside the program, where git knows it.
    static var commit: String {
        guard let head = try? readText(".git/HEAD").split(separator: "\n").first.map(String.init) else {
            return "unknown"
        }
        guard head.hasPrefix("ref: ") else { return head }
        let name = head.dropFirst(5)
        if let hash = try? readText(".git/\(name)").split(separator: "\n").first { return String(hash) }
        return "unknown"
    }
}
