import Kernel
import Testing

@Suite("Contact data in free text") struct ContactDataTests {
    @Test("A1 A5 hidden contact data is found", arguments: rows(hidden)) func finds(row: String) {
        let parts = row.split(separator: "|", maxSplits: 1).map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(ContactData.found(in: parts[1]).map { "\($0)" } == parts[0], "\(row)")
    }

    @Test("A1 what describes a project is no contact data", arguments: rows(harmless)) func leaves(
        row: String
    ) {
        #expect(ContactData.found(in: row) == nil, "\(row)")
    }

    @Test("A1 digits on lines of their own, invisible and full-width characters hide nothing") func unseen() {
        #expect(ContactData.found(in: "0\n1\n7\n1\n2\n3\n4\n5\n6\n7") == .phone)
        #expect(ContactData.found(in: "0171\u{200b}123\u{200b}4567") == .phone)
        #expect(
            ContactData.found(in: "\u{ff10}\u{ff11}\u{ff17}\u{ff11}\u{ff11}\u{ff12}\u{ff13}\u{ff14}")
                == .phone)
        #expect(ContactData.found(in: "max\u{ff20}firma.de") == .email)
        #expect(ContactData.found(in: "max a\u{308}t firma punkt de") == .email)
    }

    private static func rows(_ table: String) -> [String] { table.split(separator: "\n").map(String.init) }

    private static let hidden = """
        email | Schreibt an max.muster@firma.de
        email | max.muster @ firma . de
        email | MAX@FIRMA.DE
        email | max (at) firma (dot) de
        email | max [at] firma
        email | max{ät}web.de
        email | max ät gmx punkt net
        email | max at firma punkt de
        email | max punkt muster at web dot de
        email | john at example dot com
        email | info at gmail
        email | иван собака почта точка ру
        email | иван собака яндекс
        email | ivan (собака) mail.ru
        email | max klammeraffe firma punkt de
        email | instagram @mueller
        link  | Mehr auf https://example.org/lead
        link  | http://192.168.0.1/lead
        link  | www firma de
        link  | siehe firma.de für Bilder
        link  | siehe firma punkt de
        link  | see example dot com
        link  | смотрите пример точка ру
        link  | смотрите пример.рф
        link  | t.me/mueller
        link  | wa.me/49171
        phone | Tel. 0171 1234567
        phone | 0171/123 45 67
        phone | +49 171 123 456
        phone | 030 123 456
        phone | 0 1 7 1 1 2 3 4 5 6 7
        phone | 0171-1234567
        phone | 01.71.23.45.67
        phone | 8 (916) 123-45-67
        phone | 8-800-555-35-35
        phone | 0,1,7,1,1,2,3,4,5,6,7
        phone | 1711234567
        phone | null eins sieben eins zwei drei vier fünf sechs
        phone | nulleinssiebeneins zweidreivier
        phone | null171 zwei drei vier 567
        phone | zero one seven one two three four
        phone | ноль один семь один два три четыре
        phone | восемь девятьсот 916 123 45 67
        phone | null einundsiebzig dreiundzwanzig vierzehn
        phone | Ruf an: null-eins-sieben-eins-zwei-drei
        handle | telegram: mueller77
        handle | insta max_muster
        """

    private static let harmless = """
        Budget 25.000 - 30.000 EUR, gern auch mehr
        Budget 25.000-30.000 €
        Budget 5000-10000 Euro
        Budget 1.250.000,00 EUR
        Budget bis 1500000 Euro
        Бюджет 250 000 - 300 000 рублей
        Start am 15.03.2026, Ende am 01.06.2026
        Zeitraum 01.02.2026 - 15.03.2026
        Zwischen 2026-03-15 und 2026-04-01
        Fertig 2026/2027
        Baujahr 1985, 140 qm, 2 Bäder
        In 10115 Berlin, 3. OG
        10115 120 qm
        PLZ 10115, 10117 oder 10119
        PLZ 10115 / 10117
        Mo-Fr 8:00-17:00 erreichbar für Handwerker
        Mo-Fr 9.00-17.30 Uhr
        Verbrauch 4500 kWh, 9,8 kWp geplant
        Zwei bis drei Räume, vier Fenster, eine Tür
        Eins nach dem anderen: erst Bad, dann Küche
        We look at the roof. It leaks.
        Arrive at home dot matrix printing
        z.B. eine Wärmepumpe, ca. 12 kW o.ä.
        ASP.NET oder Node.js, ca. 20 Seiten
        Ищем дрессировщика: собака 3 года
        Важная точка роста: маркетинг
        Der wichtigste Punkt: Preis und Qualität
        5 Stück @ 20 EUR
        Marketing auf Instagram: mehr Reichweite für 2 Marken
        Etwa 24, 36 oder 48 Monate
        REST-Schnittstelle über HTTP und HTTPS
        Маленький сайт, 10 страниц, срок 2 месяца
        """
}
