internal import COpenSSL

/// Turns a password into something from which it can only be guessed, at a price per guess (RFC 7914).
public enum Scrypt {
    /// The longest password accepted in bytes, so that nobody makes the service hash megabytes.
    public static let maximumPasswordByteCount = 1024

    /// The hash to store for `password`; `salt` is 8...64 random bytes, fresh for each password.
    public static func hash(
        _ password: [UInt8], salt: [UInt8], cost: ScryptCost
    ) throws(CryptoError) -> PasswordHash {
        guard PasswordHash.saltByteCounts.contains(salt.count) else {
            throw .invalidLength(expected: 16, found: salt.count)
        }
        let hash = try derive(password, salt: salt, cost: cost, length: PasswordHash.byteCount)
        return PasswordHash(cost: cost, salt: salt, hash: hash)
    }

    /// Whether `password` is the one `encoded` was made from; compares in constant time.
    public static func verify(_ password: [UInt8], against encoded: String) throws(CryptoError) -> Bool {
        let stored = try PasswordHash(text: encoded)
        let found = try derive(password, salt: stored.salt, cost: stored.cost, length: PasswordHash.byteCount)
        return constantTimeEqual(found, stored.hash)
    }

    /// `length` bytes (1...1024) derived from a password.
    public static func derive(
        _ password: [UInt8], salt: [UInt8], cost: ScryptCost, length: Int
    ) throws(CryptoError) -> [UInt8] {
        guard password.count <= maximumPasswordByteCount else {
            throw .limitExceeded(limit: maximumPasswordByteCount, found: password.count)
        }
        guard (1...1024).contains(length) else { throw .limitExceeded(limit: 1024, found: length) }
        var output = [UInt8](repeating: 0, count: length)
        let result = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.assumingMemoryBound(to: CChar.self).baseAddress, password.count, salt, salt.count,
                UInt64(cost.iterations), UInt64(cost.blockSize), UInt64(cost.parallelism),
                cost.memoryByteLimit, &output, length)
        }
        try expectSuccess(result, "EVP_PBE_scrypt")
        return output
    }
}
