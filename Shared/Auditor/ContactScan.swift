/// Finds texts that must stay sealed in whatever leaves the house.
///
/// Eight bytes of each text, those that differ most between texts, stand in a table; only where eight bytes
/// of an
/// answer are in it is the whole text compared.
struct ContactScan {
    private struct Text {
        var bytes: [UInt8]
        /// Where the eight bytes begin in the text.
        var offset: Int
        /// Said by a party itself elsewhere: then nobody can tell a leak from hearsay.
        var isHearsay = false
    }

    private var texts: [Text] = []
    private var numbers: [[UInt8]: Int] = [:]
    private var windows: [UInt64: [Int]] = [:]
    private var bits = [UInt64](repeating: 0, count: ContactScan.words)
    private static let words = 4_096
    private static let width = 8

    /// The text's number; nothing for one too short to be told from chance.
    mutating func learn(_ text: [UInt8]) -> Int? {
        guard text.count >= ContactScan.width else { return nil }
        if let known = numbers[text] { return known }
        // The end of an e-mail's local part, of a number or of a link tells texts apart; their beginnings are
        // alike.
        let end = text.firstIndex(of: UInt8(ascii: "@")) ?? text.count
        let offset = end >= ContactScan.width ? end - ContactScan.width : 0
        let window = text[offset..<(offset + ContactScan.width)].withUnsafeBytes {
            $0.loadUnaligned(as: UInt64.self)
        }
        numbers[text] = texts.count
        windows[window, default: []].append(texts.count)
        let slot = ContactScan.slot(window)
        bits[slot >> 6] |= 1 << UInt64(slot & 63)
        texts.append(Text(bytes: text, offset: offset))
        return texts.count - 1
    }

    @inline(__always) private static func slot(_ window: UInt64) -> Int {
        Int(truncatingIfNeeded: (window &* 0x9e37_79b9_7f4a_7c15) >> 46)
    }

    mutating func overhear(_ bytes: [UInt8]) {
        for number in find(bytes) { texts[number].isHearsay = true }
    }

    /// The numbers of the sealed texts in `bytes`.
    func find(_ bytes: [UInt8]) -> [Int] {
        guard bytes.count >= ContactScan.width, !texts.isEmpty else { return [] }
        var found: [Int] = []
        bits.withUnsafeBufferPointer { bits in
            bytes.withUnsafeBytes { raw in
                for start in 0...(raw.count - ContactScan.width) {
                    let window = raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                    let slot = ContactScan.slot(window)
                    guard bits[slot >> 6] & (1 << UInt64(slot & 63)) != 0 else { continue }
                    for number in windows[window] ?? [] where stands(number, at: start, bytes) {
                        if !found.contains(number), !texts[number].isHearsay { found.append(number) }
                    }
                }
            }
        }
        return found
    }

    private func stands(_ number: Int, at window: Int, _ bytes: [UInt8]) -> Bool {
        let text = texts[number]
        let start = window - text.offset
        guard start >= 0, start + text.bytes.count <= bytes.count else { return false }
        return bytes[start..<(start + text.bytes.count)].elementsEqual(text.bytes)
    }
}
