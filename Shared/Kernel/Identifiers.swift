import Wire

/// A number that names one thing of one kind; 0 names nothing.
///
/// The service that owns the thing gives the number: its journal sequence times 256, plus a counter within
/// the command. Numbers therefore rise with time, which keeps the tables that they key in order.
public protocol Identifier: FieldValue, Hashable, Comparable, CustomStringConvertible {
    var raw: UInt64 { get }
    init(_ raw: UInt64)
}

extension Identifier {
    /// Names nothing.
    @inlinable public static var none: Self { Self(0) }
    @inlinable public var isNone: Bool { raw == 0 }
    @inlinable public static var initial: Self { Self(0) }
    public static var wireName: String { "\(Self.self)" }
    public var description: String { "\(raw)" }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Self
    {
        Self(try reader.integer())
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(raw) }
    public func json(_ traits: FieldTraits) -> JSON { .int(raw) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self {
        Self(try UInt64.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self {
        Self(UInt64(chance.below(1_000_000)) + 1)
    }
}

/// A seller, buyer or operator: whoever signs in.
public struct PartyID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A prospect's sealed contact in the vault.
public struct ContactID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A lead on offer.
public struct ListingID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A buyer's offer for a listing. Its hold in the wallet bears the same number.
public struct BidID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// What follows an award.
public struct OrderID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// An amount set aside in a wallet.
public struct HoldID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// An invoice or credit note.
public struct InvoiceID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A top-up, payout or other movement that a provider performs.
public struct PaymentID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// An item in a party's inbox.
public struct InboxItemID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A dispute's case.
public struct CaseID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A permission to read a contact for one purpose.
public struct GrantID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A sign-in that can be revoked.
public struct SessionID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// An immutable version of a billing identity.
public struct BillingIdentityID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A provider's prepaid business: its tariff, its callers and their balances (E12).
public struct BillingProfileID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A number from which a provider is called. The vault knows which; nobody else does.
public struct CallerID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A metered call.
public struct CallID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// An attempt to get contact data in a preliminary call, on record (D6).
public struct StrikeID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A brand with its own policy, currency, language, calendar and fees.
public struct MarketplaceID: FieldValue, Hashable, Comparable, CustomStringConvertible {
    public let raw: UInt32
    @inlinable public init(_ raw: UInt32) { self.raw = raw }
    public static let none = MarketplaceID(0)
    public var description: String { "\(raw)" }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
    public static var initial: Self { .none }
    public static var wireName: String { "MarketplaceID" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Self
    {
        Self(try reader.integer())
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(raw) }
    public func json(_ traits: FieldTraits) -> JSON { .int(raw) }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Self {
        Self(try UInt32.fromJSON(json, traits))
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Self {
        Self(UInt32(chance.below(100)) + 1)
    }
}
