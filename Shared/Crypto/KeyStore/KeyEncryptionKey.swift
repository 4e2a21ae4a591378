/// One version of the key that wraps a store's data keys, in a file of its own: the 32 bytes, then the first
/// 8 bytes of their SHA-256.
struct KeyEncryptionKey: Sendable {
    static let fileByteCount = AESGCM.keyByteCount + 8

    let version: UInt32
    let bytes: [UInt8]

    static func generate(version: UInt32, _ random: (Int) -> [UInt8]) -> KeyEncryptionKey {
        KeyEncryptionKey(version: version, bytes: random(AESGCM.keyByteCount))
    }

    /// Nil if the file was damaged.
    init?(version: UInt32, file: [UInt8]) {
        let key = Array(file.prefix(AESGCM.keyByteCount))
        guard file.count == Self.fileByteCount, file.suffix(8) == SHA256.digest(key).prefix(8) else {
            return nil
        }
        self.init(version: version, bytes: key)
    }

    var file: [UInt8] {
        bytes + SHA256.digest(bytes).prefix(8)
    }

    private init(version: UInt32, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }
}
