import ArgumentParser

/// Keeps protocol.md true.
struct ProtocolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocol", abstract: "Write the generated parts of protocol.md anew.")
    func run() throws {}
}
