/// What is in a key store: its file, the table of its slots and the keys that wrap them.
///
/// Used by one thread at a time.
struct KeyStoreContent {
    /// How many slots are laid out at once: a quarter of those there, within 128 KiB and 8 MiB.
    static let leastGrowth = 1024
    private static let mostGrowth = 65_536

    let file: OpenFile
    private let sync: GroupSync
    var table: KeyTable
    var keyEncryptionKeys: [UInt32: KeyEncryptionKey]
    var current: KeyEncryptionKey
    private let hasher = SHA256Hasher()
    private let random: @Sendable (Int) -> [UInt8]

    init(
        file: OpenFile, sync: GroupSync, table: KeyTable, keyEncryptionKeys: [UInt32: KeyEncryptionKey],
        current: KeyEncryptionKey, random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.file = file
        self.sync = sync
        self.table = table
        self.keyEncryptionKeys = keyEncryptionKeys
        self.current = current
        self.random = random
    }

    /// Writes a key into a free slot, not yet synced.
    mutating func add(id: UInt64, key: [UInt8], nonce: [UInt8]) throws(CryptoError) {
        guard let slot = table.nextFreeSlot else {
            throw .limitExceeded(limit: KeyTable.maximumSlotCount, found: table.count + 1)
        }
        let record = try KeySlot(id: id, key: key, nonce: nonce, by: current).encode(hasher: hasher)
        try file.write(record, at: KeySlot.offset(slot))
        table.occupyNextFreeSlot(with: id)
    }

    /// Lays out slots until `count` keys fit. The zeros are on the disk before the header counts them.
    mutating func makeRoom(for count: Int) throws(CryptoError) {
        guard table.freeSlotCount < count else { return }
        let growth = max(
            Self.leastGrowth, min(table.slotCount / 4, Self.mostGrowth), count - table.freeSlotCount)
        let header = KeyStoreHeader(slotCount: min(table.slotCount + growth, KeyTable.maximumSlotCount))
        guard header.slotCount - table.slotCount + table.freeSlotCount >= count else {
            throw .limitExceeded(limit: KeyTable.maximumSlotCount, found: table.count + count)
        }
        let start = KeySlot.offset(table.slotCount)
        try file.write([UInt8](repeating: 0, count: header.fileByteCount - start), at: start)
        // The sync that all share: one of its own would take a failure away from those that wait for it.
        try sync.wait(for: sync.noteWrite())
        try file.write(header.encode(hasher: hasher), at: 0)
        table.slotCount = header.slotCount
    }

    /// The key of `id`, unwrapped.
    func key(_ id: UInt64) throws(CryptoError) -> [UInt8] {
        guard let slot = table.slot(of: id) else { throw .unknownKey(id) }
        let record = try file.read(at: KeySlot.offset(slot), count: KeyRecord.byteCount)
        guard let stored = KeySlot(record: record[...], hasher: hasher), stored.id == id else {
            throw .corruptKeyStore(slot: slot)
        }
        return try unwrap(stored, slot: slot)
    }

    /// Overwrites the slots of those ids that are there, not yet synced; tells whether there were any.
    mutating func erase(_ ids: [UInt64]) throws(CryptoError) -> Bool {
        var isChanged = false
        for id in ids {
            guard let slot = table.slot(of: id) else { continue }
            try file.write(KeyRecord.empty, at: KeySlot.offset(slot))
            table.release(id)
            isChanged = true
        }
        return isChanged
    }

    /// Wraps the keys in these slots by the current key-encryption key, if they are not yet; not synced.
    func rewrap(_ slots: Range<Int>) throws(CryptoError) {
        let records = try file.read(
            at: KeySlot.offset(slots.lowerBound), count: KeyRecord.byteCount * slots.count)
        for slot in slots {
            let record = records.dropFirst((slot - slots.lowerBound) * KeyRecord.byteCount)
                .prefix(KeyRecord.byteCount)
            guard let stored = KeySlot(record: record, hasher: hasher) else {
                guard record.elementsEqual(KeyRecord.empty) else { throw .corruptKeyStore(slot: slot) }
                continue
            }
            guard stored.version != current.version else { continue }
            let rewrapped = try KeySlot(
                id: stored.id, key: try unwrap(stored, slot: slot),
                nonce: random(AESGCM.nonceByteCount), by: current)
            try file.write(rewrapped.encode(hasher: hasher), at: KeySlot.offset(slot))
        }
    }

    private func unwrap(_ stored: KeySlot, slot: Int) throws(CryptoError) -> [UInt8] {
        guard let keyEncryptionKey = keyEncryptionKeys[stored.version] else {
            throw .missingKeyEncryptionKey(version: stored.version)
        }
        do {
            return try stored.unwrap(by: keyEncryptionKey)
        } catch .openFailed {
            throw .corruptKeyStore(slot: slot)
        }
    }
}
