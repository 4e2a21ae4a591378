import AuctionRules
import Kernel
import Messages
import Testing

@Suite("Preliminary calls and purchases at a fixed price") struct FixedPriceTests {
    typealias Bench = AuctionBench

    private static let seller = PartyID(1)
    private static let buyer = PartyID(2)
    private static let ends = publicationTime + .days(2)

    private static func listing(
        _ stage: ListingStage = .open, own: ActivationStage? = nil, mode: SalesMode = .preliminaryCall
    ) -> ListingAtFixedPrice {
        ListingAtFixedPrice(mode: mode, seller: seller, stage: stage, endsAt: ends, own: own)
    }

    @Test("D1 an activation is refused in order of precedence, exact at the listing's end")
    func activation() {
        func refusal(
            _ listing: ListingAtFixedPrice, by party: PartyID = Self.buyer, at now: Instant = publicationTime
        ) -> RefusalCode? {
            PreliminaryRules.refusalOfActivation(of: listing, by: party, now: now)?.reason
        }
        #expect(refusal(Self.listing()) == nil)
        #expect(refusal(Self.listing(), at: Self.ends - Duration64(microseconds: 1)) == nil)
        #expect(refusal(Self.listing(), at: Self.ends) == .listingClosed)
        #expect(refusal(Self.listing(.closing)) == .listingClosed)
        #expect(refusal(Self.listing(.suspended)) == .suspended)
        #expect(refusal(Self.listing(own: .active)) == .alreadyActivated)
        #expect(refusal(Self.listing(.sold, own: .active)) == .listingClosed)
        #expect(refusal(Self.listing(.sold), by: Self.seller) == .ownListing)
        #expect(refusal(Self.listing(mode: .leadAuction), by: Self.seller) == .wrongState)
    }

    @Test("D4 D7 a purchase: the first one, also beyond the end for whoever has an activation")
    func purchase() {
        func refusal(_ listing: ListingAtFixedPrice, at now: Instant = publicationTime) -> RefusalCode? {
            PreliminaryRules.refusalOfPurchase(of: listing, by: Self.buyer, now: now)?.reason
        }
        #expect(refusal(Self.listing()) == nil)
        #expect(refusal(Self.listing(), at: Self.ends) == .listingClosed)
        #expect(refusal(Self.listing(own: .active), at: Self.ends + .hours(1)) == nil)
        #expect(refusal(Self.listing(.closing, own: .active), at: Self.ends + .hours(1)) == nil)
        #expect(refusal(Self.listing(.closing)) == .listingClosed)
        #expect(refusal(Self.listing(own: .opening)) == .wrongState)
        // Somebody pays, the buyer itself or another.
        #expect(refusal(Self.listing(.awarded, own: .active)) == .listingClosed)
        #expect(refusal(Self.listing(.awarded, own: .buying)) == .listingClosed)
        #expect(refusal(Self.listing(.awarded)) == .listingClosed)
    }

    @Test("D2 the reserve is what ten minutes cost, in whole increments, and the attempt")
    func reserve() {
        var policy = Policy.preliminaryCall
        #expect(PreliminaryRules.reserve(by: policy) == Money(48_000, .rub))
        policy.preliminary.attemptFee = 19_900
        #expect(PreliminaryRules.reserve(by: policy) == Money(67_900, .rub))
        policy.preliminary.attemptFee = 0
        policy.preliminary.firstIncrement = 1
        policy.preliminary.nextIncrement = 7
        // 600 s are 1 and 86 steps of 7: 603 s.
        #expect(PreliminaryRules.reserve(by: policy) == Money(48_240, .rub))
    }

    @Test("D6 so many attempts suspend; zero never")
    func strikes() {
        var policy = Policy.preliminaryCall
        #expect(!PreliminaryRules.suspends(strikes: 2, by: policy))
        #expect(PreliminaryRules.suspends(strikes: 3, by: policy))
        policy.preliminary.fishingStrikes = 0
        #expect(!PreliminaryRules.suspends(strikes: 1_000, by: policy))
    }

    @Test(
        "D1 a proxy number has 7 to 15 digits and a country code",
        arguments: [
            ("7495123", true), ("749512345678901", true), ("749512", false), ("7495123456789012", false),
            ("0495123456", false), ("+7495123456", false), ("７４９５１２３", false), ("", false),
        ])
    func numbers(_ text: String, _ isOne: Bool) { #expect(PreliminaryRules.isProxyNumber(text) == isOne) }

    @Test("D7 of two purchases at once exactly one is collected; the other may try again if that fails")
    func twoAtOnce() throws {
        let bench = try Bench { policy in
            policy.mode = .preliminaryCall
            policy.callMinimum = .minutes(10)
        }
        let listing = try bench.openListing()
        var buy = BuyLead()
        buy.listing = listing
        let first = try bench.send(buy, as: Bench.anna)
        let second = try bench.send(buy, as: Bench.boris)
        #expect(bench.waits(first))
        #expect(bench.refusal(second) == .listingClosed)
        let asked = try bench.said(CollectOrder.self)
        #expect(asked.map(\.buyer) == [Bench.anna])
        var refused = PaymentRefused()
        refused.order = asked[0].order
        refused.reason = .insufficientFunds
        try bench.hear(refused, from: .wallet)
        #expect(bench.refusal(first) == .insufficientFunds)
        bench.forget()
        let third = try bench.send(buy, as: Bench.boris)
        let again = try #require(try bench.said(CollectOrder.self).first)
        var paid = OrderPaidFor()
        paid.order = again.order
        paid.total = again.price
        try bench.hear(paid, from: .wallet)
        #expect(try bench.answer(third, OrderPaid.self)?.order == again.order)
        #expect(try bench.said(GrantReveal.self).map(\.party) == [Bench.boris])
        #expect(bench.refusal(try bench.send(buy, as: Bench.clara)) == .listingClosed)
    }
}
