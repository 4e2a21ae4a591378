internal import COpenSSL

/// The libcrypto algorithms in use, each looked up once: a look-up costs more than hashing a short row.
///
/// The objects are immutable and counted atomically by libcrypto, so all threads may share them.
enum Algorithms {
    nonisolated(unsafe) static let sha256 = required(EVP_MD_fetch(nil, "SHA256", nil), "SHA256")
    nonisolated(unsafe) static let hmac = required(EVP_MAC_fetch(nil, "HMAC", nil), "HMAC")
    nonisolated(unsafe) static let hkdf = required(EVP_KDF_fetch(nil, "HKDF", nil), "HKDF")
    nonisolated(unsafe) static let aes256GCM = required(
        EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")

    /// A libcrypto without these is a broken installation, on which nothing can run.
    private static func required(_ algorithm: OpaquePointer?, _ name: StaticString) -> OpaquePointer {
        guard let algorithm else { preconditionFailure("libcrypto offers no \(name)") }
        return algorithm
    }

    /// Traps unless a digest step succeeded; only exhausted memory makes one fail.
    static func require(_ result: Int32) {
        precondition(result == 1, "libcrypto failed in a digest")
    }
}
