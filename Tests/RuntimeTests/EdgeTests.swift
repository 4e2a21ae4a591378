import Crypto
import Kernel
import Messages
import Storage
import Testing
import Wire

@testable import Runtime

@Suite struct EdgeTests {
    /// Two services that have met; each command to the first passes by an edge.
    private func edged() throws -> (world: TwoServices, side: TwoServices.Side) {
        let world = try TwoServices(edged: true)
        try world.settle()
        world.sides[0].answers = []
        return (world, world.sides[0])
    }

    private func sendCommands(_ numbers: ClosedRange<UInt64>, _ world: TwoServices, patience: UInt32 = 0) {
        let frames = numbers.map { number in
            InboundFrame(
                header: FrameHeader(
                    code: AddToCounter.code, correlation: number, timeLeftMilliseconds: patience,
                    key: IdempotencyKey(high: UInt64(Bench.start.microseconds), low: number),
                    acting: ActingPart(party: 5, marketplace: 1, roles: Roles.buyer.rawValue, session: 1)),
                body: AddToCounter(number, 1).encoded())
        }
        world.sides[0].front.linkReceived(world.gateway, frames: frames)
    }

    private func request(of job: EdgeJob) -> PeerRequest {
        PeerRequest(service: .contactVault, code: 0x7777, body: job.body, key: nil)
    }

    private func number(_ job: EdgeJob) throws -> UInt64 { try AddToCounter(decoding: job.body).counter }

    private func answer(_ asked: (link: LinkID, frame: InboundFrame), _ world: TwoServices) {
        let header = FrameHeader(code: 0x7778, correlation: asked.frame.header.correlation, flags: .answer)
        world.sides[0].front.linkReceived(
            asked.link, frames: [InboundFrame(header: header, body: asked.frame.body)])
    }

    @Test("an edge that asks another service holds nobody up, and is run again with the answers so far")
    func asks() throws {
        let (world, side) = try edged()
        side.outcome = { job in
            // The first command's edge asks twice, the others nothing.
            guard let number = try? number(job), number == 1, job.answers.count < 2 else {
                return .done(job.body)
            }
            return .asks(request(of: job))
        }
        sendCommands(1...100, world)
        try world.settle()
        #expect(side.answers.count == 99)
        #expect(world.asked.count == 1 && !side.front.isDrained)
        answer(world.asked[0], world)
        try world.settle()
        #expect(side.answers.count == 99 && world.asked.count == 2)
        answer(world.asked[1], world)
        try world.settle()
        #expect(side.answers.count == 100 && side.front.isDrained)
        #expect(try world.notes() == Array(2...100) + [1])
        let first = try side.edges.joined().filter { try number($0) == 1 }
        #expect(first.map { $0.answers.count } == [0, 1, 2])
        #expect(try first[2].answers.allSatisfy { try $0.get() == (0x7778, AddToCounter(1, 1).encoded()) })
        try world.stop()
    }

    @Test("edges that wait are run many at a time, and first what a slow one left")
    func batches() throws {
        let (world, side) = try edged()
        side.holdsOffloads = true
        // After the tenth command's edge the time of its batch is over.
        var isOver = false
        side.outcome = { job in
            if isOver {
                isOver = false
                return nil
            }
            isOver = (try? number(job)) == 10
            return .done(job.body)
        }
        sendCommands(1...1, world)
        sendCommands(2...2, world)
        sendCommands(3...80, world)
        #expect(side.held.count == 2)
        while !side.held.isEmpty { side.held.removeFirst()() }
        try world.settle()
        #expect(side.edges.map(\.count) == [1, 1, 32, 32, 32, 6])
        #expect(try side.edges[3].map { try number($0) } == Array(35...66))
        #expect(try side.edges[4].map { try number($0) } == Array(11...34) + Array(67...74))
        #expect(side.answers.count == 80 && side.front.isDrained)
        try world.stop()
    }

    @Test(
        "an edge waits for another service as long as its client does, and five seconds at most",
        arguments: [
            (patience: 0, waits: 5_000), (patience: 700, waits: 700), (patience: 60_000, waits: 5_000),
        ])
    func patience(_ patience: Int, _ waits: Int) throws {
        let (world, side) = try edged()
        side.outcome = { job in
            switch job.answers.first {
            case nil: .asks(request(of: job))
            case .success: .done(job.body)
            case .failure(let refusal): .refused(refusal)
            }
        }
        sendCommands(1...2, world, patience: UInt32(patience))
        #expect(world.asked.allSatisfy { $0.frame.header.timeLeftMilliseconds == UInt32(waits) })
        func wait(_ milliseconds: Int) {
            side.monotonicNanoseconds = UInt64(milliseconds) * 1_000_000
            let due = side.later
            side.later = []
            for body in due { body() }
        }
        wait(waits - 1)
        #expect(side.answers.isEmpty)
        answer(world.asked[0], world)
        wait(waits)
        try world.settle()
        #expect(side.answers.map(\.code) == [Refusal.code, CounterStands.code])
        #expect(try Refusal(decoding: side.answers[0].body).reason == .unavailable)
        // What comes too late belongs to nobody.
        answer(world.asked[1], world)
        try world.settle()
        #expect(side.answers.count == 2 && side.front.isDrained)
        try world.stop()
    }

    @Test("a link that breaks ends what edges asked over it")
    func brokenLink() throws {
        let (world, side) = try edged()
        side.outcome = { job in
            guard case .failure(let refusal)? = job.answers.first else { return .asks(request(of: job)) }
            return .refused(refusal)
        }
        sendCommands(1...3, world)
        side.front.linkClosed(world.asked[0].link)
        #expect(side.answers.map(\.code) == [Refusal.code, Refusal.code, Refusal.code])
        #expect(side.front.isDrained)
        try world.stop()
    }
}
