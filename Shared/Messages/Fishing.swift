import Kernel
import Wire

/// Where an attempt to get contact data was found (D6).
public enum FishingSource: UInt8, WireEnum {
    /// The switch, or whoever listens in for it, says so.
    case reported = 1
    /// The words of a transcript hold contact data.
    case transcript = 2
}

/// How far a strike is.
public enum StrikeState: UInt8, WireEnum {
    case stands = 1
    /// The buyer disputes it; an operator decides.
    case contested = 2
    /// An operator let it stand.
    case upheld = 3
    /// An operator took it back: it counts no more.
    case withdrawn = 4
}

/// A switch found that a buyer asks for contact data in a preliminary call (D6).
///
/// Refused as `notFound` for a call that is none of the switch's preliminary calls, as `invalidText` without words, as
/// `wrongState` for a transcript without contact data. A call has one strike: the second report answers the first.
public struct ReportFishing: Command {
    public typealias Answer = FishingRecorded
    public static let code: UInt16 = 0x0128
    public static let audience = Audience.parties(.telephoneSwitch)
    public var call = CallID.none
    /// By the switch's clock.
    public var at = Instant.none
    public var source = FishingSource.reported
    /// The evidence: what was said.
    public var words = PersonalText()
    /// Filled by the service; a client's content is overwritten.
    public var activation = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("at", &at)
        try visit.field("source", &source)
        try visit.field("words", &words, .personal(2_000))
        try visit.field("activation", &activation)
    }
}

/// Answers ``ReportFishing``.
public struct FishingRecorded: AnswerMessage {
    public static let code: UInt16 = 0x0164
    public var strike = StrikeID.none
    public var consequence = FishingConsequence.warning
    /// The buyer's strikes that count, this one included.
    public var strikes: UInt32 = 0
    public var suspended = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("strike", &strike)
        try visit.field("consequence", &consequence)
        try visit.field("strikes", &strikes)
        try visit.field("suspended", &suspended)
    }
}

/// A buyer disputes a strike, once (D6). Refused as `notFound` for others' strikes, as `invalidText` without a reason, as
/// `wrongState` for one disputed before.
public struct ContestStrike: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0129
    public static let audience = Audience.parties(.buyer)
    public var strike = StrikeID.none
    public var reason = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("strike", &strike)
        try visit.field("reason", &reason, .personal(2_000))
    }
}

/// An operator decides on a disputed strike (D6). A suspension that it led to is lifted by `ReinstateParty`.
public struct DecideStrike: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x012a
    public static let audience = Audience.operators
    public var strike = StrikeID.none
    /// Whether it goes on counting.
    public var stands = true
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("strike", &strike)
        try visit.field("stands", &stands)
    }
}

/// The acting buyer's strikes, or for operators everybody's, newest first.
public struct ListStrikes: Query {
    public typealias Answer = StrikePage
    public static let code: UInt16 = 0x012b
    public static let audience = Audience.parties([.buyer, .operator_])
    /// The last one seen; none: from the newest.
    public var after = StrikeID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// A strike with its evidence.
public struct StrikeEntry: Record {
    public var strike = StrikeID.none
    public var activation = OrderID.none
    public var listing = ListingID.none
    public var buyer = PartyID.none
    public var call = CallID.none
    public var source = FishingSource.reported
    public var consequence = FishingConsequence.warning
    public var state = StrikeState.stands
    /// By the switch's clock.
    public var saidAt = Instant.none
    public var recordedAt = Instant.none
    public var words = PersonalText()
    /// The buyer's reason, once it has disputed.
    public var contest = PersonalText()
    public var decidedAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("strike", &strike)
        try visit.field("activation", &activation)
        try visit.field("listing", &listing)
        try visit.field("buyer", &buyer)
        try visit.field("call", &call)
        try visit.field("source", &source)
        try visit.field("consequence", &consequence)
        try visit.field("state", &state)
        try visit.field("saidAt", &saidAt)
        try visit.field("recordedAt", &recordedAt)
        try visit.field("words", &words, .personal(2_000))
        try visit.field("contest", &contest, .personal(2_000))
        try visit.field("decidedAt", &decidedAt)
    }
}

/// Answers ``ListStrikes``.
public struct StrikePage: AnswerMessage {
    public static let code: UInt16 = 0x0165
    public var strikes: [StrikeEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("strikes", &strikes, .limit(100))
        try visit.field("more", &more)
    }
}
