import Glibc

/// A file of a process's own bookkeeping could not be read or written.
public struct FileFault: Error, CustomStringConvertible, Sendable {
    public let path: String
    public let code: Int32
    public var description: String { "\(path): \(String(cString: strerror(code)))" }
}

/// The bytes of a small file.
public func readBytes(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count >= 0 else { throw FileFault(path: path, code: errno) }
        if count == 0 { return bytes }
        bytes.append(contentsOf: chunk[0..<count])
    }
}

/// The text of a small file.
public func readText(_ path: String) throws -> String {
    String(decoding: try readBytes(path), as: UTF8.self)
}

/// Replaces a small file by `bytes`, whole or not at all, durably; readable by its owner alone.
public func writeBytes(_ bytes: [UInt8], to path: String) throws {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFault(path: temporary, code: errno) }
    var done = 0
    while done < bytes.count {
        let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else {
            let code = errno
            close(descriptor)
            throw FileFault(path: temporary, code: code)
        }
        done += count
    }
    let synced = fsync(descriptor)
    close(descriptor)
    guard synced == 0, rename(temporary, path) == 0 else { throw FileFault(path: path, code: errno) }
}

/// Replaces a small file by `text`.
public func writeText(_ text: String, to path: String) throws {
    try writeBytes(Array(text.utf8), to: path)
}

/// Makes a folder, and those above it; readable by its owner alone.
public func makeFolder(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
        partial += "/" + part
        if mkdir(partial, 0o700) != 0, errno != EEXIST { throw FileFault(path: partial, code: errno) }
    }
}

/// A secret of a service: made at the first start, read afterwards.
public func loadSecret(_ path: String, count: Int, make: (Int) -> [UInt8]) throws -> [UInt8] {
    if let known = try? readBytes(path) {
        guard known.count == count else { throw FileFault(path: path, code: EINVAL) }
        return known
    }
    let made = make(count)
    try writeBytes(made, to: path)
    return made
}
