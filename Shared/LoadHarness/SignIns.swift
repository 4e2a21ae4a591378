import Client
import Kernel
import Messages
import Operation
import Stories
import Synchronization
import Wire

/// Access tokens of a marketplace's buyers, kept fresh.
final class TokenBook: Sendable {
    private struct Holder {
        var refreshToken: String
        var accessToken: String
        var expires: Instant
    }

    private let holders: Mutex<[Holder]>
    private let client: GavelClient
    private let next = Atomic<Int>(0)
    private let renewing = Mutex<Task<Void, Never>?>(nil)

    /// A token is renewed so long before it expires.
    private static let margin = Duration64.minutes(2)

    private init(_ holders: [Holder], _ client: GavelClient) {
        self.holders = Mutex(holders)
        self.client = client
    }

    /// Signs every guest in once.
    static func open(_ installation: Installation, _ guests: [Guest]) async throws -> TokenBook {
        let client = try await installation.connect()
        var holders: [Holder] = []
        for guest in guests {
            let signedIn = try await client.signIn(
                guest.email, guest.password, marketplace: guest.marketplace)
            holders.append(
                Holder(
                    refreshToken: signedIn.refreshToken, accessToken: signedIn.accessToken,
                    expires: signedIn.accessExpires))
        }
        let book = TokenBook(holders, client)
        book.renewing.withLock { task in
            task = Task {
                while !Task.isCancelled {
                    await book.renew()
                    try? await Task.sleep(for: .seconds(10))
                }
            }
        }
        return book
    }

    /// The next guest's token.
    var token: String {
        let index = next.add(1, ordering: .relaxed).oldValue
        return holders.withLock { $0[index % $0.count].accessToken }
    }

    private func renew() async {
        let limit = client.houseTime + TokenBook.margin
        let old = holders.withLock { $0 }
        for (index, holder) in old.enumerated() where holder.expires < limit {
            // Where this fails, sign-ins are refused, and counted so.
            guard let fresh = try? await client.refresh(holder.refreshToken) else { continue }
            holders.withLock { holders in
                holders[index] = Holder(
                    refreshToken: fresh.refreshToken, accessToken: fresh.accessToken,
                    expires: fresh.accessExpires)
            }
        }
    }

    func close() async {
        renewing.withLock { $0 }?.cancel()
        await client.close()
    }
}

/// A storm of returning people: each connects, shakes hands, shows the token of an earlier sign-in, and leaves.
public final class SignInScenario: LoadScenario {
    public let operations = ["signIn"]
    private let installation: Installation
    private let tokens: TokenBook
    private let hub: ClientHub
    private let tls: ClientTLS

    private init(_ installation: Installation, _ tokens: TokenBook, _ hub: ClientHub, _ tls: ClientTLS) {
        self.installation = installation
        self.tokens = tokens
        self.hub = hub
        self.tls = tls
    }

    /// Opens a marketplace of its own with so many buyers.
    public static func open(
        _ installation: Installation, buyers: Int, operator guest: Guest
    ) async throws -> SignInScenario {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        let cast = try await Cast.openMarketplace(house, operator: guest, buyers: buyers, funds: 0)
        await house.close()
        return SignInScenario(
            installation, try await TokenBook.open(installation, cast.buyers.map(\.guest)),
            ClientHub(threads: 2, neverCompressed: Catalogue.neverCompressed), try installation.clientTLS())
    }

    public func arrival() -> (any LoadJourney)? {
        SingleAction(0) { [self] in
            let client = try await installation.connect({ $0.tls = tls }, hub: hub)
            do {
                _ = try await client.authenticate(tokens.token)
            } catch {
                await client.close()
                throw error
            }
            // To leave is no part of coming.
            Task { await client.close() }
        }
    }

    public func close() async {
        await tokens.close()
        try? await hub.shutdown(grace: .seconds(1))
    }
}

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
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        let cast = try await Cast.openMarketplace(house, operator: guest, buyers: 8, funds: 0)
        await house.close()
        let tokens = try await TokenBook.open(installation, cast.buyers.map(\.guest))
        let hub = ClientHub(threads: 2, neverCompressed: Catalogue.neverCompressed)
        let tls = try installation.clientTLS()
        @Sendable func connect() async throws -> GavelClient {
            let client = try await installation.connect({ $0.tls = tls }, hub: hub)
            _ = try await client.authenticate(tokens.token)
            _ = try await client.ask(Subscribe())
            return client
        }
        let first = min(100, count / 2)
        var clients = try await several(first, connect)
        let before = resident(installation)
        clients += try await several(count - first, connect)
        let grown = resident(installation) - before
        return IdleClients(clients, tokens, hub, max(0, grown) * 1_024 / max(1, count - first))
    }

    /// Some at a time, as they come in life.
    private static func several(
        _ count: Int, _ connect: @escaping @Sendable () async throws -> GavelClient
    ) async throws -> [GavelClient] {
        try await withThrowingTaskGroup(of: GavelClient.self) { group in
            var clients: [GavelClient] = []
            clients.reserveCapacity(count)
            for number in 0..<count {
                if number >= 32, let client = try await group.next() { clients.append(client) }
                group.addTask { try await connect() }
            }
            for try await client in group { clients.append(client) }
            return clients
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
