import Kernel
import Messages
import Testing

@Suite("Listings from publication to end") struct ListingFlowTests {
    typealias Bench = AuctionBench

    @Test("A3 F10 what the vault refuses never was") func contactRefused() throws {
        let bench = try Bench()
        let publication = try bench.send(soundListing(), as: Bench.seller)
        #expect(bench.waits(publication))
        let claim = try #require(try bench.said(ClaimContact.self).last)
        var refused = ContactRefused()
        refused.listing = claim.listing
        refused.contact = claim.contact
        refused.reason = .prospectObjected
        try bench.hear(refused, from: .contactVault)
        #expect(bench.refusal(publication) == .prospectObjected)
        #expect(throws: Refusal.self) { try bench.detail(claim.listing) }
    }

    @Test("A5 F9 listings are seen by verified buyers, the seller and operators alone") func visibility()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        #expect(try bench.detail(listing, as: Bench.anna).title == soundListing().title)
        #expect(try bench.detail(listing, as: Bench.seller).own)
        try bench.publish(Bench.anna, .buyer, .confirmed)
        #expect(throws: Refusal(.notVerified, expected: "a verified party", found: "confirmed")) {
            try bench.detail(listing, as: Bench.anna)
        }
        var deletion = DeleteListing()
        deletion.listing = listing
        try bench.send(deletion, as: Bench.seller)
        #expect(throws: Refusal(.notFound)) { try bench.detail(listing, as: Bench.boris) }
        #expect(throws: Refusal(.notFound)) { try bench.detail(ListingID(4_711), as: Bench.boris) }
        #expect(try bench.detail(listing).stage == .deleted)
    }

    @Test("A5 search by project type, region, budget, end and words") func search() throws {
        let bench = try Bench()
        let first = try bench.openListing()
        let second = try bench.openListing {
            $0.title = "Onlineshop für Käse"
            $0.region = "Köln"
            $0.budget = Money(900_000, .eur)
            $0.duration = .days(3)
            $0.contact = ContactID(2)
        }
        func found(_ change: (inout SearchListings) -> Void) throws -> [ListingID] {
            var query = SearchListings()
            change(&query)
            return try bench.ask(query, as: Bench.anna).listings.map(\.listing)
        }
        #expect(try found { _ in } == [second, first])
        #expect(try found { $0.projectType = .website } == [second, first])
        #expect(try found { $0.projectType = .garden } == [])
        #expect(try found { $0.region = "köln" } == [second])
        #expect(try found { $0.budgetTo = Money(500_000, .eur) } == [first])
        #expect(try found { $0.budgetFrom = Money(500_001, .eur) } == [second])
        #expect(try found { $0.endsBefore = publicationTime + .days(3) } == [first])
        #expect(try found { $0.text = "kase" } == [second])
        #expect(try found { $0.text = "galer" } == [second, first])
        #expect(try found { $0.text = "\" OR NEAR(" } == [])
        #expect(try found { $0.limit = 1 } == [second])
        #expect(
            try found {
                $0.limit = 1
                $0.after = second
            } == [first])
        var deletion = DeleteListing()
        deletion.listing = second
        try bench.send(deletion, as: Bench.seller)
        #expect(try found { $0.text = "Käse" } == [])
    }

    @Test("A7 on deletion bidders are told and their holds freed at once") func deletion() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.coveredBid(listing, 12_000, as: Bench.boris)
        let waiting = try bench.bid(listing, 20_000, as: Bench.clara)
        bench.forget()
        var deletion = DeleteListing()
        deletion.listing = listing
        let deleted = try bench.answer(try bench.send(deletion, as: Bench.seller), ListingDeleted.self)
        #expect(deleted?.bidders == 3)
        #expect(bench.refusal(waiting) == .listingClosed)
        #expect(try bench.said(ReleaseHold.self).count == 2)
        #expect(try bench.told(.listingDeleted) == [Bench.anna, Bench.boris, Bench.clara])
        #expect(try bench.said(ReleaseContact.self).map(\.listing) == [listing])
        // The wallet's answer comes too late and changes nothing.
        try bench.cover(try #require(try bench.said(ReleaseHold.self).first).hold)
        #expect(bench.refusal(try bench.send(deletion, as: Bench.seller)) == .wrongState)
        try bench.pass(to: publicationTime + .days(3))
        #expect(try bench.said(CollectOrder.self).isEmpty)
    }

    @Test("A8 without a bid: one second round of 24 hours, with another start price") func secondRound()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        var relist = RelistListing()
        relist.listing = listing
        relist.startPrice = Money(2_000, .eur)
        #expect(bench.refusal(try bench.send(relist, as: Bench.seller)) == .wrongState)
        try bench.pass(to: publicationTime + .days(2))
        #expect(try bench.told(.listingExpired) == [Bench.seller])
        #expect(try bench.said(ReleaseContact.self).count == 1)
        func claimed() throws {
            var claimed = ContactClaimed()
            claimed.listing = listing
            try bench.hear(claimed, from: .contactVault)
        }
        let again = try bench.send(relist, as: Bench.seller)
        try claimed()
        let published = try #require(try bench.answer(again, ListingPublished.self))
        #expect(published.round == 2 && published.endsAt == publicationTime + .days(3))
        #expect(published.startPrice == Money(2_000, .eur))
        try bench.pass(to: published.endsAt)
        #expect(bench.refusal(try bench.send(relist, as: Bench.seller)) == .secondRoundUsed)
    }

    @Test("A16 a suspended listing frees all, and opens again for the time that was left") func suspension()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.pass(to: publicationTime + .days(1))
        var suspension = SuspendListing()
        suspension.listing = listing
        suspension.reason = "Angaben werden geprüft"
        #expect(bench.refusal(try bench.send(suspension, as: Bench.anna)) == .forbidden)
        try bench.send(suspension, as: Bench.support)
        #expect(try bench.told(.listingSuspended) == [Bench.anna, Bench.seller])
        #expect(try bench.said(ReleaseHold.self).count == 1)
        #expect(bench.refusal(try bench.bid(listing, 20_000, as: Bench.boris)) == .suspended)
        try bench.pass(to: publicationTime + .days(5))
        var reinstatement = ReinstateListing()
        reinstatement.listing = listing
        let opened = try bench.answer(
            try bench.send(reinstatement, as: Bench.support), ListingPublished.self)
        #expect(opened?.endsAt == publicationTime + .days(6))
        #expect(try bench.detail(listing).price == Money(5_000, .eur))
        try bench.coveredBid(listing, 6_000, as: Bench.boris)
    }

    @Test("A16 a suspended party: its listings stop, its bids count no more") func suspendedParty() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.coveredBid(listing, 12_000, as: Bench.boris)
        bench.forget()
        try bench.publish(Bench.boris, .buyer, .suspended)
        #expect(try bench.said(ReleaseHold.self).count == 1)
        #expect(try bench.told(.bidWithdrawn) == [Bench.seller, Bench.anna])
        #expect(try bench.detail(listing).price == Money(5_000, .eur))
        #expect(bench.refusal(try bench.bid(listing, 20_000, as: Bench.boris)) == .suspended)
        try bench.publish(Bench.seller, .seller, .suspended)
        #expect(try bench.detail(listing).stage == .suspended)
    }

    @Test("F5 a closed account's listings are deleted and their contacts set free") func closedAccount()
        throws
    {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        try bench.publish(Bench.seller, .seller, .closed)
        #expect(try bench.detail(listing).stage == .deleted)
        #expect(try bench.told(.listingDeleted) == [Bench.anna])
        #expect(try bench.said(ReleaseContact.self).map(\.listing) == [listing])
    }

    @Test("A16 reports by buyers and regular intervals bring reviews, which operators close") func reviews()
        throws
    {
        let bench = try Bench { $0.reviewInterval = .days(1) }
        let listing = try bench.openListing()
        var report = ReportListing()
        report.listing = listing
        report.reason = PersonalText("Das Projekt gibt es nicht.")
        try bench.send(report, as: Bench.anna)
        try bench.send(report, as: Bench.anna)
        let reported = try bench.ask(ListReviews(), as: Bench.support).reviews
        #expect(reported.map(\.cause) == [.report])
        #expect(reported.first?.reason.plaintext == "Das Projekt gibt es nicht.")
        try bench.pass(to: publicationTime + .days(1))
        #expect(
            try bench.ask(ListReviews(), as: Bench.support).reviews.map(\.cause) == [
                .report, .interval, .interval,
            ])
        var verdict = ReviewListing()
        verdict.review = try #require(reported.first).review
        verdict.finding = .suspendListing
        try bench.send(verdict, as: Bench.support)
        #expect(try bench.detail(listing).stage == .suspended)
        #expect(bench.refusal(try bench.send(verdict, as: Bench.support)) == .wrongState)
        verdict.review = try #require(try bench.ask(ListReviews(), as: Bench.support).reviews.last).review
        verdict.finding = .suspendSeller
        try bench.send(verdict, as: Bench.support)
        #expect(try bench.said(SuspendForCause.self).map(\.party) == [Bench.seller])
    }

    @Test("F10 an objection closes the listing, tells bidders and frees holds") func objection() throws {
        let bench = try Bench()
        let listing = try bench.openListing()
        try bench.coveredBid(listing, 10_000, as: Bench.anna)
        var objection = ProspectObjected()
        objection.contact = ContactID(1)
        try bench.hear(objection, from: .contactVault)
        #expect(try bench.detail(listing).stage == .objected)
        #expect(try bench.told(.prospectObjected) == [Bench.anna, Bench.seller])
        #expect(try bench.said(ReleaseHold.self).count == 1)
        #expect(throws: Refusal(.notFound)) { try bench.detail(listing, as: Bench.anna) }
    }

    @Test("A2 the guide suggests the operator's table, and quartiles once enough was sold") func guide()
        throws
    {
        let bench = try Bench()
        var ranges = SetPriceRanges()
        ranges.marketplace = Bench.marketplace
        ranges.projectType = .website
        ranges.budgetLow = Money(100_000, .eur)
        ranges.budgetHigh = Money(900_000, .eur)
        ranges.startLow = Money(1_000, .eur)
        ranges.startHigh = Money(9_000, .eur)
        try bench.send(ranges, as: Bench.support)
        var query = GuideSetup()
        query.projectType = .website
        let before = try bench.ask(query, as: Bench.seller)
        #expect(before.ranges.map(\.source) == [.table, .table])
        #expect(before.ranges.map(\.low.minor) == [100_000, 1_000])
        for step in 1...8 {
            let listing = try bench.openListing {
                $0.startPrice = Money(Int64(step) * 1_000, .eur)
                $0.inquiredAt = bench.now
                $0.contact = ContactID(UInt64(step))
            }
            try bench.coveredBid(listing, 10_000, as: Bench.anna)
            try bench.pass(to: bench.now + .days(2))
            try bench.pay(try #require(try bench.said(CollectOrder.self).last).order)
        }
        query.language = .russian
        let after = try bench.ask(query, as: Bench.seller)
        #expect(after.ranges.map(\.source) == [.comparables, .comparables, .table, .table])
        #expect(after.ranges[1].low == Money(2_000, .eur))
        #expect(after.ranges[1].median == Money(4_000, .eur))
        #expect(after.ranges[1].high == Money(6_000, .eur))
        #expect(after.ranges[1].comparables == 8)
        #expect(after.clause.contains("возразить"))
    }
}
