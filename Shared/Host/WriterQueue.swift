import Kernel
import Runtime

/// The writer's backlog between the event loop and the writer's thread.
final class WriterQueue: @unchecked Sendable {
    private let monitor = Monitor()
    private var backlog: WriterBacklog
    private var stopped = false

    init(isPatient: Bool) { backlog = WriterBacklog(isPatient: isPatient) }

    func put(_ items: [Incoming]) {
        monitor.withLock {
            let wasUrgent = backlog.isUrgent
            let wasEmpty = !backlog.hasPeers
            backlog.put(items)
            // A writer that sleeps without a deadline must learn that acknowledgements have begun to lie.
            if backlog.isUrgent ? !wasUrgent : wasEmpty && !items.isEmpty { monitor.signal() }
        }
    }

    /// Waits for work and takes up to `limit` items; an empty list at `deadline` (monotonic nanoseconds);
    /// nothing once stopped and empty.
    func take(_ limit: Int, deadline: UInt64?) -> [Incoming]? {
        monitor.withLock {
            while !backlog.isUrgent {
                if stopped { return drained(limit) }
                let now = HouseClock.monotonicNanoseconds
                if let deadline, deadline <= now { return backlog.take(limit) }
                let idle = backlog.hasPeers ? now + WriterBacklog.patience : nil
                switch (deadline, idle) {
                case (nil, nil): monitor.wait()
                case (let until?, nil): monitor.wait(until: until)
                case (nil, let until?):
                    monitor.wait(until: until)
                    if !backlog.isUrgent { return backlog.take(limit) }
                case (let due?, let until?):
                    monitor.wait(until: min(due, until))
                    if !backlog.isUrgent { return backlog.take(limit) }
                }
            }
            return backlog.take(limit)
        }
    }

    func stop() {
        monitor.withLock {
            stopped = true
            monitor.broadcast()
        }
    }

    private func drained(_ limit: Int) -> [Incoming]? {
        let rest = backlog.take(limit)
        return rest.isEmpty ? nil : rest
    }
}
