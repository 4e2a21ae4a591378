import Kernel
import Messages
import Storage

/// A review of a listing or a seller (A16).
struct Review {
    var id: ReviewID
    var cause: ReviewCause
    var marketplace: MarketplaceID
    var listing = ListingID.none
    var seller: PartyID
    var reporter = PartyID.none
    var reason = PersonalText()
    var openedAt: Instant
    var closedAt = Instant.none
    var finding: ReviewFinding?
}

extension Store {
    func insert(_ review: Review) throws {
        try run(
            """
            INSERT INTO review (id, cause, marketplace, listing, seller, reporter, reason_key, reason, opened_at,
                closed_at, finding)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
            """, review.id.raw, review.cause.rawValue, review.marketplace, review.listing, review.seller,
            review.reporter, review.reason.key, review.reason.bytes, review.openedAt)
    }

    func close(_ review: ReviewID, finding: ReviewFinding, at: Instant) throws {
        try run(
            "UPDATE review SET closed_at = ?, finding = ? WHERE id = ?", at, finding.rawValue, review.raw)
    }

    func review(_ id: ReviewID) throws -> Review? {
        try first(
            """
            SELECT id, cause, marketplace, listing, seller, reporter, reason_key, reason, opened_at, closed_at,
                finding
            FROM review WHERE id = ?
            """, id.raw, read: Self.readReview)
    }

    func openReport(on listing: ListingID, by reporter: PartyID) throws -> Bool {
        try first(
            "SELECT 1 FROM review WHERE listing = ? AND reporter = ? AND cause = 2 AND closed_at = 0",
            listing,
            reporter
        ) { _ in true } ?? false
    }

    /// The keys of what a party wrote in reports.
    func reportKeys(of reporter: PartyID) throws -> [UInt64] {
        try all(
            "SELECT reason_key FROM review WHERE reporter = ? AND reporter > 0 ORDER BY id", reporter
        ) { row in UInt64(bitPattern: row.int(0)) }
    }

    func reviews(closed: Bool, after: ReviewID, limit: Int) throws -> [Review] {
        try all(
            """
            SELECT id, cause, marketplace, listing, seller, reporter, reason_key, reason, opened_at, closed_at,
                finding
            FROM review WHERE id > ? AND (closed_at = 0 OR ?) ORDER BY id LIMIT ?
            """, after.raw, closed, limit, read: Self.readReview)
    }

    private static func readReview(_ row: Row) throws -> Review {
        Review(
            id: row.id(0), cause: try row.enumeration(1), marketplace: row.marketplace(2), listing: row.id(3),
            seller: row.id(4), reporter: row.id(5), reason: row.personal(6, 7), openedAt: row.instant(8),
            closedAt: row.instant(9), finding: ReviewFinding(rawValue: UInt8(row.int(10))))
    }
}
