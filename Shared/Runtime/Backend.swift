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
    /// The way to the other services; set once the process around this service has one.
    public var world: @Sendable () -> (any EffectWorld)? = { nil }
    /// Told when a sync of the key store has failed. It makes no key until it is opened again, so the process ends, as
    /// it does after a failed commit.
    public var keysFailed: @Sendable (CryptoError) -> Void = { _ in }

    /// - Parameters:
    ///   - clock: the house's time, for queries and edges.
    ///   - machineClock: the machine's time, for tokens.
    ///   - random: bytes that nobody can foresee.
    public init(
        definition: ServiceDefinition, store: ServiceStore, keys: KeyStore,
        clock: @escaping @Sendable () -> Instant, machineClock: @escaping @Sendable () -> Instant,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        handlers = definition.handlers
        self.store = store
        self.keys = keys
        self.clock = clock
        self.machineClock = machineClock
        self.random = random
    }

    private struct Context: EdgeContext {
        let backend: ServiceBackend
        let acting: Acting
        var keys: KeyStore { backend.keys }
        var now: Instant { backend.clock() }
        var machineNow: Instant { backend.machineClock() }
        func read<R>(_ body: (Store) throws -> R) throws -> R { try backend.store.read(body) }
        func randomBytes(_ count: Int) -> [UInt8] { backend.random(count) }
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
            let low = backend.random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let key = IdempotencyKey(high: UInt64(world.now.microseconds), low: low)
            return try world.command(command, key: key, of: service)
        }
    }

    /// Seals and checks a command's body.
    public func before(
        _ code: UInt16, _ version: UInt8, _ body: [UInt8], _ acting: Acting
    ) -> Result<[UInt8], Refusal> {
        guard let handler = handlers[code], let before = handler.before else { return .success(body) }
        do {
            return try before(body, version, Context(backend: self, acting: acting))
        } catch let error as WireError {
            return .failure(Refusal(error, reading: handler.title))
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            if let failure = keys.failure { keysFailed(failure) }
            return .failure(Refusal(.internalError))
        }
    }

    /// Opens and completes an answer's body.
    public func after(_ code: UInt16, _ answer: [UInt8], _ acting: Acting) -> Result<[UInt8], Refusal> {
        guard let after = handlers[code]?.after else { return .success(answer) }
        do {
            return .success(try after(answer, Context(backend: self, acting: acting)))
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            return .failure(Refusal(.internalError))
        }
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
