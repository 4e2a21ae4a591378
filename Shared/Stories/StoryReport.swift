import Wire

/// What a story proved: for each rule the messages and codes that were observed.
public struct StoryReport: Record {
    public struct Rule: Record {
        public var id = ""
        public var observed: [String] = []
        public init() {}
        public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("id", &id)
            try visit.field("observed", &observed)
        }
    }

    public var story = ""
    public var rules: [Rule] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("story", &story)
        try visit.field("rules", &rules)
    }
}

/// What all stories together proved.
public struct ShelfReport: Record {
    public struct Failure: Record {
        public var story = ""
        public var rule = ""
        /// What was expected and what was found.
        public var text = ""
        public init() {}
        public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("story", &story)
            try visit.field("rule", &rule)
            try visit.field("text", &text)
        }
    }

    public var stories: [StoryReport] = []
    public var failures: [Failure] = []
    /// Rules that a story owed and did not prove.
    public var missing: [String] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("stories", &stories)
        try visit.field("failures", &failures)
        try visit.field("missing", &missing)
    }

    public var isWhole: Bool { failures.isEmpty && missing.isEmpty }
}

extension StoryShelf {
    /// Tells every story, the next one also where one fails, and says what is missing.
    public static func tellAll(
        on house: any House, operator guest: Guest = Cast.firstOperator,
        say: @escaping (String) -> Void = { _ in }
    ) async -> ShelfReport {
        var report = ShelfReport()
        for story in stories {
            do {
                report.stories.append(try await story.tell(on: house, operator: guest, say: say))
            } catch {
                var failure = ShelfReport.Failure()
                failure.story = story.name
                failure.rule = (error as? StoryFailure)?.rule ?? ""
                failure.text = "\((error as? StoryFailure)?.cause ?? error)"
                report.failures.append(failure)
            }
        }
        report.missing = missing(in: report.stories)
        return report
    }
}

/// A step of a story broke its rule.
public struct StoryFailure: Error, CustomStringConvertible {
    public let rule: String
    public let cause: any Error
    public var description: String { "\(rule): \(cause)" }
}
