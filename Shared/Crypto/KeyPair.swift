internal import COpenSSL

/// A libcrypto key, freed with its last owner; it does not change after it was made, so threads share it.
final class KeyPair: @unchecked Sendable {
    let pointer: OpaquePointer

    init(taking pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }
}
