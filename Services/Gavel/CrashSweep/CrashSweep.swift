import Auction
import ContactVault
import Crypto
import Dispute
import Foundation
import Kernel
import Messages
import Notifications
import Runtime
import Simulator
import Storage
import Stories
import Synchronization
import Wallet
import Wire

/// Tells the story of the money once for each operation of each service's disk, and lets that operation fail or the
/// power go there; what was acknowledged must be there afterwards, and the story must come to its end (rules F1 to
/// F3, F5 to F7).
struct CrashSweep: Sendable {
    /// One telling: the operation of one disk at which one thing happens.
    struct Point: Sendable, Hashable {
        var service: ServiceName
        var fault: SimulatedDisk.Fault
        /// Counted among the operations of the kind that can meet the fault.
        var operation: Int
        var loss = SimulatedDisk.Loss.all
        /// How many operations later the same happens once more, often while a new process opens the store.
        var again: Int?

        var text: String {
            let what = fault == .power ? "power, unsynced \(loss)" : "\(fault)"
            let more = again.map { ", and again \($0) later" } ?? ""
            return "\(service.title), \(what) at operation \(operation)\(more)"
        }
    }

    /// How many operations a disk has when nothing fails.
    struct Operations: Sendable {
        var all = 0
        var writes = 0
        var syncs = 0
        var reads = 0
    }

    struct Outcome: Sendable {
        var operations: [ServiceName: Operations] = [:]
        var runs = 0
        var acknowledged = 0
        var met: [SimulatedDisk.Fault: Int] = [:]
        /// Points whose operation did not come, as chance makes the tellings differ by a few.
        var missed = 0
        var violations: [String] = []
    }

    /// Every how many operations one is taken.
    var every = 1
    /// Only this service's disk.
    var only: ServiceName?
    /// Only this operation.
    var at: Int?
    var jobs = 1
    let progress: @Sendable (String) -> Void

    func run() async throws -> Outcome {
        try SimulatedDisk.install()
        var outcome = Outcome()
        let plain = try await tell(nil)
        guard plain.violations.isEmpty else {
            throw CheckFailed(text: plain.violations.joined(separator: "\n"))
        }
        outcome.operations = plain.operations
        let points = points(plain.operations)
        progress(
            "\(points.count) tellings; \(plain.operations.values.reduce(0) { $0 + $1.all }) operations in one"
        )
        let work = Work(points, outcome)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, jobs) {
                group.addTask {
                    while let point = work.next() {
                        let told = try await tell(point)
                        let count = work.add(told)
                        for violation in told.violations { progress(violation) }
                        if count % 200 == 0 { progress("\(count) of \(points.count)") }
                    }
                }
            }
            try await group.waitForAll()
        }
        return work.outcome
    }

    /// The points that are left, and what the others gave.
    private final class Work: Sendable {
        private let points: [Point]
        private let state: Mutex<(next: Int, outcome: Outcome)>

        init(_ points: [Point], _ outcome: Outcome) {
            self.points = points
            state = Mutex((0, outcome))
        }

        var outcome: Outcome { state.withLock { $0.outcome } }

        func next() -> Point? {
            state.withLock { state in
                guard state.next < points.count else { return nil }
                state.next += 1
                return points[state.next - 1]
            }
        }

        func add(_ telling: Telling) -> Int { state.withLock { $0.outcome.take(telling) } }
    }

    /// At each operation the power goes, in ways that take turns, and at each the operation fails.
    private func points(_ operations: [ServiceName: Operations]) -> [Point] {
        var points: [Point] = []
        for service in ServiceName.stores where only == nil || service == only {
            let count = operations[service] ?? Operations()
            let kinds: [(fault: SimulatedDisk.Fault, last: Int)] = [
                (.error, count.all), (.full, count.writes), (.lostSync, count.syncs),
                (.shortRead, count.reads),
            ]
            for operation in chosen(count.all) { points.append(cut(service, operation)) }
            for kind in kinds {
                for operation in chosen(kind.last) {
                    points.append(Point(service: service, fault: kind.fault, operation: operation))
                }
            }
        }
        return points
    }

    private func chosen(_ last: Int) -> [Int] {
        last < 1 ? [] : (1...last).filter { at == nil ? $0 % every == 0 : $0 == at }
    }

    /// The power goes and takes all that was not synced, some of it, or the process alone dies.
    private func cut(_ service: ServiceName, _ operation: Int) -> Point {
        let turn = operation / every
        let losses = SimulatedDisk.Loss.allCases
        let isCrash = turn % (losses.count + 1) == losses.count
        return Point(
            service: service, fault: isCrash ? .crash : .power, operation: operation,
            loss: losses[turn % losses.count], again: turn % 3 == 0 ? 1 + turn % 90 : nil)
    }

    /// What one telling gave.
    fileprivate struct Telling: Sendable {
        var operations: [ServiceName: Operations] = [:]
        var fault: SimulatedDisk.Fault?
        var isMet = false
        var acknowledged = 0
        var violations: [String] = []
    }
}

extension CrashSweep {
    private func tell(_ point: Point?) async throws -> Telling {
        let identity = SecureRandom.uint64()
        let folder = Self.memoryFolder + "/gavel-sweep-\(identity)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var disks: [ServiceName: SimulatedDisk] = [:]
        for service in ServiceName.stores {
            disks[service] = try SimulatedDisk(
                folder: "/disk-\(identity)/\(service.title)", seed: UInt64(point?.operation ?? 0))
        }
        if let point { disks[point.service]?.plan(point) }
        var telling = Telling()
        telling.fault = point?.fault
        do {
            let definitions = try Self.definitions()
            let house = try InProcessHouse(
                definitions, folder: folder, start: Proof.firstMorning, disks: disks)
            try await MoneyPathStory.tell(on: house) { _ in
                for service in ServiceName.stores { try house.stopInOrder(service) }
            }
            try await house.settle()
            telling.acknowledged = house.acknowledged.count
            telling.operations = disks.mapValues { disk in
                Operations(
                    all: disk.operations(), writes: disk.operations(.write), syncs: disk.operations(.sync),
                    reads: disk.operations(.read))
            }
            for disk in disks.values { disk.heal() }
            let report = try verify(house, definitions, folder)
            telling.violations = report.checks.flatMap { check in
                check.violations.map { "\(check.name): \($0)" }
            }
        } catch {
            telling.violations.append("the story stopped: \(error)")
        }
        if let point {
            telling.isMet = (disks[point.service]?.met(point.fault) ?? 0) > 0
            telling.violations = telling.violations.map { "\(point.text): \($0)" }
        }
        return telling
    }

    private func verify(
        _ house: InProcessHouse, _ definitions: [ServiceDefinition], _ folder: String
    ) throws -> VerificationReport {
        // What a new process finds on the disk, not what the old one believes.
        for service in ServiceName.stores { try house.restart(service) }
        var stores: [ServiceName: ServiceStore] = [:]
        for service in ServiceName.stores { stores[service] = house.core(service)?.store }
        let acknowledged = house.acknowledged.map { one in
            Acknowledgement(
                service: one.service,
                party: one.party.isNone
                    ? one.peer.map { UInt64(bitPattern: -Int64($0.rawValue)) } ?? 0 : one.party.raw,
                key: one.key, answer: one.answer)
        }
        return try Verifier(folder: folder, definitions: definitions, stores: stores).run(
            acknowledged: acknowledged)
    }

    private static var memoryFolder: String {
        let memory = "/dev/shm"
        return FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    }

    static func definitions() throws -> [ServiceDefinition] {
        let environment = try VaultEnvironment(
            blindIndexKey: [UInt8](repeating: 1, count: 32), linkTokenKey: [UInt8](repeating: 2, count: 32),
            tokenSigningSeed: [UInt8](repeating: 3, count: 32),
            scryptCost: try ScryptCost(iterations: 16, blockSize: 1, parallelism: 1))
        return [
            ContactVaultService.definition(environment: environment), WalletService.definition(),
            NotificationsService.definition(), AuctionService.definition(), DisputeService.definition(),
        ]
    }
}

extension SimulatedDisk {
    fileprivate func plan(_ point: CrashSweep.Point) {
        plan(point.fault, at: point.operation, losing: point.loss)
        if let again = point.again { plan(point.fault, at: point.operation + again, losing: point.loss) }
    }
}

extension CrashSweep.Outcome {
    /// Adds what a telling gave; how many there are now.
    fileprivate mutating func take(_ telling: CrashSweep.Telling) -> Int {
        runs += 1
        acknowledged += telling.acknowledged
        if let fault = telling.fault, telling.isMet { met[fault, default: 0] += 1 } else { missed += 1 }
        violations += telling.violations
        return runs
    }

    var members: [JSON.Member] {
        let perDisk = ServiceName.stores.map { JSON.Member($0.title, .int(operations[$0]?.all ?? 0)) }
        let faults = SimulatedDisk.Fault.allCases.compactMap { fault in
            met[fault].map { JSON.Member("\(fault)", .int($0)) }
        }
        return [
            .init("ok", .bool(violations.isEmpty)), .init("operations", .object(perDisk)),
            .init("runs", .int(runs)), .init("faults", .object(faults)), .init("missed", .int(missed)),
            .init("acknowledged", .int(acknowledged)),
            .init("violations", .array(violations.prefix(50).map { .string($0) })),
        ]
    }
}
