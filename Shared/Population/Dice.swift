import Kernel

/// Chance as the population draws it: from the world alone, in whole numbers.
struct Dice {
    let port: any ClientPort

    /// A number from 0 up to, not including, `bound`; 0 if `bound` is not positive.
    func below(_ bound: Int) -> Int { bound <= 0 ? 0 : Int(port.chance() % UInt64(bound)) }

    func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    /// True in so many of a hundred cases.
    func percent(_ share: Int) -> Bool { below(100) < share }

    func pick<Item>(_ items: [Item]) -> Item? { items.isEmpty ? nil : items[below(items.count)] }

    /// A span from `low` up to `high`, whole milliseconds.
    func span(_ low: Duration64, _ high: Duration64) -> Duration64 {
        let width = max(0, (high.microseconds - low.microseconds) / 1_000)
        return Duration64(microseconds: low.microseconds + Int64(below(Int(width) + 1)) * 1_000)
    }

    /// An index below `count` by Zipf's law: the first is drawn twice as often as the second, three times as
    /// often as the third.
    func zipf(_ count: Int) -> Int {
        guard count > 1 else { return 0 }
        let weights = (1...count).map { 1_000_000 / $0 }
        var drawn = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if drawn < weight { return index }
            drawn -= weight
        }
        return 0
    }
}

/// A shuffled deck that is dealt to its end before it is shuffled again: nothing stays rare for long.
struct Deck<Card> {
    private let cards: [Card]
    private var rest: [Card] = []

    init(_ cards: [Card]) { self.cards = cards }

    mutating func deal(_ dice: Dice) -> Card? {
        if rest.isEmpty { rest = cards }
        guard !rest.isEmpty else { return nil }
        return rest.remove(at: dice.below(rest.count))
    }
}

/// The last few things of a kind that somebody remembers, oldest first; older ones are forgotten.
struct Memory<Item> {
    private(set) var items: [Item] = []
    let most: Int

    init(_ most: Int) { self.most = most }

    mutating func add(_ item: Item) {
        items.append(item)
        if items.count > most { items.removeFirst(items.count - most) }
    }

    mutating func forget(_ condition: (Item) -> Bool) { items.removeAll(where: condition) }
}

extension Duration64 {
    static func + (left: Self, right: Self) -> Self {
        Self(microseconds: left.microseconds + right.microseconds)
    }
    static func - (left: Self, right: Self) -> Self {
        Self(microseconds: left.microseconds - right.microseconds)
    }
    static func * (left: Self, right: Int) -> Self {
        Self(microseconds: left.microseconds * Int64(right))
    }
}
