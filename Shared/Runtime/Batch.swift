import Kernel
import Messages
import Storage

/// A row of the outbox.
public struct OutboxRow: Sendable, Equatable {
    public let destination: ServiceName
    public let sequence: UInt64
    public let code: UInt16
    public let body: [UInt8]
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

    init(sent: [UInt64]) {
        self.sent = sent
    }

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
