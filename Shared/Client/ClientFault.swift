import Wire

/// Why a request got no answer, other than a refusal.
public enum ClientFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The connection never came up.
    case notConnected(String)
    /// The connection is gone; whether a command was carried out is unknown. Sent again with its key, it is
    /// carried out at most once.
    case closed(String)
    /// No answer came in time; the same holds.
    case timedOut
    /// The answer is not the one that belongs to the request.
    case unexpectedAnswer(code: UInt16)
    /// The answer breaks the encoding.
    case malformedAnswer(WireError)
    /// The house did not come to rest.
    case notQuiet(String)

    public var description: String {
        switch self {
        case .notConnected(let why): "no connection: \(why)"
        case .closed(let why): "the connection is gone: \(why)"
        case .timedOut: "no answer came in time"
        case .unexpectedAnswer(let code):
            "message 0x\(Hex.encode([UInt8(code >> 8), UInt8(code & 0xff)])) is no answer to this"
        case .malformedAnswer(let error): "the answer breaks the encoding: \(error)"
        case .notQuiet(let what): "the house did not come to rest: \(what)"
        }
    }
}
