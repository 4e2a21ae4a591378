internal import COpenSSL

/// Keys and certificates as text between `-----BEGIN` and `-----END` lines.
enum PEM {
    /// What `body` wrote into a buffer in memory; it returns 1 for success.
    static func write(_ body: (OpaquePointer) -> Int32) throws(CryptoError) -> [UInt8] {
        let buffer = try expectObject(BIO_new(BIO_s_mem()), "BIO_new")
        defer { BIO_free(buffer) }
        try expectSuccess(body(buffer), "PEM_write_bio")
        var text = [UInt8](repeating: 0, count: BIO_ctrl_pending(buffer))
        let length = BIO_read(buffer, &text, Int32(text.count))
        guard length == text.count else { throw .lastLibraryError("BIO_read") }
        return text
    }

    /// What `body` found in the text; nil if nothing.
    static func read<Object>(_ text: [UInt8], _ body: (OpaquePointer) -> Object?) -> Object? {
        text.withUnsafeBytes { bytes in
            guard let buffer = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer {
                BIO_free(buffer)
                ERR_clear_error()
            }
            return body(buffer)
        }
    }
}

extension KeyPair {
    /// A new key on the curve P-256, which every TLS 1.3 implementation knows.
    static func generateP256() throws(CryptoError) -> KeyPair {
        let context = try expectObject(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil), "EVP_PKEY_CTX_new_id")
        defer { EVP_PKEY_CTX_free(context) }
        try expectSuccess(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        try expectSuccess(
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1),
            "EVP_PKEY_CTX_set_ec_paramgen_curve_nid")
        var pointer: OpaquePointer?
        try expectSuccess(EVP_PKEY_keygen(context, &pointer), "EVP_PKEY_keygen")
        return KeyPair(taking: try expectObject(pointer, "EVP_PKEY_keygen"))
    }

    /// Nil unless the text contains an unencrypted private key.
    convenience init?(pem: [UInt8]) {
        // Without a callback libcrypto would ask for a password at the terminal.
        let pointer = PEM.read(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
        guard let pointer else { return nil }
        self.init(taking: pointer)
    }

    func pem() throws(CryptoError) -> [UInt8] {
        try PEM.write { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
    }
}
