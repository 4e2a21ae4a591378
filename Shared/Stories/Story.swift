import Kernel
import Messages
import Wire

/// A story of the marketplace, in which the rules of one sales mode are proved one after the other.
///
/// It needs a house whose clock can be set, and makes marketplaces of its own in it, so that any number of stories can be
/// told in one installation.
public protocol Story {
    /// As `gavel demo` knows it.
    static var name: String { get }
    /// The rules that it proves: all of its mode that are built.
    static var rules: [String] { get }
    /// Opens its marketplaces and plays its chapters.
    static func play(on stage: Stage) async throws
}

extension Story {
    /// Tells the story, and reports what was observed.
    ///
    /// - Parameters:
    ///   - guest: the operator; where nobody is yet, this one is made.
    ///   - say: told of each rule as soon as it is proved.
    /// - Throws: ``StoryFailure`` at the first rule that the house breaks.
    public static func tell(
        on house: any House, operator guest: Guest = Cast.firstOperator,
        say: @escaping (String) -> Void = { _ in }
    ) async throws -> StoryReport {
        let recording = RecordingHouse(house)
        let stage = Stage(house: recording, guest: guest, book: StoryBook(recording, say: say))
        try await play(on: stage)
        return try stage.book.report(name, rules)
    }
}

/// What every story is told with: a house that notes what is said, its operator, and the book of what was proved.
public struct Stage {
    let house: RecordingHouse
    let guest: Guest
    let book: StoryBook

    /// A marketplace of the story's own, with its people.
    func open(_ policy: Policy, buyers: Int = 2, funds: Int64 = 100_000) async throws -> Cast {
        try await Cast.openMarketplace(house, operator: guest, policy: policy, buyers: buyers, funds: funds)
    }
}

/// All stories, and the rules that they owe a reader.
public enum StoryShelf {
    public static var stories: [any Story.Type] {
        [
            LeadAuctionStory.self, ApplicationStory.self, MeetingAuctionStory.self, PreliminaryCallStory.self,
            PrepaidLineStory.self,
        ]
    }

    /// The sections of the rulebook whose mode has a story, and how many rules each has.
    public static let sections: [(letter: String, rules: Int)] = [
        ("A", 19), ("B", 7), ("C", 9), ("D", 7), ("E", 14),
    ]

    /// The rules of these sections that were owed and not observed.
    public static func missing(in reports: [StoryReport]) -> [String] {
        let observed = Set(reports.flatMap(\.rules).map(\.id))
        return sections.flatMap { section in (1...section.rules).map { "\(section.letter)\($0)" } }
            .filter { !observed.contains($0) }
    }
}
