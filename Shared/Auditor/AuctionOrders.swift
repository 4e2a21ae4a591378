import Kernel
import Messages

/// An order's way from the award to its payout or refund (A12-A14, A17, A19).
extension AuctionModel {
    func applyToOrders(_ row: JournalRow) throws {
        switch row.code {
        case ListingEnds.code:
            let message = try row.decoded(ListingEnds.self)
            deadlines.fired(row, message.listing.raw, "auction", findings)
            ends(message, row)
        case ListingReviewFallsDue.code:
            let message = try row.decoded(ListingReviewFallsDue.self)
            deadlines.fired(row, message.listing.raw, "auction", findings)
            guard let listing = listings[message.listing.raw], listing.stage == .open else { return }
            reviews[row.made()] = listing.id
            deadlines.set(row.code, listing.id, at: row.due + listing.policy.reviewInterval)
        case SellerReviewFallsDue.code:
            let seller = try row.decoded(SellerReviewFallsDue.self).seller.raw
            deadlines.fired(row, seller, "auction", findings)
            guard let party = parties[seller], party.state != .closed,
                let (_, policy) = policies.newest(party.marketplace)
            else { return }
            deadlines.set(
                row.code, seller,
                at: max(row.due + policy.reviewInterval, row.at + Duration64(microseconds: 1)))
        case ReportListing.code: reviews[row.made()] = try row.decoded(ReportListing.self).listing.raw
        case PayOrder.code: pay(try row.decoded(PayOrder.self).order.raw, row)
        case AnswerOffer.code: answerOffer(try row.decoded(AnswerOffer.self), row)
        case PaymentLapses.code:
            let id = try row.decoded(PaymentLapses.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            if let order = orders[id], order.stage == .awaitingPayment { lapse(order, row) }
        case OfferLapses.code:
            let id = try row.decoded(OfferLapses.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            if let order = orders[id], order.stage == .offered { decline(order, row) }
        case OrderPaidFor.code: paidFor(try row.decoded(OrderPaidFor.self), row)
        case PaymentRefused.code: paymentRefused(try row.decoded(PaymentRefused.self), row)
        case RevealGranted.code: revealed(try row.decoded(RevealGranted.self), row)
        case RevealRefused.code:
            guard let order = orders[try row.decoded(RevealRefused.self).order.raw], order.stage == .revealing
            else { return }
            move(order, to: .refunding)
        default: try applyToPayouts(row)
        }
    }

    private func applyToPayouts(_ row: JournalRow) throws {
        switch row.code {
        case PayoutFallsDue.code:
            let id = try row.decoded(PayoutFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let order = orders[id], order.stage == .revealed else { return }
            move(order, to: .payingOut)
            order.rest = .payingOut
        case PayoutSettled.code: endPayout(try row.decoded(PayoutSettled.self).order.raw, as: .paidOut)
        case PayoutDeclined.code:
            endPayout(try row.decoded(PayoutDeclined.self).order.raw, as: .payoutDeclined)
        case FreezeOrder.code: freeze(try row.decoded(FreezeOrder.self), row)
        case SettleOrder.code: settle(try row.decoded(SettleOrder.self), row)
        case OrderRefunded.code: refunded(try row.decoded(OrderRefunded.self), row)
        default: break
        }
    }

    func move(_ order: Order, to stage: OrderStage) {
        order.stage = stage
        if order.history.last?.sequence == current { order.history.removeLast() }
        order.history.append((current, stage))
        touchedOrders.insert(order.id)
    }

    private func expectStage(_ order: Order, _ stage: OrderStage, _ row: JournalRow) {
        guard order.stage != stage || order.buyer != row.party || row.at >= order.deadline else { return }
        findings.report(
            .orderLifeCycle,
            "order \(order.id): expected its buyer in stage \(stage) before \(order.deadline.iso8601), found party \(row.party) in stage \(order.stage) at \(row.at.iso8601)",
            ["order \(order.id)"])
    }

    private func pay(_ id: UInt64, _ row: JournalRow) {
        guard let order = orders[id] else { return }
        expectStage(order, .awaitingPayment, row)
        order.ticket = true
        move(order, to: .collecting)
    }

    private func answerOffer(_ command: AnswerOffer, _ row: JournalRow) {
        guard let order = orders[command.order.raw] else { return }
        expectStage(order, .offered, row)
        guard command.accept else { return decline(order, row) }
        order.ticket = true
        move(order, to: .collecting)
    }

    private func lapse(_ order: Order, _ row: JournalRow) {
        move(order, to: .lapsed)
        strike(order)
        offer(order.listing, after: order.buyer, row)
    }

    /// Who does not pay gets a strike; so many suspend, and each one after them again (A19).
    private func strike(_ order: Order) {
        parties[order.buyer, default: Party()].strikes += 1
        touchedParties.insert(order.buyer)
        let most = Int(order.listing.policy.strikesToSuspension)
        if most > 0, parties[order.buyer]?.strikes ?? 0 >= most {
            suspensions[order.buyer, default: 0] += 1
            rules.note(.model("strikes"))
        }
    }

    private func decline(_ order: Order, _ row: JournalRow) {
        move(order, to: .declined)
        deadlines.cancel(OfferLapses.code, order.id)
        expire(order.listing, row)
    }

    private func paidFor(_ message: OrderPaidFor, _ row: JournalRow) {
        guard let order = orders[message.order.raw], order.stage == .collecting else { return }
        order.isPaid = true
        order.paidAt = row.at
        order.invoice = message.invoice.raw
        order.ticket = false
        deadlines.cancel(PaymentLapses.code, order.id)
        deadlines.cancel(OfferLapses.code, order.id)
        let total = Cost(of: order.price, order.listing.policy).total
        if message.total.minor != total {
            findings.report(
                .invoicesAreLedger,
                "order \(order.id): expected a total of \(total), found \(message.total.minor)",
                ["order \(order.id)"])
        }
        guard order.listing.stage == .awarded else { return move(order, to: .refunding) }
        order.listing.stage = .sold
        touch(order.listing, row)
        move(order, to: .revealing)
        if order.listing.policy.mode == .preliminaryCall { leadSold(order, row) }
    }

    private func paymentRefused(_ message: PaymentRefused, _ row: JournalRow) {
        guard let order = orders[message.order.raw], order.stage == .collecting else { return }
        order.ticket = false
        order.hold = 0
        if order.listing.policy.mode == .preliminaryCall { return leadUnpaid(order, row) }
        if order.listing.stage != .awarded { return move(order, to: .cancelled) }
        if row.at >= order.deadline { return order.isOffer ? decline(order, row) : lapse(order, row) }
        move(order, to: order.isOffer ? .offered : .awaitingPayment)
        if !order.isOffer { deadlines.set(PaymentLapses.code, order.id, at: order.deadline) }
    }

    private func revealed(_ message: RevealGranted, _ row: JournalRow) {
        if let order = orders[message.order.raw], !order.isPaid {
            findings.report(
                .noRevealBeforeCapture,
                "order \(order.id): expected the reveal after the price was taken, found it granted in stage \(order.stage)",
                ["order \(order.id)"])
        }
        guard let order = orders[message.order.raw], order.stage == .revealing else { return }
        let policy = order.listing.policy
        order.grant = message.grant.raw
        order.revealedAt = row.at
        order.rest = .revealed
        if policy.mode == .meetingAuction {
            move(order, to: .revealed)
            return beginMeeting(order, row)
        }
        // Strictly later than the last instant for an objection (A14).
        let last = row.at + policy.objectionWindow
        order.payoutAt = max(row.at + policy.holdPeriod, last + Duration64(microseconds: 1))
        move(order, to: .revealed)
        deadlines.set(PayoutFallsDue.code, order.id, at: order.payoutAt)
    }

    private func endPayout(_ id: UInt64, as stage: OrderStage) {
        guard let order = orders[id], order.rest == .payingOut else { return }
        order.rest = stage
        if order.stage == .payingOut { move(order, to: stage) }
    }

    private func freeze(_ message: FreezeOrder, _ row: JournalRow) {
        guard let order = orders[message.order.raw] else { return }
        let isParty =
            message.party.raw == order.buyer || message.byRule && message.party.raw == order.listing.seller
        let inTime =
            message.byRule || message.objectedAt <= order.revealedAt + order.listing.policy.objectionWindow
        let stages: [OrderStage] = [.revealed, .payingOut, .paidOut, .payoutDeclined]
        guard isParty, inTime, stages.contains(order.stage) else { return }
        order.rest = order.stage
        order.openCase = message.openedCase.raw
        move(order, to: .frozen)
        deadlines.cancel(PayoutFallsDue.code, order.id)
    }

    private func settle(_ message: SettleOrder, _ row: JournalRow) {
        guard let order = orders[message.order.raw], order.stage == .frozen,
            order.openCase == message.decidedCase.raw
        else { return }
        guard min(message.refund.minor, order.price - order.refunded) <= 0 else {
            return undoes(message) ? () : move(order, to: .refunding)
        }
        goOn(order, order.rest, row)
    }

    private func goOn(_ order: Order, _ stage: OrderStage, _ row: JournalRow) {
        order.openCase = 0
        move(order, to: stage)
        followCancellation(order, row)
        if meetings[order.id] != nil { return payMeeting(order, row) }
        if stage == .revealed {
            deadlines.set(PayoutFallsDue.code, order.id, at: max(row.at, order.payoutAt))
        }
    }

    private func refunded(_ message: OrderRefunded, _ row: JournalRow) {
        guard let order = orders[message.order.raw], order.stage == .refunding else { return }
        order.refunded += message.refunded.minor
        if order.refunded > order.price {
            findings.report(
                .refundWithinPaid,
                "order \(order.id): expected at most \(order.price) back, found \(order.refunded)",
                ["order \(order.id)"])
        }
        goOn(order, order.refunded >= order.price ? .refunded : order.rest, row)
    }
}
