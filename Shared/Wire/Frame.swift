/// The sizes that bound a frame.
public enum FrameLimits {
    /// Bytes of the length prefix.
    public static let prefix = 4
    /// Bytes of the fixed part of the header.
    public static let header = 16
    /// The longest frame, its length prefix not counted, in bytes.
    public static let longest = 1 << 20
    /// The longest frame taken before the handshake and sign-in are done, in bytes.
    public static let longestBeforeSignIn = 16 << 10
    /// The shortest body that is worth compressing, in bytes.
    public static let compressedFrom = 1 << 10
    /// How many times its size a compressed body may become; one that claims more is refused.
    public static let greatestExpansion = 64
}

/// Which optional parts a frame's header has, and how its body is written.
public struct FrameFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A 16-byte idempotency key follows the fixed header.
    public static let key = FrameFlags(rawValue: 1 << 0)
    /// A 24-byte trace context follows (16 bytes trace id, 8 bytes span id).
    public static let trace = FrameFlags(rawValue: 1 << 1)
    /// The acting party and marketplace follow; on internal links only.
    public static let acting = FrameFlags(rawValue: 1 << 2)
    /// The 8-byte number of this message in its sender's stream follows; between services only.
    public static let stream = FrameFlags(rawValue: 1 << 3)
    /// The body is an LZ4 block; its 4-byte length before compression precedes it.
    public static let compressed = FrameFlags(rawValue: 1 << 4)
    /// The frame answers a request, or is pushed (correlation 0).
    public static let answer = FrameFlags(rawValue: 1 << 5)
    /// Every flag that this version knows.
    public static let known: FrameFlags = [.key, .trace, .acting, .stream, .compressed, .answer]
}

/// A client's idempotency key: 16 bytes, unique per party, best begun with a big-endian time or sequence.
public struct IdempotencyKey: Hashable, Sendable, Comparable {
    public var high: UInt64
    public var low: UInt64
    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

/// For whom a frame on an internal link acts.
public struct ActingPart: Hashable, Sendable {
    /// The party; 0 where nobody has signed in.
    public var party: UInt64
    public var marketplace: UInt32
    /// Role bits as in `Roles`.
    public var roles: UInt8
    /// The party's sign-in, for revocation; 0 where nobody has signed in.
    public var session: UInt64
    @inlinable public init(party: UInt64, marketplace: UInt32, roles: UInt8, session: UInt64) {
        self.party = party
        self.marketplace = marketplace
        self.roles = roles
        self.session = session
    }
}

/// Trace identifiers as in W3C Trace Context.
public struct TracePart: Hashable, Sendable {
    public var traceHigh: UInt64
    public var traceLow: UInt64
    public var span: UInt64
    @inlinable public init(traceHigh: UInt64, traceLow: UInt64, span: UInt64) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
    }
}

/// What precedes a frame's body.
///
/// On the wire: u32 length of all that follows; u8 version; u8 flags; u16 message code; u64 correlation;
/// u32 time left in milliseconds (0: no deadline); then the parts named by the flags, in the order of their bits.
public struct FrameHeader: Hashable, Sendable {
    public var version: UInt8
    public var flags: FrameFlags
    public var code: UInt16
    /// Chosen by the asker, repeated in the answer; 0 for pushed messages.
    public var correlation: UInt64
    /// What is left of the asker's patience, in milliseconds; 0: unbounded.
    public var timeLeftMilliseconds: UInt32
    public var key: IdempotencyKey?
    public var trace: TracePart?
    public var acting: ActingPart?
    public var stream: UInt64?

    @inlinable public init(
        code: UInt16, correlation: UInt64 = 0, flags: FrameFlags = [],
        timeLeftMilliseconds: UInt32 = 0, key: IdempotencyKey? = nil, trace: TracePart? = nil,
        acting: ActingPart? = nil, stream: UInt64? = nil, version: UInt8 = ProtocolVersion.current
    ) {
        self.version = version
        self.code = code
        self.correlation = correlation
        self.timeLeftMilliseconds = timeLeftMilliseconds
        self.key = key
        self.trace = trace
        self.acting = acting
        self.stream = stream
        var flags = flags
        if key != nil { flags.insert(.key) }
        if trace != nil { flags.insert(.trace) }
        if acting != nil { flags.insert(.acting) }
        if stream != nil { flags.insert(.stream) }
        self.flags = flags
    }

    /// Reads the header that follows a length prefix; the body is what remains in the reader.
    @inlinable public init(_ reader: inout Reader) throws(WireError) {
        version = try reader.integer()
        guard version >= ProtocolVersion.oldest, version <= ProtocolVersion.current else {
            throw .unsupportedVersion(found: version)
        }
        let flags = FrameFlags(rawValue: try reader.integer())
        guard flags.isSubset(of: .known) else { throw .invalidHeader("unknown flag bits \(flags.rawValue)") }
        self.flags = flags
        code = try reader.integer()
        correlation = try reader.integer()
        timeLeftMilliseconds = try reader.integer()
        if flags.contains(.key) {
            let high: UInt64 = try reader.integer()
            let low: UInt64 = try reader.integer()
            key = IdempotencyKey(high: high.byteSwapped, low: low.byteSwapped)
        }
        if flags.contains(.trace) {
            let high: UInt64 = try reader.integer()
            let low: UInt64 = try reader.integer()
            trace = TracePart(traceHigh: high, traceLow: low, span: try reader.integer())
        }
        if flags.contains(.acting) {
            let party: UInt64 = try reader.integer()
            let marketplace: UInt32 = try reader.integer()
            let roles: UInt8 = try reader.integer()
            acting = ActingPart(
                party: party, marketplace: marketplace, roles: roles, session: try reader.integer())
        }
        if flags.contains(.stream) { stream = try reader.integer() }
    }

    /// The flags with those of the parts as the parts are: a flag whose part was taken away would shift the body.
    @usableFromInline var writtenFlags: FrameFlags {
        var written = flags.subtracting([.key, .trace, .acting, .stream])
        if key != nil { written.insert(.key) }
        if trace != nil { written.insert(.trace) }
        if acting != nil { written.insert(.acting) }
        if stream != nil { written.insert(.stream) }
        return written
    }

    /// Appends a whole frame: length, header, body.
    @inlinable public func appendFrame(body: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        var length = FrameLimits.header + body.count
        if key != nil { length += 16 }
        if trace != nil { length += 24 }
        if acting != nil { length += 21 }
        if stream != nil { length += 8 }
        var writer = Writer(reserving: 0, version: version)
        swap(&writer.bytes, &bytes)
        writer.integer(UInt32(truncatingIfNeeded: length))
        writer.integer(version)
        writer.integer(writtenFlags.rawValue)
        writer.integer(code)
        writer.integer(correlation)
        writer.integer(timeLeftMilliseconds)
        if let key {
            writer.integer(key.high.byteSwapped)
            writer.integer(key.low.byteSwapped)
        }
        if let trace {
            writer.integer(trace.traceHigh)
            writer.integer(trace.traceLow)
            writer.integer(trace.span)
        }
        if let acting {
            writer.integer(acting.party)
            writer.integer(acting.marketplace)
            writer.integer(acting.roles)
            writer.integer(acting.session)
        }
        if let stream { writer.integer(stream) }
        writer.bytes.append(contentsOf: body)
        swap(&writer.bytes, &bytes)
    }

    /// Appends a whole frame: length, header, body.
    @inlinable public func appendFrame(body: [UInt8], to bytes: inout [UInt8]) {
        body.withUnsafeBytes { appendFrame(body: $0, to: &bytes) }
    }
}
