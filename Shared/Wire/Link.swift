/// One connection, named by a number that no other connection of the same process ever has.
public struct LinkID: Hashable, Sendable {
    public let raw: UInt64
    @inlinable public init(raw: UInt64) { self.raw = raw }
}

/// A frame as it came in: its header, and its body after decompression.
///
/// The header of a body that came compressed no longer says so.
public struct InboundFrame: Sendable {
    public var header: FrameHeader
    public var body: [UInt8]
    @inlinable public init(header: FrameHeader, body: [UInt8]) {
        self.header = header
        self.body = body
    }
}

/// What is told of connections. All calls for one link come from one thread, in order, and must not block.
public protocol LinkDelegate: AnyObject, Sendable {
    /// The link is ready: frames may be sent, and will be received.
    ///
    /// - Parameters:
    ///   - peer: the service that the verified certificate names; nil where no service is named.
    ///   - address: the other side's numeric address, without the port.
    func linkOpened(_ link: LinkID, peer: String?, address: String)
    /// Everything decoded in one read, as one batch.
    func linkReceived(_ link: LinkID, frames: [InboundFrame])
    /// Bytes came that are no frame. Reading has stopped; one may send a refusal, and then closes the link.
    ///
    /// - Parameter correlation: that of the offending frame, or 0 where it cannot be known.
    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64)
    /// The link failed; `linkClosed` follows if `linkOpened` came before, or if this side dialled.
    ///
    /// It is also told of incoming links that failed before they opened, of which nothing else is ever told.
    func linkFailed(_ link: LinkID, fault: LinkFault)
    /// The link is gone; whatever is sent on it from now on is dropped.
    func linkClosed(_ link: LinkID)
}

extension LinkDelegate {
    public func linkFailed(_ link: LinkID, fault: LinkFault) {}
}
