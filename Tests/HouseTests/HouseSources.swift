import Foundation

/// One file of the project, read from where the tests were compiled.
struct SourceFile {
    /// From the project's folder on, such as `Services/Wallet/Rules/Split.swift`.
    let path: String
    let text: String

    /// What breaks a house rule, as `path:line: what`.
    func report(_ line: Int, _ what: String) -> String { "\(path):\(line): \(what)" }
}

/// The project's files on disk.
enum HouseSources {
    static let folder: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The Swift sources under these folders, in order of their paths.
    static func swift(under folders: [String]) throws -> [SourceFile] {
        try folders.flatMap { try paths(under: $0) }.filter { $0.hasSuffix(".swift") }.map(read)
    }

    /// The deterministic part of the services: what must decide the same in every replay.
    static func deterministic() throws -> [SourceFile] {
        try swift(under: ["Services"]).filter { file in
            let parts = file.path.split(separator: "/")
            return parts.count > 3 && ["Rules", "Handlers", "Store"].contains(parts[2])
        }
    }

    static func read(_ path: String) throws -> SourceFile {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(path))
        return SourceFile(path: path, text: String(decoding: data, as: UTF8.self))
    }

    /// Every file below a folder of the project, without build products and running installations.
    static func paths(under start: String) throws -> [String] {
        let root = URL(fileURLWithPath: folder).appendingPathComponent(start)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [start] }
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
            if name.hasPrefix(".build") || [".git", ".swiftpm", "data", "__pycache__"].contains(name) {
                continue
            }
            found += try paths(under: start.isEmpty ? name : "\(start)/\(name)")
        }
        return found
    }
}
