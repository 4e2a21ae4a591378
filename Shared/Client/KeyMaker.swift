import Kernel
import Wire

/// Makes idempotency keys that rise with the house's time, so that the tables that they key stay in order.
///
/// The house's clock may stand still (in development); machine time since it was last told is added, so that
/// it is never far behind a clock that runs. Keys made in one microsecond differ by their lower half.
struct KeyMaker {
    private var told = Instant.none
    private var toldAt: UInt64 = 0
    private var low: UInt64

    /// - Parameter seed: unforeseeable, so that two connections of one party never make the same key.
    init(seed: UInt64) { low = seed }

    /// The house told its time.
    mutating func learn(_ now: Instant, monotonic: UInt64) {
        guard now > houseTime(monotonic) || told.microseconds == 0 else { return }
        told = now
        toldAt = monotonic
    }

    /// The house told its time in greeting, which is to be believed also where it is behind.
    mutating func reset(_ now: Instant, monotonic: UInt64) {
        told = now
        toldAt = monotonic
    }

    func houseTime(_ monotonic: UInt64) -> Instant {
        told + Duration64(microseconds: Int64((monotonic - toldAt) / 1_000))
    }

    mutating func next(_ monotonic: UInt64) -> IdempotencyKey {
        low &+= 1
        return IdempotencyKey(high: UInt64(max(0, houseTime(monotonic).microseconds)), low: low)
    }
}
