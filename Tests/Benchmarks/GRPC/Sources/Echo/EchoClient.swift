import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Unary calls over one connection, as many on their way as `window`.
enum EchoClient {
    /// Calls answered, and the seconds that they took.
    static func run(
        _ files: EchoFiles, port: Int, serverName: String, window: Int, payload: [UInt8], warmup: Duration,
        duration: Duration
    ) async throws -> (answered: Int, seconds: Double) {
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: port),
            transportSecurity: .mTLS(
                certificateChain: [.file(path: files.certificate, format: .pem)],
                privateKey: .file(path: files.privateKey, format: .pem)
            ) {
                $0.trustRoots = .certificates([.file(path: files.authority, format: .pem)])
            },
            config: .defaults { $0.http2.authority = serverName })
        return try await withGRPCClient(transport: transport) { client in
            _ = try await keepCalling(client, window, payload, warmup)
            return try await keepCalling(client, window, payload, duration)
        }
    }

    private static func keepCalling(
        _ client: GRPCClient<HTTP2ClientTransport.Posix>, _ window: Int, _ payload: [UInt8],
        _ duration: Duration
    ) async throws -> (Int, Double) {
        let began = ContinuousClock.now
        let until = began + duration
        let answered = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<window {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < until {
                        let size = try await client.unary(
                            request: ClientRequest(message: payload), descriptor: echo,
                            serializer: RawBytes(), deserializer: RawBytes(), options: .defaults
                        ) { try $0.message.count }
                        precondition(size == payload.count, "expected \(payload.count) bytes, found \(size)")
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return (answered, (ContinuousClock.now - began) / .seconds(1))
    }
}
