/// What is stored instead of a password: `scrypt$N$r$p$salt$hash`, salt and hash in base64.
public struct PasswordHash: Sendable, Equatable {
    /// The length of the hash in bytes.
    public static let byteCount = 32
    /// The shortest and longest salt in bytes.
    public static let saltByteCounts = 8...64

    /// What one guess costs.
    public let cost: ScryptCost
    /// The random bytes that make equal passwords differ.
    public let salt: [UInt8]
    /// The 32 bytes that the password yields with this salt and cost.
    public let hash: [UInt8]

    init(cost: ScryptCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Reads the stored text; `malformedPasswordHash` or `unacceptableCost` if it is not one.
    public init(text: String) throws(CryptoError) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "scrypt",
            let iterations = Self.number(fields[1]), let blockSize = Self.number(fields[2]),
            let parallelism = Self.number(fields[3]),
            let salt = Base64.decode(fields[4], maximumByteCount: Self.saltByteCounts.upperBound),
            Self.saltByteCounts.contains(salt.count),
            let hash = Base64.decode(fields[5], maximumByteCount: Self.byteCount),
            hash.count == Self.byteCount
        else { throw .malformedPasswordHash }
        cost = try ScryptCost(iterations: iterations, blockSize: blockSize, parallelism: parallelism)
        self.salt = salt
        self.hash = hash
    }

    /// The text to store.
    public var text: String {
        "scrypt$\(cost.iterations)$\(cost.blockSize)$\(cost.parallelism)"
            + "$\(Base64.encode(salt))$\(Base64.encode(hash))"
    }

    private static func number(_ text: Substring) -> Int? {
        guard let number = Int(text), String(number) == text else { return nil }
        return number
    }
}
