/// Why a link failed. The texts are for the operator's log and carry no content of messages.
public enum LinkFault: Error, Equatable, Sendable {
    /// The other side could not be dialled.
    case unreachable(String)
    /// The other side did not prove who it is, or does not speak TLS 1.3 or this protocol.
    case untrusted(String)
    /// TLS and the first frame took longer than the limit.
    case handshakeTimedOut
    /// Nothing was heard for longer than the limit.
    case idle
    /// The other side reads more slowly than it is sent to.
    case slowReader(pendingBytes: Int)
    /// The limit of links, or of links from one address, is reached.
    case tooManyLinks
    /// The connection broke.
    case broken(String)
}

extension LinkFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let why): "could not be dialled: \(why)"
        case .untrusted(let why): "not trusted: \(why)"
        case .handshakeTimedOut: "the handshake took too long"
        case .idle: "nothing was heard for too long"
        case .slowReader(let pending): "reads too slowly: \(pending) bytes were waiting"
        case .tooManyLinks: "too many links"
        case .broken(let why): "broke: \(why)"
        }
    }
}
