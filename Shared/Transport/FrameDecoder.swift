import CLZ4
import Wire

/// Cuts a stream of bytes into frames. Holds no bytes and does no input: it is shown what there is.
package struct FrameDecoder {
    /// The longest frame taken, its length prefix not counted, in bytes; also after decompression.
    package var longestFrame: Int
    /// Whether compressed bodies were agreed upon.
    package var takesCompressed = false

    /// How far decoding came.
    package struct Progress {
        /// Bytes that were used up by whole frames.
        package var consumed = 0
        /// Why the bytes after that can never become a frame.
        package var failure: Failure?
    }

    package struct Failure {
        package var error: WireError
        /// That of the offending frame, or 0 where it cannot be known.
        package var correlation: UInt64
    }

    package init(longestFrame: Int, takesCompressed: Bool = false) {
        self.longestFrame = longestFrame
        self.takesCompressed = takesCompressed
    }

    /// Appends all whole frames at the front of `bytes`. A declared length is judged before anything is awaited
    /// or allocated for it.
    package func decode(_ bytes: UnsafeRawBufferPointer, into frames: inout [InboundFrame]) -> Progress {
        var progress = Progress()
        while bytes.count - progress.consumed >= FrameLimits.prefix {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[progress.consumed...])
            let length = Int(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
            do throws(WireError) {
                guard length >= FrameLimits.header else {
                    throw .truncated(expected: FrameLimits.header, found: length)
                }
                guard length <= longestFrame else { throw .tooLong(limit: longestFrame, found: length) }
                let end = FrameLimits.prefix + length
                guard rest.count >= end else { return progress }
                frames.append(try frame(UnsafeRawBufferPointer(rebasing: rest[FrameLimits.prefix..<end])))
                progress.consumed += end
            } catch {
                progress.failure = Failure(
                    error: error, correlation: Self.correlation(in: rest, after: error))
                return progress
            }
        }
        return progress
    }

    private func frame(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> InboundFrame {
        var reader = Reader(bytes)
        var header = try FrameHeader(&reader)
        guard header.flags.contains(.compressed) else {
            return InboundFrame(header: header, body: try reader.bytes(reader.remaining))
        }
        guard takesCompressed else { throw .invalidHeader("compression was not agreed upon") }
        header.flags.remove(.compressed)
        let headerLength = bytes.count - reader.remaining
        let length = try reader.length(limit: longestFrame - headerLength)
        let block = UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - reader.remaining)...])
        return InboundFrame(header: header, body: try Self.decompress(block, to: length))
    }

    /// LZ4's own greatest ratio is 255; a tighter bound keeps small frames from filling memory.
    private static func decompress(_ block: UnsafeRawBufferPointer, to length: Int) throws(WireError)
        -> [UInt8]
    {
        let limit = block.count * FrameLimits.greatestExpansion
        guard length <= limit else { throw .tooLong(limit: limit, found: length) }
        guard length > 0, let block32 = Int32(exactly: block.count), let length32 = Int32(exactly: length)
        else {
            throw .invalidHeader("a compressed body of \(length) bytes")
        }
        let body = [UInt8](unsafeUninitializedCapacity: length) { body, count in
            let written = LZ4_decompress_safe(block.baseAddress, body.baseAddress, block32, length32)
            count = max(0, Int(written))
        }
        guard body.count == length else { throw .invalidHeader("a body that is no LZ4 block of its length") }
        return body
    }

    /// The layout behind an unknown version is unknown too.
    private static func correlation(in frame: UnsafeRawBufferPointer, after error: WireError) -> UInt64 {
        if case .unsupportedVersion = error { return 0 }
        let offset = FrameLimits.prefix + 4
        guard frame.count >= offset + 8 else { return 0 }
        let length = UInt32(littleEndian: frame.loadUnaligned(as: UInt32.self))
        guard length >= FrameLimits.header else { return 0 }
        return UInt64(littleEndian: frame.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
