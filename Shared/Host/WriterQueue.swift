import Kernel
import Runtime

/// What waits for a service's writer: messages of peers first, then commands, each in order of arrival.
final class WriterQueue: @unchecked Sendable {
    private let monitor = Monitor()
    private var peers: [Incoming] = []
    private var others: [Incoming] = []
    private var peersHead = 0
    private var othersHead = 0
    private var urgent = false
    private var stopped = false

    /// How long acknowledgements, which nobody waits for, may lie before they are written, in nanoseconds.
    private static let patience: UInt64 = 20_000_000

    func put(_ items: [Incoming]) {
        monitor.withLock {
            let wasUrgent = urgent
            let wasEmpty = peersHead == peers.count
            for item in items {
                switch item {
                case .acknowledged, .peerStore: peers.append(item)
                case .peer, .outcome, .fetchOutbox, .fetchEffects:
                    peers.append(item)
                    urgent = true
                case .command, .setClock, .retryParked:
                    others.append(item)
                    urgent = true
                }
            }
            // A writer that sleeps without a deadline must learn that acknowledgements have begun to lie.
            if urgent ? !wasUrgent : wasEmpty && !items.isEmpty { monitor.signal() }
        }
    }

    /// Waits for work and takes up to `limit` items; an empty list at `deadline` (monotonic nanoseconds);
    /// nothing once stopped and empty.
    func take(_ limit: Int, deadline: UInt64?) -> [Incoming]? {
        monitor.withLock {
            while !urgent {
                if stopped { return drained(limit) }
                let now = HouseClock.monotonicNanoseconds
                if let deadline, deadline <= now { return portion(limit) }
                let idle = peersHead < peers.count ? now + WriterQueue.patience : nil
                switch (deadline, idle) {
                case (nil, nil): monitor.wait()
                case (let until?, nil): monitor.wait(until: until)
                case (nil, let until?):
                    monitor.wait(until: until)
                    if !urgent { return portion(limit) }
                case (let due?, let until?):
                    monitor.wait(until: min(due, until))
                    if !urgent { return portion(limit) }
                }
            }
            return portion(limit)
        }
    }

    func stop() {
        monitor.withLock {
            stopped = true
            monitor.broadcast()
        }
    }

    private func drained(_ limit: Int) -> [Incoming]? {
        let rest = portion(limit)
        return rest.isEmpty ? nil : rest
    }

    private func portion(_ limit: Int) -> [Incoming] {
        var taken: [Incoming] = []
        let fromPeers = min(limit, peers.count - peersHead)
        let fromOthers = min(limit - fromPeers, others.count - othersHead)
        taken.reserveCapacity(fromPeers + fromOthers)
        taken.append(contentsOf: peers[peersHead..<(peersHead + fromPeers)])
        taken.append(contentsOf: others[othersHead..<(othersHead + fromOthers)])
        peersHead += fromPeers
        othersHead += fromOthers
        WriterQueue.compact(&peers, &peersHead)
        WriterQueue.compact(&others, &othersHead)
        urgent = peersHead < peers.count || othersHead < others.count
        return taken
    }

    private static func compact(_ items: inout [Incoming], _ head: inout Int) {
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 8_192 {
            items.removeFirst(head)
            head = 0
        }
    }
}
