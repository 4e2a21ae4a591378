internal import COpenSSL

/// Seals bytes so that they can be neither read nor changed without the key: AES-256-GCM (NIST SP 800-38D).
///
/// The sealed form is nonce (12 bytes), ciphertext (as long as the plaintext), tag (16 bytes).
public enum AESGCM {
    /// The length of a key in bytes.
    public static let keyByteCount = 32
    /// The length of a nonce in bytes.
    public static let nonceByteCount = 12
    /// The length of the authentication tag in bytes.
    public static let tagByteCount = 16
    /// How many bytes sealing adds to a plaintext.
    public static let overheadByteCount = nonceByteCount + tagByteCount
    /// The longest plaintext and the longest associated bytes accepted: 1 GiB.
    public static let maximumByteCount = 1 << 30

    /// The sealed form of `plaintext`, bound to `associated`, which is not contained in it.
    ///
    /// A nonce must never be used twice under one key; draw it with `SecureRandom`.
    public static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        try check(key: key, nonce: nonce)
        try checkLimit(plaintext.count)
        try checkLimit(associated.count)
        let context = try makeContext()
        defer { EVP_CIPHER_CTX_free(context) }

        var sealed = nonce
        sealed.reserveCapacity(plaintext.count + overheadByteCount)
        sealed.append(contentsOf: repeatElement(0, count: plaintext.count + tagByteCount))
        let isSealed = sealed.withUnsafeMutableBufferPointer { output in
            let text = output.baseAddress.map { $0 + nonceByteCount }
            let tag = text.map { $0 + plaintext.count }
            var written: Int32 = 0
            return EVP_EncryptInit_ex2(context, Algorithms.aes256GCM, key, nonce, nil) == 1
                && update(context, text: nil, from: associated[...])
                && update(context, text: text, from: plaintext[...])
                && EVP_EncryptFinal_ex(context, tag, &written) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), tag) == 1
        }
        guard isSealed else { throw .lastLibraryError("AES-256-GCM") }
        return sealed
    }

    /// The plaintext of what `seal` returned; `openFailed` unless key, associated bytes and tag all fit.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], associated: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard key.count == keyByteCount else {
            throw .invalidLength(expected: keyByteCount, found: key.count)
        }
        guard sealed.count >= overheadByteCount else { throw .openFailed }
        try checkLimit(sealed.count - overheadByteCount)
        try checkLimit(associated.count)
        let context = try makeContext()
        defer { EVP_CIPHER_CTX_free(context) }

        let ciphertext = sealed[nonceByteCount..<sealed.count - tagByteCount]
        var tag = Array(sealed.suffix(tagByteCount))
        var plaintext = [UInt8](repeating: 0, count: ciphertext.count)
        let isOpened = plaintext.withUnsafeMutableBufferPointer { output in
            var written: Int32 = 0
            return EVP_DecryptInit_ex2(context, Algorithms.aes256GCM, key, sealed, nil) == 1
                && update(context, text: nil, from: associated[...])
                && update(context, text: output.baseAddress, from: ciphertext)
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag) == 1
                && EVP_DecryptFinal_ex(context, &tag, &written) == 1
        }
        guard isOpened else {
            ERR_clear_error()
            plaintext.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
            throw .openFailed
        }
        return plaintext
    }

    /// Runs bytes through the cipher; those without a place for the resulting text are only authenticated.
    private static func update(
        _ context: OpaquePointer, text: UnsafeMutablePointer<UInt8>?, from bytes: ArraySlice<UInt8>
    ) -> Bool {
        guard !bytes.isEmpty else { return true }
        var written: Int32 = 0
        return bytes.withUnsafeBufferPointer { bytes in
            EVP_CipherUpdate(context, text, &written, bytes.baseAddress, Int32(bytes.count)) == 1
        }
    }

    private static func makeContext() throws(CryptoError) -> OpaquePointer {
        try expectObject(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
    }

    private static func check(key: [UInt8], nonce: [UInt8]) throws(CryptoError) {
        guard key.count == keyByteCount else {
            throw .invalidLength(expected: keyByteCount, found: key.count)
        }
        guard nonce.count == nonceByteCount else {
            throw .invalidLength(expected: nonceByteCount, found: nonce.count)
        }
    }

    private static func checkLimit(_ byteCount: Int) throws(CryptoError) {
        guard byteCount <= maximumByteCount else {
            throw .limitExceeded(limit: maximumByteCount, found: byteCount)
        }
    }
}
