internal import COpenSSL

/// Checks signatures made by the matching `Ed25519PrivateKey`.
public struct Ed25519PublicKey: Sendable, Hashable {
    /// The length of the key in bytes.
    public static let byteCount = 32
    /// The length of a signature in bytes.
    public static let signatureByteCount = 64

    /// The 32 bytes of the key, which may be published.
    public let rawBytes: [UInt8]

    private let key: KeyPair

    /// A key from its 32 bytes; `invalidLength` for any other length.
    ///
    /// Bytes that are no point on the curve make a key under which no signature is valid.
    public init(rawBytes: [UInt8]) throws(CryptoError) {
        guard rawBytes.count == Self.byteCount else {
            throw .invalidLength(expected: Self.byteCount, found: rawBytes.count)
        }
        let pointer = try expectObject(
            EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, rawBytes, rawBytes.count),
            "EVP_PKEY_new_raw_public_key")
        key = KeyPair(taking: pointer)
        self.rawBytes = rawBytes
    }

    /// Whether the private key's holder signed exactly `message`; false for anything that is no signature.
    public func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == Self.signatureByteCount, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    public static func == (first: Self, second: Self) -> Bool {
        first.rawBytes == second.rawBytes
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(rawBytes)
    }
}
