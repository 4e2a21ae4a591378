import Storage
import Wire

/// The keys that were used lately, by their owners (rule F2).
///
/// Nearly every command comes with a key that was never used, and clients make them in rising order: above the highest
/// key that an owner's replies had when this process first asked, a key was used if it is here. Only of the others must
/// the store be asked.
struct RecentKeys {
    private struct Owner {
        /// What was used up to this key, only the store knows.
        let floor: Place
        var above: Set<Place> = []
    }

    /// A key, ordered as the store orders it.
    private struct Place: Hashable, Comparable {
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

    private var owners: [Int64: Owner] = [:]
    private var count = 0
    /// Beyond so many keys and owners all are forgotten; the store knows them.
    private static let most = 65_536

    /// Whether the store must be asked for the reply to this key.
    mutating func mayBeUsed(_ key: IdempotencyKey, by owner: Int64, _ store: Store) throws -> Bool {
        let place = Place(key)
        if let known = owners[owner] { return place <= known.floor || known.above.contains(place) }
        if count >= RecentKeys.most { forget() }
        let highest = try store.first(
            """
            SELECT key_high, key_low FROM gavel_replies WHERE party = ? ORDER BY key_high DESC, key_low DESC LIMIT 1
            """, owner
        ) { IdempotencyKey(high: UInt64(bitPattern: $0.int(0)), low: UInt64(bitPattern: $0.int(1))) }
        // Without any, the lowest key there is: it is asked for, and that is all.
        let floor = Place(highest ?? IdempotencyKey(high: 1 << 63, low: 1 << 63))
        owners[owner] = Owner(floor: floor)
        count += 1
        return place <= floor
    }

    /// The key is used now. A batch that is undone leaves it here, where it means no more than a question to the store.
    mutating func use(_ key: IdempotencyKey, by owner: Int64) {
        if count >= RecentKeys.most { return forget() }
        owners[owner]?.above.insert(Place(key))
        count += 1
    }

    private mutating func forget() {
        owners.removeAll(keepingCapacity: true)
        count = 0
    }
}
