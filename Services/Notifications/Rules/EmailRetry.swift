import Kernel
import Messages

/// When an e-mail that failed is tried again (F6).
public enum EmailRetry {
    /// Attempts in all, over about ten hours; then the e-mail counts as failed.
    public static let attempts: UInt16 = 12
    static let first = Duration64.seconds(20)
    static let longest = Duration64.hours(2)

    /// How long to wait after the attempt with this number (from 1); nothing after the last.
    ///
    /// The wait doubles each time. Up to half of it again is added as jitter, so that e-mails that failed
    /// together do not come back together; drawn from the e-mail's number, so that a replay waits the same.
    public static func wait(after attempt: UInt16, of item: InboxItemID) -> Duration64? {
        guard attempt >= 1, attempt < attempts else { return nil }
        let doubled = first.microseconds << Int64(min(attempt - 1, 20))
        let wait = min(doubled, longest.microseconds)
        var chance = Chance(seed: item.raw &+ UInt64(attempt) &* 0x9e37_79b9_7f4a_7c15)
        return Duration64(microseconds: wait + Int64(chance.below(Int(wait / 2))))
    }
}
