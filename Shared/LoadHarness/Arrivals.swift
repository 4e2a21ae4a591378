import Glibc
import Kernel

/// How arrivals follow each other at a given rate.
public enum ArrivalPattern: String, Sendable, CaseIterable {
    /// Evenly.
    case constant
    /// Independent of each other: exponential gaps, as with many people who do not know of each other.
    case poisson
    /// Tens at one moment, then a pause that makes up for them.
    case burst

    /// How many arrive together in a burst.
    static let together = 10.0
}

/// The moments at which work is offered, whatever becomes of what was offered before (open loop).
public struct Arrivals: Sendable {
    private let profile: RateProfile
    private let pattern: ArrivalPattern
    private var chance: Chance
    /// How many evenly spread arrivals have passed.
    private var count = 0.0
    private var together = 0.0

    public init(_ profile: RateProfile, _ pattern: ArrivalPattern, seed: UInt64) {
        self.profile = profile
        self.pattern = pattern
        chance = Chance(seed: seed)
    }

    /// The next arrival in nanoseconds from the beginning; nothing when the run is over.
    public mutating func next() -> UInt64? {
        let at = profile.time(of: count)
        switch pattern {
        case .constant:
            count += 1
        case .poisson:
            // Time runs in arrivals here: gaps of mean 1 become gaps of the rate that holds then.
            count += -log(chance.unit())
        case .burst:
            together += 1
            if together == ArrivalPattern.together {
                together = 0
                count += ArrivalPattern.together
            }
        }
        return at
    }
}

extension Chance {
    /// A number above 0, at most 1.
    mutating func unit() -> Double { (Double(next() >> 11) + 1) * 0x1p-53 }
}
