import Crypto
import Kernel
import Messages
import Storage
import Wire

/// The parts of a service that run on its pools: edges and queries. Thread-safe; holds no state of its own.
public struct ServiceBackend: @unchecked Sendable {
    let handlers: HandlerTable
    let store: ServiceStore
    let keys: KeyStore
    let clock: @Sendable () -> Instant
    let machineClock: @Sendable () -> Instant
    let random: @Sendable (Int) -> [UInt8]
    /// Monotonic nanoseconds, by which a batch of edges' jobs ends; where time stands still, it ends with its last job.
    let monotonic: @Sendable () -> UInt64
    /// The way to the other services in a house without fronts; elsewhere the front asks what edges want to know.
    public var world: @Sendable () -> (any EffectWorld)? = { nil }
    /// Told when a sync of the key store has failed. It makes no key until it is opened again, so the process ends, as
    /// it does after a failed commit.
    public var keysFailed: @Sendable (CryptoError) -> Void = { _ in }

    /// - Parameters:
    ///   - clock: the house's time, for queries and edges.
    ///   - machineClock: the machine's time, for tokens.
    ///   - random: bytes that nobody can foresee.
    ///   - monotonic: the machine's monotonic clock, in nanoseconds.
    public init(
        definition: ServiceDefinition, store: ServiceStore, keys: KeyStore,
        clock: @escaping @Sendable () -> Instant, machineClock: @escaping @Sendable () -> Instant,
        random: @escaping @Sendable (Int) -> [UInt8], monotonic: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        handlers = definition.handlers
        self.store = store
        self.keys = keys
        self.clock = clock
        self.machineClock = machineClock
        self.random = random
        self.monotonic = monotonic
    }

    /// What edges use in a house without fronts, whose services answer at once.
    private struct Direct: EdgeContext {
        let backend: ServiceBackend
        let acting: Acting
        var keys: KeyStore { backend.keys }
        var now: Instant { backend.clock() }
        var machineNow: Instant { backend.machineClock() }
        func read<R>(_ body: (Store) throws -> R) throws -> R { try backend.store.read(body) }
        func randomBytes(_ count: Int) -> [UInt8] { backend.random(count) }
        func makeKey() throws -> (id: UInt64, key: [UInt8]) { try keys.makeKey() }
        func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
            guard let world = backend.world() else {
                throw Refusal(.unavailable, expected: service.title, found: "no connection")
            }
            return try world.ask(query, of: service)
        }
        func command<C: Command>(_ command: C, of service: ServiceName) throws -> C.Answer {
            guard let world = backend.world() else {
                throw Refusal(.unavailable, expected: service.title, found: "no connection")
            }
            return try world.command(command, key: backend.newKey(), of: service)
        }
    }

    /// Seals and checks a command's body, in a house without fronts.
    public func before(
        _ code: UInt16, _ version: UInt8, _ body: [UInt8], _ acting: Acting
    ) -> Result<[UInt8], Refusal> {
        before(code, version, body, Direct(backend: self, acting: acting))
    }

    /// Opens and completes an answer's body, in a house without fronts.
    public func after(_ code: UInt16, _ answer: [UInt8], _ acting: Acting) -> Result<[UInt8], Refusal> {
        after(code, answer, Direct(backend: self, acting: acting))
    }

    /// Answers one query from a snapshot of its own.
    public func query(
        _ code: UInt16, _ version: UInt8, _ body: [UInt8], _ acting: Acting, _ peer: ServiceName?
    ) -> (code: UInt16, body: [UInt8]) {
        let nowhere = ReplyAddress(link: LinkID(raw: 0), correlation: 0)
        let question = Question(
            address: nowhere, code: code, version: version, body: body, acting: acting, peer: peer)
        return answers([question]).first ?? Self.refused(Refusal(.internalError))
    }

    /// Answers queries in their order, all from one snapshot.
    public func answers(_ questions: [Question]) -> [(code: UInt16, body: [UInt8])] {
        do {
            return try store.read { snapshot in questions.map { answer($0, snapshot) } }
        } catch {
            return questions.map { _ in Self.refused(Refusal(.internalError)) }
        }
    }

    private static func refused(_ refusal: Refusal) -> (code: UInt16, body: [UInt8]) {
        (Refusal.code, refusal.encoded())
    }

    private func answer(_ question: Question, _ snapshot: Store) -> (code: UInt16, body: [UInt8]) {
        guard question.code != ListParked.code else { return listParked(snapshot) }
        guard let handler = handlers[question.code], let read = handler.read else {
            return Self.refused(Refusal(.unknownMessage, found: "message \(question.code)"))
        }
        let reading = Reading(
            now: clock(), acting: question.acting, peer: question.peer, store: snapshot)
        do {
            switch try read(question.body, question.version, reading) {
            case .answer(let code, let body): return (code, body)
            case .refused(let refusal): return Self.refused(refusal)
            case .waiting, .done: return Self.refused(Refusal(.internalError))
            }
        } catch let error as WireError {
            return Self.refused(Refusal(error, reading: handler.title))
        } catch {
            return Self.refused(Refusal(.internalError))
        }
    }

    private func listParked(_ snapshot: Store) -> (code: UInt16, body: [UInt8]) {
        let rows = try? snapshot.all(
            "SELECT seq, code, source, reason FROM gavel_parked ORDER BY seq LIMIT 100"
        ) { row in
            var parked = ParkedCommand()
            parked.sequence = UInt64(row.int(0))
            parked.messageCode = UInt16(truncatingIfNeeded: row.int(1))
            parked.source = UInt8(truncatingIfNeeded: row.int(2))
            parked.reason = row.text(3)
            return parked
        }
        var page = ParkedPage()
        page.parked = rows ?? []
        return (ParkedPage.code, page.encoded())
    }
}
