import Testing

@testable import LoadHarness

@Suite("Rates, arrivals and requirements of a load test") struct PlanTests {
    @Test("steps are read, level and rising, in seconds, minutes and milliseconds")
    func steps() throws {
        let profile = try RateProfile("30s@500,1m@2000,500ms@10-30")
        #expect(profile.steps.map(\.length) == [30_000_000_000, 60_000_000_000, 500_000_000])
        #expect(profile.steps.map(\.from) == [500, 2_000, 10])
        #expect(profile.steps.map(\.to) == [500, 2_000, 30])
        #expect(profile.arrivals(until: profile.length) == 15_000 + 120_000 + 10)
        #expect(try RateProfile(csv: "seconds,rate\n2,10\n3, 20\n").steps.map(\.from) == [10, 20])
        #expect(try profile.scaled(by: 2).steps.map(\.to) == [1_000, 4_000, 60])
    }

    @Test(
        "what is no step is refused by name",
        arguments: [
            "", "30s", "30s@", "@500", "30s@0", "30s@-5", "0s@500", "30s@500-", "30s@1-2-3", "30x@500",
            "30s@1e99",
            "nan@500", "30s@nan", "inf@5", "9000d@5",
        ])
    func badSteps(_ text: String) {
        #expect(throws: LoadPlanFault.self) { try RateProfile(text) }
    }

    @Test("a line of a CSV that is none is named")
    func badLines() {
        #expect(throws: LoadPlanFault.self) { try RateProfile(csv: "seconds,rate\n2,10\nx,20\n") }
        #expect(throws: LoadPlanFault.self) { try RateProfile(csv: "seconds,rate\n") }
    }

    @Test(
        "the time of an arrival is the inverse of the arrivals until then",
        arguments: ["4s@100", "4s@50-150", "4s@150-50,2s@10"])
    func inverse(_ text: String) throws {
        let profile = try RateProfile(text)
        let all = profile.arrivals(until: profile.length)
        for count in stride(from: 0.5, to: all - 0.5, by: 7.25) {
            let time = try #require(profile.time(of: count))
            #expect(abs(profile.arrivals(until: time) - count) < 0.001)
        }
        #expect(profile.time(of: all + 0.1) == nil)
    }

    private func moments(_ pattern: ArrivalPattern, _ profile: RateProfile, seed: UInt64 = 7) -> [UInt64] {
        var arrivals = Arrivals(profile, pattern, seed: seed)
        var all: [UInt64] = []
        while let next = arrivals.next() { all.append(next) }
        return all
    }

    @Test(
        "every pattern offers the rate that was asked for, and never goes back in time",
        arguments: ArrivalPattern.allCases)
    func rates(_ pattern: ArrivalPattern) throws {
        let all = moments(pattern, try RateProfile("10s@1000,10s@100-300"))
        // 12,000 are meant; of independent ones a hundred and ten more or less are one standard deviation.
        #expect(abs(all.count - 12_000) < 550)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 <= $1 })
        let early = all.filter { $0 < 10_000_000_000 }.count
        #expect(abs(early - 10_000) < 500)
    }

    @Test("even arrivals have even gaps, bursts come ten at a time, chance has neither")
    func patterns() throws {
        let profile = try RateProfile("1s@100")
        let even = moments(.constant, profile)
        #expect(even.count == 100)
        #expect(zip(even, even.dropFirst()).allSatisfy { abs(Int($1 - $0) - 10_000_000) <= 1 })
        let bursts = moments(.burst, profile)
        #expect(Set(bursts).count == 10 && bursts.count == 100)
        let random = moments(.poisson, try RateProfile("10s@1000"))
        let gaps = zip(random, random.dropFirst()).map { Double($1 - $0) / 1_000_000 }
        // Of exponential gaps with a mean of 1 ms, the share 1/e is longer than 1 ms.
        let longer = Double(gaps.filter { $0 > 1 }.count) / Double(gaps.count)
        #expect(abs(longer - 0.3679) < 0.03)
        #expect(moments(.poisson, profile) == moments(.poisson, profile))
        #expect(moments(.poisson, profile) != moments(.poisson, profile, seed: 8))
    }

    private func tally(_ milliseconds: [UInt64], failed: UInt64 = 0) -> LoadTally {
        var tally = LoadTally()
        tally.grow(to: milliseconds.count)
        for (second, value) in milliseconds.enumerated() {
            for _ in 0..<100 {
                tally.operations["bid", default: OperationTally()].corrected.record(
                    nanoseconds: value * 1_000_000)
                tally.operations["bid"]?.completed += 1
                tally.seconds[second].corrected.record(nanoseconds: value * 1_000_000)
                tally.seconds[second].completed += 1
            }
        }
        if failed > 0 { tally.operations["bid"]?.failed["broken"] = failed }
        return tally
    }

    @Test("a requirement holds or says what was found")
    func requirements() throws {
        let run = tally([10, 10, 30, 10])
        func breaches(_ text: String, _ tally: LoadTally) throws -> [String] {
            try Requirement.parse(text).compactMap { $0.breach(in: tally, seconds: 4) }
        }
        #expect(
            try breaches("p50<20ms,errors=0,rate>99,completed=400,max<31ms,skipped=0,refused=0", run).isEmpty)
        #expect(try breaches("p99<20ms", run).count == 1)
        #expect(try breaches("errors=0", tally([1], failed: 3)) == ["errors=0: found 3"])
        #expect(try breaches("rate>100", run).count == 1)
        // One bad second breaks no requirement that asks for two in a row.
        #expect(try breaches("p99<20ms for 2s", run).isEmpty)
        #expect(try breaches("p99<20ms for 1s", run).count == 1)
        #expect(try breaches("p99<20ms for 2s", tally([10, 30, 30, 10])).count == 1)
        #expect(try breaches("p99<20ms", LoadTally()).count == 1)
    }

    @Test(
        "what is no requirement is refused by name",
        arguments: [
            "", "p99", "p99<", "p99<20", "p101<20ms", "errors=many", "speed>5", "p99<20ms for",
            "p99<20ms for 0s",
            "p99<20ms during 5s", "errors!0",
        ])
    func badRequirements(_ text: String) {
        #expect(throws: LoadPlanFault.self) { try Requirement.parse(text) }
    }

    @Test(
        "the search for a limit ends close below it, wherever it lies", arguments: [3.0, 90, 1_234, 777_777])
    func limit(_ limit: Double) {
        var search = LimitSearch(from: 100)
        var trials = 0
        while let rate = search.rate {
            search.tried(held: rate <= limit)
            trials += 1
        }
        #expect(trials <= 24)
        #expect(search.holds <= limit && search.holds > limit * 0.94)
    }

    @Test("a goal that never holds is found out to have no limit")
    func noLimit() {
        var search = LimitSearch(from: 1_000)
        while search.rate != nil { search.tried(held: false) }
        #expect(search.holds == 0)
    }

    @Test("faults are read: whom, when, and for how long")
    func faults() throws {
        #expect(
            try LoadFault.parse("auction@5s", pauses: false)
                == LoadFault(service: .auction, kind: .kill, at: 5))
        #expect(
            try LoadFault.parse("wallet@500ms+1s", pauses: true)
                == LoadFault(service: .wallet, kind: .pause(1), at: 0.5))
        for text in ["auction", "nobody@5s", "auction@5s+1s", "auction@", "@5s"] {
            #expect(throws: LoadPlanFault.self) { try LoadFault.parse(text, pauses: false) }
        }
        for text in ["auction@5s", "auction@5s+0s", "auction@5s+"] {
            #expect(throws: LoadPlanFault.self) { try LoadFault.parse(text, pauses: true) }
        }
        #expect(throws: LoadPlanFault.self) { try JourneyKind.weights("browse=0") }
        #expect(throws: LoadPlanFault.self) { try JourneyKind.weights("dance=3") }
        #expect(try JourneyKind.weights("browse=60,bid=40") == [.browse: 60, .bid: 40])
    }
}
