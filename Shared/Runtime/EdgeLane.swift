import Kernel
import Messages

/// Pieces of work for edges that wait for a pool's thread, in the order in which they came; confined to the front's
/// event loop.
final class EdgeLane {
    let pool: Pool
    private var waiting: [EdgeWork] = []
    private var head = 0
    private var running = 0
    private static let mostAtOnce = 2
    private static let mostOfBatch = 32

    init(pool: Pool) { self.pool = pool }

    func append(_ work: EdgeWork) { waiting.append(work) }

    /// What is to be run next; the more wait, the less each of them costs. Nothing while all threads are busy.
    func next() -> [EdgeWork]? {
        let idle = Self.mostAtOnce - running
        let count = min((waiting.count - head + idle - 1) / max(idle, 1), Self.mostOfBatch)
        guard idle > 0, count > 0 else { return nil }
        let batch = Array(waiting[head..<head + count])
        head += count
        if head == waiting.count || head > 1_024 {
            waiting.removeFirst(head)
            head = 0
        }
        running += 1
        return batch
    }

    /// A batch has come back, with work that its time did not allow.
    func ended(_ left: ArraySlice<EdgeWork>) {
        running -= 1
        if !left.isEmpty { waiting.insert(contentsOf: left, at: head) }
    }
}

/// A job of an edge, and who waits for it.
struct EdgeWork {
    enum Receiver {
        /// The writer, for a command that is complete but for its body.
        case writer(ClientCommand)
        /// A client, for an answer of this code.
        case client(ReplyAddress, code: UInt16)
    }
    var job: EdgeJob
    let receiver: Receiver
    /// Monotonic nanoseconds after which nobody waits; 0: unknown.
    let giveUpAt: UInt64
}
