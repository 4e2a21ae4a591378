import Client
import Messages
import Operation
import Stories
import Synchronization

/// People who are signed in, listen, and ask nothing.
public final class IdleClients: Sendable {
    private let clients: [GavelClient]
    private let tokens: TokenBook
    private let hub: ClientHub
    /// What each costs the gateway, in bytes of resident memory.
    public let gatewayBytesEach: Int

    private init(_ clients: [GavelClient], _ tokens: TokenBook, _ hub: ClientHub, _ gatewayBytesEach: Int) {
        self.clients = clients
        self.tokens = tokens
        self.hub = hub
        self.gatewayBytesEach = gatewayBytesEach
    }

    public var count: Int { clients.count }

    /// Opens so many connections, which stay open; the first hundred before the memory is looked at, so that what
    /// the gateway sets up once counts for none of them.
    public static func open(
        _ installation: Installation, count: Int, operator guest: Guest
    ) async throws -> IdleClients {
        let tls = try installation.clientTLS()
        let tokens = try await TokenBook.open(installation, buyers: 8, operator: guest)
        let hub = ClientHub(threads: 2, neverCompressed: Catalogue.neverCompressed)
        // Every connection is known from the moment at which it is there: a later one may fail.
        let known = Mutex<[GavelClient]>([])
        @Sendable func connect() async throws {
            let client = try await installation.connect({ $0.tls = tls }, hub: hub)
            known.withLock { $0.append(client) }
            _ = try await client.authenticate(tokens.token)
            _ = try await client.ask(Subscribe())
        }
        let first = min(100, count / 2)
        return try await whole {
            try await several(first, connect)
            let before = resident(installation)
            try await several(count - first, connect)
            let grown = resident(installation) - before
            return IdleClients(
                known.withLock { $0 }, tokens, hub, max(0, grown) * 1_024 / max(1, count - first))
        } orClose: {
            await IdleClients(known.withLock { $0 }, tokens, hub, 0).close()
        }
    }

    /// Some at a time, as they come in life.
    private static func several(
        _ count: Int, _ connect: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 32 { try await group.next() }
                group.addTask { try await connect() }
            }
            try await group.waitForAll()
        }
    }

    /// The gateway's resident memory in KiB.
    private static func resident(_ installation: Installation) -> Int {
        installation.process(of: .gateway).map { ProcessUse($0).resident } ?? 0
    }

    /// How many are still connected.
    public var open: Int { clients.count { $0.isOpen } }

    public func close() async {
        await tokens.close()
        for client in clients { await client.close() }
        try? await hub.shutdown(grace: .seconds(1))
    }
}
