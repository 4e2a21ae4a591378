import Crypto
import Kernel
import Messages
import Runtime
import Storage
import Stories
import Wire

/// The five services in one process, on one thread and a clock that stands still until it is moved.
///
/// The cores, handlers and stores are those of the live system; messages between them are delivered in order
/// and at once. Commands reach the service that their code names, with the acting party of the guest's sign-in.
///
/// A service may have a simulated disk. If its process dies of what that disk does, a new one opens what is there,
/// the streams go on from the positions in the stores, and whoever waits for an answer sends the same command under
/// the same key again.
public final class InProcessHouse: House, @unchecked Sendable {
    let clock: SimulatedClock
    private(set) var nodes: [Node] = []
    private let folder: String
    var answers: [UInt64: Reply] = [:]
    var correlation: UInt64 = 0
    private var keyCounter: UInt64 = 0
    private var sessions: [Guest: Acting] = [:]
    /// Every command that was carried out and answered, in order, for services with a disk.
    public private(set) var acknowledged: [AcknowledgedCommand] = []
    /// The most rounds of delivery until a house that never comes to rest is a fault.
    private static let mostRounds = 100_000

    /// - Parameters:
    ///   - folder: a folder of one's own; each service gets a folder within it.
    ///   - onDisk: keeps the stores in files instead of in memory.
    ///   - disks: keeps the stores and keys of these services on these disks.
    public init(
        _ definitions: [ServiceDefinition], folder: String, start: Instant, onDisk: Bool = false,
        disks: [ServiceName: SimulatedDisk] = [:]
    ) throws {
        clock = SimulatedClock(start)
        self.folder = folder
        for definition in definitions {
            nodes.append(
                try Node(
                    definition, folder: "\(folder)/\(definition.name.title)", onDisk: onDisk,
                    disk: disks[definition.name], clock: clock))
        }
        for node in nodes {
            let name = node.name
            node.world = { [weak self] in
                guard let self, let node = self.nodes.first(where: { $0.name == name }) else { return nil }
                return World(house: self, node: node)
            }
        }
    }

    public func now() -> Instant { clock.now }

    /// The core of a service, for checks on its store.
    public func core(_ service: ServiceName) -> ServiceCore? { nodes.first { $0.name == service }?.core }

    /// The key store of a service.
    public func keys(_ service: ServiceName) -> KeyStore? { nodes.first { $0.name == service }?.keys }

    // MARK: Requests

    public func send<C: Command>(_ command: C, as guest: Guest?, key: IdempotencyKey?) async throws
        -> C.Answer
    {
        try call(command, acting: try acting(guest), peer: nil, key: key)
    }

    public func ask<Q: Query>(_ query: Q, as guest: Guest?) async throws -> Q.Answer {
        try question(query, acting: try acting(guest), peer: nil)
    }

    public func bootstrap(email: String, password: String) async throws {
        var command = BootstrapOperator()
        command.email = PersonalText(email)
        command.password = password
        _ = try call(command, acting: .nobody, peer: .program, key: nil)
    }

    /// A new key, stamped with the house's time.
    public func newKey() -> IdempotencyKey {
        keyCounter += 1
        return IdempotencyKey(high: UInt64(clock.now.microseconds), low: keyCounter)
    }

    private func acting(_ guest: Guest?) throws -> Acting {
        guard let guest else { return .nobody }
        if let known = sessions[guest] { return known }
        var signIn = SignIn()
        signIn.marketplace = guest.marketplace
        signIn.email = guest.email
        signIn.password = guest.password
        let signedIn = try call(signIn, acting: .nobody, peer: nil, key: nil)
        let acting = Acting(
            party: signedIn.party, marketplace: signedIn.marketplace, roles: signedIn.roles,
            session: signedIn.session)
        sessions[guest] = acting
        return acting
    }

    /// Forgets a guest's sign-in, as when the connection closes.
    public func forget(_ guest: Guest) { sessions[guest] = nil }

    private func node<M: Message>(of message: M.Type) throws -> Node {
        guard let home = message.home, let node = nodes.first(where: { $0.name == home }) else {
            throw Refusal(.unknownMessage, found: message.title)
        }
        return node
    }

    private func allowed(_ audience: Audience, _ acting: Acting, _ peer: ServiceName?) throws {
        switch audience {
        case .anyone: return
        case .parties(let roles):
            guard !acting.party.isNone else { throw Refusal(.notSignedIn) }
            guard !acting.roles.isDisjoint(with: roles) else { throw Refusal(.forbidden) }
        case .operators:
            guard !acting.party.isNone else { throw Refusal(.notSignedIn) }
            guard acting.isOperator else { throw Refusal(.forbidden) }
        case .services(let senders):
            guard let peer, senders.contains(peer) else { throw Refusal(.unknownMessage) }
        case .itself, .answer:
            throw Refusal(.unknownMessage)
        }
    }

    func call<C: Command>(_ command: C, acting: Acting, peer: ServiceName?, key: IdempotencyKey?) throws
        -> C.Answer
    {
        try allowed(C.audience, acting, peer)
        let node = try node(of: C.self)
        let key = key ?? newKey()
        return try repeating(node) {
            let correlation = try enqueue(command, node, acting: acting, peer: peer, key: key)
            try deliver()
            guard let reply = answers.removeValue(forKey: correlation) else {
                throw Refusal(
                    .unavailable, expected: C.Answer.title, found: "no answer although all is quiet")
            }
            if node.disk != nil, reply.code == C.Answer.code {
                acknowledged.append(
                    AcknowledgedCommand(
                        service: node.name, party: acting.party, peer: peer, key: key, answer: reply.code))
            }
            return try open(reply.code, reply.body, C.code, node, acting)
        }
    }

    /// Passes a command by the edge into the service's queue; the correlation of its answer.
    private func enqueue<C: Command>(
        _ command: C, _ node: Node, acting: Acting, peer: ServiceName?, key: IdempotencyKey?
    ) throws -> UInt64 {
        let sent = command.encoded()
        let body = try node.backend.before(C.code, ProtocolVersion.current, sent, acting).get()
        correlation += 1
        let hash = SHA256.digest(sent)
        func word(_ offset: Int) -> UInt64 {
            hash[offset..<(offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        node.queue.append(
            .command(
                ClientCommand(
                    address: ReplyAddress(link: LinkID(raw: 1), correlation: correlation), code: C.code,
                    version: ProtocolVersion.current, body: body, acting: acting, peer: peer,
                    key: key ?? newKey(),
                    bodyHash: (word(0), word(8)), giveUpAt: 0)))
        return correlation
    }

    /// Sends many commands at once, as from as many connections, and waits until all is quiet.
    public func burst<C: Command>(_ commands: [(command: C, guest: Guest)]) throws -> [Result<
        C.Answer, Refusal
    >] {
        let node = try node(of: C.self)
        var addresses: [(UInt64, Acting)] = []
        for (command, guest) in commands {
            let acting = try acting(guest)
            addresses.append((try enqueue(command, node, acting: acting, peer: nil, key: nil), acting))
        }
        try deliver()
        return addresses.map { correlation, acting in
            guard let reply = answers.removeValue(forKey: correlation) else {
                return .failure(Refusal(.unavailable))
            }
            do {
                return .success(try open(reply.code, reply.body, C.code, node, acting))
            } catch let refusal as Refusal {
                return .failure(refusal)
            } catch {
                return .failure(Refusal(.internalError))
            }
        }
    }

    func question<Q: Query>(_ query: Q, acting: Acting, peer: ServiceName?) throws -> Q.Answer {
        try allowed(Q.audience, acting, peer)
        let node = Q.self == Subscribe.self ? try self.node(of: ReadInbox.self) : try node(of: Q.self)
        return try repeating(node) {
            let answer = node.backend.query(Q.code, ProtocolVersion.current, query.encoded(), acting, peer)
            return try open(answer.code, answer.body, Q.code, node, acting)
        }
    }

    /// Sends again, as a client does whose answer did not come, if the disk of this service or of another one
    /// failed meanwhile; a service whose process cannot go on is opened again first.
    private func repeating<R>(_ node: Node, _ send: () throws -> R) throws -> R {
        for _ in 0..<InProcessHouse.mostRepeats {
            let before = disturbances
            do {
                return try send()
            } catch let refusal as Refusal
                where refusal.reason == .internalError || refusal.reason == .unavailable
            {
                for node in nodes where node.isDead { try restart(node) }
                guard disturbances != before else { throw refusal }
            }
        }
        return try send()
    }

    private static let mostRepeats = 5

    private var disturbances: Int { nodes.reduce(0) { $0 + $1.disturbances } }

    private func open<A: Message>(
        _ code: UInt16, _ body: [UInt8], _ request: UInt16, _ node: Node, _ acting: Acting
    ) throws -> A {
        if code == Refusal.code { throw try Refusal(decoding: body) }
        guard code == A.code else { throw Refusal(.malformed, expected: A.title, found: "message \(code)") }
        return try A(decoding: try node.backend.after(request, body, acting).get())
    }

    // MARK: Delivery

    public func settle() async throws { try deliver() }

    /// Executes and delivers until nothing is left to do now.
    func deliver() throws {
        for _ in 0..<InProcessHouse.mostRounds {
            var moved = false
            for node in nodes {
                if try execute(node) { moved = true }
                if perform(node) { moved = true }
            }
            if !moved { return }
        }
        throw Refusal(.internalError, expected: "a house that comes to rest", found: "one that does not")
    }

    private func execute(_ node: Node) throws -> Bool {
        let items = Array(node.queue.prefix(ServiceCore.longestBatch))
        guard !items.isEmpty || node.core.nextDue <= clock.now else { return false }
        node.queue.removeFirst(items.count)
        guard let output = try committed(items, node) else { return true }
        for reply in output.replies { answers[reply.address.correlation] = reply }
        for row in output.outbox {
            nodes.first { $0.name == row.destination }?.queue.append(message(row, from: node))
        }
        for (peer, sequence) in output.applied {
            nodes.first { $0.name == peer }?.queue.append(.acknowledged(by: node.name, sequence: sequence))
        }
        for (peer, _, rows) in output.fetched {
            let receiver = nodes.first { $0.name == peer }
            for row in rows { receiver?.queue.append(message(row, from: node)) }
        }
        node.effects.append(contentsOf: output.effects)
        return true
    }

    private func message(_ row: OutboxRow, from node: Node) -> Incoming {
        .peer(
            from: node.name, sequence: row.sequence, code: row.code, version: ProtocolVersion.current,
            body: row.body)
    }

    /// Executes a batch and destroys the keys that it names; nothing if the service's process died of it, and a new
    /// one has been opened.
    private func committed(_ items: [Incoming], _ node: Node) throws -> BatchOutput? {
        do {
            let output = try node.core.execute(items, now: clock.now, effectSlots: 64)
            if !output.destroyedKeys.isEmpty { try node.keys.destroy(output.destroyedKeys) }
            return output
        } catch {
            guard node.disk != nil else { throw error }
            try restart(node)
            return nil
        }
    }

    /// The process of a service with a disk dies, unless it has, and a new one opens the disk; its streams and those
    /// to it go on from the positions in the stores.
    public func restart(_ service: ServiceName) throws {
        if let node = nodes.first(where: { $0.name == service }) { try restart(node) }
    }

    /// Stops a service with a disk in good order, its log moved into its store, and starts it again.
    public func stopInOrder(_ service: ServiceName) throws {
        guard let node = nodes.first(where: { $0.name == service }) else { return }
        // A stop that fails is a crash.
        try? node.core.store.checkpoint()
        try? node.core.store.close()
        try restart(node)
    }

    private func restart(_ node: Node) throws {
        guard let disk = node.disk else { return }
        try node.reopen(disk)
        for peer in nodes where peer.name != node.name {
            greet(from: node, to: peer)
            greet(from: peer, to: node)
        }
    }

    /// A sender learns what the receiver has applied, and sends what comes after it again.
    private func greet(from sender: Node, to receiver: Node) {
        let applied = receiver.core.position(with: sender.name).applied
        sender.queue.append(.acknowledged(by: receiver.name, sequence: applied))
        sender.queue.append(.fetchOutbox(receiver.name, from: applied + 1, limit: 100_000))
    }

    private func perform(_ node: Node) -> Bool {
        guard !node.effects.isEmpty else { return false }
        let effects = node.effects
        let life = node.deaths
        node.effects = []
        for effect in effects {
            let outcome = node.core.definition.handlers.perform(effect, world: World(house: self, node: node))
            // What a process did that died meanwhile, nobody is told; the next one does it again.
            guard node.deaths == life else { return true }
            node.queue.append(.outcome(effect.reference, code: outcome.code, body: outcome.body))
        }
        return true
    }

    public func advance(to instant: Instant) async throws {
        try deliver()
        while true {
            let next = nodes.map(\.core.nextDue).min() ?? .distantFuture
            guard next <= instant else { break }
            clock.now = max(clock.now, next)
            try deliver()
        }
        clock.now = max(clock.now, instant)
        try deliver()
    }

    public func mail() throws -> [SpooledMail] {
        try MailSpool.read("\(folder)/\(ServiceName.notifications.title)/spool")
    }

    /// A command that was carried out and answered.
    public struct AcknowledgedCommand: Sendable, Hashable {
        public let service: ServiceName
        /// Who acted; none: a stranger, or a service.
        public let party: PartyID
        public let peer: ServiceName?
        public let key: IdempotencyKey
        /// The answer's message code.
        public let answer: UInt16
    }

    /// What performers of effects see within the house.
    private struct World: EffectWorld, @unchecked Sendable {
        let house: InProcessHouse
        let node: Node
        var now: Instant { house.clock.now }
        var folder: String { node.folder }
        func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
            try house.question(query, acting: .nobody, peer: node.name)
        }
        func command<C: Command>(_ command: C, key: IdempotencyKey, of service: ServiceName) throws
            -> C.Answer
        {
            try house.call(command, acting: .nobody, peer: node.name, key: key)
        }
        func open(_ text: PersonalText) throws -> String? { try Personal.open(text, node.keys) }
    }
}
