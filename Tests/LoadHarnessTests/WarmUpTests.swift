import Testing

@testable import LoadHarness

@Suite("When a house under load has warmed up") struct WarmUpTests {
    private func windows(_ rates: [UInt64], p50: [UInt64]? = nil) -> [SteadyState.Window] {
        zip(rates, p50 ?? rates.map { _ in 1_000 }).map { SteadyState.Window(completed: $0, p50: $1) }
    }

    @Test("five seconds alike are steady, whatever came before; four are not")
    func alike() {
        #expect(SteadyState.isReached(windows([1_000, 1_050, 980, 1_020, 1_000])))
        #expect(!SteadyState.isReached(windows([1_000, 1_050, 980, 1_020])))
        #expect(!SteadyState.isReached([]))
        #expect(!SteadyState.isReached(windows([10, 400, 9_900, 10_000, 10_050, 10_000])))
        #expect(SteadyState.isReached(windows([10, 400, 9_900, 10_000, 10_050, 10_000, 10_010, 9_950])))
    }

    @Test("a throughput that rises or falls by more than a tenth of the mean is not steady")
    func throughput() {
        #expect(SteadyState.isReached(windows([9_100, 10_000, 10_000, 10_000, 10_900])))
        #expect(!SteadyState.isReached(windows([10_000, 10_000, 10_000, 10_000, 12_000])))
        #expect(!SteadyState.isReached(windows([8_000, 9_000, 10_000, 11_000, 12_000])))
    }

    @Test("of few arrivals chance alone makes more than a tenth, and three deviations are allowed")
    func chance() {
        // Of 25 a second three standard deviations are 15.
        #expect(SteadyState.isReached(windows([25, 38, 12, 27, 23])))
        #expect(!SteadyState.isReached(windows([25, 60, 12, 27, 23])))
    }

    @Test(
        "a p50 that moves by more than a fifth of the mean is not steady, and nor is a second without answers"
    )
    func latency() {
        let rates: [UInt64] = [1_000, 1_000, 1_000, 1_000, 1_000]
        #expect(SteadyState.isReached(windows(rates, p50: [850, 1_000, 1_000, 1_000, 1_150])))
        #expect(!SteadyState.isReached(windows(rates, p50: [2_000, 1_500, 1_200, 1_000, 900])))
        #expect(!SteadyState.isReached(windows([1_000, 1_000, 0, 1_000, 1_000])))
        #expect(!SteadyState.isReached(windows([0, 0, 0, 0, 0], p50: [0, 0, 0, 0, 0])))
    }

    @Test("only whole seconds are looked at, and one in which nothing was recorded counts")
    func wholeSeconds() {
        var tally = LoadTally()
        tally.grow(to: 3)
        for second in 0..<3 { tally.seconds[second].completed = UInt64(second + 1) }
        #expect(tally.windows(of: 0.9).isEmpty)
        #expect(tally.windows(of: 2.5).map(\.completed) == [1, 2])
        #expect(tally.windows(of: 5).map(\.completed) == [1, 2, 3, 0, 0])
    }

    @Test("a warm-up is a time or 'steady', and its report says what became of it")
    func parse() throws {
        #expect(try WarmUp.parse("2s") == .span(2))
        #expect(try WarmUp.parse("0s") == .span(0))
        #expect(try WarmUp.parse("steady") == .steady)
        for text in ["", "soon", "steadyy", "-1s"] {
            #expect(throws: LoadPlanFault.self) { try WarmUp.parse(text) }
        }
        #expect("\(WarmedUp(seconds: 2.04))" == "warmed up for 2.0 s")
        #expect("\(WarmedUp(seconds: 7.5, isSteady: true))".hasSuffix("until the house was steady"))
        #expect("\(WarmedUp(seconds: 60, isSteady: false))".contains("NOT"))
    }
}
