import NIOCore
import Testing
import Wire

@testable import Transport

@Suite("Compressed bodies")
struct CompressionTests {
    /// Text with every seventh byte disturbed: compressible, but no more than real text is.
    private let text = String(repeating: "eine Photovoltaikanlage; ", count: 300).utf8
        .enumerated().map { $0.offset % 7 == 0 ? UInt8($0.offset % 251) : $0.element }

    private func compressed(_ bytes: [UInt8], sparing: Set<UInt16> = []) -> [UInt8] {
        var out = ByteBuffer()
        FrameCompressor(spared: sparing).append(bytes, to: &out)
        return Array(out.readableBytesView)
    }

    private func frame(_ body: [UInt8], code: UInt16 = 1, key: IdempotencyKey? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(code: code, correlation: 9, key: key).appendFrame(body: body, to: &bytes)
        return bytes
    }

    private func decode(
        _ bytes: [UInt8], longestFrame: Int = 1 << 20, takesCompressed: Bool = true
    ) -> ([InboundFrame], WireError?) {
        var frames: [InboundFrame] = []
        let decoder = FrameDecoder(longestFrame: longestFrame, takesCompressed: takesCompressed)
        let progress = bytes.withUnsafeBytes { decoder.decode($0, into: &frames) }
        return (frames, progress.failure?.error)
    }

    private func forged(declared: UInt32, block: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        let size = (0..<4).map { UInt8(truncatingIfNeeded: declared >> (8 * $0)) }
        FrameHeader(code: 1, correlation: 9, flags: .compressed).appendFrame(body: size + block, to: &bytes)
        return bytes
    }

    @Test("come back as they were, among frames not worth it, and smaller by a fifth")
    func roundTrip() {
        let key = IdempotencyKey(high: 3, low: 4)
        let plain = frame([1, 2]) + frame(text, key: key) + frame([3])
        let packed = compressed(plain)
        #expect(packed.count < plain.count * 4 / 5)
        let (frames, failure) = decode(packed)
        #expect(failure == nil)
        #expect(frames.map(\.body) == [[1, 2], text, [3]])
        #expect(frames.map(\.header.key) == [nil, key, nil])
        #expect(frames.allSatisfy { !$0.header.flags.contains(.compressed) })
    }

    @Test("are sent as they are where they are short, incompressible or secret")
    func notWorthIt() {
        var chance = WireChance(seed: 2)
        let noise = frame((0..<5_000).map { _ in UInt8(truncatingIfNeeded: chance.next()) })
        let short = frame([UInt8](repeating: 7, count: 1_023))
        let secret = frame(text, code: 5)
        #expect(compressed(short) == short)
        #expect(compressed(noise) == noise)
        #expect(compressed(secret, sparing: [5]) == secret)
        #expect(compressed([1, 2, 3]) == [1, 2, 3])
    }

    @Test("are sent as they are where they would expand beyond the bound")
    func tooGood() {
        let zeros = frame([UInt8](repeating: 0, count: 100_000))
        #expect(compressed(zeros) == zeros)
    }

    @Test("are refused where that was not agreed upon")
    func notAgreed() {
        let (_, failure) = decode(compressed(frame(text)), takesCompressed: false)
        #expect(failure == .invalidHeader("compression was not agreed upon"))
    }

    @Test("that are bombs are refused by what they declare")
    func bomb() {
        let block = [UInt8](repeating: 0x1f, count: 100)
        #expect(decode(forged(declared: 6_401, block: block)).1 == .tooLong(limit: 6_400, found: 6_401))
        let overLimit = decode(forged(declared: 5_000, block: block), longestFrame: 4_096)
        #expect(overLimit.1 == .tooLong(limit: 4_080, found: 5_000))
        #expect(decode(forged(declared: .max, block: block)).1 != nil)
    }

    @Test("of another size than declared are refused", arguments: [0, 1, 299, 301, 300_000] as [UInt32])
    func wrongSize(declared: UInt32) {
        // Token 0x1f: one literal, then a match of 19 + 255 + 20 bytes at distance 1; at last five literals.
        let block: [UInt8] = [0x1f, 0x61, 1, 0, 255, 20, 0x50, 1, 2, 3, 4, 5]
        #expect(decode(forged(declared: 300, block: block)).0.first?.body.count == 300)
        #expect(decode(forged(declared: declared, block: block)).1 != nil)
    }
}
