import Foundation
import Testing

/// Faults are planted in the real code for the simulator to find; no build that users make may hold one.
@Suite struct PlantedTests {
    private static let source = "Shared/Kernel/Planted.swift"

    @Test("without the compilation condition every planted fault is the constant false")
    func compiledOut() throws {
        let text = try HouseSources.read(Self.source).text
        let parts = text.components(separatedBy: "#else")
        try #require(parts.count == 2)
        let normal = parts[1].filter { !$0.isWhitespace }
        #expect(
            normal.contains(
                "@inlinable@inline(__always)publicstaticfuncisOn(_fault:Planted)->Bool{false}"))
        #expect(normal.contains("publicstaticletisCompiledIn=false"))
        #expect(parts[0].contains("#if GAVEL_PLANTED"))
    }

    @Test("only an environment variable at the build sets the condition")
    func condition() throws {
        let manifest = try HouseSources.read("Package.swift").text
        let lines = manifest.split(separator: "\n").filter { $0.contains("define(\"GAVEL_PLANTED\")") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("Context.environment[\"GAVEL_PLANTED\"] == \"1\" ?") == true)
        let others = try HouseSources.swift(under: ["Services", "Shared"]).filter { file in
            file.path != Self.source && file.text.contains("#if GAVEL_PLANTED")
        }
        #expect(others.map(\.path) == [])
    }

    @Test("every planted fault is somewhere in the code, and has its sentence")
    func planted() throws {
        let names = Self.names(try HouseSources.read(Self.source).text)
        #expect(names.count >= 30)
        let sites = try HouseSources.swift(under: ["Services", "Shared"]).flatMap { Self.sites(in: $0.text) }
        #expect(names.filter { !sites.contains($0) } == [], "faults that stand nowhere")
        #expect(Set(sites).subtracting(names).sorted() == [])
    }

    @Test("names and sites are read from sources")
    func reading() {
        #expect(
            Self.names("enum Planted {\n    /// Why.\n    case late\n    case early\n}") == ["late", "early"])
        #expect(Self.sites(in: "if Planted.isOn(.late) { } // Planted.isOn(.early)") == ["late"])
    }

    private static func names(_ text: String) -> [String] {
        let tokens = Tokenizer.tokens(of: text)
        return tokens.indices.dropFirst().compactMap { index in
            tokens[index - 1].text == "case" && tokens[index].kind == .word ? tokens[index].text : nil
        }
    }

    /// The names within `Planted.isOn(.name)`.
    private static func sites(in text: String) -> [String] {
        let tokens = Tokenizer.tokens(of: text)
        return tokens.indices.dropLast(5).compactMap { index in
            let words = tokens[index...index + 4].map(\.text)
            return words == ["Planted", ".", "isOn", "(", "."] ? tokens[index + 5].text : nil
        }
    }
}
