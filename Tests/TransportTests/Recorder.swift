import Synchronization
import Testing
import Transport
import Wire

/// Notes everything that it is told of links, and lets a test wait for it and react to it.
final class Recorder: LinkDelegate {
    struct Opened: Equatable {
        var link: LinkID
        var peer: String?
        var address: String
    }

    struct Notes {
        var opened: [Opened] = []
        var frames: [LinkID: [InboundFrame]] = [:]
        var batches: [Int] = []
        var malformed: [(error: WireError, correlation: UInt64)] = []
        var faults: [LinkFault] = []
        var closed: [LinkID] = []
        var frameCount: Int { frames.values.reduce(0) { $0 + $1.count } }
    }

    struct Late: Error, CustomStringConvertible {
        var description: String
    }

    private let notes = Mutex(Notes())
    private let onOpened: @Sendable (LinkID) -> Void
    private let onFrames: @Sendable (LinkID, [InboundFrame]) -> Void
    private let onMalformed: @Sendable (LinkID, UInt64) -> Void

    init(
        onOpened: @escaping @Sendable (LinkID) -> Void = { _ in },
        onFrames: @escaping @Sendable (LinkID, [InboundFrame]) -> Void = { _, _ in },
        onMalformed: @escaping @Sendable (LinkID, UInt64) -> Void = { _, _ in }
    ) {
        self.onOpened = onOpened
        self.onFrames = onFrames
        self.onMalformed = onMalformed
    }

    func linkOpened(_ link: LinkID, peer: String?, address: String) {
        notes.withLock { $0.opened.append(Opened(link: link, peer: peer, address: address)) }
        onOpened(link)
    }

    func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        notes.withLock { notes in
            notes.frames[link, default: []] += frames
            notes.batches.append(frames.count)
        }
        onFrames(link, frames)
    }

    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        notes.withLock { $0.malformed.append((error, correlation)) }
        onMalformed(link, correlation)
    }

    func linkFailed(_ link: LinkID, fault: LinkFault) {
        notes.withLock { $0.faults.append(fault) }
    }

    func linkClosed(_ link: LinkID) {
        notes.withLock { $0.closed.append(link) }
    }

    var now: Notes { notes.withLock { $0 } }

    /// The notes once they are as awaited; throws when that takes longer than ten seconds.
    @discardableResult
    func wait(for what: String, _ isThere: (Notes) -> Bool) async throws -> Notes {
        try await eventually(what) { isThere(now) }
        return now
    }
}

func eventually(_ what: String, _ holds: () throws -> Bool) async throws {
    let start = ContinuousClock.now
    while try !holds() {
        guard ContinuousClock.now - start < .seconds(10) else {
            throw Recorder.Late(description: "late: \(what)")
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Runs `body` with a hub that is gone afterwards.
func withHub(threads: Int = 2, _ body: (LinkHub) async throws -> Void) async throws {
    let hub = LinkHub(threads: threads)
    do {
        try await body(hub)
    } catch {
        try await hub.shutdown(grace: .milliseconds(200))
        throw error
    }
    try await hub.shutdown(grace: .milliseconds(500))
}

/// A frame whose body counts up from its number, so that every frame differs.
func frame(_ number: UInt64, bodyLength: Int = 8) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameHeader(code: 0x0101, correlation: number).appendFrame(body: body(number, bodyLength), to: &bytes)
    return bytes
}

func body(_ number: UInt64, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: Int(truncatingIfNeeded: number) &+ $0) }
}
