import Kernel
import Messages
import Testing
import WalletRules

@Suite struct InvoiceTests {
    /// Instant, minutes east of UTC, summer time: year on the wall clock.
    static let years = """
        2026-12-31T22:59:59.999999Z | 60  | yes | 2026
        2026-12-31T23:00:00Z        | 60  | yes | 2027
        2026-12-31T20:59:59Z        | 180 | no  | 2026
        2026-12-31T21:00:00Z        | 180 | no  | 2027
        2027-01-01T04:59:59Z        | -300 | no | 2026
        2027-01-01T05:00:00Z        | -300 | no | 2027
        2026-06-30T23:30:00Z        | 60  | yes | 2026
        """

    @Test("A15 a document belongs to the year on the marketplace's wall clock")
    func yearBoundary() throws {
        for row in Self.years.split(separator: "\n") {
            let cells = row.split(separator: "|").map { $0.filter { $0 != " " } }
            let at = try #require(Instant(iso8601: cells[0]))
            let zone = LocalZone(minutes: try #require(Int32(cells[1])), summerTime: cells[2] == "yes")
            #expect(InvoiceNumber.year(at: at, in: zone) == Int(cells[3]), "\(row)")
        }
    }

    @Test("A15 numbers name marketplace, year and series")
    func numbers() {
        func text(_ kind: InvoiceKind, _ ordinal: Int64) -> String {
            InvoiceNumber(marketplace: MarketplaceID(3), year: 2026, kind: kind, ordinal: ordinal).text
        }
        #expect(text(.invoice, 1) == "3-2026-000001")
        #expect(text(.creditNote, 1) == "3-2026-C000001")
        #expect(text(.invoice, 999_999) == "3-2026-999999")
        #expect(text(.invoice, 1_000_000) == "3-2026-1000000")
    }

    private func content(_ language: Language, _ kind: InvoiceKind = .invoice) throws -> InvoiceContent {
        var content = InvoiceContent()
        content.kind = kind
        content.number = kind == .invoice ? "3-2026-000042" : "3-2026-C000007"
        content.issuedAt = try #require(Instant(iso8601: "2026-03-02T23:30:00Z"))
        content.marketplaceName = "Lead & Co"
        content.zone = LocalZone(minutes: 60, summerTime: true)
        content.language = language
        content.order = OrderID(77)
        content.title = "Dach <neu>"
        content.recipient = PartyID(12)
        content.recipientIdentity = BillingIdentityID(512)
        content.seller = PartyID(13)
        content.price = Money(123_456, .eur)
        content.fee = Money(6_173, .eur)
        content.feeShare = BasisPoints(500)
        content.vat = Money(24_630, .eur)
        content.vatShare = BasisPoints(1_900)
        content.total = Money(154_259, .eur)
        if kind == .creditNote {
            content.corrects = "3-2026-000042"
            content.reason = "falseData"
        }
        return content
    }

    @Test("A15 F8 a German invoice")
    func german() throws {
        let text = InvoiceLayout(try content(.german)).text
        #expect(
            text.replacing("\u{a0}", with: " ") == """
                Lead & Co

                Rechnung

                Nummer: 3-2026-000042
                Rechnungs- und Leistungsdatum: 03.03.2026
                Auftrag: 77
                Rechnungsempfänger: Kundennummer 12, Rechnungsangaben Fassung 512
                Verkäufer: Kundennummer 13, keine Rechnungsangaben hinterlegt

                Lead „Dach <neu>“                                             1.234,56 €
                Käufergebühr (5 %)                                               61,73 €
                Umsatzsteuer (19 %)                                             246,30 €
                ------------------------------------------------------------------------
                Gesamtbetrag                                                  1.542,59 €

                Der Betrag wurde aus dem Guthaben bezahlt.

                """)
    }

    @Test("A15 a document names both sides by the billing identities that it was issued with")
    func addresses() throws {
        var content = try content(.german)
        content.recipientAddress.name = "Müller & Söhne <GmbH>"
        content.recipientAddress.street = "Am Markt 1"
        content.recipientAddress.postalCode = "10115"
        content.recipientAddress.city = "Berlin"
        content.recipientAddress.country = "DE"
        content.recipientAddress.taxNumber = "DE123456789"
        let layout = InvoiceLayout(content)
        let buyer = """
            Müller & Söhne <GmbH>, Am Markt 1, 10115 Berlin, DE, USt-IdNr./Steuernummer DE123456789, Kundennummer 12
            """
        #expect(layout.text.contains("Rechnungsempfänger: \(buyer)\n"))
        #expect(layout.html(.german).contains("Müller &amp; Söhne &lt;GmbH&gt;, Am Markt 1"))
        #expect(layout.text.contains("Verkäufer: Kundennummer 13, keine Rechnungsangaben hinterlegt"))
    }

    @Test("A15 F8 an English credit note names its invoice, and its amounts are negative")
    func english() throws {
        let text = InvoiceLayout(try content(.english, .creditNote)).text
        #expect(
            text.replacing("\u{a0}", with: " ") == """
                Lead & Co

                Credit note

                Number: 3-2026-C000007
                Corrects invoice: 3-2026-000042
                Date of issue and supply: 3 March 2026
                Order: 77
                Bill to: Customer no. 12, billing identity version 512
                Seller: Customer no. 13, no billing identity on file
                Reason: falseData

                Lead “Dach <neu>”                                             -€1,234.56
                Buyer’s fee (5%)                                                 -€61.73
                VAT (19%)                                                       -€246.30
                ------------------------------------------------------------------------
                Total                                                         -€1,542.59

                The amount was credited to the balance.

                """)
    }

    @Test("A15 F8 a Russian invoice")
    func russian() throws {
        let layout = InvoiceLayout(try content(.russian))
        #expect(layout.heading == "Счёт")
        #expect(
            layout.facts.map(\.label) == ["Номер", "Дата счёта и услуги", "Заказ", "Плательщик", "Продавец"])
        #expect(
            layout.items.map(\.label) == [
                "Лид «Dach <neu>»", "Сбор с покупателя (5\u{a0}%)", "НДС (19\u{a0}%)",
            ])
        #expect(layout.total.value == "1\u{a0}542,59\u{a0}€")
    }

    @Test("A15 in HTML other people's text is text", arguments: [Language.german, .english, .russian])
    func html(language: Language) throws {
        let page = InvoiceLayout(try content(language)).html(language)
        #expect(page.contains("Dach &lt;neu&gt;") && !page.contains("<neu>"))
        #expect(page.contains("Lead &amp; Co"))
        #expect(page.contains("3-2026-000042"))
        #expect(!page.contains("http") && !page.contains("<script"))
    }
}
