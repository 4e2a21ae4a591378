import Crypto
import Kernel
import Messages
import Runtime
import Simulator
import Storage
import Wire

/// Writes a line into a notebook: the smallest service with a state to lose.
struct WriteLine: Command {
    typealias Answer = LineWritten
    static let code: UInt16 = 0x0101
    static let audience = Audience.everyParty
    var line: UInt64 = 0
    var text = ""
    init() {}
    init(_ line: UInt64) {
        self.line = line
        text = "line \(line) " + String(repeating: "word ", count: Int(line % 40))
    }
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("line", &line)
        try visit.field("text", &text)
    }
}

struct LineWritten: AnswerMessage {
    static let code: UInt16 = 0x0141
    var lines: UInt64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("lines", &lines)
    }
}

/// The same, said by another service.
struct LineTold: PeerMessage {
    static let code: UInt16 = 0x0180
    static let audience = Audience.services([.wallet])
    var line: UInt64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("line", &line)
    }
}

/// The notebook's service on a simulated disk, opened as a process opens it.
final class Notebook {
    let core: ServiceCore
    /// A disk lives as long as somebody holds it.
    private let disk: SimulatedDisk
    static let start = Instant(microseconds: 1_800_000_000_000_000)

    static func definition() -> ServiceDefinition {
        var table = HandlerTable()
        table.command(WriteLine.self) { command, turn in
            try turn.store.run("INSERT INTO lines (id, text) VALUES (?, ?)", command.line, command.text)
            var answer = LineWritten()
            answer.lines = try turn.store.first("SELECT count(*) FROM lines") { UInt64($0.int(0)) } ?? 0
            return .answer(answer)
        }
        table.peer(LineTold.self) { told, turn in
            try turn.store.run("INSERT INTO lines (id, text) VALUES (?, 'told')", told.line)
        }
        let schema = "CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"
        return ServiceDefinition(
            name: .auction, migrations: [Migration("lines-1", schema)], digestTables: ["lines"],
            handlers: table)
    }

    static func path(on disk: SimulatedDisk) -> String { "\(disk.folder)/store.sqlite" }

    init(
        on disk: SimulatedDisk, checkpointAfter frames: Int = ServiceStore.longestLog,
        movesAside: Bool = false
    ) throws {
        self.disk = disk
        let definition = Notebook.definition()
        try ServiceStore.renewLog(of: Notebook.path(on: disk))
        let store = try ServiceStore(
            path: Notebook.path(on: disk), migrations: definition.migrations,
            checkpointAfter: frames, movesLogAside: movesAside)
        core = try ServiceCore(definition: definition, store: store)
    }

    /// Writes a line; the answer's code.
    @discardableResult
    func write(_ line: UInt64) throws -> UInt16? {
        let command = WriteLine(line)
        let output = try core.execute(
            [
                .command(
                    ClientCommand(
                        address: ReplyAddress(link: LinkID(raw: 1), correlation: line), code: WriteLine.code,
                        version: 1, body: command.encoded(),
                        acting: Acting(
                            party: PartyID(1), marketplace: MarketplaceID(1), roles: .buyer, session: .none),
                        peer: nil, key: IdempotencyKey(high: UInt64(Notebook.start.microseconds), low: line),
                        bodyHash: (line, 0), giveUpAt: 0))
            ], now: Notebook.start)
        return output.replies.first?.code
    }

    /// Another service tells a line, as the next message of its stream.
    func hear(_ line: UInt64) throws {
        var told = LineTold()
        told.line = line
        let sequence = core.position(with: .wallet).applied + 1
        _ = try core.execute(
            [.peer(from: .wallet, sequence: sequence, code: LineTold.code, version: 1, body: told.encoded())],
            now: Notebook.start)
    }

    func lines() throws -> [UInt64] {
        try core.store.read { try $0.all("SELECT id FROM lines ORDER BY id") { UInt64($0.int(0)) } }
    }

    /// The journal's chain is whole, and a replay gives the same state.
    func isSound() throws -> Bool {
        _ = try core.store.read { try Journal.verifyChain($0) }
        return try Replay.check(core.definition, core.store).different.isEmpty
    }
}

/// Disks with folders that no other test uses.
enum Disks {
    static func new(seed: UInt64 = 1) throws -> SimulatedDisk {
        try SimulatedDisk.install()
        return try SimulatedDisk(folder: "/simulated-\(SecureRandom.uint64())", seed: seed)
    }

    static func code(_ body: () throws -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch StoreFault.sqlite(let code, _, _) {
            return code
        } catch {
            return -1
        }
    }
}
