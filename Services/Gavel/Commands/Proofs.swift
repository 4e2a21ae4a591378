import ArgumentParser
import Foundation
import Gateway
import Kernel
import Messages
import Operation
import Stories
import Wire

/// Checks the stores of an installation against each other.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check money, holds, reveals, streams, journals and replays of a quiet installation.")

    @OptionGroup var place: Place
    @Option(help: "A file of acknowledged commands, each of which must be found.") var acknowledged: String?
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        guard DataFolder.exists(place.folder) else { throw OperationFault.noInstallation(place.folder) }
        let data = try DataFolder(place.folder)
        let definitions = try ServiceName.stores.map { try Definitions.of($0, data) }
        let report = try Verifier(folder: data.path, definitions: definitions).run(
            acknowledged: try acknowledged.map { try Acknowledgement.read($0) })
        Proof.report(report, [], json: json)
        if !report.ok { throw CheckFailed() }
    }
}

/// Kills processes at random under load and verifies.
struct CrashTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-test",
        abstract:
            "Kill processes at random moments under load, restart them, and verify that nothing is lost.")

    @Option(help: "How many processes to kill, 1 to 10,000.") var kills = 50
    @Option(help: "The seed of all chance; a run prints its own.") var seed: UInt64?
    @Option(help: "Keep the installation and the acknowledgements in this folder.") var keep: String?
    @Flag(help: "Report as JSON.") var json = false

    func validate() throws {
        guard (1...10_000).contains(kills) else {
            throw ValidationError("expected 1 to 10000 kills, found \(kills)")
        }
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 1...UInt64(UInt32.max))
        Terminal.note("crash-test with seed \(seed)")
        var options = Proof.throwaway(clock: nil)
        let folder = keep ?? Proof.temporaryFolder("crash")
        options.folder = folder
        let installation = try await Installation.start(options)
        let began = ContinuousClock.now
        do {
            let test = CrashTest(kills: kills, seed: seed, installation: installation) { Terminal.note($0) }
            let outcome = try await test.run()
            let definitions = try ServiceName.stores.map { try Definitions.of($0, installation.data) }
            let report = try Verifier(folder: folder, definitions: definitions).run(
                acknowledged: outcome.acknowledged)
            if keep != nil {
                let lines = outcome.acknowledged.map(\.line).joined(separator: "\n")
                try lines.write(toFile: "\(folder)/acknowledged.txt", atomically: true, encoding: .utf8)
            }
            let killed = outcome.kills.sorted { $0.key.rawValue < $1.key.rawValue }
            Proof.report(
                report,
                [
                    .init("seed", .int(seed)), .init("kills", .int(outcome.kills.values.reduce(0, +))),
                    .init("killed", .object(killed.map { .init($0.key.title, .int($0.value)) })),
                    .init("acknowledged", .int(outcome.acknowledged.count)),
                    .init("repeats", .int(outcome.repeats)),
                    .init("seconds", .int(Int((ContinuousClock.now - began) / .seconds(1)))),
                ], json: json)
            await installation.stop()
            if keep == nil { try? FileManager.default.removeItem(atPath: folder) }
            if !report.ok { throw CheckFailed() }
        } catch {
            await installation.stop()
            if !(error is CheckFailed) { Terminal.note("the installation is kept in \(folder)") }
            throw error
        }
    }
}

/// Follows one contact through the house and erases it.
struct MarkerTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "marker-test",
        abstract: "Prove that a contact is nowhere in clear but in the mail spool, and that erasure is final."
    )

    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        var options = Proof.throwaway(clock: Proof.firstMorning)
        let folder = Proof.temporaryFolder("marker")
        options.folder = folder
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var report = VerificationReport()
        report.checks = try await MarkerTest(folder: folder, options: options) { Terminal.note($0) }.run()
        Proof.report(report, [], json: json)
        if !report.ok { throw CheckFailed() }
    }
}

/// Plays recorded auctions and compares the prices.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a file of recorded auctions through a live house and compare each final price.")

    @Argument(help: "A CSV file: \("auction,item,days,opening_bid,bidder,bid,at_days,final_price").")
    var file: String
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        let text = try InputFile.text(file)
        let bids = try RecordedBids.read(text)
        let installation = try await Installation.start(Proof.throwaway(clock: Proof.firstMorning))
        do {
            let report = try await play(bids, installation)
            await installation.stop()
            show(report)
            if report.differences.contains(where: { !$0.explained }) { throw CheckFailed() }
        } catch {
            await installation.stop()
            throw error
        }
    }

    private func play(_ bids: [RecordedBid], _ installation: Installation) async throws -> RecordedReport {
        let house = LiveHouse(installation)
        let cast = try await Cast.openMarketplace(
            house, policy: RecordedReplay.policy(bids), buyers: RecordedReplay.buyersNeeded(bids),
            funds: 10_000_000_000)
        let replay = RecordedReplay(bids, in: house) { Terminal.note($0) }
        let report = try await replay.run(buyers: cast.buyers.map(\.guest)) { title, opening, length in
            try await cast.publishLead { lead in
                lead.title = title
                lead.startPrice = opening
                lead.duration = length
            }.listing.listing
        }
        await house.close()
        return report
    }

    private func show(_ report: RecordedReport) {
        if json { return Terminal.say(JSON.object(report.members).text) }
        Terminal.say("\(report.auctions) auctions, \(report.bids) bids (\(report.refused) refused)")
        Terminal.say("\(report.exact) final prices come out to the cent")
        for difference in report.differences {
            Terminal.say(
                "  \(difference.auction): recorded \(Money(difference.recorded, .usd)), "
                    + "replayed \(Money(difference.replayed, .usd)): \(difference.why)")
        }
    }
}

/// What the proving commands share.
enum Proof {
    /// Where settable clocks begin: a Monday morning.
    static let firstMorning = Instant(startOf: CivilDate(year: 2026, month: 3, day: 2)) + .hours(9)

    static func throwaway(clock: Instant?) -> Installation.Options {
        var options = Installation.Options()
        options.settings = .throwaway
        options.settings.clock = clock
        options.gatewayLimits = GatewayLimits.raised.json(.plain)
        return options
    }

    static func temporaryFolder(_ name: String) -> String {
        FileManager.default.temporaryDirectory.path
            + "/gavel-\(name)-\(ProcessInfo.processInfo.processIdentifier)"
    }

    static func report(_ report: VerificationReport, _ first: [JSON.Member], json: Bool) {
        if json {
            let members = report.members
            Terminal.say(JSON.object(members.prefix(1) + first + members.dropFirst()).text)
        } else {
            for line in report.lines { Terminal.say(line) }
            for member in first { Terminal.say("\(member.name): \(member.value.text)") }
            Terminal.say(report.ok ? "everything holds" : "something does not hold")
        }
    }
}
