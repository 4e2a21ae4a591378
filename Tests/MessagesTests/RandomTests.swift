import Messages
import Testing
import Wire

@Suite("Random messages")
struct RandomTests {
    private static let valuesPerMessage = 200
    private static let seed: UInt64 = 20_261_122

    @Test("come back from their bytes and from their JSON")
    func roundTrips() throws {
        var chance = WireChance(seed: Self.seed)
        func check<M: Message>(_: M.Type) throws {
            for _ in 0..<Self.valuesPerMessage {
                let value = M.random(&chance, .plain)
                #expect(try M(decoding: value.encoded()) == value, "\(M.title)")
                #expect(try M.fromJSON(value.json(.plain), .plain) == value, "\(M.title)")
            }
            let text = M.random(&chance, .plain).json(.plain).text
            #expect(try JSON(parsing: text).text == text, "\(M.title)")
        }
        for message in Catalogue.all { try check(message) }
    }

    @Test("random bytes are read or refused, and what is read has these bytes")
    func noise() {
        var chance = WireChance(seed: Self.seed)
        func check<M: Message>(_: M.Type) {
            for length in 0..<64 {
                let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: chance.next() >> 8) & 3 }
                guard let value = try? M(decoding: bytes) else { continue }
                #expect(value.encoded() == bytes, "\(M.title)")
            }
        }
        for message in Catalogue.all { check(message) }
    }
}

@Suite("Declared lengths")
struct DeclaredLengthTests {
    @Test("a text, list or bytes that declares one more than its limit is refused by its declaration")
    func oversize() {
        func check<M: Message>(_: M.Type) {
            var ordinal = 0
            while let (bytes, limit) = DeclaringVisitor.bytes(M(), declaringTooMuchIn: ordinal) {
                #expect(throws: WireError.tooLong(limit: limit, found: limit + 1), "\(M.title) \(ordinal)") {
                    try M(decoding: bytes)
                }
                ordinal += 1
            }
        }
        for message in Catalogue.all { check(message) }
    }
}

/// Writes a record up to one of its counted fields, of which it writes the declaration alone, one too high.
private struct DeclaringVisitor: FieldVisitor {
    var writer = Writer()
    var remaining: Int
    var limit: Int?

    static func bytes(_ record: some Record, declaringTooMuchIn ordinal: Int) -> ([UInt8], limit: Int)? {
        var visitor = DeclaringVisitor(remaining: ordinal)
        var copy = record
        try? copy.fields(&visitor)
        return visitor.limit.map { (visitor.writer.bytes, $0) }
    }

    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        if value is any Record { return try value.descend(&self) }
        let isCounted =
            value is String || value is Bytes || Value.wireName.hasPrefix("list of")
            || Value.wireName == "personal text"
        guard isCounted else { return value.write(&writer, traits) }
        guard remaining == 0 else {
            remaining -= 1
            return value.write(&writer, traits)
        }
        if Value.wireName == "personal text" { writer.integer(UInt64(0)) }
        writer.length(traits.limit + 1)
        limit = traits.limit
        throw .invalidText
    }
}
