/// How much memory and time one guess at a password costs (RFC 7914).
///
/// A hash takes 128 * blockSize * iterations bytes of memory.
public struct ScryptCost: Sendable, Hashable {
    /// N, a power of two in 2...2^20.
    public let iterations: Int
    /// r, 1...32.
    public let blockSize: Int
    /// p, 1...16.
    public let parallelism: Int

    /// A cost within the limits above that takes at most 1 GiB; otherwise `unacceptableCost`.
    public init(iterations: Int, blockSize: Int, parallelism: Int) throws(CryptoError) {
        let cost = ScryptCost(checked: iterations, blockSize, parallelism)
        guard cost.isAcceptable else { throw .unacceptableCost }
        self = cost
    }

    /// 128 MiB and some tenths of a second per hash: OWASP's recommendation for stored passwords.
    public static let production = ScryptCost(checked: 1 << 17, 8, 1)
    /// 1 MiB and a few milliseconds per hash, for development and tests.
    public static let development = ScryptCost(checked: 1 << 10, 8, 1)

    private init(checked iterations: Int, _ blockSize: Int, _ parallelism: Int) {
        self.iterations = iterations
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    private var isAcceptable: Bool {
        (2...1 << 20).contains(iterations) && iterations & (iterations - 1) == 0
            && (1...32).contains(blockSize) && (1...16).contains(parallelism)
            && 128 * blockSize * iterations <= 1 << 30
    }

    /// What libcrypto's own bookkeeping needs on top of the N blocks, rounded up.
    var memoryByteLimit: UInt64 {
        UInt64(128 * blockSize * (iterations + parallelism + 4)) + (1 << 20)
    }
}
