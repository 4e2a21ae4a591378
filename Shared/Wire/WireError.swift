/// What is wrong with bytes that were offered as a frame or a message body.
///
/// Every case says what was expected and what was found; none carries content of the message.
public enum WireError: Error, Equatable, Sendable {
    /// The bytes end before the value does.
    case truncated(expected: Int, found: Int)
    /// A complete value is followed by bytes that belong to nothing.
    case trailingBytes(Int)
    /// A text, list or frame declares more than its limit.
    case tooLong(limit: Int, found: Int)
    /// A byte that selects one of a closed set of cases selects none of them.
    case invalidCase(type: String, found: UInt64)
    /// A text is not UTF-8, or holds a control character other than tab and line feed.
    case invalidText
    /// A value has more than one possible encoding, and this is not the one.
    case notCanonical(String)
    /// The frame's first byte is no protocol version that this side speaks.
    case unsupportedVersion(found: UInt8)
    /// Flags or lengths in a frame's header contradict each other.
    case invalidHeader(String)
}

extension WireError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let expected, let found): "expected \(expected) more bytes, found \(found)"
        case .trailingBytes(let count): "expected the end of the message, found \(count) more bytes"
        case .tooLong(let limit, let found): "expected a length of at most \(limit), found \(found)"
        case .invalidCase(let type, let found): "expected a case of \(type), found \(found)"
        case .invalidText: "expected UTF-8 text without control characters"
        case .notCanonical(let what): "expected the one canonical encoding: \(what)"
        case .unsupportedVersion(let found):
            "expected protocol version \(ProtocolVersion.current), found \(found)"
        case .invalidHeader(let what): "expected a valid frame header: \(what)"
        }
    }
}
