import Kernel
import Messages
import Testing
import Wire

@testable import Gateway

@Suite("Sign-in at the gateway") struct SignInTests {
    @Test("A sign-in that passes back binds the connection; the body goes on as it came")
    func signIn() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = bench.client()
        bench.request(link, PlaceBid())
        #expect(bench.refusal(link) == .notSignedIn)

        var signIn = SignIn()
        signIn.email = "b@example.com"
        signIn.password = "secret-word"
        bench.request(link, signIn, correlation: 8)
        let passed = try #require(bench.heard(.contactVault, SignIn.code))
        #expect(passed.body == signIn.encoded())
        #expect(passed.header.acting == nil)
        var answer = SignedIn()
        answer.party = GatewayBench.buyer
        answer.marketplace = MarketplaceID(3)
        answer.roles = .buyer
        answer.session = SessionID(900)
        answer.accessToken = "x"
        answer.accessExpires = bench.machineNow + .minutes(10)
        bench.say(.contactVault, SignedIn.code, answer.encoded(), correlation: passed.header.correlation)
        let back = try #require(bench.received(link))
        #expect(back.header.correlation == 8)
        #expect(back.body == answer.encoded())

        bench.request(link, PlaceBid(), correlation: 9, key: IdempotencyKey(high: 4, low: 5))
        let bid = try #require(bench.heard(.auction, PlaceBid.code))
        #expect(
            bid.header.acting
                == ActingPart(party: 77, marketplace: 3, roles: Roles.buyer.rawValue, session: 900))
        #expect(bid.header.key == IdempotencyKey(high: 4, low: 5))
    }

    @Test("A token binds a connection; forged, changed and expired ones do not")
    func tokens() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = bench.client()
        var authenticate = Authenticate()
        authenticate.accessToken = try bench.token()
        let forged = authenticate.accessToken.replacing("4d", with: "4e", maxReplacements: 1)
        for text in [forged + "00", "", "zz.zz", String(authenticate.accessToken.dropLast(2))] {
            var wrong = Authenticate()
            wrong.accessToken = text
            bench.request(link, wrong)
            #expect(bench.refusal(link) == .tokenInvalid)
        }
        bench.request(link, authenticate)
        let bound = try #require(bench.received(link, Authenticated.self))
        #expect(bound.party == GatewayBench.buyer)

        bench.machineNow = bench.machineNow + .minutes(11)
        bench.request(link, authenticate)
        #expect(bench.refusal(link) == .tokenExpired)
        bench.request(link, PlaceBid())
        #expect(bench.refusal(link) == .tokenExpired)
    }

    @Test("While the vault was never reached, tokens cannot be checked")
    func vaultNeverReached() throws {
        let bench = try GatewayBench()
        let link = bench.client()
        var authenticate = Authenticate()
        authenticate.accessToken = try bench.token()
        bench.request(link, authenticate)
        #expect(bench.refusal(link) == .unavailable)
    }

    @Test(
        "A vault that is too busy for the gateway's own questions is asked again", arguments: [true, false])
    func busyVault(answers: Bool) throws {
        let bench = try GatewayBench()
        let link = bench.client()
        bench.bringUp([.auction])
        guard let vault = bench.link(of: .contactVault) else { return }
        bench.gateway.linkOpened(vault, peer: ServiceName.contactVault.title, address: "127.0.0.1")
        bench.say(.contactVault, Welcome.code, Welcome().encoded(), correlation: 0)
        for code in [GetTokenKey.code, ListRevocations.code] {
            let asked = try #require(bench.heard(.contactVault, code))
            guard answers else { continue }
            bench.say(
                .contactVault, Refusal.code, Refusal(.overloaded).encoded(),
                correlation: asked.header.correlation)
        }
        bench.pass(milliseconds: answers ? 2_000 : 8_000)
        var key = TokenKey()
        key.publicKey = Bytes(bench.signer.publicKey.rawBytes)
        #expect(bench.answer(.contactVault, GetTokenKey.code, key))
        #expect(bench.answer(.contactVault, ListRevocations.code, RevocationsPage()))
        #expect(bench.heard(.contactVault, GetTokenKey.code) == nil)
        var authenticate = Authenticate()
        authenticate.accessToken = try bench.token()
        bench.request(link, authenticate)
        #expect(bench.received(link, Authenticated.self) != nil)
        bench.pass(milliseconds: 8_000)
        #expect(bench.heard(.contactVault, GetTokenKey.code) == nil)
        #expect(bench.heard(.contactVault, ListRevocations.code) == nil)
    }

    @Test("A sign-in that the vault ends is unbound at once and stays so")
    func revoked() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let ended = try bench.signedIn(session: 900)
        let other = try bench.signedIn(PartyID(78), session: 901)
        var told = SessionsRevoked()
        told.revocation.number = 950
        told.revocation.party = GatewayBench.buyer
        bench.say(.contactVault, SessionsRevoked.code, told.encoded(), correlation: 0, acting: PartyID.none)
        bench.request(ended, PlaceBid())
        #expect(bench.refusal(ended) == .tokenInvalid)
        bench.request(other, PlaceBid())
        #expect(bench.heard(.auction, PlaceBid.code)?.header.acting?.party == 78)

        var authenticate = Authenticate()
        authenticate.accessToken = try bench.token(session: 900)
        bench.request(ended, authenticate)
        #expect(bench.refusal(ended) == .tokenInvalid)
        authenticate.accessToken = try bench.token(session: 960)
        bench.request(ended, authenticate)
        #expect(bench.received(ended, Authenticated.self) != nil)
    }

    @Test(
        "A revocation that was pushed while the vault was away is learnt, though a later one was heard first")
    func revokedWhileAway() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let ended = try bench.signedIn(session: 900)
        bench.gateway.linkClosed(try #require(bench.link(of: .contactVault)))
        bench.pass(milliseconds: 5_000)
        let link = try #require(bench.link(of: .contactVault))
        bench.gateway.linkOpened(link, peer: ServiceName.contactVault.title, address: "127.0.0.1")
        bench.say(.contactVault, Welcome.code, Welcome().encoded(), correlation: 0)
        let asked = try #require(bench.heard(.contactVault, ListRevocations.code))
        bench.say(
            .contactVault, Refusal.code, Refusal(.unavailable).encoded(),
            correlation: asked.header.correlation)
        #expect(!bench.gateway.isReady)
        var told = SessionsRevoked()
        told.revocation.number = 970
        told.revocation.party = PartyID(79)
        bench.say(.contactVault, SessionsRevoked.code, told.encoded(), correlation: 0, acting: PartyID.none)
        bench.pass(milliseconds: 2_000)
        let again = try #require(bench.heard(.contactVault, ListRevocations.code))
        #expect(try ListRevocations(decoding: again.body).after < 950)
        var page = RevocationsPage()
        var missed = Revocation()
        missed.number = 950
        missed.party = GatewayBench.buyer
        page.revocations = [missed, told.revocation]
        bench.say(
            .contactVault, RevocationsPage.code, page.encoded(), correlation: again.header.correlation)
        bench.request(ended, PlaceBid())
        #expect(bench.refusal(ended) == .tokenInvalid)
        #expect(bench.answer(.contactVault, ListRevocations.code, RevocationsPage()))
    }

    @Test("F9 what needs another role, or is for services, is refused before anything is passed on")
    func denied() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        bench.request(link, PublishListing())
        #expect(bench.refusal(link) == .forbidden)
        bench.request(link, GetStatus())
        #expect(bench.refusal(link) == .forbidden)
        bench.request(link, SetClock())
        #expect(bench.refusal(link) == .forbidden)
        bench.request(link, BootstrapOperator())
        #expect(bench.refusal(link) == .unknownMessage)
        bench.request(link, ListParked())
        #expect(bench.refusal(link) == .unknownMessage)
        bench.request(link, HoldPlaced())
        #expect(bench.refusal(link) == .unknownMessage)
        bench.request(link, BidPlaced())
        #expect(bench.refusal(link) == .unknownMessage)
        #expect(bench.heard(.auction, PublishListing.code) == nil)
    }

    @Test("Who acts and where in a stream is for services to say: a client that says it is cut off")
    func actingFlags() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let acting = ActingPart(party: 1, marketplace: 1, roles: 4, session: 1)
        let first = try bench.signedIn()
        bench.request(first, PlaceBid(), acting: acting)
        #expect(bench.refusal(first) == .malformed)
        #expect(bench.closed.contains(first))
        let second = try bench.signedIn()
        bench.request(second, PlaceBid(), stream: 1)
        #expect(bench.refusal(second) == .malformed)
        #expect(bench.closed.contains(second))
        #expect(bench.heard(.auction, PlaceBid.code) == nil)
    }

    @Test("The first frame is Hello; anything else closes")
    func helloFirst() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = bench.silentClient()
        bench.request(link, Ping())
        #expect(bench.refusal(link) == .malformed)
        #expect(bench.closed.contains(link))
    }

    @Test("A frame longer than allowed is answered with the limit, then closed")
    func tooLong() throws {
        let bench = try GatewayBench()
        let link = bench.client()
        bench.gateway.linkMalformed(link, error: .tooLong(limit: 16_384, found: 1 << 30), correlation: 0)
        #expect(bench.refusal(link) == .tooLarge)
        #expect(bench.closed.contains(link))
    }
}
