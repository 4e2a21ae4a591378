import Crypto
import Kernel
import Messages
import Runtime
import Storage
import Transport
import Wire

/// A service's process: the live core, writer, front and edges, with events in the place of threads.
final class ServiceProcess: SimulatedProcess, FrontShell, FrontBackend, @unchecked Sendable {
    private unowned let service: SimulatedService
    private var store: ServiceStore?
    private var core: ServiceCore?
    private var writer: ServiceWriter?
    private var keys: KeyStore?
    private(set) var front: ServiceFront?
    private var backend: ServiceBackend?
    private var backlog: WriterBacklog
    private var isWriting = false
    private var isPatient = false
    private var wakesAt = Instant.distantFuture
    /// Work on pools and effects that are being performed.
    private(set) var underway = 0
    private(set) var mostQueued = 0
    /// Commands that wait for the writer, now and at most; counted apart from what the front counts.
    private var commands = 0
    private(set) var mostCommands = 0
    private var batches: UInt64 = 0

    /// How often a moment was found to move the log in, each time after another while.
    private var logMoves: UInt64 = 0

    init(
        _ service: SimulatedService, store: ServiceStore, core: ServiceCore, keys: KeyStore, bodyKey: [UInt8],
        world: SimulatedHouse, chance: UInt64
    ) throws {
        self.service = service
        backlog = WriterBacklog(isPatient: service.definition.isPatient)
        self.store = store
        self.core = core
        self.keys = keys
        backend = service.backend(store, keys)
        writer = ServiceWriter(core: core, keys: keys)
        super.init(service.place, world, chance: chance ^ world.seed)
        var limits = ServiceFront.Limits()
        limits.queue = world.plan.queue
        limits.peerQueue = world.plan.peerQueue
        front = try ServiceFront(core: core, shell: self, backend: self, bodyKey: bodyKey, limits: limits)
    }

    func start() {
        store?.beforeCommit = { [weak self] in
            guard let self, world.faults.strikes(.crashBeforeCommit) else { return }
            throw ProcessEnded()
        }
        // The log is moved while the writer goes on, between its batches.
        store?.lendForLog = { [weak self] move in
            guard let self else { return }
            logMoves += 1
            soon(1_000_000 + logMoves % 7 * 30_000_000, .batch) { move() }
        }
        front?.start()
        wake()
    }

    override func die() {
        super.die()
        store?.beforeCommit = nil
        store?.lendForLog = nil
        // What the process held open is closed with it; it may be in the middle of something that still uses it.
        scheduler.after(0, .process, place) { [self] in
            front = nil
            writer = nil
            core = nil
            keys = nil
            store = nil
            backend = nil
        }
    }

    /// Ends the process from within.
    private func crash() { world.crash(service) }

    /// Whether it is connected to all others, and nothing lies in its memory alone.
    var isSettled: Bool {
        guard let front, !isDead else { return false }
        return backlog.count == 0 && underway == 0 && front.isDrained && front.status.ready
    }

    func holdsKey(_ key: UInt64) -> Bool { keys?.contains(key) ?? false }

    var status: ServiceStatus? { front?.status }

    // MARK: The writer

    func enqueue(_ items: [Incoming]) {
        guard !isDead else { return }
        backlog.put(items)
        mostQueued = max(mostQueued, backlog.count)
        commands += ServiceProcess.commands(in: items)
        mostCommands = max(mostCommands, commands)
        stir()
    }

    private static func commands(in items: [Incoming]) -> Int {
        items.count { if case .command = $0 { true } else { false } }
    }

    /// Has the writer take what waits, soon; acknowledgements, for which nobody waits, a little later.
    private func stir() {
        guard !isWriting else { return }
        if backlog.isUrgent {
            isWriting = true
            soon(20_000 + chance() % 60_000, .batch) { [unowned self] in write() }
        } else if backlog.hasPeers, !isPatient {
            isPatient = true
            soon(WriterBacklog.patience, .batch) { [unowned self] in
                isPatient = false
                guard !isWriting else { return }
                isWriting = true
                write()
            }
        }
    }

    private func write() {
        let items = backlog.take(ServiceCore.longestBatch)
        commands -= ServiceProcess.commands(in: items)
        guard let writer else { return }
        var pause: UInt64 = 0
        for batch in ServiceWriter.batches(items) {
            if world.faults.areOn, endsBefore(batch) { return }
            do {
                let output = try writer.commit(batch, now: service.now, monotonic: scheduler.monotonic)
                pause += 150_000 + chance() % 600_000
                glance()
                try finish(output, after: pause)
                if isDead { return }
            } catch is ProcessEnded {
                return crash()
            } catch {
                log("the store failed, stopping: \(error)")
                return crash()
            }
        }
        soon(pause, .batch) { [unowned self] in
            isWriting = false
            stir()
            wake()
        }
    }

    /// Has the auditor look at the outbox now and then; reading a simulated disk would wear it.
    private func glance() {
        batches += 1
        guard batches % 32 == 0, !world.plan.onDisk, let store else { return }
        world.auditor.glance(at: service.name, store)
    }

    /// A crash, a pause, or a move of the clock just before a batch.
    private func endsBefore(_ batch: [Incoming]) -> Bool {
        world.strikeTime(service)
        plantFaults(batch)
        service.planDiskFaults(world.faults)
        if world.faults.strikes(.pause) {
            network.pause(place, for: 10_000_000 + world.faults.draw(.pause, below: 20_000_000_000))
        }
        if world.faults.strikes(.stop) { world.stop(service) }
        guard world.faults.strikes(.crash) else { return false }
        crash()
        return true
    }

    /// Picks a command whose execution will end the process, twice in a row.
    private func plantFaults(_ batch: [Incoming]) {
        guard world.faults.isPossible(.poisonedCommand) else { return }
        for case .command(let command) in batch where !world.isMoney(command.code) {
            guard world.faults.strikes(.poisonedCommand) else { continue }
            let identity = PoisonSlot.identity(
                code: command.code, high: command.key.high, low: command.key.low)
            service.traps[identity] = 2
        }
    }

    /// The batch is durable; what it sets free leaves a moment later, unless the process ends before.
    private func finish(_ output: BatchOutput, after pause: UInt64) throws {
        if !output.destroyedKeys.isEmpty, world.faults.strikes(.crashBeforeShredding) { return crash() }
        try writer?.shred(output)
        if world.faults.strikes(.crashBeforePublishing) { return crash() }
        for effect in output.effects { perform(effect) }
        soon(pause, .publish) { [unowned self] in publish(output) }
    }

    private func publish(_ output: BatchOutput) {
        if world.faults.areOn, let reply = output.replies.first, world.faults.strikes(.replyLost) {
            network.breakLink(reply.address.link)
        }
        front?.committed(output)
    }

    /// Wakes the writer when a timer or effect is due.
    private func wake() {
        guard let due = writer?.due, due < .distantFuture else { return }
        let at = service.reaches(due)
        guard at < wakesAt || wakesAt <= scheduler.now else { return }
        wakesAt = at
        scheduler.at(house: at, place) { [weak self] in self?.awake(at) }
    }

    private func awake(_ at: Instant) {
        guard !isDead, wakesAt == at else { return }
        wakesAt = .distantFuture
        guard !isWriting else { return }
        isWriting = true
        soon(10_000, .batch) { [unowned self] in write() }
    }

    /// The service's clock was set: what is due is due at another moment.
    func clockMoved() {
        wakesAt = .distantFuture
        wake()
    }

    /// The power went, or a key store's sync failed: only a new start knows what is on the disk (rule F3).
    private var hasLostDisk: Bool { !service.disk.isOn || keys?.failure != nil }

    // MARK: Pools

    func offload<R: Sendable>(
        _ pool: Pool, _ work: @escaping @Sendable () -> R, then: @escaping @Sendable (R) -> Void
    ) {
        underway += 1
        let takes: UInt64 = pool == .edge ? 100_000 + chance() % 2_000_000 : 30_000 + chance() % 300_000
        soon(takes, .pool) { [unowned self] in
            let result = work()
            underway -= 1
            if hasLostDisk { return crash() }
            // A key is durable, and its command is not in the queue yet.
            if pool == .edge, world.faults.strikes(.crashAfterSealing) { return crash() }
            then(result)
        }
    }

    // MARK: Effects

    private func perform(_ effect: EffectStart) {
        underway += 1
        let seen = JobWorld(answers: PeerAnswers(), now: service.now, folder: service.folder) {
            [weak self] text in
            try self?.keys.flatMap { try Personal.open(text, $0) }
        }
        soon(500_000 + chance() % 20_000_000, .effect) { [unowned self] in perform(effect, seen) }
    }

    /// Performs an effect to its end, over as many answers of other services as it takes.
    private func perform(_ effect: EffectStart, _ seen: JobWorld) {
        let outcome = service.definition.handlers.perform(effect, world: seen)
        if let wanted = seen.answers.wanted {
            let go = Confined<(PeerAnswer) -> Void> { [weak self] answer in
                guard let self, !isDead else { return }
                seen.answers.add(answer)
                perform(effect, seen)
            }
            front?.request(
                wanted.service, code: wanted.code, body: wanted.body, key: wanted.key,
                timeoutMilliseconds: 5_000
            ) { go.value($0) }
            return
        }
        underway -= 1
        if world.faults.strikes(.crashInEffect) { return crash() }
        let item = Incoming.outcome(effect.reference, code: outcome.code, body: outcome.body)
        guard let lateness = world.outside.takeLateness() else { return enqueue([item]) }
        scheduler.at(house: scheduler.now + lateness, place) { [weak self] in self?.enqueue([item]) }
    }

    // MARK: Links

    override func linkOpened(_ link: LinkID, peer: String?, address: String) {
        front?.linkOpened(link, peer: peer, address: address)
    }
    override func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        for frame in frames { world.auditor.note(frame: frame.header.code) }
        front?.linkReceived(link, frames: frames)
    }
    override func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        front?.linkMalformed(link, error: error, correlation: correlation)
    }
    override func linkClosed(_ link: LinkID) { front?.linkClosed(link) }

    func connect(to service: ServiceName) -> LinkID {
        network.connect(
            from: place, to: Place(service.rawValue), name: self.service.name.title, expected: service.title,
            address: "10.0.0.\(place)", serverLimits: .peers, clientLimits: .peers, delegate: self)
    }

    // MARK: Edges and snapshots

    func run(_ jobs: [EdgeJob]) -> [EdgeOutcome] {
        // Slow ones among them leave the rest to the next batch.
        let count = chance() % 4 == 0 ? 1 + Int(chance() % UInt64(jobs.count)) : jobs.count
        return backend?.run(Array(jobs.prefix(count))) ?? jobs.map { _ in .refused(Self.gone) }
    }
    func answers(_ questions: [Question]) -> [(code: UInt16, body: [UInt8])] {
        backend?.answers(questions) ?? questions.map { _ in (Refusal.code, Self.gone.encoded()) }
    }
    private static let gone = Refusal(.stopping)
    var clockIsSettable: Bool { world.plan.clockIsSettable }
    var now: Instant { service.now }
}

/// The process came to its end in the middle of something.
struct ProcessEnded: Error {}

/// Carries what belongs to the world's one thread through places that want it sendable.
struct Confined<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
