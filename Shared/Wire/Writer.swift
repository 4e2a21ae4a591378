/// Appends little-endian values to a growing array of bytes.
public struct Writer {
    /// What was written so far.
    public var bytes: [UInt8]
    /// The protocol version to write.
    public let version: UInt8

    @inlinable public init(reserving capacity: Int = 256, version: UInt8 = ProtocolVersion.current) {
        bytes = []
        bytes.reserveCapacity(capacity)
        self.version = version
    }

    @inlinable public mutating func integer<I: FixedWidthInteger>(_ value: I) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    @inlinable public mutating func raw(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
    }

    /// Writes a 4-byte length.
    @inlinable public mutating func length(_ count: Int) {
        integer(UInt32(truncatingIfNeeded: count))
    }

    /// Writes a 4-byte length and the text's UTF-8.
    @inlinable public mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            length(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }
}
