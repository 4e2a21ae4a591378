import Glibc

/// The machine's monotonic clock.
public enum Monotonic {
    /// Since some moment in the past that stays the same while the machine runs.
    public static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
