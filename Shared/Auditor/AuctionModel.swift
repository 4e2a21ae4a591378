import Kernel
import Messages
import Storage

/// The trade as the rulebook has it: told by the auction's journal alone, compared with the auction's tables.
final class AuctionModel {
    struct Party {
        var marketplace: UInt32 = 0
        var roles: Roles = []
        var state = PartyState.registered
        var payoutVerified = false
        var strikes = 0
        var isReviewed = false
        /// The contact that its trading partners get (C2).
        var card: UInt64 = 0
    }

    struct Bid {
        enum Cover { case unasked, asked, placed }
        let id: UInt64
        let party: UInt64
        let amount: Int64
        var stage = BidStage.waiting
        var cover = Cover.unasked
        /// The hold that is asked to cover it; 0: none yet.
        var hold: UInt64 = 0
    }

    /// What a reader of a listing could see at one time.
    struct Shown: Equatable {
        /// The journal row that made it so.
        var sequence: UInt64
        var stage: ListingStage
        var round: UInt8
        var price: Int64
        var leader: UInt64
        var maximum: Int64
        var bids: Int
        var endsAt: Instant
    }

    final class Listing {
        let id: UInt64
        let marketplace: UInt32
        let version: UInt32
        let policy: Policy
        let seller: UInt64
        let contact: UInt64
        var duration: Duration64
        let inquiredAt: Instant
        var stage = ListingStage.claiming
        var round: UInt8 = 1
        var startPrice: Int64
        var nextStartPrice: Int64 = 0
        var price: Int64
        var lead: Bid?
        /// Bids that wait, and bids that were decided, both in order of arrival.
        var waiting: [Bid] = []
        var decided: [Bid] = []
        var count = 0
        var endsAt = Instant.none
        var isPublished = false
        var remaining = Duration64.zero
        var orders: [UInt64] = []
        var applications: [UInt64] = []
        var activations: [UInt64] = []
        /// The last row that took bids away: prices only rise from there on.
        var resetAt: UInt64 = 0
        var history: [Shown] = []

        init(_ row: JournalRow, _ command: PublishListing, _ version: UInt32, _ policy: Policy) {
            id = row.made()
            marketplace = row.marketplace
            self.version = version
            self.policy = policy
            seller = row.party
            contact = command.contact.raw
            duration = command.duration
            inquiredAt = command.inquiredAt
            startPrice = policy.mode == .application ? policy.applicationFee : command.startPrice.minor
            price = startPrice
        }

        var isLive: Bool { stage == .open || stage == .closing }

        func shown(_ sequence: UInt64) -> Shown {
            Shown(
                sequence: sequence, stage: stage, round: round, price: price, leader: lead?.party ?? 0,
                maximum: lead?.amount ?? 0, bids: count, endsAt: endsAt)
        }
    }

    final class Order {
        let id: UInt64
        let listing: Listing
        let buyer: UInt64
        let price: Int64
        let isOffer: Bool
        var hold: UInt64
        var stage: OrderStage
        /// Where a frozen order goes on.
        var rest = OrderStage.revealed
        var deadline: Instant
        var awardedAt = Instant.none
        var paidAt = Instant.none
        var ticket = false
        var invoice: UInt64 = 0
        var isPaid = false
        var grant: UInt64 = 0
        var revealedAt = Instant.none
        var payoutAt = Instant.none
        var refunded: Int64 = 0
        var openCase: UInt64 = 0
        /// What a reader could see: the row that made it so, and the stage.
        var history: [(sequence: UInt64, stage: OrderStage)] = []

        init(_ id: UInt64, _ listing: Listing, buyer: UInt64, price: Int64, _ stage: OrderStage) {
            self.id = id
            self.listing = listing
            self.buyer = buyer
            self.price = price
            self.stage = stage
            isOffer = stage == .offered
            hold = 0
            deadline = .none
        }

        var isLive: Bool { stage != .lapsed && stage != .declined && stage != .cancelled }
    }

    let findings: Findings
    let rules: RuleCounter
    var policies = PolicyShelf()
    var parties: [UInt64: Party] = [:]
    var listings: [UInt64: Listing] = [:]
    var orders: [UInt64: Order] = [:]
    var applications: [UInt64: Application] = [:]
    /// Applications rejected in time: their applicants learn nothing, ever (B3).
    var hiddenForGood: Set<UInt64> = []
    var touchedApplications: Set<UInt64> = []
    var activations: [UInt64: Activation] = [:]
    var touchedActivations: Set<UInt64> = []
    var proxies: [String: Proxy] = [:]
    /// By the call that they are about.
    var strikes: [UInt64: Strike] = [:]
    var touchedStrikes: Set<UInt64> = []
    /// How often each party must have been suspended because it asked for contact data (D6).
    var fishers: [UInt64: Int] = [:]
    var meetings: [UInt64: Meeting] = [:]
    var touchedMeetings: Set<UInt64> = []
    /// What parties must have been told of their appointments, and the orders for which support was asked.
    var toldOfMeetings: [MeetingTold] = []
    var supported: Set<SupportAsked> = []
    /// The sales that were undone, and who must bear their fees (C7).
    var undone: Set<UInt64> = []
    var feeBearers: [UInt64: UInt64] = [:]
    /// The orders whose meetings took place, and how experts were rated, as the auction was told.
    var held: Set<UInt64> = []
    var ratingSums: [UInt64: RatingSummary] = [:]
    /// Listings that never came on offer; operators may have seen them.
    var removed: Set<UInt64> = []
    var byContact: [UInt64: [UInt64]] = [:]
    var bySeller: [UInt64: [UInt64]] = [:]
    /// On which listings a party has bid.
    var byBidder: [UInt64: Set<UInt64>] = [:]
    var listingOfBid: [UInt64: UInt64] = [:]
    /// What each bid came to: the price and whether it led; nothing for one that was refused.
    var decisions: [UInt64: (price: Int64, leads: Bool)] = [:]
    /// Who was outbid with which bid, and must be told.
    var outbids: [(party: UInt64, bid: UInt64)] = []
    /// The applications whose prospects had not answered when their reminder fell due (B4).
    var reminders: [(party: UInt64, order: UInt64)] = []
    /// Contacts that the vault said were objected to or erased.
    var stopped: Set<UInt64> = []
    /// Rows of the orders' table that no award has claimed yet, by the row that made them.
    var unclaimed: [UInt64: [OrderRow]] = [:]
    var lastOrder: UInt64 = 0
    var touchedListings: Set<UInt64> = []
    var touchedOrders: Set<UInt64> = []
    var touchedParties: Set<UInt64> = []
    /// How often each party must have been suspended because its payments lapsed.
    var suspensions: [UInt64: Int] = [:]
    var deadlines = Deadlines([
        ListingEnds.code, PaymentLapses.code, OfferLapses.code, PayoutFallsDue.code,
        ListingReviewFallsDue.code, SellerReviewFallsDue.code, ReviewReminderFallsDue.code,
        TimedRevealFallsDue.code, ApplicationFeeFallsDue.code, AppointmentFallsDue.code,
        MeetingFallsDue.code, ReportReminderFallsDue.code, SupportFallsDue.code, ActivationLapses.code,
        CancellationLapses.code, MeetingStaysUnreported.code,
    ])

    struct OrderRow {
        var id: UInt64
        var listing: UInt64
        var buyer: UInt64
        var price: Int64
        var offered: Bool
    }

    init(_ findings: Findings, _ rules: RuleCounter) {
        self.findings = findings
        self.rules = rules
    }

    func touch(_ listing: Listing, _ row: JournalRow) {
        touchedListings.insert(listing.id)
        let shown = listing.shown(row.sequence)
        if let last = listing.history.last, last.sequence == row.sequence {
            listing.history[listing.history.count - 1] = shown
        } else {
            listing.history.append(shown)
        }
    }

    /// The row that is being applied.
    var current: UInt64 = 0

    func apply(_ row: JournalRow) throws {
        current = row.sequence
        switch row.code {
        case MarketplacePublished.code: policies.take(try row.decoded(MarketplacePublished.self))
        case PartyPublished.code: partyPublished(try row.decoded(PartyPublished.self), row)
        case PayoutAccountChanged.code:
            let message = try row.decoded(PayoutAccountChanged.self)
            parties[message.party.raw, default: Party()].payoutVerified = message.verified
        case ProspectObjected.code: prospectObjected(try row.decoded(ProspectObjected.self), row)
        case PublishListing.code: publish(try row.decoded(PublishListing.self), row)
        case RelistListing.code: relist(try row.decoded(RelistListing.self), row)
        case ContactClaimed.code: contactClaimed(try row.decoded(ContactClaimed.self), row)
        case ContactRefused.code:
            let message = try row.decoded(ContactRefused.self)
            takeBack(message.listing.raw, objected: message.reason == .prospectObjected, row)
        case PlaceBid.code: placeBid(try row.decoded(PlaceBid.self), row)
        case WithdrawBid.code: withdraw(try row.decoded(WithdrawBid.self), row)
        case HoldPlaced.code: holdPlaced(try row.decoded(HoldPlaced.self).hold.raw, row)
        case HoldRefused.code:
            let hold = try row.decoded(HoldRefused.self).hold.raw
            holdRefused(hold, row)
            activationRefused(hold, row)
        case DeleteListing.code: deleted(try row.decoded(DeleteListing.self).listing.raw, row)
        case SuspendListing.code: suspended(try row.decoded(SuspendListing.self).listing.raw, row)
        case ReinstateListing.code: reinstated(try row.decoded(ReinstateListing.self).listing.raw, row)
        case ReviewListing.code: reviewed(try row.decoded(ReviewListing.self), row)
        default:
            if try !applyToMeetings(row), try !applyToApplications(row), try !applyToActivations(row) {
                try applyToOrders(row)
            }
        }
    }

    // MARK: Coming on offer

    private func publish(_ command: PublishListing, _ row: JournalRow) {
        guard let (version, policy) = policies.newest(row.marketplace) else { return }
        let listing = Listing(row, command, version, policy)
        let entity = ["listing \(listing.id)"]
        let seller = parties[row.party] ?? Party()
        let allowed: [(Bool, String)] = [
            (seller.state == .verified && seller.roles.contains(.seller), "a verified seller (A16)"),
            (seller.payoutVerified, "a verified payout account (A3)"),
            (policy.durations.contains(command.duration), "a duration on offer (A6)"),
            (
                command.inquiredAt <= row.at && command.inquiredAt + policy.inquiryAge >= row.at,
                "a current inquiry (A1)"
            ),
            (!command.refusalKnown, "no refusal that the seller knows of (A4)"),
            (command.basis.kind == .legitimateInterest || !command.basis.text.isEmpty, "a basis (A4)"),
            (
                policy.mode == .application
                    || command.startPrice.currency == policy.currency
                        && command.startPrice.minor >= policy.leastPrice
                        && command.startPrice.minor <= policy.greatestPrice,
                "a start price within the policy (A2)"
            ),
            (policy.mode != .meetingAuction || command.acceptsContract, "the contract accepted (C8)"),
        ]
        for (holds, what) in allowed where !holds {
            findings.report(.listingByRule, "listing \(listing.id): expected \(what), found it taken", entity)
        }
        listings[listing.id] = listing
        byContact[listing.contact, default: []].append(listing.id)
        bySeller[listing.seller, default: []].append(listing.id)
        touch(listing, row)
    }

    private func relist(_ command: RelistListing, _ row: JournalRow) {
        guard let listing = listings[command.listing.raw] else { return }
        let latest =
            listing.inquiredAt + listing.policy.inquiryAge + listing.duration + listing.policy.secondRound
        let isMeeting = listing.policy.mode == .meetingAuction
        // An appointment as often as its seller likes (C6), and each time the seller accepts to be bound (C8).
        let isFree = isMeeting ? command.acceptsContract : listing.round == 1 && row.at <= latest
        if listing.stage != .expired || listing.count != 0 || !isFree || listing.seller != row.party {
            findings.report(
                .listingByRule,
                "listing \(listing.id): expected one second round after a first without a bid (A8), found it in stage \(listing.stage), round \(listing.round), with \(listing.count) bids",
                ["listing \(listing.id)"])
        }
        listing.nextStartPrice = command.startPrice?.minor ?? listing.startPrice
        if isMeeting, let duration = command.duration { listing.duration = duration }
        listing.stage = .claiming
        touch(listing, row)
    }

    private func contactClaimed(_ message: ContactClaimed, _ row: JournalRow) {
        guard let listing = listings[message.listing.raw], listing.stage == .claiming else { return }
        let seller = parties[listing.seller] ?? Party()
        guard seller.state == .verified, seller.roles.contains(.seller) else {
            return takeBack(listing.id, objected: false, row)
        }
        if listing.isPublished {
            listing.round = 2
            listing.startPrice = listing.nextStartPrice
            listing.price = listing.startPrice
            listing.resetAt = row.sequence
            let isMeeting = listing.policy.mode == .meetingAuction
            listing.endsAt = row.at + (isMeeting ? listing.duration : listing.policy.secondRound)
            rules.note(.model(isMeeting ? "listed again" : "second round"))
        } else {
            listing.isPublished = true
            listing.endsAt = row.at + listing.duration
            if !seller.isReviewed {
                parties[listing.seller]?.isReviewed = true
                deadlines.set(
                    SellerReviewFallsDue.code, listing.seller, at: row.at + listing.policy.reviewInterval)
            }
        }
        open(listing, row)
    }

    func open(_ listing: Listing, _ row: JournalRow) {
        listing.stage = .open
        deadlines.set(ListingEnds.code, listing.id, at: listing.endsAt)
        deadlines.set(ListingReviewFallsDue.code, listing.id, at: row.at + listing.policy.reviewInterval)
        touch(listing, row)
    }

    /// The vault does not give the contact, or the seller may no longer act: a first round never was.
    private func takeBack(_ id: UInt64, objected: Bool, _ row: JournalRow) {
        guard let listing = listings[id], listing.stage == .claiming else { return }
        if listing.isPublished {
            listing.stage = objected ? .objected : .expired
            touch(listing, row)
        } else {
            listings[id] = nil
            removed.insert(id)
            touchedListings.insert(id)
        }
    }

    // MARK: Being stopped

    /// Takes every bid away and ends the listing as `stage`.
    func stop(_ listing: Listing, as stage: ListingStage, _ row: JournalRow) {
        listing.waiting = []
        for index in listing.decided.indices
        where listing.decided[index].stage == .leading || listing.decided[index].stage == .outbid {
            listing.decided[index].stage = .void
        }
        listing.lead = nil
        listing.price = listing.startPrice
        listing.stage = stage
        listing.resetAt = row.sequence
        deadlines.cancel(ListingEnds.code, listing.id)
        deadlines.cancel(ListingReviewFallsDue.code, listing.id)
        stopHidden(on: listing)
        touch(listing, row)
        endActivations(on: listing, as: .stopped, row)
    }

    private func suspend(_ listing: Listing, _ row: JournalRow) {
        listing.remaining = max(.zero, listing.endsAt - row.at)
        stop(listing, as: .suspended, row)
    }

    private func deleted(_ id: UInt64, _ row: JournalRow) {
        guard let listing = listings[id] else { return }
        let before = listing.stage == .open && row.at < listing.endsAt
        if listing.seller != row.party
            || !(before || listing.stage == .expired || listing.stage == .suspended)
        {
            findings.report(
                .listingByRule,
                "listing \(id): expected a deletion by its seller before the award (A7), found one in stage \(listing.stage)",
                ["listing \(id)"])
        }
        if listing.stage == .expired {
            stopHidden(on: listing)
            listing.stage = .deleted
            touch(listing, row)
        } else {
            stop(listing, as: .deleted, row)
        }
    }

    private func suspended(_ id: UInt64, _ row: JournalRow) {
        guard let listing = listings[id], listing.isLive else { return }
        suspend(listing, row)
    }

    private func reviewed(_ command: ReviewListing, _ row: JournalRow) {
        guard command.finding == .suspendListing, let id = reviews[command.review.raw] else { return }
        suspended(id, row)
    }

    /// The listing that each review is about; reviews of sellers are about none.
    var reviews: [UInt64: UInt64] = [:]

    private func reinstated(_ id: UInt64, _ row: JournalRow) {
        guard let listing = listings[id] else { return }
        if listing.stage != .suspended || listing.remaining <= .zero {
            findings.report(
                .listingByRule,
                "listing \(id): expected it suspended with time left, found stage \(listing.stage)",
                ["listing \(id)"])
        }
        listing.endsAt = row.at + listing.remaining
        listing.remaining = .zero
        open(listing, row)
    }

    private func partyPublished(_ message: PartyPublished, _ row: JournalRow) {
        let id = message.party.raw
        parties[id, default: Party()].marketplace = message.marketplace.raw
        parties[id]?.roles = message.roles
        parties[id]?.state = message.state
        parties[id]?.card = message.card.raw
        let own = (bySeller[id] ?? []).compactMap { listings[$0] }
        switch message.state {
        case .registered, .confirmed, .verified: return
        case .suspended:
            for stage in [ListingStage.open, .closing] {
                for listing in own where listing.stage == stage { suspend(listing, row) }
            }
        case .closed:
            for stage in [ListingStage.open, .closing, .suspended] {
                for listing in own where listing.stage == stage { stop(listing, as: .deleted, row) }
            }
        }
        for bidOn in (byBidder[id] ?? []).sorted() { voidBids(of: id, on: bidOn, row) }
        stopHidden(of: id)
        stopActivations(of: id, row)
    }

    private func voidBids(of party: UInt64, on id: UInt64, _ row: JournalRow) {
        guard let listing = listings[id], listing.isLive,
            listing.lead?.party == party || listing.waiting.contains(where: { $0.party == party })
        else { return }
        listing.waiting.removeAll { $0.party == party }
        if let lead = listing.lead, lead.party == party {
            set(lead.id, .void, listing)
            listing.lead = nil
            listing.price = listing.startPrice
            listing.resetAt = row.sequence
        }
        touch(listing, row)
        advance(listing, row)
    }

    private func prospectObjected(_ message: ProspectObjected, _ row: JournalRow) {
        stopped.insert(message.contact.raw)
        for id in byContact[message.contact.raw] ?? [] {
            guard let listing = listings[id] else { continue }
            contactGone(listing)
            switch listing.stage {
            case .open, .closing, .suspended: stop(listing, as: .objected, row)
            case .awarded:
                listing.stage = .objected
                touch(listing, row)
                endActivations(on: listing, as: .stopped, row)
                for order in listing.orders.compactMap({ orders[$0] })
                where order.stage == .awaitingPayment || order.stage == .offered {
                    move(order, to: .cancelled)
                    deadlines.cancel(PaymentLapses.code, order.id)
                    deadlines.cancel(OfferLapses.code, order.id)
                }
            case .expired:
                listing.stage = .objected
                touch(listing, row)
            case .sold, .claiming, .deleted, .objected: continue
            }
        }
    }
}
