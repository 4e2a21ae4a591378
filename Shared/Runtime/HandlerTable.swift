import Crypto
import Kernel
import Messages
import Storage
import Wire

/// What the edge of a service may use: secrets and snapshots, never the writer.
public protocol EdgeContext {
    var keys: KeyStore { get }
    /// The house's time.
    var now: Instant { get }
    /// The machine's time, for certificates and tokens; rules never see it.
    var machineNow: Instant { get }
    var acting: Acting { get }
    func read<R>(_ body: (Store) throws -> R) throws -> R
    func randomBytes(_ count: Int) -> [UInt8]
    /// Makes a data key, which is on the disk before anything that the edge returns leaves it.
    func makeKey() throws -> (id: UInt64, key: [UInt8])
    /// Asks another service for what only it may store. Throws its ``Refusal``, or one of the link; until the answer is
    /// there, throws at the edge's work, which begins again with it at hand: nothing before a request may have effects.
    func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer
    /// Has another service do what may be done twice: each time under a key of its own. Throws likewise.
    func command<C: Command>(_ command: C, of service: ServiceName) throws -> C.Answer
}

/// What the performer of an effect may use. Calls block; a bounded pool makes them.
public protocol EffectWorld: Sendable {
    var now: Instant { get }
    /// The service's data folder.
    var folder: String { get }
    /// Asks another service; throws its ``Refusal``, or a fault of the link.
    func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer
    /// Commands another service; the same key, the same effect.
    func command<C: Command>(_ command: C, key: IdempotencyKey, of service: ServiceName) throws -> C.Answer
    /// The plaintext of text sealed by this service; nothing if its key was destroyed.
    func open(_ text: PersonalText) throws -> String?
}

/// A snapshot for a query.
public final class Reading {
    public let now: Instant
    public let acting: Acting
    public let peer: ServiceName?
    public let store: Store
    public init(now: Instant, acting: Acting, peer: ServiceName?, store: Store) {
        self.now = now
        self.acting = acting
        self.peer = peer
        self.store = store
    }
}

/// The bytes of a body are not those of its message; nothing was written yet.
struct BodyFault: Error {
    let error: WireError
}

extension Message {
    /// Decodes a body; a fault of the handler itself is thus never taken for one of the body.
    init(body: UnsafeRawBufferPointer, _ version: UInt8) throws(BodyFault) {
        do {
            self = try Self(decoding: body, version: version)
        } catch {
            throw BodyFault(error: error)
        }
    }
}

/// What a handler gives the runtime, its type erased.
enum HandlerResult {
    case answer(code: UInt16, body: [UInt8])
    case refused(Refusal)
    case waiting
    case done
}

/// What the runtime knows of one message that a service takes. Filled while the table is made, only read later;
/// an object, because each command looks one up and a copy of all closures would cost more than the look-up.
final class Handler: @unchecked Sendable {
    enum Kind: Sendable { case command, peer, journaled, query, effect }
    let kind: Kind
    let audience: Audience
    let title: String
    var run: (@Sendable (UnsafeRawBufferPointer, UInt8, Turn) throws -> HandlerResult)?
    var read: (@Sendable ([UInt8], UInt8, Reading) throws -> HandlerResult)?
    var perform: (@Sendable ([UInt8], any EffectWorld) throws -> any InternalMessage)?
    /// Replaces plaintext and secrets before the command is queued.
    var before: (@Sendable ([UInt8], UInt8, any EdgeContext) throws -> Result<[UInt8], Refusal>)?
    /// Opens and adds secrets after the commit.
    var after: (@Sendable ([UInt8], any EdgeContext) throws -> [UInt8])?

    init(kind: Kind, audience: Audience, title: String) {
        self.kind = kind
        self.audience = audience
        self.title = title
    }

    /// The same, but it faults whenever `faults` says so.
    func faulting(_ faults: @escaping @Sendable () -> Bool) -> Handler {
        let copy = Handler(kind: kind, audience: audience, title: title)
        if let run {
            copy.run = { body, version, turn in
                if faults() { throw PlantedFault() }
                return try run(body, version, turn)
            }
        }
        copy.read = read
        copy.perform = perform
        copy.before = before
        copy.after = after
        return copy
    }
}

/// A fault that a simulation planted.
struct PlantedFault: Error {}

/// The messages that a service takes, and the functions that take them.
public struct HandlerTable: Sendable {
    private(set) var handlers: [UInt16: Handler] = [:]

    /// What the service does with a message; nothing if it does not take it.
    subscript(code: UInt16) -> Handler? { handlers[code] }

    public init() {
        journaled(EffectFaulted.self) { _, _ in }
    }

    /// A client's command, decided at the writer.
    public mutating func command<C: Command>(
        _: C.Type, _ handle: @escaping @Sendable (C, Turn) throws -> Outcome<C.Answer>
    ) {
        let handler = Handler(kind: .command, audience: C.audience, title: C.title)
        handler.run = { body, version, turn in
            let command = try C(body: body, version)
            switch try handle(command, turn) {
            case .answer(let answer): return .answer(code: C.Answer.code, body: answer.encoded())
            case .refused(let refusal): return .refused(refusal)
            case .waiting: return .waiting
            }
        }
        if Personal.hasPersonalText(C.self) {
            handler.before = { body, version, context in
                var command = try C(decoding: body, version: version)
                try Personal.seal(&command, context)
                return .success(command.encoded())
            }
        }
        if Personal.hasPersonalText(C.Answer.self) {
            handler.after = { body, context in
                var answer = try C.Answer(decoding: body)
                try Personal.open(&answer, context)
                return answer.encoded()
            }
        }
        handlers[C.code] = handler
    }

    /// A message of another service.
    public mutating func peer<M: PeerMessage>(
        _: M.Type, _ handle: @escaping @Sendable (M, Turn) throws -> Void
    ) {
        let handler = Handler(kind: .peer, audience: M.audience, title: M.title)
        handler.run = { body, version, turn in
            try handle(try M(decoding: body, version: version), turn)
            return .done
        }
        handlers[M.code] = handler
    }

    /// A timer, or the outcome of an effect.
    public mutating func journaled<M: InternalMessage>(
        _: M.Type, _ handle: @escaping @Sendable (M, Turn) throws -> Void
    ) {
        let handler = Handler(kind: .journaled, audience: .itself, title: M.title)
        handler.run = { body, version, turn in
            try handle(try M(decoding: body, version: version), turn)
            return .done
        }
        handlers[M.code] = handler
    }

    /// A question, answered from a snapshot.
    public mutating func query<Q: Query>(
        _: Q.Type, _ handle: @escaping @Sendable (Q, Reading) throws -> Outcome<Q.Answer>
    ) {
        let handler = Handler(kind: .query, audience: Q.audience, title: Q.title)
        handler.read = { body, version, reading in
            let query = try Q(decoding: body, version: version)
            switch try handle(query, reading) {
            case .answer(let answer): return .answer(code: Q.Answer.code, body: answer.encoded())
            case .refused(let refusal): return .refused(refusal)
            case .waiting: return .refused(Refusal(.internalError, expected: "an answer to a query"))
            }
        }
        if Personal.hasPersonalText(Q.Answer.self) {
            handler.after = { body, context in
                var answer = try Q.Answer(decoding: body)
                try Personal.open(&answer, context)
                return answer.encoded()
            }
        }
        handlers[Q.code] = handler
    }

    /// What is performed off the writer, at least once; what it returns is journaled.
    public mutating func effect<E: InternalMessage>(
        _: E.Type, _ perform: @escaping @Sendable (E, any EffectWorld) -> any InternalMessage
    ) {
        let handler = Handler(kind: .effect, audience: .itself, title: E.title)
        handler.perform = { body, world in perform(try E(decoding: body), world) }
        handlers[E.code] = handler
    }

    /// Runs on the edge's pool before a command is queued, and before its personal text is sealed.
    /// Called after ``command(_:_:)`` for the same type.
    public mutating func before<C: Command>(
        _: C.Type, _ edge: @escaping @Sendable (inout C, any EdgeContext) throws -> Refusal?
    ) {
        handlers[C.code]?.before = { body, version, context in
            var command = try C(decoding: body, version: version)
            if let refusal = try edge(&command, context) { return .failure(refusal) }
            try Personal.seal(&command, context)
            return .success(command.encoded())
        }
    }

    /// Runs after the commit, each time the answer leaves; its personal text is open by then.
    /// Called after ``command(_:_:)`` for the same type.
    public mutating func after<C: Command>(
        _: C.Type, _ edge: @escaping @Sendable (inout C.Answer, any EdgeContext) throws -> Void
    ) {
        handlers[C.code]?.after = { body, context in
            var answer = try C.Answer(decoding: body)
            try Personal.open(&answer, context)
            try edge(&answer, context)
            return answer.encoded()
        }
    }

    /// Like ``after(_:_:)`` for a query. Called after ``query(_:_:)`` for the same type.
    public mutating func afterQuery<Q: Query>(
        _: Q.Type, _ edge: @escaping @Sendable (inout Q.Answer, any EdgeContext) throws -> Void
    ) {
        handlers[Q.code]?.after = { body, context in
            var answer = try Q.Answer(decoding: body)
            try Personal.open(&answer, context)
            try edge(&answer, context)
            return answer.encoded()
        }
    }

    /// The same table, with executions that fault wherever `faults` says so, before anything is written.
    package func faulting(_ faults: @escaping @Sendable (UInt16) -> Bool) -> HandlerTable {
        var table = self
        // Each entry is replaced by itself: the order does not matter.
        table.handlers = Dictionary(
            uniqueKeysWithValues: handlers.map { code, handler in (code, handler.faulting { faults(code) }) })
        return table
    }

    /// Performs an effect; what it returns is to be journaled. A body that cannot be read gives nothing to do.
    public func perform(_ effect: EffectStart, world: any EffectWorld) -> (code: UInt16, body: [UInt8]) {
        guard let perform = handlers[effect.reference.code]?.perform,
            let outcome = try? perform(effect.body, world)
        else { return (EffectFaulted.code, EffectFaulted(effect.reference).encoded()) }
        return (type(of: outcome).code, outcome.encoded())
    }
}

/// An effect that no performer could read; journaled so that its row ends.
struct EffectFaulted: InternalMessage {
    static let code: UInt16 = 0x00c0
    var effectCode: UInt16 = 0
    var id: UInt64 = 0
    init() {}
    init(_ reference: EffectReference) {
        effectCode = reference.code
        id = reference.id
    }
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("effectCode", &effectCode)
        try visit.field("id", &id)
    }
}
