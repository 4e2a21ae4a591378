import Kernel
import Wire

/// What may be paid in for callers of a profile, for a page on which they do so themselves (E14). No account is needed.
public struct GetTopUpOffer: Query {
    public typealias Answer = CallerTopUpOffer
    public static let code: UInt16 = 0x021d
    public static let audience = Audience.anyone
    public var profile = BillingProfileID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
    }
}

/// Answers ``GetTopUpOffer``: what a site shows everybody anyhow.
public struct CallerTopUpOffer: AnswerMessage {
    public static let code: UInt16 = 0x025a
    public var profile = BillingProfileID.none
    /// As callers know the service: the profile's name.
    public var name = ""
    /// The marketplace's.
    public var language = Language.german
    public var currency = Currency.eur
    /// Where numbers without a country code are at home (ISO 3166-1).
    public var country = ""
    /// Rising by amount.
    public var topUps: [OfferedTopUp] = []
    /// Those of the installed payment provider, as ``TopUpCaller`` takes them.
    public var methods: [String] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("profile", &profile)
        try visit.field("name", &name, .limit(80))
        try visit.field("language", &language)
        try visit.field("currency", &currency)
        try visit.field("country", &country, .limit(2))
        try visit.field("topUps", &topUps, .limit(32))
        try visit.field("methods", &methods, .limit(16))
    }
}

/// How far a caller's top-up is, for whoever began it and has its receipt (E14).
///
/// Refused as `notFound` for every other text.
public struct GetCallerTopUp: Query {
    public typealias Answer = CallerTopUpView
    public static let code: UInt16 = 0x021e
    public static let audience = Audience.anyone
    /// From ``CallerTopUpStarted``.
    public var receipt = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("receipt", &receipt, .secret(32))
    }
}

/// Answers ``GetCallerTopUp``. It tells nothing of the number and its balance.
public struct CallerTopUpView: AnswerMessage {
    public static let code: UInt16 = 0x025b
    public var payment = PaymentID.none
    public var profile = BillingProfileID.none
    public var amount = Money.zero
    public var bonus = Money.zero
    public var state = PaymentState.started
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("profile", &profile)
        try visit.field("amount", &amount)
        try visit.field("bonus", &bonus)
        try visit.field("state", &state)
    }
}

extension Catalogue {
    /// The wallet's messages for pages on which callers pay in.
    static let topUpPages: [any Message.Type] = [
        GetTopUpOffer.self, CallerTopUpOffer.self, GetCallerTopUp.self, CallerTopUpView.self,
    ]
}
