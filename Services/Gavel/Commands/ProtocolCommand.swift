import ArgumentParser
import Foundation
import Messages

/// Keeps protocol.md and the golden bytes true.
struct ProtocolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocol",
        abstract: "Write the generated parts of protocol.md, and the golden bytes, anew.",
        discussion: "With --check nothing is written; stale files are named, and the exit code is 1.")

    @Option(help: "The document whose marked parts are generated.") var document = "protocol.md"
    @Option(help: "The folder of golden bytes, one file a message.") var vectors: String?
    @Flag(help: "Only say what is stale.") var check = false

    func run() throws {
        var files: [(path: String, content: String)] = []
        if let vectors {
            files = ProtocolVectors.files { try? Self.text("\(vectors)/\($0)") }
                .map { ("\(vectors)/\($0.name)", $0.content) }
        } else {
            files = [(document, ProtocolDocument.render(existing: try Self.text(document)))]
        }
        let stale = files.filter { (try? Self.text($0.path)) != $0.content }
        if check {
            for file in stale { Terminal.note("stale: \(file.path)") }
            if !stale.isEmpty { throw CheckFailed() }
        } else {
            for file in stale {
                try file.content.write(toFile: file.path, atomically: true, encoding: .utf8)
                Terminal.say("wrote \(file.path)")
            }
        }
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}
