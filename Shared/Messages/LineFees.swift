import Kernel
import Wire

/// What the house charges the providers of prepaid lines for a month (E13).
public struct LineFees: Record, Hashable {
    /// For each billing profile that is there when the month ends, in minor units.
    public var monthly: Int64 = 900
    /// Of what callers paid in through payment providers, less what was taken back.
    public var share = BasisPoints(300)
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("monthly", &monthly)
        try visit.field("share", &share)
    }

    /// Nothing if both numbers are within their ranges; else what is wrong.
    var fault: String? {
        if monthly < 0 || monthly > 1_000_000_000 { return "lineFees: not negative" }
        return share.value < 0 || share.value > 10_000 ? "basis points: 0 to 10,000" : nil
    }
}

/// Timer: a month is over, and the provider gets its statement (E13).
public struct LineFeesFallDue: InternalMessage {
    public static let code: UInt16 = 0x02f0
    public var provider = PartyID.none
    /// Where the statement before this one ended; the month's own end is when the timer is due.
    public var from = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("provider", &provider)
        try visit.field("from", &from)
    }
}
