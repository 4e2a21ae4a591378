import Kernel
import Messages

/// The number of an invoice or credit note: one gapless series per marketplace, year and kind (A15).
public struct InvoiceNumber: Hashable, Sendable {
    public let marketplace: MarketplaceID
    /// The year on the marketplace's wall clock at the issue.
    public let year: Int
    public let kind: InvoiceKind
    /// 1, 2, 3, … within the series.
    public let ordinal: Int64

    public init(marketplace: MarketplaceID, year: Int, kind: InvoiceKind, ordinal: Int64) {
        self.marketplace = marketplace
        self.year = year
        self.kind = kind
        self.ordinal = ordinal
    }

    /// The year that a document issued at `now` belongs to.
    public static func year(at now: Instant, in zone: LocalZone) -> Int { zone.wall(now).date.year }

    /// `3-2026-000001` for an invoice, `3-2026-C000001` for a credit note; from a million on, longer.
    public var text: String {
        let digits = String(ordinal)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return "\(marketplace)-\(year)-\(kind == .creditNote ? "C" : "")\(zeros)\(digits)"
    }
}
