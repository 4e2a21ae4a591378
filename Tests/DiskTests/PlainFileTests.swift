import Crypto
import Glibc
import Host
import Kernel
import Messages
import Simulator
import Storage
import Synchronization
import Testing

@testable import Runtime

/// Files beside the stores: keys and secrets, on a disk that fails.
@Suite("Keys and secrets on a disk that fails")
struct PlainFileTests {
    private func open(_ disk: SimulatedDisk) throws -> KeyStore {
        try KeyStore(
            file: "\(disk.folder)/keys/store.keys",
            keyEncryptionKeys: KeyEncryptionKeys(folder: "\(disk.folder)/kek"))
    }

    @Test("what was synced survives a loss of power, and what was not does not")
    func syncedSurvives() throws {
        let disk = try Disks.new()
        try Disk.replace("\(disk.folder)/kept", with: [1, 2, 3])
        try Disk.replace("\(disk.folder)/lost", with: [4, 5, 6], isDurable: false)
        #expect(disk.bytes(of: "\(disk.folder)/lost") == [4, 5, 6])
        disk.crash()
        disk.start()
        #expect(disk.bytes(of: "\(disk.folder)/lost") == [4, 5, 6])
        disk.powerOff()
        #expect(disk.bytes(of: "\(disk.folder)/kept") == nil)
        disk.start()
        #expect(SimulatedDisk.names(in: disk.folder) == ["kept"])
        #expect(disk.bytes(of: "\(disk.folder)/kept") == [1, 2, 3])
        #expect(disk.met(.power) == 1)
        #expect(disk.met(.crash) == 1)
    }

    @Test("the same seed leaves the same bytes after the same loss, and another seed others")
    func deterministic() throws {
        func bytes(_ seed: UInt64) throws -> [UInt8]? {
            let disk = try Disks.new(seed: seed)
            try Disk.replace("\(disk.folder)/file", with: [UInt8](repeating: 1, count: 65_536))
            let file = try OpenFile("\(disk.folder)/file", .existing)
            for part in 0..<8 {
                try file.write([UInt8](repeating: UInt8(part + 2), count: 8_192), at: part * 8_192)
            }
            disk.powerOff(losing: .garbled)
            disk.start()
            return disk.bytes(of: "\(disk.folder)/file")
        }
        #expect(try bytes(5) == bytes(5))
        #expect(try bytes(5) != bytes(6))
    }

    @Test("F5 at every operation: keys that were given out survive a loss of power, destroyed ones do not")
    func keysAtEveryOperation() throws {
        for loss in SimulatedDisk.Loss.allCases {
            var at = 1
            while try cutPower(at: at, loss) { at += 1 }
            #expect(at > 20)
        }
    }

    /// Uses a key store until the power goes at this operation, then looks; false if it never went.
    private func cutPower(at operation: Int, _ loss: SimulatedDisk.Loss) throws -> Bool {
        let disk = try Disks.new(seed: UInt64(operation))
        disk.plan(.power, on: .all, at: operation, losing: loss)
        var made: [UInt64: [UInt8]] = [:]
        var destroyed: [UInt64] = []
        var doomed: [UInt64] = []
        do {
            let store = try open(disk)
            for count in 1...3 {
                for (id, key) in try store.makeKeys(count: count) { made[id] = key }
            }
            doomed = made.keys.sorted().prefix(2).map { $0 }
            try store.destroy(doomed)
            destroyed = doomed
            try store.rotate()
            for (id, key) in try store.makeKeys(count: 3) { made[id] = key }
        } catch {}
        let isMet = disk.met(.power) > 0
        disk.heal()
        disk.start()
        let store = try open(disk)
        for (id, key) in made where !doomed.contains(id) {
            #expect(try store.key(id) == key, "operation \(operation), \(loss)")
        }
        for id in destroyed { #expect(!store.contains(id), "operation \(operation), \(loss)") }
        _ = try store.makeKey()
        return isMet
    }

    @Test("a key whose sync failed is not given out")
    func failedSync() throws {
        let disk = try Disks.new()
        let store = try open(disk)
        _ = try store.makeKey()
        disk.plan(.lostSync, on: .sync, at: 1)
        #expect(throws: CryptoError.self) { try store.makeKey() }
        #expect(throws: CryptoError.self) { try store.makeKey() }
    }

    @Test("F5 a key whose destruction was not synced stays destroyed once a new process said so")
    func destroyedAfterFailedSync() throws {
        let disk = try Disks.new()
        func next(_ body: (KeyStore) throws -> Void) throws {
            try body(try open(disk))
            disk.crash()
            disk.start()
        }
        var id: UInt64 = 0
        try next { store in
            id = try store.makeKey().id
            disk.plan(.lostSync, on: .sync, at: 1)
            #expect(throws: CryptoError.self) { try store.destroy([id]) }
            disk.heal()
        }
        try next { try $0.destroy([id]) }
        disk.powerOff()
        disk.start()
        #expect(try !open(disk).contains(id))
    }

    @Test("a key made while the store grew is not given out if that sync failed")
    func failedSyncWhileGrowing() throws {
        let disk = try Disks.new()
        let store = try open(disk)
        _ = try store.makeKeys(count: 1_024)
        disk.plan(.lostSync, on: .sync, at: 1)
        #expect(throws: CryptoError.self) { try store.makeKey() }
        #expect(store.failure != nil)
    }

    @Test("a store closed in order is taken as it is, any other is written anew")
    func closedInOrder() throws {
        let disk = try Disks.new()
        func writes(_ body: (KeyStore) throws -> Void) throws -> Int {
            let before = disk.operations(.rename)
            let store = try open(disk)
            let renewed = disk.operations(.rename) - before
            try body(store)
            return renewed
        }
        _ = try writes { try $0.close() }
        #expect(try writes { _ = try $0.makeKey() } == 0)
        #expect(try writes { try $0.close() } == 1)
        #expect(try writes { _ in } == 0)
    }

    @Test("F2 the key under which repeats are recognised survives a loss of power as soon as it is used")
    func secretIsDurable() throws {
        for loss in SimulatedDisk.Loss.allCases {
            let disk = try Disks.new()
            let path = "\(disk.folder)/keys/bodies.key"
            let made = try loadSecret(path, count: 32, make: SecureRandom.bytes)
            disk.powerOff(losing: loss)
            disk.start()
            #expect(try loadSecret(path, count: 32, make: SecureRandom.bytes) == made)
        }
    }

    @Test("F2 a secret that cannot be read is a fault, and is never replaced by a new one")
    func unreadableSecret() throws {
        let disk = try Disks.new()
        let path = "\(disk.folder)/keys/bodies.key"
        let made = try loadSecret(path, count: 32, make: SecureRandom.bytes)
        for kind in [SimulatedDisk.Operations.open, .read] {
            disk.plan(.error, on: kind, at: 1)
            #expect(throws: FileFault.self) { try loadSecret(path, count: 32, make: SecureRandom.bytes) }
        }
        #expect(try loadSecret(path, count: 32, make: SecureRandom.bytes) == made)
    }

    /// A service whose one command passes by this edge.
    /// - Parameter time: what its monotonic clock shows, in nanoseconds.
    private func edges(
        on disk: SimulatedDisk, _ time: Counter = Counter(),
        _ edge: @escaping @Sendable (any EdgeContext) throws -> Void
    ) throws -> ServiceBackend {
        var table = HandlerTable()
        table.command(WriteLine.self) { _, _ in .answer(LineWritten()) }
        table.before(WriteLine.self) { _, context in
            try edge(context)
            return nil
        }
        return ServiceBackend(
            definition: ServiceDefinition(name: .auction, migrations: [], digestTables: [], handlers: table),
            store: try ServiceStore(path: nil, migrations: []), keys: try open(disk),
            clock: { Notebook.start }, machineClock: { Notebook.start }, random: SecureRandom.bytes,
            monotonic: { UInt64(time.count.withLock { $0 }) })
    }

    private static let job = EdgeJob(
        code: WriteLine.code, stage: .before(version: 1), body: WriteLine(1).encoded(), acting: .nobody)

    @Test("F3 a service whose key store can no longer be trusted is told to stop")
    func failedKeysStop() throws {
        let disk = try Disks.new()
        let failures = Counter()
        var backend = try edges(on: disk) { _ = try $0.makeKey() }
        backend.keysFailed = { _ in failures.count.withLock { $0 += 1 } }
        func seal() -> Result<[UInt8], Refusal> {
            backend.before(WriteLine.code, 1, WriteLine(1).encoded(), .nobody)
        }
        #expect((try? seal().get()) != nil)
        #expect(failures.count.withLock { $0 } == 0)
        disk.plan(.error, on: .sync, at: 1)
        #expect((try? seal().get()) == nil)
        #expect(failures.count.withLock { $0 } == 1)
    }

    @Test(
        "F3 the keys of a batch of edges are on the disk, by one sync, before anything that names them leaves"
    )
    func keysOfBatch() throws {
        let disk = try Disks.new()
        let failures = Counter()
        var backend = try edges(on: disk) { _ = try $0.makeKey() }
        backend.keysFailed = { _ in failures.count.withLock { $0 += 1 } }
        func run() -> [Bool] {
            backend.run([Self.job, Self.job, Self.job]).map { if case .done = $0 { true } else { false } }
        }
        disk.plan(.error, on: .sync, at: 2)
        #expect(run() == [true, true, true])
        #expect(backend.keys.count == 3 && failures.count.withLock { $0 } == 0)
        #expect(run() == [false, false, false])
        #expect(failures.count.withLock { $0 } == 1)
    }

    @Test("a batch of edges ends where its time is over")
    func longBatch() throws {
        let time = Counter()
        let backend = try edges(on: try Disks.new(), time) { _ in time.count.withLock { $0 += 600_000 } }
        #expect(backend.run([Self.job, Self.job, Self.job, Self.job]).count == 2)
    }

    @Test("F4 a key that cannot be read is a fault, and no erasure")
    func unreadableKey() throws {
        let disk = try Disks.new()
        let keys = try open(disk)
        let sealed = try keys.seal(Array("Petra Sommer".utf8), associated: [])
        let text = PersonalText(key: sealed.keyID, bytes: sealed.ciphertext)
        disk.plan(.error, on: .read, at: 1, lasting: nil)
        #expect(throws: CryptoError.self) { try Personal.open(text, keys) }
        disk.heal()
        #expect(try Personal.open(text, keys) == "Petra Sommer")
        try keys.destroy([sealed.keyID])
        #expect(try Personal.open(text, keys) == nil)
    }

    private final class Counter: Sendable { let count = Mutex(0) }
}
