import Crypto
import Kernel

/// What kind of step an event is, for the history.
enum EventKind: UInt8 {
    case connect = 1
    case deliver
    case close
    case batch
    case publish
    case pool
    case effect
    case timer
    case house
    case process
    case fault
    case client
}

/// A step that waits for its time.
struct Event {
    let time: UInt64
    let sequence: UInt64
    let kind: EventKind
    let place: UInt32
    let body: () -> Void
}

/// The events that wait, the earliest first; of those with the same time, the first one scheduled.
struct EventQueue {
    private var heap: [Event] = []

    var count: Int { heap.count }
    var first: Event? { heap.first }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        heap[left].time != heap[right].time
            ? heap[left].time < heap[right].time : heap[left].sequence < heap[right].sequence
    }

    mutating func push(_ event: Event) {
        heap.append(event)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard isBefore(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> Event? {
        guard let least = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return least }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) {
                least = child
            }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return least
    }
}

/// Owns time and the order of all that happens.
///
/// Two clocks: the monotonic one of networks and pauses, in nanoseconds, and the house's. While anything is on
/// its way both run together. When all is at rest the house's jumps to whatever is due next, so that a quiet
/// year takes no time; pings and sweeps, which go by the monotonic clock, then wait.
final class Scheduler: @unchecked Sendable {
    private(set) var monotonic: UInt64 = 1_000_000_000
    /// The house's time where the monotonic clock stood at 0.
    private(set) var origin: Instant
    /// What is on its way: bytes, batches, work of pools, processes that start.
    private var work = EventQueue()
    /// What goes by the monotonic clock but does not keep the house's from jumping: pings, sweeps, time-outs.
    private var timers = EventQueue()
    /// What is due by the house's clock, in microseconds.
    private var house = EventQueue()
    private var sequence: UInt64 = 0
    private(set) var executed: UInt64 = 0
    /// When all was at rest for the last time, by the monotonic clock.
    private(set) var settledAt: UInt64 = 0
    private let hasher = SHA256Hasher()
    /// Called after each event, at the same time.
    var afterEach: () -> Void = {}
    /// Whether all processes are connected and no client waits, so that the house's clock may jump.
    var isSettled: () -> Bool = { true }

    init(start: Instant) {
        origin = Instant(microseconds: start.microseconds - 1_000_000)
    }

    var now: Instant { Instant(microseconds: origin.microseconds + Int64(monotonic / 1_000)) }
    /// How many events wait.
    var waiting: Int { work.count + timers.count + house.count }
    var isIdle: Bool { work.count == 0 }

    private func event(_ time: UInt64, _ kind: EventKind, _ place: UInt32, _ body: @escaping () -> Void)
        -> Event
    {
        sequence += 1
        return Event(time: time, sequence: sequence, kind: kind, place: place, body: body)
    }

    /// Something on its way.
    func after(_ nanoseconds: UInt64, _ kind: EventKind, _ place: UInt32, _ body: @escaping () -> Void) {
        work.push(event(monotonic + nanoseconds, kind, place, body))
    }

    func at(_ time: UInt64, _ kind: EventKind, _ place: UInt32, _ body: @escaping () -> Void) {
        work.push(event(max(time, monotonic), kind, place, body))
    }

    func timer(_ nanoseconds: UInt64, _ place: UInt32, _ body: @escaping () -> Void) {
        timers.push(event(monotonic + nanoseconds, .timer, place, body))
    }

    func at(house instant: Instant, _ place: UInt32, _ body: @escaping () -> Void) {
        house.push(event(UInt64(max(0, instant.microseconds)), .house, place, body))
    }

    /// The house's clock goes forward by `span` at once.
    func jump(_ span: Duration64) {
        origin = origin + span
    }

    /// Mixes what an event did into the history.
    func note(_ bytes: [UInt8]) { hasher.update(bytes) }
    func note(_ number: UInt64) { hasher.update(number) }

    /// The hash over everything that happened; the last thing asked of a scheduler.
    func history() -> [UInt8] { hasher.finish() }

    /// When the next event by the house's clock is due, on the monotonic one; it may be past.
    private var houseTime: UInt64? {
        house.first.map { first in
            let left = Int64(first.time) - origin.microseconds
            return left <= 0 ? 0 : UInt64(left) * 1_000
        }
    }

    /// Executes the next event; false if none is due up to `end`.
    func step(until end: Instant) -> Bool {
        let houseTime = self.houseTime ?? .max
        let workTime = work.first?.time ?? .max
        if work.count == 0, isSettled() {
            settledAt = monotonic
            guard let due = house.first, Int64(due.time) <= end.microseconds else { return false }
            let ahead = Instant(microseconds: Int64(due.time)) - now
            if ahead.microseconds > 0 { origin = origin + ahead }
            if let event = house.pop() { execute(event, at: monotonic) }
            return true
        }
        let timerTime = timers.first?.time ?? .max
        guard min(workTime, timerTime, houseTime) < .max else { return false }
        if houseTime <= workTime, houseTime <= timerTime {
            if let event = house.pop() { execute(event, at: max(monotonic, houseTime)) }
        } else if workTime <= timerTime {
            if let event = work.pop() { execute(event, at: event.time) }
        } else if let event = timers.pop() {
            execute(event, at: event.time)
        }
        return true
    }

    private func execute(_ event: Event, at time: UInt64) {
        monotonic = max(monotonic, time)
        executed += 1
        hasher.update(monotonic)
        hasher.update(UInt64(event.kind.rawValue) << 32 | UInt64(event.place))
        event.body()
        afterEach()
    }
}
