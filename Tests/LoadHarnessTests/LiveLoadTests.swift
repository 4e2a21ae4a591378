import Gateway
import Kernel
import Messages
import Operation
import Stories
import Testing
import Wire

@testable import Gavel
@testable import LoadHarness

/// A real installation under a small load: what is told of it must be true.
@Suite("A load on a live installation", .serialized) struct LiveLoadTests {
    private func with(
        _ limits: GatewayLimits = .raised, _ body: (Installation) async throws -> Void
    ) async throws {
        var options = Installation.Options()
        options.gatewayLimits = limits.json(.plain)
        let installation = try await Installation.start(options)
        do {
            try await body(installation)
            await installation.stop()
        } catch {
            await installation.stop()
            throw error
        }
    }

    /// What `gavel verify` and the end of each load check.
    private func audit(
        _ installation: Installation, _ acknowledged: [AcknowledgedCommand]
    ) async throws -> VerificationReport {
        let watch = ServiceWatch(installation)
        #expect(await watch.quiet(within: .seconds(20), effectsToo: true) != nil)
        await watch.close()
        let definitions = try ServiceName.stores.map { try Definitions.of($0, installation.data) }
        return try Verifier(folder: installation.data.path, definitions: definitions).run(
            acknowledged: acknowledged.map {
                Acknowledgement(service: $0.service, party: $0.party.raw, key: $0.key, answer: $0.answer)
            })
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

    @Test("a failed crowd of idle people leaves no connection behind")
    func idleRefused() async throws {
        var limits = GatewayLimits.raised
        limits.linksPerAddress = 30
        try await with(limits) { installation in
            await #expect(throws: (any Error).self) {
                try await IdleClients.open(installation, count: 40, operator: Cast.firstOperator)
            }
            // The gateway hears of closed connections a moment later.
            var all: [Visitor] = []
            for _ in 0..<50 where all.isEmpty {
                all =
                    (try? await Visitor.open(28) { _ in try await Visitor { try await installation.connect() }
                    }) ?? []
                if all.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
            }
            #expect(all.count == 28)
            for visitor in all { await visitor.close() }
        }
    }

    @Test("a run that has enough ends before its time, and a warm-up for a steady house is such a run")
    func enough() async throws {
        try await with { installation in
            let scenario = try await PingScenario.open(installation, connections: 2)
            let drive = LoadDrive.open(
                try RateProfile(rate: 100, seconds: 600), .constant, slots: 20, waiting: 100)
            let (tally, _) = await Generator.run(
                scenario, drive, seed: 1, isEnough: { _, seconds in seconds > 1 })
            #expect((90..<6_000).contains(tally.offered))
            #expect(tally.total.completed + tally.total.errors + tally.skipped == tally.offered)
            let most = 12.0
            let warmedUp = try #require(
                await WarmUp.steady.run(scenario, seed: 2) { seconds in
                    .open(
                        try RateProfile(rate: 100, seconds: min(seconds, most)), .constant, slots: 20,
                        waiting: 100)
                })
            // As many whole seconds as are compared must have passed; a busy machine may not become steady at all.
            #expect(warmedUp.seconds >= (warmedUp.isSteady == true ? Double(SteadyState.windows) : most))
            #expect(await WarmUp.span(0).run(scenario, seed: 3) { _ in drive } == nil)
            await scenario.close()
        }
    }

    @Test("recorded bids come to a live house in their order, and its rules accept or refuse each")
    func replayed() async throws {
        try await with { installation in
            let rows = (0..<6).flatMap { auction in
                (0..<10).map { bid in
                    // Every fifth bid is less than the one before.
                    let amount = bid % 5 == 4 ? 1 : 20 + bid * 10
                    let thousandths = "\(10_000 + bid * 250 + auction * 10)"
                    let day = "\(thousandths.dropFirst().prefix(1)).\(thousandths.suffix(3))"
                    return "\(auction),Watch,3,10,b\(bid % 3),\(amount),\(day),100"
                }
            }
            let bids = try RecordedBids.read(
                "auction,item,days,opening_bid,bidder,bid,at_days,final_price\n"
                    + rows.joined(separator: "\n"))
            let plan = try RecordedPlan(bids, scale: 86_400)
            let scenario = try await RecordedScenario.open(
                installation, bids, plan, connections: 6, operator: Cast.firstOperator)
            let drive = LoadDrive.recorded(scenario.moments, slots: 60)
            let (tally, acknowledged) = await Generator.run(scenario, drive, seed: 1)
            let total = tally.total
            #expect(tally.offered == 60 && tally.skipped == 0 && total.errors == 0)
            #expect(total.completed == 48 && total.refused.values.reduce(0, +) == 12, "\(total.refused)")
            #expect(acknowledged.count == 48)
            await scenario.settle()
            let found = try await audit(installation, acknowledged)
            #expect(found.ok, "\(found.lines)")
            // All auctions are over and awarded.
            let house = LiveHouse(installation)
            var query = ListOrders()
            query.marketplace = MarketplaceID(1)
            query.limit = 100
            let orders = try await house.ask(query, as: Cast.firstOperator).orders
            #expect(orders.count == 6)
            await house.close()
            await scenario.close()
        }
    }

    @Test(
        "of applications, calls and prepaid lines only the market is opened that is played, and it is sound afterwards",
        arguments: [JourneyKind.apply, .call, .prepaid])
    func marketsOnDemand(_ kind: JourneyKind) async throws {
        try await with { installation in
            var size = LoadMarket.Size()
            size.listings = 1
            size.buyers = 2
            size.connections = 2
            let markets = try await JourneyMarkets.open(
                installation, size, weights: [.browse: 1, kind: 1], operator: Cast.firstOperator)
            #expect((markets.applications != nil) == (kind == .apply))
            #expect((markets.calls != nil) == (kind == .call))
            #expect((markets.lines != nil) == (kind == .prepaid))
            // A journey of its own, from the beginning to the end.
            let scenario = MarketScenario(markets, weights: [kind: 1], think: 20, seed: 5)
            let drive = LoadDrive.open(
                try RateProfile(rate: 5, seconds: 2), .constant, slots: 100, waiting: 0)
            let (tally, acknowledged) = await Generator.run(scenario, drive, seed: 5)
            await scenario.close()
            #expect(tally.offered == 10 && tally.skipped == 0 && tally.total.errors == 0)
            #expect(tally.total.refused.isEmpty, "\(tally.total.refused)")
            let last = kind == .apply ? "review" : "hangUp"
            #expect(tally.operations[last]?.completed == (kind == .apply ? 20 : 10))
            let found = try await audit(installation, acknowledged)
            #expect(found.ok && !acknowledged.isEmpty, "\(found.lines)")
        }
    }

    @Test("journeys of every kind come to their end")
    func journeys() async throws {
        try await with { installation in
            var size = LoadMarket.Size()
            size.listings = 30
            size.buyers = 4
            size.connections = 4
            let weights = Dictionary(uniqueKeysWithValues: JourneyKind.allCases.map { ($0, 1) })
            let markets = try await JourneyMarkets.open(
                installation, size, weights: weights, operator: Cast.firstOperator)
            let scenario = MarketScenario(markets, weights: weights, think: 50, seed: 3)
            let drive = LoadDrive.open(
                try RateProfile(rate: 16, seconds: 5), .constant, slots: 1_000, waiting: 0)
            let (tally, acknowledged) = await Generator.run(scenario, drive, seed: 3)
            await scenario.close()
            let found = try await audit(installation, acknowledged)
            #expect(found.ok, "\(found.lines)")
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
