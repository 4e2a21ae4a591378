import Kernel
import Messages
import Wire

/// A body that is taken has no other encoding, and its JSON stands for the same value.
///
/// Input: two bytes that choose the message (its code, or any number modulo their count), then the body.
enum BodiesTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2 else { return }
        check(message(input.loadUnaligned(as: UInt16.self)), input.after(2))
    }

    static func message(_ number: UInt16) -> any Message.Type {
        let code = UInt16(littleEndian: number)
        return Catalogue.message(code) ?? Catalogue.all[Int(code) % Catalogue.all.count]
    }

    private static func check<M: Message>(_: M.Type, _ body: UnsafeRawBufferPointer) {
        guard let value = try? M(decoding: body) else { return }
        expect(value.encoded().elementsEqual(body), "\(M.title): one value has one encoding")
        let json = value.json(.plain)
        guard let parsed = try? JSON(parsing: json.text) else {
            fatalError("\(M.title): JSON that is none: \(json.text)")
        }
        expect(parsed.text == json.text, "\(M.title): JSON is read as it was written")
        _ = Redacted.json(value).text
        if isSealed(value) { return }
        guard let again = try? M.fromJSON(parsed, .plain) else {
            fatalError("\(M.title): JSON of a value that makes no value: \(json.text)")
        }
        expect(again.encoded().elementsEqual(body), "\(M.title): JSON keeps the value")
    }

    /// Sealed content shows only its key in JSON.
    private static func isSealed(_ value: some Record) -> Bool {
        var copy = value
        var visitor = SealVisitor()
        try? copy.fields(&visitor)
        return visitor.found
    }
}

private struct SealVisitor: FieldVisitor {
    var found = false

    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        if let text = value as? PersonalText {
            found = found || text.isSealed
        } else {
            try value.descend(&self)
        }
    }
}
