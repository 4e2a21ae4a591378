import Kernel
import Wire

/// The first frame on every connection, by the side that connected.
public struct Hello: Message {
    public static let code: UInt16 = 0x0001
    public static let audience = Audience.anyone
    /// The newest protocol version that the connecting side speaks.
    public var newest: UInt8 = ProtocolVersion.current
    /// The oldest one.
    public var oldest: UInt8 = ProtocolVersion.oldest
    /// Whether the connecting side can read LZ4 bodies.
    public var compression = false
    /// The program's name and version, for logs.
    public var agent = ""
    /// Between services: what the connecting side's store knows of this stream.
    public var stream: StreamPosition?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("newest", &newest)
        try visit.field("oldest", &oldest)
        try visit.field("compression", &compression)
        try visit.field("agent", &agent, .limit(64))
        try visit.field("stream", &stream)
    }
}

/// How far the two streams between two stores have come, as one side remembers it.
public struct StreamPosition: Record {
    public var service = ServiceName.auction
    /// Drawn when the store was made; a new one means another store.
    public var store: UInt64 = 0
    /// The highest sequence that this side wrote for the other.
    public var sent: UInt64 = 0
    /// The highest sequence of the other side that this side applied.
    public var applied: UInt64 = 0
    /// The highest of this side's messages that the other side is known to have applied.
    public var acknowledged: UInt64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("service", &service)
        try visit.field("store", &store)
        try visit.field("sent", &sent)
        try visit.field("applied", &applied)
        try visit.field("acknowledged", &acknowledged)
    }
}

/// Answers ``Hello``: the version and limits in force on this connection.
public struct Welcome: AnswerMessage {
    public static let code: UInt16 = 0x0041
    /// The version that both sides write from now on.
    public var version: UInt8 = ProtocolVersion.current
    public var compression = false
    /// The house's time, for idempotency keys.
    public var now = Instant.none
    /// The longest frame, in bytes.
    public var longestFrame: UInt32 = 0
    /// The most requests that may wait for their answers on this connection.
    public var inFlight: UInt32 = 0
    /// How long replies are remembered for repeated keys.
    public var keyRetention = Duration64.zero
    public var stream: StreamPosition?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("version", &version)
        try visit.field("compression", &compression)
        try visit.field("now", &now)
        try visit.field("longestFrame", &longestFrame)
        try visit.field("inFlight", &inFlight)
        try visit.field("keyRetention", &keyRetention)
        try visit.field("stream", &stream)
    }
}

/// Asks whether the other side is there; answered without touching a store.
public struct Ping: Query {
    public typealias Answer = Pong
    public static let code: UInt16 = 0x0002
    public static let audience = Audience.anyone
    public var payload = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payload", &payload, .limit(1024))
    }
}

/// Answers ``Ping`` with the same payload.
public struct Pong: AnswerMessage {
    public static let code: UInt16 = 0x0042
    public var payload = Bytes()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("payload", &payload, .limit(1024))
    }
}

/// Between services: every message of the stream up to this one is applied and durable.
public struct Applied: Message {
    public static let code: UInt16 = 0x0043
    public static let audience = Audience.answer
    public var sequence: UInt64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("sequence", &sequence)
    }
}

/// A command was carried out, and there is nothing more to say.
public struct Done: AnswerMessage {
    public static let code: UInt16 = 0x0044
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Asks one process how it is; at the gateway, all of them.
public struct GetStatus: Query {
    public typealias Answer = StatusReport
    public static let code: UInt16 = 0x0003
    public static let audience = Audience.operators
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// How a service is: its time, its queues, what waits.
public struct ServiceStatus: Record {
    public var service = ServiceName.auction
    /// Whether the service answered at all.
    public var reachable = true
    public var ready = false
    public var now = Instant.none
    /// The earliest due time of a timer or effect; ``Instant/none`` if nothing waits.
    public var nextDue = Instant.none
    /// Commands queued and not yet committed.
    public var queued: UInt32 = 0
    /// Commands that wait for another service's answer.
    public var waiting: UInt32 = 0
    /// Messages written for other services and not yet acknowledged.
    public var outbox: UInt32 = 0
    /// Effects that are due or being performed.
    public var effectsRunning: UInt32 = 0
    /// Effects that wait for a later attempt.
    public var effectsWaiting: UInt32 = 0
    /// Commands set aside after faults.
    public var parked: UInt32 = 0
    /// The journal's last sequence.
    public var journal: UInt64 = 0
    /// Commands committed since the start, and in how many batches.
    public var commands: UInt64 = 0
    public var batches: UInt64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("service", &service)
        try visit.field("reachable", &reachable)
        try visit.field("ready", &ready)
        try visit.field("now", &now)
        try visit.field("nextDue", &nextDue)
        try visit.field("queued", &queued)
        try visit.field("waiting", &waiting)
        try visit.field("outbox", &outbox)
        try visit.field("effectsRunning", &effectsRunning)
        try visit.field("effectsWaiting", &effectsWaiting)
        try visit.field("parked", &parked)
        try visit.field("journal", &journal)
        try visit.field("commands", &commands)
        try visit.field("batches", &batches)
    }
}

/// Answers ``GetStatus``.
public struct StatusReport: AnswerMessage {
    public static let code: UInt16 = 0x0045
    public var services: [ServiceStatus] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("services", &services, .limit(16))
    }
}

/// Development only: moves a settable clock forward; at the gateway, the clocks of all services.
public struct SetClock: Query {
    public typealias Answer = StatusReport
    public static let code: UInt16 = 0x0004
    public static let audience = Audience.operators
    public var now = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("now", &now)
    }
}

/// Asks for live push of what concerns the acting party. The inbox stays the truth.
public struct Subscribe: Query {
    public typealias Answer = Subscribed
    public static let code: UInt16 = 0x0005
    public static let audience = Audience.everybody
    /// The last inbox item that the client has seen: newer ones are pushed at once; none: only what comes from now on.
    public var after = InboxItemID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
    }
}

/// Answers ``Subscribe``.
public struct Subscribed: AnswerMessage {
    public static let code: UInt16 = 0x0046
    public var latest = InboxItemID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("latest", &latest)
    }
}

/// Asks for the commands that a service has set aside.
public struct ListParked: Query {
    public typealias Answer = ParkedPage
    public static let code: UInt16 = 0x0006
    public static let audience = Audience.services([.program, .gateway])
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// A command that faulted and was set aside.
public struct ParkedCommand: Record {
    public var sequence: UInt64 = 0
    public var messageCode: UInt16 = 0
    public var source: UInt8 = 0
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("sequence", &sequence)
        try visit.field("messageCode", &messageCode)
        try visit.field("source", &source)
        try visit.field("reason", &reason, .limit(400))
    }
}

/// Answers ``ListParked``.
public struct ParkedPage: AnswerMessage {
    public static let code: UInt16 = 0x0047
    public var parked: [ParkedCommand] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("parked", &parked)
    }
}

/// Runs a parked command again, in the service that is asked.
public struct RetryParked: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0007
    public static let audience = Audience.services([.program, .gateway])
    public var sequence: UInt64 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("sequence", &sequence)
    }
}
