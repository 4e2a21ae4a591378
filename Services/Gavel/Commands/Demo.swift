import ArgumentParser
import Kernel
import Messages
import Operation
import Stories
import Wire

/// Tells a story in which rule after rule is proved.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a story through the gateway, or all of them, and show the rules that are proved.",
        discussion: """
            Without --at the story is told in a throwaway installation. An installation that runs must have been \
            started with --clock, since the story moves the clock by weeks; each time it is told in marketplaces \
            of its own.
            """)

    @Argument(help: "The story: \(Demo.stories.joined(separator: " or ")).") var story = LeadAuctionStory.name
    @Option(name: .customLong("at"), help: "The data folder of an installation that runs.")
    var folder: String?
    @Flag(help: "Report as JSON.") var json = false

    /// Tells every story, and fails if one does or a rule of theirs is missing.
    private static let all = "all"
    private static let stories = StoryShelf.stories.map { $0.name } + [all]
    /// A Monday morning: when a throwaway installation's clock begins.
    private static let start = Instant(iso8601: "2026-03-02T08:00:00Z")

    func validate() throws {
        guard Self.stories.contains(story) else {
            let known = Self.stories.joined(separator: " or ")
            throw ValidationError("expected the story \(known), found '\(story)'")
        }
    }

    func run() async throws {
        do {
            let report = try await withInstallation(at: folder, clock: Self.start) { installation in
                try await tell(on: installation)
            }
            if json { Terminal.say(report.json) }
            guard report.failures.isEmpty, report.missing.isEmpty else {
                throw CheckFailed(text: Terminal.red(report.complaint))
            }
        } catch let failure as StoryFailure {
            throw CheckFailed(text: Terminal.red("broken  \(failure)"))
        }
    }

    /// What one story or all of them came to.
    private struct Outcome: Sendable {
        var json = ""
        var rules = 0
        var failures: [ShelfReport.Failure] = []
        var missing: [String] = []

        var complaint: String {
            let broken = failures.map { "broken  \($0.story) \($0.rule): \($0.text)" }
            return (broken + missing.map { "missing \($0)" }).joined(separator: "\n")
        }
    }

    private func tell(on installation: Installation) async throws -> Outcome {
        let guest = try await FirstOperator.guest(of: installation)
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        let began = ContinuousClock.now
        let say: (String) -> Void = { line in
            if json { Terminal.note(line) } else { Terminal.say("\(Terminal.green("proved"))  \(line)") }
        }
        var outcome = Outcome()
        if story == Self.all {
            let report = await StoryShelf.tellAll(on: house, operator: guest, say: say)
            outcome.json = report.json(.plain).text
            outcome.rules = report.stories.map(\.rules.count).reduce(0, +)
            (outcome.failures, outcome.missing) = (report.failures, report.missing)
        } else if let chosen = StoryShelf.stories.first(where: { $0.name == story }) {
            let report = try await chosen.tell(on: house, operator: guest, say: say)
            outcome.json = report.json(.plain).text
            outcome.rules = report.rules.count
        }
        await house.close()
        let took = (ContinuousClock.now - began) / .milliseconds(1)
        let summary = "\(outcome.rules) rules proved in \(Int(took)) ms"
        if json { Terminal.note(summary) } else { Terminal.say(summary) }
        return outcome
    }
}
