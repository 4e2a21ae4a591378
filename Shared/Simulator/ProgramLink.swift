import Kernel
import Messages
import Transport
import Wire

/// The command-line program beside the house: it speaks to a service directly, as an operator's tool.
///
/// A call is repeated with its key until it is answered.
final class ProgramLink: LinkDelegate, @unchecked Sendable {
    private struct Call {
        let service: ServiceName
        let code: UInt16
        let body: [UInt8]
        let key: IdempotencyKey?
        let then: (Result<(code: UInt16, body: [UInt8]), Refusal>) -> Void
    }

    private unowned let house: SimulatedHouse
    private var waiting: [Call] = []
    private var current: Call?
    private var link: LinkID?

    init(house: SimulatedHouse) { self.house = house }

    var isIdle: Bool { current == nil && waiting.isEmpty }

    func call(
        _ service: ServiceName, code: UInt16, body: [UInt8], key: IdempotencyKey?,
        then: @escaping (Result<(code: UInt16, body: [UInt8]), Refusal>) -> Void
    ) {
        waiting.append(Call(service: service, code: code, body: body, key: key, then: then))
        next()
    }

    private func next() {
        guard current == nil, !waiting.isEmpty else { return }
        current = waiting.removeFirst()
        dial()
    }

    private func dial() {
        guard let current else { return }
        link = house.network.connect(
            from: SimulatedHouse.program, to: Place(current.service.rawValue),
            name: ServiceName.program.title,
            expected: current.service.title, address: "10.0.0.\(SimulatedHouse.program)",
            serverLimits: .peers,
            clientLimits: .peers, delegate: self)
    }

    func linkOpened(_ link: LinkID, peer: String?, address: String) {
        guard let current else { return }
        var bytes: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: Hello().encoded(), to: &bytes)
        FrameHeader(code: current.code, correlation: 1, timeLeftMilliseconds: 10_000, key: current.key)
            .appendFrame(body: current.body, to: &bytes)
        house.network.send(bytes, on: link)
        house.scheduler.after(10_000_000_000, .client, SimulatedHouse.program) { [unowned self] in
            if self.link == link { house.network.close(link, afterFlush: false) }
        }
    }

    func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        for frame in frames { house.auditor.note(frame: frame.header.code) }
        for frame in frames where frame.header.correlation == 1 {
            guard let done = current, self.link == link else { return }
            let refusal = frame.header.code == Refusal.code ? try? Refusal(decoding: frame.body) : nil
            if refusal?.reason.retryable == true, done.code != RetryParked.code { continue }
            current = nil
            self.link = nil
            house.network.close(link, afterFlush: true)
            done.then(refusal.map { .failure($0) } ?? .success((frame.header.code, frame.body)))
            next()
        }
    }

    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        house.network.close(link, afterFlush: false)
    }

    func linkClosed(_ link: LinkID) {
        guard self.link == link else { return }
        house.scheduler.after(50_000_000, .client, SimulatedHouse.program) { [unowned self] in dial() }
    }

}

/// Somebody who connects to a gateway and speaks another protocol, another version, or nonsense.
final class Stranger: LinkDelegate, @unchecked Sendable {
    private unowned let house: SimulatedHouse
    private let bytes: [UInt8]

    init(house: SimulatedHouse, bytes: [UInt8]) {
        self.house = house
        self.bytes = bytes
    }

    /// A Hello that offers `oldest` to `newest`.
    static func hello(oldest: UInt8, newest: UInt8) -> [UInt8] {
        var hello = Hello()
        hello.oldest = oldest
        hello.newest = newest
        hello.agent = "stranger"
        var bytes: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: hello.encoded(), to: &bytes)
        return bytes
    }

    /// What is no frame, or none that a stranger may send.
    static func nonsense(_ draw: (UInt64) -> UInt64) -> [UInt8] {
        var bytes = hello(oldest: ProtocolVersion.oldest, newest: ProtocolVersion.current)
        func noise(_ count: UInt64) -> [UInt8] { (0..<count).map { _ in UInt8(draw(256)) } }
        switch draw(6) {
        case 0: bytes += noise(1 + draw(200))
        case 1: bytes = noise(1 + draw(200))
        case 2: bytes += [0xff, 0xff, 0xff, 0x7f] + noise(draw(40))
        case 3:
            // A message for signed-in parties, from nobody, with a body cut short.
            FrameHeader(code: PlaceBid.code, correlation: 7, key: IdempotencyKey(high: 1, low: draw(9)))
                .appendFrame(body: noise(draw(12)), to: &bytes)
        case 4:
            // Flags that only services may set.
            FrameHeader(
                code: GetBalance.code, correlation: 8,
                acting: ActingPart(party: 1 + draw(999), marketplace: 1, roles: 7, session: 1)
            ).appendFrame(body: [], to: &bytes)
        default:
            FrameHeader(code: 0x0100 | UInt16(0x40 + draw(0xc0)), correlation: 9)
                .appendFrame(body: noise(draw(30)), to: &bytes)
        }
        return bytes
    }

    func linkOpened(_ link: LinkID, peer: String?, address: String) {
        house.network.send(bytes, on: link)
        house.scheduler.after(4_000_000_000, .client, SimulatedHouse.clients) { [self] in
            house.network.close(link, afterFlush: true)
        }
    }
    func linkReceived(_ link: LinkID, frames: [InboundFrame]) {}
    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {}
    func linkClosed(_ link: LinkID) { house.left(self) }
}
