import Kernel
import Messages
import Wire

/// A connection, as the link layer numbers it, and the request on it that wants an answer.
public struct ReplyAddress: Hashable, Sendable {
    public let link: LinkID
    public let correlation: UInt64
    public init(link: LinkID, correlation: UInt64) {
        self.link = link
        self.correlation = correlation
    }
}

/// What waits for the writer.
public enum Incoming: Sendable {
    /// A client's command, or one that a service sends with a key.
    case command(ClientCommand)
    /// A message of another service's stream.
    case peer(from: ServiceName, sequence: UInt64, code: UInt16, version: UInt8, body: [UInt8])
    /// An effect was performed.
    case outcome(EffectReference, code: UInt16, body: [UInt8])
    /// Another service has applied everything up to this sequence.
    case acknowledged(by: ServiceName, sequence: UInt64)
    /// Another service's store said who it is.
    case peerStore(ServiceName, store: UInt64)
    /// Development: the clock moves.
    case setClock(Instant, ReplyAddress)
    /// A link needs outbox rows that are no longer in memory.
    case fetchOutbox(ServiceName, from: UInt64, limit: Int)
    /// Rows of the store that a worker wants: effects due now.
    case fetchEffects
    /// Every other service has welcomed this process: none of them remembers more than its store.
    case peersMet
    /// An operator runs a parked command again.
    case retryParked(UInt64, ReplyAddress)
}

/// A command as it came to the queue.
public struct ClientCommand: Sendable {
    public let address: ReplyAddress
    public let code: UInt16
    public let version: UInt8
    public let body: [UInt8]
    public let acting: Acting
    /// The service that sent it, if it was no client.
    public let peer: ServiceName?
    public let key: IdempotencyKey
    /// A keyed hash of the body as the client sent it, before any sealing, and with the code in it: two messages may
    /// have equal bodies.
    public let bodyHash: (high: UInt64, low: UInt64)
    /// When the client gives up, on the machine's monotonic clock in nanoseconds; 0: never.
    public let giveUpAt: UInt64

    /// Whose keys these are: a party's, a service's own, or those of all strangers together.
    var keyOwner: Int64 { ClientCommand.keyOwner(party: acting.party.raw, peer: peer) }

    static func keyOwner(party: UInt64, peer: ServiceName?) -> Int64 {
        if party != 0 { return Planted.isOn(.keysOfAllParties) ? 1 : Int64(bitPattern: party) }
        return peer.map { -Int64($0.rawValue) } ?? 0
    }

    public init(
        address: ReplyAddress, code: UInt16, version: UInt8, body: [UInt8], acting: Acting,
        peer: ServiceName?,
        key: IdempotencyKey, bodyHash: (high: UInt64, low: UInt64), giveUpAt: UInt64
    ) {
        self.address = address
        self.code = code
        self.version = version
        self.body = body
        self.acting = acting
        self.peer = peer
        self.key = key
        self.bodyHash = (bodyHash.high, bodyHash.low ^ UInt64(code))
        self.giveUpAt = giveUpAt
    }
}

/// Names one effect row as it stood when it was performed.
public struct EffectReference: Hashable, Sendable {
    public let code: UInt16
    public let id: UInt64
    public let generation: UInt64
}

/// An effect to be performed.
public struct EffectStart: Sendable {
    public let reference: EffectReference
    public let body: [UInt8]
}

/// An answer that leaves after the commit.
public struct Reply: Sendable {
    public let address: ReplyAddress
    /// The code of the command that is answered: its edge may have to finish the answer.
    public let command: UInt16
    public let acting: Acting
    public let code: UInt16
    public let body: [UInt8]
}

/// What a committed batch sets free.
public struct BatchOutput: Sendable {
    public var replies: [Reply] = []
    public var outbox: [OutboxRow] = []
    /// Per peer whose messages were applied, the highest sequence.
    public var applied: [(peer: ServiceName, sequence: UInt64)] = []
    public var pushes: [Push] = []
    public var effects: [EffectStart] = []
    /// Whether more effects are due than were handed out.
    public var moreEffects = false
    public var destroyedKeys: [UInt64] = []
    public var fetched: [(peer: ServiceName, from: UInt64, rows: [OutboxRow])] = []
    public var statusRequests: [ReplyAddress] = []
    /// Commands, messages and outcomes taken from the queue.
    public var taken = 0
    public var peerTaken = 0
    public var effectsEnded = 0
    public var now = Instant.none
    public var nextDue = Instant.none
    public var waiting = 0
    public var journal: UInt64 = 0
    public var parked = 0
    public var effectsStored = 0
    public init() {}
}
