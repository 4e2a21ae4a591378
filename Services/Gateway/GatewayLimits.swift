import Wire

/// What strangers and parties may ask of a gateway. As JSON in the data folder's `gateway.json` an operator
/// changes single values; load tests raise them.
public struct GatewayLimits: Record, Hashable {
    /// Requests from one address (IPv6: one /64) a minute, and at once.
    public var addressRequestsPerMinute: UInt32 = 120_000
    public var addressBurst: UInt32 = 4_000
    /// Requests of one party a minute, over all its connections, and at once.
    public var partyRequestsPerMinute: UInt32 = 60_000
    public var partyBurst: UInt32 = 2_000
    /// Sign-ins, registrations and other commands before sign-in from one address a minute, and at once.
    public var entriesPerMinute: UInt32 = 60
    public var entryBurst: UInt32 = 30
    /// What a sign-in with wrong credentials counts for besides itself.
    public var wrongCredentialsCost: UInt32 = 4
    /// Requests that wait for their answers on one connection.
    public var inFlightPerLink: UInt32 = 1_024
    /// Connections, in all and from one address.
    public var links: UInt32 = 10_000
    public var linksPerAddress: UInt32 = 100
    /// The time of requests that state none, and the longest that one may state.
    public var requestMilliseconds: UInt32 = 10_000
    public var longestRequestMilliseconds: UInt32 = 60_000
    /// The longest frame after sign-in, in bytes.
    public var longestFrame: UInt32 = UInt32(FrameLimits.longest)
    /// Whether clients that offer it get compressed bodies after sign-in.
    public var compression = true
    public init() {}

    /// For an installation made by `gavel up`, where one machine plays many parties; else as for the public.
    public static var development: GatewayLimits {
        var limits = GatewayLimits()
        limits.entriesPerMinute = 6_000
        limits.entryBurst = 1_000
        return limits
    }

    /// For throwaway installations and load: nothing but memory is guarded.
    public static var raised: GatewayLimits {
        var limits = GatewayLimits()
        limits.addressRequestsPerMinute = 60_000_000
        limits.addressBurst = 1_000_000
        limits.partyRequestsPerMinute = 60_000_000
        limits.partyBurst = 1_000_000
        limits.entriesPerMinute = 600_000
        limits.entryBurst = 100_000
        limits.linksPerAddress = 10_000
        return limits
    }

    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("addressRequestsPerMinute", &addressRequestsPerMinute)
        try visit.field("addressBurst", &addressBurst)
        try visit.field("partyRequestsPerMinute", &partyRequestsPerMinute)
        try visit.field("partyBurst", &partyBurst)
        try visit.field("entriesPerMinute", &entriesPerMinute)
        try visit.field("entryBurst", &entryBurst)
        try visit.field("wrongCredentialsCost", &wrongCredentialsCost)
        try visit.field("inFlightPerLink", &inFlightPerLink)
        try visit.field("links", &links)
        try visit.field("linksPerAddress", &linksPerAddress)
        try visit.field("requestMilliseconds", &requestMilliseconds)
        try visit.field("longestRequestMilliseconds", &longestRequestMilliseconds)
        try visit.field("longestFrame", &longestFrame)
        try visit.field("compression", &compression)
    }
}
