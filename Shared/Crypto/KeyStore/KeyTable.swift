/// Which data key stands in which slot of a key store; the file's content in memory, without the keys.
struct KeyTable {
    /// 2^28 slots, a file of 32 GiB.
    static let maximumSlotCount = 1 << 28

    private struct Place {
        var slot: UInt32
        var isNew: Bool
    }

    private var places: [UInt64: Place] = [:]
    /// The id in each slot up to the last that was ever used, zero where it is free again.
    private var ids: [UInt64] = []
    private var freed: [UInt32] = []
    /// How many slots the file has.
    var slotCount: Int

    init(slotCount: Int) {
        self.slotCount = slotCount
    }

    var count: Int { places.count }

    /// How many slots from the first on have ever been used.
    var usedSlotCount: Int { ids.count }

    var freeSlotCount: Int { freed.count + slotCount - ids.count }

    func contains(_ id: UInt64) -> Bool {
        places[id] != nil
    }

    func slot(of id: UInt64) -> Int? {
        places[id].map { Int($0.slot) }
    }

    /// The ids in slot order that were there when the store was opened.
    var idsFoundAtOpening: [UInt64] {
        ids.filter { places[$0]?.isNew == false }
    }

    /// Takes over a slot read from the file; slots come in order, nil for a free one.
    mutating func load(_ id: UInt64?) {
        if let id {
            places[id] = Place(slot: UInt32(ids.count), isNew: false)
        } else {
            freed.append(UInt32(ids.count))
        }
        ids.append(id ?? KeySlot.freeID)
    }

    /// The slot in which the next key goes; nil if the file is full.
    var nextFreeSlot: Int? {
        freed.last.map { Int($0) } ?? (ids.count < slotCount ? ids.count : nil)
    }

    /// Notes that `id` was written into `nextFreeSlot`.
    mutating func occupyNextFreeSlot(with id: UInt64) {
        if let slot = freed.popLast() {
            ids[Int(slot)] = id
            places[id] = Place(slot: slot, isNew: true)
        } else {
            places[id] = Place(slot: UInt32(ids.count), isNew: true)
            ids.append(id)
        }
    }

    /// Notes that the slot of `id` was overwritten.
    mutating func release(_ id: UInt64) {
        guard let place = places.removeValue(forKey: id) else { return }
        ids[Int(place.slot)] = KeySlot.freeID
        freed.append(place.slot)
    }
}
