import Kernel
import Wire

/// A provider registers a telephone switch: a party that reports calls to the provider's lines and can do nothing else.
/// For preliminary calls an operator does so: prospects' numbers are no provider's.
///
/// Refused as `wrongState` where the marketplace has no prepaid lines, or for operators no preliminary calls, as
/// `emailTaken` like any registration.
public struct RegisterSwitch: Command {
    public typealias Answer = PartyRegistered
    public static let code: UInt16 = 0x0330
    public static let audience = Audience.parties([.seller, .operator_])
    /// With which the switch signs in; nothing is ever mailed there.
    public var email = PersonalText()
    public var name = PersonalText()
    public var password = ""
    /// Where the switch will act; a provider's own, whatever it says.
    public var marketplace = MarketplaceID.none
    /// The rest is filled by the service; a client's content is overwritten.
    public var credential = PersonalText()
    public var blindEmail = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(200))
        try visit.field("password", &password, .secret(200))
        try visit.field("marketplace", &marketplace)
        try visit.field("credential", &credential, .personal(200))
        try visit.field("blindEmail", &blindEmail, .limit(32))
    }
}

/// A provider asks under which id the house knows a number that has called it or has a balance with it (E9).
public struct FindCaller: Query {
    public typealias Answer = CallerKnown
    public static let code: UInt16 = 0x0331
    public static let audience = Audience.parties(.seller)
    public var number = PersonalText()
    /// Where a number without country code is at home (ISO 3166-1).
    public var country = "DE"
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("number", &number, .personal(40))
        try visit.field("country", &country, .limit(2))
    }
}

/// Under which id the vault knows a number that calls a provider, or from which a buyer calls: asked with every call
/// and activation.
public struct RecogniseCaller: Query {
    public typealias Answer = CallerKnown
    public static let code: UInt16 = 0x0332
    public static let audience = Audience.services([.wallet, .auction])
    public var provider = PartyID.none
    public var number = PersonalText()
    public var country = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("provider", &provider)
        try visit.field("number", &number, .personal(40))
        try visit.field("country", &country, .limit(2))
    }
}

/// Seals a number that a provider has not met yet, or from which a buyer calls (D1). One that was met keeps its id.
public struct AdmitCaller: Command {
    public typealias Answer = CallerKnown
    public static let code: UInt16 = 0x0333
    public static let audience = Audience.services([.wallet, .auction])
    public var provider = PartyID.none
    public var number = PersonalText()
    public var country = ""
    /// Filled by the vault.
    public var blindNumber = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("provider", &provider)
        try visit.field("number", &number, .personal(40))
        try visit.field("country", &country, .limit(2))
        try visit.field("blindNumber", &blindNumber, .limit(32))
    }
}

/// The id of a number; the same provider meets the same number under the same id.
public struct CallerKnown: AnswerMessage {
    public static let code: UInt16 = 0x0358
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("caller", &caller)
    }
}

/// A provider, or an operator, has a caller's number forgotten (F5). Whoever calls from it again is somebody new; what
/// was on its balance stays in the books under its id, and can be used by nobody.
public struct EraseCaller: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x033a
    public static let audience = Audience.parties([.seller, .operator_])
    public var caller = CallerID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("caller", &caller)
    }
}

extension Catalogue {
    /// The vault's messages about switches and callers.
    static let callers: [any Message.Type] = [
        RegisterSwitch.self, FindCaller.self, RecogniseCaller.self, AdmitCaller.self, CallerKnown.self,
        EraseCaller.self, FindSimilarCallers.self, SimilarCallers.self,
    ]
}
