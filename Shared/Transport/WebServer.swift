import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Wire

/// A browser's request, read whole.
public struct WebRequest: Sendable {
    public var method: String
    /// Without query and fragment; percent signs are as they came.
    public var path: String
    public var contentType = ""
    public var body: [UInt8] = []
    /// The browser's numeric address, without the port.
    public var address = ""
    public init(method: String, path: String) {
        self.method = method
        self.path = path
    }
}

/// What a browser gets.
public struct WebResponse: Sendable {
    /// As in RFC 9110, 200 to 599.
    public var status: Int
    public var headers: [(name: String, value: String)] = []
    public var body: [UInt8] = []
    public init(_ status: Int) { self.status = status }
}

/// What one browser, and all of them, may take.
public struct WebLimits: Sendable {
    /// The longest body of a request, in bytes.
    public var longestBody = 4_096
    /// How long a request may take to arrive, from the connection or the answer before on, and an answer to be taken.
    public var patience = Duration.seconds(15)
    public var maxConnections = 1_000
    /// From one address (IPv6: from one /64).
    public var maxConnectionsPerAddress = 32
    public init() {}
}

/// Serves small pages over HTTP/1.1 and TLS 1.3 (RFC 9112, RFC 8446). It knows nothing of what they say.
public final class WebServer: Sendable {
    /// Answers a request by calling the function that it is given exactly once, from any thread.
    public typealias Answerer = @Sendable (WebRequest, @escaping @Sendable (WebResponse) -> Void) -> Void

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    public init() {}

    /// Takes connections from now on. Blocks.
    ///
    /// - Parameters:
    ///   - certificate: path of the certificate chain, the leaf first.
    ///   - privateKey: path of the leaf's key.
    ///   - port: 0 for any free one.
    /// - Returns: the bound port.
    /// - Throws: NIOSSL's error where a file is missing or unfit, NIO's where the address cannot be bound.
    public func listen(
        host: String, port: Int, certificate: String, privateKey: String, limits: WebLimits = WebLimits(),
        answerer: @escaping Answerer
    ) throws -> Int {
        let tls = try LinkTLS.server(
            certificate: certificate, privateKey: privateKey, protocols: ["http/1.1"])
        var links = LinkLimits()
        links.maxLinks = limits.maxConnections
        links.maxLinksPerAddress = limits.maxConnectionsPerAddress
        let admission = Admission(links)
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let address = channel.remoteAddress
                    guard admission.enter(address) else { throw LinkFault.tooManyLinks }
                    channel.closeFuture.whenComplete { _ in admission.leave(address) }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(try tls.handler())
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(WebConnection(limits, answerer))
                }
            }
            .bind(host: host, port: port).wait()
        return channel.localAddress?.port ?? port
    }

    /// Closes everything. Blocks.
    public func shutdownAndWait() throws { try group.syncShutdownGracefully() }
}

/// One browser's connection: a request after the other.
private final class WebConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: WebLimits
    private let answerer: WebServer.Answerer
    private var request: WebRequest?
    private var staysOpen = false
    private var isTooLong = false
    private var deadline: Scheduled<Void>?

    init(_ limits: WebLimits, _ answerer: @escaping WebServer.Answerer) {
        self.limits = limits
        self.answerer = answerer
    }

    func handlerAdded(context: ChannelHandlerContext) { wait(context) }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    /// Whoever is slower than this is let go.
    private func wait(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.patience)) {
            channel.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(var bytes):
            let length = (request?.body.count ?? 0) + bytes.readableBytes
            if length > limits.longestBody {
                isTooLong = true
            } else if let read = bytes.readBytes(length: bytes.readableBytes) {
                request?.body += read
            }
        case .end: end(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let path = head.uri.prefix { $0 != "?" && $0 != "#" }
        var request = WebRequest(method: head.method.rawValue, path: String(path))
        request.contentType = head.headers.first(name: "content-type") ?? ""
        request.address = context.remoteAddress?.ipAddress ?? ""
        self.request = request
        staysOpen = head.isKeepAlive
        isTooLong = false
    }

    private func end(_ context: ChannelHandlerContext) {
        guard let request else { return }
        self.request = nil
        wait(context)
        if isTooLong {
            staysOpen = false
            return send(WebResponse(413), isHead: false, context)
        }
        let isHead = request.method == "HEAD"
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        answerer(request) { response in
            eventLoop.execute {
                let (connection, context) = here.value
                connection.send(response, isHead: isHead, context)
            }
        }
    }

    private func send(_ response: WebResponse, isHead: Bool, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        wait(context)
        var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "content-length", value: "\(response.body.count)")
        if !staysOpen { headers.replaceOrAdd(name: "connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead, !response.body.isEmpty {
            let bytes = context.channel.allocator.buffer(bytes: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        }
        let flushed = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !staysOpen {
            let channel = context.channel
            flushed.whenComplete { _ in channel.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
