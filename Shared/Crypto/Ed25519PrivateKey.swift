internal import COpenSSL

/// Signs tokens and receipts that anyone with the public key can check: Ed25519 (RFC 8032).
public struct Ed25519PrivateKey: Sendable {
    /// The length of the seed, which is the private key, in bytes.
    public static let seedByteCount = 32

    /// The 32 bytes from which the key was made; whoever has them can sign.
    public let seed: [UInt8]
    /// The key by which the signatures are checked.
    public let publicKey: Ed25519PublicKey

    private let key: KeyPair

    /// The key of a 32-byte seed, the same each time; `invalidLength` for any other length.
    public init(seed: [UInt8]) throws(CryptoError) {
        guard seed.count == Self.seedByteCount else {
            throw .invalidLength(expected: Self.seedByteCount, found: seed.count)
        }
        let pointer = try expectObject(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count),
            "EVP_PKEY_new_raw_private_key")
        key = KeyPair(taking: pointer)
        var publicBytes = [UInt8](repeating: 0, count: Ed25519PublicKey.byteCount)
        var length = publicBytes.count
        try expectSuccess(
            EVP_PKEY_get_raw_public_key(pointer, &publicBytes, &length), "EVP_PKEY_get_raw_public_key")
        publicKey = try Ed25519PublicKey(rawBytes: publicBytes)
        self.seed = seed
    }

    /// A new key from a random seed.
    public static func generate() throws(CryptoError) -> Ed25519PrivateKey {
        try Ed25519PrivateKey(seed: SecureRandom.bytes(seedByteCount))
    }

    /// The 64 bytes of the signature of `message`, the same each time.
    public func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = try expectObject(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { EVP_MD_CTX_free(context) }
        try expectSuccess(EVP_DigestSignInit(context, nil, nil, nil, key.pointer), "EVP_DigestSignInit")
        var signature = [UInt8](repeating: 0, count: Ed25519PublicKey.signatureByteCount)
        var length = signature.count
        try expectSuccess(
            EVP_DigestSign(context, &signature, &length, message, message.count), "EVP_DigestSign")
        return signature
    }
}
