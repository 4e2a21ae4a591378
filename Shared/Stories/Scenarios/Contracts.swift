import Kernel
import Messages

extension Scenario {
    /// What an award concludes, and who sees whose data (C1, C2).
    static let contracts: [Scenario] = [
        Scenario("C1 after the end both get an e-mail with the other's data, which is the contract, and once")
        {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let toBuyer = try await cast.mailed(sold.buyer, .contractConcluded, order: sold.order)
            for known in [
                sold.consumer.phone, sold.consumer.email, sold.consumer.address, "contract of purchase",
            ] {
                try expect("to the buyer: \(known)", toBuyer.body.contains(known))
            }
            let toSeller = try await cast.mailed(cast.seller, .contractConcluded, order: sold.order)
            for known in [sold.card.phone, sold.card.email, sold.card.address, "contract of purchase"] {
                try expect("to the seller: \(known)", toSeller.body.contains(known))
            }
            try await house.advance(by: .days(5))
            for player in [sold.buyer, cast.seller] {
                let items = try await cast.inbox(of: player.guest).filter { $0.event == .contractConcluded }
                try expect("told once", items.count, 1)
            }
            let seen = try await cast.report(sold.contact).entries
            try expect("of the consumer", seen.map(\.kind), [.granted, .delivered])
            try expect("by the buyer alone", Set(seen.map(\.party)), [sold.buyer.party])
            let ofCard = try await cast.report(sold.cardContact).entries
            try expect("of the buyer", ofCard.map(\.kind), [.granted, .delivered])
            try expect("by the seller alone", Set(ofCard.map(\.party)), [cast.seller.party])
        },
        Scenario("C1 the contract can be read and printed at any time, and each reading is on record") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await house.advance(by: .days(40))
            for (player, grantor) in [(sold.buyer, sold.contact), (cast.seller, sold.cardContact)] {
                let before = try await cast.report(grantor).entries.count
                let text = try await cast.contractText(sold, as: player)
                let page = try await cast.contractText(sold, as: player, .html)
                for known in [
                    sold.consumer.name, sold.consumer.phone, sold.card.name, sold.card.phone,
                    "Advice on insuring a young family", "60.00",
                ] {
                    try expect("\(known) in \(text)", text.contains(known))
                    try expect("\(known) in the page", page.contains(known))
                }
                try expect("a page", page.hasPrefix("<!DOCTYPE html>") && page.contains("@media print"))
                let entries = try await cast.report(grantor).entries.dropFirst(before)
                try expect("each reading", entries.map(\.kind), [.read, .read])
                try expect("why", entries.allSatisfy { $0.purpose.hasPrefix("C1") })
            }
            var read = ReadContract()
            read.order = sold.order
            for guest in [cast.buyers[1].guest, cast.operator] {
                try await house.refuses(.notFound, read, as: guest)
            }
            try await house.refuses(.notSignedIn, read, as: nil)
            read.order = OrderID(.max)
            try await house.refuses(.notFound, read, as: sold.buyer.guest)
        },
        Scenario("C1 what is in a contract is sealed: an erased side leaves the terms") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            var erase = EraseContact()
            erase.contact = sold.contact
            try await cast.act(erase, as: cast.operator)
            let text = try await cast.contractText(sold, as: sold.buyer)
            try expect("gone", !text.contains(sold.consumer.phone) && text.contains("data erased"))
            try expect("terms stay", text.contains("60.00") && text.contains(sold.card.phone))
            try await cast.act(CloseParty(), as: sold.buyer.guest)
            let left = try await cast.contractText(sold, as: cast.seller)
            try expect("the buyer's too", !left.contains(sold.card.phone))
            var read = ReadContact()
            read.order = sold.order
            try await house.refuses(.erased, read, as: cast.seller.guest)
        },
        Scenario("C1 a title cannot write into the page") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let buyer = cast.buyers[0]
            try await cast.fileCard(buyer)
            let published = try await cast.publishAppointment {
                $0.title = "<script>alert(1)</script> & more"
                // The longest there is, each sign of which is written as six.
                $0.description = String(repeating: "\"", count: 4_000)
            }
            try await cast.bid(buyer, on: published.listing.listing, 5_000)
            try await house.advance(to: published.listing.endsAt)
            var read = ReadContract()
            read.order = try await cast.order(of: published.listing.listing).order
            read.format = .html
            let page = try await house.send(read, as: buyer.guest).content.plaintext ?? ""
            try expect("escaped", page.contains("&lt;script&gt;") && !page.contains("<script>"))
        },
        Scenario("C2 each party sees what it sold, bought and could not sell, and whom it trades with") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let unsold = try await cast.publishAppointment().listing
            try await house.advance(to: unsold.endsAt)
            for (section, player, listing) in [
                (TradeSection.won, sold.buyer, sold.listing), (.sold, cast.seller, sold.listing),
                (.expired, cast.seller, unsold.listing),
            ] {
                var list = ListTrades()
                list.section = section
                let trades = try await house.ask(list, as: player.guest).trades
                try expect("\(section)", trades.map(\.listing), [listing])
            }
            let consumer = try await cast.readContact(sold.order, as: sold.buyer)
            try expect("name", consumer.name.plaintext, sold.consumer.name)
            try expect("phone", consumer.phones.map(\.plaintext), [sold.consumer.phone])
            try expect("e-mail", consumer.email.plaintext, sold.consumer.email)
            try expect("address", consumer.address.plaintext, sold.consumer.address)
            let expert = try await cast.readContact(sold.order, as: cast.seller)
            try expect("name", expert.name.plaintext, sold.card.name)
            try expect("phone", expert.phones.map(\.plaintext), [sold.card.phone])
            try expect("e-mail", expert.email.plaintext, sold.card.email)
            try expect("address", expert.address.plaintext, sold.card.address)
            try expect("grants", try await cast.meeting(sold, as: cast.seller).grant, expert.grant)
            try expect("grants", try await cast.meeting(sold, as: sold.buyer).grant, consumer.grant)
            var read = ReadContact()
            read.order = sold.order
            try await house.refuses(.notFound, read, as: cast.buyers[1].guest)
            try await house.refuses(.notRevealed, read, as: cast.operator)
        },
        Scenario("C2 who bids must have data on file for its trading partners, whole and its own") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let buyer = cast.buyers[0]
            let published = try await cast.publishAppointment().listing
            var bid = PlaceBid()
            bid.listing = published.listing
            bid.amount = cast.money(5_000)
            try await house.refuses(.cardMissing, bid, as: buyer.guest)
            let whole = Prospect(
                name: "Bergmann", phone: "+49 341 987654", email: "b@kontor.example", address: "Am Markt 1")
            for spoil: (inout Prospect) -> Void in [
                { $0.phone = "" }, { $0.email = "" }, { $0.address = "" }, { $0.name = "" },
            ] {
                var card = whole
                spoil(&card)
                try await house.refuses(.invalidText, Cast.seal(card), as: buyer.guest)
            }
            try await house.refuses(.cardMissing, bid, as: buyer.guest)
            // A buyer hands in no leads.
            var lead = Cast.seal(whole)
            lead.own = false
            lead.inquiredAt = try await house.now()
            try await house.refuses(.forbidden, lead, as: buyer.guest)
            try await cast.act(Cast.seal(whole), as: buyer.guest)
            try await cast.act(bid, as: buyer.guest)
            // A card is no lead.
            var listed = try await cast.lead()
            listed.acceptsContract = true
            listed.contact = try await cast.act(Cast.seal(whole), as: cast.seller.guest).contact
            try await house.refuses(.notFound, listed, as: cast.seller.guest)
        },
        Scenario("C2 a contract keeps the card that it was concluded with") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let moved = Prospect(
                name: "Bergmann Neu", phone: "+49 341 445566", email: "neu@kontor.example",
                address: "Neuer Weg 2")
            try await cast.act(Cast.seal(moved), as: sold.buyer.guest)
            let known = try await cast.readContact(sold.order, as: cast.seller)
            try expect("as concluded", known.phones.map(\.plaintext), [sold.card.phone])
        },
    ]
}
