import Crypto
import Glibc
import Kernel
import Messages
import Runtime
import Storage
import Synchronization
import Transport
import Wire

/// Where things lie and whom to ask, for one process of the house.
public struct HostOptions: Sendable {
    /// The installation's folder.
    public var dataFolder: String
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// 0: any free port.
    public var port = 0
    public var clock: HouseClock
    public var tls: TLSFiles
    public var limits = ServiceFront.Limits()
    public var log: @Sendable (String) -> Void

    public init(
        dataFolder: String, clock: HouseClock, tls: TLSFiles, log: @escaping @Sendable (String) -> Void
    ) {
        self.dataFolder = dataFolder
        self.clock = clock
        self.tls = tls
        self.log = log
    }

    /// The folder of one service, which no other service opens.
    public func folder(of service: ServiceName) -> String { "\(dataFolder)/\(service.title)" }

    /// Names the port on which a service listens; written by it, read by whoever connects.
    public func portFile(of service: ServiceName) -> String { "\(dataFolder)/run/\(service.title).port" }
}

/// The process around a service: one event loop, one writer's thread, small pools. It decides nothing.
public final class ServiceHost: LinkDelegate, @unchecked Sendable {
    private let options: HostOptions
    private let definition: ServiceDefinition
    private let hub: LinkHub
    private let store: ServiceStore
    private let keys: KeyStore
    private let core: ServiceCore
    private var backend: ServiceBackend
    private let queue: WriterQueue
    private let edgePool: WorkerPool
    private let queryPool: WorkerPool
    private let effectPool: WorkerPool
    private let logPool: WorkerPool
    private let peerTLS: [ServiceName: LinkTLS]
    private let serverTLS: LinkTLS
    private var front: ServiceFront?
    private let writerEnded = Mutex(false)

    /// Opens the store, the keys and the links' certificates; nothing runs yet.
    public init(_ definition: ServiceDefinition, _ options: HostOptions) throws {
        self.definition = definition
        self.options = options
        queue = WriterQueue(isPatient: definition.isPatient)
        let folder = options.folder(of: definition.name)
        try makeFolder(folder + "/keys/kek")
        try makeFolder(options.dataFolder + "/run")
        let storePath = folder + "/store.sqlite"
        try ServiceStore.renewLog(of: storePath)
        store = try ServiceStore(path: storePath, migrations: definition.migrations, movesLogAside: true)
        keys = try KeyStore(
            file: folder + "/keys/store.keys",
            keyEncryptionKeys: KeyEncryptionKeys(folder: folder + "/keys/kek"))
        core = try ServiceCore(
            definition: definition, store: store, poison: try PoisonSlot(path: folder + "/executing"))
        // Erasure is repeated at every start: a crash may have come between commit and deletion (rule F5).
        try keys.destroy(try core.destroyedKeys())
        options.clock.move(to: core.now)
        let clock = options.clock
        backend = ServiceBackend(
            definition: definition, store: store, keys: keys, clock: { clock.now },
            machineClock: { HouseClock.machineNow }, random: { SecureRandom.bytes($0) },
            monotonic: { HouseClock.monotonicNanoseconds })
        hub = LinkHub(threads: 1)
        edgePool = WorkerPool(threads: 2)
        queryPool = WorkerPool(threads: 2)
        effectPool = WorkerPool(threads: 3, nice: definition.isPatient ? 10 : 0)
        logPool = WorkerPool(threads: 1)
        store.lendForLog = { [logPool] move in logPool.submit(move) }
        guard let identity = options.tls.services[definition.name.title] else {
            throw StoreFault.unusable("no certificate for \(definition.name.title)")
        }
        serverTLS = try .server(
            certificate: identity.certificate, privateKey: identity.privateKey,
            clientAuthority: options.tls.authority)
        var peerTLS: [ServiceName: LinkTLS] = [:]
        for service in ServiceName.stores {
            peerTLS[service] = try .client(
                authority: options.tls.authority, identity: (identity.certificate, identity.privateKey),
                serverName: "\(service.title).\(DevelopmentAuthority.serviceDomain)")
        }
        self.peerTLS = peerTLS
        let log = options.log
        backend.keysFailed = { failure in
            log("the key store failed, stopping: \(failure)")
            exit(70)
        }
    }

    /// Starts the threads and listens.
    /// - Returns: the port.
    public func start() throws -> Int {
        let bodyKey = try loadSecret(
            options.folder(of: definition.name) + "/keys/bodies.key", count: 32, make: SecureRandom.bytes)
        let front = try ServiceFront(
            core: core, shell: self, backend: self, bodyKey: bodyKey, limits: options.limits)
        self.front = front
        startThread { [self] in write() }
        let port = try hub.listen(
            host: options.host, port: options.port, tls: serverTLS, limits: .peers, delegate: self)
        try writeText("\(port)", to: options.portFile(of: definition.name))
        hub.execute { front.start() }
        return port
    }

    /// Stops gracefully: takes nothing new, finishes what waits, commits, checkpoints.
    public func stop() throws {
        onLoop { $0.drain() }
        let deadline = HouseClock.monotonicNanoseconds + 10_000_000_000
        while HouseClock.monotonicNanoseconds < deadline {
            if onLoop({ $0.isDrained }) { break }
            usleep(2_000)
        }
        queue.stop()
        while HouseClock.monotonicNanoseconds < deadline, !writerEnded.withLock({ $0 }) { usleep(1_000) }
        try hub.shutdownAndWait()
        for pool in [edgePool, queryPool, effectPool, logPool] { pool.stop() }
        try store.checkpoint()
        try keys.close()
    }

    private func onLoop<R: Sendable>(_ body: @escaping @Sendable (ServiceFront) -> R) -> R {
        let monitor = Monitor()
        let result = Mutex<R?>(nil)
        hub.execute { [self] in
            guard let front else { return }
            let value = body(front)
            monitor.withLock {
                result.withLock { $0 = value }
                monitor.signal()
            }
        }
        return monitor.withLock {
            while true {
                if let value = result.withLock({ $0 }) { return value }
                monitor.wait()
            }
        }
    }

    // MARK: The writer

    private func write() {
        let writer = ServiceWriter(core: core, keys: keys)
        while let items = queue.take(ServiceCore.longestBatch, deadline: deadline(writer)) {
            for batch in ServiceWriter.batches(items) {
                if case .setClock(let instant, _)? = batch.first { options.clock.move(to: instant) }
                execute(batch, writer)
            }
        }
        writerEnded.withLock { $0 = true }
    }

    private func execute(_ items: [Incoming], _ writer: ServiceWriter) {
        do {
            let output = try writer.commit(
                items, now: options.clock.now, monotonic: HouseClock.monotonicNanoseconds)
            try writer.shred(output)
            for effect in output.effects { perform(effect) }
            hub.execute { [self] in front?.committed(output) }
        } catch {
            // A commit that failed may have lost what memory believes; only a new start knows (rule F3).
            options.log("the store failed, stopping: \(error)")
            exit(70)
        }
    }

    /// When the writer wakes without work.
    private func deadline(_ writer: ServiceWriter) -> UInt64? {
        let due = writer.due
        guard due < .distantFuture else { return nil }
        let now = options.clock.now
        if due <= now { return 0 }
        if options.clock.isSettable { return nil }
        return HouseClock.monotonicNanoseconds + UInt64((due - now).microseconds) * 1_000
    }

    private func perform(_ effect: EffectStart) {
        effectPool.submit { [self] in
            let outcome = definition.handlers.perform(effect, world: World(host: self))
            queue.put([.outcome(effect.reference, code: outcome.code, body: outcome.body)])
        }
    }

    // MARK: Links

    public func linkOpened(_ link: LinkID, peer: String?, address: String) {
        front?.linkOpened(link, peer: peer, address: address)
    }
    public func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        front?.linkReceived(link, frames: frames)
    }
    public func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        front?.linkMalformed(link, error: error, correlation: correlation)
    }
    public func linkClosed(_ link: LinkID) {
        front?.linkClosed(link)
    }
    public func linkFailed(_ link: LinkID, fault: LinkFault) {
        // A peer that is not up yet is no news: the stream tries again.
        if case .unreachable = fault { return }
        options.log("a link failed: \(fault)")
    }
}

extension ServiceHost: FrontShell {
    public func send(_ bytes: [UInt8], on link: LinkID) { hub.send(bytes, on: link) }
    public func send(_ batch: [(link: LinkID, bytes: [UInt8])]) { hub.send(batch) }
    public func close(_ link: LinkID, afterFlush: Bool) { hub.close(link, afterFlush: afterFlush) }
    public func setReading(_ link: LinkID, _ on: Bool) { hub.setReading(link, on) }
    public func setLongestFrame(_ link: LinkID, _ bytes: Int) { hub.setLongestFrame(link, bytes) }

    public func connect(to service: ServiceName) -> LinkID {
        // Without a port file nobody listens: port 1 refuses, and the front tries again.
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
        let workers =
            switch pool {
            case .edge: edgePool
            case .query: queryPool
            }
        workers.submit { [hub] in
            let result = work()
            hub.execute { then(result) }
        }
    }

    public var monotonicNanoseconds: UInt64 { HouseClock.monotonicNanoseconds }
    public func chance() -> UInt64 { SecureRandom.uint64() }
    public func log(_ line: String) { options.log(line) }
}

extension ServiceHost: FrontBackend {
    public func enqueue(_ items: [Incoming]) { queue.put(items) }
    public func run(_ jobs: [EdgeJob]) -> [EdgeOutcome] { backend.run(jobs) }
    public func answers(_ questions: [Question]) -> [(code: UInt16, body: [UInt8])] {
        backend.answers(questions)
    }
    public var clockIsSettable: Bool { options.clock.isSettable }
    public var now: Instant { options.clock.now }
}

extension ServiceHost {
    /// What performers of effects see.
    private struct World: EffectWorld {
        let host: ServiceHost
        private static let timeoutMilliseconds = 5_000

        var now: Instant { host.options.clock.now }
        var folder: String { host.options.folder(of: host.definition.name) }

        func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
            try request(Q.code, query.encoded(), key: nil, service)
        }

        func command<C: Command>(
            _ command: C, key: IdempotencyKey, of service: ServiceName
        ) throws -> C.Answer {
            try request(C.code, command.encoded(), key: key, service)
        }

        func open(_ text: PersonalText) throws -> String? { try Personal.open(text, host.keys) }

        private func request<A: Message>(
            _ code: UInt16, _ body: [UInt8], key: IdempotencyKey?, _ service: ServiceName
        ) throws -> A {
            let monitor = Monitor()
            let box = Mutex<Result<(code: UInt16, body: [UInt8]), Refusal>?>(nil)
            host.hub.execute {
                host.front?.request(
                    service, code: code, body: body, key: key, timeoutMilliseconds: World.timeoutMilliseconds
                ) { result in
                    monitor.withLock {
                        box.withLock { $0 = result }
                        monitor.signal()
                    }
                }
            }
            let answer = try monitor.withLock {
                while true {
                    if let result = box.withLock({ $0 }) { return try result.get() }
                    monitor.wait()
                }
            }
            guard answer.code == A.code else {
                throw Refusal(.malformed, expected: A.title, found: "message \(answer.code)")
            }
            return try A(decoding: answer.body)
        }
    }
}
