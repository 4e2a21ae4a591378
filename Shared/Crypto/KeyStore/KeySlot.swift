/// One data key as it stands in the file, wrapped by a key-encryption key.
///
/// | bytes | content |
/// | --- | --- |
/// | 8 | id, not zero |
/// | 4 | version of the key-encryption key |
/// | 4 | zero |
/// | 60 | nonce, wrapped key, tag; the 16 bytes before them are associated |
///
/// A slot of zeros is free.
struct KeySlot {
    static let freeID: UInt64 = 0
    private static let associatedByteCount = 16
    private static let wrappedByteCount = AESGCM.keyByteCount + AESGCM.overheadByteCount

    let id: UInt64
    let version: UInt32
    private let wrapped: [UInt8]

    static func offset(_ slot: Int) -> Int {
        KeyRecord.byteCount * (slot + 1)
    }

    /// Wraps a key; `nonce` has 12 random bytes.
    init(id: UInt64, key: [UInt8], nonce: [UInt8], by keyEncryptionKey: KeyEncryptionKey) throws(CryptoError)
    {
        self.id = id
        version = keyEncryptionKey.version
        wrapped = try AESGCM.seal(
            key, key: keyEncryptionKey.bytes, nonce: nonce, associated: Self.associated(id, version))
    }

    /// Nil unless the record is an intact slot in use.
    init?(record: ArraySlice<UInt8>, hasher: SHA256Hasher) {
        guard KeyRecord.isIntact(record, hasher: hasher), let id = UInt64(littleEndianBytes: record),
            let version = UInt32(littleEndianBytes: record.dropFirst(8)), id != Self.freeID
        else { return nil }
        self.id = id
        self.version = version
        wrapped = Array(record.dropFirst(Self.associatedByteCount).prefix(Self.wrappedByteCount))
    }

    func encode(hasher: SHA256Hasher) -> [UInt8] {
        KeyRecord.seal(Self.associated(id, version) + wrapped, hasher: hasher)
    }

    /// The key; `openFailed` if it was wrapped by another key-encryption key.
    func unwrap(by keyEncryptionKey: KeyEncryptionKey) throws(CryptoError) -> [UInt8] {
        try AESGCM.open(wrapped, key: keyEncryptionKey.bytes, associated: Self.associated(id, version))
    }

    private static func associated(_ id: UInt64, _ version: UInt32) -> [UInt8] {
        id.littleEndianBytes + version.littleEndianBytes + [0, 0, 0, 0]
    }
}
