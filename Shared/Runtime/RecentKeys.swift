import Storage
import Wire

/// The keys that were used lately, by their owners (rule F2).
///
/// Nearly every command comes with a key that was never used, and clients make them in rising order: above the highest
/// key that an owner's replies had when the writer first asked, only what was used since then is known to the store.
/// That is noted in a Bloom filter: where it knows nothing the key is new, and of the others the store is asked.
struct RecentKeys {
    /// A key, ordered as the store orders it.
    private struct Place: Comparable {
        let high: Int64
        let low: Int64
        init(_ key: IdempotencyKey) {
            high = Int64(bitPattern: key.high)
            low = Int64(bitPattern: key.low)
        }
        static func < (left: Self, right: Self) -> Bool {
            left.high != right.high ? left.high < right.high : left.low < right.low
        }
    }

    /// The highest key that an owner's replies had at first.
    private var floors: [Int64: Place] = [:]
    /// A bit in each half of the filter for each key; made for the first key.
    private var filter: [UInt64] = []
    private var noted = 0

    /// Beyond so many keys or owners all are forgotten; the store knows them. One new key of a hundred meets the bits of
    /// others when the filter is full.
    private static let most = 65_536
    /// 128 KiB.
    private static let words = 16_384

    /// The two bits of a key. Whoever chooses keys that share them has the store asked, as it would be without a filter.
    private static func bits(_ key: IdempotencyKey, _ owner: Int64) -> (Int, Int) {
        var mixed =
            key.high &* 0x9e37_79b9_7f4a_7c15 ^ key.low ^ UInt64(bitPattern: owner) &* 0xc2b2_ae3d_27d4_eb4f
        mixed = (mixed ^ mixed >> 32) &* 0xd6e8_feb8_6659_fd93
        mixed ^= mixed >> 32
        let half = words * 32
        return (Int(mixed & UInt64(half - 1)), half + Int(mixed >> 32 & UInt64(half - 1)))
    }

    /// Whether the store must be asked for the reply to this key.
    mutating func mayBeUsed(_ key: IdempotencyKey, by owner: Int64, _ store: Store) throws -> Bool {
        if let floor = floors[owner] {
            guard Place(key) > floor else { return true }
            guard !filter.isEmpty else { return false }
            let (first, second) = RecentKeys.bits(key, owner)
            return filter[first >> 6] >> UInt64(first & 63) & filter[second >> 6] >> UInt64(second & 63) & 1
                == 1
        }
        if floors.count >= RecentKeys.most { forget() }
        let highest = try store.first(
            """
            SELECT key_high, key_low FROM gavel_replies WHERE party = ? ORDER BY key_high DESC, key_low DESC LIMIT 1
            """, owner
        ) { IdempotencyKey(high: UInt64(bitPattern: $0.int(0)), low: UInt64(bitPattern: $0.int(1))) }
        // Without any, the lowest key there is: it is asked for, and that is all.
        let floor = Place(highest ?? IdempotencyKey(high: 1 << 63, low: 1 << 63))
        floors[owner] = floor
        return Place(key) <= floor
    }

    /// The key is used now. A batch that is undone leaves it here, where it means no more than a question to the store.
    mutating func use(_ key: IdempotencyKey, by owner: Int64) {
        guard noted < RecentKeys.most else { return forget() }
        if filter.isEmpty { filter = [UInt64](repeating: 0, count: RecentKeys.words) }
        let (first, second) = RecentKeys.bits(key, owner)
        filter[first >> 6] |= 1 << UInt64(first & 63)
        filter[second >> 6] |= 1 << UInt64(second & 63)
        noted += 1
    }

    private mutating func forget() {
        floors.removeAll(keepingCapacity: true)
        filter = []
        noted = 0
    }
}
