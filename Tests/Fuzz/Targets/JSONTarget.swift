import Kernel
import Messages
import Wire

/// JSON text is refused or read; what was read is written so that it is read the same, and where it makes a
/// message, that message's bytes are within the limits that a reader keeps.
///
/// Input: two bytes that choose a message, then the text.
enum JSONTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2, let json = try? JSON(parsing: text(input.after(2))) else { return }
        let written = json.text
        guard let again = try? JSON(parsing: written), let indented = try? JSON(parsing: json.pretty()) else {
            fatalError("JSON that cannot be read again: \(written)")
        }
        expect(again.text == written, "JSON is read as it was written")
        expect(indented.text == written, "indented JSON is the same JSON")
        check(BodiesTarget.message(input.loadUnaligned(as: UInt16.self)), json)
    }

    private static func check<M: Message>(_: M.Type, _ json: JSON) {
        guard let value = try? M.fromJSON(json, .plain) else { return }
        let bytes = value.encoded()
        guard let again = try? M(decoding: bytes) else {
            fatalError("\(M.title): JSON makes a message that no reader takes: \(json.text)")
        }
        expect(again.encoded() == bytes, "\(M.title): a message from JSON is read as it was written")
    }
}
