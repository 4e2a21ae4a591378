import GRDB
import GRDBSQLite
import Kernel
import Wire

/// The current row of a running statement; valid only within the closure that it was given to.
public struct Row {
    @usableFromInline let statement: OpaquePointer
    @inlinable init(_ statement: OpaquePointer) { self.statement = statement }

    @inlinable public func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    @inlinable public func bool(_ column: Int32) -> Bool { int(column) != 0 }
    @inlinable public func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(statement, column) == SQLITE_NULL
    }
    @inlinable public func id<I: Identifier>(_ column: Int32, _: I.Type = I.self) -> I {
        I(UInt64(truncatingIfNeeded: int(column)))
    }
    @inlinable public func marketplace(_ column: Int32) -> MarketplaceID {
        MarketplaceID(UInt32(truncatingIfNeeded: int(column)))
    }
    @inlinable public func instant(_ column: Int32) -> Instant { Instant(microseconds: int(column)) }
    @inlinable public func duration(_ column: Int32) -> Duration64 { Duration64(microseconds: int(column)) }
    @inlinable public func money(_ minor: Int32, _ currency: Int32) -> Money {
        Money(int(minor), Currency(rawValue: UInt32(truncatingIfNeeded: int(currency))))
    }

    @inlinable public func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    @inlinable public func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, column))
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The case stored as its raw value.
    @inlinable public func enumeration<E: WireEnum>(_ column: Int32, _: E.Type = E.self) throws -> E {
        guard let value = E(rawValue: UInt8(truncatingIfNeeded: int(column))) else {
            throw StoreFault.corruptRow("\(E.self) from \(int(column))")
        }
        return value
    }

    /// Personal text from its key and its bytes.
    public func personal(_ key: Int32, _ bytes: Int32) -> PersonalText {
        PersonalText(key: UInt64(truncatingIfNeeded: int(key)), bytes: blob(bytes))
    }

    /// A record from its encoding.
    public func record<R: Wire.Record>(_ column: Int32, _: R.Type = R.self) throws -> R {
        try R(decoding: blob(column))
    }
}
