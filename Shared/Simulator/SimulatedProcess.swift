import Kernel
import Messages
import Runtime
import Transport
import Wire

/// What performers of effects see of the house around them.
///
/// The live shell blocks a pool's thread until another service's answer is there. Here the work begins again from the
/// start, with the answers so far at hand; effects may be repeated.
struct JobWorld: EffectWorld, @unchecked Sendable {
    let answers: PeerAnswers
    let now: Instant
    let folder: String
    let opens: (PersonalText) throws -> String?

    func open(_ text: PersonalText) throws -> String? { try opens(text) }

    func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
        try answers.ask(query, of: service)
    }

    func command<C: Command>(_ command: C, key: IdempotencyKey, of service: ServiceName) throws -> C.Answer {
        try answers.command(command, key: key, of: service)
    }
}

/// What every simulated process has: a place in the network, timers, chance, and an end.
class SimulatedProcess: LinkDelegate, @unchecked Sendable {
    let place: Place
    unowned let world: SimulatedHouse
    var scheduler: Scheduler { world.scheduler }
    var network: SimulatedNetwork { world.network }
    /// A process that ended does nothing more, whatever was scheduled for it.
    private(set) var isDead = false
    private var chanceSource: Chance

    init(_ place: Place, _ world: SimulatedHouse, chance: UInt64) {
        self.place = place
        self.world = world
        chanceSource = Chance(seed: chance)
    }

    func die() {
        isDead = true
        network.die(place)
    }

    /// Runs `body` after `nanoseconds`, or when the process goes on if it pauses then; never once it ended.
    func soon(_ nanoseconds: UInt64, _ kind: EventKind, _ body: @escaping () -> Void) {
        scheduler.after(nanoseconds, kind, place) { [weak self] in self?.run(kind, body) }
    }

    private func run(_ kind: EventKind, _ body: @escaping () -> Void) {
        guard !isDead else { return }
        guard let until = network.resumes(place) else { return body() }
        scheduler.at(until, kind, place) { [weak self] in self?.run(kind, body) }
    }

    func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        scheduler.timer(UInt64(max(0, milliseconds)) * 1_000_000, place) { [weak self] in
            self?.run(.timer, body)
        }
    }

    func send(_ bytes: [UInt8], on link: LinkID) { if !isDead { network.send(bytes, on: link) } }
    func send(_ batch: [(link: LinkID, bytes: [UInt8])]) {
        for (link, bytes) in batch { send(bytes, on: link) }
    }
    func close(_ link: LinkID, afterFlush: Bool) { network.close(link, afterFlush: afterFlush) }
    func setReading(_ link: LinkID, _ on: Bool) { network.setReading(link, on) }
    func setLongestFrame(_ link: LinkID, _ bytes: Int) { network.setLongestFrame(link, bytes) }
    var monotonicNanoseconds: UInt64 { scheduler.monotonic }
    func chance() -> UInt64 { chanceSource.next() }
    func log(_ line: String) { world.log(place, line) }

    func linkOpened(_ link: LinkID, peer: String?, address: String) {}
    func linkReceived(_ link: LinkID, frames: [InboundFrame]) {}
    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {}
    func linkClosed(_ link: LinkID) {}
}
