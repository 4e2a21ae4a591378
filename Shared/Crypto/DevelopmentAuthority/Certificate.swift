import Glibc

internal import COpenSSL

/// An X.509 certificate in libcrypto's hands.
final class Certificate {
    private let pointer: OpaquePointer

    /// A certificate for `key`, signed by `issuer`, or by itself if there is none.
    init(
        commonName: String, key: KeyPair, profile: CertificateProfile, issuer: (Certificate, key: KeyPair)?
    ) throws(CryptoError) {
        pointer = try expectObject(X509_new(), "X509_new")
        let issuerPointer = issuer?.0.pointer ?? pointer
        try expectSuccess(X509_set_version(pointer, 2), "X509_set_version")
        try expectSuccess(
            ASN1_INTEGER_set_uint64(X509_get_serialNumber(pointer), SecureRandom.uint64() >> 1 | 1),
            "ASN1_INTEGER_set_uint64")
        try setValidity(days: profile.validDays)
        try setSubject(commonName)
        try expectSuccess(
            X509_set_issuer_name(pointer, X509_get_subject_name(issuerPointer)), "X509_set_issuer_name")
        try expectSuccess(X509_set_pubkey(pointer, key.pointer), "X509_set_pubkey")
        for (name, value) in profile.extensions {
            try addExtension(name, value, issuer: issuerPointer)
        }
        guard X509_sign(pointer, issuer?.key.pointer ?? key.pointer, Algorithms.sha256) > 0 else {
            throw .lastLibraryError("X509_sign")
        }
    }

    /// Nil unless the text contains a certificate.
    init?(pem: [UInt8]) {
        guard let pointer = PEM.read(pem, { PEM_read_bio_X509($0, nil, nil, nil) }) else { return nil }
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }

    func pem() throws(CryptoError) -> [UInt8] {
        try PEM.write { PEM_write_bio_X509($0, pointer) }
    }

    /// Whether it still serves: it belongs to `key`, `authorityKey` signed it, its time has not come to an
    /// end and it speaks for every name of the profile.
    func fits(_ profile: CertificateProfile, key: KeyPair, authorityKey: KeyPair) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(pointer, key.pointer) == 1
            && X509_verify(pointer, authorityKey.pointer) == 1
            && X509_cmp_current_time(X509_get0_notAfter(pointer)) > 0
            && profile.names.allSatisfy(speaks(for:))
    }

    private func speaks(for name: SubjectName) -> Bool {
        switch name {
        case .host(let host): X509_check_host(pointer, host, host.utf8.count, 0, nil) == 1
        case .address(let address): X509_check_ip_asc(pointer, address, 0) == 1
        }
    }

    private func setValidity(days: Int) throws(CryptoError) {
        let firstDay = -CertificateProfile.backdatedDays
        guard X509_time_adj_ex(X509_getm_notBefore(pointer), Int32(firstDay), 0, nil) != nil,
            X509_time_adj_ex(X509_getm_notAfter(pointer), Int32(firstDay + days), 0, nil) != nil
        else { throw .lastLibraryError("X509_time_adj_ex") }
    }

    private func setSubject(_ commonName: String) throws(CryptoError) {
        let name = X509_get_subject_name(pointer)
        let text = Array(commonName.utf8)
        try expectSuccess(
            X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, Int32(text.count), -1, 0),
            "X509_NAME_add_entry_by_txt")
    }

    private func addExtension(_ name: String, _ value: String, issuer: OpaquePointer) throws(CryptoError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, pointer, nil, nil, 0)
        let made = try expectObject(X509V3_EXT_conf(nil, &context, name, value), "X509V3_EXT_conf")
        defer { X509_EXTENSION_free(made) }
        try expectSuccess(X509_add_ext(pointer, made, -1), "X509_add_ext")
    }
}
