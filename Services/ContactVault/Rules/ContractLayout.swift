import Kernel
import Messages

/// A contract's parts in their order, in the reader's words and formats; text and HTML show the same (C1, F8).
public struct ContractLayout: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public let label: String
        public let value: String
    }

    public struct Part: Hashable, Sendable {
        public let heading: String
        public let lines: [Line]
    }

    public let issuer: String
    public let heading: String
    public let parts: [Part]
    public let clauses: [String]
    private let language: Language

    /// - Parameter document: with its personal texts in clear.
    public init(_ document: ContractDocument, marketplaceName: String, zone: LocalZone) {
        let words = ContractWords(document.language)
        let terms = document.terms
        language = document.language
        issuer = marketplaceName
        heading = words.heading
        func time(_ instant: Instant) -> String { document.language.text(instant, in: zone) }
        var facts = [
            Line(label: words.number, value: "\(terms.order)"),
            Line(label: words.subject, value: terms.title),
            Line(label: words.awarded, value: time(terms.awardedAt)),
            Line(label: words.agree, value: time(terms.agreeBefore - .seconds(1))),
        ]
        if terms.acceptedAt != .none {
            facts.append(Line(label: words.accepted, value: time(terms.acceptedAt)))
        }
        func amount(_ label: String, _ money: Money) -> Line {
            Line(label: label, value: document.language.text(money))
        }
        parts = [
            Part(heading: words.agreement, lines: facts),
            Part(
                heading: words.price,
                lines: [
                    amount(words.appointmentPrice, terms.price), amount(words.fee, terms.fee),
                    amount(words.vat, terms.vat), amount(words.total, terms.total),
                    Line(label: words.invoice, value: terms.invoiceNumber),
                ]),
            Part(heading: words.seller, lines: Self.lines(document.seller, words)),
            Part(heading: words.buyer, lines: Self.lines(document.buyer, words)),
        ]
        clauses = [terms.description] + words.clauses
    }

    private static func lines(_ side: ContractParty, _ words: ContractWords) -> [Line] {
        func clear(_ text: PersonalText) -> String {
            (text.plaintext ?? "").split(separator: "\n").joined(separator: ", ")
        }
        guard !clear(side.name).isEmpty else { return [Line(label: words.name, value: words.erased)] }
        var lines = [
            Line(label: words.name, value: clear(side.name)),
            Line(label: words.address, value: clear(side.address)),
        ]
        lines += side.phones.map { Line(label: words.phone, value: clear($0)) }
        lines.append(Line(label: words.email, value: clear(side.email)))
        return lines.filter { !$0.value.isEmpty }
    }

    /// Plain text.
    public var text: String {
        var rows = [issuer, "", heading]
        for part in parts {
            rows += ["", part.heading] + part.lines.map { "  \($0.label): \($0.value)" }
        }
        return (rows + clauses.flatMap { ["", $0] } + [""]).joined(separator: "\n")
    }

    /// One page of HTML that stands alone, without scripts and references, and can be printed as it is.
    public var html: String {
        var page = """
            <!DOCTYPE html>
            <html lang="\(tag)"><head><meta charset="utf-8"><title>\(HTMLText.escaped(heading))</title>
            <style>body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto}th{text-align:left;\
            font-weight:normal;padding-right:2em;vertical-align:top}@media print{body{margin:0}}</style></head><body>
            <p>\(HTMLText.escaped(issuer))</p>
            <h1>\(HTMLText.escaped(heading))</h1>

            """
        for part in parts {
            page += "<h2>\(HTMLText.escaped(part.heading))</h2>\n<table>\n"
            for line in part.lines {
                let (label, value) = (HTMLText.escaped(line.label), HTMLText.escaped(line.value))
                page += "<tr><th>\(label)</th><td>\(value)</td></tr>\n"
            }
            page += "</table>\n"
        }
        for clause in clauses { page += "<p>\(HTMLText.escaped(clause))</p>\n" }
        return page + "</body></html>\n"
    }

    private var tag: String {
        switch language {
        case .german: "de"
        case .english: "en"
        case .russian: "ru"
        }
    }
}

/// The words of contracts in one language, after the rulebook's terms.
struct ContractWords {
    let language: Language

    init(_ language: Language) { self.language = language }

    var heading: String {
        choose(
            "Kaufvertrag über einen Beratungstermin", "Contract of purchase: an appointment",
            "Договор купли-продажи встречи")
    }
    var agreement: String { choose("Vereinbarung", "Agreement", "Условия") }
    var number: String { choose("Auftrag", "Order", "Заказ") }
    var subject: String { choose("Gegenstand", "Subject", "Предмет") }
    var awarded: String { choose("Zuschlag", "Award", "Победа в аукционе") }
    var agree: String {
        choose("Termin zu vereinbaren bis", "Appointment to be agreed by", "Согласовать встречу до")
    }
    var accepted: String {
        choose(
            "Bindung vom Verkäufer bestätigt", "Seller accepted to be bound",
            "Обязательство принято продавцом")
    }
    var price: String { choose("Preis", "Price", "Цена") }
    var appointmentPrice: String { choose("Termingeld", "Appointment price", "Плата за встречу") }
    var fee: String { choose("Auktionsgebühr", "Auction fee", "Аукционный сбор") }
    var vat: String { choose("Umsatzsteuer", "VAT", "НДС") }
    var total: String { choose("Vom Käufer bezahlt", "Paid by the buyer", "Оплачено покупателем") }
    var invoice: String { choose("Rechnung", "Invoice", "Счёт") }
    var seller: String { choose("Verkäufer", "Seller", "Продавец") }
    var buyer: String { choose("Käufer", "Buyer", "Покупатель") }
    var name: String { choose("Name", "Name", "Имя") }
    var address: String { choose("Anschrift", "Address", "Адрес") }
    var phone: String { choose("Telefon", "Phone", "Телефон") }
    var email: String { choose("E-Mail", "E-mail", "Эл. почта") }
    var erased: String { choose("Daten gelöscht", "data erased", "данные удалены") }

    var clauses: [String] {
        [
            choose(
                "Der Verkäufer schuldet dem Käufer den Termin. Das Termingeld wird an den Verkäufer überwiesen, sobald beide Seiten gemeldet haben, dass der Termin stattgefunden hat.",
                "The seller owes the buyer the appointment. The appointment price is paid to the seller once both sides have reported that the meeting took place.",
                "Продавец обязан провести встречу с покупателем. Плата за встречу перечисляется продавцу, когда обе стороны сообщат, что встреча состоялась."
            )
        ]
    }

    private func choose(_ german: String, _ english: String, _ russian: String) -> String {
        switch language {
        case .german: german
        case .english: english
        case .russian: russian
        }
    }
}
