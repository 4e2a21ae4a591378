import Kernel
import Messages
import Transport
import Wire

/// A process or client as the network knows it.
typealias Place = UInt32

/// Connections between simulated processes: streams of bytes that arrive late, in pieces, or not at all.
///
/// Each end behaves as a link of the live transport does, down to the decoder, the limits and the order of what
/// the delegate is told.
final class SimulatedNetwork {
    /// Who listens at a place; nothing while the process is down.
    typealias Listener = () -> (any LinkDelegate)?

    let scheduler: Scheduler
    let faults: Faults
    private var chance: Chance
    private var listeners: [Place: Listener] = [:]
    private var ends: [LinkID: LinkEnd] = [:]
    private var lastLink: UInt64 = 0
    private var dirty: [LinkEnd] = []
    /// From where to where nothing gets through, and until when.
    private var walls: [(from: Place, to: Place, until: UInt64)] = []
    private var pausedUntil: [Place: UInt64] = [:]
    private let compressor = FrameCompressor(spared: Catalogue.neverCompressed)
    private(set) var connections: UInt64 = 0

    /// The least and the most that bytes take from one process to another, in nanoseconds.
    private let latency: (least: UInt64, spread: UInt64)
    /// Of a hundred writes, how many arrive in pieces.
    private let split: Int

    init(scheduler: Scheduler, faults: Faults, seed: UInt64) {
        self.scheduler = scheduler
        self.faults = faults
        chance = Chance(seed: seed ^ 0x7e70)
        latency = (20_000 + UInt64(chance.below(100_000)), 50_000 + UInt64(chance.below(1_000_000)))
        split = chance.below(30)
    }

    func listen(_ place: Place, _ listener: @escaping Listener) { listeners[place] = listener }

    private func delay() -> UInt64 { latency.least + chance.next() % latency.spread }

    // MARK: Walls and pauses

    /// Nothing gets from one place to the other for `span` nanoseconds.
    func wall(from: Place, to: Place, for span: UInt64) {
        walls.append((from, to, scheduler.monotonic + span))
        scheduler.after(span, .fault, from) { [unowned self] in
            walls.removeAll { $0.until <= scheduler.monotonic }
        }
    }

    func isWalled(from: Place, to: Place) -> Bool {
        walls.contains { $0.from == from && $0.to == to && $0.until > scheduler.monotonic }
    }

    /// Whatever arrives at `place` waits for `span` nanoseconds.
    func pause(_ place: Place, for span: UInt64) {
        let until = scheduler.monotonic + span
        pausedUntil[place] = max(until, pausedUntil[place] ?? 0)
        scheduler.at(until, .process, place) { [unowned self] in
            if resumes(place) == nil { for end in ends(at: place) { end.readOn() } }
        }
    }

    private func ends(at place: Place) -> [LinkEnd] {
        ends.values.filter { $0.place == place }.sorted { $0.id.raw < $1.id.raw }
    }

    /// When `place` goes on; nothing if it runs.
    func resumes(_ place: Place) -> UInt64? {
        guard let until = pausedUntil[place] else { return nil }
        if until > scheduler.monotonic { return until }
        pausedUntil[place] = nil
        return nil
    }

    func heal() {
        walls = []
    }

    // MARK: Connecting

    /// Dials; what follows is told to `delegate`.
    ///
    /// - Parameters:
    ///   - name: whom the other side finds in the certificate; nothing for clients.
    ///   - expected: whom this side finds in the other's.
    func connect(
        from: Place, to: Place, name: String?, expected: String?, address: String, serverLimits: LinkLimits,
        clientLimits: LinkLimits, delegate: any LinkDelegate
    ) -> LinkID {
        connections += 1
        let client = makeEnd(from, clientLimits, delegate)
        client.peerName = expected
        let link = client.id
        if isWalled(from: from, to: to) || isWalled(from: to, to: from) {
            scheduler.after(10_000_000_000, .connect, from) { [unowned self] in
                end(link)?.fail(.unreachable("no answer"))
            }
            return link
        }
        scheduler.after(delay(), .connect, to) { [unowned self] in
            arrive(client, at: to, name: name, address: address, limits: serverLimits)
        }
        return link
    }

    private func arrive(
        _ client: LinkEnd, at place: Place, name: String?, address: String, limits: LinkLimits
    ) {
        guard client.stage == .connecting else { return }
        if let until = resumes(place) {
            scheduler.at(until + 1_000, .connect, place) { [unowned self] in
                arrive(client, at: place, name: name, address: address, limits: limits)
            }
            return
        }
        guard let delegate = listeners[place]?() else {
            scheduler.after(delay(), .connect, client.place) { client.fail(.unreachable("refused")) }
            return
        }
        let server = makeEnd(place, limits, delegate)
        server.peerName = name
        server.other = client
        client.other = server
        server.stage = .open
        server.isAnnounced = true
        delegate.linkOpened(server.id, peer: name, address: address)
        let arrival = scheduler.monotonic + delay()
        server.lastArrival = max(server.lastArrival, arrival)
        scheduler.at(arrival, .connect, client.place) { [weak client] in
            // Its process may have ended, and its end of the connection with it.
            guard let client, client.stage == .connecting else { return }
            client.stage = .open
            client.isAnnounced = true
            client.delegate?.linkOpened(client.id, peer: client.peerName, address: "10.0.0.\(place)")
        }
    }

    private func makeEnd(_ place: Place, _ limits: LinkLimits, _ delegate: any LinkDelegate) -> LinkEnd {
        lastLink += 1
        let end = LinkEnd(LinkID(raw: lastLink), place, limits, delegate, self)
        ends[end.id] = end
        return end
    }

    private func end(_ link: LinkID) -> LinkEnd? { ends[link] }

    func forget(_ end: LinkEnd) { ends[end.id] = nil }

    var openEnds: Int { ends.count }

    // MARK: What processes do with links

    func send(_ bytes: [UInt8], on link: LinkID) {
        guard let end = ends[link] else { return }
        end.append(bytes, compressor)
    }

    func close(_ link: LinkID, afterFlush: Bool) { ends[link]?.close(afterFlush: afterFlush) }
    func setReading(_ link: LinkID, _ on: Bool) { ends[link]?.setReading(on) }
    func setLongestFrame(_ link: LinkID, _ bytes: Int) { ends[link]?.decoder.longestFrame = bytes }
    func setCompression(_ link: LinkID, receiving: Bool, sending: Bool) {
        ends[link]?.decoder.takesCompressed = receiving
        ends[link]?.compresses = sending
    }

    /// All connections of a process end with it; the others learn it from the operating system.
    func die(_ place: Place) {
        for end in ends(at: place) { end.vanish() }
    }

    /// Closes a connection as if it broke on the way, for both ends.
    func breakLink(_ link: LinkID) { ends[link]?.breakBoth() }

    func flushLater(_ end: LinkEnd) { dirty.append(end) }

    /// Whatever was sent within an event leaves each link as one write, at its end.
    func flush() {
        while !dirty.isEmpty {
            let batch = dirty
            dirty.removeAll(keepingCapacity: true)
            for end in batch { transmit(end) }
        }
    }

    // MARK: The way of the bytes

    private func transmit(_ end: LinkEnd) {
        end.isToBeFlushed = false
        guard !end.outgoing.isEmpty else { return finishClosing(end) }
        var bytes = end.outgoing
        end.outgoing = []
        guard let other = end.other, end.stage != .closed else { return }
        if isWalled(from: end.place, to: other.place) { end.stall() }
        if !end.isStalled, faults.areOn { strike(end, other, &bytes) }
        guard end.stage != .closed else { return }
        if end.isStalled { return finishClosing(end) }
        if chance.below(100) < split, bytes.count > 1 {
            let cuts = 1 + chance.below(min(4, bytes.count - 1))
            var rest = bytes[...]
            for _ in 0..<cuts where rest.count > 1 {
                let head = rest.prefix(1 + chance.below(rest.count - 1))
                rest = rest.dropFirst(head.count)
                carry(Array(head), end, other)
            }
            carry(Array(rest), end, other)
        } else {
            carry(bytes, end, other)
        }
        finishClosing(end)
    }

    /// Lets bytes arrive after whatever was sent before them.
    func carry(_ bytes: [UInt8], _ end: LinkEnd, _ other: LinkEnd) {
        let arrival = max(scheduler.monotonic + delay() + end.lateness, end.lastArrival + 100)
        end.lateness = 0
        end.lastArrival = arrival
        end.pendingBytes += bytes.count
        scheduler.at(arrival, .deliver, other.place) { [unowned self] in
            deliver(bytes, end, other)
        }
    }

    private func deliver(_ bytes: [UInt8], _ end: LinkEnd, _ other: LinkEnd) {
        scheduler.note(bytes)
        other.arrived(bytes, from: end)
    }

    /// The other end learns that nothing more comes, after all that was sent.
    private func finishClosing(_ end: LinkEnd) {
        guard end.stage == .draining, !end.hasSaidEnd else { return }
        end.hasSaidEnd = true
        guard let other = end.other else { return end.finish() }
        let arrival = max(scheduler.monotonic + delay(), end.lastArrival + 100)
        end.lastArrival = arrival
        let returned = arrival + delay()
        scheduler.at(arrival, .close, other.place) { other.ended() }
        scheduler.at(returned, .close, end.place) { end.finish() }
    }

    private func strike(_ end: LinkEnd, _ other: LinkEnd, _ bytes: inout [UInt8]) {
        if faults.strikes(.drop) { return end.stall() }
        if faults.strikes(.delay) { end.lateness += 1_000_000 + faults.draw(.delay, below: 2_000_000_000) }
        if faults.strikes(.reorder) { end.lateness += 500_000 + faults.draw(.reorder, below: 60_000_000) }
        if faults.strikes(.clog) { end.lateness += 500_000_000 + faults.draw(.clog, below: 20_000_000_000) }
        if faults.strikes(.partition) { part(end, other, .partition, both: true) }
        if faults.strikes(.asymmetricPartition) { part(end, other, .asymmetricPartition, both: false) }
        if faults.strikes(.slowReader) {
            other.readSlowly(500_000_000 + faults.draw(.slowReader, below: 10_000_000_000))
        }
        if faults.isPossible(.replay), let again = LastFrame.repeatable(bytes), faults.strikes(.replay) {
            bytes += again
        }
        if faults.strikes(.resetMidFrame) {
            let count = 1 + Int(faults.draw(.resetMidFrame, below: UInt64(bytes.count)))
            carry(Array(bytes.prefix(count)), end, other)
            return end.breakBoth()
        }
        // What TLS finds changed never reaches a decoder.
        if faults.strikes(.corruptByte) { end.breakBoth() }
    }

    private func part(_ end: LinkEnd, _ other: LinkEnd, _ kind: FaultKind, both: Bool) {
        let span = 1_000_000_000 + faults.draw(kind, below: 60_000_000_000)
        wall(from: end.place, to: other.place, for: span)
        if both { wall(from: other.place, to: end.place, for: span) }
        end.stall()
    }

    /// How long until silence is noticed, in nanoseconds.
    func silence() -> UInt64 { 2_000_000_000 + chance.next() % 88_000_000_000 }
    func hop() -> UInt64 { delay() }
}

/// Finds the last whole frame of a write.
enum LastFrame {
    /// The last frame, if it is one that may come twice: a command with a key, or a message of a stream.
    static func repeatable(_ bytes: [UInt8]) -> [UInt8]? {
        var position = 0
        var last: Range<Int>?
        while bytes.count - position >= FrameLimits.prefix {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
            let end = position + FrameLimits.prefix + length
            guard end <= bytes.count else { break }
            last = position..<end
            position = end
        }
        guard let last, last.count > 6 else { return nil }
        let flags = FrameFlags(rawValue: bytes[last.lowerBound + 5])
        guard !flags.isDisjoint(with: [.key, .stream]), !flags.contains(.answer) else { return nil }
        return Array(bytes[last])
    }
}
