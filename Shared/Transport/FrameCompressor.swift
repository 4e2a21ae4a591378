import CLZ4
import NIOCore
import Wire

/// Compresses the bodies of outgoing frames where that saves a fifth.
package struct FrameCompressor {
    /// Codes of messages with secret fields: compressing those would tell something of the secret by the length.
    let spared: Set<UInt16>

    package init(spared: Set<UInt16>) { self.spared = spared }

    /// The frames of `bytes`, those worth it compressed.
    package func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var out = ByteBuffer()
        append(bytes, to: &out)
        return Array(out.readableBytesView)
    }

    /// Appends whole frames, those worth it compressed. Bytes that are no frames are appended as they are.
    func append(_ bytes: [UInt8], to out: inout ByteBuffer) {
        bytes.withUnsafeBytes { bytes in
            var plainFrom = 0
            var position = 0
            while bytes.count - position >= FrameLimits.prefix {
                let length = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
                let end = position + FrameLimits.prefix + Int(UInt32(littleEndian: length))
                guard end <= bytes.count else { break }
                let frame = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
                if let bodyStart = bodyWorthCompressing(frame) {
                    out.writeBytes(bytes[plainFrom..<position])
                    plainFrom = Self.compress(frame, bodyStart: bodyStart, to: &out) ? end : position
                }
                position = end
            }
            out.writeBytes(bytes[plainFrom...])
        }
    }

    private func bodyWorthCompressing(_ frame: UnsafeRawBufferPointer) -> Int? {
        guard frame.count >= FrameLimits.compressedFrom, frame.count <= Int(LZ4_MAX_INPUT_SIZE) else {
            return nil
        }
        var reader = Reader(UnsafeRawBufferPointer(rebasing: frame[FrameLimits.prefix...]))
        guard let header = try? FrameHeader(&reader), !header.flags.contains(.compressed),
            !spared.contains(header.code), reader.remaining >= FrameLimits.compressedFrom
        else { return nil }
        return frame.count - reader.remaining
    }

    /// Leaves `out` as it was, and says so, where nothing is gained.
    private static func compress(
        _ frame: UnsafeRawBufferPointer, bodyStart: Int, to out: inout ByteBuffer
    ) -> Bool {
        let body = UnsafeRawBufferPointer(rebasing: frame[bodyStart...])
        let capacity = body.count - body.count / 5 - 4
        let start = out.writerIndex
        out.writeBytes(frame[..<bodyStart])
        out.writeInteger(UInt32(body.count), endianness: .little)
        let written = out.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { room in
            max(
                0,
                Int(
                    LZ4_compress_default(
                        body.baseAddress, room.baseAddress, Int32(body.count), Int32(capacity))))
        }
        guard written > 0, body.count <= written * FrameLimits.greatestExpansion else {
            out.moveWriterIndex(to: start)
            return false
        }
        let flags = FrameFlags(rawValue: frame[FrameLimits.prefix + 1]).union(.compressed)
        out.setInteger(UInt32(bodyStart - FrameLimits.prefix + 4 + written), at: start, endianness: .little)
        out.setInteger(flags.rawValue, at: start + FrameLimits.prefix + 1)
        return true
    }
}
