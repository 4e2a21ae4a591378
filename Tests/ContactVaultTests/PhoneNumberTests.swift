import ContactVaultRules
import Testing

@Suite("Phone numbers")
struct PhoneNumberTests {
    /// Written, country, normalised; `-` for none.
    static let table = """
        +49 170 1234567      | DE | 491701234567
        0170 1234567         | DE | 491701234567
        0170/123 45-67       | DE | 491701234567
        (0170) 1234567       | DE | 491701234567
        +49 (0) 170 1234567  | DE | 491701234567
        +49 0170 1234567     | AT | 491701234567
        0049 170 1234567     | DE | 491701234567
        491701234567         | DE | 491701234567
        490170 1234567       | DE | 491701234567
        +49 00170 1234567    | DE | -
        0049 0 0170 1234567  | DE | -
        030 901820           | DE | 4930901820
        0664 1234567         | AT | 436641234567
        079 123 45 67        | CH | 41791234567
        8 912 345-67-89      | RU | 79123456789
        +7 (912) 345-67-89   | DE | 79123456789
        7 912 345 67 89      | ru | 79123456789
        912 345 67 89        | RU | 79123456789
        (212) 555-0123       | US | 12125550123
        1-212-555-0123       | US | 12125550123
        020 7946 0123        | GB | 442079460123
        06 1234 5678         | IT | 390612345678
        +1 212 555 0123      |    | 12125550123
        0170 1234567         |    | -
        0170 1234567         | XX | -
        12                   | DE | -
        +49                  | DE | -
        +12345678901234567   | DE | -
        0170 call me         | DE | -
        49+170 1234567       | DE | -
        ++49170 1234567      | DE | -
        +0170 1234567        | DE | -
                             | DE | -
        """

    @Test("F10 two ways to write a phone number are one number")
    func normalises() {
        for row in Self.table.split(separator: "\n") {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map {
                Blanks.trimmed(String($0))
            }
            let found = PhoneNumber.normalised(cells[0], country: cells[1]) ?? "-"
            #expect(found == cells[2], "\(row)")
        }
    }

    @Test("F10 blanks of any kind do not make another number")
    func ignoresBlanks() {
        #expect(
            PhoneNumber.normalised("\u{a0}+49\u{2009}170\u{200b}1234567\u{feff}", country: "DE")
                == "491701234567")
        #expect(PhoneNumber.normalised("0170\u{2013}1234567", country: "DE") == "491701234567")
    }
}
