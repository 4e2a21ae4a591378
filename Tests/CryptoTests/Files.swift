import Glibc

/// Reads and changes files behind the back of the code under test.
enum Files {
    static func read(_ path: String) throws -> [UInt8] {
        guard let stream = fopen(path, "r") else { throw TemporaryFolder.Failure.noFile(path) }
        defer { fclose(stream) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
            content += buffer.prefix(count)
        }
        return content
    }

    static func write(_ content: [UInt8], to path: String) throws {
        guard let stream = fopen(path, "w") else { throw TemporaryFolder.Failure.noFile(path) }
        fwrite(content, 1, content.count, stream)
        fclose(stream)
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 else { throw TemporaryFolder.Failure.noFile(path) }
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func permissions(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

extension [UInt8] {
    func contains(run: [UInt8]) -> Bool {
        count >= run.count && indices.dropLast(run.count - 1).contains { self[$0...].starts(with: run) }
    }
}
