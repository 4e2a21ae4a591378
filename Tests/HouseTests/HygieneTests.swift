import Testing

/// What must stand nowhere in the sources.
@Suite struct HygieneTests {
    static let code = [Ban.trap, .forcedUnwrap]

    @Test("services and shared modules do not trap", arguments: code) func traps(_ ban: Ban) throws {
        let files = try HouseSources.swift(under: ["Services", "Shared"])
        #expect(files.flatMap(ban.reports) == [])
    }

    @Test("a planted trap is reported", arguments: code) func selfTest(_ ban: Ban) {
        #expect(!ban.reports(SourceFile(path: "Shared/Wire/File.swift", text: ban.planted)).isEmpty)
        let fine = "if !isOpen || state != other, let value = try? decode() as? Money { use(try !value) }"
        #expect(ban.reports(SourceFile(path: "Shared/Wire/File.swift", text: fine)) == [])
    }

    @Test("nothing is left undone") func markers() throws {
        let files = try HouseSources.swift(under: ["Services", "Shared", "Tests"])
        #expect(files.filter { !$0.path.hasPrefix("Tests/HouseTests/") }.flatMap(Marker.undone) == [])
        #expect(Marker.undone(SourceFile(path: "a.swift", text: "\n// TODO: rest")) == ["a.swift:2: TODO"])
        #expect(Marker.undone(SourceFile(path: "a.swift", text: "// mastodonTODOs")) == [])
    }

    @Test("no file names a machine's folders") func machinePaths() throws {
        let paths = try HouseSources.paths(under: "").filter { path in
            Marker.texts.contains { path.hasSuffix($0) } && !path.hasPrefix("Tests/HouseTests/")
        }
        #expect(try paths.map(HouseSources.read).flatMap(Marker.machinePaths) == [])
        let planted = SourceFile(path: "a.md", text: "See /home/somebody/gavel.")
        #expect(Marker.machinePaths(planted) == ["a.md:1: /home/"])
    }

    @Test("no key or certificate lies in the project") func keys() throws {
        let paths = try HouseSources.paths(under: "")
        #expect(paths.filter(Marker.isKeyFile) == [])
        #expect(try paths.filter(Marker.mayHoldText).map(HouseSources.read).flatMap(Marker.keyMaterial) == [])
        #expect(Marker.isKeyFile("compose/gateway.pem"))
        let armour = "-----BEGIN " + "PRIVATE KEY-----\n" + String(repeating: "A", count: 64) + "\n"
        #expect(Marker.keyMaterial(SourceFile(path: "a.md", text: armour)) == ["a.md:1: key material"])
    }
}

enum Marker {
    static let texts = [".swift", ".md", ".py", ".sh", ".yaml", ".yml", ".json", "Dockerfile"]

    static func undone(_ file: SourceFile) -> [String] {
        lines(file).flatMap { number, line in
            ["TODO", "FIXME", "XXX", "HACK"].filter { mark in
                line.split(whereSeparator: { !$0.isLetter && $0 != "_" }).contains { $0 == mark }
            }.map { file.report(number, $0) }
        }
    }

    static func machinePaths(_ file: SourceFile) -> [String] {
        lines(file).flatMap { number, line in
            ["/home/", "/Users/", "/work/", "/root/"].filter { line.contains($0) }.map {
                file.report(number, $0)
            }
        }
    }

    static func isKeyFile(_ path: String) -> Bool {
        [".pem", ".key", ".p12", ".pfx", ".crt", ".cer", ".der", ".jks"].contains { path.hasSuffix($0) }
    }

    static func mayHoldText(_ path: String) -> Bool {
        ![".csv", ".png", ".sqlite", ".gz", ".pyc"].contains { path.hasSuffix($0) }
    }

    /// An armour's first line followed by a line of its content.
    static func keyMaterial(_ file: SourceFile) -> [String] {
        let all = lines(file)
        return zip(all, all.dropFirst()).filter { first, second in
            first.1.hasPrefix("-----BEGIN ") && second.1.count >= 40
                && second.1.allSatisfy { $0.isLetter || $0.isNumber || "+/=".contains($0) }
        }.map { file.report($0.0.0, "key material") }
    }

    private static func lines(_ file: SourceFile) -> [(Int, Substring)] {
        Array(
            file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
                ($0.offset + 1, $0.element)
            })
    }
}
