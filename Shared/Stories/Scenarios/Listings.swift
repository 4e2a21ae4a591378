import Kernel
import Messages

extension Scenario {
    /// What becomes of a listing that is not sold (A7, A8).
    static let listings: [Scenario] = [
        Scenario("A7 a deleted listing is gone for good, its bidders are told and their holds freed") {
            house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            try await cast.bid(cast.buyers[1], on: listing, 6_000)
            try expect("held", try await cast.available(cast.buyers[1]), 100_000 - 7_140)
            var delete = DeleteListing()
            delete.listing = listing
            let deleted = try await cast.act(delete, as: cast.seller.guest)
            try expect("bidders told", deleted.bidders, 2)
            for buyer in cast.buyers {
                try await cast.mailed(buyer, .listingDeleted, listing: listing)
                try expect("freed", try await cast.available(buyer), 100_000)
            }
            try await house.refuses(.wrongState, delete, as: cast.seller.guest)
            var relist = RelistListing()
            relist.listing = listing
            try await house.refuses(.wrongState, relist, as: cast.seller.guest)
            let end = try await house.now() + Duration64.days(3)
            try await house.advance(to: end)
            let seen = try await cast.listing(listing, as: cast.seller)
            try expect("stage", seen.stage, .deleted)
        },
        Scenario("A7 a listing can be deleted to its last microsecond, and no longer at its end") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let first = try await cast.publishLead().listing
            let second = try await cast.publishLead().listing
            for listing in [first, second] { try await cast.bid(cast.buyers[0], on: listing.listing, 5_000) }
            var delete = DeleteListing()
            delete.listing = first.listing
            try await house.advance(to: first.endsAt - .microsecond)
            try await cast.act(delete, as: cast.seller.guest)
            try await house.advance(to: second.endsAt)
            delete.listing = second.listing
            try await house.refuses(.wrongState, delete, as: cast.seller.guest)
        },
        Scenario("A7 only its seller deletes a listing; to others it does not exist") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let rival = try await cast.join("Krause", .seller)
            var delete = DeleteListing()
            delete.listing = try await cast.publishLead().listing.listing
            try await house.refuses(.notFound, delete, as: rival.guest)
            try await house.refuses(.forbidden, delete, as: cast.buyers[0].guest)
            delete.listing = ListingID(.max)
            try await house.refuses(.notFound, delete, as: cast.seller.guest)
        },
        Scenario("A7 the contact of a deleted listing may be offered anew") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let (published, contact, _) = try await cast.publishLead()
            var again = try await cast.lead()
            again.contact = contact
            try await house.refuses(.duplicateLead, again, as: cast.seller.guest)
            var delete = DeleteListing()
            delete.listing = published.listing
            try await cast.act(delete, as: cast.seller.guest)
            try await cast.act(again, as: cast.seller.guest)
        },
        Scenario("A7 bids on a deleted listing find it closed") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            var delete = DeleteListing()
            delete.listing = listing
            try await cast.act(delete, as: cast.seller.guest)
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = cast.money(9_000)
            let bidder = try await house.refusal(of: bid, as: cast.buyers[0].guest)?.reason
            try expect("refusal", [.listingClosed, .notFound].contains(bidder))
        },
        Scenario("A8 what ended without a bid is listed once more for 24 hours, with another start price") {
            house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let first = try await cast.publishLead().listing
            var relist = RelistListing()
            relist.listing = first.listing
            relist.startPrice = cast.money(2_500)
            try await house.refuses(.wrongState, relist, as: cast.seller.guest)
            try await house.advance(to: first.endsAt)
            try await cast.mailed(cast.seller, .listingExpired, listing: first.listing)
            relist.startPrice = cast.money(0)
            try await house.refuses(.amountOutOfRange, relist, as: cast.seller.guest)
            relist.startPrice = cast.money(2_500)
            try await house.advance(by: .hours(5))
            let second = try await cast.act(relist, as: cast.seller.guest)
            try expect("round", second.round, 2)
            try expect("start price", second.startPrice, cast.money(2_500))
            let now = try await house.now()
            try expect("24 hours", second.endsAt, now + Duration64.hours(24))
            try await house.advance(to: second.endsAt - .microsecond)
            try await cast.bid(cast.buyers[0], on: first.listing, 2_500)
            try await house.advance(to: second.endsAt)
            try expect("sold", try await cast.order(of: first.listing).price, cast.money(2_500))
        },
        Scenario("A8 there is one second round in all") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let first = try await cast.publishLead().listing
            try await house.advance(to: first.endsAt)
            var relist = RelistListing()
            relist.listing = first.listing
            let second = try await cast.act(relist, as: cast.seller.guest)
            try expect("start price as before", second.startPrice, first.startPrice)
            try await house.advance(to: second.endsAt)
            try await house.refuses(.secondRoundUsed, relist, as: cast.seller.guest)
        },
        Scenario("A8 what found a bid is not listed again") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let sale = try await cast.sellLead()
            var relist = RelistListing()
            relist.listing = sale.listing
            try await house.refuses(.wrongState, relist, as: cast.seller.guest)
            let rival = try await cast.join("Krause", .seller)
            try await house.refuses(.notFound, relist, as: rival.guest)
        },
    ]
}
