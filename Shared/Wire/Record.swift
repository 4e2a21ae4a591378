/// A structure that lists its fields once, in their order on the wire.
///
/// Fields are only ever appended, each new one with `since:`.
public protocol Record: FieldValue {
    init()
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError)
}

@usableFromInline struct ReadingVisitor: FieldVisitor {
    @usableFromInline var reader: Reader
    @inlinable init(_ reader: Reader) { self.reader = reader }
    @inlinable mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        if traits.since > reader.version { return }
        value = try Value.read(&reader, traits)
    }
}

@usableFromInline struct WritingVisitor: FieldVisitor {
    @usableFromInline var writer: Writer
    @inlinable init(_ writer: consuming Writer) { self.writer = writer }
    @inlinable mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        if traits.since > writer.version { return }
        value.write(&writer, traits)
    }
}

extension Record {
    @inlinable public static var initial: Self { Self() }
    public static var wireName: String { "\(Self.self)" }

    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Self
    {
        var value = Self()
        var visitor = ReadingVisitor(reader)
        try value.fields(&visitor)
        reader = visitor.reader
        return value
    }

    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        var copy = self
        var visitor = WritingVisitor(writer)
        // The visitor alone holds the bytes now: appending to what two hold would copy it.
        writer.bytes = []
        // Writing throws nothing; only a reader does.
        try? copy.fields(&visitor)
        writer = visitor.writer
    }

    public func json(_ traits: FieldTraits) -> JSON {
        var copy = self
        var visitor = JSONWritingVisitor()
        try? copy.fields(&visitor)
        return .object(visitor.members)
    }

    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self {
        guard case .object(let members) = json else { throw .expected(wireName, found: json.kind) }
        var value = Self()
        var visitor = JSONReadingVisitor(members: members)
        do { try value.fields(&visitor) } catch {
            throw visitor.failure ?? .expected(wireName, found: "\(error)")
        }
        if let unknown = members.first(where: { !visitor.seen.contains($0.name) }) {
            throw .unknownField(unknown.name, of: wireName, known: visitor.seen)
        }
        return value
    }

    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self {
        var value = Self()
        var visitor = RandomVisitor(chance: chance)
        try? value.fields(&visitor)
        chance = visitor.chance
        return value
    }

    public static func collectRecords(_ collector: inout RecordCollector) {
        collector.add(Self.self)
    }

    @inlinable public mutating func descend(_ visit: inout some FieldVisitor) throws(WireError) {
        try fields(&visit)
    }

    /// The record's bytes in `version`.
    @inlinable public func encoded(version: UInt8 = ProtocolVersion.current) -> [UInt8] {
        var writer = Writer(reserving: 256, version: version)
        write(&writer, .plain)
        return writer.bytes
    }

    /// Reads one record that fills `bytes` exactly.
    @inlinable public init(
        decoding bytes: UnsafeRawBufferPointer, version: UInt8 = ProtocolVersion.current
    ) throws(WireError) {
        var reader = Reader(bytes, version: version)
        self = try Self.read(&reader, .plain)
        try reader.finish()
    }

    /// Reads one record that fills `bytes` exactly.
    @inlinable public init(decoding bytes: [UInt8], version: UInt8 = ProtocolVersion.current)
        throws(WireError)
    {
        var result: Result<Self, WireError> = .failure(.invalidText)
        bytes.withUnsafeBytes { raw in
            do throws(WireError) {
                result = .success(try Self(decoding: raw, version: version))
            } catch {
                result = .failure(error)
            }
        }
        self = try result.get()
    }
}
