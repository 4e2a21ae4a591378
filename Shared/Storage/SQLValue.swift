import GRDB
import GRDBSQLite
import Kernel

/// A value that can be bound to a place in a statement.
public protocol SQLValue {
    /// Binds to the place `index`, counted from 1; the result code of SQLite.
    func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32
}

extension SQLValue where Self: FixedWidthInteger {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(truncatingIfNeeded: self))
    }
}

extension Int: SQLValue {}
extension Int64: SQLValue {}
extension Int32: SQLValue {}
extension UInt64: SQLValue {}
extension UInt32: SQLValue {}
extension UInt16: SQLValue {}
extension UInt8: SQLValue {}

extension Bool: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self ? 1 : 0)
    }
}

/// SQLite copies what is bound before the call returns (SQLITE_TRANSIENT).
@usableFromInline nonisolated(unsafe) let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension String: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(statement, index, $0.baseAddress ?? emptyText, Int32(utf8.count), copied)
            }
        }
    }
}

@usableFromInline nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    text.pointee = 0
    return UnsafePointer(text)
}()

extension Array: SQLValue where Element == UInt8 {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        if isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
        return withUnsafeBytes {
            sqlite3_bind_blob(statement, index, $0.baseAddress, Int32(truncatingIfNeeded: $0.count), copied)
        }
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        switch self {
        case .some(let value): value.bind(statement, index)
        case .none: sqlite3_bind_null(statement, index)
        }
    }
}

extension SQLValue where Self: Identifier {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(truncatingIfNeeded: raw))
    }
}

extension PartyID: SQLValue {}
extension ContactID: SQLValue {}
extension ListingID: SQLValue {}
extension BidID: SQLValue {}
extension OrderID: SQLValue {}
extension HoldID: SQLValue {}
extension InvoiceID: SQLValue {}
extension PaymentID: SQLValue {}
extension InboxItemID: SQLValue {}
extension CaseID: SQLValue {}
extension StrikeID: SQLValue {}
extension GrantID: SQLValue {}
extension SessionID: SQLValue {}
extension BillingIdentityID: SQLValue {}
extension BillingProfileID: SQLValue {}
extension CallerID: SQLValue {}
extension CallID: SQLValue {}

extension MarketplaceID: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(raw))
    }
}

extension Instant: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, microseconds)
    }
}

extension Duration64: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, microseconds)
    }
}

extension Currency: SQLValue {
    @inlinable public func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(rawValue))
    }
}
