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

    @Test("repetitions follow each other in time, and their counts and latencies are added")
    func repetitions() {
        func sample(_ second: Double) -> ServiceSample {
            ServiceSample(
                second: second, service: "auction", queued: 0, outbox: 0, commands: 1, batches: 1,
                processor: 0,
                resident: 0)
        }
        var one = report()
        one.rates = [500]
        one.samples = [sample(0), sample(1)]
        var other = report(latency: 4_000_000)
        other.rates = [400]
        other.quietMilliseconds = 700
        other.samples = [sample(1)]
        one.go(onWith: other)
        #expect(one.rates == [500, 400])
        #expect(one.seconds == 4 && one.tally.offered == 2_006)
        #expect(one.tally.seconds.map(\.completed) == [1_000, 0, 1_000, 0])
        #expect(one.tally.seconds.map { $0.corrected.count } == [1_000, 0, 1_000, 0])
        #expect(one.tally.total.corrected.count == 2_000)
        #expect(one.samples.map(\.second) == [0, 1, 3])
        #expect(one.quietMilliseconds == 700)
        #expect(one.json["rates"] == .array([.number("500.000"), .number("400.000")]))
        other.quietMilliseconds = nil
        one.go(onWith: other)
        #expect(one.quietMilliseconds == nil && one.tally.seconds.count == 6)
    }

    @Test("a second in which nothing came of a repetition is kept before the next one")
    func quietEnds() {
        var one = report()
        one.tally.seconds.removeLast()
        one.go(onWith: report())
        #expect(one.tally.seconds.map(\.completed) == [1_000, 0, 1_000, 0])
    }

    @Test("how long the warm-up took, and whether the house was steady, is in every form of the report")
    func warmUp() {
        var report = report()
        #expect(report.json["warmup"] == .null)
        report.warmUp = WarmedUp(seconds: 2)
        #expect(report.json["warmup"]?["seconds"] == .number("2.000"))
        #expect(report.json["warmup"]?["steady"] == .null)
        report.warmUp = WarmedUp(seconds: 60, isSteady: false)
        #expect(report.json["warmup"]?["steady"] == .bool(false))
        #expect(report.lines.contains { $0.contains("did NOT become steady") })
        #expect(HTMLReport.page(report).contains("did NOT become steady"))
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
