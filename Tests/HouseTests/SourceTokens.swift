/// One word, number, sign or string of a Swift source, with comments left out.
struct Token: Equatable {
    enum Kind: Equatable { case word, number, sign, text }
    let kind: Kind
    /// The characters; of a string, what stands between its quotes.
    let text: String
    let line: Int
    /// Whether white space or the start of a line stands before it.
    let spaced: Bool
}

/// Splits Swift source into tokens, closely enough for the bans: strings are one token each, and the code of
/// their interpolations follows them.
struct Tokenizer {
    private let source: [UInt8]
    private var place = 0
    private var line = 1
    private var tokens: [Token] = []

    static func tokens(of source: String) -> [Token] {
        var tokenizer = Tokenizer(source)
        tokenizer.scan(until: nil)
        return tokenizer.tokens
    }

    private init(_ source: String) {
        self.source = Array(source.utf8)
    }

    private func peek(_ offset: Int = 0) -> UInt8 {
        place + offset < source.count ? source[place + offset] : 0
    }

    private mutating func step() {
        if peek() == UInt8(ascii: "\n") { line += 1 }
        place += 1
    }

    /// Reads to the end, or past the parenthesis that closes an interpolation.
    private mutating func scan(until close: UInt8?) {
        var depth = 0
        var spaced = true
        while place < source.count {
            let byte = peek()
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") {
                spaced = true
                step()
                continue
            }
            if byte == UInt8(ascii: "/"), peek(1) == byte || peek(1) == UInt8(ascii: "*") {
                skipComment()
                spaced = true
                continue
            }
            if let close, byte == close, depth == 0 { return step() }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            scanToken(byte, spaced)
            spaced = false
        }
    }

    private mutating func scanToken(_ byte: UInt8, _ spaced: Bool) {
        if byte == UInt8(ascii: "\"") { return scanString(hashes: 0, spaced) }
        if byte == UInt8(ascii: "#") {
            var hashes = 0
            while peek(hashes) == byte { hashes += 1 }
            if peek(hashes) == UInt8(ascii: "\"") { return scanString(hashes: hashes, spaced) }
        }
        let start = place
        if Tokenizer.isDigit(byte) {
            scanNumber()
            return append(.number, start, spaced)
        }
        if Tokenizer.isWord(byte) {
            while Tokenizer.isWord(peek()) || Tokenizer.isDigit(peek()) { step() }
            return append(.word, start, spaced)
        }
        step()
        append(.sign, start, spaced)
    }

    private mutating func scanNumber() {
        // The elements of tuples and arguments hold no fraction: `$0.1`.
        let isElement = place > 0 && [UInt8(ascii: "."), UInt8(ascii: "$")].contains(source[place - 1])
        while Tokenizer.isDigit(peek()) || Tokenizer.isWord(peek()) { step() }
        guard !isElement, peek() == UInt8(ascii: "."), Tokenizer.isDigit(peek(1)) else { return }
        step()
        while Tokenizer.isDigit(peek()) || Tokenizer.isWord(peek()) { step() }
    }

    private mutating func skipComment() {
        if peek(1) == UInt8(ascii: "/") {
            while place < source.count, peek() != UInt8(ascii: "\n") { step() }
            return
        }
        var depth = 0
        repeat {
            if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                step()
            } else if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                step()
            }
            step()
        } while depth > 0 && place < source.count
    }

    private mutating func scanString(hashes: Int, _ spaced: Bool) {
        let began = line
        for _ in 0..<hashes { step() }
        let quotes = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"") ? 3 : 1
        for _ in 0..<quotes { step() }
        let index = tokens.count
        var text: [UInt8] = []
        while place < source.count, !closes(quotes: quotes, hashes: hashes) {
            guard peek() == UInt8(ascii: "\\"), escaped(hashes) else {
                text.append(peek())
                step()
                continue
            }
            for _ in 0...hashes { step() }
            let interpolated = peek() == UInt8(ascii: "(")
            step()
            if interpolated { scan(until: UInt8(ascii: ")")) }
        }
        for _ in 0..<(quotes + hashes) { step() }
        let token = Token(
            kind: .text, text: String(decoding: text, as: UTF8.self), line: began, spaced: spaced)
        tokens.insert(token, at: index)
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        for offset in 0..<quotes where peek(offset) != UInt8(ascii: "\"") { return false }
        for offset in quotes..<(quotes + hashes) where peek(offset) != UInt8(ascii: "#") { return false }
        return true
    }

    private func escaped(_ hashes: Int) -> Bool {
        for offset in 0..<hashes where peek(1 + offset) != UInt8(ascii: "#") { return false }
        return true
    }

    private mutating func append(_ kind: Token.Kind, _ start: Int, _ spaced: Bool) {
        let text = String(decoding: source[start..<place], as: UTF8.self)
        tokens.append(Token(kind: kind, text: text, line: line, spaced: spaced))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte == UInt8(ascii: "_") || byte >= 128
    }
}
