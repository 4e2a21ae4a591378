import Kernel
import Messages
import Wire

/// A query as it came, and where its answer goes.
public struct Question: Sendable {
    public let address: ReplyAddress
    public let code: UInt16
    public let version: UInt8
    public let body: [UInt8]
    public let acting: Acting
    /// The service that asks, or the gateway for clients.
    public let peer: ServiceName?

    public init(
        address: ReplyAddress, code: UInt16, version: UInt8, body: [UInt8], acting: Acting, peer: ServiceName?
    ) {
        self.address = address
        self.code = code
        self.version = version
        self.body = body
        self.acting = acting
        self.peer = peer
    }
}
