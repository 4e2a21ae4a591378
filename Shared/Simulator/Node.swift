import Crypto
import Kernel
import Messages
import Runtime
import Storage

/// One service within an in-process house: its core, its store, what waits for it.
final class Node {
    let name: ServiceName
    let core: ServiceCore
    let keys: KeyStore
    let folder: String
    var backend: ServiceBackend
    var queue: [Incoming] = []
    var effects: [EffectStart] = []

    init(_ definition: ServiceDefinition, folder: String, onDisk: Bool, house: InProcessHouse) throws {
        name = definition.name
        self.folder = folder
        // The key store makes the folder.
        keys = try KeyStore(
            file: "\(folder)/store.keys", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(folder)/kek"))
        let store = try ServiceStore(
            path: onDisk ? "\(folder)/store.sqlite" : nil, migrations: definition.migrations)
        core = try ServiceCore(definition: definition, store: store)
        let clock = house.clock
        let bytes = SeededBytes(UInt64(definition.name.rawValue))
        backend = ServiceBackend(
            definition: definition, store: store, keys: keys, clock: { clock.now },
            machineClock: { clock.now },
            random: { bytes.take($0) })
    }
}

/// A house's clock, moved by the house alone.
final class SimulatedClock: @unchecked Sendable {
    var now: Instant
    init(_ now: Instant) { self.now = now }
}
