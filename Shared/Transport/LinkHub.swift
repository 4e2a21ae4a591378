import NIOCore
import NIOPosix
import Synchronization
import Wire

/// All connections of a process: it listens, dials, and moves frames, and knows nothing of what they mean.
///
/// Every link belongs to one event loop, which its id names. Call `shutdown` before letting go of a hub.
public final class LinkHub: Sendable {
    private struct Listeners {
        var channels: [any Channel] = []
        var isStopping = false
    }

    private let group: MultiThreadedEventLoopGroup
    private let loops: [LinkLoop]
    private let compressor: FrameCompressor
    private let listeners = Mutex(Listeners())
    private let lastNumber = Atomic<UInt64>(0)
    private let isShutDown = Atomic<Bool>(false)

    private static let backlog: Int32 = 1_024

    /// - Parameters:
    ///   - threads: event loops, 1 to 256.
    ///   - neverCompressed: codes of messages with secret fields; their length must tell nothing of the content.
    public init(threads: Int, neverCompressed: Set<UInt16> = []) {
        precondition((1...256).contains(threads), "a hub has 1 to 256 threads, not \(threads)")
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        loops = group.makeIterator().enumerated().map { LinkLoop(index: $0.offset, eventLoop: $0.element) }
        compressor = FrameCompressor(spared: neverCompressed)
    }

    /// Links that are not closed yet, incoming ones from the moment they are accepted.
    public var linkCount: Int {
        loops.reduce(0) { $0 + $1.count.load(ordering: .relaxed) }
    }

    /// Takes connections from now on. Blocks; not to be called by a delegate.
    ///
    /// - Parameter port: 0 for any free one.
    /// - Returns: the bound port.
    /// - Throws: NIO's error where the address cannot be bound.
    public func listen(
        host: String, port: Int, tls: LinkTLS?, limits: LinkLimits, delegate: any LinkDelegate
    ) throws -> Int {
        precondition(tls?.side == .server || tls == nil, "listening needs the server side of TLS")
        let admission = Admission(limits)
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try accept(channel, admission, tls, limits, delegate)
                }
            }
            .bind(host: host, port: port).wait()
        let isLate = listeners.withLock { listeners in
            if !listeners.isStopping { listeners.channels.append(channel) }
            return listeners.isStopping
        }
        if isLate { channel.close(promise: nil) }
        return channel.localAddress?.port ?? port
    }

    private func accept(
        _ channel: any Channel, _ admission: Admission, _ tls: LinkTLS?, _ limits: LinkLimits,
        _ delegate: any LinkDelegate
    ) throws {
        guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else {
            throw LinkFault.broken("an event loop of another group")
        }
        let id = nextID(loop)
        let address = channel.remoteAddress
        guard !listeners.withLock(\.isStopping), admission.enter(address) else {
            delegate.linkFailed(id, fault: .tooManyLinks)
            throw LinkFault.tooManyLinks
        }
        channel.closeFuture.whenComplete { _ in admission.leave(address) }
        let link = Link(
            id, on: loop, isDialled: false, tls: tls, limits: limits, compressor: compressor,
            delegate: delegate)
        try link.install(on: channel)
        loop.add(link)
    }

    /// Dials. `linkOpened` follows, or `linkFailed` and `linkClosed`. What is sent before it opened is dropped.
    public func connect(
        host: String, port: Int, tls: LinkTLS?, limits: LinkLimits, delegate: any LinkDelegate
    ) -> LinkID {
        precondition(tls?.side != .server, "dialling needs the client side of TLS")
        let number = lastNumber.load(ordering: .relaxed)
        let loop = loops[Int(number % UInt64(loops.count))]
        let id = nextID(loop)
        let link = Link(
            id, on: loop, isDialled: true, tls: tls, limits: limits, compressor: compressor,
            delegate: delegate)
        run(on: loop) { [self] loop in
            loop.add(link)
            guard !listeners.withLock(\.isStopping) else { return link.fail(.unreachable("shutting down")) }
            // Reading waits until TLS and the link are installed, so that no early byte passes them by.
            ClientBootstrap(group: loop.eventLoop)
                .connectTimeout(TimeAmount(limits.handshakeTimeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.autoRead, value: false)
                .connect(host: host, port: port)
                .whenComplete { result in
                    switch result {
                    case .success(let channel): link.dialled(channel)
                    case .failure(let error): link.fail(.unreachable(String(describing: error)))
                    }
                }
        }
        return id
    }

    /// Sends whole frames. What delegates send while the loop takes what came leaves a link as one write after that.
    public func send(_ bytes: [UInt8], on link: LinkID) {
        run(on: loop(of: link)) { loop in loop[link]?.append(bytes) }
    }

    /// Sends whole frames on many links: one hand-over an event loop, one write and flush a link. What is for the
    /// same link keeps its order.
    public func send(_ batch: [(link: LinkID, bytes: [UInt8])]) {
        guard loops.count > 1 else {
            return run(on: loops[0]) { loop in loop.send(batch) }
        }
        var parts = [[(link: LinkID, bytes: [UInt8])]](repeating: [], count: loops.count)
        for entry in batch { parts[loop(of: entry.link).index].append(entry) }
        for (loop, part) in zip(loops, parts) where !part.isEmpty {
            run(on: loop) { loop in loop.send(part) }
        }
    }

    /// Closes; after what was sent is flushed, or at once.
    public func close(_ link: LinkID, afterFlush: Bool) {
        run(on: loop(of: link)) { loop in loop[link]?.close(afterFlush: afterFlush) }
    }

    /// Back-pressure: while reading is off the socket is not read at all.
    public func setReading(_ link: LinkID, _ on: Bool) {
        run(on: loop(of: link)) { loop in loop[link]?.setReading(on) }
    }

    /// Sets the longest frame taken, its length prefix not counted, in bytes; also after decompression.
    public func setLongestFrame(_ link: LinkID, _ bytes: Int) {
        run(on: loop(of: link)) { loop in loop[link]?.setLongestFrame(bytes) }
    }

    /// Takes and sends compressed bodies from now on, or no longer does. Off at first.
    public func setCompression(_ link: LinkID, _ on: Bool) {
        setCompression(link, receiving: on, sending: on)
    }

    /// As above, each way by itself: whoever offers compression takes it from the offer on, because the first
    /// compressed frame may come together with the consent.
    public func setCompression(_ link: LinkID, receiving: Bool, sending: Bool) {
        run(on: loop(of: link)) { loop in loop[link]?.setCompression(receiving: receiving, sending: sending) }
    }

    /// Runs `body` on the first event loop once, soon. It must not block.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        guard !isShutDown.load(ordering: .relaxed) else { return }
        loops[0].eventLoop.execute(body)
    }

    /// Runs `body` on an event loop once, later. It must not block.
    public func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        guard !isShutDown.load(ordering: .relaxed) else { return }
        loops[0].eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds)), body)
    }

    /// Takes no more connections, flushes and closes all links, cuts off what is left after `grace`, ends the threads.
    public func shutdown(grace: Duration = .seconds(5)) async throws {
        guard let drained = drain(grace) else { return }
        try await drained.get()
        isShutDown.store(true, ordering: .relaxed)
        try await group.shutdownGracefully()
    }

    /// As `shutdown`; blocks. Not to be called on a link's event loop.
    public func shutdownAndWait(grace: Duration = .seconds(5)) throws {
        guard let drained = drain(grace) else { return }
        try drained.wait()
        isShutDown.store(true, ordering: .relaxed)
        try group.syncShutdownGracefully()
    }

    /// Nil where somebody else does it already.
    private func drain(_ grace: Duration) -> EventLoopFuture<Void>? {
        let channels = listeners.withLock { listeners -> [any Channel]? in
            guard !listeners.isStopping else { return nil }
            listeners.isStopping = true
            return listeners.channels
        }
        guard let channels else { return nil }
        for channel in channels { channel.close(promise: nil) }
        return .andAllComplete(loops.map { $0.drain(grace: TimeAmount(grace)) }, on: group.next())
    }

    private func run(on loop: LinkLoop, _ body: @escaping @Sendable (LinkLoop) -> Void) {
        guard !isShutDown.load(ordering: .relaxed) else { return }
        loop.run(body)
    }

    /// The lowest byte of a link's number is its loop's.
    private func nextID(_ loop: LinkLoop) -> LinkID {
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        return LinkID(raw: number << 8 | UInt64(loop.index))
    }

    /// A number that is no link's falls on some loop, which does not know it.
    private func loop(of link: LinkID) -> LinkLoop {
        loops[Int(link.raw & 0xff) % loops.count]
    }
}
