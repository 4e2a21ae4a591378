import Crypto
import Kernel
import Messages
import Runtime
import Storage

/// One service within an in-process house: its core, its store, what waits for it.
final class Node {
    let name: ServiceName
    let definition: ServiceDefinition
    /// Where store and keys lie, if not in memory and in the folder.
    let disk: SimulatedDisk?
    /// Where effects leave their files.
    let folder: String
    private(set) var core: ServiceCore
    private(set) var keys: KeyStore
    private(set) var backend: ServiceBackend
    /// How often its process died.
    private(set) var deaths = 0
    var queue: [Incoming] = []
    var effects: [EffectStart] = []
    /// The way to the other services.
    var world: @Sendable () -> (any EffectWorld)? = { nil } {
        didSet { backend.world = world }
    }
    private let storePath: String?
    private let clock: SimulatedClock
    private let random: SeededBytes

    init(
        _ definition: ServiceDefinition, folder: String, onDisk: Bool, disk: SimulatedDisk?,
        clock: SimulatedClock
    ) throws {
        name = definition.name
        self.definition = definition
        self.folder = folder
        self.disk = disk
        self.clock = clock
        storePath = disk.map { "\($0.folder)/store.sqlite" } ?? (onDisk ? "\(folder)/store.sqlite" : nil)
        random = SeededBytes(UInt64(definition.name.rawValue))
        if disk != nil { try Self.makeFolder(folder) }
        let opened = try Self.opened(definition, storePath, disk?.folder ?? folder, disk)
        (keys, core) = opened
        backend = Self.backend(opened, clock, random)
    }

    private static func makeFolder(_ folder: String) throws { try Disk.makeFolder(folder) }

    /// Opens keys and store as a new process does; on a disk that fails, as several processes one after another.
    private static func opened(
        _ definition: ServiceDefinition, _ storePath: String?, _ folder: String, _ disk: SimulatedDisk?
    ) throws -> (KeyStore, ServiceCore) {
        var left = 3
        while true {
            do {
                // The key store makes the folder.
                let keys = try KeyStore(
                    file: "\(folder)/store.keys",
                    keyEncryptionKeys: KeyEncryptionKeys(folder: "\(folder)/kek"))
                if let storePath { try ServiceStore.renewLog(of: storePath) }
                let store = try ServiceStore(
                    path: storePath, migrations: definition.migrations, checkpointAfter: 250,
                    movesLogAside: true)
                store.lendForLog = { move in move() }
                let core = try ServiceCore(definition: definition, store: store)
                // Erasure is repeated at every start, as a service does (rule F5).
                try keys.destroy(try core.destroyedKeys())
                return (keys, core)
            } catch {
                left -= 1
                guard let disk, left > 0 else { throw error }
                if disk.isOn { disk.crash() }
                disk.start()
            }
        }
    }

    private static func backend(
        _ opened: (keys: KeyStore, core: ServiceCore), _ clock: SimulatedClock, _ random: SeededBytes
    ) -> ServiceBackend {
        ServiceBackend(
            definition: opened.core.definition, store: opened.core.store, keys: opened.keys,
            clock: { clock.now }, machineClock: { clock.now }, random: { random.take($0) })
    }

    /// Its process died, if the disk did not take it along: a new one opens what is on the disk.
    func reopen(_ disk: SimulatedDisk) throws {
        deaths += 1
        queue = []
        effects = []
        if disk.isOn { disk.crash() }
        disk.start()
        let opened = try Self.opened(definition, storePath, disk.folder, disk)
        (keys, core) = opened
        backend = Self.backend(opened, clock, random)
        backend.world = world
    }

    /// Whether its process cannot go on.
    var isDead: Bool { disk.map { !$0.isOn } == true || keys.failure != nil }

    /// Changes whenever its process dies or its disk fails.
    var disturbances: Int {
        guard let disk else { return 0 }
        return SimulatedDisk.Fault.allCases.reduce(deaths) { $0 + disk.met($1) }
    }
}

/// A house's clock, moved by the house alone.
final class SimulatedClock: @unchecked Sendable {
    var now: Instant
    init(_ now: Instant) { self.now = now }
}
