/// The folder with the key-encryption keys of one key store: `001.key`, `002.key`, … with mode 0600.
///
/// The highest version is the current one. A folder belongs to one store, since rotating that store destroys
/// the older versions. Whoever destroys the folder destroys every backup of the store.
public struct KeyEncryptionKeys: Sendable, Equatable {
    /// The folder's path; it is made when a store is opened with it.
    public let folder: String

    /// The keys in `folder`, which no other store uses.
    public init(folder: String) {
        self.folder = folder
    }

    private static let suffix = ".key"

    /// The versions whose files are there, lowest first; removes what an interrupted `add` left.
    func versions() throws(CryptoError) -> [UInt32] {
        var versions: [UInt32] = []
        for name in try Disk.names(in: folder) {
            if name.hasSuffix(Disk.temporarySuffix) {
                try Disk.removeIfPresent("\(folder)/\(name)")
            } else if let version = UInt32(name.dropLast(Self.suffix.count)), name == Self.name(version) {
                versions.append(version)
            }
        }
        return versions.sorted()
    }

    /// The key of a version; nil if its file is damaged or gone.
    func read(version: UInt32) throws(CryptoError) -> KeyEncryptionKey? {
        // One byte more than a sound file has, so that a longer one is noticed.
        let bytes = try Disk.read(path(version), limit: KeyEncryptionKey.fileByteCount + 1)
        return bytes.flatMap { KeyEncryptionKey(version: version, file: $0) }
    }

    /// Makes the key of a new version, on the disk when it returns.
    func add(version: UInt32, _ random: (Int) -> [UInt8]) throws(CryptoError) -> KeyEncryptionKey {
        let key = KeyEncryptionKey.generate(version: version, random)
        try Disk.replace(path(version), with: key.file)
        return key
    }

    /// Overwrites and removes the key of a version.
    func destroy(version: UInt32) throws(CryptoError) {
        try Disk.shred(path(version))
    }

    private func path(_ version: UInt32) -> String {
        "\(folder)/\(Self.name(version))"
    }

    private static func name(_ version: UInt32) -> String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + suffix
    }
}
