import Kernel
import Wire

/// How a prospect wishes to be reached.
public enum ContactChannel: UInt8, WireEnum {
    case phone = 1
    case email = 2
    case post = 3
    case profile = 4
}

/// Where a sealed contact stands.
public enum ContactState: UInt8, WireEnum {
    /// Not on offer.
    case free = 1
    /// Claimed by a listing.
    case onOffer = 2
    /// Revealed to a buyer.
    case sold = 3
    /// The prospect objected (F10); erased.
    case objected = 4
    /// Erased (F5).
    case erased = 5
}

/// What a derived token is good for; each is good for nothing else (B7).
public enum LinkPurpose: UInt8, WireEnum {
    case confirmEmail = 1
    /// A prospect objects to being passed on.
    case objection = 2
    /// A prospect reads who saw its data.
    case report = 3
    /// A prospect has its data erased.
    case erasure = 4
    /// A sign-in is refreshed; given out by the sign-in only.
    case refresh = 5
    /// A prospect reviews an application.
    case review = 6
    /// A prospect takes part in an application's conversation.
    case chat = 7
}

/// What a line of the reveal log records.
public enum RevealKind: UInt8, WireEnum {
    /// A rule gave the permission.
    case granted = 1
    /// The party read the contact in its account.
    case read = 2
    /// The contact was delivered to the party.
    case delivered = 3
}

/// An operator publishes a marketplace, or the next version of its policy. What began under an older version keeps it.
public struct PublishMarketplace: Command {
    public typealias Answer = MarketplaceView
    public static let code: UInt16 = 0x0300
    public static let audience = Audience.operators
    /// Chosen by the operator, at least 1.
    public var marketplace = MarketplaceID.none
    public var name = ""
    public var policy = Policy()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("name", &name, .limit(80))
        try visit.field("policy", &policy)
    }
}

/// Asks for a marketplace's name and policy, also before sign-in.
public struct GetMarketplace: Query {
    public typealias Answer = MarketplaceView
    public static let code: UInt16 = 0x0301
    public static let audience = Audience.anyone
    public var marketplace = MarketplaceID.none
    /// 0: the version in force.
    public var version: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("version", &version)
    }
}

/// A version of a marketplace.
public struct MarketplaceView: AnswerMessage {
    public static let code: UInt16 = 0x0340
    public var marketplace = MarketplaceID.none
    public var version: UInt32 = 0
    public var name = ""
    public var policy = Policy()
    public var publishedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("version", &version)
        try visit.field("name", &name, .limit(80))
        try visit.field("policy", &policy)
        try visit.field("publishedAt", &publishedAt)
    }
}

/// Asks for all marketplaces of the installation, by number.
public struct ListMarketplaces: Query {
    public typealias Answer = MarketplacesPage
    public static let code: UInt16 = 0x0302
    public static let audience = Audience.operators
    public var after = MarketplaceID.none
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One marketplace in a list.
public struct MarketplaceSummary: Record {
    public var marketplace = MarketplaceID.none
    public var version: UInt32 = 0
    public var name = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("version", &version)
        try visit.field("name", &name, .limit(80))
    }
}

/// Answers ``ListMarketplaces``.
public struct MarketplacesPage: AnswerMessage {
    public static let code: UInt16 = 0x0341
    public var marketplaces: [MarketplaceSummary] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplaces", &marketplaces, .limit(100))
    }
}

/// Makes the first operator of a fresh installation; refused as soon as there is one.
public struct BootstrapOperator: Command {
    public typealias Answer = PartyRegistered
    public static let code: UInt16 = 0x0303
    public static let audience = Audience.services([.program])
    public var email = PersonalText()
    public var name = PersonalText()
    public var password = ""
    public var language = Language.english
    /// The rest is filled by the vault; a client's content is overwritten.
    public var credential = PersonalText()
    public var blindEmail = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(120))
        try visit.field("password", &password, .secret(200))
        try visit.field("language", &language)
        try visit.field("credential", &credential, .personal(250))
        try visit.field("blindEmail", &blindEmail, .limit(32))
    }
}

/// An operator makes another one.
public struct AppointOperator: Command {
    public typealias Answer = PartyRegistered
    public static let code: UInt16 = 0x0304
    public static let audience = Audience.operators
    public var email = PersonalText()
    public var name = PersonalText()
    public var password = ""
    public var language = Language.english
    /// The rest is filled by the vault; a client's content is overwritten.
    public var credential = PersonalText()
    public var blindEmail = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(120))
        try visit.field("password", &password, .secret(200))
        try visit.field("language", &language)
        try visit.field("credential", &credential, .personal(250))
        try visit.field("blindEmail", &blindEmail, .limit(32))
    }
}

/// Registers a seller, a buyer, or both; a link to confirm the e-mail address is sent.
public struct RegisterParty: Command {
    public typealias Answer = PartyRegistered
    public static let code: UInt16 = 0x0305
    public static let audience = Audience.anyone
    public var marketplace = MarketplaceID.none
    public var email = PersonalText()
    /// The business's name, as trading partners and data subjects are told it.
    public var name = PersonalText()
    /// 8 to 200 bytes.
    public var password = ""
    public var roles = Roles()
    public var language = Language.german
    /// The rest is filled by the vault; a client's content is overwritten.
    public var credential = PersonalText()
    public var blindEmail = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(120))
        try visit.field("password", &password, .secret(200))
        try visit.field("roles", &roles)
        try visit.field("language", &language)
        try visit.field("credential", &credential, .personal(250))
        try visit.field("blindEmail", &blindEmail, .limit(32))
    }
}

/// Answers ``RegisterParty``, ``BootstrapOperator`` and ``AppointOperator``.
public struct PartyRegistered: AnswerMessage {
    public static let code: UInt16 = 0x0342
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// Confirms the e-mail address by the link that was sent to it.
public struct ConfirmEmail: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0306
    public static let audience = Audience.anyone
    public var token = ""
    /// The rest is filled by the vault; a client's content is overwritten.
    public var party = PartyID.none
    public var generation: UInt32 = 0
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("token", &token, .secret(200))
        try visit.field("party", &party)
        try visit.field("generation", &generation)
        try visit.field("expires", &expires)
    }
}

/// Asks for another link; the older ones end.
public struct ResendConfirmation: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0307
    public static let audience = Audience.everyParty
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// An operator has verified the party: from now on it may act (A3, A5).
public struct VerifyParty: Command {
    public typealias Answer = PartyView
    public static let code: UInt16 = 0x0308
    public static let audience = Audience.operators
    public var party = PartyID.none
    /// The operator vouches for an e-mail address that is not confirmed.
    public var vouchesForEmail = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("vouchesForEmail", &vouchesForEmail)
    }
}

/// An operator suspends a party (A16): its sessions end, holds are freed, those concerned are told.
public struct SuspendParty: Command {
    public typealias Answer = PartyView
    public static let code: UInt16 = 0x0309
    public static let audience = Audience.operators
    public var party = PartyID.none
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// An operator ends a suspension.
public struct ReinstateParty: Command {
    public typealias Answer = PartyView
    public static let code: UInt16 = 0x030a
    public static let audience = Audience.operators
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// Closes a party for good and erases its data: by itself, or by an operator.
public struct CloseParty: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x030b
    public static let audience = Audience.everyParty
    /// None: the acting party. A provider may name its own telephone switch, an operator anybody.
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// Chooses the language of everything that the acting party is told (F8).
public struct UpdateLanguage: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x030c
    public static let audience = Audience.everyParty
    public var language = Language.german
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("language", &language)
    }
}

/// Asks for a party: oneself, or any for operators.
public struct GetParty: Query {
    public typealias Answer = PartyView
    public static let code: UInt16 = 0x030d
    public static let audience = Audience.everyParty
    /// None: the acting party.
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// A party, for itself and for operators.
public struct PartyView: AnswerMessage {
    public static let code: UInt16 = 0x0343
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var roles = Roles()
    public var state = PartyState.registered
    public var language = Language.german
    public var email = PersonalText()
    public var name = PersonalText()
    /// Why it is suspended.
    public var reason = ""
    public var registeredAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("roles", &roles)
        try visit.field("state", &state)
        try visit.field("language", &language)
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(120))
        try visit.field("reason", &reason, .limit(200))
        try visit.field("registeredAt", &registeredAt)
    }
}

/// Asks for a marketplace's parties, oldest first.
public struct ListParties: Query {
    public typealias Answer = PartiesPage
    public static let code: UInt16 = 0x030e
    public static let audience = Audience.operators
    /// None: of every marketplace.
    public var marketplace = MarketplaceID.none
    public var after = PartyID.none
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One party in a list.
public struct PartySummary: Record {
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var roles = Roles()
    public var state = PartyState.registered
    public var name = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("roles", &roles)
        try visit.field("state", &state)
        try visit.field("name", &name, .personal(120))
    }
}

/// Answers ``ListParties``.
public struct PartiesPage: AnswerMessage {
    public static let code: UInt16 = 0x0344
    public var parties: [PartySummary] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("parties", &parties, .limit(100))
    }
}

/// Signs in with e-mail address and password. Operators may sign in to any marketplace, or to none.
public struct SignIn: Command {
    public typealias Answer = SignedIn
    public static let code: UInt16 = 0x0310
    public static let audience = Audience.anyone
    public var marketplace = MarketplaceID.none
    public var email = ""
    public var password = ""
    /// The rest is filled by the vault; a client's content is overwritten.
    public var party = PartyID.none
    public var credential: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("email", &email, .secret(254))
        try visit.field("password", &password, .secret(200))
        try visit.field("party", &party)
        try visit.field("credential", &credential)
    }
}

/// Gives a new access token for a refresh token, which ends.
public struct RefreshSignIn: Command {
    public typealias Answer = SignedIn
    public static let code: UInt16 = 0x0311
    public static let audience = Audience.anyone
    public var refreshToken = ""
    /// The rest is filled by the vault; a client's content is overwritten.
    public var session = SessionID.none
    public var generation: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("refreshToken", &refreshToken, .secret(200))
        try visit.field("session", &session)
        try visit.field("generation", &generation)
    }
}

/// Answers ``SignIn`` and ``RefreshSignIn``. Both tokens are empty if the session has ended meanwhile.
public struct SignedIn: AnswerMessage {
    public static let code: UInt16 = 0x0345
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var roles = Roles()
    public var session = SessionID.none
    public var language = Language.german
    /// Counts the refresh tokens of the session.
    public var generation: UInt32 = 0
    /// Goes with every request until it expires.
    public var accessToken = ""
    public var accessExpires = Instant.none
    public var refreshToken = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("roles", &roles)
        try visit.field("session", &session)
        try visit.field("language", &language)
        try visit.field("generation", &generation)
        try visit.field("accessToken", &accessToken, .secret(400))
        try visit.field("accessExpires", &accessExpires)
        try visit.field("refreshToken", &refreshToken, .secret(200))
    }
}

/// Ends the acting session.
public struct SignOut: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0312
    public static let audience = Audience.everybody
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Ends all sessions of a party: of oneself, or of any for operators.
public struct RevokeSessions: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0313
    public static let audience = Audience.everyParty
    /// None: the acting party.
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// Replaces the acting party's password; its other sessions end.
public struct ChangePassword: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0314
    public static let audience = Audience.everybody
    public var current = ""
    /// 8 to 200 bytes.
    public var new = ""
    /// The rest is filled by the vault; a client's content is overwritten.
    public var credential = PersonalText()
    /// The number of the credential that `current` belongs to.
    public var replaces: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("current", &current, .secret(200))
        try visit.field("new", &new, .secret(200))
        try visit.field("credential", &credential, .personal(250))
        try visit.field("replaces", &replaces)
    }
}

/// Pushed to gateways: tokens of these sessions hold no longer.
public struct SessionsRevoked: AnswerMessage {
    public static let code: UInt16 = 0x0346
    public var revocation = Revocation()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("revocation", &revocation)
    }
}

/// The end of one session, or of all that a party had.
public struct Revocation: Record, Hashable {
    /// Rises; also higher than every session that existed then.
    public var number: UInt64 = 0
    public var party = PartyID.none
    /// None: every session of the party with a number below `number`.
    public var session = SessionID.none
    public var at = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("number", &number)
        try visit.field("party", &party)
        try visit.field("session", &session)
        try visit.field("at", &at)
    }
}

/// Asks for the revocations that a gateway has missed, oldest first.
public struct ListRevocations: Query {
    public typealias Answer = RevocationsPage
    public static let code: UInt16 = 0x0315
    public static let audience = Audience.services([.gateway])
    public var after: UInt64 = 0
    public var limit: UInt8 = 100
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// Answers ``ListRevocations``.
public struct RevocationsPage: AnswerMessage {
    public static let code: UInt16 = 0x0347
    public var revocations: [Revocation] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("revocations", &revocations, .limit(100))
    }
}

/// Asks for the key that access tokens are signed with.
public struct GetTokenKey: Query {
    public typealias Answer = TokenKey
    public static let code: UInt16 = 0x0316
    public static let audience = Audience.services([.gateway])
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Answers ``GetTokenKey``: an Ed25519 public key.
public struct TokenKey: AnswerMessage {
    public static let code: UInt16 = 0x0348
    public var publicKey = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("publicKey", &publicKey, .limit(32))
    }
}

/// Stores a new, immutable version of the acting party's billing identity; invoices name the version (A15).
public struct SetBillingIdentity: Command {
    public typealias Answer = BillingIdentitySet
    public static let code: UInt16 = 0x0317
    public static let audience = Audience.everyParty
    public var name = PersonalText()
    public var street = PersonalText()
    public var postalCode = PersonalText()
    public var city = PersonalText()
    /// ISO 3166-1, two capital letters.
    public var country = ""
    /// VAT identification number; may be empty.
    public var taxNumber = PersonalText()
    /// Filled by the vault; a client's content is overwritten.
    public var hasTaxNumber = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("name", &name, .personal(120))
        try visit.field("street", &street, .personal(120))
        try visit.field("postalCode", &postalCode, .personal(16))
        try visit.field("city", &city, .personal(80))
        try visit.field("country", &country, .limit(2))
        try visit.field("taxNumber", &taxNumber, .personal(32))
        try visit.field("hasTaxNumber", &hasTaxNumber)
    }
}

/// Answers ``SetBillingIdentity``.
public struct BillingIdentitySet: AnswerMessage {
    public static let code: UInt16 = 0x0349
    public var identity = BillingIdentityID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("identity", &identity)
    }
}

/// Asks for a billing identity: of one's own, or any for operators.
public struct GetBillingIdentity: Query {
    public typealias Answer = BillingIdentityView
    public static let code: UInt16 = 0x0318
    public static let audience = Audience.everyParty
    /// None: the acting party's newest.
    public var identity = BillingIdentityID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("identity", &identity)
    }
}

/// Asks for the billing identity that an invoice names.
public struct FetchBillingIdentity: Query {
    public typealias Answer = BillingIdentityView
    public static let code: UInt16 = 0x0319
    public static let audience = Audience.services([.wallet])
    public var identity = BillingIdentityID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("identity", &identity)
    }
}

/// A version of a billing identity.
public struct BillingIdentityView: AnswerMessage {
    public static let code: UInt16 = 0x034a
    public var identity = BillingIdentityID.none
    public var party = PartyID.none
    public var name = PersonalText()
    public var street = PersonalText()
    public var postalCode = PersonalText()
    public var city = PersonalText()
    public var country = ""
    public var taxNumber = PersonalText()
    public var setAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("identity", &identity)
        try visit.field("party", &party)
        try visit.field("name", &name, .personal(120))
        try visit.field("street", &street, .personal(120))
        try visit.field("postalCode", &postalCode, .personal(16))
        try visit.field("city", &city, .personal(80))
        try visit.field("country", &country, .limit(2))
        try visit.field("taxNumber", &taxNumber, .personal(32))
        try visit.field("setAt", &setAt)
    }
}

/// A seller hands a prospect's contact to the vault: sealed at once, readable only through a reveal (F4). Or a party
/// hands in its own, its card, which trading partners get once they have a contract with it (C1, C2).
public struct SealContact: Command {
    public typealias Answer = ContactSealed
    public static let code: UInt16 = 0x031a
    public static let audience = Audience.parties([.seller, .buyer])
    public var name = PersonalText()
    /// At least one phone number or an e-mail address is needed.
    public var phones: [PersonalText] = []
    public var email = PersonalText()
    public var address = PersonalText()
    public var profileLink = PersonalText()
    public var preferredChannel = ContactChannel.phone
    /// Where the phone numbers are at home if they do not say so: ISO 3166-1.
    public var country: String = "DE"
    /// The seller's own name for the contact.
    public var externalReference = PersonalText()
    /// When the prospect made its inquiry to this seller.
    public var inquiredAt = Instant.none
    /// Proof of that inquiry; needed after an objection (F10).
    public var inquiryProof = PersonalText()
    /// Whether it is the party's own card, with a phone number, an e-mail address and an address: it takes the place of
    /// the one before, and is never listed.
    public var own = false
    /// The rest is filled by the vault; a client's content is overwritten.
    public var blindEmail = Bytes()
    public var blindPhones: [Bytes] = []
    public var hasInquiryProof = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("name", &name, .personal(120))
        try visit.field("phones", &phones, .personal(5))
        try visit.field("email", &email, .personal(254))
        try visit.field("address", &address, .personal(300))
        try visit.field("profileLink", &profileLink, .personal(300))
        try visit.field("preferredChannel", &preferredChannel)
        try visit.field("country", &country, .limit(2))
        try visit.field("externalReference", &externalReference, .personal(100))
        try visit.field("inquiredAt", &inquiredAt)
        try visit.field("inquiryProof", &inquiryProof, .personal(1_000))
        try visit.field("own", &own)
        try visit.field("blindEmail", &blindEmail, .limit(32))
        try visit.field("blindPhones", &blindPhones, .limit(5))
        try visit.field("hasInquiryProof", &hasInquiryProof)
    }
}

/// Answers ``SealContact``.
public struct ContactSealed: AnswerMessage {
    public static let code: UInt16 = 0x034b
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
    }
}

/// Asks for the acting seller's contacts, newest first; never for what is sealed in them.
public struct ListContacts: Query {
    public typealias Answer = ContactsPage
    public static let code: UInt16 = 0x031b
    public static let audience = Audience.parties([.seller])
    /// None: from the newest on.
    public var before = ContactID.none
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("before", &before)
        try visit.field("limit", &limit)
    }
}

/// One contact in its seller's list.
public struct ContactSummary: Record {
    public var contact = ContactID.none
    public var state = ContactState.free
    public var listing = ListingID.none
    public var externalReference = PersonalText()
    public var sealedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("state", &state)
        try visit.field("listing", &listing)
        try visit.field("externalReference", &externalReference, .personal(100))
        try visit.field("sealedAt", &sealedAt)
    }
}

/// Answers ``ListContacts``.
public struct ContactsPage: AnswerMessage {
    public static let code: UInt16 = 0x034c
    public var contacts: [ContactSummary] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contacts", &contacts, .limit(100))
    }
}

/// Reads the contact that an order gave (A12); each reading is recorded (F4).
public struct ReadContact: Command {
    public typealias Answer = ContactView
    public static let code: UInt16 = 0x031c
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Opens a granted contact for a delivery to the party; recorded once per grant and purpose.
public struct OpenForDelivery: Command {
    public typealias Answer = ContactView
    public static let code: UInt16 = 0x031d
    public static let audience = Audience.services([.notifications])
    public var grant = GrantID.none
    public var purpose = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("grant", &grant)
        try visit.field("purpose", &purpose, .limit(120))
    }
}

/// A contact, opened for whoever a rule allows.
public struct ContactView: AnswerMessage {
    public static let code: UInt16 = 0x034d
    public var contact = ContactID.none
    public var order = OrderID.none
    public var grant = GrantID.none
    public var party = PartyID.none
    public var name = PersonalText()
    public var phones: [PersonalText] = []
    public var email = PersonalText()
    public var address = PersonalText()
    public var profileLink = PersonalText()
    public var preferredChannel = ContactChannel.phone
    public var grantedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("order", &order)
        try visit.field("grant", &grant)
        try visit.field("party", &party)
        try visit.field("name", &name, .personal(120))
        try visit.field("phones", &phones, .personal(5))
        try visit.field("email", &email, .personal(254))
        try visit.field("address", &address, .personal(300))
        try visit.field("profileLink", &profileLink, .personal(300))
        try visit.field("preferredChannel", &preferredChannel)
        try visit.field("grantedAt", &grantedAt)
    }
}

/// Asks where a party's e-mail goes, when one is about to be sent.
public struct FetchAddress: Query {
    public typealias Answer = PartyAddress
    public static let code: UInt16 = 0x031e
    public static let audience = Audience.services([.notifications])
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// Answers ``FetchAddress``.
public struct PartyAddress: AnswerMessage {
    public static let code: UInt16 = 0x034e
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var email = PersonalText()
    public var name = PersonalText()
    public var language = Language.german
    public var state = PartyState.registered
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(120))
        try visit.field("language", &language)
        try visit.field("state", &state)
    }
}

/// Asks for a link that an e-mail is to carry.
public struct FetchLink: Query {
    public typealias Answer = LinkIssued
    public static let code: UInt16 = 0x031f
    public static let audience = Audience.services([.notifications])
    public var purpose = LinkPurpose.confirmEmail
    /// The party that confirms its address.
    public var party = PartyID.none
    /// The contact of the prospect that the link is for.
    public var contact = ContactID.none
    /// The application that a link for review or chat is about.
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("purpose", &purpose)
        try visit.field("party", &party)
        try visit.field("contact", &contact)
        try visit.field("order", &order)
    }
}

/// Asks for a link with which a prospect acts without an account (B7). Sellers may ask for an objection link of
/// their own contacts, operators for every one of every purpose.
public struct MakeProspectLink: Query {
    public typealias Answer = LinkIssued
    public static let code: UInt16 = 0x0320
    public static let audience = Audience.parties([.seller, .operator_])
    public var contact = ContactID.none
    public var purpose = LinkPurpose.objection
    /// The application that a link for review or chat is about.
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("purpose", &purpose)
        try visit.field("order", &order)
    }
}

/// A link's token: derived when it is asked for, never stored.
public struct LinkIssued: AnswerMessage {
    public static let code: UInt16 = 0x034f
    public var purpose = LinkPurpose.confirmEmail
    public var token = ""
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("purpose", &purpose)
        try visit.field("token", &token, .secret(200))
        try visit.field("expires", &expires)
    }
}

/// A prospect objects to being passed on (F10): listings close, reveals stop, the contact is erased.
public struct ProspectObjects: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0321
    public static let audience = Audience.anyone
    public var token = ""
    /// The rest is filled by the vault; a client's content is overwritten.
    public var contact = ContactID.none
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("token", &token, .secret(200))
        try visit.field("contact", &contact)
        try visit.field("expires", &expires)
    }
}

/// An operator records a prospect's objection (F10).
public struct ObjectForProspect: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0322
    public static let audience = Audience.operators
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
    }
}

/// An operator erases a contact (F5).
public struct EraseContact: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0323
    public static let audience = Audience.operators
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
    }
}

/// A prospect has its data erased (F5), without objecting to a later inquiry.
public struct ProspectErases: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0324
    public static let audience = Audience.anyone
    public var token = ""
    /// The rest is filled by the vault; a client's content is overwritten.
    public var contact = ContactID.none
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("token", &token, .secret(200))
        try visit.field("contact", &contact)
        try visit.field("expires", &expires)
    }
}

/// A prospect asks who saw its data (F4).
public struct ReadReport: Query {
    public typealias Answer = DataSubjectReport
    public static let code: UInt16 = 0x0325
    public static let audience = Audience.anyone
    public var token = ""
    /// The number of the last entry seen.
    public var after: UInt64 = 0
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("token", &token, .secret(200))
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// An operator asks who saw a prospect's data (F4).
public struct ReportOnContact: Query {
    public typealias Answer = DataSubjectReport
    public static let code: UInt16 = 0x0326
    public static let audience = Audience.operators
    public var contact = ContactID.none
    /// The number of the last entry seen.
    public var after: UInt64 = 0
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One line of the report: who, what, when, why.
public struct RevealEntry: Record {
    /// The line's number in the reveal log.
    public var number: UInt64 = 0
    public var kind = RevealKind.granted
    public var party = PartyID.none
    public var partyName = PersonalText()
    public var order = OrderID.none
    /// The fields that were shown.
    public var fields = ""
    /// The rule and the reason.
    public var purpose = ""
    public var at = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("number", &number)
        try visit.field("kind", &kind)
        try visit.field("party", &party)
        try visit.field("partyName", &partyName, .personal(120))
        try visit.field("order", &order)
        try visit.field("fields", &fields, .limit(120))
        try visit.field("purpose", &purpose)
        try visit.field("at", &at)
    }
}

/// Answers ``ReadReport`` and ``ReportOnContact``.
public struct DataSubjectReport: AnswerMessage {
    public static let code: UInt16 = 0x0350
    public var contact = ContactID.none
    public var state = ContactState.free
    /// Who handed the contact in, when, and when the prospect's inquiry was.
    public var seller = PartyID.none
    public var sellerName = PersonalText()
    public var sealedAt = Instant.none
    public var inquiredAt = Instant.none
    public var entries: [RevealEntry] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("state", &state)
        try visit.field("seller", &seller)
        try visit.field("sellerName", &sellerName, .personal(120))
        try visit.field("sealedAt", &sealedAt)
        try visit.field("inquiredAt", &inquiredAt)
        try visit.field("entries", &entries, .limit(100))
    }
}

/// An operator replaces the key-encryption key while the vault runs; old backups of the key store die with it.
public struct RotateKeys: Command {
    public typealias Answer = KeyStatus
    public static let code: UInt16 = 0x0327
    public static let audience = Audience.operators
    /// Filled by the vault; a client's content is overwritten.
    public var version: UInt32 = 0
    public var rotatedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("version", &version)
        try visit.field("rotatedAt", &rotatedAt)
    }
}

/// Asks which key-encryption key is in force.
public struct GetKeyStatus: Query {
    public typealias Answer = KeyStatus
    public static let code: UInt16 = 0x0328
    public static let audience = Audience.operators
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Answers ``RotateKeys`` and ``GetKeyStatus``.
public struct KeyStatus: AnswerMessage {
    public static let code: UInt16 = 0x0351
    /// The key-encryption key's version.
    public var version: UInt32 = 0
    /// When it was last rotated on command: what copies of the key store from before hold opens nothing that was
    /// erased. ``Instant/none``: never.
    public var rotatedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("version", &version)
        try visit.field("rotatedAt", &rotatedAt)
    }
}

/// Asks what a link stands for (B7). Its purpose and derivation are checked here; whether it has expired, by the
/// service that acts on it, so that a command sent again is answered as before.
public struct ResolveLink: Query {
    public typealias Answer = LinkResolved
    public static let code: UInt16 = 0x0329
    public static let audience = Audience.services([.auction, .notifications])
    public var purpose = LinkPurpose.review
    public var token = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("purpose", &purpose)
        try visit.field("token", &token, .secret(200))
    }
}

/// Answers ``ResolveLink``.
public struct LinkResolved: AnswerMessage {
    public static let code: UInt16 = 0x0352
    /// The application that the link is about.
    public var order = OrderID.none
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("expires", &expires)
    }
}

/// Asks where an e-mail to a prospect goes, when one is about to be sent.
public struct FetchProspect: Query {
    public typealias Answer = ProspectAddress
    public static let code: UInt16 = 0x032a
    public static let audience = Audience.services([.notifications])
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
    }
}

/// Answers ``FetchProspect``: what is said to the data subject itself is no reveal.
public struct ProspectAddress: AnswerMessage {
    public static let code: UInt16 = 0x0353
    public var contact = ContactID.none
    /// May be empty: some prospects gave telephone numbers alone.
    public var email = PersonalText()
    public var name = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("email", &email, .personal(254))
        try visit.field("name", &name, .personal(120))
    }
}

/// The legal retention of a closed party's invoices is over: its billing identities are erased.
public struct BillingRetentionOver: InternalMessage {
    public static let code: UInt16 = 0x03c0
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// More contacts of a person who objected are to be erased than one command should.
public struct ContinueObjection: InternalMessage {
    public static let code: UInt16 = 0x03c1
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
    }
}

/// More contacts of a closed seller are to be erased than one command should.
public struct ContinueClosing: InternalMessage {
    public static let code: UInt16 = 0x03c2
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

extension Catalogue {
    /// The contact-vault's messages, in order of code.
    public static let contactVault: [any Message.Type] =
        [
            PublishMarketplace.self, GetMarketplace.self, ListMarketplaces.self, BootstrapOperator.self,
            AppointOperator.self, RegisterParty.self, ConfirmEmail.self, ResendConfirmation.self,
            VerifyParty.self, SuspendParty.self, ReinstateParty.self, CloseParty.self, UpdateLanguage.self,
            GetParty.self, ListParties.self, SignIn.self, RefreshSignIn.self, SignOut.self,
            RevokeSessions.self, ChangePassword.self, ListRevocations.self, GetTokenKey.self,
            SetBillingIdentity.self, GetBillingIdentity.self, FetchBillingIdentity.self, SealContact.self,
            ListContacts.self, ReadContact.self, OpenForDelivery.self, FetchAddress.self, FetchLink.self,
            MakeProspectLink.self, ProspectObjects.self, ObjectForProspect.self, EraseContact.self,
            ProspectErases.self, ReadReport.self, ReportOnContact.self, RotateKeys.self, GetKeyStatus.self,
            MarketplaceView.self, MarketplacesPage.self, PartyRegistered.self, PartyView.self,
            PartiesPage.self, SignedIn.self, SessionsRevoked.self, RevocationsPage.self, TokenKey.self,
            BillingIdentitySet.self, BillingIdentityView.self, ContactSealed.self, ContactsPage.self,
            ContactView.self, PartyAddress.self, LinkIssued.self, DataSubjectReport.self, KeyStatus.self,
            ResolveLink.self, LinkResolved.self, FetchProspect.self, ProspectAddress.self,
            ClaimContact.self, ReleaseContact.self, GrantReveal.self, SuspendForCause.self,
            BillingRetentionOver.self, ContinueObjection.self, ContinueClosing.self,
        ] + contracts + callers + routes
}
