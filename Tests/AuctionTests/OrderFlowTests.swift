import Kernel
import Messages
import Testing

private let tick = Duration64(microseconds: 1)

@Suite("Orders from award to payout") struct OrderFlowTests {
    typealias Bench = AuctionBench

    @Test("A12 A18 paid, then revealed: both are told, the conversation opens") func revealed() throws {
        let bench = try Bench()
        let order = try bench.award()
        #expect(try bench.said(GrantReveal.self).isEmpty)
        try bench.pay(order)
        let reveal = try #require(try bench.said(GrantReveal.self).last)
        #expect(reveal.party == Bench.anna && reveal.purpose.hasPrefix("A12"))
        try bench.reveal(order)
        #expect(try bench.told(.contactRevealed) == [Bench.anna])
        #expect(try bench.told(.paymentReceived) == [Bench.seller])
        #expect(try bench.told(.handoverTips) == [Bench.seller])
        #expect(try bench.said(OpenConversation.self).map(\.members) == [[Bench.anna, Bench.seller]])
        #expect(try bench.said(OrderOpened.self).map(\.order) == [order])
        #expect(try bench.order(order, as: Bench.anna).grant == GrantID(88))
        #expect(try bench.order(order, as: Bench.seller).grant == .none)
        #expect(throws: Refusal(.notFound)) { try bench.order(order, as: Bench.boris) }
        var handover = ConfirmHandover()
        handover.order = order
        #expect(bench.refusal(try bench.send(handover, as: Bench.anna)) == .notFound)
        try bench.send(handover, as: Bench.seller)
        #expect(try bench.order(order).handedOverAt == bench.now)
    }

    @Test("A13 the payout comes by itself, strictly later than the last objection") func payout() throws {
        let bench = try Bench()
        let order = try bench.revealedOrder()
        let revealed = bench.now
        try bench.pass(to: revealed + .days(7))
        #expect(try bench.said(PayOutOrder.self).isEmpty)
        try bench.pass(to: revealed + .days(7) + tick)
        #expect(try bench.said(PayOutOrder.self).map(\.order) == [order])
        var settled = PayoutSettled()
        settled.order = order
        try bench.hear(settled, from: .wallet)
        #expect(try bench.order(order).stage == .paidOut)
    }

    private func freeze(_ bench: Bench, _ order: OrderID, byRule: Bool = false, party: PartyID = Bench.anna)
        throws
    {
        var freeze = FreezeOrder()
        freeze.order = order
        freeze.openedCase = CaseID(5)
        freeze.objectedAt = bench.now
        freeze.party = party
        freeze.byRule = byRule
        try bench.hear(freeze, from: .dispute)
    }

    private func settle(_ bench: Bench, _ order: OrderID, _ refund: Int64) throws {
        var settle = SettleOrder()
        settle.order = order
        settle.decidedCase = CaseID(5)
        settle.refund = Money(refund, .eur)
        settle.reason = "A14"
        try bench.hear(settle, from: .dispute)
    }

    private func refunded(_ bench: Bench, _ order: OrderID, _ price: Int64 = 10_000) throws {
        var refunded = OrderRefunded()
        refunded.order = order
        refunded.refunded = Money(price, .eur)
        refunded.creditNoteNumber = "2026-G1"
        try bench.hear(refunded, from: .wallet)
    }

    @Test("A14 an objection at the very end stops the payout; upheld, the price goes back") func objection()
        throws
    {
        let bench = try Bench()
        let order = try bench.revealedOrder()
        try bench.pass(to: bench.now + .days(7))
        try freeze(bench, order)
        #expect(try bench.said(OrderFrozen.self).map(\.paidOut) == [false])
        try bench.pass(to: bench.now + .days(30))
        #expect(try bench.said(PayOutOrder.self).isEmpty)
        try settle(bench, order, 10_000)
        #expect(try bench.said(RefundOrder.self).map(\.refund) == [Money(10_000, .eur)])
        try refunded(bench, order)
        #expect(try bench.said(OrderSettled.self).map(\.creditNoteNumber) == ["2026-G1"])
        #expect(try bench.order(order).stage == .refunded)
        #expect(try bench.told(.orderRefunded) == [Bench.anna, Bench.seller])
        try freeze(bench, order)
        #expect(try bench.said(OrderFreezeRefused.self).map(\.reason) == [.orderNotFrozen])
    }

    @Test("A14 an objection rejected lets the payout go on") func rejected() throws {
        let bench = try Bench()
        let order = try bench.revealedOrder()
        try freeze(bench, order)
        try bench.pass(to: bench.now + .days(10))
        try settle(bench, order, 0)
        try bench.pass(to: bench.now)
        #expect(try bench.said(PayOutOrder.self).map(\.order) == [order])
        #expect(try bench.said(OrderSettled.self).map(\.refunded.minor) == [0])
    }

    @Test("A17 a report by rule refunds also after the payout") func afterPayout() throws {
        let bench = try Bench()
        let order = try bench.revealedOrder()
        try bench.pass(to: bench.now + .days(8))
        var settled = PayoutSettled()
        settled.order = order
        try bench.hear(settled, from: .wallet)
        try freeze(bench, order)
        #expect(try bench.said(OrderFreezeRefused.self).map(\.reason) == [.windowClosed])
        try freeze(bench, order, byRule: true, party: Bench.seller)
        #expect(try bench.said(OrderFrozen.self).map(\.paidOut) == [true])
        try settle(bench, order, 10_000)
        try refunded(bench, order)
        #expect(try bench.order(order).stage == .refunded)
    }

    @Test("A14 A17 a part is refunded, the rest paid out; a later report refunds what is left") func inParts()
        throws
    {
        let bench = try Bench()
        let order = try bench.revealedOrder()
        try freeze(bench, order)
        try settle(bench, order, 4_000)
        try refunded(bench, order, 4_000)
        #expect(try bench.order(order).stage == .revealed)
        try bench.pass(to: bench.now + .days(8))
        #expect(try bench.said(PayOutOrder.self).count == 1)
        try freeze(bench, order, byRule: true)
        var paidOut = PayoutSettled()
        paidOut.order = order
        try bench.hear(paidOut, from: .wallet)
        #expect(try bench.order(order).stage == .frozen)
        try settle(bench, order, 10_000)
        #expect(try bench.said(RefundOrder.self).map(\.refund.minor) == [4_000, 6_000])
        try refunded(bench, order, 6_000)
        #expect(try bench.order(order).stage == .refunded)
        #expect(try bench.order(order).refunded == Money(10_000, .eur))
    }

    @Test("A19 a hold that cannot be captured leaves the order unpaid until its deadline") func holdGone()
        throws
    {
        let bench = try Bench()
        let order = try bench.award()
        try bench.refusePayment(order)
        #expect(try bench.order(order).stage == .awaitingPayment)
        #expect(try bench.told(.paymentDue) == [Bench.anna])
        var pay = PayOrder()
        pay.order = order
        let sent = try bench.send(pay, as: Bench.anna)
        #expect(try bench.said(CollectOrder.self).map(\.hold.isNone) == [false, true])
        try bench.pay(order)
        #expect(try bench.answer(sent, OrderPaid.self) != nil)
    }

    @Test("F4 F5 a contact that is gone is refunded, and never revealed") func gone() throws {
        let bench = try Bench()
        let order = try bench.award()
        try bench.pay(order)
        var refused = RevealRefused()
        refused.order = order
        try bench.hear(refused, from: .contactVault)
        #expect(try bench.said(RefundOrder.self).map(\.refund) == [Money(10_000, .eur)])
        try refunded(bench, order)
        #expect(try bench.order(order).stage == .refunded)
        #expect(try bench.said(OrderOpened.self).isEmpty)
    }

    @Test("F10 an objection while the money is on its way: refunded, not revealed")
    func objectedWhileCollecting() throws {
        let bench = try Bench()
        let order = try bench.award()
        var objection = ProspectObjected()
        objection.contact = ContactID(1)
        try bench.hear(objection, from: .contactVault)
        try bench.pay(order)
        #expect(try bench.said(GrantReveal.self).isEmpty)
        #expect(try bench.said(RefundOrder.self).count == 1)
    }

    private func afterAward() throws -> (Bench, OrderID) {
        let bench = try Bench { $0.payment = .afterAward }
        let listing = try bench.openListing()
        for (party, amount) in [(Bench.boris, Int64(8_000)), (Bench.anna, 10_000)] {
            let sent = try bench.bid(listing, amount, as: party)
            #expect(try bench.answer(sent, BidPlaced.self)?.leading == true)
        }
        #expect(try bench.said(PlaceHold.self).isEmpty)
        try bench.pass(to: publicationTime + .days(2))
        var query = ListTrades()
        query.section = .won
        let order = try #require(try bench.ask(query, as: Bench.anna).trades.first).order
        return (bench, order)
    }

    @Test("A19 the winner pays within the deadline, with a second try") func paysLater() throws {
        let (bench, order) = try afterAward()
        var pay = PayOrder()
        pay.order = order
        let first = try bench.send(pay, as: Bench.anna)
        try bench.refusePayment(order)
        #expect(bench.refusal(first) == .insufficientFunds)
        let second = try bench.send(pay, as: Bench.anna)
        try bench.pay(order)
        #expect(try bench.answer(second, OrderPaid.self)?.invoiceNumber == "2026-000001")
        #expect(bench.refusal(try bench.send(pay, as: Bench.anna)) == .wrongState)
        try bench.pass(to: bench.now + .days(5))
        #expect(try bench.told(.paymentLapsed).isEmpty)
    }

    @Test("A19 the deadline lapses: a strike, and an offer to the runner-up at its own bid") func lapses()
        throws
    {
        let (bench, order) = try afterAward()
        try bench.pass(to: bench.now + .hours(48))
        #expect(try bench.order(order).stage == .lapsed)
        #expect(try bench.told(.paymentLapsed) == [Bench.anna, Bench.seller])
        let offer = try #require(try bench.said(Notify.self).last { $0.event == .runnerUpOffer })
        #expect(offer.party == Bench.boris)
        #expect(try bench.order(offer.order, as: Bench.boris).price == Money(8_000, .eur))
        var answer = AnswerOffer()
        answer.order = offer.order
        answer.accept = true
        #expect(bench.refusal(try bench.send(answer, as: Bench.anna)) == .notFound)
        let sent = try bench.send(answer, as: Bench.boris)
        try bench.pay(offer.order)
        #expect(try bench.answer(sent, OfferAnswered.self)?.stage == .revealing)
        #expect(bench.refusal(try bench.send(answer, as: Bench.boris)) == .wrongState)
    }

    @Test("A19 the runner-up is free to leave the offer, also by silence") func declines() throws {
        let (bench, _) = try afterAward()
        try bench.pass(to: bench.now + .hours(48))
        let offer = try #require(try bench.said(Notify.self).last { $0.event == .runnerUpOffer })
        try bench.pass(to: bench.now + .hours(24))
        #expect(try bench.told(.offerLapsed) == [Bench.boris])
        #expect(try bench.order(offer.order).stage == .declined)
        #expect(try bench.detail(offer.listing).stage == .expired)
        #expect(try bench.said(ReleaseContact.self).count == 1)
        var relist = RelistListing()
        relist.listing = offer.listing
        #expect(bench.refusal(try bench.send(relist, as: Bench.seller)) == .hasBids)
    }

    @Test("A19 a payment under way at the deadline is waited for") func underWay() throws {
        let (bench, order) = try afterAward()
        let deadline = bench.now + .hours(48)
        try bench.pass(to: deadline - tick)
        var pay = PayOrder()
        pay.order = order
        let sent = try bench.send(pay, as: Bench.anna)
        try bench.pass(to: deadline)
        #expect(try bench.order(order).stage == .collecting)
        try bench.refusePayment(order)
        #expect(bench.refusal(sent) == .insufficientFunds)
        #expect(try bench.order(order).stage == .lapsed)
    }

    @Test("A19 strikes suspend the buyer") func strikes() throws {
        let bench = try Bench {
            $0.payment = .afterAward
            $0.strikesToSuspension = 2
        }
        for round in 1...2 {
            let listing = try bench.openListing {
                $0.contact = ContactID(UInt64(round))
                $0.inquiredAt = bench.now
            }
            _ = try bench.bid(listing, 10_000, as: Bench.anna)
            try bench.pass(to: bench.now + .days(5))
            #expect(try bench.said(SuspendForCause.self).count == (round == 2 ? 1 : 0))
        }
    }

    @Test("A9 a hold's deadline: extended while needed, then given back") func holdDue() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        var due = HoldDue()
        due.hold = try #require(try bench.said(PlaceHold.self).last).hold
        try bench.hear(due, from: .wallet)
        #expect(try bench.said(ExtendHold.self).map(\.hold) == [due.hold])
        try bench.coveredBid(listing, 20_000, as: Bench.boris)
        bench.forget()
        try bench.hear(due, from: .wallet)
        #expect(try bench.said(ReleaseHold.self).map(\.hold) == [due.hold])
        due.hold = HoldID(999_999)
        try bench.hear(due, from: .wallet)
        #expect(try bench.said(DisownHold.self).map(\.hold) == [due.hold])
    }

    @Test("A11 won, sold, running and expired, counted and listed") func trades() throws {
        let bench = try Bench()
        let order = try bench.revealedOrder()
        let running = try bench.openListing {
            $0.contact = ContactID(2)
            $0.inquiredAt = bench.now
        }
        try bench.coveredBid(running, 10_000, as: Bench.anna)
        let buyer = try bench.ask(GetTradeSummary(), as: Bench.anna)
        #expect([buyer.won, buyer.sold, buyer.running, buyer.expired] == [1, 0, 1, 0])
        let seller = try bench.ask(GetTradeSummary(), as: Bench.seller)
        #expect([seller.won, seller.sold, seller.running, seller.expired] == [0, 1, 1, 0])
        var query = ListTrades()
        #expect(try bench.ask(query, as: Bench.anna).trades.map(\.order) == [order])
        query.section = .running
        #expect(try bench.ask(query, as: Bench.anna).trades.map(\.leading) == [true])
        #expect(try bench.ask(query, as: Bench.seller).trades.map(\.selling) == [true])
        query.section = .sold
        #expect(try bench.ask(query, as: Bench.seller).trades.map(\.orderStage) == [.revealed])
        #expect(try bench.ask(ListOrders(), as: Bench.support).orders.map(\.order) == [order])
        #expect(throws: Refusal(.forbidden)) { try bench.ask(ListOrders(), as: Bench.anna) }
    }
}
