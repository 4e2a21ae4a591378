import Kernel
import Messages

extension GavelClient {
    /// Signs in; this connection acts for the party from now on.
    ///
    /// - Parameter marketplace: none for operators.
    public func signIn(_ email: String, _ password: String, marketplace: MarketplaceID) async throws
        -> SignedIn
    {
        var signIn = SignIn()
        signIn.marketplace = marketplace
        signIn.email = email
        signIn.password = password
        return try await call(signIn)
    }

    /// Goes on with a sign-in made on another connection.
    public func authenticate(_ accessToken: String) async throws -> Authenticated {
        var query = Authenticate()
        query.accessToken = accessToken
        return try await ask(query)
    }

    /// Gives a new access token for a refresh token; this connection acts with it from now on.
    public func refresh(_ refreshToken: String) async throws -> SignedIn {
        var refresh = RefreshSignIn()
        refresh.refreshToken = refreshToken
        return try await call(refresh)
    }
}
