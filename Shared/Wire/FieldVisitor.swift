/// What a field may hold beyond its type: a limit, a mark, the version that brought it.
public struct FieldTraits: Sendable, Equatable {
    /// How a field's content is to be treated outside the message.
    public enum Mark: UInt8, Sendable {
        /// Nothing special.
        case plain
        /// Personal data: sealed at the edge before it is queued, never logged.
        case personal
        /// A credential or token: never stored, never logged, never compressed.
        case secret
    }

    /// The most bytes of a text, or the most entries of a list.
    public var limit: Int
    public var mark: Mark
    /// The protocol version that first had this field.
    public var since: UInt8

    @inlinable public init(limit: Int = 256, mark: Mark = .plain, since: UInt8 = 1) {
        self.limit = limit
        self.mark = mark
        self.since = since
    }

    /// No mark, and the limit of 256 bytes or entries.
    @inlinable public static var plain: FieldTraits { FieldTraits() }
    /// At most `count` bytes of text, or entries of a list.
    @inlinable public static func limit(_ count: Int) -> FieldTraits { FieldTraits(limit: count) }
    /// A credential or token of at most `count` bytes.
    @inlinable public static func secret(_ count: Int = 256) -> FieldTraits {
        FieldTraits(limit: count, mark: .secret)
    }
    /// Personal data of at most `count` bytes of plaintext.
    @inlinable public static func personal(_ count: Int = 256) -> FieldTraits {
        FieldTraits(limit: count, mark: .personal)
    }
    /// A field appended in a later version of the protocol.
    @inlinable public func since(_ version: UInt8) -> FieldTraits {
        FieldTraits(limit: limit, mark: mark, since: version)
    }
}

/// Walks the fields of a record in their order on the wire.
///
/// Encoder, decoder, JSON view, documentation, random values, sealing and redaction are all visitors,
/// so that a record lists its fields exactly once.
public protocol FieldVisitor {
    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits) throws(WireError)
}

extension FieldVisitor {
    @inlinable public mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value
    ) throws(WireError) {
        try field(name, &value, .plain)
    }
}

/// A value that can stand in a field.
public protocol FieldValue: Sendable, Equatable {
    /// The value before anything was read into it.
    static var initial: Self { get }
    /// The name of the type in protocol.md.
    static var wireName: String { get }
    static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError) -> Self
    func write(_ writer: inout Writer, _ traits: FieldTraits)
    /// The value as JSON.
    func json(_ traits: FieldTraits) -> JSON
    /// The value that JSON (or a command line's text) stands for.
    static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self
    /// A random valid value, within the field's limit.
    static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self
    /// Records within this type, for documentation.
    static func collectRecords(_ collector: inout RecordCollector)
    /// Lets a visitor that rewrites values (sealing, opening) reach records and lists within this one.
    mutating func descend(_ visit: inout some FieldVisitor) throws(WireError)
}

extension FieldValue {
    @inlinable public static func collectRecords(_ collector: inout RecordCollector) {}
    @inlinable public mutating func descend(_ visit: inout some FieldVisitor) throws(WireError) {}
}
