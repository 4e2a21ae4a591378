import Wire

/// What one link, and all links of one listener, may take.
public struct LinkLimits: Sendable {
    /// The longest frame taken at first, its length prefix not counted, in bytes; see `LinkHub.setLongestFrame`.
    public var longestFrame = FrameLimits.longestBeforeSignIn
    /// How long TLS and the first frame may take.
    public var handshakeTimeout = Duration.seconds(10)
    /// How long the other side may be silent. Whoever has nothing to say pings.
    public var idleTimeout = Duration.seconds(90)
    /// How long a link that is closing may take to flush, and the other side to close too.
    public var closingTimeout = Duration.seconds(5)
    /// Above this many bytes that the other side has not taken yet, it is not read; below half of it, it is again.
    public var pauseReadingAboveBytes = 1 << 20
    /// Above this many bytes that the other side has not taken yet, the link is closed.
    public var maxPendingBytes = 8 << 20
    /// How many links one listener keeps.
    public var maxLinks = 10_000
    /// How many links one listener keeps from one address (IPv6: from one /64).
    public var maxLinksPerAddress = 100

    /// Limits for links to strangers.
    public init() {}

    /// Limits for links between services, which trust each other with more.
    public static var peers: LinkLimits {
        var limits = LinkLimits()
        limits.longestFrame = FrameLimits.longest
        limits.pauseReadingAboveBytes = 16 << 20
        limits.maxPendingBytes = 64 << 20
        limits.maxLinks = 1_000
        limits.maxLinksPerAddress = 1_000
        return limits
    }
}
