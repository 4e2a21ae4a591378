import ArgumentParser
import Kernel
import Messages
import Wire

/// Fails or cuts the power at every operation of the disks under the money's story.
struct CrashSweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-sweep",
        abstract: "Let each disk operation of a sale fail, or the power go there, and verify what is left.")

    @Option(help: "Take one operation of so many, 1 to 10,000.") var every = 1
    @Option(help: "Tellings at the same time, 1 to 64.") var jobs = 1
    @Option(help: "Only this service's disk.") var service: String?
    @Option(help: "Only this operation of each disk.") var at: Int?
    @Flag(help: "Report as JSON.") var json = false

    func validate() throws {
        guard (1...10_000).contains(every), (1...64).contains(jobs) else {
            throw ValidationError("expected --every 1 to 10000 and --jobs 1 to 64")
        }
        guard service == nil || service.flatMap(ServiceName.init(title:)) != nil else {
            throw ValidationError("expected a service, found \(service ?? "")")
        }
    }

    func run() async throws {
        let began = ContinuousClock.now
        var sweep = CrashSweep { Terminal.note($0) }
        sweep.every = every
        sweep.jobs = jobs
        sweep.only = service.flatMap(ServiceName.init(title:))
        sweep.at = at
        let outcome = try await sweep.run()
        let seconds = JSON.Member("seconds", .int(Int((ContinuousClock.now - began) / .seconds(1))))
        let members = outcome.members + [seconds]
        if json {
            Terminal.say(JSON.object(members).text)
        } else {
            for member in members { Terminal.say("\(member.name): \(member.value.text)") }
        }
        if !outcome.violations.isEmpty { throw CheckFailed() }
    }
}
