import Kernel
import Messages

/// What a metered call costs: one version of a provider's tariff (D2, D3, E4-E7).
///
/// Fees are in minor units of the currency. Prices per minute are in thousandths of a minor unit, so that 1.9 ct
/// and 48.00 a minute are both exact; a call's price is rounded once, on its whole length, half up to a minor unit.
public struct Tariff: Hashable, Sendable {
    public var version: UInt32
    public var currency: Currency
    /// Owed for every call that was put through, whoever answered and even if nobody did: the flat fee of D3's old
    /// model, with prices of 0; 0 elsewhere.
    public var attemptFee: Int64
    public var rates: CallRates
    public var increments: Increments
    public var start: ChargingStart
    /// What first-time callers get (E7); nothing: what all get.
    public var firstCaller: FirstCallerTerms?
    /// The longest that a call lasts, counted from where charging counts from: a minute to twelve hours.
    public var longestCallSeconds: UInt32

    public init(
        version: UInt32, currency: Currency, attemptFee: Int64 = 0, rates: CallRates, increments: Increments,
        start: ChargingStart = ChargingStart(at: .conversation), firstCaller: FirstCallerTerms? = nil,
        longestCallSeconds: UInt32 = 4 * 3_600
    ) {
        self.version = version
        self.currency = currency
        self.attemptFee = attemptFee
        self.rates = rates
        self.increments = increments
        self.start = start
        self.firstCaller = firstCaller
        self.longestCallSeconds = longestCallSeconds
    }
}

/// Prices by line.
public struct CallRates: Hashable, Sendable {
    /// Owed with the first increment, in minor units.
    public var connectFee: Int64
    /// Thousandths of a minor unit per minute.
    public var landline: Int64
    public var mobile: Int64
    public var other: Int64

    public init(connectFee: Int64 = 0, landline: Int64, mobile: Int64, other: Int64) {
        self.connectFee = connectFee
        self.landline = landline
        self.mobile = mobile
        self.other = other
    }

    /// The same from every line.
    public init(connectFee: Int64 = 0, all: Int64) {
        self.init(connectFee: connectFee, landline: all, mobile: all, other: all)
    }

    /// Thousandths of a minor unit per minute.
    public func perMinute(from line: LineType) -> Int64 {
        switch line {
        case .landline: landline
        case .mobile: mobile
        case .other: other
        }
    }
}

/// The steps in which time is charged, in seconds, each begun step in full: 60/60, 1/1 or any other pair (E5).
public struct Increments: Hashable, Sendable {
    /// 1 to 3,600.
    public var first: UInt32
    /// 1 to 3,600.
    public var next: UInt32

    public init(first: UInt32, next: UInt32) {
        self.first = first
        self.next = next
    }

    public static let minutes = Increments(first: 60, next: 60)
    public static let seconds = Increments(first: 1, next: 1)
}

/// From when on time is charged (E4).
public struct ChargingStart: Hashable, Sendable {
    public enum Moment: UInt8, Sendable {
        /// The end of the tariff announcement.
        case announcement = 1
        /// A person answers.
        case conversation = 2
    }

    public enum Delay: UInt8, CaseIterable, Sendable {
        case none = 0
        case tenSeconds = 10
        case twentySeconds = 20
        case thirtySeconds = 30
    }

    public var moment: Moment
    /// So many seconds later still.
    public var delay: Delay

    public init(at moment: Moment, after delay: Delay = .none) {
        self.moment = moment
        self.delay = delay
    }
}

/// What first-time callers get, and for how long (E7).
public struct FirstCallerTerms: Hashable, Sendable {
    public enum Benefit: Hashable, Sendable {
        /// So many seconds free of charge, over all calls of the period together.
        case freeSeconds(UInt32)
        /// Other prices.
        case rates(CallRates)
    }

    /// From the first charged call on: above zero, at most ten years.
    public var period: Duration64
    public var benefit: Benefit

    public init(period: Duration64, benefit: Benefit) {
        self.period = period
        self.benefit = benefit
    }
}

extension Tariff {
    /// What a call costs that begins under this tariff, fixed for its whole length (E6). `benefit` is what
    /// ``FirstCaller/benefit(under:at:)`` gave.
    ///
    /// Refused: what ``refusal`` says of the tariff.
    public func terms(for line: LineType, benefit: FirstCallerTerms.Benefit? = nil) -> Result<
        CallTerms, Refusal
    > {
        if let refusal { return .failure(refusal) }
        var rates = rates
        var free: UInt32 = 0
        switch benefit {
        case nil: break
        case .freeSeconds(let seconds): free = seconds
        case .rates(let other): rates = other
        }
        if free > Self.longestCall.upperBound {
            return .failure(
                Refusal(
                    .invalidValue, expected: "up to \(Self.longestCall.upperBound) free seconds",
                    found: "\(free)"))
        }
        if let refusal = Self.refusal(of: rates) { return .failure(refusal) }
        return checked(
            CallTerms(
                version: version, currency: currency, attemptFee: attemptFee, connectFee: rates.connectFee,
                perMinute: rates.perMinute(from: line), increments: increments, start: start,
                freeSeconds: free, longestCall: .seconds(Int64(longestCallSeconds))))
    }

    /// Why no call can begin under this tariff; nothing if every number is within its range.
    ///
    /// `invalidValue` for increments, lengths, periods and the currency; `amountOutOfRange` for a price that is
    /// negative or so high that the longest call would cost more than one payment moves
    /// (``PaymentStep/greatestAmount``): no charge can overflow.
    public var refusal: Refusal? {
        if currency == .none { return Refusal(.invalidValue, expected: "a currency", found: "none") }
        for step in [increments.first, increments.next] where !(1...3_600).contains(step) {
            return Refusal(.invalidValue, expected: "increments of 1 to 3,600 s", found: "\(step) s")
        }
        if !Self.longestCall.contains(longestCallSeconds) {
            return Refusal(
                .invalidValue, expected: "a longest call of 60 to 43,200 s", found: "\(longestCallSeconds) s")
        }
        if let refusal = Self.refusal(of: attemptFee) ?? Self.refusal(of: rates) { return refusal }
        switch firstCaller?.benefit {
        case nil: break
        case .freeSeconds(let seconds) where !(1...Self.longestCall.upperBound).contains(seconds):
            return Refusal(
                .invalidValue, expected: "1 to \(Self.longestCall.upperBound) free seconds",
                found: "\(seconds)")
        case .freeSeconds: break
        case .rates(let rates):
            if let refusal = Self.refusal(of: rates) { return refusal }
        }
        if let period = firstCaller?.period, period <= .zero || period > .days(3_650) {
            return Refusal(
                .invalidValue, expected: "a period above zero, at most ten years",
                found: "\(period.microseconds) µs")
        }
        return nil
    }

    private static let longestCall: ClosedRange<UInt32> = 60...43_200

    private static func refusal(of rates: CallRates) -> Refusal? {
        for price in [rates.connectFee, rates.landline, rates.mobile, rates.other] {
            if let refusal = refusal(of: price) { return refusal }
        }
        return nil
    }

    private static func refusal(of price: Int64) -> Refusal? {
        guard !(0...PaymentStep.greatestAmount).contains(price) else { return nil }
        return Refusal(
            .amountOutOfRange, expected: "a price of 0 to \(PaymentStep.greatestAmount)", found: "\(price)")
    }

    private func checked(_ terms: CallTerms) -> Result<CallTerms, Refusal> {
        let most = terms.maximumCost
        guard most.minor <= PaymentStep.greatestAmount else {
            return .failure(
                Refusal(
                    .amountOutOfRange,
                    expected: "at most \(Money(PaymentStep.greatestAmount, currency)) for the longest call",
                    found: "\(most)"))
        }
        return .success(terms)
    }
}
