import Testing
import Wire

@testable import Transport

@Suite("Frames from bytes")
struct FrameDecoderTests {
    let decoder = FrameDecoder(longestFrame: 4_096)

    private func decode(_ bytes: [UInt8], by decoder: FrameDecoder) -> ([InboundFrame], FrameDecoder.Progress)
    {
        var frames: [InboundFrame] = []
        let progress = bytes.withUnsafeBytes { decoder.decode($0, into: &frames) }
        return (frames, progress)
    }

    private var mixedFrames: [UInt8] {
        var bytes = frame(1, bodyLength: 0)
        FrameHeader(
            code: 7, correlation: 2, timeLeftMilliseconds: 9, key: IdempotencyKey(high: 1, low: 2),
            trace: TracePart(traceHigh: 3, traceLow: 4, span: 5),
            acting: ActingPart(party: 6, marketplace: 7, roles: 8, session: 9), stream: 10
        ).appendFrame(body: body(2, 30), to: &bytes)
        return bytes + frame(3, bodyLength: 40)
    }

    @Test("a stream cut at any byte gives the same frames")
    func cutAnywhere() {
        let bytes = mixedFrames
        for cut in 0...bytes.count {
            let (first, progress) = decode(Array(bytes[..<cut]), by: decoder)
            #expect(progress.failure == nil)
            let (second, rest) = decode(Array(bytes[progress.consumed...]), by: decoder)
            let all = first + second
            #expect(all.map(\.header.correlation) == [1, 2, 3], "cut at \(cut)")
            #expect(all.map(\.body) == [[], body(2, 30), body(3, 40)], "cut at \(cut)")
            #expect(progress.consumed + rest.consumed == bytes.count)
        }
    }

    @Test("a declared length above the limit is refused by the length alone")
    func oversizeDeclared() {
        let (frames, progress) = decode(frame(1) + [0x01, 0x10, 0, 0], by: decoder)
        #expect(frames.count == 1)
        #expect(progress.failure?.error == .tooLong(limit: 4_096, found: 4_097))
        #expect(progress.failure?.correlation == 0)
    }

    @Test("the refusal of an oversize frame carries its correlation where its header is there")
    func oversizeCorrelation() {
        let (_, progress) = decode(Array(frame(77, bodyLength: 5_000)[..<20]), by: decoder)
        #expect(progress.failure?.correlation == 77)
    }

    @Test("a length that leaves no room for the header is refused", arguments: 0..<16 as Range<UInt8>)
    func undersize(length: UInt8) {
        let (_, progress) = decode([length, 0, 0, 0] + [UInt8](repeating: 1, count: 40), by: decoder)
        #expect(progress.failure?.error == .truncated(expected: 16, found: Int(length)))
    }

    @Test("header parts that the length cuts off are refused")
    func partsCutOff() {
        var bytes: [UInt8] = []
        FrameHeader(code: 1, correlation: 5, key: IdempotencyKey(high: 1, low: 2)).appendFrame(
            body: [], to: &bytes)
        bytes[0] -= 1
        let (_, progress) = decode(bytes, by: decoder)
        #expect(progress.failure?.error == .truncated(expected: 8, found: 7))
        #expect(progress.failure?.correlation == 5)
    }

    @Test("an unknown version and unknown flags are refused")
    func garbageHeader() {
        var version = frame(5)
        version[4] = 99
        #expect(decode(version, by: decoder).1.failure?.error == .unsupportedVersion(found: 99))
        #expect(decode(version, by: decoder).1.failure?.correlation == 0)
        var flags = frame(6)
        flags[5] = 0x80
        #expect(decode(flags, by: decoder).1.failure?.error == .invalidHeader("unknown flag bits 128"))
        #expect(decode(flags, by: decoder).1.failure?.correlation == 6)
    }

    @Test("no bytes make it trap")
    func noise() {
        var chance = WireChance(seed: 1)
        var decoder = decoder
        decoder.takesCompressed = true
        for _ in 0..<20_000 {
            var bytes = (0..<chance.below(80)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
            if bytes.count >= 6 {
                bytes.replaceSubrange(
                    0..<6, with: [UInt8(chance.below(64)), 0, 0, 0, 1, UInt8(chance.below(64))])
            }
            let (_, progress) = decode(bytes, by: decoder)
            if progress.consumed > bytes.count { Issue.record("\(progress.consumed) of \(bytes)") }
        }
    }
}
