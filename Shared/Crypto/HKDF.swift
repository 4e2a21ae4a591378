internal import COpenSSL

/// Derives keys for separate purposes from one secret: HKDF-SHA256 (RFC 5869).
public enum HKDF {
    /// The most bytes one derivation yields: 255 blocks of 32.
    public static let maximumByteCount = 255 * SHA256.byteCount

    /// `length` bytes (1...8160) bound to `info`, which names the purpose; `salt` may be empty, `secret` not.
    public static func derive(
        secret: [UInt8], salt: [UInt8], info: [UInt8], length: Int
    ) throws(CryptoError) -> [UInt8] {
        guard (1...maximumByteCount).contains(length) else {
            throw .limitExceeded(limit: maximumByteCount, found: length)
        }
        guard !secret.isEmpty else { throw .invalidLength(expected: SHA256.byteCount, found: 0) }
        let context = try expectObject(EVP_KDF_CTX_new(Algorithms.hkdf), "EVP_KDF_CTX_new")
        defer { EVP_KDF_CTX_free(context) }

        let parameters = ParameterList()
        parameters.append("digest", text: "SHA256")
        parameters.append("key", octets: secret)
        if !salt.isEmpty { parameters.append("salt", octets: salt) }
        if !info.isEmpty { parameters.append("info", octets: info) }

        var output = [UInt8](repeating: 0, count: length)
        let result = parameters.withParameters { EVP_KDF_derive(context, &output, length, $0) }
        try expectSuccess(result, "EVP_KDF_derive")
        return output
    }
}
