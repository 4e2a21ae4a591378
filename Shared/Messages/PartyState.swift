import Wire

/// How far a party has come; it acts only while ``verified``.
public enum PartyState: UInt8, WireEnum {
    /// Registered, e-mail not yet confirmed.
    case registered = 1
    /// E-mail confirmed, operator's verification open.
    case confirmed = 2
    case verified = 3
    case suspended = 4
    /// Closed for good; its data is erased.
    case closed = 5
}
