/// One 128-byte record of a key store: a number of bytes that divides a disk sector, so that a record is
/// written whole or not at all. The last 8 bytes are a checksum: the beginning of the SHA-256 of the others.
enum KeyRecord {
    static let byteCount = 128
    private static let checkedByteCount = 120

    static let empty = [UInt8](repeating: 0, count: byteCount)

    static func seal(_ content: [UInt8], hasher: SHA256Hasher) -> [UInt8] {
        let padded = content + [UInt8](repeating: 0, count: checkedByteCount - content.count)
        return padded + checksum(padded[...], hasher: hasher)
    }

    static func isIntact(_ record: ArraySlice<UInt8>, hasher: SHA256Hasher) -> Bool {
        record.count == byteCount
            && record.suffix(byteCount - checkedByteCount)
                == checksum(record.prefix(checkedByteCount), hasher: hasher)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>, hasher: SHA256Hasher) -> ArraySlice<UInt8> {
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finish().prefix(byteCount - checkedByteCount)
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// Least significant byte first.
    var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }

    /// Reads as many bytes as the number has, least significant first; nil if there are fewer.
    init?(littleEndianBytes bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.bitWidth / 8 else { return nil }
        self = bytes.prefix(Self.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Self($1) }
    }
}
