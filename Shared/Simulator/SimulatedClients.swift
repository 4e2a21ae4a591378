import Auditor
import Kernel
import Messages
import Population
import Transport
import Wire

/// The population's side of a simulated house.
final class SimulatedPort: ClientPort {
    unowned let house: SimulatedHouse
    private var draws: Chance
    private var keyCounter: UInt64 = 0
    private var lastConnection: UInt64 = 0
    private(set) var lastCall: UInt64 = 0
    private var addresses: [String: Int] = [:]
    private var open: [UInt64: SimulatedConnection] = [:]
    var acting = ""
    /// Calls without an outcome.
    private(set) var waiting = 0

    init(house: SimulatedHouse, seed: UInt64) {
        self.house = house
        draws = Chance(seed: seed ^ 0xc11e_4754)
    }

    var now: Instant { house.scheduler.now }
    func chance() -> UInt64 { draws.next() }

    func after(_ span: Duration64, _ body: @escaping () -> Void) {
        house.scheduler.at(house: now + span, SimulatedHouse.clients, body)
    }

    func connect() -> any ClientConnection {
        lastConnection += 1
        let made = SimulatedConnection(lastConnection, self, actor: acting)
        return made
    }

    func newKey() -> IdempotencyKey {
        keyCounter += 1
        return IdempotencyKey(high: UInt64(now.microseconds), low: keyCounter)
    }

    func mail(to address: String) -> [String] { house.outside.mail(to: address) }

    func bootstrapOperator(email: String, password: String) {
        house.bootstrapOperator(email: email, password: password)
    }

    /// Each actor has an address of its own.
    func address(of actor: String) -> String {
        let number = addresses[actor] ?? addresses.count
        addresses[actor] = number
        return "10.\(1 + number / 65_536 % 250).\(number / 256 % 256).\(number % 256)"
    }

    func nextCall() -> UInt64 {
        lastCall += 1
        waiting += 1
        return lastCall
    }

    func ended() { waiting -= 1 }
    func keep(_ connection: SimulatedConnection) { open[connection.number] = connection }
    func release(_ connection: SimulatedConnection) { open[connection.number] = nil }
    var openCount: Int { open.count }
}

/// One connection of a client, over the simulated network.
final class SimulatedConnection: ClientConnection, LinkDelegate, @unchecked Sendable {
    private enum Stage { case idle, connecting, greeting, open, closed }

    private struct Call {
        let number: UInt64
        let code: UInt16
        let body: [UInt8]
        let key: IdempotencyKey?
        let actor: String
        /// For whom the connection acted when the call was made.
        let party: PartyID
        let marketplace: MarketplaceID
        let then: (CallOutcome<(code: UInt16, body: [UInt8])>) -> Void
    }

    let number: UInt64
    private let port: SimulatedPort
    private var house: SimulatedHouse { port.house }
    private let actor: String
    private var stage = Stage.idle
    private var link: LinkID?
    private var calls: [UInt64: Call] = [:]
    private var unsent: [Call] = []
    private var party = PartyID.none
    private var marketplace = MarketplaceID.none
    private var expires = Instant.none
    private let compresses: Bool
    var onPush: ((InboxPushed) -> Void)?

    /// How long a client waits for an answer, in nanoseconds of the monotonic clock.
    private static let patience: UInt64 = 15_000_000_000
    /// Some tell the house that they wait for a moment only, in milliseconds: what is taken up later is refused.
    private static let hurry: UInt32 = 1

    init(_ number: UInt64, _ port: SimulatedPort, actor: String) {
        self.number = number
        self.port = port
        self.actor = actor
        compresses = port.house.chance() % 4 == 0
    }

    var isOpen: Bool { stage != .closed }

    func send<C: Command>(
        _ command: C, key: IdempotencyKey, then: @escaping (CallOutcome<C.Answer>) -> Void
    ) {
        sendRaw(code: C.code, body: command.encoded(), key: key) { then(Self.decoded($0)) }
    }

    func ask<Q: Query>(_ query: Q, then: @escaping (CallOutcome<Q.Answer>) -> Void) {
        sendRaw(code: Q.code, body: query.encoded(), key: nil) { then(Self.decoded($0)) }
    }

    private static func decoded<A: Message>(
        _ outcome: CallOutcome<(code: UInt16, body: [UInt8])>
    ) -> CallOutcome<A> {
        switch outcome {
        case .unknown: return .unknown
        case .refused(let refusal): return .refused(refusal)
        case .answered(let answer):
            guard answer.code == A.code, let decoded = try? A(decoding: answer.body) else { return .unknown }
            return .answered(decoded)
        }
    }

    func sendRaw(
        code: UInt16, body: [UInt8], key: IdempotencyKey?,
        then: @escaping (CallOutcome<(code: UInt16, body: [UInt8])>) -> Void
    ) {
        let call = Call(
            number: port.nextCall(), code: code, body: body, key: key,
            actor: port.acting.isEmpty ? actor : port.acting, party: isAnonymous(code) ? .none : party,
            marketplace: isAnonymous(code) ? .none : marketplace, then: then)
        house.saw(observation(call, .sent))
        guard stage != .closed else {
            return house.scheduler.after(1_000, .client, SimulatedHouse.clients) { [self] in
                end(call, .unknown)
            }
        }
        if stage == .idle { dial() }
        calls[call.number] = call
        house.scheduler.timer(Self.patience, SimulatedHouse.clients) { [weak self] in
            guard let self, let lost = calls.removeValue(forKey: call.number) else { return }
            end(lost, .unknown)
        }
        if stage == .open { transmit(call) } else { unsent.append(call) }
    }

    private func dial() {
        stage = .connecting
        port.keep(self)
        link = house.connectClient(address: port.address(of: actor), delegate: self)
    }

    private func transmit(_ call: Call) {
        guard let link else { return }
        var bytes: [UInt8] = []
        let patience = port.house.chance() % 40 == 0 ? Self.hurry : UInt32(Self.patience / 1_000_000)
        FrameHeader(
            code: call.code, correlation: call.number, timeLeftMilliseconds: patience, key: call.key
        ).appendFrame(body: call.body, to: &bytes)
        house.network.send(bytes, on: link)
    }

    func close() {
        guard stage != .closed else { return }
        if let link {
            house.network.close(link, afterFlush: true)
        }
        lose()
    }

    /// Nothing comes any more: what waits has no answer.
    private func lose() {
        guard stage != .closed else { return }
        stage = .closed
        unsent = []
        let lost = calls.values.sorted { $0.number < $1.number }
        calls = [:]
        for call in lost {
            house.scheduler.after(1_000, .client, SimulatedHouse.clients) { [self] in end(call, .unknown) }
        }
        port.release(self)
    }

    private func end(_ call: Call, _ outcome: CallOutcome<(code: UInt16, body: [UInt8])>) {
        port.ended()
        switch outcome {
        case .answered(let answer):
            house.saw(observation(call, .answered(code: answer.code, body: answer.body)))
        case .refused(let refusal):
            house.saw(observation(call, .answered(code: Refusal.code, body: refusal.encoded())))
        case .unknown: house.saw(observation(call, .unknown))
        }
        call.then(outcome)
    }

    private func observation(_ call: Call, _ kind: Observation.Kind) -> Observation {
        Observation(
            call: call.number, at: port.now, connection: number, code: call.code, body: call.body,
            key: call.key, party: call.party, marketplace: call.marketplace, actor: call.actor, kind: kind)
    }

    /// What anybody may send is taken without a party once the token's time is over.
    private func isAnonymous(_ code: UInt16) -> Bool {
        Catalogue.message(code)?.audience == .anyone && expires <= port.now
    }

    // MARK: The link

    func linkOpened(_ link: LinkID, peer: String?, address: String) {
        guard stage == .connecting else { return }
        stage = .greeting
        var hello = Hello()
        hello.agent = "simulated client"
        hello.compression = compresses
        if compresses { house.network.setCompression(link, receiving: true, sending: false) }
        var bytes: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: hello.encoded(), to: &bytes)
        house.network.send(bytes, on: link)
    }

    func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        for frame in frames { received(frame) }
    }

    private func received(_ frame: InboundFrame) {
        if frame.header.code == Welcome.code, stage == .greeting {
            stage = .open
            guard let welcome = try? Welcome(decoding: frame.body), let link else { return }
            house.network.setLongestFrame(link, Int(welcome.longestFrame))
            let waiting = unsent
            unsent = []
            for call in waiting where calls[call.number] != nil { transmit(call) }
            return
        }
        if frame.header.correlation == 0 { return pushed(frame) }
        guard let call = calls.removeValue(forKey: frame.header.correlation) else { return }
        if frame.header.code == Refusal.code {
            guard let refusal = try? Refusal(decoding: frame.body) else { return end(call, .unknown) }
            return end(call, .refused(refusal))
        }
        learn(frame)
        end(call, .answered((frame.header.code, frame.body)))
    }

    /// For whom the connection acts from now on.
    private func learn(_ frame: InboundFrame) {
        switch frame.header.code {
        case SignedIn.code:
            guard let signedIn = try? SignedIn(decoding: frame.body), !signedIn.accessToken.isEmpty else {
                return
            }
            party = signedIn.party
            marketplace = signedIn.marketplace
            expires = signedIn.accessExpires
        case Authenticated.code:
            guard let authenticated = try? Authenticated(decoding: frame.body) else { return }
            party = authenticated.party
            marketplace = authenticated.marketplace
            expires = authenticated.expires
        default: break
        }
    }

    private func pushed(_ frame: InboundFrame) {
        house.saw(
            Observation(
                call: 0, at: port.now, connection: number, code: 0, body: [], key: nil, party: party,
                marketplace: marketplace, actor: actor,
                kind: .pushed(code: frame.header.code, body: frame.body)))
        guard frame.header.code == InboxPushed.code, let push = try? InboxPushed(decoding: frame.body) else {
            return
        }
        onPush?(push)
    }

    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        house.violate("frames", "a gateway sent what is no frame: \(error)")
        house.network.close(link, afterFlush: false)
    }

    func linkClosed(_ link: LinkID) { lose() }
}
