import Kernel
import Wire

/// What a link lets its bearer do: one purpose, on one subject, until it expires (B7).
///
/// Derived by a keyed hash and never stored. As text: the fields in hexadecimal, a point, the hash in hexadecimal.
public struct LinkToken: Record, Hashable {
    public var purpose = LinkPurpose.confirmEmail
    /// The party, contact or session that the purpose is about.
    public var subject: UInt64 = 0
    /// Counts what the subject was given; an older one holds no longer.
    public var generation: UInt32 = 0
    public var expires = Instant.none
    public init() {}
    public init(_ purpose: LinkPurpose, subject: UInt64, generation: UInt32 = 0, expires: Instant) {
        self.purpose = purpose
        self.subject = subject
        self.generation = generation
        self.expires = expires
    }
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("purpose", &purpose)
        try visit.field("subject", &subject)
        try visit.field("generation", &generation)
        try visit.field("expires", &expires)
    }

    /// The token that `text` holds, if it was derived here for `purpose`. Whether it has expired is left to
    /// the caller, who knows which clock counts.
    public static func verify(
        _ text: String, purpose: LinkPurpose, hash: (_ message: [UInt8]) -> [UInt8]
    ) -> Result<LinkToken, Refusal> {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let content = Hex.decode(String(parts[0])),
            let found = Hex.decode(String(parts[1])), let token = try? LinkToken(decoding: content),
            equalInConstantTime(found, hash(hashedBytes(content))), token.purpose == purpose
        else { return .failure(Refusal(.tokenInvalid, expected: "a link token for \(purpose)")) }
        return .success(token)
    }

    /// Nothing while the token holds; afterwards the refusal.
    public func expired(at now: Instant) -> Refusal? {
        now < expires
            ? nil : Refusal(.tokenExpired, expected: "a link valid now", found: "expired \(expires.iso8601)")
    }

    /// The token's text, with its keyed hash from `hash`.
    public func text(hash: (_ message: [UInt8]) -> [UInt8]) -> String {
        let content = encoded()
        return Hex.encode(content) + "." + Hex.encode(hash(Self.hashedBytes(content)))
    }

    private static func hashedBytes(_ content: [UInt8]) -> [UInt8] {
        Array("gavel link token 1".utf8) + content
    }

    /// The time tells nothing of where two hashes differ.
    private static func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
