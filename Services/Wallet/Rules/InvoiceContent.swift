import Kernel
import Messages

/// All that an invoice or credit note says; it never changes once it is issued.
public struct InvoiceContent: Sendable {
    public var number = ""
    public var kind = InvoiceKind.invoice
    public var subject = InvoiceSubject.order
    public var issuedAt = Instant.none
    public var marketplaceName = ""
    public var zone = LocalZone(minutes: 0, summerTime: false)
    public var language = Language.german
    public var order = OrderID.none
    public var title = ""
    /// How the lead is sold: what the price is paid for.
    public var mode = SalesMode.leadAuction
    public var recipient = PartyID.none
    public var recipientIdentity = BillingIdentityID.none
    /// Whose goods are paid for; none: the house's own services.
    public var seller = PartyID.none
    public var sellerIdentity = BillingIdentityID.none
    /// Name and address as that version states them; empty where nobody may see them any more.
    public var recipientAddress = BillingAddress()
    public var sellerAddress = BillingAddress()
    public var price = Money.zero
    public var fee = Money.zero
    public var feeShare = BasisPoints(0)
    public var lineShare = BasisPoints(0)
    public var vat = Money.zero
    public var vatShare = BasisPoints(0)
    public var total = Money.zero
    /// Of a statement of prepaid lines: what its fee is made of (E13).
    public var lines: LineItems?
    /// The number of the invoice that a credit note corrects.
    public var corrects = ""
    /// Why a credit note was issued.
    public var reason = ""
    public init() {}
}

/// What the fee of a month of prepaid lines is made of (E13).
public struct LineItems: Hashable, Sendable {
    public let profiles: Int64
    /// Paid in and not taken back.
    public let base: Money
    public let monthly: Money
    public let share: Money

    public init(profiles: Int64, base: Money, monthly: Money, share: Money) {
        self.profiles = profiles
        self.base = base
        self.monthly = monthly
        self.share = share
    }
}

extension InvoiceWords {
    /// The lines of a month: the fee for profiles, and the share of what was paid in.
    func items(
        _ lines: LineItems?, _ share: BasisPoints, _ language: Language, _ amount: (Money) -> String
    ) -> [InvoiceLayout.Line] {
        guard let lines else { return [] }
        return [
            InvoiceLayout.Line(label: "\(lineMonthly) (\(lines.profiles))", value: amount(lines.monthly)),
            InvoiceLayout.Line(
                label: "\(lineShare) \(language.text(lines.base)) (\(language.text(share)))",
                value: amount(lines.share)),
        ]
    }
}

/// A billing identity in clear: for the reader of a document, never for a store.
public struct BillingAddress: Hashable, Sendable {
    public var name = ""
    public var street = ""
    public var postalCode = ""
    public var city = ""
    public var country = ""
    public var taxNumber = ""
    public init() {}

    func line(_ words: InvoiceWords) -> String {
        let place = [postalCode, city].filter { !$0.isEmpty }.joined(separator: " ")
        let tax = taxNumber.isEmpty ? "" : "\(words.taxNumber) \(taxNumber)"
        return [name, street, place, country, tax].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

/// A document's parts in their order, in the recipient's words and formats (F8); text and HTML show the same.
public struct InvoiceLayout: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public let label: String
        public let value: String
    }

    public let heading: String
    public let issuer: String
    /// Number, dates, order, and whom the document is for.
    public let facts: [Line]
    /// What is charged or given back.
    public let items: [Line]
    public let total: Line
    public let closing: String

    public init(_ content: InvoiceContent) {
        let words = InvoiceWords(content.language)
        let language = content.language
        let isCredit = content.kind == .creditNote
        func amount(_ money: Money) -> String {
            language.text(isCredit ? Money(0 - money.minor, money.currency) : money)
        }
        func identity(
            _ party: PartyID, _ identity: BillingIdentityID, _ address: BillingAddress
        ) -> String {
            if !address.name.isEmpty { return "\(address.line(words)), \(words.party) \(party)" }
            let known = identity.isNone ? words.withoutIdentity : "\(words.identity) \(identity)"
            return "\(words.party) \(party), \(known)"
        }
        heading = isCredit ? words.creditNote : words.invoice
        issuer = content.marketplaceName
        var facts = [Line(label: words.number, value: content.number)]
        if isCredit { facts.append(Line(label: words.corrects, value: content.corrects)) }
        facts += [
            Line(label: words.issued, value: language.text(content.zone.wall(content.issuedAt).date))
        ]
        if content.subject == .lineFees { facts.append(Line(label: words.period, value: content.title)) }
        if !content.order.isNone { facts.append(Line(label: words.order, value: "\(content.order)")) }
        facts.append(
            Line(
                label: words.recipient,
                value: identity(content.recipient, content.recipientIdentity, content.recipientAddress)))
        if !content.seller.isNone {
            facts.append(
                Line(
                    label: words.seller,
                    value: identity(content.seller, content.sellerIdentity, content.sellerAddress)))
        }
        if isCredit, !content.reason.isEmpty {
            facts.append(Line(label: words.reason, value: KnownReason.text(content.reason, in: language)))
        }
        self.facts = facts
        var items: [Line] = []
        switch content.subject {
        case .order:
            items.append(
                Line(
                    label: "\(words.item(content.mode)) \(words.quoted(content.title))",
                    value: amount(content.price)))
            if content.fee.minor != 0 {
                items.append(
                    Line(
                        label: "\(words.fee(content.mode)) (\(language.text(content.feeShare)))",
                        value: amount(content.fee)))
            }
        case .lineFees where content.lines != nil:
            items += words.items(content.lines, content.lineShare, language, amount)
        case .cancellationFee, .lineFees:
            items.append(
                Line(
                    label: "\(words.own(content.subject)) \(words.quoted(content.title))",
                    value: amount(content.fee)))
        }
        items.append(
            Line(label: "\(words.vat) (\(language.text(content.vatShare)))", value: amount(content.vat)))
        self.items = items
        total = Line(label: words.total, value: amount(content.total))
        closing = isCredit ? words.refunded : content.subject == .order ? words.paid : words.owed
    }
}
