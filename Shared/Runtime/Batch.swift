import Kernel
import Messages
import Storage
import Wire

/// A row of the outbox.
public struct OutboxRow: Sendable, Equatable {
    public let destination: ServiceName
    public let sequence: UInt64
    public let code: UInt16
    public let body: [UInt8]
}

/// A command that waits: under which key its answer will be remembered.
struct WaitingCommand {
    let owner: Int64
    let key: IdempotencyKey
    let code: UInt16
}

/// The commands that wait, kept beside their rows in the journal to spare each answer a look at it.
final class WaitingCommands {
    private var commands: [UInt64: WaitingCommand] = [:]
    /// Those of the batch that runs, to be forgotten if it rolls back.
    private var newest: [UInt64] = []

    subscript(ticket: Ticket) -> WaitingCommand? { commands[ticket.rawValue] }

    func add(_ ticket: Ticket, _ command: WaitingCommand) {
        commands[ticket.rawValue] = command
        newest.append(ticket.rawValue)
    }

    func forget(_ ticket: Ticket) { commands[ticket.rawValue] = nil }

    /// The batch is over: its commands stay.
    func keep() { newest.removeAll(keepingCapacity: true) }

    /// The batch rolled back: its commands never were.
    func forgetNewest() {
        for ticket in newest { commands[ticket] = nil }
        keep()
    }
}

/// What one batch gathers before its commit; thrown away if it rolls back.
final class Batch {
    /// The next sequence to write, per destination.
    private(set) var sent: [UInt64]
    private(set) var outbox: [OutboxRow] = []
    private(set) var earliestTimer = Instant.distantFuture
    private(set) var earliestEffect = Instant.distantFuture
    var settled: [SettledTicket] = []
    var pushes: [Push] = []
    var destroyed: [UInt64] = []
    private let waiting: WaitingCommands

    init(sent: [UInt64], waiting: WaitingCommands = WaitingCommands()) {
        self.sent = sent
        self.waiting = waiting
    }

    /// Makes room for what `items` commands and messages usually ask for.
    func expect(_ items: Int) {
        outbox.reserveCapacity(2 * items)
        settled.reserveCapacity(items)
        pushes.reserveCapacity(items)
    }

    /// A command of this batch waits for its answer.
    func waits(_ ticket: Ticket, _ command: WaitingCommand) { waiting.add(ticket, command) }

    /// Who waits under this ticket; nothing if it came before the last start.
    func waiting(_ ticket: Ticket) -> WaitingCommand? { waiting[ticket] }

    func send(code: UInt16, body: [UInt8], to service: ServiceName) {
        let index = Int(service.rawValue)
        sent[index] += 1
        outbox.append(OutboxRow(destination: service, sequence: sent[index], code: code, body: body))
    }

    func noteTimer(_ due: Instant) {
        if due < earliestTimer { earliestTimer = due }
    }

    func noteEffect(_ due: Instant) {
        if due < earliestEffect { earliestEffect = due }
    }
}
