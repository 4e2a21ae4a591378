/// What a browser sends of a form is refused, or read into fields that, written again, are read the same.
///
/// Input: with the lowest bit of the first byte set, the rest is the form's body. Else it is names and values, separated
/// by zero bytes, that a browser writes: its bits say which bytes it escapes.
enum FormsTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard let settings = input.first else { return }
        if settings & 1 == 1 {
            guard let form = PageForm([UInt8](input.after(1))) else { return }
            expect(
                PageForm(written(form.fields))?.fields.elementsEqual(form.fields, by: ==) == true, "one form")
            for field in form.fields {
                let first = form.fields.first { $0.name == field.name }
                expect(form[field.name] == first?.value, "the first value of a name counts")
            }
            return
        }
        let texts = input.after(1).split(separator: 0, omittingEmptySubsequences: false).map {
            text(UnsafeRawBufferPointer(rebasing: $0))
        }
        var fields: [(name: String, value: String)] = []
        for index in stride(from: 0, to: texts.count - 1, by: 2) {
            // A pair without a name and a value is none at all.
            fields.append((name: "n" + texts[index], value: texts[index + 1]))
        }
        let form = PageForm(written(fields, escaping: settings))
        expect(form != nil, "what a browser writes is read")
        expect(form?.fields.elementsEqual(fields, by: ==) == true, "fields come back as they were written")
    }

    /// The fields as a browser writes them; with `escaping` some bytes escaped that need not be.
    private static func written(
        _ fields: [(name: String, value: String)], escaping: UInt8 = 0
    ) -> [UInt8] {
        var body: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { body.append(UInt8(ascii: "&")) }
            body += escaped(field.name, escaping)
            body.append(UInt8(ascii: "="))
            body += escaped(field.value, escaping)
        }
        return body
    }

    private static func escaped(_ text: String, _ settings: UInt8) -> [UInt8] {
        let digits = Array(settings & 2 == 0 ? "0123456789ABCDEF".utf8 : "0123456789abcdef".utf8)
        return text.utf8.enumerated().flatMap { index, byte -> [UInt8] in
            let needs = byte >= 0x80 || byte < 0x20 || "&=+%".utf8.contains(byte)
            let chosen = settings & 4 != 0 && (index + Int(byte)) % 3 == 0
            if byte == UInt8(ascii: " "), settings & 8 != 0 { return [UInt8(ascii: "+")] }
            guard needs || chosen else { return [byte] }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
