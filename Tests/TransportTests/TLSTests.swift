import Crypto
import Foundation
import Testing
import Transport
import Wire

@Suite("TLS")
struct TLSTests {
    private let folder = TemporaryFolder()
    private let files: TLSFiles
    private let strangers: TLSFiles

    init() throws {
        files = try DevelopmentAuthority.prepare(
            folder: "\(folder.path)/ours", identities: ["auction", "wallet"])
        strangers = try DevelopmentAuthority.prepare(
            folder: "\(folder.path)/strangers", identities: ["auction"])
    }

    private func identity(_ name: String, _ files: TLSFiles) throws -> (
        certificate: String, privateKey: String
    ) {
        let identity = try #require(files.services[name])
        return (identity.certificate, identity.privateKey)
    }

    private func walletServer(clientAuthority: String?) throws -> LinkTLS {
        let (certificate, privateKey) = try identity("wallet", files)
        return try .server(certificate: certificate, privateKey: privateKey, clientAuthority: clientAuthority)
    }

    private func listen(_ hub: LinkHub, _ tls: LinkTLS, _ delegate: Recorder) throws -> Int {
        try hub.listen(host: "127.0.0.1", port: 0, tls: tls, limits: .peers, delegate: delegate)
    }

    private func connect(_ hub: LinkHub, _ port: Int, _ tls: LinkTLS, _ delegate: Recorder) -> LinkID {
        hub.connect(host: "127.0.0.1", port: port, tls: tls, limits: .peers, delegate: delegate)
    }

    private func expectUntrusted(_ recorder: Recorder) {
        guard case .untrusted = recorder.now.faults.first else {
            Issue.record("expected an untrusted link, found \(recorder.now.faults)")
            return
        }
    }

    @Test("both sides learn the other's name from its certificate, and frames go both ways")
    func mutual() async throws {
        try await withHub { hub in
            let server = Recorder(onFrames: { link, frames in
                for received in frames { hub.send(frame(received.header.correlation), on: link) }
            })
            let client = Recorder(onOpened: { link in
                hub.send((1...500).map { (link, frame($0, bodyLength: 2_000)) })
            })
            let port = try listen(hub, walletServer(clientAuthority: files.authority), server)
            let tls = try LinkTLS.client(
                authority: files.authority, identity: identity("auction", files),
                serverName: "wallet.gavel.internal")
            let link = connect(hub, port, tls, client)
            let notes = try await client.wait(for: "all answers") { $0.frameCount == 500 }
            #expect(notes.frames[link]?.map(\.header.correlation) == Array(1...500))
            #expect(notes.opened.map(\.peer) == ["wallet"])
            #expect(server.now.opened.map(\.peer) == ["auction"])
            hub.close(link, afterFlush: true)
            try await server.wait(for: "the end") { $0.closed.count == 1 }
            try await client.wait(for: "the end") { $0.closed == [link] }
            #expect(server.now.faults.isEmpty)
            #expect(client.now.faults.isEmpty)
        }
    }

    @Test("a client without a certificate, or with one of another authority, never opens")
    func unknownClients() async throws {
        try await withHub { hub in
            for identity in [nil, try identity("auction", strangers)] {
                let server = Recorder()
                let client = Recorder()
                let port = try listen(hub, walletServer(clientAuthority: files.authority), server)
                let tls = try LinkTLS.client(
                    authority: files.authority, identity: identity, serverName: "wallet.gavel.internal")
                _ = connect(hub, port, tls, client)
                try await client.wait(for: "the end") { $0.closed.count == 1 }
                try await server.wait(for: "the fault") { !$0.faults.isEmpty }
                expectUntrusted(server)
                expectUntrusted(client)
                #expect(server.now.opened.isEmpty)
                #expect(server.now.closed.isEmpty)
            }
            try await eventually("none left") { hub.linkCount == 0 }
        }
    }

    @Test("a server of another authority, or of another name, is not trusted")
    func unknownServers() async throws {
        try await withHub { hub in
            let port = try listen(hub, walletServer(clientAuthority: nil), Recorder())
            for (authority, name) in [
                (strangers.authority, "wallet.gavel.internal"), (files.authority, "auction.gavel.internal"),
            ] {
                let client = Recorder()
                _ = connect(hub, port, try .client(authority: authority, serverName: name), client)
                try await client.wait(for: "the end") { $0.closed.count == 1 }
                expectUntrusted(client)
                #expect(client.now.opened.isEmpty)
            }
        }
    }

    @Test(
        "a client without a certificate is nobody where none is asked for; the dialled address may be the name"
    )
    func publicServer() async throws {
        try await withHub { hub in
            let server = Recorder()
            let client = Recorder()
            let tls = try LinkTLS.server(
                certificate: files.server.certificate, privateKey: files.server.privateKey)
            let port = try listen(hub, tls, server)
            _ = connect(hub, port, try .client(authority: files.authority, serverName: nil), client)
            try await server.wait(for: "the link") { $0.opened.count == 1 }
            try await client.wait(for: "the link") { $0.opened.count == 1 }
            #expect(server.now.opened.map(\.peer) == [nil])
            #expect(client.now.opened.map(\.peer) == [nil])
        }
    }

    @Test("a side that speaks another protocol is turned away")
    func otherProtocol() async throws {
        try await withHub { hub in
            let server = Recorder()
            let client = Recorder()
            let port = try listen(hub, walletServer(clientAuthority: nil), server)
            let tls = try LinkTLS.client(
                authority: files.authority, serverName: "wallet.gavel.internal", protocols: ["http/1.1"])
            _ = connect(hub, port, tls, client)
            try await client.wait(for: "the end") { $0.closed.count == 1 }
            try await server.wait(for: "the fault") { !$0.faults.isEmpty }
            expectUntrusted(server)
        }
    }

    @Test("a client that never begins the handshake is closed at the deadline")
    func mute() async throws {
        try await withHub { hub in
            let server = Recorder()
            var limits = LinkLimits.peers
            limits.handshakeTimeout = .milliseconds(100)
            let port = try hub.listen(
                host: "127.0.0.1", port: 0, tls: walletServer(clientAuthority: nil), limits: limits,
                delegate: server)
            #expect(try RawSocket(port: port).receive().isEmpty)
            #expect(server.now.faults == [.handshakeTimedOut])
            #expect(server.now.opened.isEmpty)
        }
    }

    @Test("bytes that are no handshake end the link")
    func plainText() async throws {
        try await withHub { hub in
            let server = Recorder()
            let port = try listen(hub, walletServer(clientAuthority: nil), server)
            let socket = try RawSocket(port: port)
            try socket.send(frame(1))
            _ = try? socket.receiveAll()
            try await server.wait(for: "the fault") { !$0.faults.isEmpty }
            expectUntrusted(server)
            #expect(server.now.opened.isEmpty)
        }
    }
}

/// A folder of its own for each test, gone with it.
private final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "gavel-transport-\(UUID())"

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
