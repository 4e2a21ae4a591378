import Foundation
import Messages
import Testing

@Suite("protocol.md")
struct ProtocolDocumentTests {
    @Test("its generated parts are those that this build writes")
    func fresh() throws {
        let document = try Repository.text("protocol.md")
        #expect(ProtocolDocument.render(existing: document) == document, "stale: gavel protocol")
    }

    @Test("has a part for every message of clients, each once")
    func complete() throws {
        let parts = ProtocolDocument.parts(in: try Repository.text("protocol.md"))
        #expect(parts.sorted() == ProtocolDocument.requiredParts.sorted())
    }

    @Test("every message has a heading and a sentence of its own before its table")
    func sentences() throws {
        let lines = try Repository.text("protocol.md").components(separatedBy: "\n")
        let titles = Set(ProtocolDocument.requiredParts.filter { $0.first?.isUppercase == true })
        for (number, line) in lines.enumerated() {
            guard line.hasPrefix("<!-- generated:") else { continue }
            let title = String(line.dropFirst("<!-- generated:".count).dropLast(" -->".count))
            guard titles.contains(title) else { continue }
            let before = lines[..<number].reversed().prefix { $0 != "#### \(title)" }
            #expect(before.count < 30, "\(title) has no heading")
            #expect(before.contains { $0.count > 10 }, "\(title) has no sentence")
        }
    }

    @Test("what stands outside of the marks is kept, what stands inside is replaced")
    func marks() {
        let document = """
            before
            <!-- generated:Done -->
            stale
            <!-- /generated -->
            after
            """
        let rendered = ProtocolDocument.render(existing: document)
        #expect(rendered.hasPrefix("before\n<!-- generated:Done -->\n`0x0044` · answer"))
        #expect(rendered.hasSuffix("\n<!-- /generated -->\nafter"))
        #expect(!rendered.contains("stale"))
        #expect(ProtocolDocument.render(existing: rendered) == rendered)
    }
}
