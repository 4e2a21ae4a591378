import AuctionRules
import Kernel
import Messages
import Runtime

enum Reviewing {
    /// Puts a review before the operators.
    static func open(_ review: Review, _ turn: Turn) throws {
        try turn.store.insert(review)
        let lead = review.listing.isNone ? "" : try turn.store.title(of: review.listing)
        try turn.tellOperators(review: review.id, review.marketplace, review.listing, lead: lead)
    }
}

/// A party finds something wrong with a listing (A16).
enum ReportListingHandler {
    static func handle(_ command: ReportListing, _ turn: Turn) throws -> Outcome<Done> {
        if let refusal = try turn.refusalOfActing(needed: [.buyer, .seller, .operator_]) {
            return .refused(refusal)
        }
        guard let listing = try turn.store.listing(command.listing),
            try Visibility.sees(turn.acting, listing, turn.store)
        else { return .refused(.notFound) }
        guard !command.reason.isEmpty else {
            return .refused(.invalidText, expected: "a reason", found: "nothing")
        }
        if try turn.store.openReport(on: listing.id, by: turn.acting.party) { return .answer(Done()) }
        let review = Review(
            id: turn.newID(), cause: .report, marketplace: listing.marketplace, listing: listing.id,
            seller: listing.seller, reporter: turn.acting.party, reason: command.reason, openedAt: turn.now)
        try Reviewing.open(review, turn)
        return .answer(Done())
    }
}

/// An operator closes a review with a finding (A16).
enum ReviewListingHandler {
    static func handle(_ command: ReviewListing, _ turn: Turn) throws -> Outcome<Done> {
        guard turn.acting.isOperator else { return .refused(.forbidden) }
        guard let review = try turn.store.review(command.review) else { return .refused(.notFound) }
        guard review.closedAt == .none else {
            return .refused(.wrongState, expected: "an open review", found: "closed")
        }
        if command.finding == .suspendListing, review.listing.isNone {
            return .refused(.invalidValue, expected: "a review of a listing", found: "a review of a seller")
        }
        try turn.store.close(review.id, finding: command.finding, at: turn.now)
        switch command.finding {
        case .inOrder:
            break
        case .suspendListing:
            var listing = try turn.store.knownListing(review.listing)
            if listing.isLive { try Stopping.suspend(&listing, reason: command.reason, turn) }
        case .suspendSeller:
            var suspend = SuspendForCause()
            suspend.party = review.seller
            suspend.reason = command.reason.isEmpty ? KnownReason.foundByReview.rawValue : command.reason
            turn.send(suspend, to: .contactVault)
        }
        return .answer(Done())
    }
}

/// An operator stops a listing (A16).
enum SuspendListingHandler {
    static func handle(_ command: SuspendListing, _ turn: Turn) throws -> Outcome<Done> {
        guard turn.acting.isOperator else { return .refused(.forbidden) }
        guard var listing = try turn.store.listing(command.listing) else { return .refused(.notFound) }
        guard listing.isLive else {
            return .refused(.wrongState, expected: "\(ListingStage.open)", found: "\(listing.stage)")
        }
        try Stopping.suspend(&listing, reason: command.reason, turn)
        return .answer(Done())
    }
}

/// An operator opens a suspended listing again, without bids, for the time that was left.
enum ReinstateListingHandler {
    static func handle(_ command: ReinstateListing, _ turn: Turn) throws -> Outcome<ListingPublished> {
        guard turn.acting.isOperator else { return .refused(.forbidden) }
        guard var listing = try turn.store.listing(command.listing) else { return .refused(.notFound) }
        guard listing.stage == .suspended, listing.remaining > .zero else {
            return .refused(
                .wrongState, expected: "suspended, with time left", found: "\(listing.stage)")
        }
        let seller = try turn.store.party(listing.seller)
        if let refusal = PartyRules.refusal(state: seller?.state, roles: seller?.roles ?? [], needed: .seller)
        {
            return .refused(refusal)
        }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        listing.endsAt = turn.now + listing.remaining
        listing.remaining = .zero
        try Opening.open(&listing, by: policy, turn)
        return .answer(Opening.published(listing))
    }
}

/// An operator sets the table of ranges for a project type (A2).
enum SetPriceRangesHandler {
    static func handle(_ command: SetPriceRanges, _ turn: Turn) throws -> Outcome<Done> {
        guard turn.acting.isOperator else { return .refused(.forbidden) }
        guard let policy = try turn.store.newestPolicy(of: command.marketplace)?.policy else {
            return .refused(.notFound)
        }
        for (low, high) in [(command.budgetLow, command.budgetHigh), (command.startLow, command.startHigh)] {
            guard low.currency == policy.currency, high.currency == policy.currency else {
                return .refused(
                    .wrongCurrency, expected: policy.currency.code,
                    found: "\(low.currency.code), \(high.currency.code)")
            }
            guard low.minor > 0, high.minor >= low.minor else {
                return .refused(.amountOutOfRange, expected: "a rising range", found: "\(low) to \(high)")
            }
        }
        try turn.store.setPriceRanges(command)
        return .answer(Done())
    }
}
