/// A `KeyedHash` for one thread, which uses one prepared context for every call: the idempotency check of
/// each command runs through it.
public final class KeyedHasher {
    private let state: HMACState

    init(state: HMACState) {
        self.state = state
    }

    /// A hasher under `key`, which has 32 bytes; otherwise `invalidLength`.
    public convenience init(key: [UInt8]) throws(CryptoError) {
        guard key.count == KeyedHash.keyByteCount else {
            throw .invalidLength(expected: KeyedHash.keyByteCount, found: key.count)
        }
        self.init(state: try HMACState(key: key))
    }

    /// The 32 bytes of the hash.
    public func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        state.authenticate(bytes)
    }

    /// The first 128 bits of the hash, as two numbers read least significant byte first; allocates nothing
    /// on the Swift side.
    public func hash128(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        state.hash128(bytes)
    }
}
