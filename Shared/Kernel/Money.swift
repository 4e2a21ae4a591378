import Wire

/// An ISO 4217 currency, three capital letters.
public struct Currency: Hashable, Sendable, FieldValue {
    /// The three letters, the first in the highest of the three low bytes; 0 for none.
    public let rawValue: UInt32

    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Nothing unless `code` is three letters A-Z.
    public init?(_ code: String) {
        guard let packed = Currency.pack(Array(code.utf8)) else { return nil }
        rawValue = packed
    }

    public static let eur = Currency(rawValue: 0x45_55_52)
    public static let usd = Currency(rawValue: 0x55_53_44)
    public static let rub = Currency(rawValue: 0x52_55_42)
    public static let none = Currency(rawValue: 0)

    /// The three letters; empty for none.
    public var code: String {
        rawValue == 0
            ? ""
            : String(
                decoding: [
                    UInt8(truncatingIfNeeded: rawValue >> 16), UInt8(truncatingIfNeeded: rawValue >> 8),
                    UInt8(truncatingIfNeeded: rawValue),
                ], as: UTF8.self)
    }

    private static func pack(_ letters: [UInt8]) -> UInt32? {
        guard letters.count == 3, letters.allSatisfy({ (0x41...0x5a).contains($0) }) else { return nil }
        return UInt32(letters[0]) << 16 | UInt32(letters[1]) << 8 | UInt32(letters[2])
    }

    public static var initial: Currency { .none }
    public static var wireName: String { "currency" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Currency
    {
        let first: UInt8 = try reader.integer()
        let second: UInt8 = try reader.integer()
        let third: UInt8 = try reader.integer()
        let packed = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
        if packed == 0 { return .none }
        for letter in [first, second, third] where letter < 0x41 || letter > 0x5a {
            throw .invalidCase(type: "currency", found: UInt64(packed))
        }
        return Currency(rawValue: packed)
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.integer(UInt8(truncatingIfNeeded: rawValue >> 16))
        writer.integer(UInt8(truncatingIfNeeded: rawValue >> 8))
        writer.integer(UInt8(truncatingIfNeeded: rawValue))
    }
    public func json(_ traits: FieldTraits) -> JSON { .string(code) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Currency {
        guard case .string(let text) = json, text.isEmpty || Currency(text) != nil else {
            throw .expected("a currency as three capital letters", found: json.text)
        }
        return Currency(text) ?? .none
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Currency {
        [.eur, .usd, .rub][chance.below(3)]
    }
}

/// A whole number of minor units of one currency (rule F1).
public struct Money: Hashable, Sendable, FieldValue {
    /// Cents, kopecks: the currency's minor unit.
    public var minor: Int64
    public var currency: Currency

    @inlinable public init(_ minor: Int64, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    /// No amount of no currency.
    @inlinable public static var zero: Money { Money(0, .none) }

    /// The sum, or nothing if the currencies differ or it does not fit.
    @inlinable public func adding(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        let (sum, overflow) = minor.addingReportingOverflow(other.minor)
        return overflow ? nil : Money(sum, currency)
    }

    /// The difference, or nothing if the currencies differ or it does not fit.
    @inlinable public func subtracting(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        let (difference, overflow) = minor.subtractingReportingOverflow(other.minor)
        return overflow ? nil : Money(difference, currency)
    }

    /// `share` of this amount, rounded half away from zero to a whole minor unit; nothing if it does not fit.
    @inlinable public func portion(_ share: BasisPoints) -> Money? {
        let product = Int128(minor) * Int128(share.value)
        let half: Int128 = product < 0 ? -5_000 : 5_000
        guard let rounded = Int64(exactly: (product + half) / 10_000) else { return nil }
        return Money(rounded, currency)
    }

    public static var initial: Money { .zero }
    public static var wireName: String { "money" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Money
    {
        let minor: Int64 = try reader.integer()
        return Money(minor, try Currency.read(&reader, traits))
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) {
        writer.integer(minor)
        currency.write(&writer, traits)
    }
    public func json(_ traits: FieldTraits) -> JSON {
        .object([.init("minor", .int(minor)), .init("currency", .string(currency.code))])
    }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Money {
        switch json {
        case .object:
            guard let minor = json["minor"], let currency = json["currency"] else {
                throw .expected("money with minor and currency", found: json.text)
            }
            return Money(try Int64.fromJSON(minor, traits), try Currency.fromJSON(currency, traits))
        case .string(let text):
            guard let money = Money(parsing: text) else {
                throw .expected("money such as 12.50EUR", found: "'\(text)'")
            }
            return money
        default: throw .expected("money such as 12.50EUR", found: json.text)
        }
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Money {
        Money(Int64(chance.below(1_000_000)), Currency.random(&chance, traits))
    }
}

extension Money: CustomStringConvertible {
    /// The amount with two decimals, a point, and the currency: `12.50 EUR`.
    public var description: String {
        let magnitude = minor.magnitude
        let cents = magnitude % 100
        return "\(minor < 0 ? "-" : "")\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents) \(currency.code)"
    }

    /// Reads `12.50EUR`, `12 EUR`, `-3.5EUR`; nothing if the text is anything else or does not fit.
    public init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > 3, let currency = Currency(String(decoding: bytes.suffix(3), as: UTF8.self))
        else { return nil }
        var number = bytes.dropLast(3)
        if number.last == UInt8(ascii: " ") { number = number.dropLast() }
        let negative = number.first == UInt8(ascii: "-")
        if negative { number = number.dropFirst() }
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = decimal(parts[0]) else { return nil }
        var cents = 0
        if parts.count == 2 {
            guard parts[1].count <= 2, let value = decimal(parts[1]) else { return nil }
            cents = parts[1].count == 1 ? value * 10 : value
        }
        let (scaled, overflow) = Int64(whole).multipliedReportingOverflow(by: 100)
        let (sum, carried) = scaled.addingReportingOverflow(Int64(cents))
        guard !overflow, !carried else { return nil }
        self.init(negative ? -sum : sum, currency)
    }
}

/// Hundredths of a percent: 10,000 is the whole.
public struct BasisPoints: Hashable, Sendable, FieldValue {
    public var value: Int32
    @inlinable public init(_ value: Int32) { self.value = value }

    public static var initial: BasisPoints { BasisPoints(0) }
    public static var wireName: String { "basis points" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> BasisPoints
    {
        BasisPoints(try reader.integer())
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(value) }
    public func json(_ traits: FieldTraits) -> JSON { .int(value) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> BasisPoints {
        BasisPoints(try Int32.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> BasisPoints {
        BasisPoints(Int32(chance.below(10_001)))
    }
}
