import Foundation
import Messages
import Testing
import Wire

/// The folder of golden bytes, and the top of the repository.
enum Repository {
    static let top = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL

    static func text(_ path: String) throws -> String {
        try String(contentsOf: top.appending(path: path), encoding: .utf8)
    }
}

@Suite("Golden bytes")
struct VectorTests {
    static func vectors<M: Message>(of _: M.Type) throws -> [ProtocolVectors.Vector] {
        try #require(
            ProtocolVectors.vectors(in: Repository.text("Tests/Vectors/\(M.title).hex")), "\(M.title)")
    }

    @Test("the files on disk are those that this build writes, and no others")
    func fresh() throws {
        let folder = Repository.top.appending(path: "Tests/Vectors")
        let files = ProtocolVectors.files { try? Repository.text("Tests/Vectors/\($0)") }
        for file in files {
            #expect(
                try Repository.text("Tests/Vectors/\(file.name)") == file.content,
                "\(file.name) is stale: gavel protocol --vectors Tests/Vectors")
        }
        let onDisk = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        #expect(Set(onDisk) == Set(files.map(\.name)))
    }

    @Test("are read, and written again to the same bytes")
    func rewritten() throws {
        func check<M: Message>(_: M.Type) throws {
            for vector in try Self.vectors(of: M.self) {
                let value = try M(decoding: vector.bytes, version: vector.version)
                #expect(value.encoded(version: vector.version) == vector.bytes, "\(M.title)")
                #expect(value.json(.plain).text == vector.json, "\(M.title)")
            }
        }
        for message in Catalogue.all { try check(message) }
    }

    @Test("every prefix is refused with a typed error")
    func prefixes() throws {
        func check<M: Message>(_: M.Type) throws {
            for vector in try Self.vectors(of: M.self) {
                for end in 0..<vector.bytes.count {
                    #expect(throws: WireError.self, "\(M.title) cut at \(end)") {
                        try M(decoding: Array(vector.bytes[..<end]), version: vector.version)
                    }
                }
            }
        }
        for message in Catalogue.all { try check(message) }
    }

    @Test("trailing bytes are refused", arguments: [1, 2, 100])
    func trailing(count: Int) throws {
        func check<M: Message>(_: M.Type) throws {
            for vector in try Self.vectors(of: M.self) {
                #expect(throws: WireError.trailingBytes(count), "\(M.title)") {
                    try M(
                        decoding: vector.bytes + [UInt8](repeating: 0, count: count), version: vector.version)
                }
            }
        }
        for message in Catalogue.all { try check(message) }
    }

    @Test(
        "one value has one encoding: a changed byte is refused or is another value",
        arguments: [1, 0x80, 0xff])
    func changedBytes(change: UInt8) throws {
        func check<M: Message>(_: M.Type) throws {
            for vector in try Self.vectors(of: M.self) {
                for place in vector.bytes.indices {
                    var bytes = vector.bytes
                    bytes[place] ^= change
                    guard let value = try? M(decoding: bytes, version: vector.version) else { continue }
                    #expect(value.encoded(version: vector.version) == bytes, "\(M.title) at \(place)")
                }
            }
        }
        for message in Catalogue.all { try check(message) }
    }

    @Test("frames are read, and written again to the same bytes")
    func frames() throws {
        let vectors = try #require(ProtocolVectors.vectors(in: Repository.text("Tests/Vectors/Frame.hex")))
        for vector in vectors {
            var again: [UInt8] = []
            try Array(vector.bytes.dropFirst(FrameLimits.prefix)).withUnsafeBytes { raw in
                var reader = Reader(raw)
                let header = try FrameHeader(&reader)
                header.appendFrame(body: try reader.bytes(reader.remaining), to: &again)
            }
            #expect(again == vector.bytes)
        }
    }
}
