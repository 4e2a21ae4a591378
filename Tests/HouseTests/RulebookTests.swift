import Testing

/// A reader goes from a rule to its proof: the titles of tests begin with the ids of the rules that they prove.
@Suite struct RulebookTests {
    static let builtSections = ["A", "B", "C", "D", "E", "F"]

    @Test("every rule that is built is proved by a test whose title begins with its id")
    func everyRule() throws {
        let rules = Rulebook.ids(try HouseSources.read("docs/rulebook.md").text).filter { id in
            Self.builtSections.contains(String(id.prefix(1)))
        }
        #expect(rules.count == 66)
        let proved = Set(try HouseSources.swift(under: ["Tests"]).flatMap { Rulebook.proved(in: $0.text) })
        #expect(rules.filter { !proved.contains($0) } == [], "rules without a proof")
    }

    @Test("every id that a test names is one of the rulebook's")
    func everyTitle() throws {
        let rules = Set(Rulebook.ids(try HouseSources.read("docs/rulebook.md").text))
        let files = try HouseSources.swift(under: ["Tests"]).filter {
            !$0.path.hasPrefix("Tests/HouseTests/")
        }
        let named = Set(files.flatMap { Rulebook.proved(in: $0.text) })
        #expect(named.subtracting(rules).sorted() == [])
    }

    @Test("ids are read from the rulebook and from titles")
    func reading() {
        #expect(Rulebook.ids("| id | rule |\n| --- | --- |\n| A1 | x |\n| F10 | y |\nA2 z") == ["A1", "F10"])
        let source = """
            @Test("A15 F9 a buyer reads") func one() {}
            @Test(
                "F3 a crash", .serialized) func two() {}
            @Test("no rule") func three() {}
            let title = "A1 is no title"
            """
        #expect(Rulebook.proved(in: source) == ["A15", "F9", "F3"])
    }
}

enum Rulebook {
    /// The ids that open the rows of its tables.
    static func ids(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| ") else { return nil }
            let cell = line.dropFirst(2).prefix { $0 != " " }
            return isID(cell) ? String(cell) : nil
        }
    }

    /// The ids with which the titles of a file's tests begin.
    static func proved(in source: String) -> [String] {
        let tokens = Tokenizer.tokens(of: source)
        var found: [String] = []
        for index in tokens.indices.dropLast(3)
        where tokens[index].text == "@" && tokens[index + 1].text == "Test" && tokens[index + 3].kind == .text
        {
            found += tokens[index + 3].text.split(separator: " ").prefix(while: isID).map(String.init)
        }
        return found
    }

    private static func isID(_ word: Substring) -> Bool {
        guard let section = word.first, ("A"..."F").contains(section) else { return false }
        let number = word.dropFirst()
        return !number.isEmpty && number.allSatisfy { $0.isNumber }
    }
}
