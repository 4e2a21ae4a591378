import Testing

/// Something that must not stand in a source.
struct Ban: CustomTestStringConvertible {
    let name: String
    /// A line that breaks the ban; the self-test plants it.
    let planted: String
    let find: @Sendable ([Token]) -> [(line: Int, what: String)]
    var testDescription: String { name }

    /// Bans words and signs in a row: `"Date ("` finds `Date()` and `Date (timeIntervalSince1970: 0)`.
    init(_ name: String, planted: String, sequences: [String]) {
        let patterns = sequences.map { $0.split(separator: " ").map(String.init) }
        self.init(name, planted: planted) { tokens in
            var found: [(Int, String)] = []
            for pattern in patterns {
                for start in tokens.indices where Ban.matches(pattern, tokens, at: start) {
                    found.append((tokens[start].line, pattern.joined()))
                }
            }
            return found
        }
    }

    init(
        _ name: String, planted: String, find: @escaping @Sendable ([Token]) -> [(line: Int, what: String)]
    ) {
        self.name = name
        self.planted = planted
        self.find = find
    }

    /// What breaks the ban in a file.
    func reports(_ file: SourceFile) -> [String] {
        find(Tokenizer.tokens(of: file.text)).map { file.report($0.line, "\(name): \($0.what)") }
    }

    private static func matches(_ pattern: [String], _ tokens: [Token], at start: Int) -> Bool {
        guard start + pattern.count <= tokens.count else { return false }
        for (offset, expected) in pattern.enumerated() {
            let token = tokens[start + offset]
            if token.kind == .text || token.text != expected { return false }
        }
        return true
    }
}

extension Ban {
    static let clock = Ban(
        "no clock", planted: "if Date() > closesAt { return }",
        sequences: [
            "Date (", "Date . now", "Date . init", "ContinuousClock", "SuspendingClock", "DispatchTime",
            "DispatchWallTime", "clock_gettime", "gettimeofday", "timespec_get", "mach_absolute_time",
            "machineNow", "CFAbsoluteTimeGetCurrent", "ProcessInfo", "time ( nil", "HouseClock",
        ])

    static let chance = Ban(
        "no chance", planted: "let draw = Int.random(in: 0..<10)",
        sequences: [
            ". random ( in :", "Bool . random", ". randomElement", ". shuffled", ". shuffle (",
            "SystemRandomNumberGenerator",
            "UUID", "SecureRandom", "arc4random", "getrandom", "randomBytes", "Hasher (", ". hashValue",
        ])

    static let concurrency = Ban(
        "no await", planted: "let answer = try await wallet.charge(buyer)",
        sequences: [
            "await", "async", "Task", "TaskGroup", "Thread", "DispatchQueue", "pthread_create", "Mutex",
            "Atomic", "nonisolated (",
        ])

    static let floatingPoint = Ban("no floating point", planted: "let share = amount * 0.15") { tokens in
        let types = ["Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat", "Decimal"]
        return tokens.filter { token in
            token.kind == .word && types.contains(token.text)
                || token.kind == .number && token.text.contains(".")
        }.map { ($0.line, $0.text) }
    }

    static let foundation = Ban(
        "no Foundation", planted: "import Foundation",
        sequences: [
            "import Foundation", "import FoundationEssentials", "import FoundationInternationalization",
            "Calendar", "TimeZone", "Locale", "DateFormatter", "NumberFormatter", "NSRegularExpression",
        ])

    static let inputOutput = Ban(
        "no input or output", planted: "import Glibc",
        sequences: [
            "import Glibc", "import NIOCore", "import NIOPosix", "import Transport", "import Host",
            "import GRDB", "import GRDBSQLite", "FileManager", "FileHandle", "fopen", "socket", "getenv",
            "print (", "debugPrint",
        ])

    static let trap = Ban("no trap", planted: "let value = try! decode()") { tokens in
        var found: [(Int, String)] = []
        for (index, token) in tokens.enumerated().dropLast() where token.kind == .word {
            let next = tokens[index + 1]
            let forces = ["try", "as"].contains(token.text) && next.text == "!" && !next.spaced
            let traps = token.text == "fatalError" && next.text == "(" || token.text == "unsafelyUnwrapped"
            if forces || traps { found.append((token.line, token.text + next.text)) }
        }
        return found
    }

    /// A `!` that sticks to what stands before it and is not the start of `!=`.
    static let forcedUnwrap = Ban("no forced unwrap", planted: "let price = listing.price!") { tokens in
        var found: [(Int, String)] = []
        for (index, token) in tokens.enumerated().dropFirst() {
            guard token.kind == .sign, token.text == "!", !token.spaced else { continue }
            let before = tokens[index - 1]
            let sticks = before.kind == .word || before.text == ")" || before.text == "]"
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            let compares = next?.text == "=" && next?.spaced == false
            if sticks && !compares && before.text != "try" && before.text != "as" {
                found.append((token.line, "\(before.text)!"))
            }
        }
        return found
    }

    /// Statements of SQL that may give several rows need a total order.
    static let unorderedRows = Ban(
        "rows in order", planted: #"try store.all("SELECT id FROM bids WHERE listing = ?", listing) { $0 }"#
    ) { tokens in
        var found: [(Int, String)] = []
        for index in tokens.indices.dropFirst().dropLast(2)
        where ["all", "allDynamic"].contains(tokens[index].text) && tokens[index + 1].text == "(" {
            if tokens[index - 1].text == "func" || isOfType(index, tokens) { continue }
            let statement = tokens[index + 2]
            if statement.kind == .text {
                if !statement.text.contains("ORDER BY") { found.append((statement.line, "no ORDER BY")) }
            } else if !tokens[max(0, index - 400)..<index].contains(where: { $0.text.contains("ORDER BY") }) {
                found.append((statement.line, "a built statement without ORDER BY"))
            }
        }
        return found
    }

    /// Whether the call at `index` is one on a type, such as `PayoutLinks.all(of: party)`.
    private static func isOfType(_ index: Int, _ tokens: [Token]) -> Bool {
        index > 1 && tokens[index - 1].text == "." && tokens[index - 2].text.first?.isUppercase == true
    }

    static let sqlFunctions = Ban(
        "no clock, chance or floating point in SQL", planted: #"try store.run("SELECT random()")"#
    ) { tokens in
        let banned = [
            "random()", "randomblob(", "'now'", "current_timestamp", "current_date", "current_time",
        ]
        var found: [(Int, String)] = []
        for token in tokens where token.kind == .text {
            let text = token.text.lowercased()
            for word in banned where text.contains(word) { found.append((token.line, word)) }
            if text.contains("create table") && text.contains(" real") { found.append((token.line, "REAL")) }
        }
        return found
    }

    static let looseTables = Ban(
        "tables are STRICT", planted: #"Migration("1", "CREATE TABLE bids (id INTEGER PRIMARY KEY);")"#
    ) { tokens in
        var found: [(Int, String)] = []
        for token in tokens where token.kind == .text && token.text.contains("CREATE TABLE") {
            for statement in token.text.split(separator: ";") where statement.contains("CREATE TABLE") {
                if !statement.contains("STRICT") { found.append((token.line, String(statement.prefix(60)))) }
            }
        }
        return found
    }

    /// What must decide the same in every replay.
    static let deterministic = [
        clock, chance, concurrency, floatingPoint, foundation, inputOutput, unorderedIteration, unorderedRows,
        sqlFunctions,
    ]
}
