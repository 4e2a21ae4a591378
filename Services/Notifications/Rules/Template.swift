import Kernel
import Messages

/// What is said of one event in one language.
///
/// `{place}` stands for a value. A sentence whose place has no value is left out, so that a sender that knows
/// less still gives a text that reads well; the subject and the first sentence use only what is always there.
struct Template {
    /// One line: the inbox item's title and the e-mail's subject.
    var subject: String
    /// The sentences of the inbox item; they begin the e-mail too.
    var text: [String]
    /// Further paragraphs of the e-mail.
    var mail: [String]

    init(_ subject: String, _ text: [String], mail: [String] = []) {
        self.subject = subject
        self.text = text
        self.mail = mail
    }

    init(_ event: NotificationEvent, in language: Language) {
        self =
            switch language {
            case .german: GermanTemplates.template(event)
            case .english: EnglishTemplates.template(event)
            case .russian: RussianTemplates.template(event)
            }
    }

    /// The names of all places in `text`, in order.
    static func places(in text: String) -> [String] {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
        }
    }

    /// `text` with its places filled; nothing if one has no value. Works on bytes: every outbid bidder's item
    /// passes here.
    static func filled(_ text: String, _ value: (String) -> String?) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 64)
        var name: [UInt8] = []
        var open = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "{"):
                open = true
                name.removeAll(keepingCapacity: true)
            case UInt8(ascii: "}"):
                guard let filled = value(String(decoding: name, as: UTF8.self)) else { return nil }
                result.append(contentsOf: filled.utf8)
                open = false
            case _ where open: name.append(byte)
            default: result.append(byte)
            }
        }
        return open ? nil : String(decoding: result, as: UTF8.self)
    }
}
