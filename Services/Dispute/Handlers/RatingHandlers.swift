import DisputeRules
import Kernel
import Messages
import Runtime
import Storage

/// The meeting took place: both sides may rate from now on, and are told so (C5).
enum MeetingHeldHandler {
    static func handle(_ message: MeetingHeld, _ turn: Turn) throws {
        guard let order = try Orders.find(message.order, turn.store),
            !order.isCancelled, try Ratings.right(order.order, turn.store) == nil
        else { return }
        let until = RatingRules.until(openedAt: turn.now, by: try Policies.of(order, turn.store))
        try Ratings.insert(
            RatingRight(order: order.order, heldAt: message.heldAt, until: until), buyer: order.buyer,
            seller: order.seller, turn.store)
        var timer = RatingsFallDue()
        timer.order = order.order
        try turn.schedule(timer, subject: order.order.raw, at: CaseRules.lapse(of: until))
        for party in [order.buyer, order.seller] {
            Telling.tell(.ratingDue, to: party, of: order, [NotificationValue(.deadline, until)], turn)
        }
    }
}

/// One side rates the other, once; both are shown as soon as both are in (C5).
enum RateMeetingHandler {
    static func handle(_ command: RateMeeting, _ turn: Turn) throws -> Outcome<Done> {
        let party = turn.acting.party
        guard let order = try Orders.find(command.order, turn.store),
            party == order.buyer || party == order.seller
        else { return .refused(.notFound) }
        guard !order.isCancelled else {
            return .refused(.saleCancelled, expected: "a sale that stands", found: "one that was undone")
        }
        guard let right = try Ratings.right(order.order, turn.store) else {
            return .refused(.wrongState, expected: "a meeting that took place", found: "none")
        }
        let refusal = RatingRules.refusal(
            until: right.until, hasRated: try Ratings.has(party, rated: order.order, turn.store),
            now: turn.now)
        if let refusal { return .refused(refusal) }
        let byConsumer = party == order.seller
        try Ratings.insert(
            Rating(
                order: order.order, rater: party, ratee: order.other(than: party), byConsumer: byConsumer,
                answers: RatingRules.kept(command.answers, byConsumer: byConsumer), comment: command.comment,
                ratedAt: turn.now), turn.store)
        let needed: Int64 = Planted.isOn(.ratingShownAlone) ? 1 : 2
        if try Ratings.count(of: order.order, turn.store) >= needed { try RatingDisplay.show(order, turn) }
        return .answer(Done())
    }
}

/// The time is over: what was given is shown (C5).
enum RatingsFallDueHandler {
    static func handle(_ timer: RatingsFallDue, _ turn: Turn) throws {
        guard let order = try Orders.find(timer.order, turn.store) else { return }
        try RatingDisplay.show(order, turn)
    }
}

enum RatingDisplay {
    /// Shows what is not shown yet: each side is told of what the other said, and the auction of an expert's sums (C9).
    static func show(_ order: DisputeOrder, _ turn: Turn) throws {
        for rating in try Ratings.show(of: order.order, at: turn.now, turn.store) {
            Telling.tell(.ratingShown, to: rating.ratee, of: order, [], turn)
            if rating.byConsumer { try tellSums(of: rating.ratee, turn) }
        }
    }

    static func tellSums(of expert: PartyID, _ turn: Turn) throws {
        var shown = RatingShown()
        shown.party = expert
        shown.summary = try Ratings.summary(of: expert, turn.store)
        turn.send(shown, to: .auction)
    }
}

enum ListOpenRatingsHandler {
    static func handle(_ query: ListOpenRatings, _ reading: Reading) throws -> Outcome<OpenRatingPage> {
        let party = reading.acting.party
        let size = max(1, min(100, Int(query.limit)))
        let rights = try Ratings.open(
            for: party, after: query.after, now: reading.now, limit: size + 1, reading.store)
        var page = OpenRatingPage()
        page.more = rights.count > size
        for right in rights.prefix(size) {
            guard let order = try Orders.find(right.order, reading.store) else { continue }
            var open = OpenRating()
            open.order = right.order
            open.listing = order.listing
            open.title = order.title
            open.partner = order.other(than: party)
            open.asksAll = party == order.seller
            open.heldAt = right.heldAt
            open.until = right.until
            page.ratings.append(open)
        }
        return .answer(page)
    }
}

enum GetRatingsHandler {
    static func handle(_ query: GetRatings, _ reading: Reading) throws -> Outcome<RatingPage> {
        let acting = reading.acting
        let party = query.party.isNone ? acting.party : query.party
        // Whom one has no contract with cannot be told from nobody (F9).
        guard
            try party == acting.party || acting.isOperator
                || Ratings.areTogether(party, acting.party, reading.store)
        else { return .refused(.notFound) }
        let size = max(1, min(100, Int(query.limit)))
        let ratings = try Ratings.shown(of: party, after: query.after, limit: size + 1, reading.store)
        var page = RatingPage()
        page.party = party
        page.summary = try Ratings.summary(of: party, reading.store)
        page.more = ratings.count > size
        page.ratings = ratings.prefix(size).map { rating in
            var entry = RatingEntry()
            entry.order = rating.order
            entry.byConsumer = rating.byConsumer
            entry.answers = rating.answers
            entry.comment = rating.comment
            entry.ratedAt = rating.ratedAt
            return entry
        }
        return .answer(page)
    }
}
