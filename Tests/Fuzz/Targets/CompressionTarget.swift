import CLZ4
import Wire

/// A compressed body is taken only at its declared length, which is bounded before anything is allocated.
///
/// Input: one byte of settings; either a declared length of four bytes and a block, or, with the lowest bit
/// set, content that is compressed here and, by the second byte, damaged in one place.
enum CompressionTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 6 else { return }
        let longest =
            input[0] & 2 == 0 ? FrameLimits.longest : FrameLimits.longestBeforeSignIn
        if input[0] & 1 == 0 {
            let declared = UInt32(littleEndian: input.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
            _ = decode(Array(input.after(5)), declared: declared, longest)
        } else {
            roundTrip(input, longest)
        }
    }

    private static func roundTrip(_ input: UnsafeRawBufferPointer, _ longest: Int) {
        let repeats = 1 + Int(input[2] & 63)
        let piece = Array(input.after(5))
        guard !piece.isEmpty, piece.count * repeats <= 1 << 16 else { return }
        let content = Array(repeatElement(piece, count: repeats).joined())
        var block = compressed(content)
        let isDamaged = input[1] != 0
        if isDamaged {
            let place = (Int(input[3]) | Int(input[4]) << 8) % block.count
            block[place] ^= input[1]
        }
        let body = decode(block, declared: UInt32(content.count), longest)
        let fits =
            content.count <= block.count * FrameLimits.greatestExpansion
            && content.count <= longest - FrameLimits.header - 4
            && block.count <= longest - FrameLimits.header - 4
        if !isDamaged { expect((body == content) == fits, "what was compressed is read again") }
    }

    /// The body, or nothing where the frame is refused; checks what is promised of both.
    private static func decode(_ block: [UInt8], declared: UInt32, _ longest: Int) -> [UInt8]? {
        var body: [UInt8] = []
        withUnsafeBytes(of: declared.littleEndian) { body.append(contentsOf: $0) }
        body += block
        var frame: [UInt8] = []
        FrameHeader(code: 1, correlation: 7, flags: .compressed).appendFrame(body: body, to: &frame)
        let decoder = FrameDecoder(longestFrame: longest, takesCompressed: true)
        var frames: [InboundFrame] = []
        let progress = frame.withUnsafeBytes { decoder.decode($0, into: &frames) }
        guard let found = frames.first else {
            expect(progress.failure != nil, "a whole frame is taken or refused")
            return nil
        }
        expect(found.body.count == Int(declared), "the body has its declared length")
        expect(found.body.count <= longest, "the body is within the limit of a frame")
        expect(
            found.body.count <= block.count * FrameLimits.greatestExpansion,
            "the body is within the greatest expansion")
        expect(!found.header.flags.contains(.compressed), "the header no longer says compressed")
        return found.body
    }

    private static func compressed(_ content: [UInt8]) -> [UInt8] {
        let capacity = Int(LZ4_compressBound(Int32(content.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { room, count in
            content.withUnsafeBytes { bytes in
                let written = LZ4_compress_default(
                    bytes.baseAddress, room.baseAddress, Int32(bytes.count), Int32(capacity))
                count = Int(written)
            }
        }
    }
}
