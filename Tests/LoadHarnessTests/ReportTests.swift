import Foundation
import Messages
import Testing
import Wire

@testable import LoadHarness

@Suite("What a load test reports") struct ReportTests {
    private func report(latency: UInt64 = 1_000_000, lag: UInt64 = 1_000) -> LoadReport {
        var report = LoadReport()
        report.scenario = "bids <&\"quoted\">"
        report.commandLine = ["gavel", "load", "bids"]
        report.seconds = 2
        report.quietMilliseconds = 10
        var tally = OperationTally()
        for _ in 0..<1_000 {
            tally.corrected.record(nanoseconds: latency)
            tally.raw.record(nanoseconds: latency / 2)
            tally.completed += 1
            report.tally.lag.record(nanoseconds: lag)
        }
        tally.refused["bidTooLow"] = 3
        report.tally.operations = ["bid": tally]
        report.tally.offered = 1_003
        report.tally.grow(to: 2)
        report.tally.seconds[0].offered = 1_003
        report.tally.seconds[0].completed = 1_000
        report.tally.seconds[0].corrected = tally.corrected
        return report
    }

    @Test("a run counts unless it skipped, was late itself, or left work behind")
    func void() {
        #expect(report().voidReasons.isEmpty)
        var skipping = report()
        skipping.tally.skipped = 1
        #expect(skipping.voidReasons.isEmpty)
        skipping.tally.skipped = 2
        #expect(skipping.voidReasons.count == 1)
        #expect(report(lag: 4_900_000).voidReasons.isEmpty)
        #expect(report(lag: 5_200_000).voidReasons.count == 1)
        // A fifth of what it reports is allowed where that is more.
        #expect(report(latency: 100_000_000, lag: 15_000_000).voidReasons.isEmpty)
        #expect(report(latency: 100_000_000, lag: 25_000_000).voidReasons.count == 1)
        var busy = report()
        busy.quietMilliseconds = 1_001
        #expect(busy.voidReasons.count == 1)
        busy.quietMilliseconds = nil
        #expect(busy.voidReasons.count == 1 && !busy.succeeded)
    }

    @Test("JSON has the figures under the names that are documented")
    func json() throws {
        let json = report().json
        #expect(json["completed"] == .int(1_000))
        #expect(json["offered"] == .int(1_003))
        #expect(json["errors"] == .int(0))
        #expect(json["void"] == .bool(false))
        #expect(json["refused"]?["bidTooLow"] == .int(3))
        #expect(json["latency"]?["corrected"]?["p99_us"] == .int(1_000))
        #expect(json["latency"]?["raw"]?["p50_us"] == .int(500))
        #expect(json["latency"]?["corrected"]?["p99_999_us"] == .int(1_000))
        #expect(json["rate"] == .number("500.000"))
    }

    @Test("the page stands alone, with what came from outside escaped")
    func page() {
        let page = HTMLReport.page(report())
        #expect(page.contains("bids &lt;&amp;&quot;quoted&quot;&gt;"))
        #expect(!page.contains("http") && !page.contains("<script"))
        #expect(page.components(separatedBy: "<svg").count == 5)
        #expect(!HTMLReport.page(LoadReport()).contains("nan"))
    }

    @Test("CSV has a line a second")
    func csv() {
        let lines = report().csv.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1] == "0,1003,1000,0,0,0,1000,1000,1000")
    }

    @Test("tallies of workers add up")
    func merge() {
        var one = report().tally
        one.add(report(latency: 4_000_000).tally)
        #expect(one.total.completed == 2_000 && one.offered == 2_006)
        #expect(one.total.corrected.count == 2_000)
        #expect(one.total.corrected.at(25) == 1_000)
        #expect(abs(Int(one.total.corrected.at(75)) - 4_000) <= 4)
        #expect(one.seconds[0].completed == 2_000)
    }
}
