import Kernel
import Messages
import Wire

/// What a telephone switch is told to play: one step a line, in the order of the day.
///
/// Words are separated by spaces; a `#` and what follows it is a comment. `{n}` stands for the number of the play, from
/// 0 on, with as many digits as the last one has.
public struct SwitchScript: Sendable, Equatable {
    public enum Step: Sendable, Equatable {
        /// A call to `called` arrives.
        case call(called: String, caller: Caller, line: LineType)
        case report(CallReport)
        /// Nobody says anything for so long: longer than the house waits, and the call counts as lost.
        case wait(Duration64)
        /// As long as this, or until the money or the house ends it, the switch does what switches do: it reports
        /// progress, has more money set aside in time, and hangs up where no more is left.
        case talk(Duration64)
        case hangUp
        /// The call could not be put through.
        case fail
        /// The last message once more, under the key that it had.
        case again
        /// A field of the last answer; a field within a field is named a.b.
        case expect(field: String, value: String)
        /// The last message was refused so.
        case refused(RefusalCode)
    }

    /// Who calls.
    public enum Caller: Sendable, Equatable {
        case presents(String)
        /// Presents nothing; the network knows.
        case withholds(String)
    }

    public struct Line: Sendable, Equatable {
        /// Counted from 1.
        public let number: Int
        public let step: Step
        public init(number: Int, step: Step) {
            self.number = number
            self.step = step
        }
    }

    /// A line that is no step.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        public let line: Int
        public let expected: String
        public let found: String
        public var description: String { "line \(line): expected \(expected), found \(found)" }
    }

    public let lines: [Line]

    /// Whether a step lasts until the house's clock has moved.
    public var takesTime: Bool {
        lines.contains { line in
            switch line.step {
            case .wait, .talk: true
            default: false
            }
        }
    }

    /// The longest that one step may last.
    public static let longestStep = Duration64.hours(24)

    static let words =
        "call, announced, answered, voicemail, progress, extend, wait, talk, hangup, fail, again, expect or refused"

    /// Reads a script for one of `plays` plays.
    /// - Throws: ``Fault``.
    public init(_ text: String, play: Int = 0, of plays: Int = 1) throws(Fault) {
        let digits = String(max(0, plays - 1)).count
        let number = String(play)
        let name = String(repeating: "0", count: max(0, digits - number.count)) + number
        var lines: [Line] = []
        var place = 0
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            place += 1
            let said = raw.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard !said.isEmpty else { continue }
            let words = said.map { Self.put(name, into: String($0)) }
            let step = try Self.step(words, place)
            if lines.isEmpty {
                guard case .call = step else {
                    throw Fault(line: place, expected: "a call before anything else", found: "'\(words[0])'")
                }
            }
            lines.append(Line(number: place, step: step))
        }
        guard !lines.isEmpty else { throw Fault(line: 1, expected: "a step", found: "none") }
        self.lines = lines
    }

    private static func put(_ name: String, into word: String) -> String {
        var made = ""
        var rest = word[...]
        while let open = rest.firstIndex(of: "{") {
            made += rest[..<open]
            let isPlace = rest[open...].hasPrefix("{n}")
            made += isPlace ? name : "{"
            rest = rest[open...].dropFirst(isPlace ? 3 : 1)
        }
        return made + rest
    }

    private static func step(_ words: [String], _ line: Int) throws(Fault) -> Step {
        func count(_ counts: ClosedRange<Int>, _ form: String) throws(Fault) {
            guard counts.contains(words.count) else {
                throw Fault(line: line, expected: "'\(form)'", found: "'\(words.joined(separator: " "))'")
            }
        }
        func span() throws(Fault) -> Duration64 {
            try count(2...2, "\(words[0]) SPAN")
            guard let span = Duration64(parsing: words[1]), span > .zero, span <= longestStep else {
                throw Fault(
                    line: line, expected: "a span above zero, at most 24h, such as 90s",
                    found: "'\(words[1])'")
            }
            return span
        }
        let plain: [String: Step] = [
            "announced": .report(.announced), "answered": .report(.answeredByPerson),
            "voicemail": .report(.answeredByVoicemail), "progress": .report(.progress),
            "extend": .report(.extend), "hangup": .hangUp, "fail": .fail, "again": .again,
        ]
        if let step = plain[words[0]] {
            try count(1...1, words[0])
            return step
        }
        switch words[0] {
        case "call": return try call(words, line)
        case "wait": return .wait(try span())
        case "talk": return .talk(try span())
        case "expect":
            try count(3...64, "expect FIELD VALUE")
            return .expect(field: words[1], value: words[2...].joined(separator: " "))
        case "refused":
            try count(2...2, "refused CODE")
            guard let code = RefusalCode.allCases.first(where: { "\($0)" == words[1] }) else {
                throw Fault(line: line, expected: "a refusal's code", found: "'\(words[1])'")
            }
            return .refused(code)
        default: throw Fault(line: line, expected: Self.words, found: "'\(words[0])'")
        }
    }

    private static func call(_ words: [String], _ line: Int) throws(Fault) -> Step {
        let withholds = words.count > 3 && words[3] == "withheld"
        let place = withholds ? 4 : 3
        guard words.count == place + 1 || words.count == place + 2, words[2] == "from" else {
            throw Fault(
                line: line, expected: "'call NUMBER from [withheld] NUMBER [landline|mobile|other]'",
                found: "'\(words.joined(separator: " "))'")
        }
        var type = LineType.landline
        if words.count == place + 2 {
            guard let known = LineType.allCases.first(where: { "\($0)" == words[place + 1] }) else {
                throw Fault(
                    line: line, expected: "landline, mobile or other", found: "'\(words[place + 1])'")
            }
            type = known
        }
        let number = words[place]
        return .call(
            called: words[1], caller: withholds ? .withholds(number) : .presents(number), line: type)
    }
}
