/// Looks for the highest rate at which a goal holds: doubles until it breaks, then halves the gap.
public struct LimitSearch: Sendable {
    /// The highest rate known to hold; 0 while none is.
    public private(set) var holds = 0.0
    /// The lowest rate known to break; nothing while none is.
    public private(set) var breaks: Double?
    private var next: Double
    private var trials = 0

    /// The search ends when the gap is smaller than this part of the rate.
    private static let precision = 0.05
    private static let mostTrials = 24

    /// - Parameter start: the first rate to try, above 0.
    public init(from start: Double) { next = max(1, start) }

    /// The rate to try now; nothing when the limit is known well enough, or cannot be found.
    public var rate: Double? {
        guard trials < LimitSearch.mostTrials, next <= RateProfile.greatestRate else { return nil }
        if let breaks, breaks - holds < LimitSearch.precision * breaks { return nil }
        return next >= 1 ? next : nil
    }

    /// What the trial at ``rate`` came to.
    public mutating func tried(held: Bool) {
        trials += 1
        if held { holds = max(holds, next) } else { breaks = min(breaks ?? next, next) }
        // A goal that broke below a rate at which it held before: the machine is noisy, and the lower one counts.
        if let breaks, holds >= breaks { holds = 0 }
        if let breaks { next = holds > 0 ? (holds + breaks) / 2 : breaks / 2 } else { next *= 2 }
    }
}
