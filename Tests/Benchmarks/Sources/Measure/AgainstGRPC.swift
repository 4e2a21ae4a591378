import Foundation
import Kernel
import Operation
import Stories

/// `Ping` beside a unary gRPC echo of the same 64 bytes, both over one connection of mutual TLS with the certificates
/// of one house, each with its server in a process of its own.
enum AgainstGRPC {
    /// Each side is measured so often, in turn; the medians count.
    private static let rounds = 3

    /// - Parameter echo: the program built from Tests/Benchmarks/GRPC.
    static func run(_ options: Installation.Options, echo: String, seconds: Int) async throws {
        let installation = try await Installation.start(options)
        let server = try EchoProcess(echo, installation)
        let port = try server.port()
        print("| in flight | Ping /s | gRPC echo /s | ratio |")
        print("| --- | --- | --- | --- |")
        for window in Pings.windows {
            var pings: [Double] = []
            var calls: [Double] = []
            for _ in 0..<rounds {
                pings.append(
                    try await Pings.rate(
                        installation, window, .seconds(seconds), warmup: .seconds(1)))
                calls.append(
                    try EchoProcess.drive(echo, installation, port: port, window: window, seconds: seconds))
            }
            let (ping, call) = (median(pings), median(calls))
            print("| \(window) | \(Int(ping)) | \(Int(call)) | \(String(format: "%.1f", ping / call)) |")
        }
        server.stop()
        await installation.stop()
    }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// The gRPC side's processes.
private struct EchoProcess {
    private let process = Process()
    private let output = Pipe()

    init(_ program: String, _ installation: Installation) throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve"] + EchoProcess.files(installation, .auction)
        process.standardOutput = output
        try process.run()
    }

    /// Where it listens, as it says in its first line.
    func port() throws -> Int {
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
            line.append(byte)
        }
        let text = String(decoding: line, as: UTF8.self)
        guard let port = text.split(separator: " ").last.flatMap({ Int($0) }) else {
            throw Unmet("port", expected: "a line of the gRPC server", found: text)
        }
        return port
    }

    func stop() { process.terminate() }

    /// Calls answered a second.
    static func drive(
        _ program: String, _ installation: Installation, port: Int, window: Int, seconds: Int
    ) throws -> Double {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments =
            ["drive"] + files(installation, .program)
            + ["\(port)", "auction.gavel.internal", "\(window)", "\(seconds)"]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let answered = Double(words[0]), let took = Double(words[1]) else {
            throw Unmet("calls", expected: "their number and the seconds", found: text)
        }
        return answered / took
    }

    private static func files(_ installation: Installation, _ identity: ServiceName) -> [String] {
        let tls = installation.data.tls
        guard let own = tls.services[identity.title] else { return [] }
        return [tls.authority, own.certificate, own.privateKey]
    }
}
