import AuctionRules
import Kernel
import Messages
import Testing

private let tick = Duration64(microseconds: 1)
private let back = Duration64(microseconds: -1)

@Suite("Listings and orders in time") struct LifecycleTests {
    private let end = Instant(microseconds: 1_000_000_000)

    @Test("A11 a bid one microsecond before the end counts, one at the end does not") func endOfBids() {
        func reason(_ stage: ListingStage, _ now: Instant) -> RefusalCode? {
            ListingRules.refusalOfBid(stage: stage, endsAt: end, now: now)?.reason
        }
        #expect(reason(.open, end + back) == nil)
        #expect(reason(.open, end) == .listingClosed)
        #expect(reason(.suspended, end + back) == .suspended)
        for stage in ListingStage.allCases where stage != .open && stage != .suspended {
            #expect(reason(stage, end + back) == .listingClosed, "\(stage)")
        }
    }

    @Test("A7 a listing is deleted before the award, never after") func deletion() {
        let table: [(ListingStage, Bool)] = [
            (.claiming, false), (.open, true), (.closing, false), (.awarded, false), (.sold, false),
            (.expired, true), (.deleted, false), (.suspended, true), (.objected, false),
        ]
        for (stage, allowed) in table {
            let refusal = ListingRules.refusalOfDeletion(stage: stage, endsAt: end, now: end + back)
            #expect((refusal == nil) == allowed, "\(stage)")
        }
        #expect(ListingRules.refusalOfDeletion(stage: .open, endsAt: end, now: end) != nil)
    }

    @Test("A8 one second round, only after a first without a bid") func secondRound() {
        let inquired = end + .days(-30)
        func reason(
            _ stage: ListingStage, _ round: UInt8, _ bids: UInt32, now: Instant
        ) -> RefusalCode? {
            let ended = EndedRound(
                stage: stage, round: round, bids: bids, inquiredAt: inquired, duration: .days(2))
            return ListingRules.refusalOfSecondRound(ended, by: Policy(), now: now)?.reason
        }
        #expect(reason(.expired, 1, 0, now: end) == nil)
        #expect(reason(.open, 1, 0, now: end) == .wrongState)
        #expect(reason(.expired, 1, 1, now: end) == .hasBids)
        #expect(reason(.expired, 2, 0, now: end) == .secondRoundUsed)
        #expect(reason(.expired, 1, 0, now: end + .days(3)) == nil)
        #expect(reason(.expired, 1, 0, now: end + .days(3) + tick) == .inquiryTooOld)
    }

    @Test("A11 the award waits for bids that arrived before the end") func atEnd() {
        #expect(ListingRules.atEnd(waitingBids: true, hasLead: true) == .awaitBids)
        #expect(ListingRules.atEnd(waitingBids: true, hasLead: false) == .awaitBids)
        #expect(ListingRules.atEnd(waitingBids: false, hasLead: true) == .award)
        #expect(ListingRules.atEnd(waitingBids: false, hasLead: false) == .expire)
    }

    @Test("A13 A14 the payout is strictly later than the last objection") func payout() {
        let revealed = Instant(microseconds: 5)
        var policy = Policy()
        #expect(OrderRules.objectionUntil(revealedAt: revealed, by: policy) == revealed + .days(7))
        #expect(OrderRules.payoutAt(revealedAt: revealed, by: policy) == revealed + .days(7) + tick)
        policy.holdPeriod = .days(9)
        #expect(OrderRules.payoutAt(revealedAt: revealed, by: policy) == revealed + .days(9))
    }

    @Test("A14 A17 who may stop an order, and when") func freeze() {
        let policy = Policy()
        let revealed = Instant(microseconds: 1_000)
        let last = revealed + policy.objectionWindow
        let table: [(OrderStage, UInt64, Bool, Instant, String)] = [
            (.revealed, 1, false, last, "frozen"),
            (.revealed, 1, false, last + tick, "windowClosed"),
            (.payingOut, 1, false, last, "frozen, paid out"),
            (.paidOut, 1, false, last + tick, "windowClosed"),
            (.revealed, 2, false, last, "notFound"),
            (.revealed, 3, true, last, "notFound"),
            (.revealed, 2, true, last + .days(100), "frozen"),
            (.paidOut, 1, true, last + .days(100), "frozen, paid out"),
            (.payoutDeclined, 2, true, last + .days(100), "frozen, paid out"),
            (.frozen, 1, false, last, "caseOpen"),
            (.refunded, 1, true, last, "orderNotFrozen"),
            (.refunding, 1, true, last, "orderNotFrozen"),
            (.revealing, 1, false, last, "notRevealed"),
            (.awaitingPayment, 1, false, last, "notRevealed"),
        ]
        for (stage, party, byRule, at, expected) in table {
            let order = FreezableOrder(
                stage: stage, buyer: PartyID(1), seller: PartyID(2), revealedAt: revealed, openCase: .none)
            var request = FreezeOrder()
            request.party = PartyID(party)
            request.byRule = byRule
            request.objectedAt = at
            let found: String
            switch OrderRules.freeze(order, by: request, policy: policy) {
            case .frozen(let paidOut): found = paidOut ? "frozen, paid out" : "frozen"
            case .refused(let refusal): found = "\(refusal.reason)"
            }
            #expect(found == expected, "\(stage) party \(party) byRule \(byRule)")
        }
    }

    @Test("A14 after a verdict the rest goes on; never more than the price is refunded") func settlement() {
        let price = Money(10_000, .eur)
        func settle(_ refund: Int64, _ rest: OrderStage, refunded: Int64 = 0) -> Settlement {
            OrderRules.settle(refund: Money(refund, .eur), price: price, refunded: refunded, rest: rest)
        }
        func after(_ refunded: Int64, _ rest: OrderStage) -> OrderStage {
            OrderRules.afterRefund(refunded: refunded, price: price, rest: rest)
        }
        #expect(settle(0, .revealed) == .goesOn(.revealed))
        #expect(settle(0, .paidOut) == .goesOn(.paidOut))
        #expect(settle(4_000, .revealed) == .refund(Money(4_000, .eur)))
        #expect(settle(20_000, .paidOut) == .refund(price))
        #expect(settle(10_000, .paidOut, refunded: 4_000) == .refund(Money(6_000, .eur)))
        #expect(after(10_000, .paidOut) == .refunded)
        #expect(after(9_999, .revealed) == .revealed)
        #expect(after(1, .paidOut) == .paidOut)
    }

    @Test("A19 a refused payment may be repeated until the deadline, and lapses at it") func unpaid() {
        func after(_ offered: Bool, _ now: Instant, stopped: Bool = false) -> UnpaidOrder {
            OrderRules.afterRefusedPayment(offered: offered, deadline: end, stopped: stopped, now: now)
        }
        #expect(after(false, end + back) == .waits(.awaitingPayment))
        #expect(after(false, end) == .lapsed)
        #expect(after(true, end + back) == .waits(.offered))
        #expect(after(true, end) == .declined)
        #expect(after(true, end + back, stopped: true) == .cancelled)
    }

    @Test("A19 strikes suspend a buyer at the policy's number; zero never") func strikes() {
        var policy = Policy()
        #expect(!OrderRules.suspends(strikes: 2, by: policy))
        #expect(OrderRules.suspends(strikes: 3, by: policy))
        policy.strikesToSuspension = 0
        #expect(!OrderRules.suspends(strikes: 200, by: policy))
    }

    @Test("A5 A16 only registered, verified parties act, in their role") func parties() {
        let table: [(PartyState?, Roles, Roles, RefusalCode?)] = [
            (nil, .buyer, .buyer, .notVerified), (.registered, .buyer, .buyer, .notVerified),
            (.confirmed, .buyer, .buyer, .notVerified), (.closed, .buyer, .buyer, .notVerified),
            (.suspended, .buyer, .buyer, .suspended), (.verified, .buyer, .buyer, nil),
            (.verified, .seller, .buyer, .forbidden), (.verified, [.seller, .buyer], .buyer, nil),
        ]
        for (state, roles, needed, expected) in table {
            #expect(PartyRules.refusal(state: state, roles: roles, needed: needed)?.reason == expected)
        }
    }
}

@Suite("The guided set-up") struct SetupTests {
    @Test("A2 every project type asks, with required questions and texts in three languages")
    func questions() {
        for projectType in ProjectType.allCases {
            let questions = GuideQuestion.asked(about: projectType)
            #expect(questions.contains { $0.isRequired }, "\(projectType)")
            for question in questions {
                let texts = Language.allCases.map { question.text(in: $0) }
                #expect(texts.allSatisfy { !$0.isEmpty && $0.utf8.count <= 300 }, "\(question)")
                #expect(Set(texts).count == texts.count, "\(question)")
            }
        }
        for language in Language.allCases { #expect(SetupTexts.clause(in: language).utf8.count <= 2_000) }
    }

    @Test("A2 quartiles by nearest rank, from eight amounts on") func quartiles() {
        #expect(Quartiles(of: [1, 2, 3, 4, 5, 6, 7]) == nil)
        let eight = Quartiles(of: [80, 10, 70, 20, 60, 30, 50, 40])
        #expect(eight?.low == 20)
        #expect(eight?.median == 40)
        #expect(eight?.high == 60)
        let nine = Quartiles(of: [9, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(nine?.low == 3)
        #expect(nine?.median == 5)
        #expect(nine?.high == 7)
    }
}
