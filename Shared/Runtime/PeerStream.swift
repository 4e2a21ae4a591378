import Kernel
import Messages
import Wire

/// The sending half of the stream to one other service: connect, greet, resume, send in order, back off.
///
/// A state machine without I/O: each event gives the action that the front performs.
struct PeerStream {
    enum State: Equatable {
        case idle
        case connecting(LinkID)
        case greeting(LinkID)
        case open(LinkID)
    }

    /// The most messages on the way and not acknowledged.
    static let window = 8_192
    /// The most rows kept in memory; beyond them the store is read again.
    static let kept = 32_768
    static let firstPauseMilliseconds = 20
    static let longestPauseMilliseconds = 2_000

    let service: ServiceName
    private(set) var state = State.idle
    /// Whether the other side welcomed this one since the process began: what it remembers contradicts nothing here.
    private(set) var hasMet = false
    private(set) var acknowledged: UInt64
    /// The highest sequence written for the other side.
    private(set) var highest: UInt64
    /// The last sequence put on the current link.
    private var sent: UInt64 = 0
    /// Rows in memory, from `firstKept` on without a gap.
    private var rows: [OutboxRow] = []
    private var head = 0
    private var fetching = false
    private var failures = 0

    init(service: ServiceName, position: StreamPosition) {
        self.service = service
        acknowledged = position.acknowledged
        highest = position.sent
    }

    /// The link, once both sides have greeted.
    var openLink: LinkID? {
        if case .open(let link) = state { return link }
        return nil
    }

    var currentLink: LinkID? {
        switch state {
        case .idle: nil
        case .connecting(let link), .greeting(let link), .open(let link): link
        }
    }

    /// Messages written and not acknowledged.
    var backlog: Int { Int(highest - acknowledged) }

    mutating func connecting(_ link: LinkID) { state = .connecting(link) }
    mutating func greeting(_ link: LinkID) { state = .greeting(link) }

    /// The other side welcomed us and has applied everything up to `applied`.
    mutating func opened(_ link: LinkID, applied: UInt64) {
        state = .open(link)
        hasMet = true
        failures = 0
        fetching = false
        acknowledge(applied)
        sent = acknowledged
    }

    /// The link is gone; how long to wait before the next attempt: exponential, with full jitter.
    mutating func closed(chance: UInt64) -> Int {
        state = .idle
        fetching = false
        failures = min(failures + 1, 16)
        let ceiling = min(
            PeerStream.longestPauseMilliseconds, PeerStream.firstPauseMilliseconds << min(failures - 1, 10))
        return PeerStream.firstPauseMilliseconds / 2 + Int(chance % UInt64(ceiling))
    }

    mutating func acknowledge(_ sequence: UInt64) {
        guard sequence > acknowledged, sequence <= highest else { return }
        acknowledged = sequence
        while head < rows.count, rows[head].sequence <= sequence { head += 1 }
        if head == rows.count {
            rows.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4_096 {
            rows.removeFirst(head)
            head = 0
        }
        if sent < sequence { sent = sequence }
    }

    /// New rows were committed.
    mutating func append(_ row: OutboxRow) {
        highest = row.sequence
        let next = head < rows.count ? rows[rows.count - 1].sequence + 1 : nil
        if rows.count - head < PeerStream.kept,
            next == nil ? row.sequence == sentOrAcknowledged + 1 : next == row.sequence
        {
            rows.append(row)
        }
    }

    private var sentOrAcknowledged: UInt64 { max(sent, acknowledged) }

    /// Rows read from the store.
    mutating func fetched(_ found: [OutboxRow]) {
        fetching = false
        guard let first = found.first, first.sequence == sentOrAcknowledged + 1 else { return }
        rows = found
        head = 0
    }

    /// What to put on the link now, and whether rows must be read from the store first.
    mutating func next() -> (rows: ArraySlice<OutboxRow>, fetchFrom: UInt64?) {
        guard case .open = state, sent < highest, sent - acknowledged < UInt64(PeerStream.window) else {
            return ([], nil)
        }
        let wanted = sent + 1
        guard head < rows.count, rows[head].sequence <= wanted, wanted <= rows[rows.count - 1].sequence else {
            if fetching { return ([], nil) }
            fetching = true
            return ([], wanted)
        }
        let from = head + Int(wanted - rows[head].sequence)
        let room = PeerStream.window - Int(sent - acknowledged)
        let to = min(rows.count, from + room)
        sent = rows[to - 1].sequence
        return (rows[from..<to], nil)
    }
}
