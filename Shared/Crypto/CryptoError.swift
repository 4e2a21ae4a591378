/// Why a cryptographic operation, a key store or a certificate folder could not do what it was asked.
///
/// Every case is a fault in the sense of the project: the caller retries, closes or refuses to start.
/// No case carries key material or a plaintext.
public enum CryptoError: Error, Equatable, Sendable {
    /// Sealed bytes do not fit the key, the associated bytes or their own tag.
    case openFailed
    /// The key store holds no key with this id: it was destroyed, or never made.
    case unknownKey(UInt64)
    /// A key, nonce, seed, salt or signature has the wrong number of bytes.
    case invalidLength(expected: Int, found: Int)
    /// An amount of bytes or keys lies outside what is accepted.
    case limitExceeded(limit: Int, found: Int)
    /// A stored password hash does not read `scrypt$N$r$p$salt$hash`.
    case malformedPasswordHash
    /// The scrypt parameters are not a power of two or lie above the memory and time limits.
    case unacceptableCost
    /// The bytes are not a key of the expected kind.
    case invalidKey
    /// An identity or server name is not a DNS name or address that a certificate can bear.
    case invalidName(String)

    /// The file is no key store, or one of a format this version does not know.
    case notAKeyStore(path: String)
    /// Key-encryption keys exist, but the file with the keys they wrapped is gone.
    case missingKeyStore(path: String)
    /// The key store is shorter than its header says.
    case truncatedKeyStore(expectedBytes: Int, foundBytes: Int)
    /// A slot in the middle of the key store fails its checksum, or its key cannot be unwrapped.
    case corruptKeyStore(slot: Int)
    /// A slot is wrapped by a key-encryption key that is not in the folder.
    case missingKeyEncryptionKey(version: UInt32)
    /// The key-encryption key is damaged, or is another one than the slots were wrapped by.
    case wrongKeyEncryptionKey(version: UInt32)
    /// Another process, or another store in this one, has the file or folder open.
    case inUse(path: String)

    /// A call to the operating system failed; `code` is its errno.
    case system(call: String, path: String, code: Int32)
    /// A call to libcrypto failed; the text is libcrypto's reason.
    case library(String)
}
