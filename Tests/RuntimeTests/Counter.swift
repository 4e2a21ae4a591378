import Foundation
import Kernel
import Messages
import Runtime
import Storage
import Wire

/// Adds to a named counter: the smallest service that has every kind of message.
struct AddToCounter: Command {
    typealias Answer = CounterStands
    static let code: UInt16 = 0x0101
    static let audience = Audience.everyParty
    var counter: UInt64 = 0
    var amount: Int64 = 0
    /// Whether to wait for the wallet, fault, or start a timer.
    var how: UInt8 = 0
    init() {}
    init(_ counter: UInt64, _ amount: Int64, how: UInt8 = 0) {
        self.counter = counter
        self.amount = amount
        self.how = how
    }
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("counter", &counter)
        try visit.field("amount", &amount)
        try visit.field("how", &how)
    }
    static let plain: UInt8 = 0
    static let waits: UInt8 = 1
    static let faults: UInt8 = 2
    static let timer: UInt8 = 3
    static let effect: UInt8 = 4
    static let tally: UInt8 = 5
}

struct CounterStands: AnswerMessage {
    static let code: UInt16 = 0x0141
    var value: Int64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("value", &value)
    }
}

/// The other service's answer: adds, and answers the ticket.
struct AnswerCounter: PeerMessage {
    static let code: UInt16 = 0x0180
    static let audience = Audience.services([.wallet])
    var ticket: UInt64 = 0
    var amount: Int64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("ticket", &ticket)
        try visit.field("amount", &amount)
    }
}

struct AskWallet: PeerMessage {
    static let code: UInt16 = 0x0281
    static let audience = Audience.services([.auction])
    var ticket: UInt64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("ticket", &ticket)
    }
}

struct CounterDue: InternalMessage {
    static let code: UInt16 = 0x01c0
    /// The timer and the effect's outcome of this counter fault.
    static let faulting: UInt64 = 13
    var counter: UInt64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("counter", &counter)
    }
}

struct RingBell: InternalMessage {
    static let code: UInt16 = 0x01c1
    var counter: UInt64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("counter", &counter)
    }
}

struct BellRang: InternalMessage {
    static let code: UInt16 = 0x01c2
    var counter: UInt64 = 0
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("counter", &counter)
    }
}

struct CounterFault: Error {}

enum CounterService {
    static func definition() -> ServiceDefinition {
        var table = HandlerTable()
        table.command(AddToCounter.self) { command, turn in
            guard command.amount >= 0 else { return .refused(.amountOutOfRange) }
            switch command.how {
            case AddToCounter.waits:
                try add(command.counter, 0, turn)
                var ask = AskWallet()
                ask.ticket = turn.ticket.rawValue
                turn.send(ask, to: .wallet)
                return .waiting
            case AddToCounter.faults:
                try add(command.counter, command.amount, turn)
                throw CounterFault()
            case AddToCounter.timer:
                var due = CounterDue()
                due.counter = command.counter
                try turn.schedule(due, subject: command.counter, at: turn.now + .seconds(command.amount))
            case AddToCounter.effect:
                var ring = RingBell()
                ring.counter = command.counter
                try turn.start(ring, id: command.counter)
            case AddToCounter.tally:
                let stood = try turn.store.keepAtWriter(tally, command.counter) {
                    try turn.store.first("SELECT value FROM tallies WHERE id = ?", command.counter) {
                        $0.int(0)
                    }
                }
                try turn.store.change(tally, command.counter, (stood ?? 0) + command.amount)
            default: break
            }
            var answer = CounterStands()
            answer.value = try add(command.counter, command.amount, turn)
            return .answer(answer)
        }
        table.peer(AnswerCounter.self) { message, turn in
            guard message.amount >= 0 else { throw CounterFault() }
            var answer = CounterStands()
            answer.value = try add(7, message.amount, turn)
            try turn.answer(Ticket(rawValue: message.ticket), answer)
        }
        table.journaled(CounterDue.self) { timer, turn in
            try add(timer.counter, 1_000, turn)
            if timer.counter == CounterDue.faulting { throw CounterFault() }
        }
        table.effect(RingBell.self) { ring, _ in
            var rang = BellRang()
            rang.counter = ring.counter
            return rang
        }
        table.journaled(BellRang.self) { rang, turn in
            try add(rang.counter, 50, turn)
            if rang.counter == CounterDue.faulting { throw CounterFault() }
        }
        return ServiceDefinition(
            name: .auction,
            migrations: [
                Migration(
                    "counter-1",
                    """
                    CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;
                    CREATE TABLE tallies (id INTEGER PRIMARY KEY, value INTEGER NOT NULL CHECK (value < 1000)) STRICT;
                    INSERT INTO tallies (id, value) VALUES (1, 0)
                    """)
            ], digestTables: ["counters", "tallies"], handlers: table)
    }

    /// Rows that no rule bounds and their table does, written late.
    private static let tally = Kept<UInt64, Int64> { value, store in
        try store.run("UPDATE tallies SET value = ? WHERE id = 1", value)
    }

    @discardableResult
    static func add(_ counter: UInt64, _ amount: Int64, _ turn: Turn) throws -> Int64 {
        try turn.store.run(
            "INSERT INTO counters (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = value + excluded.value",
            counter, amount)
        return try turn.store.first("SELECT value FROM counters WHERE id = ?", counter) { $0.int(0) } ?? 0
    }
}

/// A core over a store of its own, and a client that remembers its answers.
final class Bench {
    let folder: String
    var core: ServiceCore
    var correlation: UInt64 = 0
    static let start = Instant(microseconds: 1_800_000_000_000_000)

    init() throws {
        folder = NSTemporaryDirectory() + "gavel-runtime-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        core = try Bench.open(folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func open(_ folder: String) throws -> ServiceCore {
        let definition = CounterService.definition()
        return try ServiceCore(
            definition: definition,
            store: try ServiceStore(path: folder + "/store.sqlite", migrations: definition.migrations),
            poison: try PoisonSlot(path: folder + "/executing"))
    }

    /// As after a crash: a new process opens the same files.
    func reopen() throws {
        try core.store.close()
        core = try Bench.open(folder)
    }

    func command(
        _ command: AddToCounter, key: UInt64, party: UInt64 = 1, at: Instant = Bench.start
    ) -> Incoming {
        self.command(body: command.encoded(), key: key, party: party, at: at)
    }

    func command(
        body: [UInt8], key: UInt64, party: UInt64 = 1, at: Instant = Bench.start
    ) -> Incoming {
        correlation += 1
        let hash = body.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
        return .command(
            ClientCommand(
                address: ReplyAddress(link: LinkID(raw: 1), correlation: correlation),
                code: AddToCounter.code,
                version: 1, body: body,
                acting: Acting(
                    party: PartyID(party), marketplace: MarketplaceID(1), roles: .buyer, session: .none),
                peer: nil, key: IdempotencyKey(high: UInt64(at.microseconds), low: key), bodyHash: (hash, 1),
                giveUpAt: 0))
    }

    func value(_ counter: UInt64) throws -> Int64? {
        try core.store.read { try $0.first("SELECT value FROM counters WHERE id = ?", counter) { $0.int(0) } }
    }
}

extension Reply {
    var refusal: Refusal? { code == Refusal.code ? try? Refusal(decoding: body) : nil }
    var stands: Int64? { code == CounterStands.code ? (try? CounterStands(decoding: body))?.value : nil }
}
