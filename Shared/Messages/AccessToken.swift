import Kernel
import Wire

/// What a signed-in party shows with every request: who it is, for how long, and the vault's signature.
///
/// As text: the fields in hexadecimal, a point, the Ed25519 signature in hexadecimal. The time is the
/// machine's, since a token is no business of the marketplace's clock.
public struct AccessToken: Record, Hashable {
    public var party = PartyID.none
    public var marketplace = MarketplaceID.none
    public var roles = Roles()
    public var session = SessionID.none
    public var expires = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("marketplace", &marketplace)
        try visit.field("roles", &roles)
        try visit.field("session", &session)
        try visit.field("expires", &expires)
    }

    /// The token that `text` holds, if the vault signed it and its time is not over.
    ///
    /// `isSigned` says whether the signature, its second argument, belongs to the bytes, its first.
    public static func verify(
        _ text: String, now: Instant, isSigned: (_ message: [UInt8], _ signature: [UInt8]) -> Bool
    ) -> Result<AccessToken, Refusal> {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let content = Hex.decode(String(parts[0])),
            let signature = Hex.decode(String(parts[1])),
            let token = try? AccessToken(decoding: content), isSigned(signedBytes(content), signature)
        else { return .failure(Refusal(.tokenInvalid, expected: "a token signed by this installation")) }
        guard now < token.expires else {
            return .failure(
                Refusal(
                    .tokenExpired, expected: "a token valid now", found: "expired \(token.expires.iso8601)"))
        }
        return .success(token)
    }

    /// The token's text, signed by `sign`.
    public func text(sign: (_ message: [UInt8]) throws -> [UInt8]) rethrows -> String {
        let content = encoded()
        return Hex.encode(content) + "." + Hex.encode(try sign(Self.signedBytes(content)))
    }

    /// The purpose stands before the content, so that a signature is good for nothing else.
    private static func signedBytes(_ content: [UInt8]) -> [UInt8] {
        Array("gavel access token 1".utf8) + content
    }
}
