import Glibc

/// Steps on folders and whole files that either happen or leave what was there.
package enum Disk {
    /// Makes a folder and those above it, for their owner only where they do not exist.
    package static func makeFolder(_ path: String) throws(CryptoError) {
        if try make(path) { return }
        let parent = parent(of: path)
        if parent != path { try makeFolder(parent) }
        // Where the parent is there and still none can be made in it, as below /proc, asking again would never end.
        guard try make(path) else { throw .system(call: "mkdir", path: path, code: ENOENT) }
    }

    /// Makes one folder where none is; false where the one above it is missing.
    private static func make(_ path: String) throws(CryptoError) -> Bool {
        // Another layer has a folder wherever a file lies.
        guard FileLayers.holding(path) == nil else { return true }
        if mkdir(path, 0o700) == 0 {
            try syncFolder(parent(of: path))
            return true
        }
        switch errno {
        case EEXIST: return true
        case ENOENT: return false
        case let code: throw .system(call: "mkdir", path: path, code: code)
        }
    }

    /// Returns once the names in the folder are on the disk.
    static func syncFolder(_ path: String) throws(CryptoError) {
        if let layer = FileLayers.holding(path) { return try layer.syncFolder(path) }
        try OpenFile(path, .folder).sync()
    }

    static func exists(_ path: String) -> Bool {
        if let layer = FileLayers.holding(path) { return layer.exists(path) }
        return access(path, F_OK) == 0
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws(CryptoError) -> [String] {
        if let layer = FileLayers.holding(folder) { return try layer.names(in: folder).sorted() }
        guard let stream = opendir(folder) else {
            throw .system(call: "opendir", path: folder, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The bytes of a small file, or nil if there is none; at most `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(CryptoError) -> [UInt8]? {
        guard exists(path) else { return nil }
        return try OpenFile(path, .existingToRead).read(at: 0, count: limit)
    }

    /// Puts a file in the place of whatever bears its name, on the disk when it returns if `isDurable`.
    package static func replace(
        _ path: String, with bytes: [UInt8], permissions: mode_t = 0o600, isDurable: Bool = true
    ) throws(CryptoError) {
        let temporaryPath = path + temporarySuffix
        // One left by an interrupted run might have other permissions.
        try removeIfPresent(temporaryPath)
        let file = try OpenFile(temporaryPath, .createdOrEmptied, permissions: permissions)
        try file.write(bytes, at: 0)
        if isDurable { try file.sync() }
        try move(temporaryPath, to: path)
        if isDurable { try syncFolder(parent(of: path)) }
    }

    /// Writes a file anew beside itself and puts it in its own place, so that what can be read of it is on the disk.
    ///
    /// After a failed sync a file can read otherwise than the disk has it, and no later sync tells. An interruption
    /// leaves the file that was there. Nobody may have the file open; one that is missing or empty stays so.
    ///
    /// - Parameter isShredding: overwrites what the file was written on before.
    package static func renew(_ path: String, isShredding: Bool = false) throws(CryptoError) {
        let temporaryPath = path + temporarySuffix
        try removeIfPresent(temporaryPath)
        guard exists(path) else { return }
        let old = try OpenFile(path, .existing)
        let byteCount = try old.byteCount
        guard byteCount > 0 else { return }
        let new = try OpenFile(temporaryPath, .createdOrEmptied)
        var at = 0
        while at < byteCount {
            let piece = try old.read(at: at, count: min(renewedByteCount, byteCount - at))
            guard !piece.isEmpty else { throw .system(call: "pread", path: path, code: EIO) }
            try new.write(piece, at: at)
            at += piece.count
        }
        try new.sync()
        try move(temporaryPath, to: path)
        try syncFolder(parent(of: path))
        guard isShredding else { return }
        let zeros = [UInt8](repeating: 0, count: min(renewedByteCount, byteCount))
        for at in stride(from: 0, to: byteCount, by: zeros.count) {
            try old.write(Array(zeros.prefix(byteCount - at)), at: at)
        }
        try old.sync()
    }

    /// Bytes copied at a time.
    private static let renewedByteCount = 1 << 20

    /// Renames a file; not on the disk before its folder is synced.
    private static func move(_ from: String, to path: String) throws(CryptoError) {
        if let layer = FileLayers.holding(path) { return try layer.rename(from, to: path) }
        guard rename(from, path) == 0 else { throw .system(call: "rename", path: path, code: errno) }
    }

    /// What the name of a file ends in while it is being written.
    static let temporarySuffix = ".new"

    static func removeIfPresent(_ path: String) throws(CryptoError) {
        if let layer = FileLayers.holding(path) { return try layer.removeIfPresent(path) }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .system(call: "unlink", path: path, code: errno)
        }
    }

    /// Overwrites a file with zeros, then removes it, both on the disk when it returns.
    static func shred(_ path: String) throws(CryptoError) {
        let file = try OpenFile(path, .existing)
        try file.write([UInt8](repeating: 0, count: try file.byteCount), at: 0)
        try file.sync()
        try removeIfPresent(path)
        try syncFolder(parent(of: path))
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
