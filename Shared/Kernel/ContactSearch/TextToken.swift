/// A piece of free text as the search for contact data reads it: lower case, without invisible characters.
enum TextToken: Hashable {
    case word(String)
    /// Digits that stand together.
    case number(String)
    case sign(Character)
    case space
    case newline

    static func read(_ text: String) -> [TextToken] {
        var tokens: [TextToken] = []
        for character in text.lowercased() {
            guard let plain = plain(character) else { continue }
            if let digit = digit(plain) {
                if case .number(let digits)? = tokens.last {
                    tokens[tokens.count - 1] = .number(digits + digit)
                } else {
                    tokens.append(.number(digit))
                }
            } else if plain.isLetter {
                if case .word(let letters)? = tokens.last {
                    tokens[tokens.count - 1] = .word(letters + String(plain))
                } else {
                    tokens.append(.word(String(plain)))
                }
            } else if plain.isNewline {
                tokens.append(.newline)
            } else if plain.isWhitespace {
                if tokens.last != .space { tokens.append(.space) }
            } else {
                tokens.append(.sign(plain))
            }
        }
        return tokens
    }

    var isWord: Bool { if case .word = self { true } else { false } }
    var isNumber: Bool { if case .number = self { true } else { false } }
    var isBracket: Bool {
        guard case .sign(let sign) = self else { return false }
        return "()[]{}<>*|".contains(sign)
    }
    /// What may stand between the parts of a spelled address.
    var isFiller: Bool {
        self == .space || self == .newline || isBracket || self == .sign("-") || self == .sign("_")
    }

    /// Full-width forms as their plain ones; nothing for what nobody sees.
    private static func plain(_ character: Character) -> Character? {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else {
            return character
        }
        switch scalar.value {
        case 0x200b...0x200f, 0x2060, 0xfeff, 0x00ad: return nil
        case 0xff01...0xff5e: return Unicode.Scalar(scalar.value - 0xfee0).map { Character($0) }
        case 0x2010...0x2015, 0x2212: return "-"
        case 0x2024, 0x3002, 0x00b7, 0x2022, 0x2219: return "."
        case 0xfe6b: return "@"
        default: return character
        }
    }

    /// One digit of any script.
    private static func digit(_ character: Character) -> String? {
        guard let value = character.wholeNumberValue, (0...9).contains(value) else { return nil }
        return String(value)
    }
}
