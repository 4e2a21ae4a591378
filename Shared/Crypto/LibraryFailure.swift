internal import COpenSSL

extension CryptoError {
    /// The oldest error in this thread's libcrypto queue, which is emptied.
    static func lastLibraryError(_ call: String) -> CryptoError {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return .library(call) }
        return .library("\(call): \(String(cString: reason))")
    }
}

/// Throws libcrypto's reason unless the call returned 1, its sign of success.
func expectSuccess(_ result: Int32, _ call: StaticString) throws(CryptoError) {
    guard result == 1 else { throw .lastLibraryError("\(call)") }
}

/// The object a libcrypto constructor made, or the reason why there is none.
func expectObject<Object>(_ object: Object?, _ call: StaticString) throws(CryptoError) -> Object {
    guard let object else { throw .lastLibraryError("\(call)") }
    return object
}
