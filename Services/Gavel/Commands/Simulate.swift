import ArgumentParser
import Kernel
import Messages
import Operation
import Simulator
import Wire

/// Runs the whole marketplace on simulated time, network and failures.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulate the whole marketplace under failures, and judge it.",
        discussion: """
            Each seed is one marketplace: its people, its network, its failures. The same seed gives the same \
            history. Seeds run in processes of their own, one a core. The exit code is 1 if a seed breaks an \
            invariant, or if with the checked-in seeds something never happened that is counted.
            """)

    @Option(help: "Replay this seed alone.") var seed: UInt64?
    @Option(help: "How many fresh seeds to run.") var seeds: Int?
    @Flag(help: "Run the seeds that are checked in.") var fixed = false
    @Option(help: "Years of marketplace time in total.") var years: Double?
    @Option(help: "Days of marketplace time a seed.") var days: Int?
    @Option(help: "How many processes at a time; all cores otherwise.") var jobs: Int?
    @Option(help: "Kinds of faults that do not strike, between commas.") var without: String = ""
    @Option(help: "Switch on a planted fault, in a build that holds them (Tests/Planted/table).")
    var planted: String?
    @Flag(help: "Run each seed twice, in two processes, and compare the histories.") var verifyTwice = false
    @Flag(help: "Report as JSON.") var json = false
    @Flag(help: .hidden) var worker = false

    func validate() throws {
        guard (1...100_000).contains(seeds ?? 1) else {
            throw ValidationError("expected 1 to 100000 seeds, found \(seeds ?? 0)")
        }
        guard (1...3_660).contains(days ?? 1) else {
            throw ValidationError("expected 1 to 3660 days, found \(days ?? 0)")
        }
        guard (0.001...10_000).contains(years ?? 1) else {
            throw ValidationError("expected 0.001 to 10000 years, found \(years ?? 0)")
        }
        guard (1...256).contains(jobs ?? 1) else {
            throw ValidationError("expected 1 to 256 processes, found \(jobs ?? 0)")
        }
        if let planted {
            guard Planted.isCompiledIn else {
                throw ValidationError("this build holds no planted faults; build with GAVEL_PLANTED=1")
            }
            guard Planted(rawValue: planted) != nil else {
                let names = Planted.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("expected one of \(names), found '\(planted)'")
            }
        }
        for name in kindsOff where FaultKind(named: name) == nil {
            throw ValidationError(
                "expected one of \(FaultKind.allCases.map(\.name).joined(separator: ", ")), found '\(name)'"
            )
        }
    }

    private var kindsOff: [String] { without.split(separator: ",").map(String.init) }

    func run() throws {
        if let planted = planted.flatMap(Planted.init(rawValue:)) { Planted.choose(planted) }
        if worker {
            endWithParent()
            let result = SeedRun(seed: seed ?? 1, days: days ?? 30, without: kindsOff).run()
            return Terminal.say(SeedReport.json(result).text)
        }
        let farm = SimulationFarm(
            jobs: jobs ?? SimulationFarm.cores, days: daysEach, without: kindsOff, twice: verifyTwice,
            planted: planted)
        let summary = try farm.run(chosen)
        if let violation = summary.firstViolation {
            Terminal.note(violation.told)
            if let shrunk = try farm.shrink(violation) { Terminal.note(shrunk) }
        }
        Terminal.say(json ? summary.json.text : summary.text)
        let never = fixed ? summary.never : []
        if !never.isEmpty {
            Terminal.note("expected to happen with the checked-in seeds: \(never.joined(separator: ", "))")
        }
        if !summary.isSound || !never.isEmpty { throw CheckFailed() }
    }

    /// The seeds to run.
    private var chosen: [UInt64] {
        if let seed { return [seed] }
        if fixed { return FixedSeeds.all }
        return (0..<(seeds ?? 10)).map { _ in UInt64.random(in: 1...0xffff_ffff_ffff) }
    }

    /// How long each seed's marketplace is open.
    private var daysEach: Int {
        if let days { return days }
        guard let years else { return 30 }
        return max(1, Int((years * 365 / Double(max(1, chosen.count))).rounded(.up)))
    }
}

/// The seeds that are run with every change: among them those that once found something.
enum FixedSeeds {
    static let all: [UInt64] = Array(1...24)
}
