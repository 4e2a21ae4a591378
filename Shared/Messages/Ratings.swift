import Kernel
import Wire

/// What a consumer says of the advice that it got: the six questions of C5, each yes or no.
public struct AdviceAnswers: Record, Hashable {
    /// Told of the expert's status as an intermediary.
    public var intermediaryStatus = false
    /// Needs assessed for one's own situation.
    public var needsAssessed = false
    /// Solutions offered that fit.
    public var solutionsFit = false
    /// Products and information understandable.
    public var understandable = false
    /// Advice documented, and the documents handed over.
    public var documented = false
    public var wouldRecommend = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("intermediaryStatus", &intermediaryStatus)
        try visit.field("needsAssessed", &needsAssessed)
        try visit.field("solutionsFit", &solutionsFit)
        try visit.field("understandable", &understandable)
        try visit.field("documented", &documented)
        try visit.field("wouldRecommend", &wouldRecommend)
    }
}

/// How an expert was rated so far: how many consumers, and how many of them said yes to each question (C9).
public struct RatingSummary: Record, Hashable {
    public var ratings: UInt32 = 0
    public var intermediaryStatus: UInt32 = 0
    public var needsAssessed: UInt32 = 0
    public var solutionsFit: UInt32 = 0
    public var understandable: UInt32 = 0
    public var documented: UInt32 = 0
    public var wouldRecommend: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("ratings", &ratings)
        try visit.field("intermediaryStatus", &intermediaryStatus)
        try visit.field("needsAssessed", &needsAssessed)
        try visit.field("solutionsFit", &solutionsFit)
        try visit.field("understandable", &understandable)
        try visit.field("documented", &documented)
        try visit.field("wouldRecommend", &wouldRecommend)
    }

    /// Counts one more rating.
    public mutating func add(_ answers: AdviceAnswers) {
        ratings += 1
        intermediaryStatus += answers.intermediaryStatus ? 1 : 0
        needsAssessed += answers.needsAssessed ? 1 : 0
        solutionsFit += answers.solutionsFit ? 1 : 0
        understandable += answers.understandable ? 1 : 0
        documented += answers.documented ? 1 : 0
        wouldRecommend += answers.wouldRecommend ? 1 : 0
    }
}

/// Buyer or seller rates the other after the meeting took place (C5), once.
public struct RateMeeting: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0530
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    /// The seller answers all six questions; the buyer, whether it would recommend the seller.
    public var answers = AdviceAnswers()
    /// For the other side, and whoever may see its ratings. May be empty.
    public var comment = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("answers", &answers)
        try visit.field("comment", &comment, .personal(1_000))
    }
}

/// Asks for the ratings that the acting party may still give (C5).
public struct ListOpenRatings: Query {
    public typealias Answer = OpenRatingPage
    public static let code: UInt16 = 0x0531
    public static let audience = Audience.everyParty
    /// The last order of the page before.
    public var after = OrderID.none
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// A rating that may still be given.
public struct OpenRating: Record {
    public var order = OrderID.none
    public var listing = ListingID.none
    public var title = ""
    /// Who is rated.
    public var partner = PartyID.none
    /// Whether all six questions are asked: the acting party is the consumer.
    public var asksAll = false
    public var heldAt = Instant.none
    /// The last instant for it.
    public var until = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("partner", &partner)
        try visit.field("asksAll", &asksAll)
        try visit.field("heldAt", &heldAt)
        try visit.field("until", &until)
    }
}

/// Answers ``ListOpenRatings``, in order of the orders.
public struct OpenRatingPage: AnswerMessage {
    public static let code: UInt16 = 0x0570
    public var ratings: [OpenRating] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("ratings", &ratings, .limit(100))
        try visit.field("more", &more)
    }
}

/// Asks for the ratings of a party that are shown: one's own, or those of whom one has a contract with (C9);
/// operators ask for any.
public struct GetRatings: Query {
    public typealias Answer = RatingPage
    public static let code: UInt16 = 0x0532
    public static let audience = Audience.everyParty
    /// None: the acting party.
    public var party = PartyID.none
    public var after = OrderID.none
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One rating that is shown.
public struct RatingEntry: Record {
    public var order = OrderID.none
    /// Whether a consumer gave it, to all six questions.
    public var byConsumer = false
    public var answers = AdviceAnswers()
    public var comment = PersonalText()
    public var ratedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("byConsumer", &byConsumer)
        try visit.field("answers", &answers)
        try visit.field("comment", &comment, .personal(1_000))
        try visit.field("ratedAt", &ratedAt)
    }
}

/// Answers ``GetRatings``.
public struct RatingPage: AnswerMessage {
    public static let code: UInt16 = 0x0571
    public var party = PartyID.none
    /// What consumers said of it as an expert, in all.
    public var summary = RatingSummary()
    public var ratings: [RatingEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("summary", &summary)
        try visit.field("ratings", &ratings, .limit(100))
        try visit.field("more", &more)
    }
}

/// The meeting of an order took place: both sides may rate (C5).
public struct MeetingHeld: PeerMessage {
    public static let code: UInt16 = 0x05b1
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public var heldAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("heldAt", &heldAt)
    }
}

/// A consumer's rating of an expert is shown from now on, or no longer, since its sale was undone (C9, C7).
public struct RatingShown: PeerMessage {
    public static let code: UInt16 = 0x01b1
    public static let audience = Audience.services([.dispute])
    public var party = PartyID.none
    /// What consumers said of it, in all.
    public var summary = RatingSummary()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("summary", &summary)
    }
}

/// Timer: the time for ratings is over, and what was given is shown (C5).
public struct RatingsFallDue: InternalMessage {
    public static let code: UInt16 = 0x05e0
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

extension Catalogue {
    /// The dispute service's messages about ratings.
    static let ratings: [any Message.Type] = [
        RateMeeting.self, ListOpenRatings.self, GetRatings.self, OpenRatingPage.self, RatingPage.self,
        MeetingHeld.self, RatingsFallDue.self,
    ]
}
