import Foundation

/// A gRPC echo, both sides of it, each a process of its own.
///
/// `serve` prints `port N` and then serves; `drive` prints the calls answered and the seconds taken.
@main struct EchoProgram {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "serve" where words.count == 4:
            try await EchoServer.serve(files(words)) { port in
                print("port \(port)")
                fflush(nil)
            }
        case "drive" where words.count == 8:
            guard let port = Int(words[4]), let window = Int(words[6]), let seconds = Double(words[7])
            else { fallthrough }
            let (answered, took) = try await EchoClient.run(
                files(words), port: port, serverName: words[5], window: window,
                payload: [UInt8](repeating: 7, count: 64), warmup: .seconds(1), duration: .seconds(seconds))
            print("\(answered) \(took)")
        default:
            print(
                "usage: Echo serve AUTHORITY CERTIFICATE KEY | drive AUTHORITY CERTIFICATE KEY PORT NAME WINDOW SECONDS"
            )
            exit(64)
        }
    }

    private static func files(_ words: [String]) -> EchoFiles {
        EchoFiles(authority: words[1], certificate: words[2], privateKey: words[3])
    }
}
