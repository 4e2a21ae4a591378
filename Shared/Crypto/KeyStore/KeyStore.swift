import Synchronization

/// The data keys of one service, in one file outside its journal and backups, so that erasing works.
///
/// Each contact and each field marked personal is sealed under a data key of its own. Destroying that key
/// erases the data wherever its ciphertext was copied. Every key in the file is wrapped by a key-encryption
/// key, which `rotate` replaces; a backup of the file is worth nothing once that key is gone. Slots are
/// overwritten in place. A disk or file system that keeps old blocks keeps wrapped keys only, and those until
/// the next rotation.
///
/// All threads may use one store at once. The methods wait for the disk, so none belongs on an event loop.
public final class KeyStore: Sendable {
    /// The most keys one call makes.
    public static let maximumBatch = 65_536

    private let content: Mutex<KeyStoreContent>
    private let sync: GroupSync
    private let keys: KeyEncryptionKeys
    private let rotation = Mutex(())
    private let folderLock: OpenFile
    private let random: @Sendable (Int) -> [UInt8]
    private let path: String

    /// Whether opening removed a last slot that was half written, as after a power cut.
    ///
    /// Worth a line in the log, since a damaged last slot looks the same.
    public let removedTornSlot: Bool

    private static let slotsPerRewrap = 256

    /// Opens the store, or makes it on the first start. Completes a rotation that was interrupted.
    ///
    /// Throws `inUse`, `notAKeyStore`, `missingKeyStore`, `truncatedKeyStore`, `corruptKeyStore`,
    /// `missingKeyEncryptionKey`, `wrongKeyEncryptionKey` or `system`.
    ///
    /// - Parameter random: bytes that nobody can foresee, except in a simulation.
    public init(
        file path: String, keyEncryptionKeys keys: KeyEncryptionKeys,
        random: @escaping @Sendable (Int) -> [UInt8] = { SecureRandom.bytes($0) }
    ) throws(CryptoError) {
        try Disk.makeFolder(keys.folder)
        folderLock = try OpenFile(keys.folder, .folder)
        try folderLock.lockAtOnce()
        let versions = try keys.versions()

        // The store is made before its first key-encryption key: a key without a store means it was lost.
        let opening = try KeyStoreOpening(path: path, mayBeNew: versions.isEmpty)
        var known = try opening.checkedKeys(in: keys)
        let current = try Self.currentKey(versions.last, in: keys, random)
        known[current.version] = current

        self.path = path
        self.keys = keys
        self.random = random
        removedTornSlot = opening.removedTornSlot
        sync = GroupSync(file: opening.file)
        content = Mutex(
            KeyStoreContent(
                file: opening.file, sync: sync, table: opening.table, keyEncryptionKeys: known,
                current: current, random: random))
        if versions.count > 1 { try completeRotation() }
    }

    /// The file that lies beside an open store; found at the next opening, the store was not closed in order.
    ///
    /// It need not survive a loss of power, after which nothing reads otherwise than the disk has it.
    static func mark(_ path: String) -> String { path + ".open" }

    /// Ends the use of the store in order, so that the next opening takes the file as it is. Nothing is made or
    /// destroyed afterwards. Throws what a failed sync threw.
    public func close() throws(CryptoError) {
        try sync.wait(for: sync.noteWrite())
        try Disk.removeIfPresent(Self.mark(path))
    }

    private static func currentKey(
        _ version: UInt32?, in keys: KeyEncryptionKeys, _ random: (Int) -> [UInt8]
    ) throws(CryptoError) -> KeyEncryptionKey {
        guard let version else { return try keys.add(version: 1, random) }
        guard let key = try keys.read(version: version) else {
            throw .wrongKeyEncryptionKey(version: version)
        }
        return key
    }

    /// How many keys there are.
    public var count: Int {
        content.withLock { $0.table.count }
    }

    /// The version of the key-encryption key that wraps new keys.
    public var currentVersion: UInt32 {
        content.withLock { $0.current.version }
    }

    /// Why no key can be made or destroyed any more: a sync has failed, and nobody knows what is on the disk until
    /// the store is opened again. Nothing while all is well.
    public var failure: CryptoError? { sync.latestFailure }

    /// Whether the key is there: made and not destroyed.
    public func contains(_ id: UInt64) -> Bool {
        content.withLock { $0.table.contains(id) }
    }

    /// Makes a key under a random id; it is on the disk when this returns.
    ///
    /// Threads that call at the same time share one sync.
    public func makeKey() throws(CryptoError) -> (id: UInt64, key: [UInt8]) {
        let made = try makeKeys(count: 1)
        guard let key = made.first else { throw .limitExceeded(limit: 1, found: 0) }
        return key
    }

    /// Makes 0...65536 keys with one sync; all of them are on the disk when this returns.
    public func makeKeys(count: Int) throws(CryptoError) -> [(id: UInt64, key: [UInt8])] {
        let (made, mark) = try writeKeys(count: count)
        try wait(for: mark)
        return made
    }

    /// Makes 0...65536 keys that may not be on the disk yet: nothing may name one of them before ``wait(for:)`` has
    /// returned for the mark. Whoever makes keys for many pieces of work waits once for all of them.
    public func writeKeys(count: Int) throws(CryptoError) -> (
        keys: [(id: UInt64, key: [UInt8])], mark: WriteMark
    ) {
        guard (0...Self.maximumBatch).contains(count) else {
            throw .limitExceeded(limit: Self.maximumBatch, found: count)
        }
        guard count > 0 else { return ([], WriteMark(at: 0)) }
        let chance = random(count * NewKey.chanceByteCount)
        let newKeys = (0..<count).map { NewKey(chance: chance.dropFirst($0 * NewKey.chanceByteCount)) }
        return try content.withLock { content throws(CryptoError) in
            try content.makeRoom(for: count)
            var made: [(id: UInt64, key: [UInt8])] = []
            made.reserveCapacity(count)
            for newKey in newKeys {
                var id = newKey.id
                while id == KeySlot.freeID || content.table.contains(id) {
                    id = UInt64(littleEndianBytes: random(8)[...]) ?? KeySlot.freeID
                }
                try content.add(id: id, key: newKey.key, nonce: newKey.nonce)
                made.append((id, newKey.key))
            }
            return (made, WriteMark(at: sync.noteWrite()))
        }
    }

    /// Returns once every key written up to `mark` is on the disk. Throws what a failed sync threw.
    public func wait(for mark: WriteMark) throws(CryptoError) { try sync.wait(for: mark.at) }

    /// A point in the order of the store's writes; the one at 0 comes before all of them.
    public struct WriteMark: Sendable {
        let at: GroupSync.Mark
    }

    /// The 32 bytes of a key; `unknownKey` if it was destroyed.
    public func key(_ id: UInt64) throws(CryptoError) -> [UInt8] {
        try content.withLock { content throws(CryptoError) in try content.key(id) }
    }

    /// Seals a plaintext under a new key, which is on the disk when this returns.
    public func seal(_ plaintext: [UInt8], associated: [UInt8]) throws(CryptoError) -> SealedBytes {
        let (id, key) = try makeKey()
        let nonce = random(AESGCM.nonceByteCount)
        let ciphertext = try AESGCM.seal(plaintext, key: key, nonce: nonce, associated: associated)
        return SealedBytes(keyID: id, ciphertext: ciphertext)
    }

    /// The plaintext; `unknownKey` if its key was destroyed, `openFailed` if ciphertext, key and associated
    /// bytes do not belong together.
    public func open(keyID: UInt64, ciphertext: [UInt8], associated: [UInt8]) throws(CryptoError) -> [UInt8] {
        try AESGCM.open(ciphertext, key: try key(keyID), associated: associated)
    }

    /// Overwrites keys for ever; when this returns, no byte of them is left in the file on the disk.
    ///
    /// Ids that are not there are passed over, so the same ids may be destroyed again at each start.
    public func destroy(_ ids: [UInt64]) throws(CryptoError) {
        let mark = try content.withLock { content throws(CryptoError) in
            // Without a change another thread's destruction of the same ids may still wait for the disk.
            try content.erase(ids) ? sync.noteWrite() : sync.latest
        }
        try sync.wait(for: mark)
    }

    /// Destroys the keys whose command was never queued, and returns how many.
    ///
    /// Looks only at keys that were there when the store was opened: the command of a later one may still be
    /// on its way.
    @discardableResult
    public func sweep(keeping isKept: (UInt64) -> Bool) throws(CryptoError) -> Int {
        let orphans = content.withLock { $0.table.idsFoundAtOpening }.filter { !isKept($0) }
        try destroy(orphans)
        return orphans.count
    }

    /// Makes the next key-encryption key, wraps every key by it while the store stays in use, and destroys
    /// the older ones once that is on the disk.
    ///
    /// After an interruption `init` or the next `rotate` completes it.
    public func rotate() throws(CryptoError) {
        try rotation.withLock { _ throws(CryptoError) in
            let next = try keys.add(version: try nextVersion(), random)
            content.withLock { content in
                content.keyEncryptionKeys[next.version] = next
                content.current = next
            }
            try completeRotation()
        }
    }

    private func nextVersion() throws(CryptoError) -> UInt32 {
        let (next, isOverflow) = currentVersion.addingReportingOverflow(1)
        guard !isOverflow else { throw .limitExceeded(limit: Int(UInt32.max), found: Int(UInt32.max)) }
        return next
    }

    private func completeRotation() throws(CryptoError) {
        // A slot used after this line was read is wrapped by the current key already.
        let usedSlotCount = content.withLock { $0.table.usedSlotCount }
        for start in stride(from: 0, to: usedSlotCount, by: Self.slotsPerRewrap) {
            let slots = start..<min(start + Self.slotsPerRewrap, usedSlotCount)
            try content.withLock { content throws(CryptoError) in try content.rewrap(slots) }
        }
        try sync.wait(for: sync.noteWrite())

        let current = currentVersion
        for version in try keys.versions() where version < current {
            try keys.destroy(version: version)
        }
        content.withLock { content in
            content.keyEncryptionKeys = content.keyEncryptionKeys.filter { $0.key == current }
        }
    }

    /// The chance of which one key is made, drawn for a whole batch at once.
    private struct NewKey {
        static let chanceByteCount = 8 + AESGCM.keyByteCount + AESGCM.nonceByteCount

        let id: UInt64
        let key: [UInt8]
        let nonce: [UInt8]

        init(chance: ArraySlice<UInt8>) {
            id = UInt64(littleEndianBytes: chance) ?? KeySlot.freeID
            key = Array(chance.dropFirst(8).prefix(AESGCM.keyByteCount))
            nonce = Array(chance.dropFirst(8 + AESGCM.keyByteCount).prefix(AESGCM.nonceByteCount))
        }
    }
}
