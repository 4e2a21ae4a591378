import Kernel
import Wire

/// What the prospect wants done; chooses the questions of the guided set-up.
public enum ProjectType: UInt8, WireEnum {
    case website = 1
    case software = 2
    case marketing = 3
    case design = 4
    case photoAndVideo = 5
    case photovoltaics = 6
    case heating = 7
    case roofAndFacade = 8
    case windowsAndDoors = 9
    case bathroom = 10
    case kitchen = 11
    case interior = 12
    case garden = 13
    case moving = 14
    case consulting = 15
    case other = 16
}

/// Where a budget comes from (A2).
public enum BudgetBasis: UInt8, WireEnum {
    /// The prospect named it.
    case stated = 1
    /// The seller estimates it.
    case estimated = 2
}

/// How far the seller has spoken with the prospect (A1).
public enum Temperature: UInt8, WireEnum {
    case cold = 1
    case warm = 2
    case prequalified = 3
}

/// Why the lead may be passed on (A4).
public enum BasisKind: UInt8, WireEnum {
    /// The prospect's own inquiry to this seller, and a legitimate interest.
    case legitimateInterest = 1
    /// The prospect agreed, in words and at a time that are known.
    case consent = 2
}

/// What a suggested range is for (A2).
public enum RangeSubject: UInt8, WireEnum {
    case budget = 1
    case startPrice = 2
}

/// Where a suggested range comes from (A2).
public enum RangeSource: UInt8, WireEnum {
    /// The operator's table.
    case table = 1
    /// Comparable closed auctions: first to third quartile.
    case comparables = 2
}

/// How far a listing has come.
public enum ListingStage: UInt8, WireEnum {
    /// The vault is asked for the contact; not on offer yet.
    case claiming = 1
    case open = 2
    /// The time is over, bids that arrived before it wait for their holds.
    case closing = 3
    /// It found its buyer, who has not paid yet.
    case awarded = 4
    case sold = 5
    /// It ended without a buyer.
    case expired = 6
    /// The seller took it back (A7).
    case deleted = 7
    /// An operator stopped it (A16).
    case suspended = 8
    /// The prospect objected (F10).
    case objected = 9
}

/// How far a bid has come.
public enum BidStage: UInt8, WireEnum {
    /// It arrived, and waits for its hold or for the bids before it.
    case waiting = 1
    case leading = 2
    case outbid = 3
    case withdrawn = 4
    /// It no longer counts: the listing or the bidder was stopped.
    case void = 5
}

/// How far an order has come.
public enum OrderStage: UInt8, WireEnum {
    /// The buyer has to pay until a deadline (A19).
    case awaitingPayment = 1
    /// The wallet is asked for the money.
    case collecting = 2
    /// Paid; the vault is asked for the contact.
    case revealing = 3
    /// The buyer has the contact; the hold period runs.
    case revealed = 4
    /// A case stops the payout.
    case frozen = 5
    /// The wallet is asked to give the money back.
    case refunding = 6
    /// The wallet is asked to pay the seller.
    case payingOut = 7
    case paidOut = 8
    /// The payout failed for good; the share is in the seller's balance.
    case payoutDeclined = 9
    case refunded = 10
    /// Not paid in time (A19).
    case lapsed = 11
    /// Offered to the runner-up (A19).
    case offered = 12
    /// The runner-up left the offer or its deadline.
    case declined = 13
    /// Ended before payment by an objection or a suspension.
    case cancelled = 14
}

/// The sections of a party's trades.
public enum TradeSection: UInt8, WireEnum {
    case won = 1
    case sold = 2
    case running = 3
    case expired = 4
}

/// Why a review was opened (A16).
public enum ReviewCause: UInt8, WireEnum {
    case interval = 1
    case report = 2
}

/// What a review found (A16).
public enum ReviewFinding: UInt8, WireEnum {
    case inOrder = 1
    case suspendListing = 2
    case suspendSeller = 3
}

/// A review of a listing or a seller (A16).
public struct ReviewID: Identifier {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// One question of the guided set-up (A2).
public struct SetupQuestion: Record {
    /// What an answer names.
    public var key = ""
    public var text = ""
    public var required = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("key", &key, .limit(48))
        try visit.field("text", &text, .limit(300))
        try visit.field("required", &required)
    }
}

/// A range that helps to find a budget or a start price (A2).
public struct SuggestedRange: Record {
    public var subject = RangeSubject.budget
    public var source = RangeSource.table
    public var low = Money.zero
    public var high = Money.zero
    /// The middle one of the comparable auctions; absent in a table.
    public var median: Money?
    /// How many closed auctions stand behind the range; 0 for a table.
    public var comparables: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("subject", &subject)
        try visit.field("source", &source)
        try visit.field("low", &low)
        try visit.field("high", &high)
        try visit.field("median", &median)
        try visit.field("comparables", &comparables)
    }
}

/// A seller's answer to a question of the guided set-up.
public struct SetupAnswer: Record, Hashable {
    public var question = ""
    public var answer = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("question", &question, .limit(48))
        try visit.field("answer", &answer, .limit(1000))
    }
}

/// The basis on which the lead may be passed on (A4).
public struct LegalBasis: Record, Hashable {
    public var kind = BasisKind.legitimateInterest
    /// For consent: the words that the prospect agreed to.
    public var text = ""
    /// For consent: when it was given.
    public var at = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("kind", &kind)
        try visit.field("text", &text, .limit(2000))
        try visit.field("at", &at)
    }
}

/// Asks what a listing of this project type needs, and what others asked and got (A2, A4).
public struct GuideSetup: Query {
    public typealias Answer = SetupGuide
    public static let code: UInt16 = 0x0100
    public static let audience = Audience.everyParty
    public var projectType = ProjectType.other
    /// The language of the texts; absent: the party's own.
    public var language: Language?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("projectType", &projectType)
        try visit.field("language", &language)
    }
}

/// Answers ``GuideSetup``.
public struct SetupGuide: AnswerMessage {
    public static let code: UInt16 = 0x0140
    public var projectType = ProjectType.other
    public var questions: [SetupQuestion] = []
    public var ranges: [SuggestedRange] = []
    public var durations: [Duration64] = []
    /// How old the inquiry may be (A1).
    public var inquiryAge = Duration64.zero
    /// A clause for the seller's terms or privacy notice (A4).
    public var clause = ""
    /// What an award binds the seller to (C8); empty where it does not.
    public var contractNotice = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("projectType", &projectType)
        try visit.field("questions", &questions, .limit(32))
        try visit.field("ranges", &ranges, .limit(8))
        try visit.field("durations", &durations, .limit(8))
        try visit.field("inquiryAge", &inquiryAge)
        try visit.field("clause", &clause, .limit(2000))
        try visit.field("contractNotice", &contractNotice, .limit(2000))
    }
}

/// An operator sets the table of ranges for a project type (A2).
public struct SetPriceRanges: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0101
    public static let audience = Audience.operators
    public var marketplace = MarketplaceID.none
    public var projectType = ProjectType.other
    public var budgetLow = Money.zero
    public var budgetHigh = Money.zero
    public var startLow = Money.zero
    public var startHigh = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("projectType", &projectType)
        try visit.field("budgetLow", &budgetLow)
        try visit.field("budgetHigh", &budgetHigh)
        try visit.field("startLow", &startLow)
        try visit.field("startHigh", &startHigh)
    }
}

/// A seller puts a lead on offer (A1-A6). Answered when the vault holds the contact for the listing.
public struct PublishListing: Command {
    public typealias Answer = ListingPublished
    public static let code: UInt16 = 0x0102
    public static let audience = Audience.parties(.seller)
    /// The sealed contact, stored in the vault before.
    public var contact = ContactID.none
    public var projectType = ProjectType.other
    public var title = ""
    public var description = ""
    public var answers: [SetupAnswer] = []
    public var budget = Money.zero
    public var budgetBasis = BudgetBasis.stated
    public var timeFrame = ""
    public var region = ""
    public var temperature = Temperature.cold
    /// When the prospect asked (A1).
    public var inquiredAt = Instant.none
    /// Not read where leads are applied for: the policy's application fee takes its place (B1).
    public var startPrice = Money.zero
    public var duration = Duration64.zero
    public var basis = LegalBasis()
    /// Whether the seller knows of a refusal by the prospect; then it cannot be listed (A4).
    public var refusalKnown = false
    /// Whether the seller accepts what the set-up's `contractNotice` says; needed where there is one (C8).
    public var acceptsContract = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("contact", &contact)
        try visit.field("projectType", &projectType)
        try visit.field("title", &title, .limit(120))
        try visit.field("description", &description, .limit(4000))
        try visit.field("answers", &answers, .limit(32))
        try visit.field("budget", &budget)
        try visit.field("budgetBasis", &budgetBasis)
        try visit.field("timeFrame", &timeFrame, .limit(120))
        try visit.field("region", &region, .limit(64))
        try visit.field("temperature", &temperature)
        try visit.field("inquiredAt", &inquiredAt)
        try visit.field("startPrice", &startPrice)
        try visit.field("duration", &duration)
        try visit.field("basis", &basis)
        try visit.field("refusalKnown", &refusalKnown)
        try visit.field("acceptsContract", &acceptsContract)
    }
}

/// A listing is open for bids. Answers ``PublishListing`` and ``RelistListing``.
public struct ListingPublished: AnswerMessage {
    public static let code: UInt16 = 0x0141
    public var listing = ListingID.none
    public var endsAt = Instant.none
    public var startPrice = Money.zero
    /// 1, or 2 for the second round (A8) and for each later one (C6).
    public var round: UInt8 = 1
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("endsAt", &endsAt)
        try visit.field("startPrice", &startPrice)
        try visit.field("round", &round)
    }
}

/// A buyer offers a price for a listing (A9). Answered when the wallet holds what winning costs.
public struct PlaceBid: Command {
    public typealias Answer = BidPlaced
    public static let code: UInt16 = 0x0103
    public static let audience = Audience.parties(.buyer)
    public var listing = ListingID.none
    /// The bid; with proxy bidding, the maximum up to which the house bids.
    public var amount = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("amount", &amount)
    }
}

/// The bid counts, and this is where the listing stands now.
public struct BidPlaced: AnswerMessage {
    public static let code: UInt16 = 0x0145
    public var bid = BidID.none
    public var listing = ListingID.none
    public var price = Money.zero
    /// Whether this bid is the highest; if not, it was outbid at once by an earlier maximum.
    public var leading = false
    public var endsAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("bid", &bid)
        try visit.field("listing", &listing)
        try visit.field("price", &price)
        try visit.field("leading", &leading)
        try visit.field("endsAt", &endsAt)
    }
}

/// A bidder who was outbid takes the bid back (A10): it cannot become the runner-up's.
public struct WithdrawBid: Command {
    public typealias Answer = BidWithdrawn
    public static let code: UInt16 = 0x0104
    public static let audience = Audience.parties(.buyer)
    public var bid = BidID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("bid", &bid)
    }
}

/// Answers ``WithdrawBid``; the price stays.
public struct BidWithdrawn: AnswerMessage {
    public static let code: UInt16 = 0x0146
    public var bid = BidID.none
    public var listing = ListingID.none
    public var price = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("bid", &bid)
        try visit.field("listing", &listing)
        try visit.field("price", &price)
    }
}

/// The seller takes a listing back for good, before the award (A7).
public struct DeleteListing: Command {
    public typealias Answer = ListingDeleted
    public static let code: UInt16 = 0x0105
    public static let audience = Audience.parties(.seller)
    public var listing = ListingID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
    }
}

/// Answers ``DeleteListing``.
public struct ListingDeleted: AnswerMessage {
    public static let code: UInt16 = 0x0147
    public var listing = ListingID.none
    /// How many bidders are told.
    public var bidders: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("bidders", &bidders)
    }
}

/// The seller lists once more what ended without a bid (A8); appointments as often as it likes, edited or not (C6).
public struct RelistListing: Command {
    public typealias Answer = ListingPublished
    public static let code: UInt16 = 0x0106
    public static let audience = Audience.parties(.seller)
    public var listing = ListingID.none
    /// Absent: as before.
    public var startPrice: Money?
    /// Only for appointments (C6), as is what follows; absent: as before.
    public var duration: Duration64?
    /// Absent: unchanged.
    public var revision: ListingRevision?
    /// As in ``PublishListing`` (C8).
    public var acceptsContract = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("startPrice", &startPrice)
        try visit.field("duration", &duration)
        try visit.field("revision", &revision)
        try visit.field("acceptsContract", &acceptsContract)
    }
}

/// The winner pays (A19). Answered when the wallet took the money.
public struct PayOrder: Command {
    public typealias Answer = OrderPaid
    public static let code: UInt16 = 0x0107
    public static let audience = Audience.parties(.buyer)
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Answers ``PayOrder``: the invoice is written, the contact follows.
public struct OrderPaid: AnswerMessage {
    public static let code: UInt16 = 0x0148
    public var order = OrderID.none
    public var invoice = InvoiceID.none
    public var invoiceNumber = ""
    public var total = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("invoice", &invoice)
        try visit.field("invoiceNumber", &invoiceNumber)
        try visit.field("total", &total)
    }
}

/// The runner-up takes the offer, which pays it at once, or leaves it (A19).
public struct AnswerOffer: Command {
    public typealias Answer = OfferAnswered
    public static let code: UInt16 = 0x0108
    public static let audience = Audience.parties(.buyer)
    public var order = OrderID.none
    public var accept = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("accept", &accept)
    }
}

/// Answers ``AnswerOffer``.
public struct OfferAnswered: AnswerMessage {
    public static let code: UInt16 = 0x0149
    public var order = OrderID.none
    public var stage = OrderStage.declined
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("stage", &stage)
    }
}

/// The seller has introduced buyer and prospect (A12).
public struct ConfirmHandover: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0109
    public static let audience = Audience.parties(.seller)
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// A party finds something wrong with a listing (A16).
public struct ReportListing: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x010a
    public static let audience = Audience.everyParty
    public var listing = ListingID.none
    public var reason = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("reason", &reason, .personal(2000))
    }
}

/// An operator stops a listing: holds are freed, those concerned are told (A16).
public struct SuspendListing: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x010b
    public static let audience = Audience.operators
    public var listing = ListingID.none
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// An operator opens a suspended listing again, without bids, for the time that was left.
public struct ReinstateListing: Command {
    public typealias Answer = ListingPublished
    public static let code: UInt16 = 0x010c
    public static let audience = Audience.operators
    public var listing = ListingID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
    }
}

/// An operator closes a review with a finding (A16).
public struct ReviewListing: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x010d
    public static let audience = Audience.operators
    public var review = ReviewID.none
    public var finding = ReviewFinding.inOrder
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("review", &review)
        try visit.field("finding", &finding)
        try visit.field("reason", &reason, .limit(200))
    }
}

/// Asks for the listings on offer, newest first.
public struct SearchListings: Query {
    public typealias Answer = ListingPage
    public static let code: UInt16 = 0x0110
    public static let audience = Audience.everyParty
    public var projectType: ProjectType?
    public var region = ""
    public var budgetFrom: Money?
    public var budgetTo: Money?
    public var endsBefore: Instant?
    /// Words that title or description contain, all of them.
    public var text = ""
    /// The last listing of the page before.
    public var after = ListingID.none
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("projectType", &projectType)
        try visit.field("region", &region, .limit(64))
        try visit.field("budgetFrom", &budgetFrom)
        try visit.field("budgetTo", &budgetTo)
        try visit.field("endsBefore", &endsBefore)
        try visit.field("text", &text, .limit(200))
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One listing in a list.
public struct ListingEntry: Record {
    public var listing = ListingID.none
    public var projectType = ProjectType.other
    public var title = ""
    public var region = ""
    public var budget = Money.zero
    public var temperature = Temperature.cold
    public var price = Money.zero
    public var bids: UInt32 = 0
    public var endsAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("projectType", &projectType)
        try visit.field("title", &title, .limit(120))
        try visit.field("region", &region, .limit(64))
        try visit.field("budget", &budget)
        try visit.field("temperature", &temperature)
        try visit.field("price", &price)
        try visit.field("bids", &bids)
        try visit.field("endsAt", &endsAt)
    }
}

/// Answers ``SearchListings``.
public struct ListingPage: AnswerMessage {
    public static let code: UInt16 = 0x0142
    public var listings: [ListingEntry] = []
    /// Whether there are more after the last one.
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listings", &listings, .limit(100))
        try visit.field("more", &more)
    }
}

/// Asks for everything about a listing but the contact (A5).
public struct GetListing: Query {
    public typealias Answer = ListingDetail
    public static let code: UInt16 = 0x0111
    public static let audience = Audience.everyParty
    public var listing = ListingID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
    }
}

/// Answers ``GetListing``.
public struct ListingDetail: AnswerMessage {
    public static let code: UInt16 = 0x0143
    public var listing = ListingID.none
    public var stage = ListingStage.open
    public var round: UInt8 = 1
    public var projectType = ProjectType.other
    public var title = ""
    public var description = ""
    public var answers: [SetupAnswer] = []
    public var budget = Money.zero
    public var budgetBasis = BudgetBasis.stated
    public var timeFrame = ""
    public var region = ""
    public var temperature = Temperature.cold
    public var inquiredAt = Instant.none
    public var basis = BasisKind.legitimateInterest
    public var startPrice = Money.zero
    /// The current price; the start price while there is no bid.
    public var price = Money.zero
    /// The least that a new bidder may offer now.
    public var minimumBid = Money.zero
    /// What winning at the least bid costs, with fee and VAT.
    public var costOfMinimum = Money.zero
    public var bidding = BiddingMode.open
    public var payment = PaymentMode.holdOnBid
    public var bids: UInt32 = 0
    public var publishedAt = Instant.none
    public var endsAt = Instant.none
    /// Whether the asking party is the seller.
    public var own = false
    /// Whether the asking party's bid is the highest.
    public var leading = false
    /// The asking party's own highest bid.
    public var ownBid: Money?
    /// For its seller, once it ended without a bid: the start price to list it again with (C6).
    public var suggestedPrice: Money?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("stage", &stage)
        try visit.field("round", &round)
        try visit.field("projectType", &projectType)
        try visit.field("title", &title, .limit(120))
        try visit.field("description", &description, .limit(4000))
        try visit.field("answers", &answers, .limit(32))
        try visit.field("budget", &budget)
        try visit.field("budgetBasis", &budgetBasis)
        try visit.field("timeFrame", &timeFrame, .limit(120))
        try visit.field("region", &region, .limit(64))
        try visit.field("temperature", &temperature)
        try visit.field("inquiredAt", &inquiredAt)
        try visit.field("basis", &basis)
        try visit.field("startPrice", &startPrice)
        try visit.field("price", &price)
        try visit.field("minimumBid", &minimumBid)
        try visit.field("costOfMinimum", &costOfMinimum)
        try visit.field("bidding", &bidding)
        try visit.field("payment", &payment)
        try visit.field("bids", &bids)
        try visit.field("publishedAt", &publishedAt)
        try visit.field("endsAt", &endsAt)
        try visit.field("own", &own)
        try visit.field("leading", &leading)
        try visit.field("ownBid", &ownBid)
        try visit.field("suggestedPrice", &suggestedPrice)
    }
}

/// Asks for a listing's bids in order of arrival.
public struct BidHistory: Query {
    public typealias Answer = BidHistoryPage
    public static let code: UInt16 = 0x0112
    public static let audience = Audience.everyParty
    public var listing = ListingID.none
    public var after = BidID.none
    public var limit: UInt8 = 50
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One bid, its bidder known by a number within the listing alone.
public struct BidEntry: Record {
    public var bid = BidID.none
    /// 1 for the first bidder on this listing, 2 for the second.
    public var bidder: UInt32 = 0
    /// The bid; of the leader with proxy bidding, no more than the current price.
    public var amount = Money.zero
    public var stage = BidStage.leading
    public var placedAt = Instant.none
    /// Whether it is the asking party's.
    public var own = false
    /// How the bidder was rated so far, for the seller of an appointment; absent for everybody else (C9).
    public var rating: RatingSummary?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("bid", &bid)
        try visit.field("bidder", &bidder)
        try visit.field("amount", &amount)
        try visit.field("stage", &stage)
        try visit.field("placedAt", &placedAt)
        try visit.field("own", &own)
        try visit.field("rating", &rating)
    }
}

/// Answers ``BidHistory``.
public struct BidHistoryPage: AnswerMessage {
    public static let code: UInt16 = 0x0144
    public var bids: [BidEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("bids", &bids, .limit(100))
        try visit.field("more", &more)
    }
}

/// Asks for an order that the party has a part in.
public struct GetOrder: Query {
    public typealias Answer = OrderView
    public static let code: UInt16 = 0x0113
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Answers ``GetOrder``.
public struct OrderView: AnswerMessage {
    public static let code: UInt16 = 0x014a
    public var order = OrderID.none
    public var listing = ListingID.none
    public var title = ""
    public var stage = OrderStage.collecting
    public var buyer = PartyID.none
    public var seller = PartyID.none
    public var price = Money.zero
    /// Price, buyer's fee and VAT.
    public var total = Money.zero
    public var awardedAt = Instant.none
    /// Until when the buyer has to pay, or the runner-up to decide.
    public var deadline: Instant?
    public var paidAt: Instant?
    public var invoice = InvoiceID.none
    public var invoiceNumber = ""
    /// The permission to read the contact; for the buyer alone.
    public var grant = GrantID.none
    public var revealedAt: Instant?
    /// The last instant at which an objection counts (A14).
    public var objectionUntil: Instant?
    /// When the seller's share is paid out if nothing stops it (A13).
    public var payoutAt: Instant?
    public var paidOutAt: Instant?
    public var handedOverAt: Instant?
    public var openCase = CaseID.none
    /// How much of the price the buyer got back; fee and VAT on it come on top.
    public var refunded = Money.zero
    public var creditNoteNumber = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("title", &title, .limit(120))
        try visit.field("stage", &stage)
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("price", &price)
        try visit.field("total", &total)
        try visit.field("awardedAt", &awardedAt)
        try visit.field("deadline", &deadline)
        try visit.field("paidAt", &paidAt)
        try visit.field("invoice", &invoice)
        try visit.field("invoiceNumber", &invoiceNumber)
        try visit.field("grant", &grant)
        try visit.field("revealedAt", &revealedAt)
        try visit.field("objectionUntil", &objectionUntil)
        try visit.field("payoutAt", &payoutAt)
        try visit.field("paidOutAt", &paidOutAt)
        try visit.field("handedOverAt", &handedOverAt)
        try visit.field("openCase", &openCase)
        try visit.field("refunded", &refunded)
        try visit.field("creditNoteNumber", &creditNoteNumber)
    }
}

/// Asks for one section of the party's trades, newest first.
public struct ListTrades: Query {
    public typealias Answer = TradePage
    public static let code: UInt16 = 0x0114
    public static let audience = Audience.everyParty
    public var section = TradeSection.won
    /// The `key` of the last entry of the page before.
    public var after: UInt64 = 0
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("section", &section)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One trade in a list.
public struct TradeEntry: Record {
    /// The order's number in won and sold, the listing's in running and expired.
    public var key: UInt64 = 0
    public var listing = ListingID.none
    public var order = OrderID.none
    public var title = ""
    public var price = Money.zero
    /// The stage of the listing; of the order where there is one, see `orderStage`.
    public var stage = ListingStage.open
    public var orderStage: OrderStage?
    public var endsAt = Instant.none
    /// Whether the party is the seller.
    public var selling = false
    /// Whether the party's bid is the highest.
    public var leading = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("key", &key)
        try visit.field("listing", &listing)
        try visit.field("order", &order)
        try visit.field("title", &title, .limit(120))
        try visit.field("price", &price)
        try visit.field("stage", &stage)
        try visit.field("orderStage", &orderStage)
        try visit.field("endsAt", &endsAt)
        try visit.field("selling", &selling)
        try visit.field("leading", &leading)
    }
}

/// Answers ``ListTrades``.
public struct TradePage: AnswerMessage {
    public static let code: UInt16 = 0x014b
    public var trades: [TradeEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("trades", &trades, .limit(100))
        try visit.field("more", &more)
    }
}

/// Asks how many trades the party has in each section.
public struct GetTradeSummary: Query {
    public typealias Answer = TradeSummary
    public static let code: UInt16 = 0x0115
    public static let audience = Audience.everyParty
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Answers ``GetTradeSummary``.
public struct TradeSummary: AnswerMessage {
    public static let code: UInt16 = 0x014c
    public var won: UInt32 = 0
    public var sold: UInt32 = 0
    public var running: UInt32 = 0
    public var expired: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("won", &won)
        try visit.field("sold", &sold)
        try visit.field("running", &running)
        try visit.field("expired", &expired)
    }
}

/// An operator asks for reviews, oldest first (A16).
public struct ListReviews: Query {
    public typealias Answer = ReviewPage
    public static let code: UInt16 = 0x0116
    public static let audience = Audience.operators
    /// Closed ones too.
    public var closed = false
    public var after = ReviewID.none
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("closed", &closed)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One review of a listing or a seller.
public struct ReviewEntry: Record {
    public var review = ReviewID.none
    public var cause = ReviewCause.interval
    public var marketplace = MarketplaceID.none
    /// None where the seller as such is reviewed.
    public var listing = ListingID.none
    public var seller = PartyID.none
    public var reporter = PartyID.none
    public var reason = PersonalText()
    public var openedAt = Instant.none
    public var closedAt: Instant?
    public var finding: ReviewFinding?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("review", &review)
        try visit.field("cause", &cause)
        try visit.field("marketplace", &marketplace)
        try visit.field("listing", &listing)
        try visit.field("seller", &seller)
        try visit.field("reporter", &reporter)
        try visit.field("reason", &reason, .personal(2000))
        try visit.field("openedAt", &openedAt)
        try visit.field("closedAt", &closedAt)
        try visit.field("finding", &finding)
    }
}

/// Answers ``ListReviews``.
public struct ReviewPage: AnswerMessage {
    public static let code: UInt16 = 0x014d
    public var reviews: [ReviewEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("reviews", &reviews, .limit(100))
        try visit.field("more", &more)
    }
}

/// An operator asks for orders, newest first.
public struct ListOrders: Query {
    public typealias Answer = OrderPage
    public static let code: UInt16 = 0x0117
    public static let audience = Audience.operators
    public var marketplace: MarketplaceID?
    public var stage: OrderStage?
    public var after = OrderID.none
    public var limit: UInt8 = 25
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("marketplace", &marketplace)
        try visit.field("stage", &stage)
        try visit.field("after", &after)
        try visit.field("limit", &limit)
    }
}

/// One order in an operator's list.
public struct OrderEntry: Record {
    public var order = OrderID.none
    public var listing = ListingID.none
    public var marketplace = MarketplaceID.none
    public var buyer = PartyID.none
    public var seller = PartyID.none
    public var price = Money.zero
    public var stage = OrderStage.collecting
    public var awardedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("marketplace", &marketplace)
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("price", &price)
        try visit.field("stage", &stage)
        try visit.field("awardedAt", &awardedAt)
    }
}

/// Answers ``ListOrders``.
public struct OrderPage: AnswerMessage {
    public static let code: UInt16 = 0x014e
    public var orders: [OrderEntry] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("orders", &orders, .limit(100))
        try visit.field("more", &more)
    }
}

/// Timer: a listing's time is over (A6, A8).
public struct ListingEnds: InternalMessage {
    public static let code: UInt16 = 0x01c0
    public var listing = ListingID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
    }
}

/// Timer: the winner's time to pay is over (A19).
public struct PaymentLapses: InternalMessage {
    public static let code: UInt16 = 0x01c1
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: the runner-up's time to decide is over (A19).
public struct OfferLapses: InternalMessage {
    public static let code: UInt16 = 0x01c2
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: the hold period is over, the seller's share goes out (A13).
public struct PayoutFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01c3
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: a listing is due for its review (A16).
public struct ListingReviewFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01c4
    public var listing = ListingID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
    }
}

/// Timer: a seller is due for its review (A16).
public struct SellerReviewFallsDue: InternalMessage {
    public static let code: UInt16 = 0x01c5
    public var seller = PartyID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("seller", &seller)
    }
}

extension Catalogue {
    /// The auction service's messages.
    public static let auction: [any Message.Type] =
        [
            GuideSetup.self, SetupGuide.self, SetPriceRanges.self, PublishListing.self,
            ListingPublished.self, PlaceBid.self, BidPlaced.self, WithdrawBid.self, BidWithdrawn.self,
            DeleteListing.self, ListingDeleted.self, RelistListing.self, PayOrder.self, OrderPaid.self,
            AnswerOffer.self, OfferAnswered.self, ConfirmHandover.self, ReportListing.self,
            SuspendListing.self, ReinstateListing.self, ReviewListing.self, SearchListings.self,
            ListingPage.self, GetListing.self, ListingDetail.self, BidHistory.self, BidHistoryPage.self,
            GetOrder.self, OrderView.self, ListTrades.self, TradePage.self, GetTradeSummary.self,
            TradeSummary.self, ListReviews.self, ReviewPage.self, ListOrders.self, OrderPage.self,
            ListingEnds.self, PaymentLapses.self, OfferLapses.self, PayoutFallsDue.self,
            ListingReviewFallsDue.self, SellerReviewFallsDue.self, ContactClaimed.self, ContactRefused.self,
            RevealGranted.self, RevealRefused.self, HoldPlaced.self, HoldRefused.self, HoldDue.self,
            OrderPaidFor.self, PaymentRefused.self, PayoutSettled.self, PayoutDeclined.self,
            OrderRefunded.self, PayoutAccountChanged.self, FreezeOrder.self, SettleOrder.self,
        ] + applications + meetings + preliminaryCalls + cancellations
}
