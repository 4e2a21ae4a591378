import Testing
import Wire

@Suite("Frame headers")
struct FrameHeaderTests {
    static let parts: [FrameFlags] = [.key, .trace, .acting, .stream, .compressed, .answer]

    /// Every combination of flags.
    static let combinations: [FrameFlags] = (0..<(UInt8(1) << 6)).map { FrameFlags(rawValue: $0) }

    private func header(_ flags: FrameFlags) -> FrameHeader {
        FrameHeader(
            code: 0x0103, correlation: 0x0102_0304_0506_0708,
            flags: flags.intersection([.compressed, .answer]), timeLeftMilliseconds: 0x0a0b_0c0d,
            key: flags.contains(.key) ? IdempotencyKey(high: 1, low: .max) : nil,
            trace: flags.contains(.trace) ? TracePart(traceHigh: 2, traceLow: 3, span: 4) : nil,
            acting: flags.contains(.acting)
                ? ActingPart(party: 5, marketplace: 6, roles: 7, session: 8) : nil,
            stream: flags.contains(.stream) ? 9 : nil)
    }

    private func frame(_ header: FrameHeader, _ body: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        header.appendFrame(body: body, to: &bytes)
        return bytes
    }

    private func read(_ bytes: some Collection<UInt8>) throws(WireError) -> (FrameHeader, body: Int) {
        var result: Result<(FrameHeader, Int), WireError> = .failure(.invalidText)
        Array(bytes).withUnsafeBytes { raw in
            do throws(WireError) {
                var reader = Reader(raw)
                result = .success((try FrameHeader(&reader), reader.remaining))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    @Test("comes back as it was, with every combination of parts", arguments: combinations)
    func roundTrip(flags: FrameFlags) throws {
        let bytes = frame(header(flags), [1, 2, 3])
        let length = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == bytes.count - 4)
        let (found, body) = try read(bytes.dropFirst(4))
        #expect(found == header(flags))
        #expect(found.flags == flags)
        #expect(body == 3)
    }

    @Test("cut anywhere is refused", arguments: combinations)
    func truncated(flags: FrameFlags) {
        let bytes = frame(header(flags)).dropFirst(4)
        for end in 0..<bytes.count {
            #expect(throws: WireError.self, "cut at \(end)") { try read(bytes.prefix(end)) }
        }
    }

    @Test("the parts stand in the order of their flags' bits")
    func layout() {
        let bytes = frame(header([.key, .trace, .acting, .stream]), [0xff])
        #expect(
            Hex.encode(bytes)
                == "56000000" + "01" + "0f" + "0301" + "0807060504030201" + "0d0c0b0a"
                + "0000000000000001" + "ffffffffffffffff"
                + "0200000000000000" + "0300000000000000" + "0400000000000000"
                + "0500000000000000" + "06000000" + "07" + "0800000000000000"
                + "0900000000000000" + "ff")
    }

    @Test("unknown flags are refused", arguments: [UInt8(1) << 6, 1 << 7, 0xff])
    func unknownFlags(bits: UInt8) {
        var bytes = frame(header([.key]))
        bytes[5] |= bits
        #expect(throws: WireError.invalidHeader("unknown flag bits \(bits | 1)")) {
            try read(bytes.dropFirst(4))
        }
    }

    @Test("unknown versions are refused", arguments: [UInt8(0), ProtocolVersion.current + 1, 0xff])
    func unknownVersions(version: UInt8) {
        var bytes = frame(header([]))
        bytes[4] = version
        #expect(throws: WireError.unsupportedVersion(found: version)) { try read(bytes.dropFirst(4)) }
    }

    @Test("a part taken away takes its flag with it")
    func partRemoved() throws {
        var changed = header([.key, .answer])
        changed.key = nil
        let (found, body) = try read(frame(changed, [7]).dropFirst(4))
        #expect(found.flags == .answer)
        #expect(body == 1)
    }

    @Test("keys are ordered as their bytes are")
    func keyOrder() {
        let keys = [
            IdempotencyKey(high: 0, low: .max), IdempotencyKey(high: 1, low: 0),
            IdempotencyKey(high: 256, low: 0),
        ]
        #expect(keys == keys.shuffled().sorted())
        let encoded = keys.map { key in Array(frame(FrameHeader(code: 1, key: key))[20..<36]) }
        #expect(zip(encoded, encoded.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
    }
}
