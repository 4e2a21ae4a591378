import ArgumentParser
import Client
import Glibc
import Kernel
import Messages
import Operation
import Wire

/// As whom a command speaks.
struct Speaker: ParsableArguments {
    @Option(name: .customLong("as"), help: "E-mail address of the party to sign in as.") var email: String?
    @Option(help: "Its password, where no sign-in is remembered; or GAVEL_PASSWORD in the environment.")
    var password: String?
    @Option(help: "Its marketplace's number; none for operators.") var marketplace: UInt32?

    /// A connection to the gateway, signed in if `--as` is given.
    func connect(_ installation: Installation) async throws -> GavelClient {
        let client = try await installation.connect { $0.agent = "gavel" }
        guard let email else { return client }
        let known = password ?? getenv("GAVEL_PASSWORD").map { String(cString: $0) }
        let wish = SignInWish(
            email: email == "operator" ? FirstOperator.email : email, password: known,
            marketplace: marketplace.map { MarketplaceID($0) })
        try await wish.signIn(client, installation.data)
        return client
    }
}

/// Sends any message.
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send any message through the gateway and print its answer as JSON.",
        discussion: """
            Values: numbers, texts, 12.50EUR, 7d, 2026-03-02T08:00:00Z, names of cases, lists a,b,c, or JSON. \
            A field within a field is named a.b. Example: gavel call PlaceBid listing=256 amount=80EUR --as b@x.example
            """)

    @Argument(help: "The message's name as in protocol.md.") var message: String
    @Argument(help: "field=value, any number.") var fields: [String] = []
    @OptionGroup var place: Place
    @OptionGroup var speaker: Speaker
    @Option(help: "Idempotency key, 32 hexadecimal digits; the same key repeats a command safely.")
    var key: String?
    @Option(help: "Milliseconds until the answer is given up.") var timeout: UInt32 = 10_000
    @Flag(help: "JSON on one line.") var json = false

    func run() async throws {
        let type = try find()
        let body = try MessageText.encode(type, fields)
        let installation = try Installation.attach(place.folder)
        let client = try await speaker.connect(installation)
        let needsKey = type is any Command.Type
        let reply = try await client.rawCall(
            code: type.code, body: body, key: try parsedKey() ?? (needsKey ? client.nextKey() : nil),
            timeoutMilliseconds: timeout)
        await client.close()
        let answer = try MessageText.json(reply)
        Terminal.say(json ? answer.text : answer.pretty())
        if reply.code == Refusal.code { throw try Refusal(decoding: reply.body) }
    }

    private func find() throws -> any Message.Type {
        if let type = Catalogue.message(named: message) { return type }
        var known: [String] = []
        for type in Catalogue.all where type is any Command.Type || type is any Query.Type {
            known.append(type.title)
        }
        let word = message.lowercased()
        let near = known.filter { $0.lowercased().contains(word) || word.contains($0.lowercased()) }
        throw ValidationError(
            "no message is called '\(message)'; "
                + (near.isEmpty
                    ? "known: " + known.sorted().joined(separator: ", ")
                    : "near: \(near.joined(separator: ", "))"))
    }

    private func parsedKey() throws -> IdempotencyKey? {
        guard let key else { return nil }
        guard key.count == 32, let high = UInt64(key.prefix(16), radix: 16),
            let low = UInt64(key.suffix(16), radix: 16)
        else { throw ValidationError("expected a key of 32 hexadecimal digits, found '\(key)'") }
        return IdempotencyKey(high: high, low: low)
    }
}

/// Messages as the command line writes and reads them.
enum MessageText {
    /// The body of a message of `type` with fields as given.
    static func encode(_ type: any Message.Type, _ fields: [String]) throws -> [UInt8] {
        var content = JSON.object([])
        for field in fields {
            guard let equals = field.firstIndex(of: "=") else {
                throw ValidationError("expected field=value, found '\(field)'")
            }
            let path = field[..<equals].split(separator: ".").map(String.init)
            content = set(content, path[...], try value(String(field[field.index(after: equals)...])))
        }
        do {
            return try encoded(type, content)
        } catch let error as JSONError {
            throw ValidationError("\(type.title): \(error)")
        }
    }

    private static func encoded<M: Message>(_: M.Type, _ content: JSON) throws -> [UInt8] {
        try M.fromJSON(content, .plain).encoded()
    }

    private static func value(_ text: String) throws -> JSON {
        guard text.hasPrefix("{") || text.hasPrefix("[") || text == "null" else { return .string(text) }
        do {
            return try JSON(parsing: text)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private static func set(_ content: JSON, _ path: ArraySlice<String>, _ value: JSON) -> JSON {
        guard let name = path.first else { return value }
        var members: [JSON.Member] = if case .object(let known) = content { known } else { [] }
        let inner = set(content[name] ?? .object([]), path.dropFirst(), value)
        members.removeAll { $0.name == name }
        members.append(.init(name, inner))
        return .object(members)
    }

    /// A message that came, with its name.
    static func json(_ reply: Reply) throws -> JSON {
        guard let type = Catalogue.message(reply.code) else {
            throw ClientFault.unexpectedAnswer(code: reply.code)
        }
        return .object([.init("message", .string(type.title)), .init("content", try content(type, reply))])
    }

    private static func content<M: Message>(_: M.Type, _ reply: Reply) throws -> JSON {
        do {
            return try M(decoding: reply.body, version: reply.version).json(.plain)
        } catch {
            throw ClientFault.malformedAnswer(error)
        }
    }
}

/// Shows what is pushed.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what the house pushes to a party, one JSON object a line, until interrupted.")

    @OptionGroup var place: Place
    @OptionGroup var speaker: Speaker
    @Option(help: "The last inbox item seen; newer ones are printed first.") var after: UInt64 = 0

    func run() async throws {
        guard speaker.email != nil else { throw ValidationError("whose pushes? give --as EMAIL") }
        let installation = try Installation.attach(place.folder)
        let client = try await speaker.connect(installation)
        Interrupts.before { await client.close() }
        var subscribe = Subscribe()
        subscribe.after = InboxItemID(after)
        let subscribed = try await client.ask(subscribe)
        Terminal.note("watching; the newest item so far is \(subscribed.latest)")
        for await push in client.pushes { Terminal.say(try MessageText.json(push).text) }
        throw ClientFault.closed("the gateway ended the connection")
    }
}

/// Reads and moves settable clocks.
struct Clock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the house's time, or move settable clocks forward through every deadline on the way.")

    @Argument(help: "A time (2026-03-02T08:00:00Z) or a span from now on (7d, 48h, 30m, 20s).") var to:
        String?
    @OptionGroup var place: Place
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        let installation = try Installation.attach(place.folder)
        let client = try await installation.connect { $0.agent = "gavel" }
        try await SignInWish(email: FirstOperator.email).signIn(client, installation.data)
        var stops = 0
        if let to {
            let target = try target(to, now: try await client.askTime())
            try await client.advanceClock(to: target) { due in
                stops += 1
                Terminal.progress("at \(due.iso8601)")
            }
            Terminal.progress("")
        }
        let now = try await client.askTime()
        await client.close()
        let report = JSON.object([.init("now", .string(now.iso8601)), .init("stops", .int(stops))])
        Terminal.say(json ? report.text : now.iso8601)
    }

    private func target(_ text: String, now: Instant) throws -> Instant {
        if let span = Duration64(parsing: text) { return now + span }
        if let instant = Instant(iso8601: text) { return instant }
        throw ValidationError("expected a time or a span such as 7d, found '\(text)'")
    }
}
