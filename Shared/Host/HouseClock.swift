import Glibc
import Kernel
import Synchronization

/// A process's only clock: the machine's, or in development one that stands still until it is moved.
public final class HouseClock: Sendable {
    /// Where a settable clock stands; of no meaning for the machine's.
    private let stands: Mutex<Instant>
    public let isSettable: Bool
    private let file: String?

    /// The machine's clock.
    public init() {
        stands = Mutex(.none)
        isSettable = false
        file = nil
    }

    /// A clock that stands at `start`, or where `file` says that it stood last, until it is moved.
    public init(start: Instant, file: String?) {
        let remembered = file.flatMap { try? readText($0) }.flatMap { Instant(iso8601: $0) }
        stands = Mutex(max(start, remembered ?? start))
        isSettable = true
        self.file = file
    }

    public var now: Instant {
        isSettable ? stands.withLock { $0 } : HouseClock.machineNow
    }

    /// Moves a settable clock forward; an earlier time changes nothing.
    public func move(to instant: Instant) {
        guard isSettable else { return }
        stands.withLock { stands in
            guard instant > stands else { return }
            stands = instant
            if let file { try? writeText(instant.iso8601, to: file) }
        }
    }

    /// The machine's wall clock.
    public static var machineNow: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// The machine's monotonic clock, in nanoseconds.
    public static var monotonicNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
