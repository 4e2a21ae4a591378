import Kernel
import Messages

extension Scenario {
    /// Listing again, and what a seller is told before it publishes (C6, C8); objections in this mode (F10).
    static let appointmentSales: [Scenario] = [
        Scenario("C6 what ended without a bid is listed again and again, unchanged or edited, for less") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            var listing = try await cast.publishAppointment().listing
            var relist = RelistListing()
            relist.listing = listing.listing
            relist.acceptsContract = true
            for round in 1...3 {
                try await house.refuses(.wrongState, relist, as: cast.seller.guest)
                try await house.advance(to: listing.endsAt)
                let told = try await cast.told(cast.seller, .appointmentUnsold, listing: listing.listing)
                let ended = try await cast.listing(listing.listing, as: cast.seller)
                let suggested = cast.money([3_600, 3_240, 2_916][round - 1])
                try expect("a tenth less", ended.suggestedPrice, suggested)
                try expect("told: \(told.text)", told.text.contains("\(suggested.minor / 100)."))
                // Long afterwards too.
                try await house.advance(by: .days(35))
                relist.startPrice = ended.suggestedPrice
                listing = try await cast.act(relist, as: cast.seller.guest)
                try expect("as asked", listing.startPrice, suggested)
                try expect("again two days", listing.endsAt, try await house.now() + .days(2))
            }
            try await house.advance(to: listing.endsAt)
            relist.startPrice = nil
            relist.duration = .days(3)
            var revision = ListingRevision()
            revision.title = "Advice on a pension"
            revision.description = "A couple wants to know how much it should put aside."
            revision.answers = try await cast.lead().answers
            revision.budget = cast.money(100_000)
            revision.timeFrame = "this month"
            revision.region = "Hamburg"
            relist.revision = revision
            let edited = try await cast.act(relist, as: cast.seller.guest)
            try expect("three days", edited.endsAt, try await house.now() + .days(3))
            let seen = try await cast.listing(edited.listing, as: cast.buyers[0])
            try expect("title", seen.title, "Advice on a pension")
            try expect("region", seen.region, "Hamburg")
            var search = SearchListings()
            search.text = "couple"
            let found = try await house.ask(search, as: cast.buyers[0].guest).listings
            try expect("found by its new words", found.map(\.listing), [edited.listing])
            search.text = "battery"
            try expect(
                "not by the old", try await house.ask(search, as: cast.buyers[0].guest).listings.isEmpty)
        },
        Scenario("C6 only the seller lists again, only what had no bid, and nothing worse than new") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let listing = try await cast.publishAppointment().listing
            try await house.advance(to: listing.endsAt)
            var whole = RelistListing()
            whole.listing = listing.listing
            whole.acceptsContract = true
            let other = try await cast.join("Krause", .seller)
            try await cast.linkPayoutAccount(other)
            try await house.refuses(.notFound, whole, as: other.guest)
            var relist = whole
            relist.duration = .days(9)
            try await house.refuses(.durationNotOffered, relist, as: cast.seller.guest)
            relist = whole
            relist.startPrice = cast.money(99)
            try await house.refuses(.amountOutOfRange, relist, as: cast.seller.guest)
            relist = whole
            var revision = ListingRevision()
            revision.title = "Call 0171 1234567"
            revision.description = "A couple."
            revision.answers = try await cast.lead().answers
            revision.budget = cast.money(100)
            revision.timeFrame = "soon"
            revision.region = "Hamburg"
            relist.revision = revision
            try await house.refuses(.contactDataInText, relist, as: cast.seller.guest)
            revision.title = " "
            relist.revision = revision
            try await house.refuses(.invalidText, relist, as: cast.seller.guest)
            let sold = try await cast.sellAppointment()
            whole.listing = sold.listing
            try await house.refuses(.wrongState, whole, as: cast.seller.guest)
            // In a lead auction nothing but the start price changes.
            let auction = try await Cast.openMarketplace(house)
            let lead = try await auction.publishLead().listing
            try await house.advance(to: lead.endsAt)
            relist = RelistListing()
            relist.listing = lead.listing
            relist.duration = .days(3)
            try await house.refuses(.invalidValue, relist, as: auction.seller.guest)
        },
        Scenario("C8 before publishing the seller is told that an award binds, and its word is on record") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let guide = try await house.ask(GuideSetup(), as: cast.seller.guest)
            try expect("told: \(guide.contractNotice)", guide.contractNotice.contains("binding contract"))
            for (language, words) in [(Language.german, "Kaufvertrag"), (.russian, "договор")] {
                var ask = GuideSetup()
                ask.language = language
                let notice = try await house.ask(ask, as: cast.seller.guest).contractNotice
                try expect("in \(language)", notice.contains(words))
            }
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(cast.newProspect())
            try await house.refuses(.contractNotAccepted, lead, as: cast.seller.guest)
            lead.acceptsContract = true
            let accepted = try await house.now()
            let listing = try await cast.act(lead, as: cast.seller.guest)
            try await house.advance(to: listing.endsAt)
            var relist = RelistListing()
            relist.listing = listing.listing
            try await house.refuses(.contractNotAccepted, relist, as: cast.seller.guest)
            let sold = try await cast.sellAppointment()
            let terms = try await cast.contract(sold, as: sold.buyer).terms
            try expect("on record", terms.acceptedAt > accepted && terms.acceptedAt < sold.awardedAt)
            // Where leads are auctioned nobody is bound to an appointment.
            let auction = try await Cast.openMarketplace(house)
            try expect(
                "no notice", try await house.ask(GuideSetup(), as: auction.seller.guest).contractNotice, "")
            _ = try await auction.publishLead()
        },
        Scenario("C8 the highest bidder and the seller are bound: neither takes it back after the award") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            try await cast.fileCard(cast.buyers[0])
            let published = try await cast.publishAppointment().listing
            let bid = try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var withdraw = WithdrawBid()
            withdraw.bid = bid.bid
            try await house.refuses(.highestBidderBound, withdraw, as: cast.buyers[0].guest)
            try await house.advance(to: published.endsAt)
            var delete = DeleteListing()
            delete.listing = published.listing
            try await house.refuses(.wrongState, delete, as: cast.seller.guest)
        },
        Scenario("F10 a consumer may object where appointments are auctioned, before the award and after") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            try await cast.fileCard(cast.buyers[0])
            let (published, contact, _) = try await cast.publishAppointment()
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var object = ObjectForProspect()
            object.contact = contact
            try await cast.act(object, as: cast.operator)
            try expect("closed", try await cast.listing(published.listing).stage, .objected)
            try await cast.mailed(cast.buyers[0], .prospectObjected, listing: published.listing)
            try await house.advance(to: published.endsAt)
            try expect("no award", (try? await cast.order(of: published.listing)) == nil)
            let sold = try await cast.sellAppointment()
            object.contact = sold.contact
            try await cast.act(object, as: cast.operator)
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .prospectObjected, listing: sold.listing)
            }
            var read = ReadContact()
            read.order = sold.order
            try await house.refuses(.erased, read, as: sold.buyer.guest)
            let text = try await cast.contractText(sold, as: sold.buyer)
            try expect("nothing of it", !text.contains(sold.consumer.phone))
        },
    ]
}
