import ArgumentParser
import Host
import Messages
import Operation

/// Keeps protocol.md and the golden bytes true.
struct ProtocolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocol",
        abstract: "Write the generated parts of protocol.md and the golden bytes anew from the messages.",
        discussion: "With --check, nothing is written; exits with 1 if something is out of date.")

    @Option(name: .customLong("in"), help: "The project's folder.") var folder = "."
    @Flag(help: "Only say what is out of date.") var check = false

    func run() throws {
        let document = "\(folder)/protocol.md"
        let vectors = "\(folder)/Tests/Vectors"
        let existing = try read(document)
        let missing = Set(ProtocolDocument.requiredParts).subtracting(ProtocolDocument.parts(in: existing))
        var stale = missing.sorted().map { "\(document): no part '\($0)'" }
        stale += try update(document, existing, ProtocolDocument.render(existing: existing))
        for file in ProtocolVectors.files(existing: { try? readText("\(vectors)/\($0)") }) {
            let path = "\(vectors)/\(file.name)"
            stale += try update(path, (try? readText(path)) ?? "", file.content)
        }
        for line in stale { Terminal.say(line) }
        guard missing.isEmpty, !check || stale.isEmpty else {
            throw CheckFailed(
                text: missing.isEmpty ? "run 'gavel protocol'" : "write the missing parts by hand")
        }
    }

    private func update(_ path: String, _ existing: String, _ wanted: String) throws -> [String] {
        guard wanted != existing else { return [] }
        if check { return ["\(path): out of date"] }
        try writePublicText(wanted, to: path)
        return ["\(path): written"]
    }

    private func read(_ path: String) throws -> String {
        do {
            return try readText(path)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
