/// The middle half of a list of amounts, by nearest rank: each figure is an amount that was really paid.
public struct Quartiles: Hashable, Sendable {
    public let low: Int64
    public let median: Int64
    public let high: Int64

    /// Fewer comparable auctions than this say nothing.
    public static let fewest = 8

    /// Nothing for fewer than ``fewest`` amounts.
    public init?(of amounts: [Int64]) {
        guard amounts.count >= Self.fewest else { return nil }
        let sorted = amounts.sorted()
        func rank(_ quarter: Int) -> Int64 { sorted[(quarter * sorted.count + 3) / 4 - 1] }
        low = rank(1)
        median = rank(2)
        high = rank(3)
    }
}
