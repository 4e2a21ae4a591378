import ArgumentParser
import Kernel
import Messages
import Operation
import Stories
import Wire

/// Tells a story in which rule after rule is proved.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a story through the gateway, and show the rules that it proves.",
        discussion: """
            Without --at the story is told in a throwaway installation. An installation that runs must have been \
            started with --clock, since the story moves the clock by weeks; each time it is told in marketplaces \
            of its own.
            """)

    @Argument(help: "The story: \(Demo.stories.joined(separator: " or ")).") var story = LeadAuctionStory.name
    @Option(name: .customLong("at"), help: "The data folder of an installation that runs.")
    var folder: String?
    @Flag(help: "Report as JSON.") var json = false

    private static let stories = [
        LeadAuctionStory.name, ApplicationStory.name, MeetingAuctionStory.name, PreliminaryCallStory.name,
        PrepaidLineStory.name,
    ]
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
            if json { Terminal.say(report.json(.plain).text) }
        } catch let failure as StoryFailure {
            throw CheckFailed(text: Terminal.red("broken  \(failure)"))
        }
    }

    private func tell(on installation: Installation) async throws -> StoryReport {
        let guest = try await FirstOperator.guest(of: installation)
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        let began = ContinuousClock.now
        let say: (String) -> Void = { line in
            if json { Terminal.note(line) } else { Terminal.say("\(Terminal.green("proved"))  \(line)") }
        }
        let report =
            switch story {
            case ApplicationStory.name: try await ApplicationStory.tell(on: house, operator: guest, say: say)
            case MeetingAuctionStory.name:
                try await MeetingAuctionStory.tell(on: house, operator: guest, say: say)
            case PreliminaryCallStory.name:
                try await PreliminaryCallStory.tell(on: house, operator: guest, say: say)
            case PrepaidLineStory.name: try await PrepaidLineStory.tell(on: house, operator: guest, say: say)
            default: try await LeadAuctionStory.tell(on: house, operator: guest, say: say)
            }
        await house.close()
        let took = (ContinuousClock.now - began) / .milliseconds(1)
        let summary = "\(report.rules.count) rules proved in \(Int(took)) ms"
        if json { Terminal.note(summary) } else { Terminal.say(summary) }
        return report
    }
}
