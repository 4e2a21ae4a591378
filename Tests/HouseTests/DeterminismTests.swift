import Testing

/// Rules, Handlers and Store of every service decide the same in every replay.
@Suite struct DeterminismTests {
    @Test("the deterministic part keeps the bans", arguments: Ban.deterministic)
    func everyFile(_ ban: Ban) throws {
        let files = try HouseSources.deterministic()
        #expect(files.count > 20, "the sources were not found in \(HouseSources.folder)")
        #expect(files.flatMap(ban.reports) == [])
    }

    @Test("a planted line is reported", arguments: Ban.deterministic)
    func selfTest(_ ban: Ban) {
        let found = ban.reports(SourceFile(path: "Services/New/Rules/File.swift", text: ban.planted))
        #expect(!found.isEmpty)
        let comment = ban.planted.split(separator: "\n").map { "// \($0)" }.joined(separator: "\n")
        #expect(ban.reports(SourceFile(path: "Services/New/Rules/File.swift", text: comment)) == [])
    }

    static let walks: [(source: String, found: Int)] = [
        ("var open: Set<Int> = []\nfor id in open { close(id) }", 1),
        ("let byBuyer = [BuyerID: Int]()\nlet names = byBuyer.keys.map(\\.name)", 1),
        ("func sum(_ shares: [String: Int]) { for (name, share) in shares { use(name, share) } }", 1),
        ("let held: [Int: Int] = [:]\nlet total = self.held.values.reduce(0, +)", 1),
        ("let held = [1: 2]\nlet list = held.filter { $0.value > 1 }.map(\\.key).sorted()", 0),
        ("let held: [Int: Int] = [:]\nfor key in held.keys.sorted() { use(held[key]) }", 0),
        ("let words: Set<String> = [\"at\"]\nfor word in text where words.contains(word) { use(word) }", 0),
        ("let list: [Int] = [1]\nfor one in list { use(one) }", 0),
        ("let held: [Int: [Int]] = [:]\nfor one in held[3, default: []] { use(one) }", 0),
        ("let pick = [wide ? 1 : 2]\nfor one in pick { use(one) }", 0),
    ]

    @Test("walks over unordered collections are told apart", arguments: walks)
    func unorderedWalks(_ row: (source: String, found: Int)) {
        let file = SourceFile(path: "Services/New/Rules/File.swift", text: row.source)
        #expect(Ban.unorderedIteration.reports(file).count == row.found)
    }

    static let statements: [(source: String, found: Int)] = [
        (#"try all("SELECT id FROM bid", party) { $0 }"#, 1),
        (#"let ids = try PayoutLinks.all(of: party, store)"#, 0),
        (#"let sql = "SELECT id FROM bid"; return try allDynamic(sql, values) { $0 }"#, 1),
        (#"let sql = "SELECT id FROM bid ORDER BY id"; return try allDynamic(sql, values) { $0 }"#, 0),
    ]

    @Test("statements without an order are told apart", arguments: statements)
    func orders(_ row: (source: String, found: Int)) {
        let file = SourceFile(path: "Services/New/Store/File.swift", text: row.source)
        #expect(Ban.unorderedRows.reports(file).count == row.found)
    }

    @Test("tables of the services are STRICT") func strictTables() throws {
        #expect(try HouseSources.deterministic().flatMap(Ban.looseTables.reports) == [])
        let planted = SourceFile(path: "Services/New/Store/Schema.swift", text: Ban.looseTables.planted)
        #expect(Ban.looseTables.reports(planted).count == 1)
    }

    /// The runtime is hosted by processes and by the simulator alike: time and chance are handed to it.
    @Test("the runtime reads neither clock nor chance", arguments: [Ban.clock, .chance, .concurrency])
    func runtime(_ ban: Ban) throws {
        let files = try HouseSources.swift(under: ["Shared/Runtime", "Shared/Kernel", "Shared/Messages"])
        let found = files.flatMap(ban.reports).filter { report in
            // Set once at the start, and only in builds with planted faults (PlantedTests).
            if report.hasPrefix("Shared/Kernel/Planted.swift"), report.hasSuffix("nonisolated(") {
                return false
            }
            // The edge's words name the machine's time and random bytes, which the host hands in.
            return !report.hasSuffix("machineNow") && !report.hasSuffix("randomBytes")
        }
        #expect(found == [])
    }
}
