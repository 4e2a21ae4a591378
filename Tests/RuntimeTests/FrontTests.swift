import Foundation
import Kernel
import Messages
import Storage
import Testing
import Wire

@testable import Runtime

/// A service that sends a numbered note to the wallet for each command, or keeps the notes that it is sent.
enum NoteService {
    /// - Parameter edged: each command passes by an edge, whose work the test does itself.
    static func definition(_ name: ServiceName, edged: Bool = false) -> ServiceDefinition {
        var table = HandlerTable()
        if name == .auction {
            table.command(AddToCounter.self) { command, turn in
                var note = AskWallet()
                note.ticket = command.counter
                turn.send(note, to: .wallet)
                if command.how == AddToCounter.waits { return .waiting }
                return .answer(CounterStands())
            }
            if edged { table.before(AddToCounter.self) { _, _ in nil } }
        } else {
            table.peer(AskWallet.self) { note, turn in
                try turn.store.run("INSERT INTO notes (seq, note) VALUES (?, ?)", turn.sequence, note.ticket)
            }
        }
        return ServiceDefinition(
            name: name,
            migrations: [
                Migration(
                    "notes-1", "CREATE TABLE notes (seq INTEGER PRIMARY KEY, note INTEGER NOT NULL) STRICT")
            ], digestTables: ["notes"], handlers: table)
    }
}

/// Two fronts and the wire between them, moved step by step; frames may be lost with their link.
final class TwoServices {
    final class Side: FrontShell, FrontBackend, @unchecked Sendable {
        let name: ServiceName
        let core: ServiceCore
        var front: ServiceFront!
        unowned let world: TwoServices
        var later: [@Sendable () -> Void] = []
        var queue: [Incoming] = []
        var logged: [String] = []
        var answers: [(code: UInt16, body: [UInt8])] = []
        /// What runs on pools waits here until the test lets it.
        var holdsOffloads = false
        var held: [() -> Void] = []
        /// How many queries were answered from each snapshot.
        var snapshots: [Int] = []

        init(_ name: ServiceName, store: ServiceStore, world: TwoServices) throws {
            self.name = name
            self.world = world
            core = try ServiceCore(
                definition: NoteService.definition(name, edged: world.edged), store: store)
            var limits = ServiceFront.Limits()
            limits.queue = world.longestQueue
            front = try ServiceFront(
                core: core, shell: self, backend: self, bodyKey: [UInt8](repeating: 1, count: 32),
                limits: limits)
        }

        func send(_ bytes: [UInt8], on link: LinkID) { world.send(bytes, from: self, on: link) }
        func send(_ batch: [(link: LinkID, bytes: [UInt8])]) {
            for (link, bytes) in batch { send(bytes, on: link) }
        }
        func close(_ link: LinkID, afterFlush: Bool) { world.broken.append(link) }
        /// Links whose frames wait until this side reads again.
        var unread: Set<LinkID> = []
        func setReading(_ link: LinkID, _ on: Bool) {
            if on { unread.remove(link) } else { unread.insert(link) }
        }
        func setLongestFrame(_ link: LinkID, _ bytes: Int) {}
        func connect(to service: ServiceName) -> LinkID { world.connect(self, service) }
        func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) { later.append(body) }
        func offload<R: Sendable>(
            _ pool: Pool, _ work: @escaping @Sendable () -> R, then: @escaping @Sendable (R) -> Void
        ) {
            guard holdsOffloads else { return then(work()) }
            held.append { then(work()) }
        }
        var monotonicNanoseconds: UInt64 = 0
        func chance() -> UInt64 { 3 }
        func log(_ line: String) { logged.append(line) }
        func enqueue(_ items: [Incoming]) { queue += items }
        /// The edges that ran at once, and what came of each; done with an empty body where nothing is said.
        var edges: [[EdgeJob]] = []
        var outcome: (EdgeJob) -> EdgeOutcome? = { _ in .done([]) }
        func run(_ jobs: [EdgeJob]) -> [EdgeOutcome] {
            edges.append(jobs)
            var outcomes: [EdgeOutcome] = []
            for job in jobs {
                guard let found = outcome(job) else { break }
                outcomes.append(found)
            }
            return outcomes
        }
        func answers(_ questions: [Question]) -> [(code: UInt16, body: [UInt8])] {
            snapshots.append(questions.count)
            return questions.map { ($0.code, $0.body) }
        }
        var clockIsSettable: Bool { false }
        var now: Instant { Bench.start }

        func execute() throws {
            let items = queue
            queue = []
            if !items.isEmpty { front.committed(try core.execute(items, now: Bench.start)) }
        }
    }

    let folder: String
    var sides: [Side] = []
    /// Per link, the side that dialled and the one that answered.
    var links: [LinkID: (dialled: Side, answered: Side)] = [:]
    var wire: [(to: Side, link: LinkID, bytes: [UInt8])] = []
    var opening: [LinkID] = []
    var broken: [LinkID] = []
    var number: UInt64 = 0
    /// Frames beyond this many are lost, and their link breaks.
    var passes = Int.max
    /// Links to services that are not built here, which greet and remember nothing; nobody greets where it is off.
    var strangers: [LinkID: (dialled: Side, service: ServiceName)] = [:]
    var strangersGreet = true
    /// What strangers were asked, and on which link.
    var asked: [(link: LinkID, frame: InboundFrame)] = []
    let gateway = LinkID(raw: 999_999)
    let edged: Bool
    let longestQueue: Int

    init(edged: Bool = false, longestQueue: Int = ServiceFront.Limits().queue) throws {
        self.edged = edged
        self.longestQueue = longestQueue
        folder = NSTemporaryDirectory() + "gavel-front-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try start()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: ServiceName) -> String { "\(folder)/\(name.title).sqlite" }

    func start() throws {
        sides = []
        links = [:]
        strangers = [:]
        wire = []
        for name in [ServiceName.auction, .wallet] {
            let store = try ServiceStore(
                path: path(name), migrations: NoteService.definition(name).migrations)
            sides.append(try Side(name, store: store, world: self))
        }
        for side in sides { side.front.start() }
        sides[0].front.linkOpened(gateway, peer: "gateway", address: "test")
        var hello: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: Hello().encoded(), to: &hello)
        wire.append((sides[0], gateway, hello))
    }

    func stop() throws {
        for side in sides { try side.core.store.close() }
    }

    func connect(_ side: Side, _ service: ServiceName) -> LinkID {
        number += 1
        let link = LinkID(raw: number)
        if let other = sides.first(where: { $0.name == service }) {
            links[link] = (side, other)
        } else {
            strangers[link] = (side, service)
        }
        opening.append(link)
        return link
    }

    /// A service that is not built here is dialled: it greets, and its store is as new as this one.
    private func welcome(_ link: LinkID, _ side: Side, _ service: ServiceName) throws {
        guard strangersGreet else { return }
        side.front.linkOpened(link, peer: service.title, address: "test")
        var welcome = Welcome()
        var position = StreamPosition()
        position.service = service
        position.store = UInt64(service.rawValue) + 1
        welcome.stream = position
        var bytes: [UInt8] = []
        FrameHeader(code: Welcome.code, flags: .answer).appendFrame(body: welcome.encoded(), to: &bytes)
        side.front.linkReceived(link, frames: try TwoServices.frames(bytes))
    }

    func send(_ bytes: [UInt8], from side: Side, on link: LinkID) {
        if link == gateway {
            do {
                for frame in try TwoServices.frames(bytes) {
                    side.answers.append((frame.header.code, frame.body))
                }
            } catch {
                Issue.record("a front sent frames that cannot be read: \(error)")
            }
        } else if let (dialled, answered) = links[link] {
            wire.append((dialled === side ? answered : dialled, link, bytes))
        } else if strangers[link] != nil {
            let frames = (try? TwoServices.frames(bytes)) ?? []
            asked += frames.filter { $0.header.correlation != 0 }.map { (link, $0) }
        }
    }

    static func frames(_ bytes: [UInt8]) throws -> [InboundFrame] {
        var frames: [InboundFrame] = []
        try bytes.withUnsafeBytes { raw in
            var offset = 0
            while offset < raw.count {
                var prefix = Reader(UnsafeRawBufferPointer(rebasing: raw[offset...]))
                let length = Int(try prefix.integer(UInt32.self))
                var reader = Reader(
                    UnsafeRawBufferPointer(rebasing: raw[(offset + 4)..<(offset + 4 + length)]))
                let header = try FrameHeader(&reader)
                frames.append(InboundFrame(header: header, body: try reader.bytes(reader.remaining)))
                offset += 4 + length
            }
        }
        return frames
    }

    /// Moves everything until nothing moves any more.
    func settle() throws {
        for _ in 0..<10_000 {
            if let link = opening.first {
                opening.removeFirst()
                if let (dialled, service) = strangers[link] {
                    try welcome(link, dialled, service)
                    continue
                }
                guard let (dialled, answered) = links[link] else { continue }
                answered.front.linkOpened(link, peer: dialled.name.title, address: "test")
                dialled.front.linkOpened(link, peer: answered.name.title, address: "test")
            } else if let link = broken.first {
                broken.removeFirst()
                guard let (dialled, answered) = links.removeValue(forKey: link) else { continue }
                wire.removeAll { $0.link == link }
                answered.front.linkClosed(link)
                let before = dialled.later.count
                dialled.front.linkClosed(link)
                let again = dialled.later.suffix(from: before)
                dialled.later.removeSubrange(before...)
                for body in again { body() }
            } else if let place = wire.firstIndex(where: { !$0.to.unread.contains($0.link) }) {
                let (to, link, bytes) = wire.remove(at: place)
                var frames = try TwoServices.frames(bytes)
                if link != gateway, passes < frames.count {
                    frames = Array(frames.prefix(passes))
                    passes = .max
                    broken.append(link)
                } else if link != gateway, passes != .max {
                    passes -= frames.count
                }
                if links[link] != nil || link == gateway { to.front.linkReceived(link, frames: frames) }
            } else if sides.contains(where: { !$0.queue.isEmpty }) {
                for side in sides { try side.execute() }
            } else {
                return
            }
        }
        Issue.record("the two services do not come to rest")
    }

    func command(_ counter: UInt64) {
        var body: [UInt8] = []
        FrameHeader(
            code: AddToCounter.code, correlation: counter,
            key: IdempotencyKey(high: UInt64(Bench.start.microseconds), low: counter),
            acting: ActingPart(party: 5, marketplace: 1, roles: Roles.buyer.rawValue, session: 1)
        ).appendFrame(body: AddToCounter(counter, 1).encoded(), to: &body)
        wire.append((sides[0], gateway, body))
    }

    func notes() throws -> [Int64] {
        try sides[1].core.store.read { try $0.all("SELECT note FROM notes ORDER BY seq") { $0.int(0) } }
    }
}

@Suite struct FrontTests {
    @Test("messages arrive once and in order, whatever frames are lost with their links")
    func losses() throws {
        for lostAfter in 0..<12 {
            let world = try TwoServices()
            try world.settle()
            world.passes = lostAfter
            for number in 1...8 {
                world.command(UInt64(number))
                if number % 3 == 0 { try world.settle() }
            }
            try world.settle()
            #expect(try world.notes() == [1, 2, 3, 4, 5, 6, 7, 8], "lost after \(lostAfter) frames")
            #expect(world.sides[0].front.status.outbox == 0)
            try world.stop()
        }
    }

    @Test("queries that wait are answered many from one snapshot, each once and in order")
    func queriesTogether() throws {
        let world = try TwoServices()
        try world.settle()
        let side = world.sides[0]
        side.answers = []
        side.holdsOffloads = true
        func ask(_ numbers: ClosedRange<UInt64>) {
            let frames = numbers.map { number in
                InboundFrame(
                    header: FrameHeader(code: ListParked.code, correlation: number),
                    body: [UInt8(truncatingIfNeeded: number)])
            }
            side.front.linkReceived(world.gateway, frames: frames)
        }
        ask(1...1)
        ask(2...2)
        ask(3...200)
        #expect(side.held.count == 2)
        #expect(!side.front.isDrained)
        while !side.held.isEmpty { side.held.removeFirst()() }
        #expect(side.snapshots == [1, 1, 64, 64, 64, 6])
        #expect(side.answers.map { $0.body } == (1...200).map { [UInt8(truncatingIfNeeded: $0)] })
        #expect(side.front.isDrained)
        try world.stop()
    }

    @Test(
        "commands that wait for a service that is there count to the queue's bound, and not for one that is away"
    )
    func waitingIsBounded() throws {
        let world = try TwoServices(longestQueue: 3)
        try world.settle()
        let side = world.sides[0]
        side.answers = []
        func send(_ numbers: ClosedRange<UInt64>, _ how: UInt8) throws -> [UInt16] {
            let before = side.answers.count
            let frames = numbers.map { number in
                InboundFrame(
                    header: FrameHeader(
                        code: AddToCounter.code, correlation: number,
                        key: IdempotencyKey(high: UInt64(Bench.start.microseconds), low: number),
                        acting: ActingPart(
                            party: 5, marketplace: 1, roles: Roles.buyer.rawValue, session: 1)),
                    body: AddToCounter(number, 1, how: how).encoded())
            }
            side.front.linkReceived(world.gateway, frames: frames)
            try world.settle()
            return side.answers[before...].map(\.code)
        }
        #expect(try send(1...2, AddToCounter.waits) == [])
        #expect(side.front.status.waiting == 2)
        #expect(try send(3...4, AddToCounter.plain) == [Refusal.code, CounterStands.code])
        let refusal = try Refusal(decoding: side.answers[0].body)
        #expect(refusal.reason == .overloaded && refusal.retryAfterMilliseconds > 0)
        #expect(refusal.found == "3")
        // Another service goes away: nobody knows for how long, and what does not need it is served.
        let stranger = try #require(world.strangers.first { $0.value.dialled === side }?.key)
        side.front.linkClosed(stranger)
        #expect(try send(5...6, AddToCounter.plain) == [CounterStands.code, CounterStands.code])
        try world.stop()
    }

    @Test("a stream goes on after a restart of both sides")
    func restart() throws {
        let world = try TwoServices()
        try world.settle()
        world.command(1)
        try world.settle()
        try world.stop()
        try world.start()
        try world.settle()
        world.command(2)
        try world.settle()
        #expect(try world.notes() == [1, 2])
        try world.stop()
    }

    @Test("a store restored from an older backup notices that it is behind and refuses to serve")
    func restoredBackup() throws {
        let world = try TwoServices()
        try world.settle()
        world.command(1)
        try world.settle()
        try world.sides[0].core.store.backup(to: world.folder + "/backup.sqlite")
        world.command(2)
        try world.settle()
        try world.stop()
        for name in ["auction.sqlite", "auction.sqlite-wal", "auction.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(world.folder)/\(name)")
        }
        try FileManager.default.copyItem(
            atPath: world.folder + "/backup.sqlite", toPath: world.path(.auction))
        try world.start()
        // The two would greet for ever; a few rounds show what they make of it.
        world.sides[0].answers = []
        for _ in 0..<3 { _ = try? world.settleSome() }
        world.command(3)
        for _ in 0..<3 { _ = try? world.settleSome() }
        let refusal = world.sides[0].answers.last.flatMap { try? Refusal(decoding: $0.body) }
        #expect(refusal?.reason == .storeBehind)
        #expect(try world.notes() == [1, 2])
        #expect(!world.sides[0].front.status.ready)
        try world.stop()
    }

    @Test("F3 nothing is served before every peer has greeted: one alone may know that this store is old")
    func servesNobodyBeforeTheGreetings() throws {
        let world = try TwoServices()
        try world.settle()
        world.command(1)
        try world.settle()
        #expect(world.sides[0].answers.last?.code == CounterStands.code)
        try world.stop()

        // The services that greeted before are out of reach now; the wallet is there.
        world.strangersGreet = false
        try world.start()
        world.sides[0].answers = []
        try world.settle()
        world.command(2)
        try world.settle()
        let refusal = try Refusal(decoding: try #require(world.sides[0].answers.last).body)
        #expect(refusal.reason == .unavailable)
        #expect(refusal.expected == "auction to have greeted contact-vault")
        #expect(refusal.retryAfterMilliseconds > 0)
        #expect(try world.notes() == [1])
        try world.stop()

        // Nor is anything of a peer taken.
        world.strangersGreet = true
        try world.start()
        for (link, stranger) in world.strangers where stranger.dialled === world.sides[1] {
            world.strangers[link] = nil
        }
        try world.settle()
        world.command(7)
        try world.settle()
        #expect(world.sides[0].answers.last?.code == CounterStands.code)
        #expect(try world.notes() == [1])
        try world.stop()

        // A peer that was met and went away again keeps nobody from serving.
        world.strangersGreet = true
        try world.start()
        try world.settle()
        for (link, stranger) in world.strangers where stranger.dialled === world.sides[0] {
            world.sides[0].front.linkClosed(link)
        }
        world.command(3)
        try world.settle()
        #expect(world.sides[0].answers.last?.code == CounterStands.code)
        #expect(try world.notes() == [1, 7, 3])
        try world.stop()
    }

    @Test("F3 a greeting that an acknowledgement overtook accuses nobody of a lost store")
    func overtakenGreeting() throws {
        let world = try TwoServices()
        try world.settle()
        world.command(1)
        world.command(2)
        try world.settle()
        // What the wallet wrote when it had applied the first note only.
        var hello = Hello()
        var position = StreamPosition()
        position.service = .wallet
        position.store = world.sides[1].core.storeIdentity
        position.applied = 1
        hello.stream = position
        var bytes: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: hello.encoded(), to: &bytes)
        let link = LinkID(raw: 77)
        world.links[link] = (world.sides[1], world.sides[0])
        world.sides[0].front.linkOpened(link, peer: "wallet", address: "test")
        world.wire = []
        world.sides[0].front.linkReceived(link, frames: try TwoServices.frames(bytes))
        let answer = try TwoServices.frames(try #require(world.wire.last).bytes)[0]
        let theirs = try #require(try Welcome(decoding: answer.body).stream)
        #expect(theirs.acknowledged == 2)
        try world.stop()
    }

    @Test("F3 a store that lost what it had applied learns it from its peer, and refuses to serve")
    func restoredReceiver() throws {
        let world = try TwoServices()
        try world.settle()
        world.command(1)
        try world.settle()
        try world.sides[1].core.store.backup(to: world.folder + "/backup.sqlite")
        world.command(2)
        try world.settle()
        try world.stop()
        for name in ["wallet.sqlite", "wallet.sqlite-wal", "wallet.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(world.folder)/\(name)")
        }
        try FileManager.default.copyItem(
            atPath: world.folder + "/backup.sqlite", toPath: world.path(.wallet))
        try world.start()
        for _ in 0..<3 { _ = try? world.settleSome() }
        #expect(world.sides[1].front.isBehind)
        #expect(!world.sides[0].front.isBehind)
        try world.stop()
    }

    @Test("only the declared sender may send a message, and only clients of a gateway act for a party")
    func allowList() throws {
        let world = try TwoServices()
        try world.settle()
        let link = LinkID(raw: 77)
        world.links[link] = (world.sides[1], world.sides[0])
        world.sides[0].front.linkOpened(link, peer: "dispute", address: "test")
        var hello: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: Hello().encoded(), to: &hello)
        world.sides[0].front.linkReceived(link, frames: try TwoServices.frames(hello))
        world.wire = []
        var forged: [UInt8] = []
        FrameHeader(
            code: AddToCounter.code, correlation: 4, key: IdempotencyKey(high: 1, low: 1),
            acting: ActingPart(party: 5, marketplace: 1, roles: 7, session: 1)
        ).appendFrame(body: AddToCounter(1, 1).encoded(), to: &forged)
        world.sides[0].front.linkReceived(link, frames: try TwoServices.frames(forged))
        let answer = try TwoServices.frames(try #require(world.wire.last).bytes)[0]
        #expect(try Refusal(decoding: answer.body).reason == .notSignedIn)
        #expect(world.sides[0].queue.isEmpty)
        try world.stop()
    }
}

extension TwoServices {
    /// A bounded number of moves, for worlds that never rest.
    func settleSome() throws {
        for _ in 0..<40 {
            if let link = opening.first, let (dialled, answered) = links[link] {
                opening.removeFirst()
                answered.front.linkOpened(link, peer: dialled.name.title, address: "test")
                dialled.front.linkOpened(link, peer: answered.name.title, address: "test")
            } else if !opening.isEmpty {
                opening.removeFirst()
            } else if let (to, link, bytes) = wire.first {
                wire.removeFirst()
                if links[link] != nil || link == gateway {
                    to.front.linkReceived(link, frames: try TwoServices.frames(bytes))
                }
            } else {
                for side in sides { try side.execute() }
            }
        }
    }
}
