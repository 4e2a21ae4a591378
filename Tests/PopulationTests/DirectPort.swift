import Auction
import ContactVault
import Crypto
import Dispute
import Foundation
import Kernel
import Messages
import Notifications
import Population
import Runtime
import Stories
import Wallet
import Wire

@testable import Simulator

/// A world for a population without network, processes or faults: the five services in process, and of a gateway
/// what clients notice of it. Answers come a millisecond after the question; now and then one is lost.
final class DirectPort: ClientPort {
    let house: InProcessHouse
    private let folder: String
    private var random: Chance
    private var events: [(at: Instant, number: UInt64, body: () -> Void)] = []
    private var lastEvent: UInt64 = 0
    private var lastKey: UInt64 = 0
    /// One call in so many is lost, before or after it took effect; 0: none.
    let lossOneIn: Int
    var acting = ""
    private var mails: [String: [String]] = [:]
    private var readMails = 0
    /// Access tokens given out.
    var issued: [String: AccessToken] = [:]
    private var ended: Set<SessionID> = []
    private var endedParties: [PartyID: UInt64] = [:]
    private var lastRevocation: UInt64 = 0
    /// Where a fault of the house's own shows first: who asked what.
    private(set) var faults: [String] = []

    init(seed: UInt64, start: Instant, lossOneIn: Int = 0) throws {
        random = Chance(seed: seed)
        self.lossOneIn = lossOneIn
        folder = "/dev/shm/gavel-population-\(SecureRandom.uint64())"
        house = try InProcessHouse(try DirectPort.definitions(), folder: folder, start: start)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func definitions() throws -> [ServiceDefinition] {
        let environment = try VaultEnvironment(
            blindIndexKey: [UInt8](repeating: 1, count: 32), linkTokenKey: [UInt8](repeating: 2, count: 32),
            tokenSigningSeed: [UInt8](repeating: 3, count: 32),
            scryptCost: try ScryptCost(iterations: 16, blockSize: 1, parallelism: 1))
        return [
            ContactVaultService.definition(environment: environment), WalletService.definition(),
            NotificationsService.definition(), AuctionService.definition(), DisputeService.definition(),
        ]
    }

    // MARK: The port

    var now: Instant { house.clock.now }
    func chance() -> UInt64 { random.next() }
    func connect() -> any ClientConnection { DirectConnection(self) }

    func after(_ span: Duration64, _ body: @escaping () -> Void) {
        lastEvent += 1
        let event = (at: now + max(.zero, span), number: lastEvent, body: body)
        var low = 0
        var high = events.count
        // Latest first, so that the next one is taken off the end.
        while low < high {
            let middle = (low + high) / 2
            if events[middle].at > event.at { low = middle + 1 } else { high = middle }
        }
        events.insert(event, at: low)
    }

    func newKey() -> IdempotencyKey {
        lastKey += 1
        return IdempotencyKey(high: UInt64(now.microseconds), low: lastKey)
    }

    func mail(to address: String) -> [String] {
        let new = "\(folder)/\(ServiceName.notifications.title)/spool/new"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []).sorted()
        for name in names.dropFirst(readMails) {
            guard let text = try? String(contentsOfFile: "\(new)/\(name)", encoding: .utf8) else { continue }
            mails[SpooledMail(name: name, text: text).recipient, default: []].append(text)
        }
        readMails = max(readMails, names.count)
        return mails[address] ?? []
    }

    func bootstrapOperator(email: String, password: String) {
        var command = BootstrapOperator()
        command.email = PersonalText(email)
        command.password = password
        do {
            _ = try house.call(command, acting: .nobody, peer: .program, key: nil)
        } catch {
            faults.append("BootstrapOperator: \(error)")
        }
    }

    // MARK: Running

    /// Runs until nothing is left to do before `end`.
    func run(until end: Instant) async throws {
        while let event = events.last, event.at <= end {
            events.removeLast()
            if event.at > now { try await house.advance(to: event.at) }
            event.body()
        }
        try await house.advance(to: end)
    }

    var isIdle: Bool { events.isEmpty }

    /// Whether the call is lost on its way there, or its answer on the way back.
    func loses() -> (call: Bool, answer: Bool) {
        guard lossOneIn > 0 else { return (false, false) }
        return (chance() % UInt64(lossOneIn) == 0, chance() % UInt64(lossOneIn) == 0)
    }

    /// One request, as gateway and service take it.
    func exchange(_ code: UInt16, _ body: [UInt8], _ key: IdempotencyKey?, _ acting: Acting)
        -> (code: UInt16, body: [UInt8])
    {
        do {
            let answer = try house.exchange(code, body, key, acting)
            learnRevocations()
            if answer.code == Refusal.code, let refusal = try? Refusal(decoding: answer.body),
                refusal.reason == .internalError
            {
                let title = Catalogue.message(code)?.title ?? "\(code)"
                faults.append("\(self.acting): \(title) \(body): \(refusal.expected) \(refusal.found)")
            }
            return answer
        } catch {
            faults.append("\(self.acting): \(code): \(error)")
            return (Refusal.code, Refusal(.internalError).encoded())
        }
    }

    private func learnRevocations() {
        var query = ListRevocations()
        query.after = lastRevocation
        guard let page = try? house.question(query, acting: .nobody, peer: .gateway) else { return }
        for revocation in page.revocations {
            lastRevocation = max(lastRevocation, revocation.number)
            if revocation.session.isNone {
                endedParties[revocation.party] = revocation.number
            } else {
                ended.insert(revocation.session)
            }
        }
    }

    func hasEnded(_ token: AccessToken) -> Bool {
        ended.contains(token.session) || token.session.raw < endedParties[token.party] ?? 0
    }
}

/// A connection without bytes: what the gateway would say before it passes a request on is said here.
final class DirectConnection: ClientConnection {
    private let port: DirectPort
    private var token: AccessToken?
    private var inFlight = 0
    private(set) var isOpen = true
    var onPush: ((InboxPushed) -> Void)?

    init(_ port: DirectPort) { self.port = port }

    func send<C: Command>(
        _ command: C, key: IdempotencyKey, then: @escaping (CallOutcome<C.Answer>) -> Void
    ) {
        exchange(C.code, command.encoded(), key) { then(Self.open($0)) }
    }

    func ask<Q: Query>(_ query: Q, then: @escaping (CallOutcome<Q.Answer>) -> Void) {
        exchange(Q.code, query.encoded(), nil) { then(Self.open($0)) }
    }

    func sendRaw(
        code: UInt16, body: [UInt8], key: IdempotencyKey?,
        then: @escaping (CallOutcome<(code: UInt16, body: [UInt8])>) -> Void
    ) {
        exchange(code, body, key) { answer in
            if let answer { then(.answered(answer)) } else { then(.unknown) }
        }
    }

    func close() { isOpen = false }

    private static func open<A: Message>(_ answer: (code: UInt16, body: [UInt8])?) -> CallOutcome<A> {
        guard let answer else { return .unknown }
        if answer.code == Refusal.code {
            return .refused((try? Refusal(decoding: answer.body)) ?? Refusal(.internalError))
        }
        guard answer.code == A.code, let opened = try? A(decoding: answer.body) else {
            return .refused(Refusal(.internalError, expected: A.title, found: "message \(answer.code)"))
        }
        return .answered(opened)
    }

    /// Asks a millisecond later; nothing if the call or its answer was lost, or the connection is closed by then.
    private func exchange(
        _ code: UInt16, _ body: [UInt8], _ key: IdempotencyKey?,
        then: @escaping ((code: UInt16, body: [UInt8])?) -> Void
    ) {
        inFlight += 1
        let waiting = inFlight
        port.after(.milliseconds(1)) { [self] in
            inFlight -= 1
            let lost = port.loses()
            guard !lost.call else { return then(nil) }
            let answer = waiting > 1_024 ? Self.refused(.rateLimited) : take(code, body, key)
            then(lost.answer || !isOpen ? nil : answer)
        }
    }

    private static func refused(_ reason: RefusalCode) -> (code: UInt16, body: [UInt8]) {
        (Refusal.code, Refusal(reason).encoded())
    }

    /// What a gateway checks, in its order.
    private func take(_ code: UInt16, _ body: [UInt8], _ key: IdempotencyKey?) -> (
        code: UInt16, body: [UInt8]
    ) {
        if body.count > (token == nil ? 16_384 : 1_048_576) {
            port.after(.milliseconds(1)) { [self] in isOpen = false }
            return Self.refused(.tooLarge)
        }
        if code == Ping.code { return (Pong.code, body) }
        guard let message = Catalogue.message(code), message is any Command.Type || message is any Query.Type
        else { return Self.refused(.unknownMessage) }
        switch message.audience {
        case .anyone: break
        case .parties(let roles):
            if let refusal = refusal(needed: roles) { return refusal }
        case .operators:
            if let refusal = refusal(needed: .operator_) { return refusal }
        case .services, .itself, .answer: return Self.refused(.unknownMessage)
        }
        if message is any Command.Type, key == nil { return Self.refused(.keyMissing) }
        if let own = gatewaysOwn(code, body) { return own }
        let answer = port.exchange(code, body, key, acting)
        bind(answer)
        return answer
    }

    private var acting: Acting {
        guard let token, port.now < token.expires, !port.hasEnded(token) else { return .nobody }
        return Acting(
            party: token.party, marketplace: token.marketplace, roles: token.roles, session: token.session)
    }

    private func refusal(needed roles: Roles) -> (code: UInt16, body: [UInt8])? {
        guard let token else { return Self.refused(.notSignedIn) }
        if port.hasEnded(token) { return Self.refused(.tokenInvalid) }
        if port.now >= token.expires { return Self.refused(.tokenExpired) }
        return token.roles.isDisjoint(with: roles) ? Self.refused(.forbidden) : nil
    }

    private func bind(_ answer: (code: UInt16, body: [UInt8])) {
        guard answer.code == SignedIn.code, let signedIn = try? SignedIn(decoding: answer.body),
            !signedIn.accessToken.isEmpty
        else { return }
        var token = AccessToken()
        token.party = signedIn.party
        token.marketplace = signedIn.marketplace
        token.roles = signedIn.roles
        token.session = signedIn.session
        token.expires = signedIn.accessExpires
        port.issued[signedIn.accessToken] = token
        self.token = token
    }

    /// What the gateway answers itself, as far as a client here has to see it.
    private func gatewaysOwn(_ code: UInt16, _ body: [UInt8]) -> (code: UInt16, body: [UInt8])? {
        switch code {
        case Authenticate.code:
            guard let query = try? Authenticate(decoding: body), let known = port.issued[query.accessToken],
                !port.hasEnded(known)
            else { return Self.refused(.tokenInvalid) }
            if port.now >= known.expires { return Self.refused(.tokenExpired) }
            token = known
            return (Authenticated.code, Authenticated().encoded())
        case GetDashboard.code:
            return body.isEmpty ? (Dashboard.code, Dashboard().encoded()) : Self.refused(.malformed)
        case GetOrderDetails.code:
            let answer = port.exchange(GetOrder.code, body, nil, acting)
            return answer.code == Refusal.code ? answer : (OrderDetails.code, OrderDetails().encoded())
        case GetStatus.code: return (StatusReport.code, StatusReport().encoded())
        case SetClock.code: return Self.refused(.clockBackwards)
        case Subscribe.code:
            let query = (try? Subscribe(decoding: body)) ?? Subscribe()
            let answer = try? port.house.question(query, acting: acting, peer: nil)
            return (Subscribed.code, (answer ?? Subscribed()).encoded())
        default: return nil
        }
    }
}

extension InProcessHouse {
    /// Any request, with any body.
    func exchange(_ code: UInt16, _ body: [UInt8], _ key: IdempotencyKey?, _ acting: Acting) throws
        -> (code: UInt16, body: [UInt8])
    {
        guard let message = Catalogue.message(code),
            let node = nodes.first(where: { $0.name == message.home })
        else { return (Refusal.code, Refusal(.unknownMessage).encoded()) }
        let found: (code: UInt16, body: [UInt8])
        if message is any Command.Type {
            switch node.backend.before(code, ProtocolVersion.current, body, acting) {
            case .failure(let refusal): return (Refusal.code, refusal.encoded())
            case .success(let sealed): found = try execute(code, body, sealed, key, acting, node)
            }
        } else {
            found = node.backend.query(code, ProtocolVersion.current, body, acting, nil)
        }
        guard found.code != Refusal.code else { return found }
        switch node.backend.after(code, found.body, acting) {
        case .failure(let refusal): return (Refusal.code, refusal.encoded())
        case .success(let opened): return (found.code, opened)
        }
    }

    private func execute(
        _ code: UInt16, _ sent: [UInt8], _ body: [UInt8], _ key: IdempotencyKey?, _ acting: Acting,
        _ node: Node
    ) throws -> (code: UInt16, body: [UInt8]) {
        correlation += 1
        let address = ReplyAddress(link: LinkID(raw: 1), correlation: correlation)
        let hash = SHA256.digest(sent)
        func word(_ offset: Int) -> UInt64 {
            hash[offset..<(offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        node.queue.append(
            .command(
                ClientCommand(
                    address: address, code: code, version: ProtocolVersion.current, body: body,
                    acting: acting,
                    peer: nil, key: key ?? newKey(), bodyHash: (word(0), word(8)), giveUpAt: 0)))
        try deliver()
        guard let reply = answers.removeValue(forKey: address.correlation) else {
            return (Refusal.code, Refusal(.internalError, found: "no answer although all is quiet").encoded())
        }
        return (reply.code, reply.body)
    }
}
