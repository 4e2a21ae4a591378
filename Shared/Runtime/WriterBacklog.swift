/// What waits for a service's writer: messages of peers first, then commands, each in order of arrival.
public struct WriterBacklog: Sendable {
    private var peers: [Incoming] = []
    private var others: [Incoming] = []
    private var peersHead = 0
    private var othersHead = 0
    /// Whether something waits that somebody waits for, or more than is worth a sync; the rest may lie for a while.
    public private(set) var isUrgent = false
    private let isPatient: Bool
    /// Whether the last batch was one of many.
    private var isBusy = false

    /// How long what nobody waits for may lie before it is written, in nanoseconds.
    public static let patience: UInt64 = 20_000_000
    /// A patient writer that found so many at once waits for more; a quiet house is told at once.
    public static let busy = 64
    /// So many messages of peers and outcomes are worth a sync of their own.
    public static let crowd = 1_024

    /// - Parameter isPatient: whether nobody waits for peers' messages and outcomes (``ServiceDefinition/isPatient``); nobody
    ///   ever waits for acknowledgements.
    public init(isPatient: Bool = false) { self.isPatient = isPatient }

    /// Whether messages of peers or acknowledgements wait.
    public var hasPeers: Bool { peersHead < peers.count }
    public var count: Int { peers.count - peersHead + others.count - othersHead }

    public mutating func put(_ items: [Incoming]) {
        for item in items {
            switch item {
            case .acknowledged, .peerStore: peers.append(item)
            case .peer, .outcome:
                peers.append(item)
                if !isPatient || !isBusy || peers.count - peersHead >= WriterBacklog.crowd { isUrgent = true }
            case .fetchOutbox, .fetchEffects, .peersMet:
                peers.append(item)
                isUrgent = true
            case .command, .setClock, .retryParked:
                others.append(item)
                isUrgent = true
            }
        }
    }

    /// Takes up to `limit` items.
    public mutating func take(_ limit: Int) -> [Incoming] {
        var taken: [Incoming] = []
        let fromPeers = min(limit, peers.count - peersHead)
        let fromOthers = min(limit - fromPeers, others.count - othersHead)
        taken.reserveCapacity(fromPeers + fromOthers)
        taken.append(contentsOf: peers[peersHead..<(peersHead + fromPeers)])
        taken.append(contentsOf: others[othersHead..<(othersHead + fromOthers)])
        peersHead += fromPeers
        othersHead += fromOthers
        WriterBacklog.compact(&peers, &peersHead)
        WriterBacklog.compact(&others, &othersHead)
        isUrgent = peersHead < peers.count || othersHead < others.count
        isBusy = taken.count >= WriterBacklog.busy
        return taken
    }

    private static func compact(_ items: inout [Incoming], _ head: inout Int) {
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 8_192 {
            items.removeFirst(head)
            head = 0
        }
    }
}
