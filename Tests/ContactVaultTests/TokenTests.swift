import Crypto
import Kernel
import Messages
import Testing
import Wire

@Suite("Tokens")
struct TokenTests {
    let noon = Instant(microseconds: 1_800_000_000_000_000)

    @Test("B7 a link token serves its one purpose and cannot be forged")
    func linkToken() throws {
        let hash = try KeyedHash(key: [UInt8](repeating: 7, count: 32))
        let foreign = try KeyedHash(key: [UInt8](repeating: 8, count: 32))
        let token = LinkToken(.objection, subject: 42, generation: 3, expires: noon + .days(7))
        let text = token.text { hash($0) }
        #expect(try LinkToken.verify(text, purpose: .objection) { hash($0) }.get() == token)

        var altered = Array(text)
        altered[3] = altered[3] == "0" ? "1" : "0"
        let forgeries = [
            "", ".", "x.y", text + "0", text + ".", String(text.dropLast()), String(text.dropLast(2)),
            String(altered), token.text { foreign($0) },
            text.split(separator: ".").reversed().joined(separator: "."),
        ]
        for forged in forgeries {
            let found = LinkToken.verify(forged, purpose: .objection) { hash($0) }
            #expect(found.refusal?.reason == .tokenInvalid, "\(forged)")
        }
        for purpose in LinkPurpose.allCases where purpose != .objection {
            #expect(LinkToken.verify(text, purpose: purpose) { hash($0) }.refusal?.reason == .tokenInvalid)
        }
    }

    @Test("B7 a link token holds until it expires, and not a moment longer")
    func linkTokenExpires() {
        let token = LinkToken(.report, subject: 1, expires: noon)
        #expect(token.expired(at: Instant(microseconds: noon.microseconds - 1)) == nil)
        #expect(token.expired(at: noon)?.reason == .tokenExpired)
    }

    @Test("F9 an access token is the vault's own, unaltered and in time")
    func accessToken() throws {
        let key = try Ed25519PrivateKey(seed: [UInt8](repeating: 1, count: 32))
        let foreign = try Ed25519PrivateKey(seed: [UInt8](repeating: 2, count: 32))
        var token = AccessToken()
        token.party = PartyID(77)
        token.marketplace = MarketplaceID(1)
        token.roles = [.seller, .buyer]
        token.session = SessionID(5)
        token.expires = noon + .minutes(15)
        let text = try token.text { try key.sign($0) }
        func verify(_ text: String, at now: Instant) -> Result<AccessToken, Refusal> {
            AccessToken.verify(text, now: now) { key.publicKey.verify($1, of: $0) }
        }
        #expect(text.utf8.count <= 400)
        #expect(try verify(text, at: noon).get() == token)
        #expect(verify(text, at: noon + .minutes(15)).refusal?.reason == .tokenExpired)
        var promoted = token
        promoted.roles = .operator_
        let signature = text.split(separator: ".")[1]
        let stitched = try promoted.text { try foreign.sign($0) }.split(separator: ".")[0] + "." + signature
        for forged in ["", "a", try token.text { try foreign.sign($0) }, String(stitched), text + "00"] {
            #expect(verify(forged, at: noon).refusal?.reason == .tokenInvalid, "\(forged)")
        }
        // A token signed for something else with the same key is none.
        let bare = Hex.encode(token.encoded()) + "." + Hex.encode(try key.sign(token.encoded()))
        #expect(verify(bare, at: noon).refusal?.reason == .tokenInvalid)
    }
}

extension Result where Failure == Refusal {
    var refusal: Refusal? {
        if case .failure(let refusal) = self { refusal } else { nil }
    }
}
