import Messages
import Simulator
import Testing

@testable import Gavel

/// A sample of what `gavel crash-sweep` does at every operation.
@Suite("The money's story on disks that fail", .serialized)
struct CrashSweepTests {
    @Test("F3 the story comes to its end, and what was acknowledged is there, wherever a disk fails")
    func sample() async throws {
        var sweep = CrashSweep { _ in }
        sweep.every = 430
        sweep.jobs = 2
        let outcome = try await sweep.run()
        #expect(outcome.violations == [])
        #expect(outcome.runs >= 20)
        #expect(outcome.missed <= outcome.runs / 4)
        #expect(outcome.acknowledged > outcome.runs * 20)
        for fault in [SimulatedDisk.Fault.power, .error, .full] {
            #expect(outcome.met[fault, default: 0] > 0, "\(fault)")
        }
    }
}
