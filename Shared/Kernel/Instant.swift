import Wire

/// A length of time in whole microseconds; may be negative.
public struct Duration64: Hashable, Sendable, Comparable, FieldValue {
    public var microseconds: Int64
    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }

    @inlinable public static func milliseconds(_ count: Int64) -> Self { Self(microseconds: count * 1_000) }
    @inlinable public static func seconds(_ count: Int64) -> Self { Self(microseconds: count * 1_000_000) }
    @inlinable public static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
    @inlinable public static func hours(_ count: Int64) -> Self { .seconds(count * 3_600) }
    @inlinable public static func days(_ count: Int64) -> Self { .seconds(count * 86_400) }
    public static let zero = Self(microseconds: 0)

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.microseconds < right.microseconds
    }

    public static var initial: Self { .zero }
    public static var wireName: String { "duration" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Self
    {
        Self(microseconds: try reader.integer())
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.integer(microseconds)
    }
    public func json(_ traits: FieldTraits) -> JSON { .int(microseconds) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self {
        if case .string(let text) = json, let parsed = Self(parsing: text) { return parsed }
        return Self(microseconds: try Int64.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self {
        .seconds(Int64(chance.below(1_000_000)))
    }

    /// Reads `7d`, `48h`, `30m`, `20s`, `5ms`; nothing for any other text, or for what does not fit.
    public init?(parsing text: String) {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        guard let count = decimal(digits), let unit = Self.unit(bytes[digits.count...]) else { return nil }
        let (product, overflow) = Int64(count).multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        self.init(microseconds: product)
    }

    private static func unit(_ letters: ArraySlice<UInt8>) -> Int64? {
        switch String(decoding: letters, as: UTF8.self) {
        case "d": 86_400_000_000
        case "h": 3_600_000_000
        case "m": 60_000_000
        case "s": 1_000_000
        case "ms": 1_000
        default: nil
        }
    }
}

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Sendable, Comparable, FieldValue {
    public var microseconds: Int64
    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }

    /// No point in time.
    public static let none = Instant(microseconds: 0)
    /// Later than any deadline.
    public static let distantFuture = Instant(microseconds: .max / 4)

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.microseconds < right.microseconds
    }
    /// Saturates instead of overflowing.
    @inlinable public static func + (left: Self, right: Duration64) -> Self {
        let (sum, overflow) = left.microseconds.addingReportingOverflow(right.microseconds)
        return Self(microseconds: overflow ? (right.microseconds < 0 ? .min : .max) : sum)
    }
    @inlinable public static func - (left: Self, right: Duration64) -> Self {
        left + Duration64(microseconds: right.microseconds == .min ? .max : -right.microseconds)
    }
    /// The time from `right` to `left`; saturates.
    @inlinable public static func - (left: Self, right: Self) -> Duration64 {
        let (difference, overflow) = left.microseconds.subtractingReportingOverflow(right.microseconds)
        return Duration64(microseconds: overflow ? (left.microseconds < 0 ? .min : .max) : difference)
    }

    public static var initial: Instant { .none }
    public static var wireName: String { "instant" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Instant
    {
        Instant(microseconds: try reader.integer())
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.integer(microseconds)
    }
    /// RFC 3339 has four digits for the year; beyond them, the number of microseconds.
    public func json(_ traits: FieldTraits) -> JSON {
        (0...9_999).contains(utcDay.date.year) ? .string(iso8601) : .int(microseconds)
    }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Instant {
        if case .string(let text) = json, let parsed = Instant(iso8601: text) { return parsed }
        return Instant(microseconds: try Int64.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Instant {
        Instant(microseconds: Int64(chance.below(4_000_000_000)) * 1_000_000 + Int64(chance.below(1_000_000)))
    }
}
