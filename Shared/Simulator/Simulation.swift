import Auditor
import Crypto
import Glibc
import Kernel
import Messages
import Population
import Runtime
import Storage
import Wire

/// What came of one seed.
public struct SeedResult: Sendable {
    public var seed: UInt64 = 0
    /// The history's hash, in hexadecimal.
    public var history = ""
    public var start = Instant.none
    /// How long the marketplace was open, by its own time; the time to heal comes on top.
    public var span = Duration64.zero
    public var commands = 0
    public var events: UInt64 = 0
    public var faults: [String: Int] = [:]
    public var messages: [String: Int] = [:]
    public var refusals: [String: Int] = [:]
    public var rules: [String: Int] = [:]
    public var violations: [Violation] = []
    /// The last events of the entities that the first violation names.
    public var trace: [String] = []
    /// Kinds of faults that could strike.
    public var kinds: [String] = []
    /// The longest that a service's queue became.
    public var longestQueue = 0
    public init() {}
}

/// Runs one seed: first anything may fail, then everything must heal.
public struct Simulation {
    private let plan: SimulationPlan
    private let house: SimulatedHouse
    private let population: Population
    private let definitions: [ServiceDefinition]

    /// How often the auditor compares the stores with its model, by the house's time.
    private static let betweenCheckpoints = Duration64.days(7)
    /// After so many events it does so in any case: a house that turns in circles may never see the day.
    private static let eventsBetweenCheckpoints: UInt64 = 1 << 18
    /// How long the house may take to converge once failures stop, by its own time.
    private static let healing = Duration64.days(70)
    /// The most events until a house that never comes to rest is a fault.
    private static let mostEvents: UInt64 = 400_000_000
    /// How long something may be on its way without a moment of rest, in nanoseconds: many faults in a row take long.
    private static let longestUnrest: UInt64 = 24 * 3_600_000_000_000
    /// The same once failures have stopped.
    private static let longestHealingUnrest: UInt64 = 3_600_000_000_000
    /// The most events that may wait.
    private static let mostWaiting = 2_000_000

    /// - Parameter folder: where key stores may lie; made, and removed by ``run()``.
    public init(_ plan: SimulationPlan, parts: HouseParts, folder: String) throws {
        self.plan = plan
        house = try SimulatedHouse(plan, parts: parts, folder: folder)
        definitions = try parts.services(house.outside, plan.seed)
        population = Population(
            port: house.port, plan: plan.population)
    }

    /// To the end, or to the first violation.
    public func run() -> SeedResult {
        do {
            try house.start()
            phases()
        } catch {
            house.violate("start", "the house does not start: \(error)")
        }
        return result()
    }

    private func phases() {
        let scheduler = house.scheduler
        // The house opens before anything fails.
        guard run(until: scheduler.now + .seconds(5)) else { return }
        population.start()
        guard run(until: scheduler.now + .hours(1)) else { return }
        house.faults.areOn = true
        let end = plan.start + plan.span
        var next = scheduler.now + Simulation.betweenCheckpoints
        while scheduler.now < end {
            guard run(until: min(next, end)) else { return }
            house.takeBackup()
            house.takeKeyBackup()
            house.flipBit()
            if house.isTrue { checkpoint(healed: false) }
            next = scheduler.now + Simulation.betweenCheckpoints
        }
        heal()
    }

    private func heal() {
        let scheduler = house.scheduler
        house.heal()
        population.quiesce()
        // What is under way ends; then every deadline passes.
        guard run(until: scheduler.now + .hours(2)), house.isTrue else {
            if house.allViolations.isEmpty { house.violate("healing", "an old backup still stands") }
            return
        }
        house.retryParked()
        guard run(until: scheduler.now + Simulation.healing) else { return }
        if !population.isQuiet { house.violate("healing", "a client's call has no outcome") }
        checkRest()
        house.auditor.hooks.replay = { [definitions] in Simulation.replay($0, $1, definitions) }
        checkpoint(healed: true)
        house.checkKeyBackups()
    }

    /// Executes what is due up to `end`; false once something is wrong.
    private func run(until end: Instant) -> Bool {
        let scheduler = house.scheduler
        while scheduler.now <= end, scheduler.step(until: end) {
            guard scheduler.executed & 1_023 == 0 else { continue }
            if scheduler.executed & (Simulation.eventsBetweenCheckpoints - 1) == 0, house.isTrue {
                checkpoint(healed: false)
            }
            if !house.allViolations.isEmpty { return false }
            let longest =
                house.faults.areOn ? Simulation.longestUnrest : Simulation.longestHealingUnrest
            if scheduler.monotonic - scheduler.settledAt > longest {
                house.violate("rest", "the house does not come to rest: \(house.unrest)")
                return false
            }
            if scheduler.executed > Simulation.mostEvents {
                house.violate(
                    "rest", "the house does not come to rest within \(Simulation.mostEvents) events")
                return false
            }
        }
        if scheduler.now < end { scheduler.jump(end - scheduler.now) }
        return house.allViolations.isEmpty
    }

    private func checkpoint(healed: Bool) {
        guard let stores = house.stores else {
            if healed { house.violate("healing", "a service is down") }
            return
        }
        // What was planned for a disk is meant for the house, not for who reads its stores.
        for service in house.services { service.disk.heal() }
        house.auditor.checkpoint(stores, now: house.scheduler.now, healed: healed)
        for service in house.services {
            guard let process = service.process else { continue }
            let title = service.name.title
            // Acknowledgements and outcomes are bounded by what they answer, not by the queues' limits.
            house.auditor.observe(
                load: "queue of \(title)", process.mostQueued, cap: plan.queue + plan.peerQueue + 20_000)
            house.auditor.observe(
                load: "commands in the queue of \(title)", process.mostCommands, cap: plan.queue)
        }
        house.auditor.observe(load: "waiting events", house.scheduler.waiting, cap: Simulation.mostWaiting)
    }

    /// Nothing is queued, waiting, on its way or parked, and every service serves.
    private func checkRest() {
        for service in house.services {
            let title = service.name.title
            guard let status = service.process?.status else {
                house.violate("healing", "\(title) is down")
                continue
            }
            if !status.ready { house.violate("healing", "\(title) is not connected to all others") }
            if status.waiting > 0 { house.violate("waiting", "\(status.waiting) commands wait in \(title)") }
            if status.outbox > 0 { house.violate("outbox", "\(status.outbox) messages wait in \(title)") }
            if status.queued > 0 { house.violate("queue", "\(status.queued) items are queued in \(title)") }
            if status.effectsRunning > 0 {
                house.violate("effects", "\(status.effectsRunning) effects are never done in \(title)")
            }
        }
        if house.port.openCount > 10_000 {
            house.violate("bounded-links", "\(house.port.openCount) connections of clients are open")
        }
    }

    /// The tables in which a journal executed again differs; the chain's own fault counts as a table.
    private static func replay(
        _ name: ServiceName, _ store: ServiceStore, _ definitions: [ServiceDefinition]
    ) -> [String] {
        guard let definition = definitions.first(where: { $0.name == name }) else { return ["no definition"] }
        do {
            _ = try store.read { try Journal.verifyChain($0) }
            return try Replay.check(definition, store).different
        } catch {
            return ["\(error)"]
        }
    }

    private func result() -> SeedResult {
        var result = SeedResult()
        result.seed = plan.seed
        result.start = plan.start
        result.span = min(house.scheduler.now - plan.start, plan.span)
        result.commands = house.clientCommands
        result.events = house.scheduler.executed
        result.faults = house.faultCounts
        result.messages = house.auditor.counts.messages
        result.refusals = house.auditor.counts.refusals
        result.rules = house.auditor.counts.rules
        result.violations = house.allViolations
        result.kinds = plan.faults.rates.keys.map(\.name).sorted()
        result.longestQueue = house.services.compactMap { $0.process?.mostQueued }.max() ?? 0
        if let first = result.violations.first {
            result.trace = Trace.lines(house.recent, of: first.entities) + Trace.lastLogged(house.logged)
        }
        for service in house.services {
            let last = try? service.store?.read { try Journal.chain($0).last }
            house.scheduler.note(last ?? [])
        }
        result.history = Hex.encode(house.scheduler.history())
        return result
    }
}

/// Tells what clients said and heard, for people.
enum Trace {
    private static let most = 40

    /// The last observations that tell of what `entities` name: all on the connections that used a key that is
    /// named, else those that mention one of the numbers; of all if nothing is named.
    static func lines(_ observations: [Observation], of entities: [String]) -> [String] {
        let keys = entities.filter { $0.hasPrefix("key ") }.map { $0.dropFirst(4) }
        let connections = Set(
            observations.filter { observation in keys.contains { $0 == name(observation.key) } }
                .map(\.connection))
        // Nobody is party 0.
        let numbers = entities.compactMap { $0.split(separator: " ").last }.map(String.init)
            .filter { $0 != "0" }
        var lines: [String] = []
        for observation in observations.reversed() {
            if !connections.isEmpty, !connections.contains(observation.connection) { continue }
            let line = text(observation)
            let isMentioned = numbers.isEmpty || numbers.contains { mentions(line, $0) }
            if isMentioned || !connections.isEmpty { lines.append(line) }
            if lines.count == most { break }
        }
        return lines.reversed()
    }

    /// The last lines that processes logged, each text once, where it came last: a quarrel repeats itself for ever.
    static func lastLogged(_ logged: [String]) -> [String] {
        var seen: Set<Substring> = []
        var lines: [String] = []
        for line in logged.reversed() where lines.count < 20 {
            let text = line[(line.firstIndex(of: " ") ?? line.startIndex)...]
            if seen.insert(text).inserted { lines.append(line) }
        }
        return lines.reversed()
    }

    private static func name(_ key: IdempotencyKey?) -> String {
        key.map { "\($0.high)-\($0.low)" } ?? ""
    }

    private static func mentions(_ line: String, _ number: String) -> Bool {
        line.split(whereSeparator: { !$0.isNumber && !$0.isLetter && $0 != "-" && $0 != "@" && $0 != "." })
            .contains { $0 == number }
    }

    private static func text(_ observation: Observation) -> String {
        let head =
            "\(observation.at.iso8601) \(observation.actor) party \(observation.party) #\(observation.call)"
        switch observation.kind {
        case .sent:
            let key = observation.key == nil ? "" : " key \(name(observation.key))"
            return "\(head) → \(message(observation.code, observation.body))\(key)"
        case .answered(let code, let body): return "\(head) ← \(message(code, body))"
        case .unknown: return "\(head) ← no answer"
        case .pushed(let code, let body): return "\(head) ⇐ \(message(code, body))"
        }
    }

    private static func message(_ code: UInt16, _ body: [UInt8]) -> String {
        guard let type = Catalogue.message(code) else { return "message \(code)" }
        guard let decoded = try? type.init(decoding: body) else { return "\(type.title) that cannot be read" }
        return "\(type.title) \(decoded.json(.plain).text.prefix(400))"
    }
}

/// A folder for key stores that nothing outlives; in memory where the machine offers that.
public enum SimulationFolder {
    public static func make(_ seed: UInt64) -> String {
        let path = path(process: getpid(), seed: seed)
        _ = mkdir(path, 0o700)
        return path
    }

    private static func path(process: Int32, seed: UInt64) -> String {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        return "\(base)/gavel-simulation-\(process)-\(seed)"
    }

    /// Removes what a process left that ended in the middle of a seed.
    public static func removeOf(process: Int32, seed: UInt64) { remove(path(process: process, seed: seed)) }

    public static func remove(_ path: String) {
        guard path.contains("/gavel-simulation-") else { return }
        removeTree(path)
    }

    private static func removeTree(_ path: String) {
        if let stream = opendir(path) {
            var names: [String] = []
            while let entry = readdir(stream) {
                names.append(
                    withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                    })
            }
            closedir(stream)
            for name in names where name != "." && name != ".." { removeTree("\(path)/\(name)") }
        }
        _ = Glibc.remove(path)
    }
}
