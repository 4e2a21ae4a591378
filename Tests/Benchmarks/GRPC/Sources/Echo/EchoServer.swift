import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// A gRPC server that gives back what it is sent, over TLS to clients of one authority.
enum EchoServer {
    /// Serves on a port of the system's choice, which is told through `onPort`, until the task is cancelled.
    static func serve(
        _ files: EchoFiles, onPort: @escaping @Sendable (Int) -> Void
    ) async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0),
            transportSecurity: .mTLS(
                certificateChain: [.file(path: files.certificate, format: .pem)],
                privateKey: .file(path: files.privateKey, format: .pem)
            ) {
                $0.trustRoots = .certificates([.file(path: files.authority, format: .pem)])
                $0.requireALPN = true
            },
            config: .defaults { $0.http2.maxConcurrentStreams = 4_096 })
        let server = GRPCServer(transport: transport, services: [EchoService()])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            if let port = try await transport.listeningAddress.ipv4?.port { onPort(port) }
            try await group.waitForAll()
        }
    }
}

/// The PEM files of one side.
struct EchoFiles: Sendable {
    let authority: String
    let certificate: String
    let privateKey: String

    init(authority: String, certificate: String, privateKey: String) {
        self.authority = authority
        self.certificate = certificate
        self.privateKey = privateKey
    }
}

private struct EchoService: RegistrableRPCService {
    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        // As generated code registers a unary method.
        router.registerHandler(forMethod: echo, deserializer: RawBytes(), serializer: RawBytes()) {
            request, _ in
            let request = try await ServerRequest(stream: request)
            return StreamingServerResponse(single: ServerResponse(message: request.message))
        }
    }
}
