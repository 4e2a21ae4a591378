/// HMAC-SHA256 (RFC 2104) under a key of any length, as web hook signatures need it.
///
/// For many messages under one key use `KeyedHash` or `KeyedHasher`, which prepare the key once.
public enum HMAC {
    /// The 32 bytes of the authentication code of `bytes`.
    public static func authenticate(_ bytes: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        let state = try HMACState(key: key)
        return bytes.withUnsafeBytes { state.authenticate($0) }
    }
}
