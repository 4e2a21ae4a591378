import Kernel
import Messages
import Operation
import Simulator
import Testing
import Wire

@testable import Gavel

/// A few short seeds; the long ones are run by `gavel simulate`.
@Suite(.serialized) struct SeedTests {
    @Test("a seed gives the same history twice", arguments: [11, 12] as [UInt64])
    func twice(_ seed: UInt64) {
        let first = SeedRun(seed: seed, days: 1, without: []).run()
        let second = SeedRun(seed: seed, days: 1, without: []).run()
        #expect(first.violations.isEmpty, "\(first.violations)")
        #expect(first.history == second.history && first.history.count == 64)
        #expect(first.commands > 50)
    }

    @Test("two seeds give two histories") func different() {
        #expect(
            SeedRun(seed: 13, days: 1, without: []).run().history
                != SeedRun(seed: 14, days: 1, without: []).run().history)
    }

    @Test("F3 every kind of fault together breaks no promise") func everyFault() throws {
        var plan = SimulationPlan(seed: 15, span: .days(6))
        plan.faults = .all
        let folder = SimulationFolder.make(15)
        defer { SimulationFolder.remove(folder) }
        let result = try Simulation(plan, parts: SimulatedParts.house, folder: folder).run()
        #expect(result.violations.isEmpty, "\(result.violations)")
        #expect(result.faults.values.filter { $0 > 0 }.count > 8)
    }

    @Test("a result goes from process to process") func report() throws {
        let result = SeedRun(seed: 16, days: 1, without: ["delay"]).run()
        let read = try #require(SeedReport.read(SeedReport.json(result).text))
        #expect(read.history == result.history && read.faults == result.faults)
        #expect(read.commands == result.commands && read.span == result.span)
        #expect(read.faults["delay"] == 0)
    }
}
