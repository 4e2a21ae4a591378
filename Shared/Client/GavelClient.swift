import Kernel
import Messages
import Synchronization
import Transport
import Wire

/// Event loops that many connections share; see `LinkHub`.
public typealias ClientHub = LinkHub

/// Certificates and keys that were read once; see `LinkTLS`.
public typealias ClientTLS = LinkTLS

/// What came back for a request, or was pushed: a message not decoded yet.
public struct Reply: Sendable {
    public var code: UInt16
    public var version: UInt8
    public var body: [UInt8]
}

/// One pipelined connection to a gateway, or with a service's identity to a service.
///
/// Any number of requests may be on their way at once; they are answered in any order. Safe to use from any
/// thread and task. It does not reconnect: once ``isOpen`` is false, connect anew.
public final class GavelClient: Sendable {
    /// Where to connect, and how.
    public struct Options: Sendable {
        public var host = "127.0.0.1"
        public var port = 7400
        /// Path of the authority's certificate; nil: those that the machine trusts.
        public var authority: String?
        /// The name that the other side's certificate must bear; nil: the address.
        public var serverName: String?
        /// Certificate and key to show, for connections to services.
        public var identity: (certificate: String, privateKey: String)?
        /// In place of the three above, for whoever opens many connections; nil: they are read for this one.
        public var tls: ClientTLS?
        /// On whose behalf a gateway asks; for connections to services with a gateway's identity.
        public var acting: ActingPart?
        public var agent = "gavel-client"
        /// Offer LZ4 for long bodies; it pays on slow networks.
        public var compression = false
        /// How long requests may take that say nothing else.
        public var timeoutMilliseconds: UInt32 = 10_000
        public init() {}

        /// Reads certificates and keys.
        ///
        /// - Throws: NIOSSL's error where a file is missing or unfit.
        public func readTLS() throws -> ClientTLS {
            try LinkTLS.client(authority: authority, identity: identity, serverName: serverName)
        }
    }

    private enum Stage {
        case connecting
        case greeting
        case open
        case closed(ClientFault)
    }

    private struct State {
        var stage = Stage.connecting
        var link: LinkID?
        var requests = RequestTable()
        var keys: KeyMaker
        var opening: CheckedContinuation<Void, any Error>?
        var welcome = Welcome()
        var fault: String?
    }

    private let options: Options
    private let hub: LinkHub
    private let ownsHub: Bool
    private let state: Mutex<State>
    private let pushSink: AsyncStream<Reply>.Continuation
    /// What the house pushes after ``Subscribe``; the newest 4,096 are kept for a slow reader.
    public let pushes: AsyncStream<Reply>

    private static let keepAliveMilliseconds = 30_000
    private static let sweepMilliseconds = 500
    /// The gateway answers within a request's time; this much later nothing more will come.
    private static let graceNanoseconds: UInt64 = 2_000_000_000

    private init(_ options: Options, hub: LinkHub?) {
        self.options = options
        self.hub = hub ?? LinkHub(threads: 1, neverCompressed: Catalogue.neverCompressed)
        ownsHub = hub == nil
        state = Mutex(State(keys: KeyMaker(seed: UInt64.random(in: 0...UInt64.max))))
        (pushes, pushSink) = AsyncStream.makeStream(of: Reply.self, bufferingPolicy: .bufferingNewest(4_096))
    }

    /// Connects and greets.
    ///
    /// - Parameter hub: event loops to share between many connections; nil: a thread of its own.
    /// - Throws: ``ClientFault``, a ``Refusal`` of the greeting, or NIOSSL's error for unfit certificates.
    public static func connect(_ options: Options, hub: LinkHub? = nil) async throws -> GavelClient {
        let tls = try options.tls ?? options.readTLS()
        let client = GavelClient(options, hub: hub)
        do {
            try await withCheckedThrowingContinuation { (opening: CheckedContinuation<Void, any Error>) in
                client.state.withLock { $0.opening = opening }
                var limits = LinkLimits()
                limits.longestFrame = FrameLimits.longest
                let link = client.hub.connect(
                    host: options.host, port: options.port, tls: tls, limits: limits, delegate: client)
                client.state.withLock { $0.link = link }
            }
        } catch {
            await client.close()
            throw error
        }
        client.scheduleSweep()
        client.scheduleKeepAlive()
        return client
    }

    /// Closes the connection; what waits fails.
    public func close() async {
        let link = state.withLock { $0.link }
        if let link { hub.close(link, afterFlush: true) }
        finish(.closed("closed by this side"))
        if ownsHub { try? await hub.shutdown(grace: .seconds(1)) }
    }

    /// Whether requests can be sent.
    public var isOpen: Bool {
        state.withLock { state in
            if case .open = state.stage { true } else { false }
        }
    }

    /// Requests that wait for their answers.
    public var waiting: Int { state.withLock { $0.requests.waiting } }

    /// What the house said in greeting.
    public var welcome: Welcome { state.withLock { $0.welcome } }

    /// The house's time as this connection knows it.
    public var houseTime: Instant {
        state.withLock { $0.keys.houseTime(Monotonic.nanoseconds) }
    }

    /// A new idempotency key.
    public func nextKey() -> IdempotencyKey {
        state.withLock { $0.keys.next(Monotonic.nanoseconds) }
    }

    // MARK: Requests

    /// Sends a request; `completion` runs on the connection's event loop and must not block. Requests sent from
    /// a completion leave together with the others of the same read.
    public func send(
        code: UInt16, body: [UInt8], key: IdempotencyKey? = nil, timeoutMilliseconds: UInt32? = nil,
        completion: @escaping @Sendable (Result<Reply, ClientFault>) -> Void
    ) {
        let timeout = timeoutMilliseconds ?? options.timeoutMilliseconds
        let giveUpAt = Monotonic.nanoseconds + UInt64(timeout) * 1_000_000 + Self.graceNanoseconds
        let place = state.withLock { state -> Result<(link: LinkID, correlation: UInt64), ClientFault> in
            switch state.stage {
            case .closed(let fault): return .failure(fault)
            case .connecting: return .failure(.notConnected("still connecting"))
            case .greeting, .open:
                guard let link = state.link else { return .failure(.notConnected("no link")) }
                return .success((link, state.requests.add(giveUpAt: giveUpAt, completion)))
            }
        }
        switch place {
        case .failure(let fault): completion(.failure(fault))
        case .success(let (link, correlation)):
            var bytes: [UInt8] = []
            let acting = options.acting
            FrameHeader(
                code: code, correlation: correlation, timeLeftMilliseconds: timeout, key: key, acting: acting
            ).appendFrame(body: body, to: &bytes)
            hub.send(bytes, on: link)
        }
    }

    /// Sends a request and waits for whatever answers it, a refusal too.
    public func rawCall(
        code: UInt16, body: [UInt8], key: IdempotencyKey? = nil, timeoutMilliseconds: UInt32? = nil
    ) async throws -> Reply {
        try await withCheckedThrowingContinuation { continuation in
            send(code: code, body: body, key: key, timeoutMilliseconds: timeoutMilliseconds) { result in
                continuation.resume(with: result.mapError { $0 as any Error })
            }
        }
    }

    /// Carries out a command.
    ///
    /// - Parameter key: to repeat a command whose answer was lost; nil: a new one.
    /// - Throws: a ``Refusal``, or a ``ClientFault``.
    public func call<C: Command>(_ command: C, key: IdempotencyKey? = nil) async throws -> C.Answer {
        let body = command.encoded()
        let reply = try await rawCall(code: C.code, body: body, key: key ?? nextKey())
        do {
            return try answer(reply)
        } catch let refusal as Refusal where refusal.reason == .keyExpired && key == nil {
            // Somebody else moved the house's clock; a new greeting tells the time.
            try await learnTime()
            return try answer(await rawCall(code: C.code, body: body, key: nextKey()))
        }
    }

    /// Asks a query.
    ///
    /// - Throws: a ``Refusal``, or a ``ClientFault``.
    public func ask<Q: Query>(_ query: Q, timeoutMilliseconds: UInt32? = nil) async throws -> Q.Answer {
        try answer(
            await rawCall(code: Q.code, body: query.encoded(), timeoutMilliseconds: timeoutMilliseconds))
    }

    private func answer<A: Message>(_ reply: Reply, as _: A.Type = A.self) throws -> A {
        do {
            if reply.code == Refusal.code, A.code != Refusal.code {
                throw try Refusal(decoding: reply.body, version: reply.version)
            }
            guard reply.code == A.code else { throw ClientFault.unexpectedAnswer(code: reply.code) }
            let answer = try A(decoding: reply.body, version: reply.version)
            if let report = answer as? StatusReport { learn(report) }
            return answer
        } catch let error as WireError {
            throw ClientFault.malformedAnswer(error)
        }
    }

    private func learn(_ report: StatusReport) {
        guard let latest = report.services.map(\.now).max() else { return }
        state.withLock { $0.keys.learn(latest, monotonic: Monotonic.nanoseconds) }
    }

    /// Asks the house for its time, so that new keys carry it.
    public func learnTime() async throws { _ = try await askTime() }

    /// The house's time.
    public func askTime() async throws -> Instant {
        let welcome: Welcome = try answer(await rawCall(code: Hello.code, body: hello.encoded()))
        state.withLock { $0.keys.reset(welcome.now, monotonic: Monotonic.nanoseconds) }
        return welcome.now
    }

    private var hello: Hello {
        var hello = Hello()
        hello.agent = options.agent
        hello.compression = options.compression
        return hello
    }

    // MARK: The life of the connection

    private func greet(_ link: LinkID) {
        state.withLock { state in
            state.link = link
            state.stage = .greeting
        }
        if options.compression { hub.setCompression(link, receiving: true, sending: false) }
        send(code: Hello.code, body: hello.encoded()) { [self] result in welcomed(result) }
    }

    private func welcomed(_ result: Result<Reply, ClientFault>) {
        let outcome = Result { try answer(result.get(), as: Welcome.self) }
        let opening = state.withLock { state in
            let opening = state.opening
            state.opening = nil
            if case .success(let welcome) = outcome {
                state.stage = .open
                state.welcome = welcome
                state.keys.reset(welcome.now, monotonic: Monotonic.nanoseconds)
            }
            return opening
        }
        opening?.resume(with: outcome.map { _ in })
    }

    private func finish(_ fault: ClientFault) {
        let (opening, lost) = state.withLock { state in
            if case .closed = state.stage { return (state.opening, state.requests.takeAll()) }
            state.stage = .closed(fault)
            let opening = state.opening
            state.opening = nil
            return (opening, state.requests.takeAll())
        }
        for completion in lost { completion(.failure(fault)) }
        opening?.resume(throwing: fault)
        pushSink.finish()
    }

    private func scheduleSweep() {
        hub.after(milliseconds: Self.sweepMilliseconds) { [weak self] in
            guard let self, isOpen else { return }
            let overdue = state.withLock { $0.requests.takeOverdue(now: Monotonic.nanoseconds) }
            for completion in overdue { completion(.failure(.timedOut)) }
            scheduleSweep()
        }
    }

    private func scheduleKeepAlive() {
        hub.after(milliseconds: Self.keepAliveMilliseconds) { [weak self] in
            guard let self, isOpen else { return }
            send(code: Ping.code, body: Ping().encoded()) { _ in }
            scheduleKeepAlive()
        }
    }
}

extension GavelClient: LinkDelegate {
    public func linkOpened(_ link: LinkID, peer: String?, address: String) { greet(link) }

    public func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        for frame in frames {
            let header = frame.header
            let reply = Reply(code: header.code, version: header.version, body: frame.body)
            if header.correlation != 0 {
                noticeSignIn(link, header.code)
                state.withLock { $0.requests.take(header.correlation) }?(.success(reply))
            } else if header.code == Refusal.code {
                // What cannot be answered to a request concerns the connection, which closes.
                let text = (try? Refusal(decoding: frame.body)).map { "refused: \($0.reason) \($0.found)" }
                state.withLock { $0.fault = text }
            } else {
                pushSink.yield(reply)
            }
        }
    }

    /// Bodies are compressed after sign-in only, if that was agreed upon.
    private func noticeSignIn(_ link: LinkID, _ code: UInt16) {
        guard options.compression, code == SignedIn.code || code == Authenticated.code, welcome.compression
        else { return }
        hub.setCompression(link, true)
    }

    public func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        state.withLock { $0.fault = error.description }
        hub.close(link, afterFlush: false)
    }

    public func linkFailed(_ link: LinkID, fault: LinkFault) {
        state.withLock { $0.fault = fault.description }
    }

    public func linkClosed(_ link: LinkID) {
        let (opened, text) = state.withLock { state in
            if case .connecting = state.stage { (false, state.fault) } else { (true, state.fault) }
        }
        let why = text ?? "the other side closed it"
        finish(opened ? .closed(why) : .notConnected(why))
    }
}
