import Crypto
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
    try named { () throws(CryptoError) in try Disk.replace(path, with: bytes) }
}

/// Replaces a small file by `text`.
public func writeText(_ text: String, to path: String) throws {
    try writeBytes(Array(text.utf8), to: path)
}

/// Makes a folder, and those above it, durably; readable by its owner alone.
public func makeFolder(_ path: String) throws {
    try named { () throws(CryptoError) in try Disk.makeFolder(path) }
}

/// A secret of a service: made at the first start, read afterwards.
///
/// One that is there and cannot be read is a fault: a new one in its place would make a stranger of everything
/// that was hashed under the old one.
public func loadSecret(_ path: String, count: Int, make: (Int) -> [UInt8]) throws -> [UInt8] {
    let known = try named { () throws(CryptoError) in try Disk.read(path, limit: count + 1) }
    if let known {
        guard known.count == count else { throw FileFault(path: path, code: EINVAL) }
        return known
    }
    let made = make(count)
    try writeBytes(made, to: path)
    return made
}

/// Gives a failed call the name under which this module's callers know it.
private func named<R>(_ body: () throws(CryptoError) -> R) throws -> R {
    do {
        return try body()
    } catch .system(_, let path, let code) {
        throw FileFault(path: path, code: code)
    }
}
