/// SHA-256 (FIPS 180-4) in one call.
public enum SHA256 {
    /// The length of a hash in bytes.
    public static let byteCount = 32

    /// The 32 bytes of the hash of `bytes`.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        let hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finish()
    }
}
