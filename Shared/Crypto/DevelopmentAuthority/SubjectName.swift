import Glibc

/// A name or address that a certificate speaks for.
enum SubjectName: Equatable {
    case host(String)
    case address(String)

    /// Throws `invalidName` unless `text` is a DNS name or an IP address.
    init(_ text: String) throws(CryptoError) {
        if Self.isAddress(text) {
            self = .address(text)
        } else if Self.isHost(text) {
            self = .host(text)
        } else {
            throw .invalidName(text)
        }
    }

    /// As libcrypto's extension syntax has it; neither form can contain a comma or colon of that syntax,
    /// but for the colons of an IPv6 address, which come after `IP:`.
    var extensionText: String {
        switch self {
        case .host(let name): "DNS:\(name)"
        case .address(let address): "IP:\(address)"
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        var buffer = in6_addr()
        return inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1
    }

    /// Labels of letters, digits and inner hyphens (RFC 1123).
    static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
