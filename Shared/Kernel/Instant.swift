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

    /// Reads `7d`, `48h`, `30m`, `20s`, `5ms`; nothing for any other text.
    public init?(parsing text: String) {
        let digits = text.prefix { $0.isNumber }
        guard let count = Int64(digits), count < 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "d": self = .days(count)
        case "h": self = .hours(count)
        case "m": self = .minutes(count)
        case "s": self = .seconds(count)
        case "ms": self = .milliseconds(count)
        default: return nil
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
    public func json(_ traits: FieldTraits) -> JSON { .string(iso8601) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Instant {
        if case .string(let text) = json, let parsed = Instant(iso8601: text) { return parsed }
        return Instant(microseconds: try Int64.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Instant {
        Instant(microseconds: Int64(chance.below(4_000_000_000)) * 1_000_000 + Int64(chance.below(1_000_000)))
    }
}
