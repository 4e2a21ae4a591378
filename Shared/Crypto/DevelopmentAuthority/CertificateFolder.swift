/// A locked folder of development certificates with the authority that signs them.
///
/// Files are replaced by renaming, not synced: one that a power cut spoiled does not fit and is made anew.
struct CertificateFolder {
    private let path: String
    private let lock: OpenFile
    private let authority: (Certificate, key: KeyPair)

    private static let authorityName = "authority"
    /// Far above the size of any key or certificate made here, about 1 KiB.
    private static let largestFileByteCount = 65_536

    /// Opens the folder, waits for other processes to leave it, and makes an authority if there is none.
    init(_ path: String) throws(CryptoError) {
        try Disk.makeFolder(path)
        lock = try OpenFile("\(path)/lock", .createdOrKept)
        try lock.lock()
        self.path = path
        authority = try Self.provideAuthority(path)
    }

    var authorityPath: String {
        Self.files(Self.authorityName, in: path).certificate
    }

    /// The files of a certificate that fits the profile, made if they are not there.
    func provide(
        _ name: String, commonName: String, _ profile: CertificateProfile
    ) throws(CryptoError) -> TLSFiles.Identity {
        let files = Self.files(name, in: path)
        if let (certificate, key) = try Self.read(files),
            certificate.fits(profile, key: key, authorityKey: authority.key)
        {
            return files
        }
        let key = try KeyPair.generateP256()
        let certificate = try Certificate(
            commonName: commonName, key: key, profile: profile, issuer: authority)
        try Self.write(certificate, key, to: files)
        return files
    }

    private static func provideAuthority(_ path: String) throws(CryptoError) -> (Certificate, key: KeyPair) {
        let files = files(authorityName, in: path)
        if let (certificate, key) = try read(files),
            certificate.fits(.authority, key: key, authorityKey: key)
        {
            return (certificate, key)
        }
        let key = try KeyPair.generateP256()
        let certificate = try Certificate(
            commonName: "Gavel development authority", key: key, profile: .authority, issuer: nil)
        try write(certificate, key, to: files)
        return (certificate, key)
    }

    private static func files(_ name: String, in path: String) -> TLSFiles.Identity {
        TLSFiles.Identity(certificate: "\(path)/\(name).pem", privateKey: "\(path)/\(name).key")
    }

    private static func read(_ files: TLSFiles.Identity) throws(CryptoError) -> (Certificate, KeyPair)? {
        guard let certificateText = try Disk.read(files.certificate, limit: largestFileByteCount),
            let keyText = try Disk.read(files.privateKey, limit: largestFileByteCount),
            let certificate = Certificate(pem: certificateText), let key = KeyPair(pem: keyText)
        else { return nil }
        return (certificate, key)
    }

    /// The certificate comes last: without it the key is made anew.
    private static func write(
        _ certificate: Certificate, _ key: KeyPair, to files: TLSFiles.Identity
    ) throws(CryptoError) {
        try Disk.replace(files.privateKey, with: try key.pem(), isDurable: false)
        try Disk.replace(files.certificate, with: try certificate.pem(), permissions: 0o644, isDurable: false)
    }
}
