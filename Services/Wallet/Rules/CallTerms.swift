import Kernel
import Messages

/// What one call costs, second by second: a tariff for one caller's line, kept from the call's beginning to its end
/// (E6). Only ``Tariff/terms(for:benefit:)`` makes them, so that they are within their ranges.
///
/// A call's length is counted from the moment that ``start`` names. First runs its delay, then the caller's free
/// seconds; from then on every increment begun is charged in full. Up to that point nothing is owed, not even the
/// connect fee.
public struct CallTerms: Hashable, Sendable {
    /// The tariff's.
    public let version: UInt32
    public let currency: Currency
    /// Owed for the attempt, in minor units.
    public let attemptFee: Int64
    /// Owed with the first increment, in minor units.
    public let connectFee: Int64
    /// Thousandths of a minor unit per minute.
    public let perMinute: Int64
    public let increments: Increments
    public let start: ChargingStart
    /// What a first-time caller has left of its free seconds (E7).
    public let freeSeconds: UInt32
    public let longestCall: Duration64
}

/// What a call costs, in its parts: for its detail record.
public struct CallCharge: Hashable, Sendable {
    public let attemptFee: Money
    /// 0 where no increment began.
    public let connectFee: Money
    /// The price of the time, rounded half up to a minor unit.
    public let usage: Money
    /// The sum.
    public let total: Money
    /// All increments together, in seconds.
    public let billedSeconds: Int64
}

/// What becomes of an increment that has begun and is not over.
public enum StartedIncrement: UInt8, Sendable {
    case charged = 1
    /// The call was ended from outside (D7).
    case forgiven = 2
}

extension CallTerms {
    /// How long a call lasts before anything is charged: the start's delay and the free seconds.
    public var leadIn: Duration64 { .seconds(Int64(start.delay.rawValue) + Int64(freeSeconds)) }

    /// What a call of this length costs.
    ///
    /// Refused as `invalidValue`: a negative length, and one beyond ``longestCall``.
    public func charge(
        for length: Duration64, startedIncrement: StartedIncrement = .charged
    ) -> Result<CallCharge, Refusal> {
        guard length >= .zero, length <= longestCall else {
            return .failure(
                Refusal(
                    .invalidValue, expected: "a length of 0 to \(longestCall.microseconds) µs",
                    found: "\(length.microseconds) µs"))
        }
        return .success(charge(within: length, startedIncrement))
    }

    /// What a piece of a call costs: the pieces of a call, however it is cut, cost together what it costs whole.
    ///
    /// The attempt fee belongs to no piece. Refused as `invalidValue`: a piece that ends before it begins, and
    /// what ``charge(for:startedIncrement:)`` refuses.
    public func charge(from begin: Duration64, to end: Duration64) -> Result<Money, Refusal> {
        guard begin <= end else {
            return .failure(
                Refusal(
                    .invalidValue, expected: "an end from \(begin.microseconds) µs on",
                    found: "\(end.microseconds) µs"))
        }
        return charge(for: begin).flatMap { before in
            charge(for: end).map { Money($0.total.minor - before.total.minor, currency) }
        }
    }

    /// The longest call that costs at most this amount; nothing if it does not cover the attempt fee or is in
    /// another currency.
    public func longest(for amount: Money) -> Duration64? {
        guard amount.currency == currency, amount.minor >= attemptFee else { return nil }
        let time = Int128(amount.minor) - Int128(attemptFee) - Int128(connectFee)
        if time < 0 { return min(leadIn, longestCall) }
        if perMinute == 0 { return longestCall }
        // Half a minor unit is rounded up: the price in thousandths stays below `time` and a half.
        let seconds = ((time + 1) * Self.sixtyThousand - Self.sixtyThousand / 2 - 1) / Int128(perMinute)
        let first = Int128(increments.first)
        if seconds < first { return min(leadIn, longestCall) }
        let whole = first + (seconds - first) / Int128(increments.next) * Int128(increments.next)
        let limit = Int128(longestCall.microseconds)
        let length = Int128(leadIn.microseconds) + whole * 1_000_000
        return Duration64(microseconds: Int64(min(length, limit)))
    }

    /// The whole minutes that this amount lasts for, as the caller hears them at the start (E3).
    public func minutes(for amount: Money) -> Int64 {
        (longest(for: amount)?.microseconds ?? 0) / 60_000_000
    }

    /// What the longest call costs.
    public var maximumCost: Money { charge(within: longestCall, .charged).total }

    /// What a call costs at most whose charged part is no longer than this: the reserve that it needs (D2).
    ///
    /// Refused as `invalidValue`: a negative length.
    public func cost(ofCharged length: Duration64) -> Result<Money, Refusal> {
        guard length >= .zero else {
            return .failure(
                Refusal(.invalidValue, expected: "a length from 0 on", found: "\(length.microseconds) µs"))
        }
        let whole = min(length, longestCall).microseconds + leadIn.microseconds
        return .success(charge(within: min(Duration64(microseconds: whole), longestCall), .charged).total)
    }

    /// The free seconds that a call of this length has used, each begun one in full.
    public func freeSecondsUsed(by length: Duration64) -> UInt32 {
        let delayed = length.microseconds - Int64(start.delay.rawValue) * 1_000_000
        guard delayed > 0 else { return 0 }
        return UInt32(min(Int64(freeSeconds), (delayed - 1) / 1_000_000 + 1))
    }

    /// Thousandths a minor unit times seconds a minute.
    private static let sixtyThousand: Int128 = 60_000

    /// For a length within the range.
    private func charge(within length: Duration64, _ startedIncrement: StartedIncrement) -> CallCharge {
        let seconds = billedSeconds(length.microseconds - leadIn.microseconds, startedIncrement)
        let exact = Int128(seconds) * Int128(perMinute)
        let usage = (exact + Self.sixtyThousand / 2) / Self.sixtyThousand
        let connect = seconds > 0 ? connectFee : 0
        // Prices have 40 bits and lengths 17, so that a sum has at most 42.
        let total = attemptFee + connect + Int64(usage)
        return CallCharge(
            attemptFee: Money(attemptFee, currency), connectFee: Money(connect, currency),
            usage: Money(Int64(usage), currency), total: Money(total, currency), billedSeconds: seconds)
    }

    private func billedSeconds(_ charged: Int64, _ startedIncrement: StartedIncrement) -> Int64 {
        guard charged > 0 else { return 0 }
        let second: Int64 = 1_000_000
        let first = Int64(increments.first)
        let next = Int64(increments.next)
        let beyond = charged - first * second
        switch startedIncrement {
        case .charged:
            return beyond <= 0 ? first : first + ((beyond - 1) / (next * second) + 1) * next
        case .forgiven:
            return beyond < 0 ? 0 : first + beyond / (next * second) * next
        }
    }
}
