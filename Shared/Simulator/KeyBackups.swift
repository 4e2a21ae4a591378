import Crypto
import Kernel

/// Copies of a key store's file, as an operator keeps them, and what they still open (F5).
///
/// Whoever has such a copy and the key-encryption key that wraps it can open what was erased since. A rotation
/// replaces that key, and the copies older than it must open nothing any more.
struct KeyBackups {
    private struct Copy {
        let at: Instant
        let bytes: [UInt8]
    }

    private var copies: [Copy] = []
    private static let most = 16

    /// Keeps the file as it is now, unless the disk does not give it.
    mutating func take(_ service: SimulatedService, at now: Instant) {
        guard copies.count < KeyBackups.most, service.disk.isOn,
            let bytes = service.disk.bytes(of: "\(service.folder)/store.keys")
        else { return }
        copies.append(Copy(at: now, bytes: bytes))
    }

    /// Opens each copy from before `rotation` with the key-encryption keys that are there now.
    ///
    /// - Parameter found: told of each copy's time, and whether it gives the data key with a number.
    func open(
        before rotation: Instant, _ service: SimulatedService, in folder: String,
        _ found: (Instant, (UInt64) -> Bool) -> Void
    ) throws {
        for (number, copy) in copies.enumerated() where copy.at < rotation {
            let place = "\(folder)/backup-\(number)"
            try Disk.makeFolder("\(place)/kek")
            try Disk.replace("\(place)/store.keys", with: copy.bytes)
            let present = "\(service.folder)/kek"
            for name in SimulatedDisk.names(in: present) {
                if let key = service.disk.bytes(of: "\(present)/\(name)") {
                    try Disk.replace("\(place)/kek/\(name)", with: key)
                }
            }
            let store = try? KeyStore(
                file: "\(place)/store.keys", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(place)/kek"))
            found(copy.at) { key in store.map { (try? $0.key(key)) != nil } ?? false }
        }
    }
}
