import Auditor
import Crypto
import Kernel
import Messages
import Runtime
import Simulator
import Storage
import Stories
import Wire

/// An in-process house of which an auditor sees every call and answer, and now and then the stores.
final class ObservedHouse: House {
    let house: InProcessHouse
    let auditor: Auditor
    /// A checkpoint follows each so many calls.
    var every = 7
    /// Whether one follows each move of the clock.
    var checksOnAdvance = true
    /// Changes an answer before the auditor sees it.
    var tamper: ((_ code: UInt16, _ answer: UInt16, _ body: [UInt8]) -> (UInt16, [UInt8]))?
    private var calls: UInt64 = 0
    private var identities: [Guest: (PartyID, MarketplaceID)] = [:]

    init(_ house: InProcessHouse, auditor: Auditor = Auditor()) {
        self.house = house
        self.auditor = auditor
        hookReplay()
        auditor.hooks.holdsKey = { [unowned house] service, key in
            house.keys(service)?.contains(key) ?? false
        }
    }

    func hookReplay() {
        auditor.hooks.replay = { [unowned house] service, store in
            guard let core = house.core(service) else { return ["its core"] }
            return (try? Replay.check(core.definition, store).different) ?? ["unreadable"]
        }
    }

    func store(_ service: ServiceName) -> ServiceStore? { house.core(service)?.store }

    func checkpoint(healed: Bool = false) {
        var stores: [ServiceName: ServiceStore] = [:]
        for service in ServiceName.stores { stores[service] = store(service) }
        auditor.checkpoint(stores, now: house.now(), healed: healed)
    }

    /// A healed checkpoint at which one store is not shown.
    func checkpoint(without absent: ServiceName) {
        var stores: [ServiceName: ServiceStore] = [:]
        for service in ServiceName.stores where service != absent { stores[service] = store(service) }
        auditor.checkpoint(stores, now: house.now(), healed: true)
    }

    /// The auditor sees a contact read, in a repetition whose key it knows nothing of.
    func show(_ answer: [UInt8], to read: ReadContact, by player: Player) {
        calls += 1
        var observation = Observation(
            call: calls, at: house.now(), connection: 1, code: ReadContact.code, body: read.encoded(),
            key: nil,
            party: player.party, marketplace: player.guest.marketplace, actor: player.name, kind: .sent)
        auditor.observe(observation)
        observation.kind = .answered(code: ContactView.code, body: answer)
        auditor.observe(observation)
    }

    /// The auditor sees a call and its answer that there never were.
    func pretend(
        _ sent: some Message, answered answer: some Message, on connection: UInt64,
        after span: Duration64 = .zero
    ) {
        calls += 1
        var observation = Observation(
            call: calls, at: house.now() + span, connection: connection, code: type(of: sent).code,
            body: sent.encoded(), key: nil, party: .none, marketplace: .none, actor: "", kind: .sent)
        auditor.observe(observation)
        observation.kind = .answered(code: type(of: answer).code, body: answer.encoded())
        auditor.observe(observation)
    }

    func now() async throws -> Instant { house.now() }
    func settle() async throws { try await house.settle() }
    func mail() async throws -> [SpooledMail] { try house.mail() }
    func bootstrap(email: String, password: String) async throws {
        try await house.bootstrap(email: email, password: password)
    }

    func advance(to instant: Instant) async throws {
        try await house.advance(to: instant)
        if checksOnAdvance { checkpoint() }
    }

    func send<C: Command>(_ command: C, as guest: Guest?, key: IdempotencyKey?) async throws -> C.Answer {
        let key = key ?? house.newKey()
        return try await observed(command, key, as: guest) {
            try await house.send(command, as: guest, key: key)
        }
    }

    func ask<Q: Query>(_ query: Q, as guest: Guest?) async throws -> Q.Answer {
        try await observed(query, nil, as: guest) { try await house.ask(query, as: guest) }
    }

    private func identity(_ guest: Guest?) async throws -> (PartyID, MarketplaceID) {
        guard let guest else { return (.none, .none) }
        if let known = identities[guest] { return known }
        // Telephone switches may not ask who they are; whoever signs in is told.
        var signIn = SignIn()
        signIn.marketplace = guest.marketplace
        signIn.email = guest.email
        signIn.password = guest.password
        let party = try await house.send(signIn, as: nil, key: nil).party
        identities[guest] = (party, guest.marketplace)
        return (party, guest.marketplace)
    }

    private func observed<Sent: Message, Answer: Message>(
        _ message: Sent, _ key: IdempotencyKey?, as guest: Guest?, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let (party, marketplace) = try await identity(guest)
        calls += 1
        var observation = Observation(
            call: calls, at: house.now(), connection: 1, code: Sent.code, body: message.encoded(), key: key,
            party: party, marketplace: marketplace, actor: "", kind: .sent)
        auditor.observe(observation)
        func told(_ code: UInt16, _ body: [UInt8]) {
            let (code, body) = tamper?(Sent.code, code, body) ?? (code, body)
            observation.at = house.now()
            observation.kind = .answered(code: code, body: body)
            auditor.observe(observation)
            if calls % UInt64(every) == 0 { checkpoint() }
        }
        do {
            let answer = try await body()
            told(Answer.code, answer.encoded())
            return answer
        } catch let refusal as Refusal {
            told(Refusal.code, refusal.encoded())
            throw refusal
        }
    }
}
