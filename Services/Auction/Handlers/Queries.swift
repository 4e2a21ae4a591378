import AuctionRules
import Kernel
import Messages
import Runtime
import Storage

/// Who sees a listing (A5, F9).
enum Visibility {
    /// Operators and the seller see it at every stage; verified buyers while it is on offer, and later if they
    /// bid or applied for it.
    static func sees(_ acting: Acting, _ listing: Listing, _ store: Store) throws -> Bool {
        if acting.isOperator { return true }
        guard listing.marketplace == acting.marketplace else { return false }
        if listing.seller == acting.party { return listing.publishedAt != .none }
        let party = try store.party(acting.party)
        guard let party, party.state == .verified, party.roles.contains(.buyer) else { return false }
        switch listing.stage {
        case .open, .closing: return true
        case .awarded, .sold, .expired:
            return try store.ownBid(on: listing.id, by: acting.party) != nil
                || store.hasApplied(acting.party, for: listing.id)
                || store.hasActivated(acting.party, for: listing.id)
        case .claiming, .deleted, .suspended, .objected: return false
        }
    }

    /// Why a party sees no listings at all; nothing for verified parties and operators.
    static func refusal(_ acting: Acting, needed: Roles, _ store: Store) throws -> Refusal? {
        if acting.isOperator { return nil }
        let party = try store.party(acting.party)
        return PartyRules.refusal(state: party?.state, roles: party?.roles ?? [], needed: needed)
    }
}

/// Pages hold 1 to 100 entries.
func pageSize(_ limit: UInt8) -> Int { max(1, min(100, Int(limit))) }

enum SearchListingsHandler {
    static func handle(_ query: SearchListings, _ reading: Reading) throws -> Outcome<ListingPage> {
        if let refusal = try Visibility.refusal(reading.acting, needed: .buyer, reading.store) {
            return .refused(refusal)
        }
        let size = pageSize(query.limit)
        let found = try reading.store.search(
            query, in: reading.acting.marketplace, now: reading.now, limit: size + 1)
        var page = ListingPage()
        page.listings = Array(found.prefix(size))
        page.more = found.count > size
        return .answer(page)
    }
}

enum GetListingHandler {
    static func handle(_ query: GetListing, _ reading: Reading) throws -> Outcome<ListingDetail> {
        if let refusal = try Visibility.refusal(reading.acting, needed: [.buyer, .seller], reading.store) {
            return .refused(refusal)
        }
        guard let listing = try reading.store.listing(query.listing),
            try Visibility.sees(reading.acting, listing, reading.store),
            let lead = try reading.store.lead(query.listing)
        else { return .refused(.notFound) }
        let policy = try reading.store.policy(listing.marketplace, listing.policyVersion)
        var detail = described(lead)
        detail.listing = listing.id
        detail.stage = listing.stage
        detail.round = listing.round
        detail.startPrice = Money(listing.startPrice, listing.currency)
        detail.price = listing.standing.price
        detail.minimumBid = Bidding.minimum(for: reading.acting.party, at: listing.standing, by: policy)
        detail.costOfMinimum = policy.cost(of: detail.minimumBid)?.total ?? .zero
        detail.bidding = policy.bidding
        detail.payment = policy.payment
        detail.bids = listing.bids
        detail.publishedAt = listing.publishedAt
        detail.endsAt = listing.endsAt
        detail.own = listing.seller == reading.acting.party
        detail.leading = listing.standing.lead?.bidder == reading.acting.party
        detail.ownBid = try reading.store.ownBid(on: listing.id, by: reading.acting.party).map {
            Money($0, listing.currency)
        }
        if policy.mode == .meetingAuction, detail.own, listing.stage == .expired, listing.bids == 0 {
            detail.suggestedPrice = MeetingRules.suggestedPrice(startPrice: detail.startPrice, by: policy)
        }
        return .answer(detail)
    }

    private static func described(_ lead: Lead) -> ListingDetail {
        var detail = ListingDetail()
        detail.projectType = lead.projectType
        detail.title = lead.title
        detail.description = lead.description
        detail.answers = lead.answers
        detail.budget = lead.budget
        detail.budgetBasis = lead.budgetBasis
        detail.timeFrame = lead.timeFrame
        detail.region = lead.region
        detail.temperature = lead.temperature
        detail.inquiredAt = lead.inquiredAt
        detail.basis = lead.basis
        return detail
    }
}

enum BidHistoryHandler {
    static func handle(_ query: BidHistory, _ reading: Reading) throws -> Outcome<BidHistoryPage> {
        if let refusal = try Visibility.refusal(reading.acting, needed: [.buyer, .seller], reading.store) {
            return .refused(refusal)
        }
        guard let listing = try reading.store.listing(query.listing),
            try Visibility.sees(reading.acting, listing, reading.store)
        else { return .refused(.notFound) }
        let size = pageSize(query.limit)
        let policy = try reading.store.policy(listing.marketplace, listing.policyVersion)
        let bids = try reading.store.bidHistory(
            listing, for: reading.acting.party, after: query.after, limit: size + 1,
            withRatings: policy.mode == .meetingAuction && listing.seller == reading.acting.party)
        var page = BidHistoryPage()
        page.bids = Array(bids.prefix(size))
        page.more = bids.count > size
        return .answer(page)
    }
}

enum GuideSetupHandler {
    static func handle(_ query: GuideSetup, _ reading: Reading) throws -> Outcome<SetupGuide> {
        let marketplace = reading.acting.marketplace
        guard let policy = try reading.store.newestPolicy(of: marketplace)?.policy else {
            return .refused(.notFound)
        }
        let party = try reading.store.party(reading.acting.party)
        let language = query.language ?? party?.language ?? policy.language
        var guide = SetupGuide()
        guide.projectType = query.projectType
        guide.questions = GuideQuestion.asked(about: query.projectType).map { asked in
            var question = SetupQuestion()
            question.key = asked.rawValue
            question.text = asked.text(in: language)
            question.required = asked.isRequired
            return question
        }
        guide.ranges = try ranges(query.projectType, marketplace, policy.currency, reading.store)
        guide.durations = policy.durations
        guide.inquiryAge = policy.inquiryAge
        guide.clause = SetupTexts.clause(in: language)
        if policy.mode == .meetingAuction { guide.contractNotice = SetupTexts.contractNotice(in: language) }
        return .answer(guide)
    }

    /// Ranges from comparable closed auctions, where there are enough, and from the operator's table (A2).
    private static func ranges(
        _ projectType: ProjectType, _ marketplace: MarketplaceID, _ currency: Currency, _ store: Store
    ) throws -> [SuggestedRange] {
        var ranges: [SuggestedRange] = []
        let sold = try store.soldListings(marketplace, projectType)
        for (subject, amounts) in [
            (RangeSubject.budget, sold.map(\.budget)), (.startPrice, sold.map(\.price)),
        ] {
            guard let quartiles = Quartiles(of: amounts) else { continue }
            var range = SuggestedRange()
            range.subject = subject
            range.source = .comparables
            range.low = Money(quartiles.low, currency)
            range.high = Money(quartiles.high, currency)
            range.median = Money(quartiles.median, currency)
            range.comparables = UInt32(amounts.count)
            ranges.append(range)
        }
        let set = try store.priceRanges(marketplace, projectType)
        guard let table = set ?? SetupTexts.firstTable(for: projectType, in: currency) else { return ranges }
        for (subject, span) in [(RangeSubject.budget, table.budget), (.startPrice, table.start)] {
            var range = SuggestedRange()
            range.subject = subject
            range.low = Money(span.lowerBound, currency)
            range.high = Money(span.upperBound, currency)
            ranges.append(range)
        }
        return ranges
    }
}

enum GetOrderHandler {
    static func handle(_ query: GetOrder, _ reading: Reading) throws -> Outcome<OrderView> {
        let acting = reading.acting
        guard let order = try reading.store.order(query.order) else { return .refused(.notFound) }
        let isBuyer = order.buyer == acting.party
        // The seller learns of an offer to the runner-up once it is taken.
        let isSeller = order.seller == acting.party && order.stage != .offered
        guard isBuyer || isSeller || acting.isOperator || Planted.isOn(.foreignOrderShown) else {
            return .refused(.notFound)
        }
        let policy = try reading.store.policy(order.marketplace, order.policyVersion)
        var view = OrderView()
        view.order = order.id
        view.listing = order.listing
        view.title = try reading.store.title(of: order.listing)
        view.stage = order.stage
        view.buyer = order.buyer
        view.seller = order.seller
        view.price = order.price
        view.total = policy.cost(of: order.price)?.total ?? .zero
        view.awardedAt = order.awardedAt
        let isUnpaid = order.stage == .awaitingPayment || order.stage == .offered
        view.deadline = isUnpaid ? order.deadline : nil
        view.paidAt = order.paidAt.ifAny
        view.invoice = order.invoice
        view.invoiceNumber = order.invoiceNumber
        view.grant = isBuyer ? order.grant : .none
        view.revealedAt = order.revealedAt.ifAny
        view.objectionUntil = order.revealedAt.ifAny.map {
            OrderRules.objectionUntil(revealedAt: $0, by: policy)
        }
        view.payoutAt = order.stage == .revealed ? order.payoutAt.ifAny : nil
        view.paidOutAt = order.paidOutAt.ifAny
        view.handedOverAt = order.handedOverAt.ifAny
        view.openCase = order.openCase
        view.refunded = Money(order.refunded, order.price.currency)
        view.creditNoteNumber = order.creditNoteNumber
        return .answer(view)
    }
}

extension Instant {
    /// Nothing for ``none``.
    var ifAny: Instant? { self == .none ? nil : self }
}

enum ListTradesHandler {
    static func handle(_ query: ListTrades, _ reading: Reading) throws -> Outcome<TradePage> {
        let size = pageSize(query.limit)
        let trades = try reading.store.trades(query, of: reading.acting.party, limit: size + 1)
        var page = TradePage()
        page.trades = Array(trades.prefix(size))
        page.more = trades.count > size
        return .answer(page)
    }
}

enum GetTradeSummaryHandler {
    static func handle(_ query: GetTradeSummary, _ reading: Reading) throws -> Outcome<TradeSummary> {
        .answer(try reading.store.tradeSummary(of: reading.acting.party))
    }
}

enum ListReviewsHandler {
    static func handle(_ query: ListReviews, _ reading: Reading) throws -> Outcome<ReviewPage> {
        guard reading.acting.isOperator else { return .refused(.forbidden) }
        let size = pageSize(query.limit)
        let reviews = try reading.store.reviews(closed: query.closed, after: query.after, limit: size + 1)
        var page = ReviewPage()
        page.more = reviews.count > size
        page.reviews = reviews.prefix(size).map { review in
            var entry = ReviewEntry()
            entry.review = review.id
            entry.cause = review.cause
            entry.marketplace = review.marketplace
            entry.listing = review.listing
            entry.seller = review.seller
            entry.reporter = review.reporter
            entry.reason = review.reason
            entry.openedAt = review.openedAt
            entry.closedAt = review.closedAt.ifAny
            entry.finding = review.finding
            return entry
        }
        return .answer(page)
    }
}

enum ListOrdersHandler {
    static func handle(_ query: ListOrders, _ reading: Reading) throws -> Outcome<OrderPage> {
        guard reading.acting.isOperator else { return .refused(.forbidden) }
        let size = pageSize(query.limit)
        let orders = try reading.store.orders(query, limit: size + 1)
        var page = OrderPage()
        page.orders = Array(orders.prefix(size))
        page.more = orders.count > size
        return .answer(page)
    }
}
