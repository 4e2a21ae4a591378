/// A JSON value whose members keep their order; numbers keep their digits.
public enum JSON: Sendable, Equatable {
    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: JSON
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A word for the kind of value, for error texts.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    public static func int(_ value: some FixedWidthInteger) -> JSON { .number("\(value)") }

    /// The value as compact JSON text (RFC 8259).
    public var text: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let digits): return digits
        case .string(let text): return JSON.quote(text)
        case .array(let values): return "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { JSON.quote($0.name) + ":" + $0.value.text }.joined(separator: ",")
                + "}"
        }
    }

    /// The value as indented JSON text, for people.
    public func pretty(_ indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .array(let values) where !values.isEmpty:
            return "[\n" + values.map { inner + $0.pretty(inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { inner + JSON.quote($0.name) + ": " + $0.value.pretty(inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return text
        }
    }

    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                if scalar.value < 0x20 {
                    let hex = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}

/// Why JSON, or a command line's text, does not make a message.
public enum JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    case expected(String, found: String)
    case inField(String, String)
    case unknownField(String, of: String, known: [String])

    public var description: String {
        switch self {
        case .expected(let what, let found): "expected \(what), found \(found)"
        case .inField(let field, let why): "field '\(field)': \(why)"
        case .unknownField(let name, let record, let known):
            "\(record) has no field '\(name)'; it has: \(known.joined(separator: ", "))"
        }
    }
}

struct JSONWritingVisitor: FieldVisitor {
    var members: [JSON.Member] = []
    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        members.append(JSON.Member("\(name)", value.json(traits)))
    }
}

struct JSONReadingVisitor: FieldVisitor {
    let members: [JSON.Member]
    var seen: [String] = []
    var failure: JSONError?
    init(members: [JSON.Member]) { self.members = members }

    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        let name = "\(name)"
        seen.append(name)
        guard let member = members.first(where: { $0.name == name }) else { return }
        do throws(JSONError) {
            value = try Value.fromJSON(member.value, traits)
        } catch {
            failure = .inField(name, error.description)
            throw .invalidText
        }
    }
}

struct RandomVisitor: FieldVisitor {
    var chance: WireChance
    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        value = Value.random(&chance, traits)
    }
}

/// A record's JSON with every personal and secret field replaced, fit for a log.
public struct Redacted {
    /// The redacted JSON of `record`.
    public static func json(_ record: some Record) -> JSON {
        var copy = record
        var visitor = RedactingVisitor()
        try? copy.fields(&visitor)
        return .object(visitor.members)
    }
}

struct RedactingVisitor: FieldVisitor {
    var members: [JSON.Member] = []
    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        guard traits.mark == .plain else {
            members.append(JSON.Member("\(name)", .string("…")))
            return
        }
        var inner = RedactingVisitor()
        var copy = value
        try copy.descend(&inner)
        members.append(JSON.Member("\(name)", Self.whole(value, inner.members, traits)))
    }

    /// The value put together again from its redacted parts; as it is where it has none.
    private static func whole(
        _ value: some FieldValue, _ parts: [JSON.Member], _ traits: FieldTraits
    ) -> JSON {
        guard let first = parts.first else { return value.json(traits) }
        if value is any OptionalValue { return first.value }
        if case .array = value.json(traits) { return .array(parts.map(\.value)) }
        return .object(parts)
    }
}

/// Tells an optional record from a record.
protocol OptionalValue {}
extension Optional: OptionalValue {}
