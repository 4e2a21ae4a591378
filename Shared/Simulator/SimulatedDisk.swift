import CFaultDisk
import Crypto
import Synchronization

/// The disk of one simulated machine: all files whose paths begin with its folder, kept in memory.
///
/// Call ``install()`` once, then make a disk for each simulated service, and open its `ServiceStore` and `KeyStore`
/// with paths within ``folder``: SQLite in write-ahead mode with any number of connections works as on a real disk.
/// The disk knows for every file what is durable, that is, was synced, and what is not. Faults come at a numbered
/// operation (``plan(_:on:at:lasting:losing:)``), by chance (``rate(_:on:perMillion:losing:)``) or at once
/// (``powerOff(losing:)``, ``crash()``). What chance there is comes from the disk's seed in the order of its
/// operations: the same seed and the same operations give the same bytes.
///
/// After a loss of power or a crash everything that was open answers with errors. Let go of the old store and key
/// store, call ``start()``, and open them again as a new process would.
///
/// A disk goes with its last owner, and its files with it: hold it as long as its stores are used.
///
/// A file's new or removed name is durable once its folder was synced; folders themselves are always there.
public final class SimulatedDisk: @unchecked Sendable {
    /// The absolute path that the paths of all its files begin with.
    public let folder: String
    private let disk: OpaquePointer

    private static let isInstalled = Mutex(false)

    /// Makes SQLite and the key stores of this process use simulated disks where a path lies on one; before the
    /// first store is opened. May be called again.
    public static func install() throws {
        try isInstalled.withLock { isInstalled in
            guard !isInstalled else { return }
            guard gavel_disk_install() else { throw DiskFault.notInstalled }
            FileLayers.use(DiskFiles())
            isInstalled = true
        }
    }

    /// SQLite's own chance, such as the identity of a new store and the salts of its logs, follows from `seed` on.
    /// There is one such chance in a process.
    public static func seedSQLite(_ seed: UInt64) { gavel_disk_seed_sqlite(seed) }

    /// - Parameter folder: an absolute path that need not exist; no other disk may have it or lie within it.
    public init(folder: String, seed: UInt64) throws {
        guard let disk = gavel_disk_make(folder, seed) else { throw DiskFault.folderInUse(folder) }
        self.folder = folder
        self.disk = disk
    }

    deinit {
        gavel_disk_remove(disk)
    }

    // MARK: Power

    /// Whether files can be opened and used.
    public var isOn: Bool { gavel_disk_is_on(disk) }

    /// What was not synced is lost, or damaged as `loss` says.
    public func powerOff(losing loss: Loss = .all) { gavel_disk_power_off(disk, loss.rawValue) }

    /// The process that used the disk died: what it wrote stays, synced or not, and its locks are free.
    public func crash() { gavel_disk_crash(disk) }

    /// After a loss of power or a crash: files can be opened again.
    public func start() { gavel_disk_start(disk) }

    // MARK: Faults

    /// The `at`-th operation of these kinds from now on, counted from 1, meets the fault.
    ///
    /// - Parameters:
    ///   - lasting: how many such operations in a row meet it; nothing: all, until ``heal()``.
    ///   - loss: for ``Fault/power``.
    public func plan(
        _ fault: Fault, on operations: Operations = .all, at: Int, lasting: Int? = 1, losing loss: Loss = .all
    ) {
        _ = gavel_disk_plan(
            disk, fault.rawValue, operations.rawValue, UInt64(max(1, at)), UInt64(lasting ?? 0), loss.rawValue
        )
    }

    /// Each operation of these kinds meets the fault by chance, `perMillion` times in a million.
    public func rate(
        _ fault: Fault, on operations: Operations = .all, perMillion: Int, losing loss: Loss = .all
    ) {
        gavel_disk_rate(
            disk, fault.rawValue, operations.rawValue, UInt32(clamping: perMillion), loss.rawValue)
    }

    /// Ends plans and rates: a full disk has room again.
    public func heal() { gavel_disk_heal(disk) }

    /// Flips a bit of a file, durably; which one, chance decides. False if the file is not there or empty.
    @discardableResult
    public func flipBit(in file: String) -> Bool {
        let count = bytes(of: file)?.count ?? 0
        guard count > 0 else { return false }
        let drawn = chance()
        return flipBit(in: file, byte: Int(drawn % UInt64(count)), bit: Int(drawn >> 32 & 7))
    }

    /// Flips one bit of a file, durably. False if there is no such byte.
    @discardableResult
    public func flipBit(in file: String, byte: Int, bit: Int) -> Bool {
        gavel_disk_flip(file, UInt64(byte), UInt32(bit & 7))
    }

    // MARK: Counts

    /// How many operations of these kinds were asked for since the disk was made.
    public func operations(_ kinds: Operations = .all) -> Int {
        Int(gavel_disk_operations(disk, kinds.rawValue))
    }

    /// How many operations met the fault, and how often the power went or the process died.
    public func met(_ fault: Fault) -> Int { Int(gavel_disk_met(disk, fault.rawValue)) }

    /// Draws from the disk's chance.
    public func chance() -> UInt64 { gavel_disk_chance(disk) }

    // MARK: Files

    /// What a file holds, as a reader sees it. Counts as operations, and meets planned faults.
    public func bytes(of path: String) -> [UInt8]? {
        var code: Int32 = 0
        guard let file = gavel_disk_file_open(path, false, false, &code) else { return nil }
        defer { gavel_disk_file_close(file) }
        let count = Int(gavel_disk_file_size(file, &code))
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { gavel_disk_file_read(file, $0.baseAddress, count, 0, &code) }
        return code == 0 && got == count ? bytes : nil
    }

    /// The names of the files in a folder, sorted.
    public static func names(in folder: String) -> [String] {
        var names = [UInt8](repeating: 0, count: gavel_disk_names(folder, nil, 0))
        let count = names.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                gavel_disk_names(folder, $0.baseAddress, $0.count)
            }
        }
        guard count == names.count else { return [] }
        return names.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.sorted()
    }
}

/// A simulated disk could not be made.
public enum DiskFault: Error, Sendable {
    /// SQLite would not take the file system.
    case notInstalled
    /// There is a disk for this folder.
    case folderInUse(String)
}
