import Kernel
import Wire

/// Pay money into the acting party's wallet through a payment provider.
/// Answered by ``TopUpStarted`` at once; ``GetPayment`` and a notification tell how it ended.
public struct TopUp: Command {
    public typealias Answer = TopUpStarted
    public static let code: UInt16 = 0x0200
    public static let audience = Audience.parties([.seller, .buyer])
    /// In the marketplace's currency, above zero.
    public var amount = Money.zero
    /// How the party pays: a method of the installed provider. The sandbox knows `sandbox` (paid at once),
    /// `sandboxSlow` (pending, paid at the second enquiry) and `sandboxDeclined`.
    public var method = "sandbox"
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("amount", &amount)
        try visit.field("method", &method, .limit(32))
    }
}

/// Name the account at the payout provider to which the seller's money goes (A3).
/// Answered at once; the provider's verification follows.
public struct LinkPayoutAccount: Command {
    public typealias Answer = PayoutAccountDetails
    public static let code: UInt16 = 0x0201
    public static let audience = Audience.parties(.seller)
    /// What the payout provider calls the account.
    public var providerReference = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("providerReference", &providerReference, .personal(200))
    }
}

/// An operator puts money of the house into a party's wallet: goodwill, or to set something right.
public struct CreditManually: Command {
    public typealias Answer = CreditPosted
    public static let code: UInt16 = 0x0202
    public static let audience = Audience.operators
    public var party = PartyID.none
    public var amount = Money.zero
    /// Stands in the party's statement.
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("amount", &amount)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// Pay free balance out to the party's verified payout account.
public struct WithdrawBalance: Command {
    public typealias Answer = WithdrawalStarted
    public static let code: UInt16 = 0x0203
    public static let audience = Audience.parties([.seller, .buyer])
    public var amount = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("amount", &amount)
    }
}

/// How much a party has, now or at an instant past.
public struct GetBalance: Query {
    public typealias Answer = BalanceDetails
    public static let code: UInt16 = 0x0208
    public static let audience = Audience.everyParty
    /// Operators name a party; none: the acting party.
    public var party = PartyID.none
    /// Absent: now.
    public var at: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("at", &at)
    }
}

/// Every movement on a party's wallet in a span of time, oldest first.
public struct GetStatement: Query {
    public typealias Answer = StatementPage
    public static let code: UInt16 = 0x0209
    public static let audience = Audience.everyParty
    /// Operators name a party; none: the acting party.
    public var party = PartyID.none
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
        try visit.field("party", &party)
        try visit.field("from", &from)
        try visit.field("to", &to)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// How a top-up or payout stands.
public struct GetPayment: Query {
    public typealias Answer = PaymentDetails
    public static let code: UInt16 = 0x020a
    public static let audience = Audience.everyParty
    public var payment = PaymentID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
    }
}

/// The party's top-ups and payouts, newest first.
public struct ListPayments: Query {
    public typealias Answer = PaymentPage
    public static let code: UInt16 = 0x020b
    public static let audience = Audience.everyParty
    /// Operators name a party; none: the acting party.
    public var party = PartyID.none
    /// The last payment seen; none: from the newest.
    public var after = PaymentID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// The party's invoices and credit notes, newest first.
public struct ListInvoices: Query {
    public typealias Answer = InvoicePage
    public static let code: UInt16 = 0x020c
    public static let audience = Audience.everyParty
    /// Operators name a party; none: the acting party.
    public var party = PartyID.none
    /// The last invoice seen; none: from the newest.
    public var after = InvoiceID.none
    /// 1 to 100.
    public var limit: UInt8 = 50
    /// Only what concerns this order; none: all.
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
        try visit.field("order", &order)
    }
}

/// One invoice or credit note as a document (A15).
public struct GetInvoice: Query {
    public typealias Answer = InvoiceDocument
    public static let code: UInt16 = 0x020d
    public static let audience = Audience.everyParty
    public var invoice = InvoiceID.none
    public var format = InvoiceFormat.text
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("invoice", &invoice)
        try visit.field("format", &format)
    }
}

/// The sums of the whole ledger, with its standing proofs (F1).
public struct GetLedgerReport: Query {
    public typealias Answer = LedgerReport
    public static let code: UInt16 = 0x020e
    public static let audience = Audience.operators
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Whether the party's payout account is linked and verified.
public struct GetPayoutAccount: Query {
    public typealias Answer = PayoutAccountDetails
    public static let code: UInt16 = 0x020f
    public static let audience = Audience.everyParty
    /// Operators name a party; none: the acting party.
    public var party = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
    }
}

/// The top-up is on its way to the provider.
public struct TopUpStarted: AnswerMessage {
    public static let code: UInt16 = 0x0240
    public var payment = PaymentID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
    }
}

/// The party's payout account, and how far its verification is.
public struct PayoutAccountDetails: AnswerMessage {
    public static let code: UInt16 = 0x0241
    public var party = PartyID.none
    public var state = PayoutAccountState.missing
    /// When it came to this state.
    public var since = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("state", &state)
        try visit.field("since", &since)
    }
}

/// The money is in the wallet.
public struct CreditPosted: AnswerMessage {
    public static let code: UInt16 = 0x0242
    public var entry = EntryID.none
    /// What the wallet holds after it.
    public var posted = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("entry", &entry)
        try visit.field("posted", &posted)
    }
}

/// The withdrawal is on its way to the payout provider.
public struct WithdrawalStarted: AnswerMessage {
    public static let code: UInt16 = 0x0243
    public var payment = PaymentID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
    }
}

/// A party's money: what it has, what of it is set aside, what is free.
public struct BalanceDetails: AnswerMessage {
    public static let code: UInt16 = 0x0244
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var at = Instant.none
    /// All that is in the wallet.
    public var posted = Money.zero
    /// Set aside by holds; absent for an instant past, because holds are no movements of the ledger.
    public var held: Money?
    /// ``posted`` less ``held``; absent where ``held`` is.
    public var available: Money?
    /// What the party, as a seller, owes after refunds that came later than the payout (A17).
    public var owed = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("at", &at)
        try visit.field("posted", &posted)
        try visit.field("held", &held)
        try visit.field("available", &available)
        try visit.field("owed", &owed)
    }
}

/// One page of a party's statement.
public struct StatementPage: AnswerMessage {
    public static let code: UInt16 = 0x0245
    public var party = PartyID.none
    /// The wallet before the first line of the span.
    public var opening = Money.zero
    /// The wallet after the last line of the span.
    public var closing = Money.zero
    public var lines: [StatementLine] = []
    /// Whether lines follow the last one.
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("opening", &opening)
        try visit.field("closing", &closing)
        try visit.field("lines", &lines, .limit(100))
        try visit.field("more", &more)
    }
}

/// How a top-up or payout stands.
public struct PaymentDetails: AnswerMessage {
    public static let code: UInt16 = 0x0246
    public var payment = PaymentSummary()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
    }
}

/// One page of payments.
public struct PaymentPage: AnswerMessage {
    public static let code: UInt16 = 0x0247
    public var payments: [PaymentSummary] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payments", &payments, .limit(100))
        try visit.field("more", &more)
    }
}

/// One page of invoices and credit notes.
public struct InvoicePage: AnswerMessage {
    public static let code: UInt16 = 0x0248
    public var invoices: [InvoiceSummary] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("invoices", &invoices, .limit(100))
        try visit.field("more", &more)
    }
}

/// An invoice or credit note, rendered in its recipient's language.
///
/// It names billing identities by their immutable version; name and address are with the vault, and whoever
/// prints the document asks there.
public struct InvoiceDocument: AnswerMessage {
    public static let code: UInt16 = 0x0249
    public var summary = InvoiceSummary()
    public var language = Language.german
    /// `text/plain` or `text/html`, UTF-8.
    public var mediaType = ""
    public var content = ""
    /// The version of the recipient's billing identity in force at the issue; none: none was known.
    public var recipientIdentity = BillingIdentityID.none
    /// That of the seller, where the document names one.
    public var sellerIdentity = BillingIdentityID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("summary", &summary)
        try visit.field("language", &language)
        try visit.field("mediaType", &mediaType, .limit(40))
        try visit.field("content", &content, .limit(20000))
        try visit.field("recipientIdentity", &recipientIdentity)
        try visit.field("sellerIdentity", &sellerIdentity)
    }
}

/// The ledger's sums per marketplace, class and currency, and what the standing proofs found.
public struct LedgerReport: AnswerMessage {
    public static let code: UInt16 = 0x024a
    public var at = Instant.none
    public var lines: [LedgerLine] = []
    /// The sum of everything per currency: all zero, or money was made or lost.
    public var totals: [Money] = []
    /// Entries whose legs do not sum to zero: 0.
    public var unbalancedEntries: UInt64 = 0
    /// Accounts whose balance is not the sum of their legs: 0.
    public var accountsAstray: UInt64 = 0
    /// Accounts whose held part is not the sum of their live holds: 0.
    public var holdsAstray: UInt64 = 0
    /// Gaps in invoice and credit note numbers: 0.
    public var numberGaps: UInt64 = 0
    /// Orders whose refunds exceed what was paid: 0.
    public var refundsAstray: UInt64 = 0
    /// The proofs above found nothing wrong.
    public var sound = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("at", &at)
        try visit.field("lines", &lines, .limit(1000))
        try visit.field("totals", &totals)
        try visit.field("unbalancedEntries", &unbalancedEntries)
        try visit.field("accountsAstray", &accountsAstray)
        try visit.field("holdsAstray", &holdsAstray)
        try visit.field("numberGaps", &numberGaps)
        try visit.field("refundsAstray", &refundsAstray)
        try visit.field("sound", &sound)
    }
}

/// One movement on a wallet.
public struct StatementLine: Record {
    public var entry = EntryID.none
    public var at = Instant.none
    public var kind = EntryKind.topUp
    /// Positive: into the wallet.
    public var amount = Money.zero
    /// The wallet after the movement.
    public var balance = Money.zero
    public var order = OrderID.none
    public var payment = PaymentID.none
    /// The document that goes with it; none if there is none.
    public var invoice = InvoiceID.none
    public var text = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("entry", &entry)
        try visit.field("at", &at)
        try visit.field("kind", &kind)
        try visit.field("amount", &amount)
        try visit.field("balance", &balance)
        try visit.field("order", &order)
        try visit.field("payment", &payment)
        try visit.field("invoice", &invoice)
        try visit.field("text", &text, .limit(400))
    }
}

/// A top-up or payout.
public struct PaymentSummary: Record {
    public var payment = PaymentID.none
    public var party = PartyID.none
    public var kind = PaymentKind.topUp
    public var state = PaymentState.started
    public var amount = Money.zero
    public var method = ""
    /// The order whose share is paid out; none for top-ups and withdrawals.
    public var order = OrderID.none
    public var startedAt = Instant.none
    /// ``Instant/none`` while it is open.
    public var endedAt = Instant.none
    /// Why the provider declined; else empty.
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("party", &party)
        try visit.field("kind", &kind)
        try visit.field("state", &state)
        try visit.field("amount", &amount)
        try visit.field("method", &method, .limit(32))
        try visit.field("order", &order)
        try visit.field("startedAt", &startedAt)
        try visit.field("endedAt", &endedAt)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// An invoice or credit note, without its text.
public struct InvoiceSummary: Record {
    public var invoice = InvoiceID.none
    public var number = ""
    public var kind = InvoiceKind.invoice
    public var subject = InvoiceSubject.order
    public var issuedAt = Instant.none
    /// None where the document is about no order.
    public var order = OrderID.none
    public var listing = ListingID.none
    public var price = Money.zero
    public var fee = Money.zero
    public var vat = Money.zero
    public var total = Money.zero
    /// A credit note names the invoice that it corrects.
    public var corrects = InvoiceID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("invoice", &invoice)
        try visit.field("number", &number, .limit(40))
        try visit.field("kind", &kind)
        try visit.field("subject", &subject)
        try visit.field("issuedAt", &issuedAt)
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("price", &price)
        try visit.field("fee", &fee)
        try visit.field("vat", &vat)
        try visit.field("total", &total)
        try visit.field("corrects", &corrects)
    }
}

/// All accounts of one class, marketplace and currency together.
public struct LedgerLine: Record {
    public var marketplace = MarketplaceID.none
    public var accountClass = AccountClass.wallet
    /// Credit is positive: what the house owes or has earned. Debit is negative: what it has or is owed.
    public var posted = Money.zero
    public var held = Money.zero
    public var accounts: UInt64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("accountClass", &accountClass)
        try visit.field("posted", &posted)
        try visit.field("held", &held)
        try visit.field("accounts", &accounts)
    }
}

/// A hold's deadline is here: its owner is to be asked.
public struct HoldsDue: InternalMessage {
    public static let code: UInt16 = 0x02c0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Have the payment provider collect a top-up.
public struct ChargePayment: InternalMessage {
    public static let code: UInt16 = 0x02c1
    public var payment = PaymentID.none
    public var amount = Money.zero
    public var method = ""
    /// 1 for the first attempt.
    public var attempt: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("amount", &amount)
        try visit.field("method", &method, .limit(32))
        try visit.field("attempt", &attempt)
    }
}

/// What the payment provider said about a top-up.
public struct ChargeReported: InternalMessage {
    public static let code: UInt16 = 0x02c2
    public var payment = PaymentID.none
    public var attempt: UInt32 = 0
    public var report = ProviderReport.unreachable
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("attempt", &attempt)
        try visit.field("report", &report)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// Have the payout provider pay money out.
public struct SendPayout: InternalMessage {
    public static let code: UInt16 = 0x02c3
    public var payment = PaymentID.none
    public var amount = Money.zero
    public var providerReference = PersonalText()
    public var attempt: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("amount", &amount)
        try visit.field("providerReference", &providerReference, .personal(200))
        try visit.field("attempt", &attempt)
    }
}

/// What the payout provider said about a payout.
public struct PayoutReported: InternalMessage {
    public static let code: UInt16 = 0x02c4
    public var payment = PaymentID.none
    public var attempt: UInt32 = 0
    public var report = ProviderReport.unreachable
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payment", &payment)
        try visit.field("attempt", &attempt)
        try visit.field("report", &report)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// Have the payout provider verify an account.
public struct VerifyPayoutAccount: InternalMessage {
    public static let code: UInt16 = 0x02c5
    public var link: UInt64 = 0
    public var providerReference = PersonalText()
    public var attempt: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("link", &link)
        try visit.field("providerReference", &providerReference, .personal(200))
        try visit.field("attempt", &attempt)
    }
}

/// What the payout provider said about an account.
public struct PayoutAccountReported: InternalMessage {
    public static let code: UInt16 = 0x02c6
    public var link: UInt64 = 0
    public var attempt: UInt32 = 0
    public var report = ProviderReport.unreachable
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("link", &link)
        try visit.field("attempt", &attempt)
        try visit.field("report", &report)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// One movement of the ledger.
public struct EntryID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// What an account is for. The house's accounts belong to a marketplace, a party's to the party.
public enum AccountClass: UInt8, WireEnum {
    /// A party's money with the house.
    case wallet = 1
    /// What a seller owes after refunds that came later than the payout; never above zero.
    case receivable = 2
    /// The house's money at the providers; never above zero, because debit is negative.
    case cash = 3
    /// Prices paid and not yet paid out.
    case escrow = 4
    case feeRevenue = 5
    case commissionRevenue = 6
    case vatPayable = 7
    /// Handed to the payout provider, outcome unknown.
    case payoutClearing = 8
    /// Credits given by operators; never above zero.
    case goodwill = 9
    /// What a caller paid in and has not used (E2). This class and the next two belong to a caller's account.
    case callerPaid = 10
    /// What a caller was given on top; spent first, never paid out.
    case callerBonus = 11
    /// What a charge-back took from a caller and was not there; never above zero.
    case callerDebt = 12
    /// A provider's money at its own payment provider (E13); never above zero, because debit is negative.
    case providerCash = 13
    /// Bonus that a provider has given; never above zero.
    case providerBonus = 14
    /// What a provider has earned with calls and other services that were paid from balances.
    case callRevenue = 15
}

/// Why money moved.
public enum EntryKind: UInt8, WireEnum {
    case topUp = 1
    case manualCredit = 2
    /// The buyer's payment of an order.
    case orderPaid = 3
    case orderRefunded = 4
    /// The seller's share left the escrow for the payout provider.
    case payoutStarted = 5
    case payoutSettled = 6
    /// The payout provider declined; the amount is in the wallet.
    case payoutReturned = 7
    case withdrawal = 8
    /// A caller's top-up was paid, with its bonus (E1, E2).
    case callerToppedUp = 9
    case callCharged = 10
    /// A provider raised or lowered a caller's balance (E8).
    case callerRaised = 11
    case callerLowered = 12
    /// A caller's top-up was taken back (E1).
    case topUpChargedBack = 13
    /// Two numbers turned out to be one caller's (E10).
    case callersMerged = 14
    /// A preliminary call (D2, D3).
    case leadCallCharged = 20
    /// What preliminary calls cost was credited on the purchase (D4).
    case leadCallsCredited = 21
    /// The fee of a sale that was undone (C7).
    case cancellationFee = 30
    /// What a provider owes for a month of its prepaid lines (E13).
    case lineFees = 31
}

/// Which way a payment goes, and why.
public enum PaymentKind: UInt8, WireEnum {
    case topUp = 1
    /// An order's share to its seller (A13).
    case payout = 2
    case withdrawal = 3
}

/// How far a payment is; ``settled`` and ``declined`` are final.
public enum PaymentState: UInt8, WireEnum {
    case started = 1
    /// The provider has it and does not know yet.
    case pending = 2
    case settled = 3
    case declined = 4
}

/// What a provider answers.
public enum ProviderReport: UInt8, WireEnum {
    case settled = 1
    case pending = 2
    case declined = 3
    /// Nobody knows: ask again under the same id.
    case unreachable = 4
}

/// How far a payout account is.
public enum PayoutAccountState: UInt8, WireEnum {
    case missing = 1
    /// The provider is verifying it.
    case pending = 2
    case verified = 3
    case declined = 4
    /// Another account took its place, or the party is closed.
    case replaced = 5
}

/// Which of the two gapless series a document belongs to.
public enum InvoiceKind: UInt8, WireEnum {
    case invoice = 1
    case creditNote = 2
}

/// What a document is about.
public enum InvoiceSubject: UInt8, WireEnum {
    /// What a buyer paid for an order (A15), or what of it went back.
    case order = 1
    /// The auction fee of a sale that was undone, to whoever asked for that (C7).
    case cancellationFee = 2
    /// What a provider owes the house for a month of its prepaid lines (E13).
    case lineFees = 3
}

/// How a document is rendered.
public enum InvoiceFormat: UInt8, WireEnum {
    case text = 1
    case html = 2
}

extension Catalogue {
    /// Messages of the wallet.
    public static let wallet: [any Message.Type] =
        [
            TopUp.self, LinkPayoutAccount.self, CreditManually.self, WithdrawBalance.self, GetBalance.self,
            GetStatement.self, GetPayment.self, ListPayments.self, ListInvoices.self, GetInvoice.self,
            GetLedgerReport.self, GetPayoutAccount.self, TopUpStarted.self, PayoutAccountDetails.self,
            CreditPosted.self, WithdrawalStarted.self, BalanceDetails.self, StatementPage.self,
            PaymentDetails.self,
            PaymentPage.self, InvoicePage.self, InvoiceDocument.self, LedgerReport.self, PlaceHold.self,
            RaiseHold.self, ReleaseHold.self, ExtendHold.self, DisownHold.self, CollectOrder.self,
            PayOutOrder.self,
            RefundOrder.self, BillingIdentityPublished.self, HoldsDue.self, ChargePayment.self,
            ChargeReported.self, SendPayout.self, PayoutReported.self, VerifyPayoutAccount.self,
            PayoutAccountReported.self,
        ] + paymentMethods + prepaidLines + topUpPages + leadCalls
}
