internal import COpenSSL

/// Named parameters for a libcrypto algorithm.
///
/// An `OSSL_PARAM` keeps the addresses of its name and value, so names are static strings and the list owns a
/// copy of each value, wiped when the list goes.
final class ParameterList {
    private var parameters: [OSSL_PARAM] = []
    private var values: [UnsafeMutableRawBufferPointer] = []

    deinit {
        for value in values {
            OPENSSL_cleanse(value.baseAddress, value.count)
            value.deallocate()
        }
    }

    func append(_ name: StaticString, text: String) {
        let value = copy(Array(text.utf8))
        parameters.append(
            OSSL_PARAM_construct_utf8_string(
                address(of: name), value.baseAddress?.assumingMemoryBound(to: CChar.self), text.utf8.count))
    }

    func append(_ name: StaticString, octets: [UInt8]) {
        let value = copy(octets)
        parameters.append(
            OSSL_PARAM_construct_octet_string(address(of: name), value.baseAddress, octets.count))
    }

    func withParameters(_ body: (UnsafePointer<OSSL_PARAM>?) -> Int32) -> Int32 {
        let terminated = parameters + [OSSL_PARAM_construct_end()]
        return terminated.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    private func copy(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        // One byte more: a text ends in zero, and an empty value needs an address.
        let value = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 1, alignment: 8)
        value.copyBytes(from: bytes)
        value[bytes.count] = 0
        values.append(value)
        return value
    }

    private func address(of name: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
