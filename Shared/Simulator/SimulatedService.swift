import Crypto
import Kernel
import Messages
import Runtime
import Storage
import Transport
import Wire

/// What of a service outlives its process: its store, its keys, its slot for poisoned commands.
final class SimulatedService: @unchecked Sendable {
    let definition: ServiceDefinition
    let folder: String
    var name: ServiceName { definition.name }
    var place: Place { Place(name.rawValue) }
    private unowned let world: SimulatedHouse
    /// Nothing while the process is down, for a store on a disk; one in memory outlives its processes.
    private(set) var store: ServiceStore?
    private let storePath: String?
    let disk: SimulatedDisk
    private let slot: UnsafeMutablePointer<UInt64>
    private let random: SeededBytes
    private let bodyKey: [UInt8]
    private(set) var process: ServiceProcess?
    /// How far the service's clock is from the house's.
    var skew = Duration64.zero
    /// Commands whose execution ends the process, by the slot's identity, and how often they still do.
    var traps: [UInt64: Int] = [:]
    private var starts: UInt64 = 0
    /// Set while an old backup stands in the store's place.
    private(set) var trueStore: ServiceStore?

    init(_ definition: ServiceDefinition, folder: String, world: SimulatedHouse, seed: UInt64) throws {
        self.definition = definition
        self.folder = folder
        self.world = world
        slot = .allocate(capacity: PoisonSlot.wordCount)
        slot.initialize(repeating: 0, count: PoisonSlot.wordCount)
        random = SeededBytes(seed ^ UInt64(definition.name.rawValue) << 56)
        bodyKey = random.take(32)
        disk = try SimulatedDisk(folder: folder, seed: seed ^ UInt64(definition.name.rawValue) << 40)
        storePath = world.plan.onDisk ? "\(folder)/store.sqlite" : nil
        let made = try SimulatedService.open(storePath, definition)
        let identity = Int64(random.take(7).reduce(1) { $0 << 8 | UInt64($1) })
        try made.transaction { try $0.run("UPDATE gavel_meta SET store = ? WHERE id = 1", identity) }
        store = made
    }

    deinit { slot.deallocate() }

    /// The service's time.
    var now: Instant {
        let exact = (world.scheduler.now + skew).microseconds
        return Instant(microseconds: exact - exact % world.plan.tick.microseconds)
    }

    /// When the service's clock will have come to `due`, by the house's.
    func reaches(_ due: Instant) -> Instant {
        let tick = world.plan.tick.microseconds
        let late = due.microseconds % tick
        return (late == 0 ? due : due + Duration64(microseconds: tick - late)) - skew
    }
    var isRunning: Bool { process != nil }

    func start() throws {
        guard process == nil else { return }
        var left = 3
        while true {
            do {
                return try startOnce()
            } catch {
                // As several processes one after another, until the disk lets one start.
                left -= 1
                guard world.plan.onDisk, left > 0 else { throw error }
                if storePath != nil { store = nil }
                if disk.isOn { disk.crash() }
                if left == 1 { disk.heal() }
            }
        }
    }

    private func startOnce() throws {
        starts += 1
        if !disk.isOn { disk.start() }
        if store == nil {
            if let storePath { try ServiceStore.renewLog(of: storePath) }
            store = try SimulatedService.open(storePath, definition)
        }
        guard let store else { return }
        let random = random
        let keys = try KeyStore(
            file: "\(folder)/store.keys", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(folder)/kek"),
            random: { random.take($0) })
        let poison = PoisonSlot(memory: slot) { [unowned self] identity in trap(identity) }
        let core = try ServiceCore(definition: definition, store: store, poison: poison)
        // Erasure is repeated at every start: a crash may have come between commit and deletion (rule F5).
        try keys.destroy(try core.destroyedKeys())
        let made = try ServiceProcess(
            self, store: store, core: core, keys: keys, bodyKey: bodyKey, world: world,
            chance: starts << 8 | UInt64(place))
        process = made
        made.start()
    }

    /// A log that is moved often meets the disk's faults while it is moved.
    private static func open(_ path: String?, _ definition: ServiceDefinition) throws -> ServiceStore {
        try ServiceStore(
            path: path, migrations: definition.migrations, checkpointAfter: 250, movesLogAside: true)
    }

    private func trap(_ identity: UInt64) -> Bool {
        guard let left = traps[identity], left > 0 else { return false }
        traps[identity] = left - 1
        return true
    }

    func backend(_ store: ServiceStore, _ keys: KeyStore) -> ServiceBackend {
        let random = random
        return ServiceBackend(
            definition: definition, store: store, keys: keys,
            clock: { [unowned self] in now }, machineClock: { [unowned world] in world.scheduler.now },
            random: { random.take($0) })
    }

    /// Ends the process at once. What it had not committed is gone.
    func crash() {
        guard let process else { return }
        process.die()
        self.process = nil
        if disk.isOn { disk.crash() }
        if storePath != nil { store = nil }
    }

    /// Has the disk fail at some operation soon.
    func planDiskFaults(_ faults: Faults) {
        guard storePath != nil else { return }
        func soon(_ kind: FaultKind, _ most: UInt64) -> Int { 1 + Int(faults.draw(kind, below: most)) }
        if faults.strikes(.powerLoss) {
            let losses = SimulatedDisk.Loss.allCases
            let loss = losses[Int(faults.draw(.powerLoss, below: UInt64(losses.count)))]
            disk.plan(.power, on: .changing, at: soon(.powerLoss, 60), losing: loss)
        }
        if faults.strikes(.diskFull) {
            disk.plan(.full, on: .write, at: soon(.diskFull, 40), lasting: soon(.diskFull, 60))
        }
        if faults.strikes(.ioError) {
            disk.plan(.error, on: .all, at: soon(.ioError, 60), lasting: soon(.ioError, 4))
        }
        if faults.strikes(.failedSync) { disk.plan(.lostSync, on: .sync, at: soon(.failedSync, 8)) }
    }

    // MARK: Backups

    /// A copy of the store, as of now.
    func backup() throws -> ServiceStore? {
        guard let store else { return nil }
        let copy = try ServiceStore(path: nil, migrations: definition.migrations)
        try store.copy(to: copy)
        return copy
    }

    /// Puts a backup in the store's place; the process must be down.
    func restore(_ backup: ServiceStore) {
        guard storePath == nil else { return }
        trueStore = store
        store = backup
    }

    /// Puts the true store back; the process must be down.
    func undoRestore() {
        guard let trueStore else { return }
        store = trueStore
        self.trueStore = nil
    }
}

/// Bytes from a seeded generator, confined to the world's one thread.
final class SeededBytes: @unchecked Sendable {
    private var chance: Chance
    init(_ seed: UInt64) { chance = Chance(seed: seed) }
    func take(_ count: Int) -> [UInt8] {
        (0..<max(0, count)).map { _ in UInt8(truncatingIfNeeded: chance.next() >> 24) }
    }
}
