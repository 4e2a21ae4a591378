import ContactVaultRules
import Crypto
import Kernel
import Messages
import Runtime

/// Checks passwords before a sign-in is queued, and makes tokens after it is durable.
enum SignInEdge {
    static let accessLife = Duration64.minutes(15)
    static let refreshLife = Duration64.days(30)

    /// Replaces address and password by the party to whom they belong.
    static func check(
        _ command: inout SignIn, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws -> Refusal? {
        let party = try find(command, environment, context)
        guard try PasswordEdge.verify(command.password, party, environment, context), let party else {
            return PasswordEdge.wrong
        }
        command.email = ""
        command.password = ""
        command.party = party.party
        command.credential = party.credentialNumber
        return nil
    }

    private static func find(
        _ command: SignIn, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws -> Party? {
        guard let email = EmailAddress.normalised(command.email) else { return nil }
        let local = environment.hash(partyEmail: email, in: command.marketplace)
        let central = environment.hash(partyEmail: email, in: .none)
        return try context.read { store in
            try Parties.find(store, command.marketplace, emailHash: local)
                ?? Parties.find(store, .none, emailHash: central)
        }
    }

    /// Replaces the acting party's new password by its hash, if the current one is right.
    static func change(
        _ command: inout ChangePassword, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws -> Refusal? {
        let party = try context.read { try Parties.find($0, context.acting.party) }
        guard try PasswordEdge.verify(command.current, party, environment, context), let party else {
            return PasswordEdge.wrong
        }
        command.credential = try PasswordEdge.credential(command.new, environment, context)
        command.replaces = party.credentialNumber
        command.current = ""
        command.new = ""
        return nil
    }

    /// Replaces the refresh token by the session that it renews.
    static func checkRefresh(
        _ command: inout RefreshSignIn, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) -> Refusal? {
        switch LinkToken.verify(command.refreshToken, purpose: .refresh, hash: { environment.links($0) }) {
        case .failure(let refusal): return refusal
        case .success(let token):
            command.refreshToken = ""
            command.session = SessionID(token.subject)
            command.generation = token.generation
            return token.expired(at: context.machineNow)
        }
    }

    /// Adds the tokens, unless the session has ended: a remembered reply must not bring it back.
    static func addTokens(
        _ answer: inout SignedIn, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws {
        let session = answer.session
        guard try context.read({ try Sessions.find($0, session) }) != nil else { return }
        var token = AccessToken()
        token.party = answer.party
        token.marketplace = answer.marketplace
        token.roles = answer.roles
        token.session = answer.session
        token.expires = context.machineNow + accessLife
        answer.accessToken = try token.text { try environment.tokenKey.sign($0) }
        answer.accessExpires = token.expires
        let refresh = LinkToken(
            .refresh, subject: answer.session.raw, generation: answer.generation,
            expires: context.machineNow + refreshLife)
        answer.refreshToken = refresh.text { environment.links($0) }
    }
}
