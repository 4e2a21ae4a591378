import Kernel
import Wire

/// How a contract is shown.
public enum ContractFormat: UInt8, WireEnum {
    case text = 1
    case html = 2
}

/// What buyer and seller agreed by the award (C1); what the contract says beside who they are.
public struct ContractTerms: Record, Hashable {
    public var order = OrderID.none
    public var listing = ListingID.none
    public var marketplace = MarketplaceID.none
    public var policyVersion: UInt32 = 0
    public var title = ""
    public var description = ""
    public var price = Money.zero
    /// The buyer's auction fee and the VAT, beside the price.
    public var fee = Money.zero
    public var vat = Money.zero
    public var total = Money.zero
    public var invoiceNumber = ""
    public var awardedAt = Instant.none
    /// The first instant after the working days for agreeing on an appointment (C3).
    public var agreeBefore = Instant.none
    /// When the seller accepted to be bound by an award (C8).
    public var acceptedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("marketplace", &marketplace)
        try visit.field("policyVersion", &policyVersion)
        try visit.field("title", &title, .limit(120))
        try visit.field("description", &description, .limit(4000))
        try visit.field("price", &price)
        try visit.field("fee", &fee)
        try visit.field("vat", &vat)
        try visit.field("total", &total)
        try visit.field("invoiceNumber", &invoiceNumber)
        try visit.field("awardedAt", &awardedAt)
        try visit.field("agreeBefore", &agreeBefore)
        try visit.field("acceptedAt", &acceptedAt)
    }
}

/// A buyer or seller reads its contract (C1): unsealed for this reading, which is a line in the log (F4).
public struct ReadContract: Command {
    public typealias Answer = ContractDocument
    public static let code: UInt16 = 0x0334
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public var format = ContractFormat.text
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("format", &format)
    }
}

/// One side of a contract; every field empty once its data is erased (F5).
public struct ContractParty: Record, Hashable {
    public var party = PartyID.none
    public var name = PersonalText()
    public var address = PersonalText()
    public var phones: [PersonalText] = []
    public var email = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("name", &name, .personal(120))
        try visit.field("address", &address, .personal(300))
        try visit.field("phones", &phones, .personal(5))
        try visit.field("email", &email, .personal(254))
    }
}

/// Answers ``ReadContract``.
public struct ContractDocument: AnswerMessage {
    public static let code: UInt16 = 0x0370
    public var terms = ContractTerms()
    public var seller = ContractParty()
    public var buyer = ContractParty()
    public var language = Language.german
    public var format = ContractFormat.text
    /// The contract in the reader's language: plain text, or one page of HTML that can be printed as it is. Written
    /// when the answer leaves.
    public var content = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("terms", &terms)
        try visit.field("seller", &seller)
        try visit.field("buyer", &buyer)
        try visit.field("language", &language)
        try visit.field("format", &format)
        try visit.field("content", &content, .personal(60_000))
    }
}

/// An order is paid: keep its contract, and let the seller read the buyer's card (C1, C2). Follows the reveal to the
/// buyer; answered by ``ContractRecorded`` unless that was refused.
public struct RecordContract: PeerMessage {
    public static let code: UInt16 = 0x03b0
    public static let audience = Audience.services([.auction])
    public var terms = ContractTerms()
    public var buyer = PartyID.none
    public var seller = PartyID.none
    /// The buyer's own contact, for trading partners.
    public var card = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("terms", &terms)
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("card", &card)
    }
}

extension Catalogue {
    /// The vault's messages about contracts.
    static let contracts: [any Message.Type] = [
        ReadContract.self, ContractDocument.self, RecordContract.self,
    ]
}
