import Kernel
import Messages

/// A caller's line in a provider's list of first-time callers: whether it has had the benefit, and how much (E7).
///
/// A caller without a line is ``new``. A call takes all free seconds that are left when it begins and gives back
/// at its end what it has not used, so that two calls at once never use the same second.
public struct FirstCaller: Hashable, Sendable {
    /// When charging first began in one of its calls; nothing while none was charged.
    public let firstChargedAt: Instant?
    /// Free seconds used, or taken by calls in progress.
    public let freeSecondsTaken: UInt32

    public init(firstChargedAt: Instant?, freeSecondsTaken: UInt32) {
        self.firstChargedAt = firstChargedAt
        self.freeSecondsTaken = freeSecondsTaken
    }

    public static let new = FirstCaller(firstChargedAt: nil, freeSecondsTaken: 0)

    /// What a call that begins at `now` gets; nothing once the period is over, which is so at its last instant,
    /// or the free seconds are used up.
    public func benefit(under terms: FirstCallerTerms, at now: Instant) -> FirstCallerTerms.Benefit? {
        if let firstChargedAt, now >= firstChargedAt + terms.period { return nil }
        guard case .freeSeconds(let all) = terms.benefit else { return terms.benefit }
        return all > freeSecondsTaken ? .freeSeconds(all - freeSecondsTaken) : nil
    }

    /// With a call in progress under these terms.
    public func begun(_ terms: CallTerms) -> FirstCaller {
        let (sum, overflow) = freeSecondsTaken.addingReportingOverflow(terms.freeSeconds)
        return FirstCaller(firstChargedAt: firstChargedAt, freeSecondsTaken: overflow ? .max : sum)
    }

    /// Two numbers turned out to be one caller's, or one took the other's place (E10): the benefit is had once.
    public func joined(_ other: FirstCaller) -> FirstCaller {
        let (sum, overflow) = freeSecondsTaken.addingReportingOverflow(other.freeSecondsTaken)
        return FirstCaller(
            firstChargedAt: [firstChargedAt, other.firstChargedAt].compactMap(\.self).min(),
            freeSecondsTaken: overflow ? .max : sum)
    }

    /// After a call: what it has not used is given back, and the first one that was charged begins the period.
    public func settled(_ terms: CallTerms, _ settlement: CallSettlement) -> FirstCaller {
        let unused = terms.freeSeconds - min(settlement.freeSecondsUsed, terms.freeSeconds)
        let began = [firstChargedAt, settlement.chargingBegan].compactMap(\.self).min()
        return FirstCaller(
            firstChargedAt: began, freeSecondsTaken: freeSecondsTaken - min(unused, freeSecondsTaken))
    }
}
