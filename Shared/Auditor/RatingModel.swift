import Kernel
import Messages
import Storage

/// Ratings as C5 and C9 have them: told by the journal of the dispute service alone.
struct RatingModel {
    struct Right {
        var buyer: UInt64
        var seller: UInt64
        var heldAt: Instant
        var until: Instant
    }

    struct Name: Hashable, Comparable {
        var order: UInt64
        var rater: UInt64
        static func < (left: Name, right: Name) -> Bool {
            (left.order, left.rater) < (right.order, right.rater)
        }
    }

    struct Rating {
        var ratee: UInt64
        var byConsumer: Bool
        var answers: AdviceAnswers
        var shownAt = Instant.none
    }

    private(set) var rights: [UInt64: Right] = [:]
    private(set) var ratings: [Name: Rating] = [:]
    private var touched: Set<Name> = []
    /// Orders that were undone: nobody rates any more (C7).
    private(set) var cancelled: Set<UInt64> = []
    /// What consumers said of each expert, as far as it is shown.
    private(set) var sums: [UInt64: RatingSummary] = [:]
    /// What parties must have been told.
    private(set) var told: [AuctionModel.MeetingTold] = []

    private mutating func tell(_ event: NotificationEvent, _ party: UInt64, _ order: UInt64) {
        told.append(AuctionModel.MeetingTold(event: event, party: party, order: order, subject: 0))
    }

    /// The meeting took place; gives when the time for ratings is over, where it begins now.
    mutating func held(
        _ message: MeetingHeld, buyer: UInt64, seller: UInt64, _ policy: Policy, _ row: JournalRow
    ) -> Instant? {
        let order = message.order.raw
        guard rights[order] == nil, !cancelled.contains(order) else { return nil }
        let until = row.at + policy.meeting.ratingWindow
        rights[order] = Right(buyer: buyer, seller: seller, heldAt: message.heldAt, until: until)
        for party in [buyer, seller] { tell(.ratingDue, party, order) }
        return until + Duration64(microseconds: 1)
    }

    /// Whether the rule lets this rating be given; it counts in any case.
    mutating func rate(_ command: RateMeeting, _ row: JournalRow) -> Bool {
        let name = Name(order: command.order.raw, rater: row.party)
        guard let right = rights[name.order], [right.buyer, right.seller].contains(row.party),
            ratings[name] == nil, row.at <= right.until
        else { return false }
        let byConsumer = row.party == right.seller
        var answers = command.answers
        if !byConsumer {
            answers = AdviceAnswers()
            answers.wouldRecommend = command.answers.wouldRecommend
        }
        ratings[name] = Rating(
            ratee: byConsumer ? right.buyer : right.seller, byConsumer: byConsumer, answers: answers)
        touched.insert(name)
        let other = Name(order: name.order, rater: byConsumer ? right.buyer : right.seller)
        if ratings[other] != nil { show(name.order, row) }
        return true
    }

    /// Both are in, or the time is over.
    mutating func show(_ order: UInt64, _ row: JournalRow) {
        guard let right = rights[order] else { return }
        for rater in [right.buyer, right.seller] {
            let name = Name(order: order, rater: rater)
            guard let rating = ratings[name], rating.shownAt == .none else { continue }
            ratings[name]?.shownAt = row.at
            touched.insert(name)
            if rating.byConsumer { sums[rating.ratee, default: RatingSummary()].add(rating.answers) }
            tell(.ratingShown, rating.ratee, order)
        }
    }

    /// The sale was undone: its ratings go, and the expert's sums are without them (C7).
    mutating func cancel(_ order: UInt64) {
        cancelled.insert(order)
        guard let right = rights.removeValue(forKey: order) else { return }
        for rater in [right.buyer, right.seller] {
            let name = Name(order: order, rater: rater)
            ratings[name] = nil
            touched.insert(name)
        }
        var sum = RatingSummary()
        for rating in ratings.values
        where rating.ratee == right.buyer && rating.byConsumer && rating.shownAt != .none {
            sum.add(rating.answers)
        }
        sums[right.buyer] = sum
    }

    mutating func compare(_ store: Store, all: Bool, _ findings: Findings) throws {
        for name in all ? ratings.keys.sorted() : touched.sorted() {
            guard let rating = ratings[name] else {
                let left = try store.first(
                    "SELECT 1 FROM rating WHERE order_id = ? AND rater = ?", name.order, name.rater
                ) { _ in true }
                if left != nil {
                    findings.report(
                        .ratingByRule, "order \(name.order): expected its rating removed (C7), found it",
                        ["order \(name.order)", "party \(name.rater)"])
                }
                continue
            }
            let found = try store.first(
                """
                SELECT ratee, by_consumer, answers, shown_at FROM rating WHERE order_id = ? AND rater = ?
                """, name.order, name.rater
            ) { row in (0...3).map { row.int(Int32($0)) } }
            let answers = rating.answers
            let all = [
                answers.intermediaryStatus, answers.needsAssessed, answers.solutionsFit,
                answers.understandable, answers.documented, answers.wouldRecommend,
            ]
            let bits = all.enumerated().map { $0.element ? Int64(1) << $0.offset : 0 }.reduce(0, +)
            findings.expect(
                .ratingByRule, "order \(name.order): who is rated, by a consumer, answers, shown at",
                expected: [
                    Int64(bitPattern: rating.ratee), rating.byConsumer ? 1 : 0, bits,
                    rating.shownAt.microseconds,
                ], found: found ?? [], ["order \(name.order)", "party \(name.rater)"])
        }
        touched = []
        guard all else { return }
        let found = try store.first(
            "SELECT (SELECT count(*) FROM rating_right), (SELECT count(*) FROM rating)"
        ) { row in [Int(row.int(0)), Int(row.int(1))] }
        findings.expect(
            .ratingByRule, "all orders to be rated, all ratings", expected: [rights.count, ratings.count],
            found: found ?? [])
    }
}
