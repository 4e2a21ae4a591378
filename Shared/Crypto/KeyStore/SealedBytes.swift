/// Bytes sealed under a data key of their own; destroying that key makes them unreadable for ever.
public struct SealedBytes: Sendable, Hashable {
    /// The data key's id in the key store.
    public let keyID: UInt64
    /// Nonce, ciphertext and tag, 28 bytes longer than the plaintext.
    public let ciphertext: [UInt8]

    /// Sealed bytes as they were stored or received.
    public init(keyID: UInt64, ciphertext: [UInt8]) {
        self.keyID = keyID
        self.ciphertext = ciphertext
    }
}
