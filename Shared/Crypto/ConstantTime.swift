internal import COpenSSL

/// Whether both byte sequences are the same, in a time that depends on their lengths alone.
public func constantTimeEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return first.withUnsafeBytes { first in
        second.withUnsafeBytes { second in
            first.isEmpty || CRYPTO_memcmp(first.baseAddress, second.baseAddress, first.count) == 0
        }
    }
}
