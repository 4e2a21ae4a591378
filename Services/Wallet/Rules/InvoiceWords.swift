import Kernel
import Messages

/// The words of invoices and credit notes in one language, after the rulebook's terms.
struct InvoiceWords {
    let invoice, creditNote, number, corrects, issued, order, recipient, seller, reason: String
    let party, identity, withoutIdentity, taxNumber: String
    let lead, application, appointment, auctionFee, fee, vat, total, paid, refunded: String
    let cancellationFee, lineFees, owed, period, lineMonthly, lineShare: String
    private let quotes: (String, String)

    init(_ language: Language) {
        switch language {
        case .german: self = Self.german
        case .english: self = Self.english
        case .russian: self = Self.russian
        }
    }

    /// What the price is paid for.
    func item(_ mode: SalesMode) -> String {
        switch mode {
        case .application: application
        case .meetingAuction: appointment
        default: lead
        }
    }

    /// What the buyer pays on top of the price.
    func fee(_ mode: SalesMode) -> String { mode == .meetingAuction ? auctionFee : fee }

    /// What the house charges for services of its own.
    func own(_ subject: InvoiceSubject) -> String { subject == .lineFees ? lineFees : cancellationFee }

    func quoted(_ text: String) -> String { quotes.0 + text + quotes.1 }

    private init(
        invoice: String, creditNote: String, number: String, corrects: String, issued: String, order: String,
        recipient: String, seller: String, reason: String, party: String, identity: String,
        withoutIdentity: String, taxNumber: String, lead: String, application: String, appointment: String,
        auctionFee: String,
        fee: String,
        vat: String, total: String,
        paid: String,
        refunded: String, cancellationFee: String, lineFees: String, owed: String, period: String,
        lineMonthly: String, lineShare: String, quotes: (String, String)
    ) {
        self.invoice = invoice
        self.creditNote = creditNote
        self.number = number
        self.corrects = corrects
        self.issued = issued
        self.order = order
        self.recipient = recipient
        self.seller = seller
        self.reason = reason
        self.party = party
        self.identity = identity
        self.withoutIdentity = withoutIdentity
        self.taxNumber = taxNumber
        self.lead = lead
        self.application = application
        self.appointment = appointment
        self.auctionFee = auctionFee
        self.fee = fee
        self.vat = vat
        self.total = total
        self.paid = paid
        self.refunded = refunded
        self.cancellationFee = cancellationFee
        self.lineFees = lineFees
        self.owed = owed
        self.period = period
        self.lineMonthly = lineMonthly
        self.lineShare = lineShare
        self.quotes = quotes
    }

    private static let german = InvoiceWords(
        invoice: "Rechnung", creditNote: "Rechnungskorrektur", number: "Nummer",
        corrects: "Korrigiert die Rechnung", issued: "Rechnungs- und Leistungsdatum", order: "Auftrag",
        recipient: "Rechnungsempfänger", seller: "Verkäufer", reason: "Grund", party: "Kundennummer",
        identity: "Rechnungsangaben Fassung", withoutIdentity: "keine Rechnungsangaben hinterlegt",
        taxNumber: "USt-IdNr./Steuernummer",
        lead: "Lead", application: "Bewerbungsgebühr", appointment: "Termingeld",
        auctionFee: "Auktionsgebühr", fee: "Käufergebühr", vat: "Umsatzsteuer",
        total: "Gesamtbetrag",
        paid: "Der Betrag wurde aus dem Guthaben bezahlt.",
        refunded: "Der Betrag wurde dem Guthaben gutgeschrieben.",
        cancellationFee: "Auktionsgebühr des stornierten Verkaufs", lineFees: "Gebühren für Telefonleitungen",
        owed: "Der Betrag wird mit dem Guthaben verrechnet; was es nicht deckt, ist offen.",
        period: "Abrechnungsmonat", lineMonthly: "Monatsgebühr je Abrechnungsprofil",
        lineShare: "Anteil an Aufladungen von", quotes: ("„", "“"))

    private static let english = InvoiceWords(
        invoice: "Invoice", creditNote: "Credit note", number: "Number", corrects: "Corrects invoice",
        issued: "Date of issue and supply", order: "Order", recipient: "Bill to", seller: "Seller",
        reason: "Reason", party: "Customer no.", identity: "billing identity version",
        withoutIdentity: "no billing identity on file", taxNumber: "tax no.", lead: "Lead",
        application: "Application fee", appointment: "Appointment price",
        auctionFee: "Auction fee", fee: "Buyer’s fee", vat: "VAT",
        total: "Total", paid: "The amount was paid from the balance.",
        refunded: "The amount was credited to the balance.",
        cancellationFee: "Auction fee of the cancelled sale", lineFees: "Fees of telephone lines",
        owed: "The amount is taken from the balance; what it does not cover is owed.",
        period: "Month", lineMonthly: "Monthly fee for billing profiles", lineShare: "Share of top-ups of",
        quotes: ("“", "”"))

    private static let russian = InvoiceWords(
        invoice: "Счёт", creditNote: "Корректировочный счёт", number: "Номер", corrects: "Корректирует счёт",
        issued: "Дата счёта и услуги", order: "Заказ", recipient: "Плательщик", seller: "Продавец",
        reason: "Причина", party: "Номер клиента", identity: "реквизиты, версия",
        withoutIdentity: "реквизиты не указаны", taxNumber: "ИНН", lead: "Лид", application: "Сбор за заявку",
        appointment: "Плата за встречу", auctionFee: "Аукционный сбор",
        fee: "Сбор с покупателя",
        vat: "НДС",
        total: "Итого", paid: "Сумма списана с баланса.", refunded: "Сумма зачислена на баланс.",
        cancellationFee: "Аукционный сбор отменённой продажи", lineFees: "Сборы за телефонные линии",
        owed: "Сумма списывается с баланса; непокрытая часть остаётся долгом.",
        period: "Месяц", lineMonthly: "Ежемесячный сбор за профили", lineShare: "Доля от пополнений на",
        quotes: ("«", "»"))
}
