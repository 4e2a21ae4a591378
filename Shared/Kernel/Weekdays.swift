import Wire

/// Days of the week, several at once: the working week of a marketplace (C3).
///
/// One byte, Monday the lowest bit and Sunday the seventh; the eighth is always 0.
public struct Weekdays: OptionSet, Hashable, Sendable, FieldValue {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let monday = Weekdays(rawValue: 1)
    public static let tuesday = Weekdays(rawValue: 1 << 1)
    public static let wednesday = Weekdays(rawValue: 1 << 2)
    public static let thursday = Weekdays(rawValue: 1 << 3)
    public static let friday = Weekdays(rawValue: 1 << 4)
    public static let saturday = Weekdays(rawValue: 1 << 5)
    public static let sunday = Weekdays(rawValue: 1 << 6)

    /// Werktage: all but Sunday (§ 3 (2) BUrlG).
    public static let mondayToSaturday: Weekdays = [
        .monday, .tuesday, .wednesday, .thursday, .friday, .saturday,
    ]
    /// The week of most offices.
    public static let mondayToFriday = mondayToSaturday.subtracting(.saturday)

    /// Whether the week has the day with this number, 1 for Monday to 7 for Sunday (ISO 8601).
    public func contains(weekday: Int) -> Bool {
        (1...7).contains(weekday) && rawValue & (1 << UInt8(weekday - 1)) != 0
    }

    private static let names = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    public static var initial: Weekdays { [] }
    public static var wireName: String { "weekdays" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Weekdays
    {
        let raw: UInt8 = try reader.integer()
        guard raw < 1 << 7 else { throw .invalidCase(type: "weekdays", found: UInt64(raw)) }
        return Weekdays(rawValue: raw)
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(rawValue) }
    public func json(_ traits: FieldTraits) -> JSON {
        .array((1...7).filter { contains(weekday: $0) }.map { .string(Self.names[$0 - 1]) })
    }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Weekdays {
        var days: Weekdays = []
        for name in try [String].fromJSON(json, traits) {
            guard let index = names.firstIndex(of: name) else {
                throw .expected("weekdays among " + names.joined(separator: ", "), found: "'\(name)'")
            }
            days.insert(Weekdays(rawValue: 1 << UInt8(index)))
        }
        return days
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Weekdays {
        Weekdays(rawValue: UInt8(chance.below(1 << 7)))
    }
}
