/// A connection, as the transport numbers it; never reused within a process.
public struct LinkID: Hashable, Sendable {
    public let raw: UInt64
    public init(raw: UInt64) { self.raw = raw }
}

/// A frame that arrived whole, its body unpacked.
public struct InboundFrame: Sendable {
    public var header: FrameHeader
    public var body: [UInt8]
    public init(header: FrameHeader, body: [UInt8]) {
        self.header = header
        self.body = body
    }
}

/// Hears what happens on links. Every call comes on the link's event loop.
public protocol LinkDelegate: AnyObject, Sendable {
    /// A link is up. `peer` is the name in the other side's verified certificate, nothing without one.
    func linkOpened(_ link: LinkID, peer: String?, address: String)
    /// Everything that one read brought, as one batch, in order.
    func linkReceived(_ link: LinkID, frames: [InboundFrame])
    /// The other side broke the encoding; reading has stopped. The delegate may send a refusal, then closes.
    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64)
    /// A link is gone, or never came up.
    func linkClosed(_ link: LinkID)
}
