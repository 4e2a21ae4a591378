import Kernel
import Messages
import Runtime
import Stories
import Testing

@testable import Simulator

@Suite("Sign-in")
struct SignInTests {
    func signIn(_ guest: Guest) -> SignIn {
        var command = SignIn()
        command.marketplace = guest.marketplace
        command.email = guest.email
        command.password = guest.password
        return command
    }

    func verify(_ token: String, _ vault: VaultHouse) async throws -> AccessToken {
        try AccessToken.verify(token, now: vault.house.now()) {
            vault.environment.tokenPublicKey.verify($1, of: $0)
        }.get()
    }

    func acting(_ signedIn: SignedIn) -> Acting {
        Acting(
            party: signedIn.party, marketplace: signedIn.marketplace, roles: signedIn.roles,
            session: signedIn.session)
    }

    @Test("F9 who signs in gets a signed token that gateways verify by the vault's public key")
    func tokens() async throws {
        let vault = try await VaultHouse()
        let (party, guest) = try await vault.party("anna", [.seller, .buyer])
        let signedIn = try await vault.house.send(signIn(guest), as: nil)
        let token = try await verify(signedIn.accessToken, vault)
        #expect(token.party == party)
        #expect(token.roles == [.seller, .buyer])
        #expect(token.session == signedIn.session)
        #expect(token.expires == VaultHouse.start + .minutes(15))
        #expect(
            try vault.ask(GetTokenKey(), from: .gateway).publicKey.bytes
                == vault.environment.tokenPublicKey.rawBytes)
    }

    @Test("F9 a wrong password, an unknown address and a foreign marketplace are refused alike")
    func wrongCredentials() async throws {
        let vault = try await VaultHouse()
        try await vault.publish(MarketplaceID(2))
        let (_, guest) = try await vault.party("anna", .seller)
        for (marketplace, email, password) in [
            (vault.marketplace, guest.email, "secret of ann"),
            (vault.marketplace, "who@firm.example", guest.password),
            (MarketplaceID(2), guest.email, guest.password),
            (MarketplaceID.none, guest.email, guest.password),
            (vault.marketplace, "not an address", guest.password), (vault.marketplace, guest.email, ""),
        ] {
            let command = signIn(Guest(marketplace: marketplace, email: email, password: password))
            #expect(try await vault.house.refusal(of: command, as: nil) == Refusal(.credentialsWrong))
        }
    }

    @Test("F9 an operator signs in to any marketplace that exists, or to none")
    func operatorSignsIn() async throws {
        let vault = try await VaultHouse()
        for (marketplace, works) in [(0, true), (1, true), (9, false)] {
            var command = signIn(vault.host)
            command.marketplace = MarketplaceID(UInt32(marketplace))
            let refusal = try await vault.house.refusal(of: command, as: nil)
            #expect((refusal == nil) == works)
        }
    }

    @Test("F9 a refresh token works once, and an ended session gives none")
    func refresh() async throws {
        let vault = try await VaultHouse()
        let (_, guest) = try await vault.party("anna", .seller)
        let first = try await vault.house.send(signIn(guest), as: nil)
        var refresh = RefreshSignIn()
        refresh.refreshToken = first.refreshToken
        let key = vault.house.newKey()
        let second = try await vault.house.send(refresh, as: nil, key: key)
        #expect(second.session == first.session)
        #expect(second.refreshToken != first.refreshToken)
        #expect(try await vault.house.refusal(of: refresh, as: nil)?.reason == .tokenInvalid)
        // F2: the same key gives the same answer, with tokens, as long as the session is open.
        #expect(try await vault.house.send(refresh, as: nil, key: key) == second)

        _ = try vault.house.call(SignOut(), acting: acting(second), peer: nil, key: nil)
        #expect(try await vault.house.send(refresh, as: nil, key: key).accessToken.isEmpty)
        refresh.refreshToken = second.refreshToken
        #expect(try await vault.house.refusal(of: refresh, as: nil)?.reason == .tokenInvalid)
        refresh.refreshToken = first.accessToken
        #expect(try await vault.house.refusal(of: refresh, as: nil)?.reason == .tokenInvalid)
        let revocations = try vault.ask(ListRevocations(), from: .gateway).revocations
        #expect(revocations.map(\.session) == [first.session])
    }

    @Test("F9 a refresh token expires by the machine's clock")
    func refreshExpires() async throws {
        let vault = try await VaultHouse()
        let (_, guest) = try await vault.party("anna", .seller)
        var refresh = RefreshSignIn()
        refresh.refreshToken = try await vault.house.send(signIn(guest), as: nil).refreshToken
        try await vault.house.advance(by: .days(30))
        #expect(try await vault.house.refusal(of: refresh, as: nil)?.reason == .tokenExpired)
    }

    @Test("F9 a changed password ends the old one and the other sessions")
    func changePassword() async throws {
        let vault = try await VaultHouse()
        let (_, guest) = try await vault.party("anna", .seller)
        let elsewhere = try await vault.house.send(signIn(guest), as: nil)
        let here = try await vault.house.send(signIn(guest), as: nil)
        var change = ChangePassword()
        change.current = "guessed"
        change.new = "another secret"
        func refusal() -> Refusal? {
            do {
                _ = try vault.house.call(change, acting: acting(here), peer: nil, key: nil)
                return nil
            } catch {
                return error as? Refusal
            }
        }
        #expect(refusal()?.reason == .credentialsWrong)
        change.current = guest.password
        #expect(refusal() == nil)
        #expect(try await vault.house.refusal(of: signIn(guest), as: nil)?.reason == .credentialsWrong)
        let changed = Guest(marketplace: guest.marketplace, email: guest.email, password: change.new)
        #expect(try await vault.house.refusal(of: signIn(changed), as: nil) == nil)
        let revocations = try vault.ask(ListRevocations(), from: .gateway).revocations
        #expect(revocations.map(\.session) == [elsewhere.session])
        // The address was sealed with the first password; it is still there.
        #expect(try await vault.house.ask(GetParty(), as: changed).email.plaintext == guest.email)
    }

    @Test("F9 a party has a bounded number of sessions: one more ends the oldest")
    func boundedSessions() async throws {
        let vault = try await VaultHouse()
        let (_, guest) = try await vault.party("anna", .seller)
        let first = try await vault.house.send(signIn(guest), as: nil)
        for _ in 0..<20 { _ = try await vault.house.send(signIn(guest), as: nil) }
        let revocations = try vault.ask(ListRevocations(), from: .gateway).revocations
        #expect(revocations.map(\.session) == [first.session])
        #expect(revocations.allSatisfy { $0.number > first.session.raw })
    }

    @Test("F9 all sessions of a party end by itself or by an operator, nobody else's")
    func revokeSessions() async throws {
        let vault = try await VaultHouse()
        let (anna, annas) = try await vault.party("anna", .seller)
        let (_, bens) = try await vault.party("ben", .buyer)
        var revoke = RevokeSessions()
        revoke.party = anna
        #expect(try await vault.house.refusal(of: revoke, as: bens)?.reason == .notFound)
        var refresh = RefreshSignIn()
        refresh.refreshToken = try await vault.house.send(signIn(annas), as: nil).refreshToken
        _ = try await vault.house.send(revoke, as: vault.host)
        #expect(try await vault.house.refusal(of: refresh, as: nil)?.reason == .tokenInvalid)
    }
}
