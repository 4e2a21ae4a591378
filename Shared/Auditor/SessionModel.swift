import Kernel
import Messages
import Wire

/// Who may ask, and how much, as clients see it: a sign-in that was ended opens nothing, and nobody asks without end.
///
/// Told by what clients send and hear alone: tokens by the answers that gave them out, connections by what bound them.
final class SessionModel {
    /// What one party may ask at once, and a minute after that.
    struct Allowance {
        var burst: Int
        var perMinute: Int
    }

    private struct Connection {
        /// The sign-in that the connection acts by; nothing before, and while that is being decided.
        var session: UInt64 = 0
        var roles: Roles = []
        /// Calls under way that may bind it to another.
        var binding = 0
        /// When the minute began that is being counted.
        var countedFrom: Instant
        var answered = 0
    }

    private struct Call {
        var session: UInt64
        var roles: Roles
        var at: Instant
        var token: String = ""
    }

    private let findings: Findings
    private let rules: RuleCounter
    /// Requests of parties are counted against it; nothing is promised without one.
    var allowance: Allowance?
    private var connections: [UInt64: Connection] = [:]
    private var calls: [UInt64: Call] = [:]
    private var sessionOfToken: [String: UInt64] = [:]
    private var endedAt: [UInt64: Instant] = [:]
    /// Who may send each message of parties and operators.
    private let allowed: [UInt16: Roles]

    /// How long it may take until every gateway has heard of a sign-out: longer than a silent link is borne.
    static let grace = Duration64.minutes(2)

    init(_ findings: Findings, _ rules: RuleCounter) {
        self.findings = findings
        self.rules = rules
        var allowed: [UInt16: Roles] = [:]
        for message in Catalogue.all {
            switch message.audience {
            case .parties(let roles): allowed[message.code] = roles
            case .operators: allowed[message.code] = .operator_
            case .anyone, .services, .itself, .answer: continue
            }
        }
        self.allowed = allowed
    }

    private static let binding: Set<UInt16> = [SignIn.code, RefreshSignIn.code, Authenticate.code]

    func observe(_ observation: Observation) {
        switch observation.kind {
        case .sent: sent(observation)
        case .unknown: ended(observation, code: 0, [])
        case .answered(let code, let body): ended(observation, code: code, body)
        case .pushed: break
        }
    }

    private func sent(_ observation: Observation) {
        var connection = connections[observation.connection] ?? Connection(countedFrom: observation.at)
        let isBinding = SessionModel.binding.contains(observation.code)
        var call = Call(
            session: connection.binding == 0 ? connection.session : 0, roles: connection.roles,
            at: observation.at)
        if isBinding { connection.binding += 1 }
        if observation.code == Authenticate.code {
            call.token = (try? Authenticate(decoding: observation.body))?.accessToken ?? ""
        }
        connections[observation.connection] = connection
        let isOfSession = call.session != 0 && allowed[observation.code] != nil
        if isBinding || isOfSession { calls[observation.call] = call }
    }

    private func ended(_ observation: Observation, code: UInt16, _ body: [UInt8]) {
        guard let call = calls.removeValue(forKey: observation.call) else { return }
        if SessionModel.binding.contains(observation.code) {
            return bound(observation, call, code, body)
        }
        guard code != 0, code != Refusal.code else { return }
        check(call.session, call, observation, "message \(observation.code)")
        checkRoles(call, observation)
        if observation.code == SignOut.code, endedAt[call.session] == nil {
            endedAt[call.session] = observation.at
        }
        count(observation)
    }

    private func bound(_ observation: Observation, _ call: Call, _ code: UInt16, _ body: [UInt8]) {
        connections[observation.connection]?.binding -= 1
        var session: UInt64 = 0
        var roles: Roles = []
        switch code {
        case SignedIn.code:
            guard let signedIn = try? SignedIn(decoding: body), !signedIn.accessToken.isEmpty else { return }
            session = signedIn.session.raw
            roles = signedIn.roles
            sessionOfToken[signedIn.accessToken] = session
        case Authenticated.code:
            session = sessionOfToken[call.token] ?? 0
            roles = (try? Authenticated(decoding: body))?.roles ?? []
            check(session, call, observation, "its token")
        case Refusal.code:
            if let ended = sessionOfToken[call.token].flatMap({ endedAt[$0] }), ended < call.at {
                rules.note(.model("sign-out"))
            }
            return
        default:
            // Whether it took effect nobody knows.
            session = 0
        }
        connections[observation.connection]?.session = session
        connections[observation.connection]?.roles = roles
    }

    /// Nobody is answered what its role does not allow.
    private func checkRoles(_ call: Call, _ observation: Observation) {
        guard let allowed = allowed[observation.code], call.roles.isDisjoint(with: allowed) else { return }
        findings.report(
            .onlyByRole,
            "message \(observation.code): expected it refused to party \(observation.party), whose roles are \(call.roles.rawValue) and not of \(allowed.rawValue), found it answered",
            ["party \(observation.party)"])
    }

    /// A sign-in that was ended opens nothing, once every gateway must have heard.
    private func check(_ session: UInt64, _ call: Call, _ observation: Observation, _ what: String) {
        guard let ended = endedAt[session], call.at >= ended + SessionModel.grace else { return }
        findings.report(
            .signOutHolds,
            "session \(session): expected nothing to be answered after its end at \(ended.iso8601), found \(what) taken that was sent \(call.at.iso8601)",
            ["session \(session)", "party \(observation.party)"])
    }

    /// Of one connection no more is answered in a minute than its party may ask in it and while an answer is waited for.
    private func count(_ observation: Observation) {
        guard let allowance, var connection = connections[observation.connection] else { return }
        if observation.at >= connection.countedFrom + .minutes(1) {
            (connection.countedFrom, connection.answered) = (observation.at, 0)
        }
        connection.answered += 1
        connections[observation.connection] = connection
        let most = allowance.burst + allowance.perMinute * 5 / 4
        guard connection.answered == most + 1 else { return }
        findings.report(
            .withinRate,
            "connection \(observation.connection): expected at most \(allowance.burst) requests at once and \(allowance.perMinute) a minute, found \(most + 1) answered in a minute",
            ["connection \(observation.connection)", "party \(observation.party)"])
    }
}
