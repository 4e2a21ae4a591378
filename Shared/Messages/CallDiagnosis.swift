import Kernel
import Wire

/// A provider looks into one call of its own profile: why was the caller's balance not found (E11)?
public struct DiagnoseCall: Query {
    public typealias Answer = CallDiagnosis
    public static let code: UInt16 = 0x0238
    public static let audience = Audience.parties([.seller, .operator_])
    public var call = CallID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("call", &call)
    }
}

/// A number with a balance on the profile that differs by one keystroke from the one that was seen.
public struct NearCaller: Record {
    public var caller = CallerID.none
    /// In digits, country code first; masked where the call's number is withheld.
    public var number = PersonalText()
    public var funds = CallerFunds()
    public var topUps: UInt32 = 0
    public var lastTopUpAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("caller", &caller)
        try visit.field("number", &number, .personal(40))
        try visit.field("funds", &funds)
        try visit.field("topUps", &topUps)
        try visit.field("lastTopUpAt", &lastTopUpAt)
    }
}

/// The number seen on a call beside the nearest ones that paid in (E11).
public struct CallDiagnosis: AnswerMessage {
    public static let code: UInt16 = 0x0278
    public var record = CallRecord()
    /// The call's provider: whose callers these are.
    public var provider = PartyID.none
    /// As the switch reported it, in digits, country code first; where the caller withheld it, all but the last three
    /// masked; empty once it is erased.
    public var number = PersonalText()
    /// Whether this very number has a balance on the profile.
    public var hasBalance = false
    /// In order of the callers, 16 at most.
    public var nearest: [NearCaller] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("record", &record)
        try visit.field("provider", &provider)
        try visit.field("number", &number, .personal(40))
        try visit.field("hasBalance", &hasBalance)
        try visit.field("nearest", &nearest, .limit(16))
    }
}

/// Asks for the number of a provider's caller, and which of the provider's other callers differ from it by one keystroke.
public struct FindSimilarCallers: Query {
    public typealias Answer = SimilarCallers
    public static let code: UInt16 = 0x0339
    public static let audience = Audience.services([.wallet])
    public var provider = PartyID.none
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("provider", &provider)
        try visit.field("caller", &caller)
    }
}

public struct SimilarCaller: Record {
    public var caller = CallerID.none
    public var number = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("caller", &caller)
        try visit.field("number", &number, .personal(40))
    }
}

/// Answers ``FindSimilarCallers``.
public struct SimilarCallers: AnswerMessage {
    public static let code: UInt16 = 0x0378
    public var provider = PartyID.none
    public var number = PersonalText()
    public var similar: [SimilarCaller] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("provider", &provider)
        try visit.field("number", &number, .personal(40))
        try visit.field("similar", &similar, .limit(400))
    }
}
