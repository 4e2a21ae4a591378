import ContactVaultRules
import Testing

@Suite("E-mail addresses")
struct EmailAddressTests {
    /// Written, normalised; `-` for none.
    static let table = """
        anna@example.org          | anna@example.org
        Anna.Berg@Example.ORG     | anna.berg@example.org
        anna+lead@example.org     | anna+lead@example.org
        анна@пример.рф            | анна@пример.рф
        ANNA@MÜLLER.example       | anna@müller.example
        o'neill@example.co.uk     | o'neill@example.co.uk
        anna                      | -
        anna@                     | -
        @example.org              | -
        anna@example              | -
        anna@@example.org         | -
        anna@exa mple.org         | -
        an na@example.org         | -
        .anna@example.org         | -
        anna..b@example.org       | -
        anna@.example.org         | -
        anna@example..org         | -
        anna@-example.org         | -
        anna@exam_ple.org         | -
        a,b@example.org           | -
        <anna@example.org>        | -
                                  | -
        """

    @Test("F10 an e-mail address has one form, and what is none is refused")
    func normalises() {
        for row in Self.table.split(separator: "\n") {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map {
                Blanks.trimmed(String($0))
            }
            #expect((EmailAddress.normalised(cells[0]) ?? "-") == cells[1], "\(row)")
        }
    }

    @Test("F10 blanks around an address do not count, lengths do")
    func limits() {
        #expect(EmailAddress.normalised("\u{a0} Anna@Example.org\t\n") == "anna@example.org")
        #expect(EmailAddress.normalised("anna\n@example.org") == nil)
        #expect(EmailAddress.normalised(String(repeating: "a", count: 65) + "@example.org") == nil)
        let long = String(repeating: "abcdefgh.", count: 30) + "org"
        #expect(EmailAddress.normalised("a@" + long) == nil)
    }
}
