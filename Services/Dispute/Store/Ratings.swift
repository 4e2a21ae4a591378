import DisputeRules
import Kernel
import Messages
import Storage

/// The right of both sides of an order to rate each other.
struct RatingRight {
    var order = OrderID.none
    var heldAt = Instant.none
    var until = Instant.none
}

/// What one side said of the other.
struct Rating {
    var order = OrderID.none
    var rater = PartyID.none
    var ratee = PartyID.none
    var byConsumer = false
    var answers = AdviceAnswers()
    var comment = PersonalText()
    var ratedAt = Instant.none
    var shownAt = Instant.none
}

enum Ratings {
    static func right(_ order: OrderID, _ store: Store) throws -> RatingRight? {
        try store.first("SELECT held_at, until FROM rating_right WHERE order_id = ?", order) { row in
            RatingRight(order: order, heldAt: row.instant(0), until: row.instant(1))
        }
    }

    static func insert(_ right: RatingRight, buyer: PartyID, seller: PartyID, _ store: Store) throws {
        try store.run(
            "INSERT INTO rating_right (order_id, buyer, seller, held_at, until) VALUES (?, ?, ?, ?, ?)",
            right.order, buyer, seller, right.heldAt, right.until)
    }

    static func has(_ rater: PartyID, rated order: OrderID, _ store: Store) throws -> Bool {
        try store.first("SELECT 1 FROM rating WHERE order_id = ? AND rater = ?", order, rater) { _ in true }
            ?? false
    }

    static func insert(_ rating: Rating, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO rating
            (order_id, rater, ratee, by_consumer, answers, comment_key, comment, rated_at, shown_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
            """, rating.order, rating.rater, rating.ratee, rating.byConsumer, rating.answers.bits,
            rating.comment.key, rating.comment.bytes, rating.ratedAt)
    }

    static func count(of order: OrderID, _ store: Store) throws -> Int64 {
        try store.first("SELECT count(*) FROM rating WHERE order_id = ?", order) { $0.int(0) } ?? 0
    }

    /// Shows an order's ratings that are not shown yet; gives them back in the order in which they were given.
    static func show(of order: OrderID, at now: Instant, _ store: Store) throws -> [Rating] {
        let hidden = try store.all(
            """
            SELECT order_id, rater, ratee, by_consumer, answers, comment_key, comment, rated_at FROM rating
            WHERE order_id = ? AND shown_at = 0 ORDER BY rated_at, rater
            """, order, read: read)
        try store.run("UPDATE rating SET shown_at = ? WHERE order_id = ? AND shown_at = 0", now, order)
        return hidden
    }

    /// Takes away an order's ratings, and the right to give any; gives back what was taken away.
    static func remove(of order: OrderID, _ store: Store) throws -> [Rating] {
        let removed = try store.all(
            """
            SELECT order_id, rater, ratee, by_consumer, answers, comment_key, comment, rated_at, shown_at FROM rating
            WHERE order_id = ? ORDER BY rated_at, rater
            """, order
        ) { row in
            var rating = try read(row)
            rating.shownAt = row.instant(8)
            return rating
        }
        try store.run("DELETE FROM rating WHERE order_id = ?", order)
        try store.run("DELETE FROM rating_right WHERE order_id = ?", order)
        return removed
    }

    /// The ratings of a party that are shown, in order of the orders.
    static func shown(of party: PartyID, after: OrderID, limit: Int, _ store: Store) throws -> [Rating] {
        try store.all(
            """
            SELECT order_id, rater, ratee, by_consumer, answers, comment_key, comment, rated_at FROM rating
            WHERE ratee = ? AND order_id > ? AND shown_at > 0 ORDER BY order_id LIMIT ?
            """, party, after, limit, read: read)
    }

    private static func read(_ row: Row) throws -> Rating {
        Rating(
            order: row.id(0), rater: row.id(1), ratee: row.id(2), byConsumer: row.bool(3),
            answers: AdviceAnswers(bits: UInt8(row.int(4))), comment: row.personal(5, 6),
            ratedAt: row.instant(7))
    }

    /// What consumers said of a party, as far as it is shown.
    static func summary(of party: PartyID, _ store: Store) throws -> RatingSummary {
        try store.first(
            """
            SELECT count(*), coalesce(sum(answers & 1 > 0), 0), coalesce(sum(answers & 2 > 0), 0),
                coalesce(sum(answers & 4 > 0), 0), coalesce(sum(answers & 8 > 0), 0),
                coalesce(sum(answers & 16 > 0), 0), coalesce(sum(answers & 32 > 0), 0)
            FROM rating WHERE ratee = ? AND by_consumer = 1 AND shown_at > 0
            """, party
        ) { row in
            var summary = RatingSummary()
            summary.ratings = UInt32(row.int(0))
            summary.intermediaryStatus = UInt32(row.int(1))
            summary.needsAssessed = UInt32(row.int(2))
            summary.solutionsFit = UInt32(row.int(3))
            summary.understandable = UInt32(row.int(4))
            summary.documented = UInt32(row.int(5))
            summary.wouldRecommend = UInt32(row.int(6))
            return summary
        } ?? RatingSummary()
    }

    /// The ratings that a party may still give, in order of the orders.
    static func open(
        for party: PartyID, after: OrderID, now: Instant, limit: Int, _ store: Store
    ) throws -> [RatingRight] {
        try store.all(
            """
            SELECT r.order_id, r.held_at, r.until FROM rating_right r
            WHERE (r.buyer = ?1 OR r.seller = ?1) AND r.order_id > ?2 AND r.until >= ?3
                AND NOT EXISTS (SELECT 1 FROM rating g WHERE g.order_id = r.order_id AND g.rater = ?1)
            ORDER BY r.order_id LIMIT ?4
            """, party, after, now, limit
        ) { row in
            RatingRight(order: row.id(0), heldAt: row.instant(1), until: row.instant(2))
        }
    }

    /// Whether the two have a contract with each other, as far as this service knows of it.
    static func areTogether(_ one: PartyID, _ other: PartyID, _ store: Store) throws -> Bool {
        try store.first(
            """
            SELECT 1 FROM dispute_order
            WHERE buyer = ?1 AND seller = ?2 OR buyer = ?2 AND seller = ?1 LIMIT 1
            """, one, other
        ) { _ in true } ?? false
    }
}
