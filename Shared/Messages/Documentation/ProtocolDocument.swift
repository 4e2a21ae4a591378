import Kernel
import Wire

/// The parts of protocol.md that are drawn from the messages themselves.
///
/// Each stands between `<!-- generated:NAME -->` and `<!-- /generated -->`; everything around them is written by
/// hand and kept.
public enum ProtocolDocument {
    /// `existing` with every generated part as it is now. A part whose name nobody knows becomes empty.
    public static func render(existing: String) -> String {
        let parts = parts()
        var lines: [Substring] = []
        var isInside = false
        for line in existing.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == end { isInside = false }
            if !isInside { lines.append(line) }
            if let name = name(opening: line) {
                isInside = true
                let part = parts[name] ?? ""
                lines += part.split(separator: "\n", omittingEmptySubsequences: false)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Names of parts that a document has to hold: a client's messages, their types, index and errors.
    public static var requiredParts: [String] {
        ["index", "limits", "errors", "enumerations", "between services"]
            + clientMessages.map { $0.title } + clientRecords.map(\.name)
    }

    /// Names of the parts that `document` holds.
    public static func parts(in document: String) -> [String] {
        document.split(separator: "\n").compactMap { name(opening: $0) }
    }

    /// What a client sends, and what it is answered or pushed.
    static let clientMessages: [any Message.Type] = {
        let requests = Catalogue.all.filter { isForClients($0.audience) }
        let answers = requests.compactMap { answer(to: $0) } + pushed + [Refusal.self, Welcome.self]
        let codes = Set((requests + answers).map { $0.code })
        return Catalogue.all.filter { codes.contains($0.code) }
    }()

    private static let pushed: [any Message.Type] = [InboxPushed.self]
    private static let end: Substring = "<!-- /generated -->"

    private static func name(opening line: Substring) -> String? {
        let opening = "<!-- generated:"
        let closing = " -->"
        guard line.hasPrefix(opening), line.hasSuffix(closing) else { return nil }
        return String(line.dropFirst(opening.count).dropLast(closing.count))
    }

    private static func parts() -> [String: String] {
        var parts = [
            "index": index, "limits": limits, "errors": errors, "enumerations": enumerations,
            "between services": betweenServices,
        ]
        for message in clientMessages { parts[message.title] = describe(message) }
        for record in clientRecords { parts[record.name] = table(record.fields) }
        return parts
    }

    // MARK: Messages

    private static var index: String {
        "| code | message | kind | sent by | answered by |\n| --- | --- | --- | --- | --- |\n"
            + clientMessages.map(indexLine).joined(separator: "\n")
    }

    private static func indexLine(_ message: any Message.Type) -> String {
        let answer = answer(to: message)?.title ?? (message == Hello.self ? Welcome.title : "")
        return "| `\(hexadecimal(message.code))` | \(link(message.title)) | \(kind(message)) | "
            + "\(sender(message)) | \(answer.isEmpty ? "" : link(answer)) |"
    }

    private static func describe(_ message: any Message.Type) -> String {
        var text = "`\(hexadecimal(message.code))` · \(kind(message)) · sent by \(sender(message))"
        if let answer = answer(to: message) { text += " · answered by \(link(answer.title))" }
        let fields = RecordCollector.fields(of: message)
        return text + "\n\n" + (fields.isEmpty ? "No fields: the body is empty." : table(fields))
    }

    /// Messages on links between services, and the records that occur in no client's message.
    private static var betweenServices: String {
        let messages = Catalogue.all.filter { message in
            if case .services = message.audience { return true }
            return false
        }
        let known = Set(clientRecords.map(\.name))
        let records = records(in: messages + answers(to: messages)).filter { !known.contains($0.name) }
        return (messages + answers(to: messages)).map { "**\($0.title)** " + describe($0) }
            .joined(separator: "\n\n") + "\n\n"
            + records.map { "**\($0.name)** record\n\n" + table($0.fields) }.joined(separator: "\n\n")
    }

    /// What answers these alone and no client.
    private static func answers(to messages: [any Message.Type]) -> [any Message.Type] {
        let known = Set(clientMessages.map { $0.code })
        let codes = Set(messages.compactMap { answer(to: $0)?.code }).subtracting(known)
        return Catalogue.all.filter { codes.contains($0.code) || onlyPushedToGateways($0) }
    }

    private static func onlyPushedToGateways(_ message: any Message.Type) -> Bool {
        message == Applied.self || message == SessionsRevoked.self
    }

    private static func kind(_ message: any Message.Type) -> String {
        switch message {
        case is any Command.Type: "command"
        case is any Query.Type: "query"
        case is any PeerMessage.Type: "peer message"
        case is InboxPushed.Type: "push"
        case is Hello.Type: "greeting"
        default: "answer"
        }
    }

    private static func sender(_ message: any Message.Type) -> String {
        switch message.audience {
        case .anyone: "anyone"
        case .everyParty: "every party"
        case .everybody: "every party and switch"
        case .parties(let roles): names(roles)
        case .operators: "operators"
        case .services(let services): services.map(\.title).joined(separator: ", ")
        case .itself: "nobody"
        case .answer: "the house"
        }
    }

    private static func names(_ roles: Roles) -> String {
        [
            (Roles.seller, "sellers"), (.buyer, "buyers"), (.operator_, "operators"),
            (.telephoneSwitch, "switches"),
        ]
        .filter { roles.contains($0.0) }.map(\.1).joined(separator: ", ")
    }

    private static func isForClients(_ audience: Audience) -> Bool {
        switch audience {
        case .anyone, .parties, .operators: true
        case .services, .itself, .answer: false
        }
    }

    private static func answer(to message: any Message.Type) -> (any Message.Type)? {
        func answer<C: Command>(of _: C.Type) -> any Message.Type { C.Answer.self }
        func answer<Q: Query>(of _: Q.Type) -> any Message.Type { Q.Answer.self }
        if let command = message as? any Command.Type { return answer(of: command) }
        if let query = message as? any Query.Type { return answer(of: query) }
        return nil
    }

    /// Markdown's anchors are the headings in lower case.
    private static func link(_ title: String) -> String { "[\(title)](#\(title.lowercased()))" }

    // MARK: Fields and types

    private static func table(_ fields: [RecordCollector.Field]) -> String {
        "| field | type | at most | notes |\n| --- | --- | --- | --- |\n"
            + fields.map(line).joined(separator: "\n")
    }

    private static func line(_ field: RecordCollector.Field) -> String {
        var notes: [String] = []
        switch field.traits.mark {
        case .plain: break
        case .personal: notes.append("personal")
        case .secret: notes.append("secret")
        }
        if field.traits.since > 1 { notes.append("since version \(field.traits.since)") }
        return "| `\(field.name)` | \(field.type) | \(bound(field)) | \(notes.joined(separator: ", ")) |"
    }

    private static func bound(_ field: RecordCollector.Field) -> String {
        let optional = "optional "
        let type = field.type.hasPrefix(optional) ? String(field.type.dropFirst(optional.count)) : field.type
        if type.hasPrefix("list of ") { return "\(field.traits.limit) entries" }
        let isCounted = type == String.wireName || type == Bytes.wireName || type == PersonalText.wireName
        return isCounted ? "\(field.traits.limit) bytes" : ""
    }

    /// Records within client messages, by name.
    private static let clientRecords = records(in: clientMessages)

    private static func records(
        in messages: [any Message.Type]
    ) -> [(name: String, fields: [RecordCollector.Field])] {
        var collector = RecordCollector()
        for message in messages { message.collectRecords(&collector) }
        let titles = Set(Catalogue.all.map { $0.title })
        return collector.records.filter { !titles.contains($0.name) }.sorted { $0.name < $1.name }
    }

    private static var enumerations: String {
        var collected = RecordCollector()
        for message in Catalogue.all where message.audience != .itself {
            message.collectRecords(&collected)
        }
        return "| type | cases |\n| --- | --- |\n"
            + collected.enumerations.sorted { $0.name < $1.name }.map { enumeration in
                let cases = enumeration.cases.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
                return "| \(enumeration.name) | \(cases) |"
            }.joined(separator: "\n")
    }

    // MARK: Limits and errors

    private static var limits: String {
        """
        | limit | value |
        | --- | --- |
        | the longest frame before sign-in, its length prefix not counted | \(FrameLimits.longestBeforeSignIn) bytes |
        | the longest frame after it; `Welcome` may name less | \(FrameLimits.longest) bytes |
        | the shortest frame: a header and no body | \(FrameLimits.header) bytes |
        | the shortest body that is worth compressing | \(FrameLimits.compressedFrom) bytes |
        | what a compressed body may grow to | \(FrameLimits.greatestExpansion) times its size |
        """
    }

    private static var errors: String {
        "| code | name | meaning | send again? | closes? |\n| --- | --- | --- | --- | --- |\n"
            + RefusalCode.allCases.map { code in
                "| \(code.rawValue) | \(code) | \(code.meaning) | \(code.retryable ? "yes" : "no") | "
                    + "\(code.closes ? "yes" : "no") |"
            }.joined(separator: "\n")
    }
}
