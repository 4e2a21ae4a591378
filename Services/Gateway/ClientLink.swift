import Kernel
import Messages
import Wire

/// For whom a connection acts, as the vault or an access token said.
struct Binding: Equatable {
    var party: PartyID
    var marketplace: MarketplaceID
    var roles: Roles
    var session: SessionID
    /// By the machine's clock.
    var expires: Instant

    init(_ signedIn: SignedIn) {
        party = signedIn.party
        marketplace = signedIn.marketplace
        roles = signedIn.roles
        session = signedIn.session
        expires = signedIn.accessExpires
    }

    init(_ token: AccessToken) {
        party = token.party
        marketplace = token.marketplace
        roles = token.roles
        session = token.session
        expires = token.expires
    }

    var acting: ActingPart {
        ActingPart(
            party: party.raw, marketplace: marketplace.raw, roles: roles.rawValue, session: session.raw)
    }
}

/// A client's connection.
struct ClientLink {
    enum Stage: Equatable {
        case greeting
        case anonymous
        case signedIn(Binding)
        /// Its sign-in was ended elsewhere.
        case revoked
    }

    let addressGroup: String
    var stage = Stage.greeting
    var inFlight: UInt32 = 0
    var offersCompression = false
    var isSubscribed = false
    /// The item after which its inbox is still to be read, because no service could say.
    var missedAfter: InboxItemID?

    init(address: String) { addressGroup = Gateway.addressGroup(address) }

    var binding: Binding? {
        if case .signedIn(let binding) = stage { return binding }
        return nil
    }

    /// For whom a message with this audience may act now, or why not.
    func admit(_ audience: Audience, now: Instant) -> Result<Binding?, Refusal> {
        let valid = binding.flatMap { now < $0.expires ? $0 : nil }
        if audience == .anyone { return .success(valid) }
        guard let binding else {
            return .failure(
                stage == .revoked
                    ? Refusal(.tokenInvalid, expected: "a sign-in in force", found: "one that was ended")
                    : Refusal(.notSignedIn, expected: "SignIn or Authenticate first"))
        }
        guard let valid else {
            return .failure(
                Refusal(
                    .tokenExpired, expected: "a token valid now", found: "expired \(binding.expires.iso8601)")
            )
        }
        switch audience {
        case .parties(let roles) where valid.roles.isDisjoint(with: roles):
            return .failure(Refusal(.forbidden, expected: Self.names(roles), found: Self.names(valid.roles)))
        case .operators where !valid.roles.contains(.operator_) && !Planted.isOn(.anybodyOperates):
            return .failure(Refusal(.forbidden, expected: "operator", found: Self.names(valid.roles)))
        default: return .success(valid)
        }
    }

    private static func names(_ roles: Roles) -> String {
        guard case .array(let names) = roles.json(.plain) else { return "" }
        return names.map { name in
            if case .string(let text) = name { text } else { "" }
        }.joined(separator: " or ")
    }
}
