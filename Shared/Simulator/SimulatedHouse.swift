import Auditor
import Crypto
import Kernel
import Messages
import Population
import Runtime
import Storage
import Transport
import Wire

/// What a simulated house is made of; the services and the gateway's logic come from outside.
public struct HouseParts {
    public var services: (Outside, UInt64) throws -> [ServiceDefinition]
    public var gateway: GatewayMaker
    /// What the gateway lets one party ask: at once, and a minute after that.
    public var allowance: (burst: Int, perMinute: Int)

    public init(
        services: @escaping (Outside, UInt64) throws -> [ServiceDefinition],
        allowance: (burst: Int, perMinute: Int), gateway: @escaping GatewayMaker
    ) {
        self.services = services
        self.allowance = allowance
        self.gateway = gateway
    }
}

/// One run: everything that is drawn from its seed before it begins.
public struct SimulationPlan: Sendable {
    public var seed: UInt64
    /// How long the marketplace is open, by its own clock.
    public var span: Duration64
    public var faults: FaultPlan
    public var population: PopulationPlan
    public var start: Instant { population.start }
    public var gateways: Int
    /// Commands, and messages of peers, that a service lets wait.
    public var queue = ServiceFront.Limits().queue
    public var peerQueue = 32_768
    /// Whether stores lie on simulated disks, which can fail, instead of in memory.
    public var onDisk: Bool
    /// Whether the house's clock may be set, as in development.
    public var clockIsSettable: Bool
    /// The steps in which the services' clocks go. Coarse ones let things fall on the same instant, and on the very
    /// instant of a deadline.
    public var tick: Duration64

    /// Draws a plan.
    public init(seed: UInt64, span: Duration64) {
        self.seed = seed
        self.span = span
        faults = FaultPlan(seed: seed)
        population = .drawn(from: seed, span: span)
        var chance = Chance(seed: seed ^ 0x91a2)
        gateways = 1 + chance.below(2)
        onDisk = chance.below(3) == 0
        // A small queue now and then, so that it is seen to fill.
        if chance.below(5) == 0 { queue = 4 + chance.below(60) }
        if chance.below(5) == 0 { peerQueue = 4 + chance.below(60) }
        clockIsSettable = chance.below(3) == 0
        tick = chance.below(4) == 0 ? .seconds(1) : Duration64(microseconds: 1)
    }
}

/// A whole installation in one thread: services, gateways, network, clients, on one scheduler.
final class SimulatedHouse: @unchecked Sendable {
    /// Where clients and the program are in the network; services have their own numbers, gateways follow 10.
    static let clients: Place = 30
    static let program: Place = 31
    static let firstGateway: Place = 10

    let plan: SimulationPlan
    var seed: UInt64 { plan.seed }
    let scheduler: Scheduler
    let faults: Faults
    let network: SimulatedNetwork
    let outside: Outside
    let auditor: Auditor
    private(set) var services: [SimulatedService] = []
    private var gateways: [GatewayProcess?] = []
    private var gatewayStarts: UInt64 = 0
    private let makeGateway: GatewayMaker
    private(set) lazy var port = SimulatedPort(house: self, seed: plan.seed)
    private(set) lazy var programLink = ProgramLink(house: self)
    private var strangers: [ObjectIdentifier: Stranger] = [:]
    private var source: Chance
    private(set) var violations: [Violation] = []
    /// The last things seen of clients, for a report.
    private(set) var recent: [Observation] = []
    private(set) var logged: [String] = []
    private(set) var clientCommands = 0
    private var starting = 0
    private var backups: [ServiceName: ServiceStore] = [:]
    private var keyBackups = KeyBackups()
    private(set) var isOff = false
    let folder: String

    init(_ plan: SimulationPlan, parts: HouseParts, folder: String) throws {
        self.plan = plan
        self.folder = folder
        try SimulatedDisk.install()
        SimulatedDisk.seedSQLite(plan.seed)
        let scheduler = Scheduler(start: plan.start)
        self.scheduler = scheduler
        faults = Faults(seed: plan.seed, rates: plan.faults.rates)
        network = SimulatedNetwork(scheduler: scheduler, faults: faults, seed: plan.seed)
        outside = Outside(faults: faults)
        auditor = Auditor()
        auditor.allow(atOnce: parts.allowance.burst, perMinute: parts.allowance.perMinute)
        makeGateway = parts.gateway
        source = Chance(seed: plan.seed ^ 0xb0b)
        for definition in try parts.services(outside, plan.seed) {
            let service = try SimulatedService(
                faulting(definition), folder: "\(folder)/\(definition.name.title)", world: self,
                seed: plan.seed)
            services.append(service)
            network.listen(service.place) { [unowned service] in service.process }
        }
        outside.seen = { [unowned auditor] in auditor.observe(mail: $0, to: $1) }
        auditor.hooks.holdsKey = { [unowned self] name, key in
            service(name)?.process?.holdsKey(key) ?? false
        }
        scheduler.afterEach = { [unowned network] in network.flush() }
        scheduler.isSettled = { [unowned self] in isSettled }
        gateways = [GatewayProcess?](repeating: nil, count: plan.gateways)
        for index in gateways.indices {
            let place = SimulatedHouse.firstGateway + Place(index)
            network.listen(place) { [unowned self] in gateways[index] }
        }
    }

    private func faulting(_ definition: ServiceDefinition) -> ServiceDefinition {
        let faults = Confined(self.faults)
        guard plan.faults.rates[.faultingCommand] ?? 0 > 0 else { return definition }
        return ServiceDefinition(
            name: definition.name, migrations: definition.migrations, digestTables: definition.digestTables,
            handlers: definition.handlers.faulting { _ in faults.value.strikes(.faultingCommand) })
    }

    func start() throws {
        for service in services { try service.start() }
        for index in gateways.indices { startGateway(index) }
    }

    func service(_ name: ServiceName) -> SimulatedService? { services.first { $0.name == name } }

    func chance() -> UInt64 { source.next() }

    func log(_ place: Place, _ line: String) {
        logged.append("\(scheduler.now.iso8601) \(place): \(line)")
        if logged.count > 4_000 { logged.removeFirst(2_000) }
    }

    func violate(_ invariant: String, _ text: String, _ entities: [String] = []) {
        violations.append(Violation(invariant: invariant, text: text, entities: entities))
    }

    /// All that was found wrong, by the auditor and by the simulator itself.
    var allViolations: [Violation] { violations + auditor.violations }

    /// Whether everybody is connected and nobody waits.
    private var isSettled: Bool {
        port.waiting == 0 && starting == 0 && programLink.isIdle
            && services.allSatisfy { $0.process?.isSettled == true }
            && gateways.allSatisfy { $0?.isSettled == true }
    }

    /// Who keeps the house from rest.
    var unrest: String {
        var who: [String] = []
        if port.waiting > 0 { who.append("\(port.waiting) calls wait") }
        if starting > 0 { who.append("\(starting) processes start") }
        if !programLink.isIdle { who.append("the program waits") }
        for service in services where service.process?.isSettled != true {
            who.append("\(service.name.title) \(service.process?.status?.json(.plain).text ?? "is down")")
        }
        for (index, gateway) in gateways.enumerated() where gateway?.isSettled != true {
            who.append("gateway \(index)")
        }
        return who.joined(separator: ", ")
    }

    // MARK: Clients

    func connectClient(address: String, delegate: any LinkDelegate) -> LinkID {
        var limits = LinkLimits()
        limits.maxPendingBytes = 4 << 20
        return network.connect(
            from: SimulatedHouse.clients,
            to: SimulatedHouse.firstGateway + Place(chance() % UInt64(plan.gateways)),
            name: nil, expected: nil, address: address, serverLimits: limits, clientLimits: limits,
            delegate: delegate)
    }

    func saw(_ observation: Observation) {
        auditor.observe(observation)
        recent.append(observation)
        if recent.count > 20_000 { recent.removeFirst(10_000) }
        guard case .sent = observation.kind else { return }
        if observation.key != nil { clientCommands += 1 }
        guard faults.areOn else { return }
        if faults.strikes(.malformedFrame) {
            let bytes = Stranger.nonsense { [faults] in faults.draw(.malformedFrame, below: $0) }
            visit(Stranger(house: self, bytes: bytes))
        }
        if faults.strikes(.otherVersion) {
            let oldest = UInt8(faults.draw(.otherVersion, below: 4))
            let newest = UInt8(faults.draw(.otherVersion, below: 256))
            visit(Stranger(house: self, bytes: Stranger.hello(oldest: oldest, newest: newest)))
        }
    }

    private func visit(_ stranger: Stranger) {
        strangers[ObjectIdentifier(stranger)] = stranger
        _ = connectClient(address: "172.16.0.\(chance() % 250)", delegate: stranger)
    }

    func left(_ stranger: Stranger) { strangers[ObjectIdentifier(stranger)] = nil }

    func bootstrapOperator(email: String, password: String) {
        var command = BootstrapOperator()
        command.email = PersonalText(email)
        command.password = password
        programLink.call(
            .contactVault, code: BootstrapOperator.code, body: command.encoded(), key: port.newKey()
        ) { [unowned self] result in
            if case .failure(let refusal) = result { violate("bootstrap", "the first operator: \(refusal)") }
        }
    }

    // MARK: Processes

    /// Money moves by these: one that is parked would have to be run again by hand.
    func isMoney(_ code: UInt16) -> Bool { code >> 8 == UInt16(ServiceName.wallet.rawValue) }

    func crash(_ service: SimulatedService) {
        service.crash()
        if faults.strikes(.longDowntime) { return turnOff() }
        let downtime = 2_000_000 + chance() % (chance() % 8 == 0 ? 20_000_000_000 : 1_000_000_000)
        starting += 1
        scheduler.after(downtime, .process, service.place) { [unowned self] in
            starting -= 1
            restart(service)
        }
    }

    private func restart(_ service: SimulatedService) {
        guard !isOff else { return }
        do {
            try service.start()
        } catch {
            violate("restart", "\(service.name.title) does not start: \(error)")
        }
    }

    /// A service takes no more requests; a while later its process ends, and a new one starts.
    func stop(_ service: SimulatedService) {
        guard let process = service.process else { return }
        process.front?.drain()
        starting += 1
        scheduler.after(stopping(), .process, service.place) { [unowned self] in
            starting -= 1
            // It may have ended before.
            if service.process === process { crash(service) }
        }
    }

    /// How long a process goes on after it was told to stop, in nanoseconds.
    private func stopping() -> UInt64 { 500_000_000 + faults.draw(.stop, below: 4_000_000_000) }

    func stopGateway(_ process: GatewayProcess) {
        process.drain()
        starting += 1
        scheduler.after(stopping(), .process, process.place) { [unowned self] in
            starting -= 1
            if !process.isDead { crashGateway(process.place) }
        }
    }

    private func startGateway(_ index: Int) {
        gatewayStarts += 1
        let place = SimulatedHouse.firstGateway + Place(index)
        let made = GatewayProcess(
            place, world: self, make: makeGateway, chance: gatewayStarts << 16 | UInt64(place))
        gateways[index] = made
        made.start()
    }

    func crashGateway(_ place: Place) {
        let index = Int(place - SimulatedHouse.firstGateway)
        guard gateways[index] != nil else { return }
        gateways[index]?.die()
        gateways[index] = nil
        starting += 1
        scheduler.after(5_000_000 + chance() % 2_000_000_000, .process, place) { [unowned self] in
            starting -= 1
            if gateways[index] == nil, !isOff { startGateway(index) }
        }
    }

    /// The whole house stands still over many deadlines.
    private func turnOff() {
        guard !isOff else { return }
        isOff = true
        for service in services { service.crash() }
        for index in gateways.indices {
            gateways[index]?.die()
            gateways[index] = nil
        }
        let span = Duration64.hours(1 + Int64(faults.draw(.longDowntime, below: 120)))
        starting += 1
        scheduler.after(1_000_000_000, .process, 0) { [unowned self] in
            starting -= 1
            scheduler.jump(span)
            isOff = false
            for service in services { restart(service) }
            for index in gateways.indices { startGateway(index) }
        }
    }

    // MARK: Time

    /// Moves clocks, as faults of time do.
    func strikeTime(_ service: SimulatedService) {
        if faults.strikes(.clockJump) {
            scheduler.jump(.seconds(60 + Int64(faults.draw(.clockJump, below: 12 * 3_600))))
        }
        if faults.strikes(.clockSkew) {
            service.skew = .seconds(Int64(faults.draw(.clockSkew, below: 600)) - 300)
            service.process?.clockMoved()
        }
        useOldBackup(of: service)
    }

    // MARK: Old backups

    /// Keeps a copy of the vault's data keys, as operators do apart from the stores.
    func takeKeyBackup() {
        if let vault = service(.contactVault) { keyBackups.take(vault, at: scheduler.now) }
    }

    /// What was erased is in no copy of the data keys that is older than a rotation (F5).
    func checkKeyBackups() {
        guard let vault = service(.contactVault) else { return }
        // The vault's clock may be ahead of the house's.
        let rotation = auditor.lastRotation - .minutes(10)
        do {
            try keyBackups.open(before: rotation, vault, in: folder) { at, opens in
                auditor.checkErased(
                    in: "key store of \(at.iso8601)", before: .distantFuture, opens: opens)
            }
        } catch {
            violate("backup", "an old copy of the vault's keys: \(error)")
        }
    }

    /// Keeps a copy of one store, to put it back some day. One that nobody could tell from its store yet stays.
    func takeBackup() {
        guard faults.isPossible(.oldBackup), !plan.onDisk,
            let service = services.filter({ backups[$0.name] == nil }).randomElement(using: &source)
        else {
            return
        }
        do {
            if let copy = try service.backup() { backups[service.name] = copy }
        } catch {
            violate("backup", "\(service.name.title): \(error)")
        }
    }

    /// Restores an old backup; the others must notice, and the service must not serve.
    private func useOldBackup(of service: SimulatedService) {
        guard faults.isPossible(.oldBackup), service.trueStore == nil, let store = service.store,
            let backup = backups[service.name],
            faults.strikes(.oldBackup, if: { !witnesses(backup, store).isEmpty })
        else { return }
        backups[service.name] = nil
        // Long enough that clients meet it.
        let span = 30_000_000_000 + faults.draw(.oldBackup, below: 120_000_000_000)
        scheduler.after(0, .fault, service.place) { [self] in
            guard service.isRunning, service.trueStore == nil else { return }
            let witnesses = witnesses(backup, service.store)
            service.crash()
            service.restore(backup)
            starting += 1
            scheduler.after(20_000_000, .process, service.place) { [self] in
                restart(service)
                watchOldBackup(of: service, witnesses, until: scheduler.monotonic + span)
            }
        }
    }

    /// How long a witness may be within reach, and the service up, before somebody must have noticed, in
    /// nanoseconds: longer than a connection that says nothing lasts, and than the pause before the next.
    private static let noticedWithin: UInt64 = 240_000_000_000

    /// Looks each second, until the time is over and it was noticed, or nobody who could notice came within reach.
    private func watchOldBackup(
        of service: SimulatedService, _ witnesses: [ServiceName], until end: UInt64, inReach: UInt64 = 0
    ) {
        let second: UInt64 = 1_000_000_000
        scheduler.after(second, .fault, service.place) { [self] in
            let process = service.process
            let isNoticed = process?.front?.isBehind == true
            let meets = process != nil && witnesses.contains { canMeet(service, $0) }
            let inReach = meets ? inReach + second : 0
            let isOverlooked = !isNoticed && inReach >= Self.noticedWithin
            if isOverlooked {
                violate("behind", "\(service.name.title) serves from an old backup, and nobody noticed")
            }
            let isLongEnough =
                scheduler.monotonic >= end && (isNoticed || witnesses.isEmpty || process == nil)
            guard isOverlooked || isLongEnough || scheduler.monotonic >= end + 8 * Self.noticedWithin else {
                return watchOldBackup(of: service, witnesses, until: end, inReach: inReach)
            }
            starting -= 1
            service.crash()
            service.undoRestore()
            restart(service)
        }
    }

    /// Whether two services are up and nothing stands between them.
    private func canMeet(_ service: SimulatedService, _ name: ServiceName) -> Bool {
        guard let peer = self.service(name), peer.isRunning, network.resumes(peer.place) == nil,
            network.resumes(service.place) == nil
        else { return false }
        return !network.isWalled(from: service.place, to: peer.place)
            && !network.isWalled(from: peer.place, to: service.place)
    }

    /// Who has proof of what the backup does not know.
    private func witnesses(_ backup: ServiceStore, _ store: ServiceStore?) -> [ServiceName] {
        func column(_ query: StaticString, _ store: ServiceStore?) -> [Int64: Int64] {
            let rows = try? store?.read { store in try store.all(query) { ($0.int(0), $0.int(1)) } }
            return Dictionary(uniqueKeysWithValues: rows ?? [])
        }
        let sent = column("SELECT peer, sent FROM gavel_streams", backup)
        let acknowledged = column("SELECT peer, acknowledged FROM gavel_streams", store)
        return services.map(\.name).filter {
            sent[Int64($0.rawValue), default: 0] < acknowledged[Int64($0.rawValue), default: 0]
        }
    }

    // MARK: Healing

    /// Faults stop: what is down starts, what is cut off is joined.
    func heal() {
        faults.areOn = false
        network.heal()
        for service in services {
            service.disk.heal()
            service.traps = [:]
            service.skew = .zero
            service.process?.clockMoved()
        }
    }

    /// As an operator does once the cause is mended: runs again what was set aside.
    func retryParked() {
        for service in services where service.process?.status?.parked ?? 0 > 0 {
            programLink.call(
                service.name, code: ListParked.code, body: ListParked().encoded(), key: nil
            ) { [unowned self] result in
                guard case .success(let answer) = result, let page = try? ParkedPage(decoding: answer.body)
                else { return }
                for parked in page.parked { retry(parked.sequence, in: service.name) }
            }
        }
    }

    private func retry(_ sequence: UInt64, in service: ServiceName) {
        var command = RetryParked()
        command.sequence = sequence
        programLink.call(
            service, code: RetryParked.code, body: command.encoded(), key: port.newKey()
        ) { [unowned self] result in
            if case .failure(let refusal) = result {
                violate("parked", "number \(sequence) of \(service.title) faults again: \(refusal.reason)")
            }
        }
    }

    /// Every service's store; nothing while one is closed.
    var stores: [ServiceName: ServiceStore]? {
        let open = services.compactMap { service in service.store.map { (service.name, $0) } }
        return open.count == services.count ? Dictionary(uniqueKeysWithValues: open) : nil
    }

    /// Flips a bit of one journal in a copy of its store; the chain must tell.
    func flipBit() {
        var drawn: (name: ServiceName, copy: ServiceStore, commands: UInt64)?
        guard
            faults.strikes(
                .bitFlip,
                if: {
                    drawn = copyToFlip(); return drawn != nil
                }), let drawn
        else {
            return
        }
        let row = 1 + faults.draw(.bitFlip, below: drawn.commands)
        let bit = faults.draw(.bitFlip, below: 256)
        do {
            try drawn.copy.transaction { try Self.flip(bit, of: row, $0) }
            do {
                _ = try drawn.copy.read { try Journal.verifyChain($0) }
                violate(
                    "bitFlip",
                    "a flipped bit at command \(row) of \(drawn.name.title)'s journal was not noticed")
            } catch StoreFault.chainBroken {
                return
            }
        } catch {
            violate("bitFlip", "\(drawn.name.title): \(error)")
        }
    }

    /// A copy of a store with something in its journal. One that its disk keeps from being made proves nothing.
    private func copyToFlip() -> (name: ServiceName, copy: ServiceStore, commands: UInt64)? {
        let service = services[Int(faults.draw(.bitFlip, below: UInt64(services.count)))]
        do {
            guard let copy = try service.backup() else { return nil }
            let commands = try copy.read { try Journal.chain($0).sequence }
            return commands > 0 ? (service.name, copy, commands) : nil
        } catch let fault as StoreFault where plan.onDisk && fault.isOfTheDisk {
            return nil
        } catch {
            violate("bitFlip", "\(service.name.title): \(error)")
            return nil
        }
    }

    /// Flips a bit in the journal's row that holds the command: of its time, of its hash or of its body.
    private static func flip(_ bit: UInt64, of command: UInt64, _ store: Store) throws {
        guard let row = try Journal.row(holding: command, store) else { return }
        let sequence = row.entry.sequence
        if bit & 1 == 0 {
            return try store.run(
                "UPDATE gavel_journal SET at = (at | ?) - (at & ?) WHERE seq = ?", UInt64(1) << (bit % 40),
                UInt64(1) << (bit % 40), sequence)
        }
        if bit & 2 == 0 || row.entry.body.isEmpty {
            let hash = flipped(row.hash, bit)
            return try store.run("UPDATE gavel_journal SET hash = ? WHERE seq = ?", hash, sequence)
        }
        let body = flipped(row.entry.body, bit)
        try store.run("UPDATE gavel_journal SET body = ? WHERE seq = ?", body, sequence)
    }

    private static func flipped(_ bytes: [UInt8], _ bit: UInt64) -> [UInt8] {
        var bytes = bytes
        if !bytes.isEmpty { bytes[Int(bit / 8) % bytes.count] ^= 1 << UInt8(bit & 7) }
        return bytes
    }

    /// How often each kind struck; of disks, what their operations met.
    var faultCounts: [String: Int] {
        var counts = faults.named
        let disks: [(FaultKind, [SimulatedDisk.Fault])] = [
            (.powerLoss, [.power]), (.diskFull, [.full]), (.ioError, [.error, .shortRead]),
            (.failedSync, [.lostSync]),
        ]
        for (kind, met) in disks {
            counts[kind.name] = services.reduce(0) { sum, service in
                met.reduce(sum) { $0 + service.disk.met($1) }
            }
        }
        return counts
    }

    /// Whether every store is the true one.
    var isTrue: Bool { services.allSatisfy { $0.trueStore == nil } }
}
