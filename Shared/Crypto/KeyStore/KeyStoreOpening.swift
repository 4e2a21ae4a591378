/// Brings a key store from the disk into memory and checks it, or makes a new one.
struct KeyStoreOpening {
    let file: OpenFile
    private(set) var table: KeyTable
    /// Whether the last slot was half written when the machine went down.
    private(set) var removedTornSlot = false
    /// For each version of the key-encryption key in use, the first slot wrapped by it.
    private(set) var samples: [(number: Int, slot: KeySlot)] = []

    private let hasher = SHA256Hasher()
    private static let slotsPerRead = 8192

    /// Reads the store at `path`; makes an empty one if there is none and `mayBeNew`.
    init(path: String, mayBeNew: Bool) throws(CryptoError) {
        if !Disk.exists(path) {
            guard mayBeNew else { throw .missingKeyStore(path: path) }
            try Self.make(path)
        }
        var file = try OpenFile(path, .existing)
        try file.lockAtOnce()
        if Disk.exists(KeyStore.mark(path)) {
            // A sync may have failed: what reads as destroyed would come back with the power.
            try Disk.renew(path, isShredding: true)
            file = try OpenFile(path, .existing)
            try file.lockAtOnce()
        }
        _ = try OpenFile(KeyStore.mark(path), .createdOrKept)
        self.file = file
        let header = try Self.readHeader(file, hasher: hasher)
        table = KeyTable(slotCount: header.slotCount)
        try loadSlots()
        // What an earlier process wrote may still be on its way to the disk.
        try file.syncContent()
    }

    /// The keys named by the slots in use, each of which opens a slot; throws if one is missing or another.
    func checkedKeys(in keys: KeyEncryptionKeys) throws(CryptoError) -> [UInt32: KeyEncryptionKey] {
        var found: [UInt32: KeyEncryptionKey] = [:]
        let versions = try keys.versions()
        for (_, slot) in samples {
            guard versions.contains(slot.version) else {
                throw .missingKeyEncryptionKey(version: slot.version)
            }
            guard let key = try keys.read(version: slot.version), (try? slot.unwrap(by: key)) != nil else {
                throw .wrongKeyEncryptionKey(version: slot.version)
            }
            found[slot.version] = key
        }
        return found
    }

    private static func make(_ path: String) throws(CryptoError) {
        try Disk.makeFolder(Disk.parent(of: path))
        let header = KeyStoreHeader(slotCount: KeyStoreContent.leastGrowth)
        let record = header.encode(hasher: SHA256Hasher())
        let slots = [UInt8](repeating: 0, count: header.fileByteCount - record.count)
        try Disk.replace(path, with: record + slots)
    }

    /// The header, after the file was cut to what it says: more is left by an interrupted growth.
    private static func readHeader(
        _ file: OpenFile, hasher: SHA256Hasher
    ) throws(CryptoError) -> KeyStoreHeader {
        let byteCount = try file.byteCount
        guard byteCount >= KeyRecord.byteCount else {
            throw .truncatedKeyStore(expectedBytes: KeyRecord.byteCount, foundBytes: byteCount)
        }
        let record = try file.read(at: 0, count: KeyRecord.byteCount)
        guard let header = KeyStoreHeader(record: record, hasher: hasher) else {
            throw .notAKeyStore(path: file.path)
        }
        guard byteCount >= header.fileByteCount else {
            throw .truncatedKeyStore(expectedBytes: header.fileByteCount, foundBytes: byteCount)
        }
        if byteCount > header.fileByteCount { try file.truncate(to: header.fileByteCount) }
        return header
    }

    private mutating func loadSlots() throws(CryptoError) {
        var torn: Int?
        var trailingFree = 0
        for start in stride(from: 0, to: table.slotCount, by: Self.slotsPerRead) {
            let slots = start..<min(start + Self.slotsPerRead, table.slotCount)
            let records = try file.read(at: KeySlot.offset(start), count: KeyRecord.byteCount * slots.count)
            guard records.count == KeyRecord.byteCount * slots.count else {
                throw .truncatedKeyStore(
                    expectedBytes: KeySlot.offset(table.slotCount), foundBytes: try file.byteCount)
            }
            for number in slots {
                let record = records.dropFirst((number - start) * KeyRecord.byteCount)
                    .prefix(KeyRecord.byteCount)
                if record.elementsEqual(KeyRecord.empty) {
                    trailingFree += 1
                } else if let slot = KeySlot(record: record, hasher: hasher) {
                    if let torn { throw .corruptKeyStore(slot: torn) }
                    for _ in 0..<trailingFree { table.load(nil) }
                    trailingFree = 0
                    try load(slot, number: number)
                } else {
                    // Only the last write can be torn: a damaged slot before another one is damage.
                    if let torn { throw .corruptKeyStore(slot: torn) }
                    torn = number
                    trailingFree += 1
                }
            }
        }
        guard let torn else { return }
        try file.write(KeyRecord.empty, at: KeySlot.offset(torn))
        removedTornSlot = true
    }

    private mutating func load(_ slot: KeySlot, number: Int) throws(CryptoError) {
        guard !table.contains(slot.id) else { throw .corruptKeyStore(slot: number) }
        table.load(slot.id)
        if !samples.contains(where: { $0.slot.version == slot.version }) {
            samples.append((number, slot))
        }
    }
}
