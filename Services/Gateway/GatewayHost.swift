import Crypto
import Dispatch
import Glibc
import Host
import Kernel
import Messages
import Runtime
import Synchronization
import Transport
import Wire

/// The process around a gateway: one event loop for all its links. It decides nothing.
public final class GatewayHost: LinkDelegate, @unchecked Sendable {
    private let options: HostOptions
    private let limits: GatewayLimits
    private let hub: LinkHub
    private let clientTLS: LinkTLS
    private let peerTLS: [ServiceName: LinkTLS]
    private var logic: GatewayLogic?
    private let page: PageSettings?
    private let pageServer = WebServer()
    private var inner: InnerLinks?

    /// How long the door stays closed while a service cannot be reached.
    private static let patienceMilliseconds = 1_500
    private static let drainMilliseconds = 5_000

    /// Reads the certificates; nothing runs yet.
    ///
    /// - Parameter page: where to serve the page for callers who pay in; nothing: nowhere.
    public init(_ options: HostOptions, limits: GatewayLimits, page: PageSettings? = nil) throws {
        self.options = options
        self.page = page
        self.limits = limits
        hub = LinkHub(threads: 1, neverCompressed: Catalogue.neverCompressed)
        guard let identity = options.tls.services[ServiceName.gateway.title] else {
            throw CryptoError.invalidName(ServiceName.gateway.title)
        }
        clientTLS = try .server(
            certificate: options.tls.server.certificate, privateKey: options.tls.server.privateKey)
        var peerTLS: [ServiceName: LinkTLS] = [:]
        for service in ServiceName.stores {
            peerTLS[service] = try .client(
                authority: options.tls.authority, identity: (identity.certificate, identity.privateKey),
                serverName: "\(service.title).\(DevelopmentAuthority.serviceDomain)")
        }
        self.peerTLS = peerTLS
    }

    /// Connects to the services, then opens the door to clients: when all are reached, or after a while without
    /// those that are not.
    ///
    /// - Returns: the port.
    public func start() throws -> Int {
        let logic = GatewayLogic(
            shell: self, limits: limits, clockIsSettable: options.clock.isSettable,
            machineNow: { HouseClock.machineNow })
        self.logic = logic
        inner = InnerLinks(logic)
        hub.execute { logic.start() }
        waitUntil(milliseconds: Self.patienceMilliseconds) { $0.isReady }
        var links = LinkLimits()
        links.maxLinks = Int(limits.links)
        links.maxLinksPerAddress = Int(limits.linksPerAddress)
        let port = try hub.listen(
            host: options.host, port: options.port, tls: clientTLS, limits: links, delegate: self)
        if let page { try serve(page) }
        try writeText("\(port)", to: options.portFile(of: .gateway))
        return port
    }

    private func serve(_ settings: PageSettings) throws {
        let address = Mutex(settings.address)
        let port = try pageServer.listen(
            host: settings.host, port: Int(settings.port), certificate: options.tls.server.certificate,
            privateKey: options.tls.server.privateKey
        ) { [self] request, then in
            let page = TopUpPage(
                address: address.withLock { $0 }, house: self, random: { SecureRandom.uint64() })
            page.answer(request, then: then)
        }
        if settings.address.isEmpty { address.withLock { $0 = "https://\(settings.host):\(port)" } }
        try writeText("\(port)", to: "\(options.dataFolder)/run/page.port")
        log("serves a page for callers on \(settings.host):\(port)")
    }

    /// Takes nothing new, lets what is on its way be answered, closes.
    public func stop() throws {
        hub.execute { [self] in logic?.drain() }
        waitUntil(milliseconds: Self.drainMilliseconds) { $0.isDrained }
        try pageServer.shutdownAndWait()
        try hub.shutdownAndWait(grace: .seconds(1))
    }

    /// Blocks; asks on the event loop, where alone the logic may be touched.
    private func waitUntil(milliseconds: Int, _ holds: @escaping @Sendable (GatewayLogic) -> Bool) {
        let deadline = HouseClock.monotonicNanoseconds + UInt64(milliseconds) * 1_000_000
        while HouseClock.monotonicNanoseconds < deadline {
            let asked = DispatchSemaphore(value: 0)
            let held = Mutex(false)
            hub.execute { [self] in
                held.withLock { $0 = logic.map(holds) ?? true }
                asked.signal()
            }
            asked.wait()
            if held.withLock({ $0 }) { return }
            usleep(2_000)
        }
    }

    // MARK: Links

    public func linkOpened(_ link: LinkID, peer: String?, address: String) {
        logic?.linkOpened(link, peer: peer, address: address)
    }
    public func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        logic?.linkReceived(link, frames: frames)
    }
    public func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        logic?.linkMalformed(link, error: error, correlation: correlation)
    }
    public func linkClosed(_ link: LinkID) { logic?.linkClosed(link) }
}

extension GatewayHost: FrontShell {
    public func send(_ bytes: [UInt8], on link: LinkID) {
        guard InnerLinks.owns(link) else { return hub.send(bytes, on: link) }
        inner?.received(bytes, on: link) { hub.execute($0) }
    }
    public func send(_ batch: [(link: LinkID, bytes: [UInt8])]) {
        guard batch.contains(where: { InnerLinks.owns($0.link) }) else { return hub.send(batch) }
        for (link, bytes) in batch { send(bytes, on: link) }
    }
    public func close(_ link: LinkID, afterFlush: Bool) {
        guard InnerLinks.owns(link) else { return hub.close(link, afterFlush: afterFlush) }
        inner?.closed(link) { hub.execute($0) }
    }
    public func setReading(_ link: LinkID, _ on: Bool) { hub.setReading(link, on) }
    public func setLongestFrame(_ link: LinkID, _ bytes: Int) { hub.setLongestFrame(link, bytes) }
    public func allowCompression(_ link: LinkID) { hub.setCompression(link, true) }

    public func connect(to service: ServiceName) -> LinkID {
        // Without a port file nobody listens: port 1 refuses, and the logic tries again.
        let port = (try? readText(options.portFile(of: service))).flatMap { Int($0) } ?? 1
        return hub.connect(
            host: options.host, port: port, tls: peerTLS[service], limits: .peers, delegate: self)
    }

    public func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        hub.after(milliseconds: milliseconds, body)
    }

    public func offload<R: Sendable>(
        _ pool: Pool, _ work: @escaping @Sendable () -> R, then: @escaping @Sendable (R) -> Void
    ) {
        DispatchQueue.global().async { [hub] in
            let result = work()
            hub.execute { then(result) }
        }
    }

    public var monotonicNanoseconds: UInt64 { HouseClock.monotonicNanoseconds }
    public func chance() -> UInt64 { SecureRandom.uint64() }
    public func log(_ line: String) { options.log(line) }
}

extension GatewayHost: PageHouse {
    func ask(
        code: UInt16, body: [UInt8], key: IdempotencyKey?, from address: String,
        then: @escaping @Sendable (InnerAnswer) -> Void
    ) {
        hub.execute { [self] in
            inner?.ask(code: code, body: body, key: key, from: address, then: then)
        }
    }
}
