/// A fixed-width integer, little-endian on the wire, a number in JSON.
public protocol WireInteger: FieldValue, FixedWidthInteger {}

extension WireInteger {
    @inlinable public static var initial: Self { 0 }
    public static var wireName: String { (isSigned ? "i" : "u") + "\(bitWidth)" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Self
    {
        try reader.integer(Self.self)
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(self) }
    public func json(_ traits: FieldTraits) -> JSON { .number("\(self)") }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self {
        switch json {
        case .number(let text), .string(let text):
            guard let value = Self(text) else { throw .expected(wireName, found: "'\(text)'") }
            return value
        default: throw .expected(wireName, found: json.kind)
        }
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self {
        Self(truncatingIfNeeded: chance.next())
    }
}

extension UInt8: WireInteger {}
extension UInt16: WireInteger {}
extension UInt32: WireInteger {}
extension UInt64: WireInteger {}
extension Int32: WireInteger {}
extension Int64: WireInteger {}

extension Bool: FieldValue {
    @inlinable public static var initial: Bool { false }
    public static var wireName: String { "bool" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Bool
    {
        let byte = try reader.integer(UInt8.self)
        guard byte <= 1 else { throw .invalidCase(type: "bool", found: UInt64(byte)) }
        return byte == 1
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.integer(UInt8(self ? 1 : 0))
    }
    public func json(_ traits: FieldTraits) -> JSON { .bool(self) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Bool {
        switch json {
        case .bool(let value): return value
        case .string("true"), .string("yes"), .string("1"): return true
        case .string("false"), .string("no"), .string("0"): return false
        default: throw .expected("bool", found: json.kind)
        }
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Bool {
        chance.next() & 1 == 1
    }
}

extension String: FieldValue {
    @inlinable public static var initial: String { "" }
    public static var wireName: String { "text" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> String
    {
        try reader.text(limit: traits.limit)
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.text(self) }
    public func json(_ traits: FieldTraits) -> JSON { .string(self) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> String {
        switch json {
        case .string(let text), .number(let text):
            let length = text.utf8.count
            guard length <= traits.limit else {
                throw .expected("at most \(traits.limit) bytes of text", found: "\(length)")
            }
            let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 || $0 == 0x0a }
            guard isPlain else { throw .expected("text without control characters", found: "one") }
            return text
        default: throw .expected("text", found: json.kind)
        }
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> String {
        let words = ["Lead", "Käufer", "ставка", "x", "Dach 12", "a\nb", "—"]
        var text = ""
        for _ in 0..<chance.below(4) {
            let word = words[chance.below(words.count)]
            if text.utf8.count + word.utf8.count <= traits.limit { text += word }
        }
        return text
    }
}

/// Uninterpreted bytes: a 4-byte length, then the bytes.
public struct Bytes: FieldValue, Hashable {
    public var bytes: [UInt8]
    @inlinable public init(_ bytes: [UInt8] = []) { self.bytes = bytes }
    @inlinable public static var initial: Bytes { Bytes() }
    public static var wireName: String { "bytes" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Bytes
    {
        Bytes(try reader.bytes(try reader.length(limit: traits.limit)))
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.length(bytes.count)
        writer.raw(bytes)
    }
    public func json(_ traits: FieldTraits) -> JSON { .string(Hex.encode(bytes)) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Bytes {
        guard case .string(let text) = json, let bytes = Hex.decode(text) else {
            throw .expected("bytes in hexadecimal", found: json.kind)
        }
        guard bytes.count <= traits.limit else {
            throw .expected("at most \(traits.limit) bytes", found: "\(bytes.count)")
        }
        return Bytes(bytes)
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Bytes {
        Bytes(
            (0..<chance.below(min(traits.limit, 24) + 1)).map { _ in UInt8(truncatingIfNeeded: chance.next())
            })
    }
}

/// Hexadecimal text for bytes.
public enum Hex {
    public static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = digit(byte >> 4)
                text[2 * index + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// Nothing if `text` has an odd length or a character that is no hexadecimal digit.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        case 0x41...0x46: digit - 0x41 + 10
        default: nil
        }
    }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    @inlinable public static var initial: Wrapped? { nil }
    public static var wireName: String { "optional \(Wrapped.wireName)" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Wrapped?
    {
        try Bool.read(&reader, traits) ? try Wrapped.read(&reader, traits) : nil
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        (self != nil).write(&writer, traits)
        self?.write(&writer, traits)
    }
    public func json(_ traits: FieldTraits) -> JSON { self?.json(traits) ?? .null }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Wrapped? {
        if case .null = json { return nil }
        return try Wrapped.fromJSON(json, traits)
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Wrapped? {
        chance.next() & 1 == 0 ? nil : Wrapped.random(&chance, traits)
    }
    public static func collectRecords(_ collector: inout RecordCollector) {
        Wrapped.collectRecords(&collector)
    }
    @inlinable public mutating func descend(_ visit: inout some FieldVisitor) throws(WireError) {
        if var value = self {
            try visit.field("value", &value)
            self = value
        }
    }
}

extension Array: FieldValue where Element: FieldValue {
    @inlinable public static var initial: [Element] { [] }
    public static var wireName: String { "list of \(Element.wireName)" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> [Element]
    {
        let count = try reader.length(limit: traits.limit)
        // An entry takes at least one byte, so that no more than what is there can be reserved.
        guard count <= reader.remaining else { throw .truncated(expected: count, found: reader.remaining) }
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try Element.read(&reader, .plain)) }
        return list
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.length(count)
        for element in self { element.write(&writer, .plain) }
    }
    public func json(_ traits: FieldTraits) -> JSON { .array(map { $0.json(.plain) }) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> [Element] {
        let values: [JSON]
        switch json {
        case .array(let entries): values = entries
        // A command line's text: the entries between commas.
        case .string(let text): values = text.split(separator: ",").map { .string(String($0)) }
        default: throw .expected(wireName, found: json.kind)
        }
        guard values.count <= traits.limit else {
            throw .expected("at most \(traits.limit) entries", found: "\(values.count)")
        }
        var list: [Element] = []
        for value in values { list.append(try Element.fromJSON(value, .plain)) }
        return list
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> [Element] {
        (0..<chance.below(Swift.min(traits.limit, 3) + 1)).map { _ in Element.random(&chance, .plain) }
    }
    public static func collectRecords(_ collector: inout RecordCollector) {
        Element.collectRecords(&collector)
    }
    @inlinable public mutating func descend(_ visit: inout some FieldVisitor) throws(WireError) {
        for index in indices { try visit.field("entry", &self[index]) }
    }
}

/// A closed set of cases, one byte on the wire, its name in JSON.
public protocol WireEnum: FieldValue, RawRepresentable<UInt8>, CaseIterable, Hashable {}

extension WireEnum {
    @inlinable public static var initial: Self { allCases[allCases.startIndex] }
    public static var wireName: String { "\(Self.self)" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Self
    {
        let byte = try reader.integer(UInt8.self)
        guard let value = Self(rawValue: byte) else {
            throw .invalidCase(type: "\(Self.self)", found: UInt64(byte))
        }
        return value
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(rawValue) }
    public func json(_ traits: FieldTraits) -> JSON { .string("\(self)") }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self {
        guard case .string(let text) = json, let value = allCases.first(where: { "\($0)" == text }) else {
            throw .expected("one of " + allCases.map { "\($0)" }.joined(separator: ", "), found: json.text)
        }
        return value
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self {
        let all = Array(allCases)
        return all[chance.below(all.count)]
    }
    public static func collectRecords(_ collector: inout RecordCollector) {
        collector.add(cases: allCases.map { ($0.rawValue, "\($0)") }, named: wireName)
    }
}
