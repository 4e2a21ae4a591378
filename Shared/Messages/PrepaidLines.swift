import Kernel
import Wire

/// From when on a call's time is charged (E4).
public enum ChargingMoment: UInt8, WireEnum {
    /// The end of the tariff announcement.
    case announcement = 1
    /// A person answers.
    case conversation = 2
}

/// An amount that callers may pay in, and the bonus that comes with it (E2). Minor units.
public struct OfferedTopUp: Record, Hashable {
    /// Above zero.
    public var amount: Int64 = 0
    /// 0 for none.
    public var bonus: Int64 = 0
    public init() {}
    public init(amount: Int64, bonus: Int64) {
        self.amount = amount
        self.bonus = bonus
    }
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("amount", &amount)
        try visit.field("bonus", &bonus)
    }
}

/// A number of the provider's own that callers dial, the site that shows it, and where its calls go.
public struct ServiceLine: Record, Hashable {
    /// 3 to 15 digits: international without the plus, or short. One profile has it at a time.
    public var number = ""
    /// The site on which it stands; several may share a profile (E12).
    public var site = ""
    /// What the provider's switch calls the agents' queue or extension; letters, digits, dots and dashes.
    public var target = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("number", &number, .limit(15))
        try visit.field("site", &site, .limit(80))
        try visit.field("target", &target, .limit(40))
    }
}

/// Prices of a call by the caller's line (E6).
public struct CallPrices: Record, Hashable {
    /// Owed with the first increment, in minor units.
    public var connectFee: Int64 = 0
    /// Thousandths of a minor unit per minute.
    public var landline: Int64 = 0
    public var mobile: Int64 = 0
    public var other: Int64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("connectFee", &connectFee)
        try visit.field("landline", &landline)
        try visit.field("mobile", &mobile)
        try visit.field("other", &other)
    }
}

/// What first-time callers get, for some time from their first charged call on (E7).
public struct FirstCallerOffer: Record, Hashable {
    /// Above zero, at most ten years.
    public var period = Duration64.days(30)
    /// So many seconds free over all calls of the period; where there are ``prices``, 0.
    public var freeSeconds: UInt32 = 0
    /// Other prices; absent: the tariff's own.
    public var prices: CallPrices?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("period", &period)
        try visit.field("freeSeconds", &freeSeconds)
        try visit.field("prices", &prices)
    }
}

/// What a call costs under one version of a profile's tariff (E4-E7).
public struct TariffTerms: Record, Hashable {
    public var prices = CallPrices()
    /// Seconds, 1 to 3,600: the first step and each further one, charged in full once begun (E5).
    public var firstIncrement: UInt32 = 60
    public var nextIncrement: UInt32 = 60
    public var start = ChargingMoment.conversation
    /// 0, 10, 20 or 30 seconds later still (E4).
    public var startDelay: UInt8 = 0
    /// Seconds, 60 to 43,200, from where charging counts.
    public var longestCall: UInt32 = 14_400
    public var firstCallers: FirstCallerOffer?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("prices", &prices)
        try visit.field("firstIncrement", &firstIncrement)
        try visit.field("nextIncrement", &nextIncrement)
        try visit.field("start", &start)
        try visit.field("startDelay", &startDelay)
        try visit.field("longestCall", &longestCall)
        try visit.field("firstCallers", &firstCallers)
    }
}

/// A provider opens a billing profile or changes one of its own (E2, E12). What callers have paid in stays theirs.
///
/// Refused as `wrongState` where the marketplace has no prepaid lines, or another profile has one of the numbers;
/// calls in progress keep the target and tariff that they began with.
public struct SetBillingProfile: Command {
    public typealias Answer = BillingProfileView
    public static let code: UInt16 = 0x0210
    public static let audience = Audience.parties(.seller)
    /// None: a new one.
    public var profile = BillingProfileID.none
    public var name = ""
    /// Where callers' numbers without a country code are at home (ISO 3166-1).
    public var country = "DE"
    /// Which of the provider's caller lists remembers first-time callers (E7); profiles may share one.
    public var callerList: UInt32 = 1
    /// Rising by amount, 1 to 32.
    public var topUps: [OfferedTopUp] = []
    public var lines: [ServiceLine] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("name", &name, .limit(80))
        try visit.field("country", &country, .limit(2))
        try visit.field("callerList", &callerList)
        try visit.field("topUps", &topUps, .limit(32))
        try visit.field("lines", &lines, .limit(32))
    }
}

/// A provider sets the tariff of a profile of its own; calls that have begun keep theirs (E6).
public struct SetTariff: Command {
    public typealias Answer = BillingProfileView
    public static let code: UInt16 = 0x0211
    public static let audience = Audience.parties(.seller)
    public var profile = BillingProfileID.none
    public var terms = TariffTerms()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("terms", &terms)
    }
}

/// The acting provider's billing profiles, oldest first; operators name a provider.
public struct ListBillingProfiles: Query {
    public typealias Answer = BillingProfilePage
    public static let code: UInt16 = 0x0212
    public static let audience = Audience.parties([.seller, .operator_])
    /// Operators name a party; none: the acting party.
    public var provider = PartyID.none
    /// The last profile seen; none: from the oldest.
    public var after = BillingProfileID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("provider", &provider)
        try visit.field("after", &after)
    }
}

/// A billing profile as its provider sees it.
public struct BillingProfileView: AnswerMessage {
    public static let code: UInt16 = 0x0250
    public var profile = BillingProfile()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
    }
}

/// A billing profile with its settings.
public struct BillingProfile: Record {
    public var profile = BillingProfileID.none
    public var provider = PartyID.none
    public var name = ""
    public var country = ""
    public var callerList: UInt32 = 0
    public var topUps: [OfferedTopUp] = []
    public var lines: [ServiceLine] = []
    /// 0: none was set yet, and no call can begin.
    public var tariffVersion: UInt32 = 0
    public var terms: TariffTerms?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("provider", &provider)
        try visit.field("name", &name, .limit(80))
        try visit.field("country", &country, .limit(2))
        try visit.field("callerList", &callerList)
        try visit.field("topUps", &topUps, .limit(32))
        try visit.field("lines", &lines, .limit(32))
        try visit.field("tariffVersion", &tariffVersion)
        try visit.field("terms", &terms)
    }
}

/// Answers ``ListBillingProfiles``: up to 20.
public struct BillingProfilePage: AnswerMessage {
    public static let code: UInt16 = 0x0251
    public var profiles: [BillingProfile] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profiles", &profiles, .limit(20))
        try visit.field("more", &more)
    }
}

/// Somebody pays into the balance of a caller's number, at once and also while it speaks (E1). No account is needed.
///
/// Refused as `amountOutOfRange` unless the provider offers this very amount. The answer tells nothing of the number.
public struct TopUpCaller: Command {
    public typealias Answer = CallerTopUpStarted
    public static let code: UInt16 = 0x0213
    public static let audience = Audience.anyone
    public var profile = BillingProfileID.none
    /// The number from which the balance will be used.
    public var number = PersonalText()
    public var amount = Money.zero
    /// A method of the installed payment provider, as for ``TopUp``.
    public var method = "sandbox"
    /// The rest is filled by the service; a client's content is overwritten.
    public var caller = CallerID.none
    public var receipt = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("number", &number, .personal(40))
        try visit.field("amount", &amount)
        try visit.field("method", &method, .limit(32))
        try visit.field("caller", &caller)
        try visit.field("receipt", &receipt, .secret(32))
    }
}

/// The caller's top-up is on its way to the provider.
public struct CallerTopUpStarted: AnswerMessage {
    public static let code: UInt16 = 0x0252
    public var payment = PaymentID.none
    /// What comes with it once it is paid (E2).
    public var bonus = Money.zero
    /// Shows whoever has it how far the top-up is, by ``GetCallerTopUp``: 32 hexadecimal digits that nobody can guess.
    public var receipt = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("bonus", &bonus)
        try visit.field("receipt", &receipt, .secret(32))
    }
}

/// Which way a provider moves a caller's balance (E8).
public enum BalanceChange: UInt8, WireEnum {
    /// Money that the caller paid in some other way.
    case raise = 1
    /// A present, never paid out.
    case raiseBonus = 2
    /// The price of another service: bonus first.
    case lower = 3
}

/// A provider, or another paid service of its, raises or lowers the balance of a number (E8).
public struct AdjustCaller: Command {
    public typealias Answer = CallerAdjusted
    public static let code: UInt16 = 0x0214
    public static let audience = Audience.parties(.seller)
    public var profile = BillingProfileID.none
    public var number = PersonalText()
    public var change = BalanceChange.raise
    /// Above zero.
    public var amount = Money.zero
    /// Stands with the transaction.
    public var reason = ""
    /// Filled by the service; a client's content is overwritten.
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("number", &number, .personal(40))
        try visit.field("change", &change)
        try visit.field("amount", &amount)
        try visit.field("reason", &reason, .limit(200))
        try visit.field("caller", &caller)
    }
}

/// A provider, to whose own account paid-in money goes, learned that a top-up was taken back (E1): bonus goes first,
/// what is not there is owed and blocks further calls. Once for each top-up.
public struct ChargeBackTopUp: Command {
    public typealias Answer = CallerAdjusted
    public static let code: UInt16 = 0x0215
    public static let audience = Audience.parties(.seller)
    public var payment = PaymentID.none
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// A caller's money.
public struct CallerFunds: Record, Hashable {
    public var paid = Money.zero
    /// Spent first, never paid out (E2).
    public var bonus = Money.zero
    /// Set aside for calls in progress, of either kind.
    public var reserved = Money.zero
    /// What a charge-back took and was not there.
    public var owed = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("paid", &paid)
        try visit.field("bonus", &bonus)
        try visit.field("reserved", &reserved)
        try visit.field("owed", &owed)
    }
}

/// The balance was changed.
public struct CallerAdjusted: AnswerMessage {
    public static let code: UInt16 = 0x0253
    public var entry = EntryID.none
    public var caller = CallerID.none
    public var funds = CallerFunds()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("entry", &entry)
        try visit.field("caller", &caller)
        try visit.field("funds", &funds)
    }
}

/// A caller of the provider calls from another number from now on: balance and history follow at once (E10).
///
/// Refused as `wrongState` where the new number has a balance or a history, unless `merge` says that both are the same
/// caller's, and while it is in a call.
public struct ChangeCallerNumber: Command {
    public typealias Answer = CallerView
    public static let code: UInt16 = 0x0216
    public static let audience = Audience.parties(.seller)
    public var profile = BillingProfileID.none
    public var caller = CallerID.none
    /// The new one.
    public var number = PersonalText()
    public var merge = false
    /// Filled by the service; a client's content is overwritten.
    public var target = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("caller", &caller)
        try visit.field("number", &number, .personal(40))
        try visit.field("merge", &merge)
        try visit.field("target", &target)
    }
}

/// A caller as its provider sees it (E9).
public struct GetCaller: Query {
    public typealias Answer = CallerView
    public static let code: UInt16 = 0x0217
    public static let audience = Audience.parties([.seller, .operator_])
    public var profile = BillingProfileID.none
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("caller", &caller)
    }
}

/// Answers ``GetCaller``.
public struct CallerView: AnswerMessage {
    public static let code: UInt16 = 0x0254
    public var profile = BillingProfileID.none
    public var caller = CallerID.none
    public var funds = CallerFunds()
    /// Paid top-ups, and when the last one was credited.
    public var topUps: UInt32 = 0
    public var lastTopUpAt: Instant?
    public var callsInProgress: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("caller", &caller)
        try visit.field("funds", &funds)
        try visit.field("topUps", &topUps)
        try visit.field("lastTopUpAt", &lastTopUpAt)
        try visit.field("callsInProgress", &callsInProgress)
    }
}

/// A caller's transactions in a span of time, oldest first (E9).
public struct ListCallerTransactions: Query {
    public typealias Answer = CallerTransactionPage
    public static let code: UInt16 = 0x0218
    public static let audience = Audience.parties([.seller, .operator_])
    public var profile = BillingProfileID.none
    public var caller = CallerID.none
    /// Inclusive.
    public var from = Instant.none
    /// Exclusive.
    public var to = Instant.distantFuture
    /// The last entry seen; none: from the beginning.
    public var after = EntryID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("caller", &caller)
        try visit.field("from", &from)
        try visit.field("to", &to)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One movement of a caller's money; positive: onto the balance.
public struct CallerTransaction: Record {
    public var entry = EntryID.none
    public var at = Instant.none
    public var kind = EntryKind.topUp
    public var paid = Money.zero
    public var bonus = Money.zero
    /// Negative: what is owed grew.
    public var owed = Money.zero
    /// The top-up; none for others.
    public var payment = PaymentID.none
    /// The call; none for others.
    public var call = CallID.none
    public var text = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("entry", &entry)
        try visit.field("at", &at)
        try visit.field("kind", &kind)
        try visit.field("paid", &paid)
        try visit.field("bonus", &bonus)
        try visit.field("owed", &owed)
        try visit.field("payment", &payment)
        try visit.field("call", &call)
        try visit.field("text", &text, .limit(400))
    }
}

/// Answers ``ListCallerTransactions``.
public struct CallerTransactionPage: AnswerMessage {
    public static let code: UInt16 = 0x0255
    public var transactions: [CallerTransaction] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("transactions", &transactions, .limit(100))
        try visit.field("more", &more)
    }
}

extension Catalogue {
    /// The wallet's messages about prepaid lines and their calls.
    static let prepaidLines: [any Message.Type] = [
        SetBillingProfile.self, SetTariff.self, ListBillingProfiles.self, TopUpCaller.self, AdjustCaller.self,
        ChargeBackTopUp.self, ChangeCallerNumber.self, GetCaller.self, ListCallerTransactions.self,
        BillingProfileView.self, BillingProfilePage.self, CallerTopUpStarted.self, CallerAdjusted.self,
        CallerView.self, CallerTransactionPage.self, CallArrived.self, ReportCall.self, EndCall.self,
        ListCalls.self, CallRouted.self, CallStanding.self, CallEnded.self, CallPage.self,
        SwitchRegistered.self, CallFallsSilent.self, CallNearsItsEnd.self, DiagnoseCall.self,
        CallDiagnosis.self, LineFeesFallDue.self,
    ]
}
