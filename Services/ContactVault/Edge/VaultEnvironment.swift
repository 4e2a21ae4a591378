import Crypto
import Wire

/// The vault's secrets beside its data keys, and what a guess at a password costs.
public struct VaultEnvironment: Sendable {
    /// Under this key the same person is recognised; without it nobody can try phone numbers on the hashes.
    let blindIndex: KeyedHash
    /// Under this key link tokens are derived.
    let links: KeyedHash
    /// With this key access tokens are signed.
    let tokenKey: Ed25519PrivateKey
    let scryptCost: ScryptCost

    /// Three keys of 32 bytes each; otherwise `invalidLength`.
    public init(
        blindIndexKey: [UInt8], linkTokenKey: [UInt8], tokenSigningSeed: [UInt8], scryptCost: ScryptCost
    ) throws(CryptoError) {
        blindIndex = try KeyedHash(key: blindIndexKey)
        links = try KeyedHash(key: linkTokenKey)
        tokenKey = try Ed25519PrivateKey(seed: tokenSigningSeed)
        self.scryptCost = scryptCost
    }

    /// The secrets in the service's data folder, drawn on the first start; durable when this returns.
    ///
    /// They lie in `vault.secrets`, for the owner only. Without that file nobody is recognised again, so a
    /// damaged one is a fault, never replaced.
    public static func load(
        folder: String, scryptCost: ScryptCost = .production
    ) throws(CryptoError) -> VaultEnvironment {
        try Disk.makeFolder(folder)
        let path = folder + "/vault.secrets"
        let length = KeyedHash.keyByteCount
        guard let secrets = try Disk.read(path, limit: 3 * length + 1) else {
            try Disk.replace(path, with: SecureRandom.bytes(3 * length))
            return try load(folder: folder, scryptCost: scryptCost)
        }
        guard secrets.count == 3 * length else {
            throw .invalidLength(expected: 3 * length, found: secrets.count)
        }
        return try VaultEnvironment(
            blindIndexKey: Array(secrets[..<length]), linkTokenKey: Array(secrets[length..<(2 * length)]),
            tokenSigningSeed: Array(secrets[(2 * length)...]), scryptCost: scryptCost)
    }

    /// The key by which gateways check access tokens.
    public var tokenPublicKey: Ed25519PublicKey { tokenKey.publicKey }
}
