import Client
import Messages
import Operation
import Stories

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
        let tls = try installation.clientTLS()
        let tokens = try await TokenBook.open(installation, buyers: buyers, operator: guest)
        return SignInScenario(
            installation, tokens, ClientHub(threads: 2, neverCompressed: Catalogue.neverCompressed), tls)
    }

    public func arrival(_: Int) -> (any LoadJourney)? {
        SingleAction(0) { [self] in
            let client = try await installation.connect({ $0.tls = tls }, hub: hub)
            try await whole {
                _ = try await client.authenticate(tokens.token)
            } orClose: {
                await client.close()
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
