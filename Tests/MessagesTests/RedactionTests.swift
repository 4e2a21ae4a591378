import Kernel
import Messages
import Testing
import Wire

@Suite("Redaction for logs")
struct RedactionTests {
    private static let marker = "Marianne"

    @Test("no personal or secret field of any message is shown")
    func nothingShown() {
        func check<M: Message>(_: M.Type) {
            var chance = WireChance(seed: 7)
            for _ in 0..<20 {
                var marked = M.random(&chance, .plain)
                var visitor = MarkingVisitor(marker: Self.marker)
                try? marked.fields(&visitor)
                let text = Redacted.json(marked).text
                #expect(!text.contains(Self.marker), "\(M.title): \(text)")
            }
        }
        for message in Catalogue.all { check(message) }
    }

    @Test("everything else is shown as it is")
    func restShown() {
        func check<M: Message>(_: M.Type) {
            var collector = RecordCollector()
            M.collectRecords(&collector)
            guard collector.records.allSatisfy({ $0.fields.allSatisfy { $0.traits.mark == .plain } }) else {
                return
            }
            var chance = WireChance(seed: 11)
            for _ in 0..<20 {
                let value = M.random(&chance, .plain)
                #expect(Redacted.json(value) == value.json(.plain), "\(M.title)")
            }
        }
        for message in Catalogue.all { check(message) }
    }

    @Test("a sealed text's JSON names its key and nothing of its content")
    func sealed() {
        let sealed = PersonalText(key: 7, bytes: Array(Self.marker.utf8))
        #expect(sealed.json(.plain).text == #"{"sealedWith":7}"#)
    }
}

/// Puts a marker into every personal and secret text, also in records and lists within.
private struct MarkingVisitor: FieldVisitor {
    let marker: String
    var isMarked = false

    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        let outer = isMarked
        isMarked = isMarked || traits.mark != .plain
        defer { isMarked = outer }
        if isMarked, let text = marker as? Value {
            value = text
        } else if isMarked, let text = PersonalText(marker) as? Value {
            value = text
        } else {
            try value.descend(&self)
        }
    }
}
