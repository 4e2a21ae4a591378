import Crypto
import Foundation
import Kernel
import Messages
import Runtime
import Storage
import Wire

/// One service alone on the bench: its real core over a store in memory, a clock that the test moves, and the
/// test in the place of all other services.
public final class Bench: @unchecked Sendable {
    public let core: ServiceCore
    public let keys: KeyStore
    public let folder: String
    public private(set) var now: Instant
    /// Effects handed out and not yet finished.
    public private(set) var effects: [EffectStart] = []
    public private(set) var pushes: [Push] = []
    private let backend: ServiceBackend
    private var outbox: [OutboxRow] = []
    private var replies: [UInt64: Reply] = [:]
    private var correlation: UInt64 = 0
    private var sequences: [ServiceName: UInt64] = [:]

    public init(_ definition: ServiceDefinition, start: Instant) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gavel-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path()
        let store = try ServiceStore(path: nil, migrations: definition.migrations)
        keys = try KeyStore(
            file: "\(folder)/store.keys", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(folder)/kek"))
        core = try ServiceCore(definition: definition, store: store)
        now = start
        let clock = BenchClock(start)
        backend = ServiceBackend(
            definition: definition, store: store, keys: keys, clock: { clock.now },
            machineClock: { clock.now },
            random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
        self.clock = clock
    }

    private let clock: BenchClock

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Who acts, in marketplace 1.
    public static func acting(_ party: UInt64, _ roles: Roles) -> Acting {
        Acting(
            party: PartyID(party), marketplace: MarketplaceID(1), roles: roles, session: SessionID(party))
    }

    /// A command that is decided at once; its refusal is thrown.
    @discardableResult
    public func command<C: Command>(_ command: C, as acting: Acting) throws -> C.Answer {
        try answer(to: try begin(command, as: acting), of: C.self, as: acting)
    }

    /// A command that may wait for another service; ``answer(to:of:as:)`` gives what comes of it.
    ///
    /// - Parameter pause: between the edge and the writer, as where a command was set aside and is run again.
    public func begin<C: Command>(
        _ command: C, as acting: Acting, after pause: Duration64 = .zero
    ) throws -> UInt64 {
        correlation += 1
        let sent = command.encoded()
        let body = try backend.before(C.code, ProtocolVersion.current, sent, acting).get()
        if pause > .zero { try advance(by: pause) }
        try execute([
            .command(
                ClientCommand(
                    address: ReplyAddress(link: LinkID(raw: 1), correlation: correlation), code: C.code,
                    version: ProtocolVersion.current, body: body, acting: acting, peer: nil,
                    key: IdempotencyKey(high: UInt64(now.microseconds), low: correlation),
                    bodyHash: (correlation, 0), giveUpAt: 0))
        ])
        return correlation
    }

    public struct StillWaiting: Error {}

    /// The answer to a begun command; its refusal is thrown.
    public func answer<C: Command>(to request: UInt64, of _: C.Type, as acting: Acting) throws -> C.Answer {
        guard let reply = replies.removeValue(forKey: request) else { throw StillWaiting() }
        return try opened(reply.code, reply.body, C.code, acting)
    }

    public func ask<Q: Query>(_ query: Q, as acting: Acting) throws -> Q.Answer {
        let answer = backend.query(Q.code, ProtocolVersion.current, query.encoded(), acting, nil)
        return try opened(answer.code, answer.body, Q.code, acting)
    }

    private func opened<A: Message>(
        _ code: UInt16, _ body: [UInt8], _ request: UInt16, _ acting: Acting
    ) throws -> A {
        if code == Refusal.code { throw try Refusal(decoding: body) }
        return try A(decoding: try backend.after(request, body, acting).get())
    }

    /// Another service says something.
    public func peer<M: PeerMessage>(_ message: M, from service: ServiceName) throws {
        sequences[service, default: 0] += 1
        try execute([
            .peer(
                from: service, sequence: sequences[service] ?? 0, code: M.code,
                version: ProtocolVersion.current, body: message.encoded())
        ])
    }

    /// Moves the clock, through every timer on the way.
    public func advance(to instant: Instant) throws {
        while core.nextDue <= instant, core.nextDue > now {
            set(core.nextDue)
            try execute([])
        }
        set(max(now, instant))
        try execute([])
    }

    public func advance(by span: Duration64) throws { try advance(to: now + span) }

    private func set(_ instant: Instant) {
        now = instant
        clock.now = instant
    }

    /// What the service sent of this type since it was last asked, in order.
    public func sent<M: PeerMessage>(_: M.Type) throws -> [M] {
        let found = try outbox.filter { $0.code == M.code }.map { try M(decoding: $0.body) }
        outbox.removeAll { $0.code == M.code }
        return found
    }

    /// Performs the oldest effect that was handed out, and journals its outcome.
    public func performEffect(in world: any EffectWorld) throws {
        guard !effects.isEmpty else { return }
        let effect = effects.removeFirst()
        let outcome = core.definition.handlers.perform(effect, world: world)
        try execute([.outcome(effect.reference, code: outcome.code, body: outcome.body)])
    }

    private func execute(_ items: [Incoming]) throws {
        let output = try core.execute(items, now: now, effectSlots: 64)
        for reply in output.replies { replies[reply.address.correlation] = reply }
        outbox += output.outbox
        effects += output.effects
        pushes += output.pushes
        if !output.destroyedKeys.isEmpty { try keys.destroy(output.destroyedKeys) }
    }
}

/// The refusal that `body` meets; nothing if it is carried out.
public func refusal(_ body: () throws -> some Any) throws -> RefusalCode? {
    do {
        _ = try body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    }
}

/// Moved by the bench alone.
private final class BenchClock: @unchecked Sendable {
    var now: Instant
    init(_ now: Instant) { self.now = now }
}
