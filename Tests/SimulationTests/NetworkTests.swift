import Kernel
import Messages
import Testing
import Transport
import Wire

@testable import Simulator

/// Remembers what it is told.
private final class Listener: LinkDelegate, @unchecked Sendable {
    var opened: [LinkID] = []
    var peers: [String?] = []
    var frames: [InboundFrame] = []
    var malformed: [WireError] = []
    var closed = 0
    var faults: [LinkFault] = []
    func linkOpened(_ link: LinkID, peer: String?, address: String) {
        opened.append(link)
        peers.append(peer)
    }
    func linkReceived(_ link: LinkID, frames: [InboundFrame]) { self.frames += frames }
    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) { malformed.append(error) }
    func linkFailed(_ link: LinkID, fault: LinkFault) { faults.append(fault) }
    func linkClosed(_ link: LinkID) { closed += 1 }
}

/// Two places with a connection between them.
private final class Pair {
    let scheduler = Scheduler(start: Instant(microseconds: 1_800_000_000_000_000))
    let faults: Faults
    let network: SimulatedNetwork
    let server = Listener()
    let client = Listener()
    private(set) var link = LinkID(raw: 0)

    init(seed: UInt64 = 3, rates: [FaultKind: UInt64] = [:]) {
        faults = Faults(seed: seed, rates: rates)
        network = SimulatedNetwork(scheduler: scheduler, faults: faults, seed: seed)
        scheduler.afterEach = { [unowned network] in network.flush() }
        network.listen(2) { [server] in server }
        link = network.connect(
            from: 1, to: 2, name: "auction", expected: "wallet", address: "10.0.0.1", serverLimits: .peers,
            clientLimits: .peers, delegate: client)
        run()
        faults.areOn = true
    }

    func run() {
        network.flush()
        while scheduler.step(until: .distantFuture) {}
    }

    func send(_ count: Int, from: LinkID) {
        for number in 0..<count {
            var bytes: [UInt8] = []
            FrameHeader(code: 77, correlation: UInt64(number))
                .appendFrame(body: [UInt8](repeating: UInt8(number & 255), count: number % 90), to: &bytes)
            network.send(bytes, on: from)
            if number % 7 == 0 { network.flush() }
        }
        run()
    }
}

@Suite struct SimulatedNetworkTests {
    @Test(
        "frames arrive whole and in order, however the bytes are cut",
        arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func order(_ seed: UInt64) {
        let pair = Pair(
            seed: seed, rates: [.delay: 200_000, .reorder: 200_000, .clog: 50_000, .slowReader: 50_000])
        pair.send(400, from: pair.link)
        #expect(pair.server.frames.map(\.header.correlation) == Array(0..<400))
        #expect(pair.server.peers == ["auction"] && pair.client.peers == ["wallet"])
        pair.send(50, from: pair.server.opened[0])
        #expect(pair.client.frames.map(\.header.correlation) == Array(0..<50))
    }

    @Test("a wall swallows bytes, and both sides give the connection up") func wall() {
        let pair = Pair()
        pair.network.wall(from: 1, to: 2, for: 1_000_000_000)
        pair.send(3, from: pair.link)
        #expect(pair.server.frames.isEmpty)
        #expect(pair.server.closed == 1 && pair.client.closed == 1)
        #expect(pair.server.faults == [.idle] && pair.client.faults == [.idle])
    }

    @Test("a reset in the middle of a frame ends both sides without the frame") func reset() {
        let pair = Pair(rates: [.resetMidFrame: 1_000_000])
        pair.send(1, from: pair.link)
        #expect(pair.server.closed == 1 && pair.client.closed == 1)
    }

    @Test("what is no frame is told as such") func malformed() {
        let pair = Pair()
        pair.network.send([1, 0, 0, 0, 9], on: pair.link)
        pair.run()
        #expect(pair.server.malformed.count == 1)
    }

    @Test("the other side learns of a closed link after all that was sent") func closing() {
        let pair = Pair()
        var bytes: [UInt8] = []
        FrameHeader(code: 5).appendFrame(body: [1, 2, 3], to: &bytes)
        pair.network.send(bytes, on: pair.link)
        pair.network.close(pair.link, afterFlush: true)
        pair.run()
        #expect(pair.server.frames.count == 1)
        #expect(pair.server.closed == 1 && pair.client.closed == 1)
        #expect(pair.network.openEnds == 0)
    }

    @Test("what arrives at a process that pauses waits, in order") func pause() {
        let pair = Pair()
        pair.network.pause(2, for: 5_000_000_000)
        let before = pair.scheduler.monotonic
        pair.send(20, from: pair.link)
        #expect(pair.server.frames.map(\.header.correlation) == Array(0..<20))
        #expect(pair.scheduler.monotonic >= before + 5_000_000_000)
    }

    @Test("a reader that is too slow has its link closed") func slowReader() {
        let pair = Pair()
        pair.network.setReading(pair.server.opened[0], false)
        for _ in 0..<70 { pair.network.send([UInt8](repeating: 0, count: 1 << 20), on: pair.link) }
        pair.run()
        #expect(pair.client.faults.contains { if case .slowReader = $0 { true } else { false } })
    }

    @Test("a command's frame may be repeated, an answer's may not") func repeatable() {
        var command: [UInt8] = []
        FrameHeader(code: 9, key: IdempotencyKey(high: 1, low: 2)).appendFrame(body: [4], to: &command)
        var answer: [UInt8] = []
        FrameHeader(code: 9, flags: .answer).appendFrame(body: [4], to: &answer)
        #expect(LastFrame.repeatable(command) == command)
        #expect(LastFrame.repeatable(answer + command) == command)
        #expect(LastFrame.repeatable(command + answer) == nil)
    }
}
