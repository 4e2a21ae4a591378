import Wire

/// A stream of bytes is cut into the same frames wherever the network splits it.
///
/// Input: one byte of settings, one byte that seeds the splits, then the stream.
enum FramesTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2 else { return }
        let stream = input.after(2)
        let decoder = FrameDecoder(
            longestFrame: input[0] & 1 == 0 ? FrameLimits.longest : FrameLimits.longestBeforeSignIn,
            takesCompressed: input[0] & 2 != 0)
        var whole: [InboundFrame] = []
        let progress = decoder.decode(stream, into: &whole)
        checkProgress(progress, of: whole, in: stream, decoder)

        var pieces = Pieces(decoder: decoder)
        pieces.feed(stream, seed: input[1])
        expect(pieces.frames.count == whole.count, "as many frames in pieces as in one")
        for (piece, one) in zip(pieces.frames, whole) {
            expect(piece.header == one.header && piece.body == one.body, "the same frame in pieces")
        }
        expect(pieces.failure?.error == progress.failure?.error, "the same failure in pieces")
    }

    /// Every frame that came without compression is written again as the bytes that it was read from.
    private static func checkProgress(
        _ progress: FrameDecoder.Progress, of frames: [InboundFrame], in stream: UnsafeRawBufferPointer,
        _ decoder: FrameDecoder
    ) {
        expect(progress.consumed <= stream.count, "no more is used than there is")
        var offset = 0
        for frame in frames {
            expect(frame.body.count <= decoder.longestFrame, "a body within the limit")
            let length = Int(
                UInt32(littleEndian: stream.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            let end = offset + FrameLimits.prefix + length
            let isCompressed = stream[offset + 5] & FrameFlags.compressed.rawValue != 0
            if !isCompressed {
                var again: [UInt8] = []
                frame.header.appendFrame(body: frame.body, to: &again)
                expect(again.elementsEqual(stream[offset..<end]), "one frame has one encoding")
            }
            offset = end
        }
        expect(offset == progress.consumed, "whole frames are used, and nothing else")
    }
}

/// Hands a stream over in pieces, as a connection does: what was not used stays in front of what comes next.
private struct Pieces {
    let decoder: FrameDecoder
    var frames: [InboundFrame] = []
    var failure: FrameDecoder.Failure?
    private var waiting: [UInt8] = []

    init(decoder: FrameDecoder) { self.decoder = decoder }

    mutating func feed(_ stream: UnsafeRawBufferPointer, seed: UInt8) {
        var chance = WireChance(seed: UInt64(seed))
        let longest = [1, 2, 5, 17, 64, 1_024][Int(seed) % 6]
        var offset = 0
        // Short pieces of a long stream would only repeat themselves.
        let least = stream.count / 256
        while offset < stream.count, failure == nil {
            let piece = min(stream.count - offset, least + 1 + chance.below(longest))
            waiting.append(contentsOf: stream[offset..<offset + piece])
            offset += piece
            let progress = waiting.withUnsafeBytes { decoder.decode($0, into: &frames) }
            waiting.removeFirst(progress.consumed)
            failure = progress.failure
        }
    }
}
