internal import COpenSSL

/// libcrypto's HMAC-SHA256 context with the key already mixed in, so that each message starts from there.
final class HMACState {
    private let context: OpaquePointer

    init(key: [UInt8]) throws(CryptoError) {
        context = try expectObject(EVP_MAC_CTX_new(Algorithms.hmac), "EVP_MAC_CTX_new")
        let parameters = ParameterList()
        parameters.append("digest", text: "SHA256")
        // libcrypto takes a null key for 'keep the one you have', so an empty key needs an address too.
        let started = (key + [0]).withUnsafeBufferPointer { keyBytes in
            parameters.withParameters { EVP_MAC_init(context, keyBytes.baseAddress, key.count, $0) }
        }
        try expectSuccess(started, "EVP_MAC_init")
    }

    /// A context of its own with the same key; reads the original only, so threads may copy it at once.
    init(copying other: HMACState) {
        guard let copy = EVP_MAC_CTX_dup(other.context) else {
            preconditionFailure("out of memory for a hash")
        }
        context = copy
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    func authenticate(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            authenticate(bytes, into: UnsafeMutableRawBufferPointer(buffer))
            count = SHA256.byteCount
        }
    }

    func hash128(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        withUnsafeTemporaryAllocation(byteCount: SHA256.byteCount, alignment: 8) { code in
            authenticate(bytes, into: code)
            let first = code.load(fromByteOffset: 0, as: UInt64.self)
            let second = code.load(fromByteOffset: 8, as: UInt64.self)
            return (UInt64(littleEndian: first), UInt64(littleEndian: second))
        }
    }

    private func authenticate(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        let input = bytes.assumingMemoryBound(to: UInt8.self)
        let code = output.assumingMemoryBound(to: UInt8.self)
        var length = 0
        Algorithms.require(EVP_MAC_init(context, nil, 0, nil))
        Algorithms.require(EVP_MAC_update(context, input.baseAddress, input.count))
        Algorithms.require(EVP_MAC_final(context, code.baseAddress, &length, code.count))
    }
}
