/// Reads little-endian values from bytes that it does not own.
///
/// A reader lives no longer than the bytes it was made over. It never reads past their end: every
/// shortage is a typed ``WireError``.
public struct Reader {
    @usableFromInline let base: UnsafeRawPointer?
    @usableFromInline var position: Int
    @usableFromInline let end: Int
    /// The protocol version in which the bytes were written.
    public let version: UInt8

    @inlinable public init(_ bytes: UnsafeRawBufferPointer, version: UInt8 = ProtocolVersion.current) {
        base = bytes.baseAddress
        position = 0
        end = bytes.count
        self.version = version
    }

    /// Bytes not read yet.
    @inlinable public var remaining: Int { end - position }

    @inlinable mutating func take(_ count: Int) throws(WireError) -> UnsafeRawPointer {
        guard let base, count <= end - position else {
            throw .truncated(expected: count, found: end - position)
        }
        let start = base + position
        position += count
        return start
    }

    /// Reads a fixed-width integer.
    @inlinable public mutating func integer<I: FixedWidthInteger>(_: I.Type = I.self) throws(WireError) -> I {
        let start = try take(MemoryLayout<I>.size)
        return I(littleEndian: start.loadUnaligned(as: I.self))
    }

    /// Reads a 4-byte length that must not exceed `limit`, before anything is allocated for it.
    @inlinable public mutating func length(limit: Int) throws(WireError) -> Int {
        let found = Int(try integer(UInt32.self))
        guard found <= limit else { throw .tooLong(limit: limit, found: found) }
        return found
    }

    /// Reads `count` raw bytes.
    @inlinable public mutating func bytes(_ count: Int) throws(WireError) -> [UInt8] {
        if count == 0 { return [] }
        let start = try take(count)
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Reads a text: a 4-byte length, then UTF-8 without control characters (tab and line feed are allowed).
    @inlinable public mutating func text(limit: Int) throws(WireError) -> String {
        let count = try length(limit: limit)
        if count == 0 { return "" }
        let start = try take(count)
        let raw = UnsafeRawBufferPointer(start: start, count: count)
        for byte in raw where byte < 0x20 || byte == 0x7f {
            guard byte == 0x09 || byte == 0x0a else { throw .invalidText }
        }
        guard let text = String(validating: raw, as: UTF8.self) else { throw .invalidText }
        return text
    }

    /// Refuses bytes left over after a complete value.
    @inlinable public func finish() throws(WireError) {
        guard remaining == 0 else { throw .trailingBytes(remaining) }
    }
}
