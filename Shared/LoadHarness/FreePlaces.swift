/// Which of many places are free, a bit for each: under overload an arrival looks for one among thousands that are not.
public struct FreePlaces: Sendable {
    /// A bit is set while its place is free.
    private var words: [UInt64]
    /// How many are free.
    public private(set) var count: Int

    /// - Parameter count: the places, all of them free; at least 1.
    public init(_ count: Int) {
        self.count = count
        words = [UInt64](repeating: .max, count: (count + 63) / 64)
        let last = count % 64
        if last > 0 { words[words.count - 1] = 1 << UInt64(last) - 1 }
    }

    /// Takes the first free place from `wanted` on, round to where it began; nothing if none is free.
    public mutating func take(from wanted: Int) -> Int? {
        guard count > 0 else { return nil }
        let first = wanted / 64
        let rest = words[first] & (.max << UInt64(wanted % 64))
        if rest != 0 { return taking(first, rest) }
        for step in 1...words.count {
            let word = (first + step) % words.count
            if words[word] != 0 { return taking(word, words[word]) }
        }
        return nil
    }

    private mutating func taking(_ word: Int, _ bits: UInt64) -> Int {
        let bit = bits.trailingZeroBitCount
        words[word] &= ~(1 << UInt64(bit))
        count -= 1
        return word * 64 + bit
    }

    /// The place is free again. One that is free already stays so.
    public mutating func giveBack(_ place: Int) {
        let bit: UInt64 = 1 << UInt64(place % 64)
        guard words[place / 64] & bit == 0 else { return }
        words[place / 64] |= bit
        count += 1
    }
}
