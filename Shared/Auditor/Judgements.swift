import Kernel
import Messages
import Wire

/// What answers must have said, as far as the models know it.
extension ClientModel {
    private func isOperator(_ call: Call, _ auction: AuctionModel) -> Bool {
        auction.parties[call.party]?.roles.contains(.operator_) ?? false
    }

    private func entities(_ call: Call, _ more: String...) -> [String] { more + ["party \(call.party)"] }

    // MARK: Bids

    private func asked<M: Message>(_ call: Call, _: M.Type) throws -> M { try M(decoding: call.body) }

    func judgeBid(_ claim: Claim, _ auction: AuctionModel) throws {
        let placed = try BidPlaced(decoding: claim.body)
        let entities = entities(claim.call, "listing \(placed.listing)", "bid \(placed.bid)")
        guard let decision = auction.decisions[placed.bid.raw] else {
            return findings.report(
                .bidByRule, "bid \(placed.bid): expected it refused, found it acknowledged", entities)
        }
        findings.expect(
            .winnerByRule, "bid \(placed.bid): price as acknowledged", expected: decision.price,
            found: placed.price.minor, entities)
        findings.expect(
            .winnerByRule, "bid \(placed.bid): leads as acknowledged", expected: decision.leads,
            found: placed.leading, entities)
    }

    /// Prices only rise until bids are taken away, so that what is enough now was enough then.
    func judgeTooLow(_ claim: Claim, _ auction: AuctionModel) throws {
        let command = try asked(claim.call, PlaceBid.self)
        guard let listing = auction.listings[command.listing.raw],
            listing.resetAt <= claim.call.floors[.auction] ?? 0,
            command.amount.minor <= listing.policy.greatestPrice
        else { return }
        let least = auction.least(for: claim.call.party, listing)
        guard command.amount.minor >= least else { return }
        findings.report(
            .bidByRule,
            "listing \(listing.id): expected \(command.amount) to be at least \(least) and taken, found it refused as too low",
            entities(claim.call, "listing \(listing.id)"))
    }

    // MARK: Listings

    /// The states of a listing that a call can have read: those that stood at some time after it was sent.
    private func states(_ listing: AuctionModel.Listing, _ call: Call) -> ArraySlice<AuctionModel.Shown> {
        let floor = call.floors[.auction] ?? 0
        let first = listing.history.lastIndex { $0.sequence <= floor } ?? 0
        return listing.history[first...]
    }

    func judgeListing(_ claim: Claim, _ auction: AuctionModel) throws {
        let detail = try ListingDetail(decoding: claim.body)
        let entities = entities(claim.call, "listing \(detail.listing)")
        guard let listing = auction.listings[detail.listing.raw] else {
            if auction.removed.contains(detail.listing.raw), isOperator(claim.call, auction) { return }
            return findings.report(
                .readIsTrue, "listing \(detail.listing): expected none, found one shown", entities)
        }
        let isOwn = listing.seller == claim.call.party
        let matching = states(listing, claim.call).filter { state in
            state.stage == detail.stage && state.price == detail.price.minor && state.bids == Int(detail.bids)
                && state.endsAt == detail.endsAt && state.round == detail.round
                && (state.leader == claim.call.party && state.leader != 0) == detail.leading
        }
        guard !matching.isEmpty, detail.own == isOwn else {
            let states = states(listing, claim.call).suffix(3)
            return findings.report(
                .readIsTrue,
                "listing \(listing.id): expected one of \(states.map { "\($0.stage) at \($0.price) after \($0.bids) bids" }), found \(detail.stage) at \(detail.price.minor) after \(detail.bids), own \(detail.own), leading \(detail.leading)",
                entities)
        }
        let hidden: Set<ListingStage> = [.claiming, .deleted, .suspended, .objected]
        let isHidden = hidden.contains(detail.stage) || listing.marketplace != claim.call.marketplace
        if isHidden, !isOwn, !isOperator(claim.call, auction) {
            findings.report(
                .absentIsAbsent,
                "listing \(listing.id): expected it absent for party \(claim.call.party), found it in stage \(detail.stage)",
                entities)
        }
    }

    func judgeSearch(_ claim: Claim, _ auction: AuctionModel) throws {
        for entry in try ListingPage(decoding: claim.body).listings {
            let entities = entities(claim.call, "listing \(entry.listing)")
            guard let listing = auction.listings[entry.listing.raw],
                listing.marketplace == claim.call.marketplace || isOperator(claim.call, auction)
            else {
                findings.report(
                    .absentIsAbsent, "listing \(entry.listing): expected it in no search, found it", entities)
                continue
            }
            let fits = states(listing, claim.call).contains { state in
                state.stage == .open && state.price == entry.price.minor && state.bids == Int(entry.bids)
                    && state.endsAt == entry.endsAt
            }
            guard !fits else { continue }
            findings.report(
                .readIsTrue,
                "listing \(listing.id): expected it open at a price of its own in a search, found \(entry.price.minor) after \(entry.bids) bids",
                entities)
        }
    }

    /// Whose a bid is stays hidden, and so does what a leader would go up to.
    func judgeHistory(_ claim: Claim, _ auction: AuctionModel) throws {
        let query = try asked(claim.call, BidHistory.self)
        guard let listing = auction.listings[query.listing.raw] else { return }
        for entry in try BidHistoryPage(decoding: claim.body).bids {
            let entities = entities(claim.call, "listing \(listing.id)", "bid \(entry.bid)")
            guard let bid = listing.decided.first(where: { $0.id == entry.bid.raw }) else { continue }
            let isOwn = bid.party == claim.call.party
            if entry.own != isOwn || entry.amount.minor > bid.amount {
                findings.report(
                    .readIsTrue,
                    "bid \(bid.id): expected own \(isOwn) and at most \(bid.amount), found \(entry.own) and \(entry.amount.minor)",
                    entities)
            }
            let highest = states(listing, claim.call).map(\.price).max() ?? 0
            // To the leader its own maximum is shown.
            if entry.stage == .leading, !isOwn, listing.policy.bidding == .proxy, entry.amount.minor > highest
            {
                findings.report(
                    .absentIsAbsent,
                    "bid \(bid.id): expected no more of the leader's maximum than the price \(highest), found \(entry.amount.minor)",
                    entities)
            }
        }
    }

    // MARK: Orders

    func judgeOrder(_ view: OrderView, _ claim: Claim, _ auction: AuctionModel) {
        let entities = entities(claim.call, "order \(view.order)")
        guard let order = auction.orders[view.order.raw] else {
            return findings.report(
                .readIsTrue, "order \(view.order): expected none, found it shown", entities)
        }
        let isBuyer = order.buyer == claim.call.party
        let isParty = isBuyer || order.listing.seller == claim.call.party
        if !isParty, !isOperator(claim.call, auction) {
            findings.report(
                .absentIsAbsent,
                "order \(order.id): expected it absent for party \(claim.call.party), found it",
                entities)
        }
        if !isBuyer, !view.grant.isNone {
            findings.report(
                .absentIsAbsent, "order \(order.id): expected the grant for its buyer alone, found it shown",
                entities)
        }
        let floor = claim.call.floors[.auction] ?? 0
        let first = order.history.lastIndex { $0.sequence <= floor } ?? 0
        let stages = order.history[first...].map(\.stage)
        if !stages.contains(view.stage) || view.buyer.raw != order.buyer || view.price.minor != order.price {
            findings.report(
                .readIsTrue,
                "order \(order.id): expected party \(order.buyer), \(order.price) and a stage of \(stages), found party \(view.buyer), \(view.price.minor) and \(view.stage)",
                entities)
        }
    }

    /// What concerns an order, a case or a document is for its parties and operators.
    func judgeAbsence(_ claim: Claim, _ auction: AuctionModel, _ wallet: WalletModel) throws {
        let (order, what): (UInt64, String)
        switch claim.call.code {
        case GetCase.code: (order, what) = (try CaseDetails(decoding: claim.body).summary.order.raw, "case")
        case ReadConversation.code:
            (order, what) = (try asked(claim.call, ReadConversation.self).order.raw, "conversation")
        case GetMeeting.code, RequestCancellation.code, AnswerCancellation.code:
            (order, what) = (try MeetingView(decoding: claim.body).order.raw, "appointment")
        case ReadContract.code:
            (order, what) = (try ContractDocument(decoding: claim.body).terms.order.raw, "contract")
        case GetInvoice.code:
            let document = try InvoiceDocument(decoding: claim.body)
            (order, what) = (document.summary.order.raw, "invoice")
            let recipient =
                document.summary.subject == .order ? wallet.sales[order]?.buyer : wallet.feeBearers[order]
            guard recipient != claim.call.party else { return }
        default: return
        }
        guard let known = auction.orders[order], !isOperator(claim.call, auction) else { return }
        let parties = what == "invoice" ? [] : [known.buyer, known.listing.seller]
        guard !parties.contains(claim.call.party) else { return }
        findings.report(
            .absentIsAbsent,
            "the \(what) of order \(order): expected it absent for party \(claim.call.party), found it",
            entities(claim.call, "order \(order)"))
    }

    // MARK: Money

    func judgeBalance(_ claim: Claim, _ auction: AuctionModel, _ wallet: WalletModel) throws {
        let details = try BalanceDetails(decoding: claim.body)
        let entities = entities(claim.call, "wallet of party \(details.party)")
        if details.party.raw != claim.call.party, !isOperator(claim.call, auction) {
            findings.report(
                .absentIsAbsent,
                "the balance of party \(details.party): expected it absent for party \(claim.call.party), found it",
                entities)
        }
        guard let held = details.held, let available = details.available else { return }
        let key = WalletModel.Key(
            marketplace: details.marketplace.raw, party: details.party.raw,
            currency: details.posted.currency.rawValue, kind: .wallet)
        let adds = details.posted.minor - held.minor == available.minor
        let floor = claim.call.floors[.wallet] ?? 0
        guard !adds || !wallet.couldShow(key, posted: details.posted.minor, held: held.minor, since: floor)
        else { return }
        let account = wallet.accounts[key] ?? WalletModel.Account()
        findings.report(
            .balanceIsLedger,
            "party \(details.party): expected a balance of its ledger, now \(account.posted) with \(account.held) held, found \(details.posted.minor), \(held.minor) held and \(available.minor) available",
            entities)
    }

    func judgeDashboard(_ claim: Claim, _ wallet: WalletModel) throws {
        let dashboard = try Dashboard(decoding: claim.body)
        for (balance, available) in zip(dashboard.balance, dashboard.available) {
            let key = WalletModel.Key(
                marketplace: claim.call.marketplace, party: claim.call.party,
                currency: balance.currency.rawValue, kind: .wallet)
            let floor = claim.call.floors[.wallet] ?? 0
            let held = balance.minor - available.minor
            guard !wallet.couldShow(key, posted: balance.minor, held: held, since: floor) else { continue }
            findings.report(
                .balanceIsLedger,
                "party \(claim.call.party): expected a balance of its ledger on the dashboard, found \(balance.minor) with \(held) held",
                entities(claim.call))
        }
    }
}
