import CFaultDisk
import Crypto
import Glibc

/// The simulated disks as key stores and other small files see them.
struct DiskFiles: FileLayer {
    func holds(_ path: String) -> Bool { gavel_disk_holds(path) }

    func open(_ path: String, _ mode: OpenFile.Mode) throws(CryptoError) -> any LayeredFile {
        let isMade = mode == .createdOrEmptied || mode == .createdOrKept || mode == .folder
        var code: Int32 = 0
        guard let file = gavel_disk_file_open(path, isMade, mode == .createdOrEmptied, &code) else {
            throw .system(call: "open", path: path, code: code)
        }
        return DiskFile(path: path, file: file)
    }

    func exists(_ path: String) -> Bool { gavel_disk_exists(path) }

    func names(in folder: String) throws(CryptoError) -> [String] { SimulatedDisk.names(in: folder) }

    func rename(_ path: String, to new: String) throws(CryptoError) {
        try DiskFile.check(gavel_disk_rename(path, new), "rename", new)
    }

    func removeIfPresent(_ path: String) throws(CryptoError) {
        let code = gavel_disk_delete(path)
        if code != ENOENT { try DiskFile.check(code, "unlink", path) }
    }

    func syncFolder(_ path: String) throws(CryptoError) {
        try DiskFile.check(gavel_disk_sync_folder(path), "fsync", path)
    }
}

/// An open file on a simulated disk, closed with its last owner.
private final class DiskFile: LayeredFile, @unchecked Sendable {
    private let path: String
    private let file: OpaquePointer

    init(path: String, file: OpaquePointer) {
        self.path = path
        self.file = file
    }

    deinit {
        gavel_disk_file_close(file)
    }

    func byteCount() throws(CryptoError) -> Int {
        var code: Int32 = 0
        let count = gavel_disk_file_size(file, &code)
        try Self.check(code, "fstat", path)
        return Int(count)
    }

    func read(at offset: Int, count: Int) throws(CryptoError) -> [UInt8] {
        var code: Int32 = 0
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes {
            gavel_disk_file_read(file, $0.baseAddress, count, UInt64(offset), &code)
        }
        try Self.check(code, "pread", path)
        bytes.removeLast(count - Int(got))
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(CryptoError) {
        let code = bytes.withUnsafeBytes {
            gavel_disk_file_write(file, $0.baseAddress, $0.count, UInt64(offset))
        }
        try Self.check(code, "pwrite", path)
    }

    func truncate(to byteCount: Int) throws(CryptoError) {
        try Self.check(gavel_disk_file_truncate(file, UInt64(byteCount)), "ftruncate", path)
    }

    func sync() throws(CryptoError) { try Self.check(gavel_disk_file_sync(file), "fsync", path) }

    func lock() throws(CryptoError) {
        let code = gavel_disk_file_lock(file)
        if code == EWOULDBLOCK { throw .inUse(path: path) }
        try Self.check(code, "flock", path)
    }

    static func check(_ code: Int32, _ call: String, _ path: String) throws(CryptoError) {
        guard code == 0 else { throw .system(call: call, path: path, code: code) }
    }
}
