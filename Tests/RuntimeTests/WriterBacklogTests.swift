import Kernel
import Messages
import Testing
import Wire

@testable import Runtime

/// What the writer is woken for at once, and what may lie a moment.
@Suite("The writer's backlog") struct WriterBacklogTests {
    private func message(_ sequence: UInt64) -> Incoming {
        .peer(from: .auction, sequence: sequence, code: 1, version: ProtocolVersion.current, body: [])
    }

    private let outcome = Incoming.outcome(EffectReference(code: 1, id: 1, generation: 1), code: 1, body: [])
    private let acknowledgement = Incoming.acknowledged(by: .auction, sequence: 1)

    @Test("A message that somebody waits for is urgent, an acknowledgement never is")
    func usual() {
        var backlog = WriterBacklog()
        backlog.put([acknowledgement])
        #expect(!backlog.isUrgent)
        #expect(backlog.hasPeers)
        backlog.put([message(1)])
        #expect(backlog.isUrgent)
        #expect(backlog.take(10).count == 2)
        #expect(!backlog.isUrgent)
        backlog.put([outcome])
        #expect(backlog.isUrgent)
    }

    /// A patient service's backlog after a batch of this size.
    private func backlog(after count: Int) -> WriterBacklog {
        var backlog = WriterBacklog(isPatient: true)
        for sequence in 0..<UInt64(count) { backlog.put([message(sequence)]) }
        #expect(backlog.isUrgent)
        #expect(backlog.take(2_000).count == count)
        #expect(!backlog.isUrgent)
        return backlog
    }

    @Test(
        "In a busy patient service messages and outcomes lie, and whatever somebody waits for takes them along"
    )
    func patient() {
        var backlog = backlog(after: WriterBacklog.busy)
        backlog.put([message(1), outcome, message(2)])
        #expect(!backlog.isUrgent)
        #expect(backlog.hasPeers)
        backlog.put([.fetchEffects])
        #expect(backlog.isUrgent)
        #expect(backlog.take(10).count == 4)
        #expect(!backlog.isUrgent)
        #expect(!backlog.hasPeers)
    }

    @Test("In a quiet patient service nothing lies")
    func quiet() {
        for count in [1, WriterBacklog.busy - 1] {
            var backlog = backlog(after: count)
            backlog.put([message(1)])
            #expect(backlog.isUrgent)
        }
    }

    @Test("A patient service's writer is woken as soon as a batch is full")
    func crowd() {
        var backlog = backlog(after: WriterBacklog.busy)
        for sequence in 1..<UInt64(WriterBacklog.crowd) { backlog.put([message(sequence)]) }
        #expect(!backlog.isUrgent)
        backlog.put([message(UInt64(WriterBacklog.crowd))])
        #expect(backlog.isUrgent)
        // What is left of a full batch does not lie.
        #expect(backlog.take(WriterBacklog.crowd - 1).count == WriterBacklog.crowd - 1)
        #expect(backlog.isUrgent)
    }
}
