import Crypto
import Kernel
import Messages
import Runtime
import Wire

@testable import Gateway

/// A gateway between clients and services that a test plays: no sockets, no threads, a clock of its own.
final class GatewayBench: FrontShell, @unchecked Sendable {
    private(set) var gateway: GatewayLogic!
    private(set) var inboxes: [LinkID: [InboundFrame]] = [:]
    private(set) var closed: Set<LinkID> = []
    private(set) var lines: [String] = []
    private var dialled: [(service: ServiceName, link: LinkID)] = []
    private var timers: [(at: UInt64, body: @Sendable () -> Void)] = []
    private var lastLink: UInt64 = 0
    var monotonicNanoseconds: UInt64 = 1_000_000_000
    var machineNow = Instant(iso8601: "2026-03-02T08:00:00Z") ?? .none
    let signer: Ed25519PrivateKey

    init(limits: GatewayLimits = GatewayLimits(), clockIsSettable: Bool = true) throws {
        signer = try Ed25519PrivateKey(seed: [UInt8](repeating: 7, count: 32))
        gateway = GatewayLogic(shell: self, limits: limits, clockIsSettable: clockIsSettable) {
            [unowned self] in
            machineNow
        }
        gateway.start()
    }

    // MARK: The shell

    func send(_ bytes: [UInt8], on link: LinkID) { send([(link, bytes)]) }

    func send(_ batch: [(link: LinkID, bytes: [UInt8])]) {
        for (link, bytes) in batch { inboxes[link, default: []] += Self.frames(bytes) }
    }

    private static func frames(_ bytes: [UInt8]) -> [InboundFrame] {
        var rest = bytes[...]
        var frames: [InboundFrame] = []
        while rest.count >= 4 {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            Array(rest.dropFirst(4).prefix(length)).withUnsafeBytes { raw in
                var reader = Reader(raw)
                if let header = try? FrameHeader(&reader), let body = try? reader.bytes(reader.remaining) {
                    frames.append(InboundFrame(header: header, body: body))
                }
            }
            rest = rest.dropFirst(4 + length)
        }
        return frames
    }

    func close(_ link: LinkID, afterFlush: Bool) {
        closed.insert(link)
        gateway.linkClosed(link)
    }
    func setReading(_ link: LinkID, _ on: Bool) {}
    func setLongestFrame(_ link: LinkID, _ bytes: Int) {}

    func connect(to service: ServiceName) -> LinkID {
        let link = newLink()
        dialled.append((service, link))
        return link
    }

    func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        timers.append((monotonicNanoseconds + UInt64(milliseconds) * 1_000_000, body))
    }

    func offload<R: Sendable>(
        _ pool: Pool, _ work: @escaping @Sendable () -> R, then: @escaping @Sendable (R) -> Void
    ) { then(work()) }

    func chance() -> UInt64 { 0 }
    func log(_ line: String) { lines.append(line) }

    /// Lets time pass, with what falls due.
    func pass(milliseconds: UInt64) {
        let end = monotonicNanoseconds + milliseconds * 1_000_000
        while let next = timers.indices.filter({ timers[$0].at <= end }).min(by: {
            timers[$0].at < timers[$1].at
        }) {
            let timer = timers.remove(at: next)
            monotonicNanoseconds = max(monotonicNanoseconds, timer.at)
            timer.body()
        }
        machineNow = machineNow + .milliseconds(Int64(milliseconds))
        monotonicNanoseconds = end
    }

    // MARK: Services

    private func newLink() -> LinkID {
        lastLink += 1
        return LinkID(raw: lastLink)
    }

    func link(of service: ServiceName) -> LinkID? { dialled.last { $0.service == service }?.link }

    /// Brings services up; the vault tells its key and that nothing was revoked.
    func bringUp(_ services: [ServiceName] = ServiceName.stores) {
        for service in services {
            guard let link = link(of: service) else { continue }
            gateway.linkOpened(link, peer: service.title, address: "127.0.0.1")
            var welcome = Welcome()
            welcome.now = machineNow
            say(service, Welcome.code, welcome.encoded(), correlation: 0)
        }
        guard services.contains(.contactVault) else { return }
        var key = TokenKey()
        key.publicKey = Bytes(signer.publicKey.rawBytes)
        if let asked = heard(.contactVault, GetTokenKey.code) {
            say(.contactVault, TokenKey.code, key.encoded(), correlation: asked.header.correlation)
        }
        if let asked = heard(.contactVault, ListRevocations.code) {
            let page = RevocationsPage()
            say(.contactVault, RevocationsPage.code, page.encoded(), correlation: asked.header.correlation)
        }
    }

    func takeDown(_ service: ServiceName) {
        if let link = link(of: service) { gateway.linkClosed(link) }
    }

    /// The oldest message with `code` that a service has heard and the test has not looked at.
    func heard(_ service: ServiceName, _ code: UInt16) -> InboundFrame? {
        guard let link = link(of: service) else { return nil }
        return take(link) { $0.header.code == code }
    }

    /// A service says something; `acting` for pushes.
    func say(
        _ service: ServiceName, _ code: UInt16, _ body: [UInt8], correlation: UInt64, acting: PartyID? = nil
    ) {
        guard let link = link(of: service) else { return }
        let part = acting.map { ActingPart(party: $0.raw, marketplace: 0, roles: 0, session: 0) }
        let header = FrameHeader(code: code, correlation: correlation, flags: .answer, acting: part)
        gateway.linkReceived(link, frames: [InboundFrame(header: header, body: body)])
    }

    /// A service answers the oldest request with the query's code.
    func answer<M: Message>(_ service: ServiceName, _ code: UInt16, _ message: M) -> Bool {
        guard let asked = heard(service, code) else { return false }
        say(service, M.code, message.encoded(), correlation: asked.header.correlation)
        return true
    }

    // MARK: Clients

    /// A client that has greeted.
    func client(address: String = "192.0.2.1") -> LinkID {
        let link = newLink()
        gateway.linkOpened(link, peer: nil, address: address)
        request(link, Hello(), correlation: 1)
        _ = take(link) { $0.header.code == Welcome.code }
        return link
    }

    func silentClient() -> LinkID {
        let link = newLink()
        gateway.linkOpened(link, peer: nil, address: "192.0.2.9")
        return link
    }

    func request<M: Message>(
        _ link: LinkID, _ message: M, correlation: UInt64 = 5, key: IdempotencyKey? = nil,
        acting: ActingPart? = nil, stream: UInt64? = nil, timeLeft: UInt32 = 0
    ) {
        let header = FrameHeader(
            code: M.code, correlation: correlation, timeLeftMilliseconds: timeLeft,
            key: key ?? (message is any Command ? IdempotencyKey(high: 1, low: correlation) : nil),
            acting: acting, stream: stream)
        gateway.linkReceived(link, frames: [InboundFrame(header: header, body: message.encoded())])
    }

    /// The oldest frame to a client that the test has not looked at.
    func received(_ link: LinkID) -> InboundFrame? { take(link) { _ in true } }

    /// The next answer to a client, if it is an `M`.
    func received<M: Message>(_ link: LinkID, _: M.Type) -> M? {
        guard let frame = received(link), frame.header.code == M.code else { return nil }
        return try? M(decoding: frame.body)
    }

    /// The reason of the next answer, if it is a refusal.
    func refusal(_ link: LinkID) -> RefusalCode? { received(link, Refusal.self)?.reason }

    private func take(_ link: LinkID, where holds: (InboundFrame) -> Bool) -> InboundFrame? {
        guard let index = inboxes[link]?.firstIndex(where: holds) else { return nil }
        return inboxes[link]?.remove(at: index)
    }

    // MARK: Sign-in

    static let buyer = PartyID(77)

    /// A token that the vault signed.
    func token(
        _ party: PartyID = buyer, roles: Roles = .buyer, session: UInt64 = 900,
        lives: Duration64 = .minutes(10)
    ) throws -> String {
        var token = AccessToken()
        token.party = party
        token.marketplace = MarketplaceID(1)
        token.roles = roles
        token.session = SessionID(session)
        token.expires = machineNow + lives
        return try token.text { try signer.sign($0) }
    }

    /// A client that is signed in by a token.
    func signedIn(
        _ party: PartyID = buyer, roles: Roles = .buyer, session: UInt64 = 900, address: String = "192.0.2.1"
    ) throws -> LinkID {
        let link = client(address: address)
        var authenticate = Authenticate()
        authenticate.accessToken = try token(party, roles: roles, session: session)
        request(link, authenticate)
        _ = received(link)
        return link
    }
}
