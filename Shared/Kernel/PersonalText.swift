import Wire

/// Personal data: plaintext on a client's connection, sealed everywhere behind the edge.
///
/// The edge of the service that owns the field replaces plaintext by ciphertext under a data key of its own
/// before the command is queued, and opens it again after the commit for whoever a rule allows.
/// On the wire: u64 key (0: the bytes are plaintext UTF-8), then the bytes. Sealed content takes up to
/// 64 bytes more than the field's limit.
public struct PersonalText: FieldValue, Hashable {
    /// The data key's number in the owning service's key store; 0 for plaintext.
    public var key: UInt64
    /// UTF-8, or nonce, ciphertext and tag.
    public var bytes: [UInt8]

    public init(key: UInt64, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    /// Plaintext.
    public init(_ text: String = "") {
        key = 0
        bytes = Array(text.utf8)
    }

    public var isEmpty: Bool { bytes.isEmpty }
    public var isSealed: Bool { key != 0 }

    /// The plaintext; nothing while sealed.
    public var plaintext: String? { isSealed ? nil : String(decoding: bytes, as: UTF8.self) }

    public static var initial: PersonalText { PersonalText() }
    public static var wireName: String { "personal text" }
    @inlinable public static func read(
        _ reader: inout Reader, _ traits: FieldTraits
    ) throws(WireError) -> PersonalText {
        let key: UInt64 = try reader.integer()
        if key != 0 {
            return PersonalText(
                key: key, bytes: try reader.bytes(try reader.length(limit: traits.limit + 64)))
        }
        return PersonalText(try reader.text(limit: traits.limit))
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.integer(key)
        writer.length(bytes.count)
        writer.raw(bytes)
    }
    public func json(_ traits: FieldTraits) -> JSON {
        isSealed ? .object([.init("sealedWith", .int(key))]) : .string(plaintext ?? "")
    }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> PersonalText {
        PersonalText(try String.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> PersonalText {
        PersonalText(String.random(&chance, traits))
    }
}
