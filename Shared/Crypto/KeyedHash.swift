/// A hash that only the holder of a 32-byte key can compute: HMAC-SHA256.
///
/// Recognises equal values (a blind index) and derives link tokens without storing either. All threads may
/// use one value at once; each call copies the prepared key. A thread that hashes all the time takes a
/// `KeyedHasher`, which does not copy.
public struct KeyedHash: Sendable {
    /// The length of the key in bytes.
    public static let keyByteCount = 32

    private let prepared: Prepared

    /// A hash under `key`, which has 32 bytes; otherwise `invalidLength`.
    public init(key: [UInt8]) throws(CryptoError) {
        guard key.count == Self.keyByteCount else {
            throw .invalidLength(expected: Self.keyByteCount, found: key.count)
        }
        prepared = Prepared(state: try HMACState(key: key))
    }

    /// The 32 bytes of the hash.
    public func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        HMACState(copying: prepared.state).authenticate(bytes)
    }

    /// The 32 bytes of the hash.
    public func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { self($0) }
    }

    /// The first `byteCount` bytes of the hash, at most 32.
    public func truncated(_ bytes: [UInt8], to byteCount: Int) -> [UInt8] {
        Array(self(bytes).prefix(max(0, byteCount)))
    }

    /// The first 128 bits of the hash, as two numbers read least significant byte first.
    public func hash128(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        HMACState(copying: prepared.state).hash128(bytes)
    }

    /// A hasher under the same key for one thread.
    public func makeHasher() -> KeyedHasher {
        KeyedHasher(state: HMACState(copying: prepared.state))
    }

    /// The prepared key, which is only ever copied from; that makes it safe to share.
    private final class Prepared: @unchecked Sendable {
        let state: HMACState

        init(state: HMACState) {
            self.state = state
        }
    }
}
