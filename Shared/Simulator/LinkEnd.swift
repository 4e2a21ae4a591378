import Transport
import Wire

/// One process's end of a connection.
final class LinkEnd {
    enum Stage: Equatable {
        case connecting
        case open
        /// What came is no frame: nothing more is taken, but a refusal may be sent.
        case refusing
        /// Being closed: what was sent still arrives, what comes is dropped.
        case draining
        case closed
    }

    let id: LinkID
    let place: Place
    let limits: LinkLimits
    private(set) weak var delegate: (any LinkDelegate)?
    private unowned let network: SimulatedNetwork
    var other: LinkEnd?
    var peerName: String?
    var stage = Stage.connecting
    var isAnnounced = false
    var decoder: FrameDecoder
    private var partial: [UInt8] = []

    var isReadWanted = true
    private var isCongested = false
    private var isSlow = false
    private var isReading: Bool {
        stage != .open || isReadWanted && !isCongested && !isSlow && network.resumes(place) == nil
    }
    /// What arrived while nobody read.
    private var unread: [(bytes: [UInt8], from: LinkEnd)] = []
    /// The other side's end came while nobody read.
    private var isEndUnread = false

    var outgoing: [UInt8] = []
    var isToBeFlushed = false
    var pendingBytes = 0
    var compresses = false
    var hasSaidEnd = false
    var lastArrival: UInt64 = 0
    /// What is added to the next write's way.
    var lateness: UInt64 = 0
    /// Bytes of this direction vanish from now on.
    private(set) var isStalled = false

    init(
        _ id: LinkID, _ place: Place, _ limits: LinkLimits, _ delegate: any LinkDelegate,
        _ network: SimulatedNetwork
    ) {
        self.id = id
        self.place = place
        self.limits = limits
        self.delegate = delegate
        self.network = network
        decoder = FrameDecoder(longestFrame: limits.longestFrame)
    }

    func append(_ bytes: [UInt8], _ compressor: FrameCompressor) {
        guard stage == .open || stage == .refusing else { return }
        let waiting = pendingBytes + outgoing.count
        guard waiting + bytes.count <= limits.maxPendingBytes else {
            return fail(.slowReader(pendingBytes: waiting))
        }
        outgoing += compresses ? compressor.compressed(bytes) : bytes
        if pendingBytes + outgoing.count > limits.pauseReadingAboveBytes, !isCongested { isCongested = true }
        flushSoon()
    }

    private func flushSoon() {
        guard !isToBeFlushed else { return }
        isToBeFlushed = true
        network.flushLater(self)
    }

    /// The other side took bytes.
    func wrote(_ count: Int) {
        pendingBytes -= count
        if isCongested, pendingBytes <= limits.pauseReadingAboveBytes / 2 {
            isCongested = false
            readOn()
        }
    }

    func setReading(_ on: Bool) {
        isReadWanted = on
        readOn()
    }

    /// Reads nothing for `span` nanoseconds.
    func readSlowly(_ span: UInt64) {
        guard !isSlow else { return }
        isSlow = true
        network.scheduler.after(span, .fault, place) { [weak self] in
            self?.isSlow = false
            self?.readOn()
        }
    }

    func readOn() {
        while isReading, !unread.isEmpty {
            let (bytes, from) = unread.removeFirst()
            from.wrote(bytes.count)
            received(bytes)
        }
        if isEndUnread, unread.isEmpty, isReading { finish() }
    }

    func arrived(_ bytes: [UInt8], from end: LinkEnd) {
        guard isReading, unread.isEmpty else { return unread.append((bytes, end)) }
        end.wrote(bytes.count)
        received(bytes)
    }

    private func received(_ bytes: [UInt8]) {
        guard stage == .open else { return }
        let whole = partial.isEmpty ? bytes : partial + bytes
        var frames: [InboundFrame] = []
        let progress = whole.withUnsafeBytes { decoder.decode($0, into: &frames) }
        partial = progress.consumed == whole.count ? [] : Array(whole[progress.consumed...])
        if !frames.isEmpty { delegate?.linkReceived(id, frames: frames) }
        if let failure = progress.failure, stage == .open {
            stage = .refusing
            partial = []
            // Whoever does not close a link that is refused has it closed.
            network.scheduler.after(5_000_000_000, .close, place) { [weak self] in self?.abort() }
            delegate?.linkMalformed(id, error: failure.error, correlation: failure.correlation)
        }
    }

    /// Bytes vanish from now on, in this direction; after a while both sides find the silence too long.
    func stall() {
        guard !isStalled else { return }
        isStalled = true
        for end in [self, other].compactMap({ $0 }) {
            network.scheduler.after(network.silence(), .fault, end.place) { [weak end] in end?.fail(.idle) }
        }
    }

    /// Tells why, and closes at once.
    func fail(_ fault: LinkFault) {
        guard stage != .closed else { return }
        if stage != .draining { delegate?.linkFailed(id, fault: fault) }
        abort()
    }

    func close(afterFlush: Bool) {
        guard stage != .closed, stage != .draining else {
            if !afterFlush { abort() }
            return
        }
        guard afterFlush, stage == .open || stage == .refusing else { return abort() }
        stage = .draining
        flushSoon()
    }

    /// Closes at once; the other side learns it after what is on its way.
    func abort() {
        guard stage != .closed else { return }
        let wasConnecting = stage == .connecting
        stage = .draining
        outgoing = []
        if !isStalled, let other, !hasSaidEnd {
            hasSaidEnd = true
            let arrival = max(network.scheduler.monotonic + network.hop(), lastArrival + 100)
            network.scheduler.at(arrival, .close, other.place) { other.ended() }
        } else if wasConnecting {
            other = nil
        }
        network.scheduler.after(0, .close, place) { self.finish() }
    }

    /// The other side closed.
    func ended() {
        guard stage != .closed else { return }
        if stage == .open, !isCongested, !isReading || !unread.isEmpty {
            isEndUnread = true
        } else {
            finish()
        }
    }

    /// Both ends learn that the way between them broke.
    func breakBoth() {
        for end in [self, other].compactMap({ $0 }) where end.stage != .closed {
            end.outgoing = []
            let arrival = max(
                network.scheduler.monotonic + network.hop(), (end.other?.lastArrival ?? 0) + 100)
            network.scheduler.at(arrival, .close, end.place) { [weak end] in
                end?.fail(.broken("reset"))
                end?.finish()
            }
        }
        isStalled = true
        other?.isStalled = true
    }

    func finish() {
        guard stage != .closed else { return }
        stage = .closed
        network.forget(self)
        outgoing = []
        unread = []
        let told = delegate
        delegate = nil
        other?.other = nil
        other = nil
        told?.linkClosed(id)
    }

    /// The process is gone: nobody is told here, the other side after what is on its way.
    func vanish() {
        guard stage != .closed else { return }
        stage = .closed
        delegate = nil
        network.forget(self)
        outgoing = []
        unread = []
        guard let other else { return }
        let arrival = max(network.scheduler.monotonic + network.hop(), lastArrival + 100)
        network.scheduler.at(arrival, .close, other.place) { other.ended() }
        other.other = nil
        self.other = nil
    }
}
