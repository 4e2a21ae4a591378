import Testing

@testable import Gateway

@Suite("The form of the page for callers") struct PageFormTests {
    private func form(_ text: String) -> PageForm? { PageForm([UInt8](text.utf8)) }

    @Test("E14 fields are read as a browser writes them")
    func fields() throws {
        let read = try #require(form("number=%2B49+30+123&amount=1000&name=J%c3%bCrgen&empty=&bare&amount=2"))
        #expect(read["number"] == "+49 30 123")
        #expect(read["amount"] == "1000")
        #expect(read["name"] == "Jürgen")
        #expect(read["empty"] == "")
        #expect(read["bare"] == "")
        #expect(read["absent"] == nil)
        #expect(read.fields.count == 6)
        #expect(form("a=b=c")?["a"] == "b=c")
        #expect(form("")?.fields.isEmpty == true)
        #expect(form("&&")?.fields.isEmpty == true)
    }

    @Test(
        "E14 what no browser writes is no form",
        arguments: ["a=%", "a=%4", "a=%4x", "a=%%41", "%zz=1", "a=%ff", "a=%c3", "a=%C3%28"])
    func refused(_ text: String) { #expect(form(text) == nil) }
}
