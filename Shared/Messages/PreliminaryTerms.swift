import Kernel
import Wire

/// What follows a buyer's asking for contact data in a preliminary call (D6). Each is recorded, and counts as a strike.
public enum FishingConsequence: UInt8, WireEnum {
    case warning = 1
    case callEnded = 2
    /// The proxy number is detached, and the frozen price returned.
    case activationEnded = 3
}

/// What only preliminary calls read of a policy (D), beside `callMinimum`, `callStep`, `callSilence` and `callWarning`.
public struct PreliminaryTerms: Record, Hashable {
    /// D2: what a minute of conversation costs the buyer, VAT included, in minor units.
    public var perMinute: Int64 = 4_800
    /// D3: owed for every call that was put through, answered or not, in minor units: the old flat fee. 0: none.
    public var attemptFee: Int64 = 0
    /// D3: the first and every further increment begun is charged in full, in seconds.
    public var firstIncrement: UInt16 = 60
    public var nextIncrement: UInt16 = 60
    /// No conversation is longer: a minute to twelve hours.
    public var longestCall = Duration64.hours(2)
    /// D1, D5: how long an activation holds price and proxy number.
    public var lease = Duration64.hours(24)
    /// D1: how long a proxy number rests before it is leased again.
    public var rest = Duration64.days(7)
    /// D4: whether a purchase gives back what the buyer's calls for the lead cost.
    public var creditsCalls = false
    /// D6.
    public var fishing = FishingConsequence.callEnded
    /// D6: strikes after which a buyer is suspended; 0: never.
    public var fishingStrikes: UInt8 = 3
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("perMinute", &perMinute)
        try visit.field("attemptFee", &attemptFee)
        try visit.field("firstIncrement", &firstIncrement)
        try visit.field("nextIncrement", &nextIncrement)
        try visit.field("longestCall", &longestCall)
        try visit.field("lease", &lease)
        try visit.field("rest", &rest)
        try visit.field("creditsCalls", &creditsCalls)
        try visit.field("fishing", &fishing)
        try visit.field("fishingStrikes", &fishingStrikes)
    }

    /// Nothing if every number is within its range; else what is wrong.
    var fault: String? {
        for price in [perMinute, attemptFee] where price < 0 || price > 100_000_000 {
            return "preliminary: prices of 0 to 100,000,000 minor units"
        }
        for step in [firstIncrement, nextIncrement] where !(1...3_600).contains(step) {
            return "preliminary: increments of 1 to 3,600 s"
        }
        if longestCall < .minutes(1) || longestCall > .hours(12)
            || longestCall.microseconds % 1_000_000 != 0
        {
            return "preliminary: longestCall of whole seconds, a minute to twelve hours"
        }
        for span in [lease, rest] where span <= .zero || span > .days(3_650) {
            return "durations: above zero, at most ten years"
        }
        return nil
    }
}

extension Policy {
    /// Leads at a fixed price, with a call before the purchase (D): in roubles and Russian, at Moscow's time.
    public static let preliminaryCall: Policy = {
        var policy = Policy()
        policy.mode = .preliminaryCall
        policy.currency = .rub
        policy.language = .russian
        policy.durations = [.days(7), .days(14), .days(30)]
        policy.vat = BasisPoints(2_000)
        policy.workingWeek = 0b0001_1111
        policy.zoneMinutes = 180
        policy.summerTime = false
        policy.holidays = .none
        policy.callMinimum = .minutes(10)
        policy.callStep = .minutes(5)
        return policy
    }()

    /// What is wrong with the numbers that only preliminary calls read.
    var preliminaryFault: String? {
        if callMinimum > preliminary.longestCall { return "callMinimum: not longer than longestCall" }
        return preliminary.fault
    }
}
