import Gateway
import Kernel
import Messages
import Operation
import Stories
import Testing
import Wire

@testable import LoadHarness

/// A real installation under a small load: what is told of it must be true.
@Suite("A load on a live installation", .serialized) struct LiveLoadTests {
    private func with(_ body: (Installation) async throws -> Void) async throws {
        var options = Installation.Options()
        options.gatewayLimits = GatewayLimits.raised.json(.plain)
        let installation = try await Installation.start(options)
        do {
            try await body(installation)
            await installation.stop()
        } catch {
            await installation.stop()
            throw error
        }
    }

    @Test("a service that stands still for a second is felt in the corrected latencies, not in the raw ones")
    func stalled() async throws {
        try await with { installation in
            // One request at a time: whoever measures only from the sending sees one slow answer of thousands.
            let scenario = try await PingScenario.open(installation, connections: 1)
            let drive = LoadDrive.open(
                try RateProfile(rate: 1_000, seconds: 4), .constant, slots: 1, waiting: 10_000)
            async let stall: Void = LoadFault.parse("auction@1s+1s", pauses: true).strike(installation)
            let (tally, _) = await Generator.run(scenario, drive, seed: 1)
            try await stall
            await scenario.close()
            let total = tally.total
            #expect(tally.offered == 4_000 && tally.skipped == 0)
            #expect(total.completed == 4_000 && total.errors == 0)
            #expect(total.corrected.at(99.9) > 500_000)
            #expect(total.raw.greatest > 500_000)
            #expect(total.raw.at(99.9) < 500_000)
        }
    }

    @Test("arrivals beyond what may wait are skipped and counted, and answers are none of them")
    func skipped() async throws {
        try await with { installation in
            let scenario = try await PingScenario.open(installation, connections: 1)
            let drive = LoadDrive.open(
                try RateProfile(rate: 500, seconds: 2), .constant, slots: 1, waiting: 10)
            async let stall: Void = LoadFault.parse("auction@500ms+1s", pauses: true).strike(installation)
            let (tally, _) = await Generator.run(scenario, drive, seed: 1)
            try await stall
            await scenario.close()
            #expect(tally.offered == 1_000)
            #expect(tally.skipped > 300)
            #expect(tally.total.completed + tally.skipped == 1_000)
        }
    }

    @Test("A9 bids of a load are all acknowledged and all in the store; a killed service shows as errors")
    func killed() async throws {
        try await with { installation in
            var size = LoadMarket.Size()
            size.listings = 20
            size.buyers = 2
            size.connections = 2
            let market = try await LoadMarket.open(installation, size, operator: Cast.firstOperator)
            let scenario = BidScenario(market, seed: 1)
            let quiet = LoadDrive.open(
                try RateProfile(rate: 50, seconds: 2), .poisson, slots: 20, waiting: 100)
            let (calm, acknowledged) = await Generator.run(scenario, quiet, seed: 1)
            #expect(calm.total.errors == 0 && calm.total.completed > 50)
            #expect(UInt64(acknowledged.count) == calm.total.completed)
            #expect(Set(acknowledged.map(\.key)).count == acknowledged.count)
            async let kill: Void = LoadFault.parse("auction@500ms", pauses: false).strike(installation)
            let (rough, _) = await Generator.run(scenario, quiet, seed: 2)
            try await kill
            let total = rough.total
            // The gateway refuses what it cannot pass on, and what was on its way may be lost.
            #expect(total.errors + total.refused.values.reduce(0, +) > 0)
            #expect(total.completed > 0)
            let watch = ServiceWatch(installation)
            #expect(await watch.quiet(within: .seconds(20)) != nil)
            await watch.close()
            await scenario.close()
        }
    }

    @Test(
        "F1 transfers of a load are all acknowledged and all in the ledger; a killed wallet shows as errors")
    func transfers() async throws {
        try await with { installation in
            let scenario = try await TransferScenario.open(
                installation, parties: 3, connections: 2, operator: Cast.firstOperator)
            let quiet = LoadDrive.open(
                try RateProfile(rate: 100, seconds: 2), .poisson, slots: 20, waiting: 200)
            let (calm, acknowledged) = await Generator.run(scenario, quiet, seed: 1)
            #expect(calm.total.errors == 0 && calm.total.refused.isEmpty && calm.total.completed > 100)
            #expect(Set(acknowledged.map(\.key)).count == Int(calm.total.completed))
            #expect(acknowledged.allSatisfy { $0.service == .wallet })
            let house = LiveHouse(installation)
            await house.act(asOperator: Cast.firstOperator)
            func credited() async throws -> Int64 {
                let ledger = try await house.ask(GetLedgerReport(), as: Cast.firstOperator)
                return ledger.lines.filter { $0.accountClass == .goodwill }.reduce(0) { $0 - $1.posted.minor }
            }
            #expect(try await credited() == Int64(calm.total.completed))
            async let kill: Void = LoadFault.parse("wallet@500ms", pauses: false).strike(installation)
            let (rough, _) = await Generator.run(scenario, quiet, seed: 2)
            try await kill
            #expect(rough.total.errors > 0 && rough.total.completed > 0)
            // What was on its way may have been carried out without an answer.
            let all = calm.total.completed + rough.total.completed
            #expect(try await credited() >= Int64(all))
            #expect(try await credited() <= Int64(all + rough.total.errors))
            await house.close()
            await scenario.close()
        }
    }

    @Test("people who come back with a token are let in, while others stay signed in and ask nothing")
    func signIns() async throws {
        try await with { installation in
            let idle = try await IdleClients.open(installation, count: 40, operator: Cast.firstOperator)
            #expect(idle.count == 40 && idle.open == 40)
            let scenario = try await SignInScenario.open(
                installation, buyers: 2, operator: Cast.firstOperator)
            let drive = LoadDrive.open(
                try RateProfile(rate: 30, seconds: 3), .constant, slots: 20, waiting: 200)
            let (tally, acknowledged) = await Generator.run(scenario, drive, seed: 1)
            #expect(tally.total.completed == 90 && tally.skipped == 0 && acknowledged.isEmpty)
            #expect(idle.open == 40)
            // A gateway that is gone lets nobody in, and keeps nobody.
            async let kill: Void = LoadFault.parse("gateway@500ms", pauses: false).strike(installation)
            let (rough, _) = await Generator.run(scenario, drive, seed: 2)
            try await kill
            #expect(rough.total.errors > 0 && rough.total.completed > 0)
            #expect(idle.open == 0)
            await scenario.close()
            await idle.close()
        }
    }

    @Test("journeys of every kind come to their end")
    func journeys() async throws {
        try await with { installation in
            var size = LoadMarket.Size()
            size.listings = 30
            size.buyers = 4
            size.connections = 4
            let market = try await LoadMarket.open(installation, size, operator: Cast.firstOperator)
            let weights = Dictionary(uniqueKeysWithValues: JourneyKind.allCases.map { ($0, 1) })
            let scenario = MarketScenario(market, weights: weights, think: 50, seed: 3)
            let drive = LoadDrive.open(
                try RateProfile(rate: 12, seconds: 5), .constant, slots: 1_000, waiting: 0)
            let (tally, _) = await Generator.run(scenario, drive, seed: 3)
            await scenario.close()
            #expect(tally.total.errors == 0)
            // Each part of a journey was reached, and went well at least once.
            for name in scenario.operations {
                #expect(
                    tally.operations[name]?.completed ?? 0 > 0,
                    "\(name): \(tally.operations[name]?.refused ?? [:])")
            }
        }
    }
}
