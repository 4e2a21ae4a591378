/// The versions of the protocol that this build speaks.
public enum ProtocolVersion {
    /// The version that this build writes unless a peer asked for an older one.
    public static let current: UInt8 = 1
    /// The oldest version that this build still reads and writes.
    public static let oldest: UInt8 = 1
}
