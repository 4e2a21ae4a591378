import Kernel
import Wire

/// From what kind of line a call comes, as far as its price goes (E6).
public enum LineType: UInt8, WireEnum {
    case landline = 1
    case mobile = 2
    /// From abroad, from the internet, or unknown.
    case other = 3
}

/// Whether a call is put through, and if not, why.
public enum CallVerdict: UInt8, WireEnum {
    case putThrough = 1
    /// The number has no balance with this profile.
    case noBalance = 2
    /// The balance does not cover the least that a call needs.
    case tooLittle = 3
    /// A charge-back left a debt (E1).
    case inDebt = 4
    /// Somebody else than the buyer calls a proxy number, such as the prospect back: it hears an announcement (D1).
    case callBack = 5
    /// The proxy number is attached to nothing any more: the caller hears an announcement (D1).
    case detached = 6
}

/// What a switch says of a call in progress.
public enum CallReport: UInt8, WireEnum {
    /// The tariff announcement is over.
    case announced = 1
    case answeredByPerson = 2
    /// Also of a person that turned out to be one.
    case answeredByVoicemail = 3
    /// The call goes on.
    case progress = 4
    /// The call goes on and needs more money set aside.
    case extend = 5
}

/// How a call ended, or has not yet.
public enum CallStage: UInt8, WireEnum {
    case inProgress = 1
    case hungUp = 2
    /// The switch could not put it through.
    case notPutThrough = 3
    /// The switch fell silent: ended at the last moment that it confirmed.
    case lost = 4
    /// It never began, by its ``CallVerdict``.
    case turnedAway = 5
    /// The house ended it, by its ``DetachReason``; the switch was told so (D5-D7).
    case endedByHouse = 6
}

/// A switch asks what to do with a call that has arrived at a service line (E1, E3, E7) or at a proxy number (D1, D2). A
/// call that is turned away is recorded too.
///
/// Refused as `notFound` for a number that is neither a line of the switch's provider nor a proxy number of the switch's
/// marketplace that was ever leased, as `invalidText` where no number came with a call to a line, as `wrongState` for a
/// call that the switch named before, and while no tariff is set.
public struct CallArrived: Command {
    public typealias Answer = CallRouted
    public static let code: UInt16 = 0x0219
    public static let audience = Audience.parties(.telephoneSwitch)
    /// The switch's own name for the call, good once.
    public var switchCall: UInt64 = 0
    /// The service line that was dialled, in digits.
    public var called = ""
    /// What the caller presents; empty where it is withheld.
    public var presented = PersonalText()
    /// What the network says; asked where nothing is presented (E10).
    public var networkProvided = PersonalText()
    public var line = LineType.landline
    /// By the switch's clock, as all instants of the call.
    public var at = Instant.none
    /// The rest is filled by the service; a client's content is overwritten.
    public var caller = CallerID.none
    public var withheld = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("switchCall", &switchCall)
        try visit.field("called", &called, .limit(15))
        try visit.field("presented", &presented, .personal(40))
        try visit.field("networkProvided", &networkProvided, .personal(40))
        try visit.field("line", &line)
        try visit.field("at", &at)
        try visit.field("caller", &caller)
        try visit.field("withheld", &withheld)
    }
}

/// What a switch does with a call.
public struct CallRouted: AnswerMessage {
    public static let code: UInt16 = 0x0256
    public var call = CallID.none
    public var profile = BillingProfileID.none
    public var caller = CallerID.none
    public var verdict = CallVerdict.putThrough
    /// Where the call goes; empty where it is turned away, and for a preliminary call: ``RouteCall`` tells.
    public var target = ""
    /// Whose preliminary call it is (D1).
    public var activation = OrderID.none
    public var tariffVersion: UInt32 = 0
    /// Thousandths of a minor unit per minute, for this caller's line.
    public var perMinute: Int64 = 0
    /// What the longest call under this tariff costs.
    public var maximumCost = Money.zero
    /// Set aside so far.
    public var reserved = Money.zero
    /// How long the call may last on it, from where charging counts: the switch hangs up then, unless it extends.
    public var longest = Duration64.zero
    /// What the caller hears at the start (E3): whole minutes that all the free balance lasts for.
    public var minutesLeft: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("profile", &profile)
        try visit.field("caller", &caller)
        try visit.field("verdict", &verdict)
        try visit.field("target", &target, .limit(40))
        try visit.field("activation", &activation)
        try visit.field("tariffVersion", &tariffVersion)
        try visit.field("perMinute", &perMinute)
        try visit.field("maximumCost", &maximumCost)
        try visit.field("reserved", &reserved)
        try visit.field("longest", &longest)
        try visit.field("minutesLeft", &minutesLeft)
    }
}

/// A switch tells how a call goes on, or has more money set aside for it.
///
/// The same report twice changes nothing. Refused as `invalidValue`: a moment before what was reported last, or more
/// than a day after the beginning; as `wrongState`: what contradicts an earlier report, and any after the end.
public struct ReportCall: Command {
    public typealias Answer = CallStanding
    public static let code: UInt16 = 0x021a
    public static let audience = Audience.parties(.telephoneSwitch)
    public var call = CallID.none
    public var report = CallReport.progress
    public var at = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("report", &report)
        try visit.field("at", &at)
    }
}

/// How a call in progress stands.
public struct CallStanding: AnswerMessage {
    public static let code: UInt16 = 0x0257
    public var call = CallID.none
    public var reserved = Money.zero
    /// How long the call may last on the reserve, from ``countedFrom``.
    public var longest = Duration64.zero
    /// From when on the length counts (E4); absent before.
    public var countedFrom: Instant?
    /// When all the money ends, what is free and not yet set aside included; other calls may use that first.
    public var moneyEndsAt: Instant?
    /// When caller and agent are to hear that two minutes are left (E3).
    public var warnAt: Instant?
    /// Of ``CallReport/extend``: nothing more could be set aside, and the call ends at ``longest`` unless money comes. The
    /// word of the switch counts all the same.
    public var exhausted = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("reserved", &reserved)
        try visit.field("longest", &longest)
        try visit.field("countedFrom", &countedFrom)
        try visit.field("moneyEndsAt", &moneyEndsAt)
        try visit.field("warnAt", &warnAt)
        try visit.field("exhausted", &exhausted)
    }
}

/// A switch says that a call has ended. A second end is refused as `wrongState`; that of a call which the house ended
/// changes nothing.
public struct EndCall: Command {
    public typealias Answer = CallEnded
    public static let code: UInt16 = 0x021b
    public static let audience = Audience.parties(.telephoneSwitch)
    public var call = CallID.none
    public var at = Instant.none
    /// Nothing is owed for a call that could not be put through.
    public var putThrough = true
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("at", &at)
        try visit.field("putThrough", &putThrough)
    }
}

/// What a call cost.
public struct CallEnded: AnswerMessage {
    public static let code: UInt16 = 0x0258
    public var record = CallRecord()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("record", &record)
    }
}

/// A call as its provider sees it, or the buyer whose preliminary call it is.
public struct CallRecord: Record {
    public var call = CallID.none
    public var profile = BillingProfileID.none
    /// Of a preliminary call (D). Such a call has no profile, and ``connectFee`` is the attempt's.
    public var activation = OrderID.none
    public var caller = CallerID.none
    /// Whether the caller withheld its number.
    public var withheld = false
    public var called = ""
    public var line = LineType.landline
    public var verdict = CallVerdict.putThrough
    public var stage = CallStage.inProgress
    public var tariffVersion: UInt32 = 0
    public var beganAt = Instant.none
    public var answeredAt: Instant?
    /// Of a lost call: the last moment that the switch confirmed.
    public var endedAt: Instant?
    /// The charged length, and what the call lasted beyond its reserve, which nobody pays.
    public var length = Duration64.zero
    public var overrun = Duration64.zero
    /// All increments together, in seconds.
    public var billedSeconds: UInt32 = 0
    public var connectFee = Money.zero
    public var usage = Money.zero
    public var charge = Money.zero
    /// What of the charge was taken from bonus money (E2).
    public var fromBonus = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
        try visit.field("profile", &profile)
        try visit.field("activation", &activation)
        try visit.field("caller", &caller)
        try visit.field("withheld", &withheld)
        try visit.field("called", &called, .limit(15))
        try visit.field("line", &line)
        try visit.field("verdict", &verdict)
        try visit.field("stage", &stage)
        try visit.field("tariffVersion", &tariffVersion)
        try visit.field("beganAt", &beganAt)
        try visit.field("answeredAt", &answeredAt)
        try visit.field("endedAt", &endedAt)
        try visit.field("length", &length)
        try visit.field("overrun", &overrun)
        try visit.field("billedSeconds", &billedSeconds)
        try visit.field("connectFee", &connectFee)
        try visit.field("usage", &usage)
        try visit.field("charge", &charge)
        try visit.field("fromBonus", &fromBonus)
    }
}

/// The calls of a profile, newest first: all, or one caller's (E9).
public struct ListCalls: Query {
    public typealias Answer = CallPage
    public static let code: UInt16 = 0x021c
    public static let audience = Audience.parties([.seller, .operator_])
    public var profile = BillingProfileID.none
    /// None: every caller.
    public var caller = CallerID.none
    /// The last call seen; none: from the newest.
    public var after = CallID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("caller", &caller)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// Answers ``ListCalls``.
public struct CallPage: AnswerMessage {
    public static let code: UInt16 = 0x0259
    public var calls: [CallRecord] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("calls", &calls, .limit(100))
        try visit.field("more", &more)
    }
}

/// A provider, or an operator for a marketplace with proxy numbers, has a telephone switch.
public struct SwitchRegistered: PeerMessage {
    public static let code: UInt16 = 0x0289
    public static let audience = Audience.services([.contactVault])
    public var telephoneSwitch = PartyID.none
    public var provider = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("telephoneSwitch", &telephoneSwitch)
        try visit.field("provider", &provider)
    }
}

/// Timer: the switch has said nothing of a call for too long.
public struct CallFallsSilent: InternalMessage {
    public static let code: UInt16 = 0x02c7
    public var call = CallID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
    }
}

/// Timer: a call's money is about to end (E3).
public struct CallNearsItsEnd: InternalMessage {
    public static let code: UInt16 = 0x02c8
    public var call = CallID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
    }
}
