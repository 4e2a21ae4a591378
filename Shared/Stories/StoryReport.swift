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

/// A step of a story broke its rule.
public struct StoryFailure: Error, CustomStringConvertible {
    public let rule: String
    public let cause: any Error
    public var description: String { "\(rule): \(cause)" }
}
