extension Ban {
    /// Names declared as a Dictionary or Set in the file must not be walked, unless sorted in the same
    /// expression. Membership and look-up are free.
    static let unorderedIteration = Ban(
        "no iteration over Dictionary or Set",
        planted: "let holds: [HoldID: Money] = [:]\nfor hold in holds { release(hold) }"
    ) { tokens in
        let names = Set(UnorderedNames.declared(in: tokens))
        var found: [(Int, String)] = []
        for (index, token) in tokens.enumerated() where token.kind == .word && names.contains(token.text) {
            if UnorderedNames.walked(at: index, in: tokens) { found.append((token.line, token.text)) }
        }
        return found
    }
}

enum UnorderedNames {
    private static let walks: Set<String> = [
        "map", "flatMap", "compactMap", "forEach", "reduce", "first", "min", "max", "enumerated", "joined",
        "popFirst", "randomElement", "dropFirst", "prefix",
    ]

    /// The names of variables, constants and parameters whose type or value is a Dictionary or Set.
    static func declared(in tokens: [Token]) -> [String] {
        var names: [String] = []
        for index in tokens.indices.dropFirst() {
            guard tokens[index - 1].kind == .word, index + 1 < tokens.count else { continue }
            let name = tokens[index - 1].text
            if tokens[index].text == ":" && isUnorderedType(tokens, at: index + 1) { names.append(name) }
            if tokens[index].text == "=" && isUnorderedValue(tokens, at: index + 1) { names.append(name) }
        }
        return names
    }

    private static func isUnorderedType(_ tokens: [Token], at index: Int) -> Bool {
        let start = tokens[index].text == "inout" ? index + 1 : index
        guard start < tokens.count else { return false }
        if tokens[start].text == "Set" || tokens[start].text == "Dictionary" { return true }
        return tokens[start].text == "[" && hasColon(tokens, at: start)
    }

    private static func isUnorderedValue(_ tokens: [Token], at index: Int) -> Bool {
        let first = tokens[index]
        if first.kind == .word && ["Set", "Dictionary"].contains(first.text) { return true }
        return first.text == "[" && hasColon(tokens, at: index)
    }

    /// Whether the bracket at `index` holds a colon of its own: `[Key: Value]`, `[:]`, `["a": 1]`.
    private static func hasColon(_ tokens: [Token], at index: Int) -> Bool {
        var depth = 0
        var asks = 0
        for token in tokens[index...] where token.kind == .sign {
            switch token.text {
            case "[", "(", "{": depth += 1
            case "]", ")", "}":
                depth -= 1
                if depth == 0 { return false }
            case "?": asks += 1
            case ":" where depth == 1:
                if asks == 0 { return true }
                asks -= 1
            case ",": asks = 0
            default: break
            }
        }
        return false
    }

    /// Whether the name at `index` is walked: by `for … in name`, or by a call such as `name.values.map`.
    static func walked(at index: Int, in tokens: [Token]) -> Bool {
        let isMember = index > 0 && tokens[index - 1].text == "."
        var start = index
        while start > 1, tokens[start - 1].text == "." { start -= 2 }
        let inLoop = start > 0 && tokens[start - 1].text == "in" && isLoop(tokens, before: start - 1)
        var place = index + 1
        if isMember && place < tokens.count && tokens[place].text == "(" { return false }
        while place + 1 < tokens.count, tokens[place].text == ".",
            ["keys", "values"].contains(tokens[place + 1].text)
        {
            place += 2
        }
        let called = place + 1 < tokens.count && tokens[place].text == "." ? tokens[place + 1].text : nil
        if called == "sorted" || sortedLater(tokens, from: place) { return false }
        if let called { return walks.contains(called) || (inLoop && !isLookUp(called)) }
        return inLoop && place < tokens.count && tokens[place].text != "["
    }

    private static func isLookUp(_ name: String) -> Bool { name == "count" || name == "isEmpty" }

    /// Whether the `in` at `index` belongs to a `for`, and not to a closure's parameters.
    private static func isLoop(_ tokens: [Token], before index: Int) -> Bool {
        var place = index - 1
        while place >= 0, index - place < 12 {
            if tokens[place].text == "for" { return true }
            if ["{", "}", ";"].contains(tokens[place].text) { return false }
            place -= 1
        }
        return false
    }

    /// Whether `.sorted` follows in the same chain of calls.
    private static func sortedLater(_ tokens: [Token], from start: Int) -> Bool {
        var place = start
        while place + 1 < tokens.count, tokens[place].text == "." {
            if tokens[place + 1].text == "sorted" { return true }
            place += 2
            while place < tokens.count, ["(", "{", "["].contains(tokens[place].text) {
                place = past(tokens, place)
            }
        }
        return false
    }

    /// The place after the bracket that closes the one at `index`.
    private static func past(_ tokens: [Token], _ index: Int) -> Int {
        var depth = 0
        for place in index..<tokens.count where tokens[place].kind == .sign {
            switch tokens[place].text {
            case "(", "{", "[": depth += 1
            case ")", "}", "]":
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
        }
        return tokens.count
    }
}
