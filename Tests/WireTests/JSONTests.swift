import Testing
import Wire

@Suite("JSON")
struct JSONTests {
    @Test(
        "is read and written back",
        arguments: [
            "null", "true", "false", "0", "-12.5e+3", "18446744073709551615", #""""#, "[]", "{}",
            #"[1,[2,{"a":null}],"b"]"#, #"{"a":1,"a":2}"#,
        ])
    func readAndWritten(text: String) throws {
        #expect(try JSON(parsing: text).text == text)
        #expect(try JSON(parsing: JSON(parsing: text).pretty()) == JSON(parsing: text))
    }

    @Test(
        "quotes what a text may hold",
        arguments: [
            ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\t\r", #""\n\t\r""#),
            ("\u{0}\u{1f}\u{8}", #""\u0000\u001f\u0008""#),
            ("é😀\u{2028}", "\"é😀\u{2028}\""), ("e\u{301}", "\"e\u{301}\""),
        ])
    func quoting(text: String, quoted: String) throws {
        #expect(Array(JSON.string(text).text.utf8) == Array(quoted.utf8))
        #expect(try JSON(parsing: quoted) == .string(text))
    }

    @Test("names are quoted like texts")
    func names() throws {
        let object = JSON.object([.init("a\"b", .int(1))])
        #expect(object.text == #"{"a\"b":1}"#)
        #expect(try JSON(parsing: object.text) == object)
    }

    @Test("escapes are read, also surrogate pairs")
    func escapes() throws {
        #expect(try JSON(parsing: #""\u00e9\ud83d\ude00\/\b\f""#) == .string("é😀/\u{8}\u{c}"))
    }

    @Test(
        "anything else is refused, never trapped on",
        arguments: [
            "", " ", "nul", "tru", "01", "+1", ".5", "5.", "1e", "1e+", "-", "--1", "1 2", "[1,]", "[1", "{",
            #"{"a"}"#, #"{"a":}"#, #"{a:1}"#, #"{"a":1,}"#, #"""#, #""\"#, #""\x""#, #""\u12""#, #""\u+123""#,
            #""\u-123""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"a\nb\"", "'a'", "٣", "[[[",
            String(repeating: "[", count: 100_000),
        ])
    func garbage(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("a text above its limit, or with control characters, is refused before it is sent")
    func limits() {
        #expect(throws: JSONError.self) { try String.fromJSON(.string("ééé"), .limit(5)) }
        #expect(throws: JSONError.self) { try String.fromJSON(.string("a\u{1b}b"), .limit(5)) }
        #expect(throws: JSONError.self) { try Bytes.fromJSON(.string("000102"), .limit(2)) }
        #expect(throws: JSONError.self) { try [UInt8].fromJSON(.string("1,2,3"), .limit(2)) }
        #expect(throws: JSONError.self) { try UInt8.fromJSON(.number("256"), .plain) }
        #expect(throws: JSONError.self) { try UInt8.fromJSON(.number("-1"), .plain) }
        #expect(throws: JSONError.self) { try UInt8.fromJSON(.number("1.0"), .plain) }
    }

    @Test("hexadecimal is read strictly", arguments: ["0", "0g", "+1", " 1", "٣٣"])
    func hexadecimal(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
