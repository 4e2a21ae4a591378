import Glibc

/// An open file or folder, closed with its last owner, that reads and writes whole ranges or throws.
package final class OpenFile: Sendable {
    /// How an `open` behaves that finds a file, or finds none.
    package enum Mode: Sendable {
        case existing, existingToRead, createdOrEmptied, createdOrKept, folder

        var flags: Int32 {
            switch self {
            case .existing: O_RDWR
            case .existingToRead: O_RDONLY
            case .createdOrEmptied: O_RDWR | O_CREAT | O_TRUNC
            case .createdOrKept: O_RDWR | O_CREAT
            case .folder: O_RDONLY | O_DIRECTORY
            }
        }
    }

    let path: String
    /// Nothing for a file of another layer.
    private let descriptor: Int32
    private let layered: (any LayeredFile)?

    /// Opens `path`; a file that is created can be read and written by its owner only, unless told otherwise.
    package init(_ path: String, _ mode: Mode, permissions: mode_t = 0o600) throws(CryptoError) {
        if let layer = FileLayers.holding(path) {
            self.path = path
            descriptor = -1
            layered = try layer.open(path, mode)
            return
        }
        let descriptor = open(path, mode.flags | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw .system(call: "open", path: path, code: errno) }
        self.path = path
        self.descriptor = descriptor
        layered = nil
    }

    deinit {
        if layered == nil { close(descriptor) }
    }

    var byteCount: Int {
        get throws(CryptoError) {
            if let layered { return try layered.byteCount() }
            var status = stat()
            try check(fstat(descriptor, &status), "fstat")
            return Int(status.st_size)
        }
    }

    /// The bytes from `offset` on, fewer than `count` only where the file ends.
    func read(at offset: Int, count: Int) throws(CryptoError) -> [UInt8] {
        if let layered { return try layered.read(at: offset, count: count) }
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled)
                )
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw .system(call: "pread", path: path, code: errno) }
            guard result > 0 else { break }
            filled += result
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    package func write(_ bytes: [UInt8], at offset: Int) throws(CryptoError) {
        if let layered { return try layered.write(bytes, at: offset) }
        var written = 0
        while written < bytes.count {
            let result = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written,
                    off_t(offset + written))
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw .system(call: "pwrite", path: path, code: errno) }
            written += result
        }
    }

    func truncate(to byteCount: Int) throws(CryptoError) {
        if let layered { return try layered.truncate(to: byteCount) }
        try check(ftruncate(descriptor, off_t(byteCount)), "ftruncate")
    }

    /// Returns once content and size are on the disk.
    func sync() throws(CryptoError) {
        if let layered { return try layered.sync() }
        try check(fsync(descriptor), "fsync")
    }

    /// Returns once the content is on the disk, without times and other facts that reading does not need.
    func syncContent() throws(CryptoError) {
        if let layered { return try layered.sync() }
        try check(fdatasync(descriptor), "fdatasync")
    }

    /// Keeps other opened files of this path from locking; the lock ends when the file is closed.
    func lock() throws(CryptoError) {
        if let layered { return try layered.lock() }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .system(call: "flock", path: path, code: errno) }
        }
    }

    /// As `lock`, but throws `inUse` where that one waits.
    func lockAtOnce() throws(CryptoError) {
        if let layered { return try layered.lock() }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw .inUse(path: path) }
            throw .system(call: "flock", path: path, code: errno)
        }
    }

    private func check(_ result: Int32, _ call: String) throws(CryptoError) {
        guard result == 0 else { throw .system(call: call, path: path, code: errno) }
    }
}
