/// The first record of a key store.
///
/// | bytes | content |
/// | --- | --- |
/// | 8 | `GAVELKEY` |
/// | 4 | format version, 1 |
/// | 4 | record length, 128 |
/// | 8 | number of slots that follow, used or not |
///
/// The slots are laid out before they are used, so that making a key overwrites zeros: syncing it need not
/// write a new file size, and a file shorter than the header says was truncated.
struct KeyStoreHeader: Equatable {
    static let magic = Array("GAVELKEY".utf8)
    static let version: UInt32 = 1

    var slotCount: Int

    /// The bytes of a file with this header.
    var fileByteCount: Int {
        KeySlot.offset(slotCount)
    }

    func encode(hasher: SHA256Hasher) -> [UInt8] {
        KeyRecord.seal(
            Self.magic + Self.version.littleEndianBytes + UInt32(KeyRecord.byteCount).littleEndianBytes
                + UInt64(slotCount).littleEndianBytes, hasher: hasher)
    }

    init(slotCount: Int) {
        self.slotCount = slotCount
    }

    /// Nil unless the record is an intact header of the known version.
    init?(record: [UInt8], hasher: SHA256Hasher) {
        guard KeyRecord.isIntact(record[...], hasher: hasher), Array(record[..<8]) == Self.magic,
            UInt32(littleEndianBytes: record[8...]) == Self.version,
            UInt32(littleEndianBytes: record[12...]) == UInt32(KeyRecord.byteCount),
            let slotCount = UInt64(littleEndianBytes: record[16...]),
            slotCount <= UInt64(KeyTable.maximumSlotCount)
        else { return nil }
        self.slotCount = Int(slotCount)
    }
}
