import Wire

/// Golden bytes of every message and of frames, for this implementation and for others to be checked against.
///
/// A file opens with the message's name and code; then, two lines each, come a version with the value as JSON,
/// and the bytes. The values are random but always the same: the seed is the message's name.
public enum ProtocolVectors {
    /// A file's name and content.
    public struct File: Sendable, Equatable {
        public let name: String
        public let content: String
    }

    /// A value and its bytes in one version of the protocol.
    public struct Vector: Sendable, Equatable {
        public let version: UInt8
        public let json: String
        public let bytes: [UInt8]
    }

    /// All files. Vectors of older versions are kept from `existing`, which gives a file's content: bytes once
    /// released stay readable.
    public static func files(existing: (_ name: String) -> String?) -> [File] {
        let messages = Catalogue.all.map { message in
            file(
                "\(message.title).hex", "\(message.title) \(hexadecimal(message.code))", vectors(of: message),
                existing)
        }
        return messages + [file("Frame.hex", "Frame", FrameExample.all.map(\.vector), existing)]
    }

    /// The vectors in a file's content; nothing if it has not the form of one.
    public static func vectors(in content: String) -> [Vector]? {
        var vectors: [Vector] = []
        var lines = content.split(separator: "\n").dropFirst()
        while let line = lines.popFirst() {
            guard line.first == "v", let space = line.firstIndex(of: " "),
                let version = UInt8(line[line.index(after: line.startIndex)..<space]),
                let digits = lines.popFirst(),
                let bytes = Hex.decode(digits == emptyBody ? "" : String(digits))
            else { return nil }
            let json = String(line[line.index(after: space)...])
            vectors.append(Vector(version: version, json: json, bytes: bytes))
        }
        return vectors
    }

    /// The message with nothing in it, then two random ones.
    public static func vectors<M: Message>(of _: M.Type) -> [Vector] {
        var chance = WireChance(seed: seed(M.title))
        return [M(), M.random(&chance, .plain), M.random(&chance, .plain)].map { value in
            Vector(
                version: ProtocolVersion.current, json: value.json(.plain).text, bytes: value.encoded())
        }
    }

    private static let emptyBody = "(empty)"

    private static func file(
        _ name: String, _ title: String, _ vectors: [Vector], _ existing: (String) -> String?
    ) -> File {
        let released = existing(name).flatMap { Self.vectors(in: $0) } ?? []
        var content = title + "\n"
        for vector in released.filter({ $0.version < ProtocolVersion.current }) + vectors {
            let digits = vector.bytes.isEmpty ? emptyBody : Hex.encode(vector.bytes)
            content += "v\(vector.version) \(vector.json)\n\(digits)\n"
        }
        return File(name: name, content: content)
    }

    /// FNV-1a (Fowler, Noll, Vo), so that a new message changes no other's values.
    private static func seed(_ name: String) -> UInt64 {
        name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

/// `0x0103`.
func hexadecimal(_ code: UInt16) -> String {
    "0x" + Hex.encode([UInt8(code >> 8), UInt8(truncatingIfNeeded: code)])
}
