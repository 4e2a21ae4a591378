internal import COpenSSL

/// A SHA-256 computation that is used again and again, for chains of hashes over journal rows.
///
/// One hasher belongs to one thread. After `finish` it stands at the beginning of the next hash. Nothing is
/// allocated per hash when the result goes into an array of 32 bytes that the caller keeps.
public final class SHA256Hasher {
    private let context: OpaquePointer
    private var isStarted = false
    /// Short pieces wait here and go to libcrypto together: each call of it costs as much as hashing a block.
    private let staged = UnsafeMutableRawPointer.allocate(byteCount: SHA256Hasher.stage, alignment: 8)
    private var stagedCount = 0
    private static let stage = 256

    /// A hasher at the beginning of its first hash.
    public init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory for a digest") }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
        staged.deallocate()
    }

    /// Forgets what was hashed since the last `finish`.
    public func reset() {
        isStarted = false
        stagedCount = 0
    }

    /// Appends bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        if bytes.count > SHA256Hasher.stage - stagedCount { flush() }
        if bytes.count > SHA256Hasher.stage {
            Algorithms.require(EVP_DigestUpdate(context, start, bytes.count))
        } else {
            staged.advanced(by: stagedCount).copyMemory(from: start, byteCount: bytes.count)
            stagedCount += bytes.count
        }
    }

    private func flush() {
        startIfNeeded()
        Algorithms.require(EVP_DigestUpdate(context, staged, stagedCount))
        stagedCount = 0
    }

    /// Appends bytes.
    public func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Appends a number as 8 bytes, least significant first.
    public func update(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { update($0) }
    }

    /// Writes the 32 bytes of the hash into `output`, replacing what it held, and begins anew.
    public func finish(into output: inout [UInt8]) {
        if output.count != SHA256.byteCount {
            output = [UInt8](repeating: 0, count: SHA256.byteCount)
        }
        output.withUnsafeMutableBufferPointer { finish(into: $0) }
    }

    /// The 32 bytes of the hash; begins anew.
    public func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            finish(into: buffer)
            count = SHA256.byteCount
        }
    }

    private func finish(into buffer: UnsafeMutableBufferPointer<UInt8>) {
        flush()
        Algorithms.require(EVP_DigestFinal_ex(context, buffer.baseAddress, nil))
        isStarted = false
    }

    private func startIfNeeded() {
        guard !isStarted else { return }
        Algorithms.require(EVP_DigestInit_ex2(context, Algorithms.sha256, nil))
        isStarted = true
    }
}
