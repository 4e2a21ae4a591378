import Messages

/// The most rows that one answer holds.
enum PageLimit {
    static let most: UInt16 = 100

    /// Nothing for a limit from 1 to ``most``; else the refusal.
    static func refusal(_ limit: UInt16) -> Refusal? {
        (1...most).contains(limit)
            ? nil : Refusal(.invalidValue, expected: "limit 1 to \(most)", found: "\(limit)")
    }
}
