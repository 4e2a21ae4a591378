internal import COpenSSL

/// The base64 alphabet with padding (RFC 4648, section 4), in its one canonical spelling.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "" }
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let length = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(length)), as: UTF8.self)
    }

    /// The bytes of `text`, or nil unless `encode` would spell them exactly so.
    static func decode(_ text: some StringProtocol, maximumByteCount: Int) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0, characters.count / 4 * 3 <= maximumByteCount + 2 else { return nil }
        guard !characters.isEmpty else { return [] }
        var bytes = [UInt8](repeating: 0, count: characters.count / 4 * 3)
        guard EVP_DecodeBlock(&bytes, characters, Int32(characters.count)) == bytes.count else {
            ERR_clear_error()
            return nil
        }
        // EVP_DecodeBlock takes padding for zero bytes and skips white space; spelling them again shows both.
        let padding = characters.suffix(2).count { $0 == UInt8(ascii: "=") }
        bytes.removeLast(padding)
        guard bytes.count <= maximumByteCount, encode(bytes) == text else { return nil }
        return bytes
    }
}
