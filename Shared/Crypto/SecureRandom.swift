internal import COpenSSL

/// Unpredictable bytes from libcrypto's generator, for keys, salts and ids drawn at the edge.
///
/// Never used in the deterministic part, which is handed its chance.
public enum SecureRandom {
    /// `count` bytes; a negative count yields none.
    public static func bytes(_ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            fill(UnsafeMutableRawBufferPointer(buffer.extracting(..<count)))
            filled = count
        }
    }

    /// A number in 0...UInt64.max, each equally likely.
    public static func uint64() -> UInt64 {
        var value: UInt64 = 0
        withUnsafeMutableBytes(of: &value) { fill($0) }
        return value
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        // One call takes at most Int32.max bytes.
        var start = 0
        while start < buffer.count {
            let length = min(buffer.count - start, 1 << 30)
            let address = buffer.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self)
            precondition(RAND_bytes(address, Int32(length)) == 1, "no randomness from the operating system")
            start += length
        }
    }
}
