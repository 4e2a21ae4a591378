import Kernel
import Messages
import Testing
import Wire

@Suite("Personal text on the wire")
struct PersonalTextTests {
    private struct Note: Record {
        var text = PersonalText()
        init() {}
        init(_ text: PersonalText) { self.text = text }
        mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("text", &text, .personal(8))
        }
    }

    @Test("in the clear: key 0, then a text")
    func plain() throws {
        let note = Note(PersonalText("Käufer"))
        #expect(Hex.encode(note.encoded()) == "0000000000000000" + "07000000" + "4bc3a475666572")
        #expect(try Note(decoding: note.encoded()).text.plaintext == "Käufer")
    }

    @Test("sealed: the key's number, then bytes of any kind")
    func sealed() throws {
        let note = Note(PersonalText(key: 258, bytes: [0, 0xff, 0x1b]))
        #expect(Hex.encode(note.encoded()) == "0201000000000000" + "03000000" + "00ff1b")
        let read = try Note(decoding: note.encoded())
        #expect(read == note)
        #expect(read.text.isSealed)
        #expect(read.text.plaintext == nil)
    }

    @Test("in the clear it obeys the limit and the rules of texts")
    func limits() {
        #expect(throws: WireError.tooLong(limit: 8, found: 9)) {
            try Note(decoding: Note(PersonalText("123456789")).encoded())
        }
        #expect(throws: WireError.invalidText) {
            try Note(decoding: Note(PersonalText(key: 0, bytes: [0x1b])).encoded())
        }
    }

    @Test("sealed it may be 64 bytes longer, for nonce and tag")
    func sealedLimit() throws {
        let full = Note(PersonalText(key: 1, bytes: [UInt8](repeating: 0xff, count: 72)))
        #expect(try Note(decoding: full.encoded()) == full)
        #expect(throws: WireError.tooLong(limit: 72, found: 73)) {
            try Note(decoding: Note(PersonalText(key: 1, bytes: [UInt8](repeating: 0, count: 73))).encoded())
        }
    }
}
