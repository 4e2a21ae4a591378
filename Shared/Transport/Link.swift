import NIOCore
import NIOSSL
import NIOTLS
import Wire

/// One connection: bytes in, batches of frames to the delegate; frames out, one write and flush a tick of its loop.
///
/// Lives on its event loop and is touched nowhere else.
final class Link: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage {
        /// Being dialled, or not active yet.
        case connecting
        /// The TLS handshake is under way.
        case securing
        case open
        /// What came is no frame: nothing more is taken, but a refusal may be sent.
        case refusing
        /// Being closed: what was sent is flushed; what still comes is read and dropped, because closing a socket
        /// with unread bytes would destroy what is on its way out.
        case draining
        case closed
    }

    let id: LinkID
    private let loop: LinkLoop
    private let limits: LinkLimits
    private let delegate: any LinkDelegate
    private let compressor: FrameCompressor
    private let isDialled: Bool
    private let tls: LinkTLS?

    private var stage = Stage.connecting
    private var context: ChannelHandlerContext?
    private var tlsHandler: NIOSSLHandler?
    private var isAnnounced = false
    private var hasSpoken = false
    private var lastHeard = NIODeadline.now()
    private var deadline: Scheduled<Void>?

    private var decoder: FrameDecoder
    private var partial = ByteBuffer()
    private var frames: [InboundFrame] = []
    private var failure: FrameDecoder.Failure?
    private var usualBatch = 0
    private var isReadWanted = true
    private var isCongested = false
    private var isReading: Bool

    private var outgoing = ByteBuffer()
    private var pendingBytes = 0
    private var isToBeFlushed = false
    private var compresses = false
    private var isOutputClosed = false

    /// Buffers that grew beyond this are let go when they are empty, so that a burst is not paid for for ever.
    private static let keptCapacity = 64 << 10
    private static let mostFramesReserved = 128

    init(
        _ id: LinkID, on loop: LinkLoop, isDialled: Bool, tls: LinkTLS?, limits: LinkLimits,
        compressor: FrameCompressor, delegate: any LinkDelegate
    ) {
        self.id = id
        self.loop = loop
        self.isDialled = isDialled
        self.tls = tls
        self.limits = limits
        self.compressor = compressor
        self.delegate = delegate
        decoder = FrameDecoder(longestFrame: limits.longestFrame)
        isReading = !isDialled
    }

    /// Puts TLS and this link onto a channel.
    func install(on channel: any Channel) throws {
        tlsHandler = try tls?.handler()
        if let tlsHandler { try channel.pipeline.syncOperations.addHandler(tlsHandler) }
        try channel.pipeline.syncOperations.addHandler(self)
    }

    /// The dialled channel is there, unless the link was closed meanwhile.
    func dialled(_ channel: any Channel) {
        guard stage == .connecting else { return channel.close(promise: nil) }
        do {
            try install(on: channel)
            adjustReading()
        } catch {
            fail(.untrusted(String(describing: error)))
            channel.close(promise: nil)
        }
    }
}

extension Link {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { activate(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        activate(context)
    }

    private func activate(_ context: ChannelHandlerContext) {
        guard stage == .connecting else { return }
        stage = .securing
        arm(limits.handshakeTimeout)
        if tlsHandler == nil { opened(peer: nil, context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let chosen) = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        guard stage == .securing else { return }
        guard let tls, tls.protocols.isEmpty || chosen.map(tls.protocols.contains) == true else {
            return fail(.untrusted("no application protocol in common"))
        }
        opened(peer: tlsHandler?.peerCertificate.flatMap(ServiceIdentity.named(by:)), context)
    }

    private func opened(peer: String?, _ context: ChannelHandlerContext) {
        stage = .open
        isAnnounced = true
        delegate.linkOpened(id, peer: peer, address: context.channel.remoteAddress?.ipAddress ?? "")
    }

    private func arm(_ wait: Duration) {
        deadline?.cancel()
        deadline = loop.eventLoop.scheduleTask(in: TimeAmount(wait)) { [self] in deadlinePassed() }
    }

    private func deadlinePassed() {
        switch stage {
        case .connecting, .securing: fail(.handshakeTimedOut)
        case .open where !hasSpoken: fail(.handshakeTimedOut)
        case .open:
            // Silence is the other side's only while this side listens.
            if !isReading { lastHeard = .now() }
            let left = lastHeard + TimeAmount(limits.idleTimeout) - .now()
            if left <= .zero { fail(.idle) } else { arm(.nanoseconds(left.nanoseconds)) }
        case .refusing, .draining: abort()
        case .closed: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOSSLError.uncleanShutdown where stage != .securing: abort()
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            fail(.untrusted(String(describing: error)))
        default: fail(.broken(String(describing: error)))
        }
    }

    /// Tells why, and closes at once.
    func fail(_ fault: LinkFault) {
        guard stage != .draining, stage != .closed else { return abort() }
        delegate.linkFailed(id, fault: fault)
        abort()
    }

    /// Closes; after flushing, or at once.
    func close(afterFlush: Bool) {
        guard afterFlush, stage == .open || stage == .refusing else {
            if !afterFlush || stage == .connecting || stage == .securing { abort() }
            return
        }
        stage = .draining
        arm(limits.closingTimeout)
        adjustReading()
        flushSoon()
    }

    /// Closes at once, past TLS, which would wait for the other side.
    func abort() {
        guard stage != .closed else { return }
        guard let context else { return finish() }
        stage = .draining
        let below = tlsHandler.flatMap { try? context.pipeline.syncOperations.context(handler: $0) }
        (below ?? context).close(mode: .all, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deliver()
        finish()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    private func finish() {
        guard stage != .closed else { return }
        if stage == .securing, !isDialled {
            delegate.linkFailed(id, fault: .untrusted("closed in the handshake"))
        }
        stage = .closed
        deadline?.cancel()
        context = nil
        tlsHandler = nil
        loop.remove(self)
        if isAnnounced || isDialled { delegate.linkClosed(id) }
    }
}

extension Link {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard stage == .open, failure == nil else { return }
        lastHeard = .now()
        var received = unwrapInboundIn(data)
        if partial.readableBytes == 0 {
            decode(&received)
            if received.readableBytes > 0, failure == nil { partial.writeImmutableBuffer(received) }
        } else {
            partial.writeBuffer(&received)
            decode(&partial)
            partial.discardReadBytes()
        }
        if partial.readableBytes == 0, partial.capacity > Self.keptCapacity { partial = ByteBuffer() }
    }

    private func decode(_ buffer: inout ByteBuffer) {
        frames.reserveCapacity(usualBatch)
        let progress = buffer.withUnsafeReadableBytes { decoder.decode($0, into: &frames) }
        buffer.moveReaderIndex(forwardBy: progress.consumed)
        failure = progress.failure
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver()
    }

    private func deliver() {
        guard stage == .open, !frames.isEmpty || failure != nil else { return }
        let batch = frames
        frames = []
        usualBatch = min(batch.count, Self.mostFramesReserved)
        if !batch.isEmpty {
            if !hasSpoken {
                hasSpoken = true
                arm(limits.idleTimeout)
            }
            delegate.linkReceived(id, frames: batch)
        }
        if let failure, stage == .open { refuse(failure) }
    }

    private func refuse(_ failure: FrameDecoder.Failure) {
        stage = .refusing
        partial = ByteBuffer()
        arm(limits.closingTimeout)
        adjustReading()
        delegate.linkMalformed(id, error: failure.error, correlation: failure.correlation)
    }

    func setReading(_ on: Bool) {
        isReadWanted = on
        adjustReading()
    }

    func setLongestFrame(_ bytes: Int) {
        decoder.longestFrame = bytes
    }

    func setCompression(receiving: Bool, sending: Bool) {
        decoder.takesCompressed = receiving
        compresses = sending
    }

    private func adjustReading() {
        let reads: Bool
        switch stage {
        case .connecting, .securing, .draining: reads = true
        case .open: reads = isReadWanted && !isCongested
        case .refusing, .closed: reads = false
        }
        guard reads != isReading, let context else { return }
        isReading = reads
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: reads)
        } catch {
            fail(.broken(String(describing: error)))
        }
    }
}

extension Link {
    /// Queues whole frames for the flush at the end of the tick.
    func append(_ bytes: [UInt8]) {
        guard stage == .open || stage == .refusing else { return }
        let waiting = pendingBytes + outgoing.readableBytes
        guard waiting + bytes.count <= limits.maxPendingBytes else {
            return fail(.slowReader(pendingBytes: waiting))
        }
        if compresses {
            compressor.append(bytes, to: &outgoing)
        } else {
            outgoing.writeBytes(bytes)
        }
        flushSoon()
    }

    private func flushSoon() {
        guard !isToBeFlushed else { return }
        isToBeFlushed = true
        loop.flushLater(self)
    }

    func flush() {
        isToBeFlushed = false
        guard let context else { return }
        let count = outgoing.readableBytes
        if count > 0 {
            pendingBytes += count
            if !isCongested, pendingBytes > limits.pauseReadingAboveBytes {
                isCongested = true
                adjustReading()
            }
            let written = loop.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { [self] _ in wrote(count) }
            context.writeAndFlush(wrapOutboundOut(outgoing), promise: written)
            if outgoing.capacity > Self.keptCapacity { outgoing = ByteBuffer() } else { outgoing.clear() }
        }
        closeOutputIfFlushed()
    }

    private func wrote(_ count: Int) {
        pendingBytes -= count
        if isCongested, pendingBytes <= limits.pauseReadingAboveBytes / 2 {
            isCongested = false
            adjustReading()
        }
        closeOutputIfFlushed()
    }

    /// The other side sees the end, and closes; until then, or the deadline, its bytes are dropped.
    private func closeOutputIfFlushed() {
        guard stage == .draining, pendingBytes == 0, outgoing.readableBytes == 0, !isOutputClosed else {
            return
        }
        isOutputClosed = true
        context?.close(mode: .output, promise: nil)
    }
}
