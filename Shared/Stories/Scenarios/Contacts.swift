import Kernel
import Messages

extension Scenario {
    /// Contacts: who reads them, and how they end (F4, F5, F10).
    static let contacts: [Scenario] = [
        Scenario("F4 a contact is read only through its order, and every reading is on record") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let start = try await house.now()
            try await house.advance(by: .hours(1))
            _ = try await cast.readContact(sale.order, as: sale.buyer)
            var read = ReadContact()
            read.order = sale.order
            for guest in [cast.seller.guest, cast.buyers[1].guest] {
                try await house.refuses(.notFound, read, as: guest)
            }
            try await house.refuses(.notRevealed, read, as: cast.operator)
            try await house.refuses(.notSignedIn, read, as: nil)
            let report = try await cast.report(sale.contact)
            try expect("kinds", report.entries.map(\.kind), [.granted, .delivered, .read])
            try expect("who", Set(report.entries.map(\.party)), [sale.buyer.party])
            try expect("by name", report.entries.last?.partyName.plaintext, sale.buyer.name)
            try expect("when", report.entries.map(\.at), [start, start, start + Duration64.hours(1)])
            try expect("why", report.entries.allSatisfy { $0.purpose.contains("A12") })
            try expect("what", report.entries.allSatisfy { $0.fields.contains("phone") })
            try expect("from whom", report.sellerName.plaintext, cast.seller.name)
        },
        Scenario("F4 a losing bidder is granted nothing, and an unsold contact is seen by nobody") { house in
            let cast = try await Cast.openMarketplace(house)
            let (published, contact, _) = try await cast.publishLead()
            try await house.advance(to: published.endsAt)
            let report = try await cast.report(contact)
            try expect("no entries", report.entries.count, 0)
            try expect("state", report.state, .free)
        },
        Scenario("F4 the data subject is told by a link, good for its purpose alone") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            var make = MakeProspectLink()
            make.contact = sale.contact
            make.purpose = .report
            try await house.refuses(.forbidden, make, as: cast.seller.guest)
            let link = try await house.ask(make, as: cast.operator)
            var read = ReadReport()
            read.token = link.token
            let report = try await house.ask(read, as: nil)
            try expect("entries", report.entries.map(\.kind), [.granted, .delivered])
            var objects = ProspectObjects()
            objects.token = link.token
            try await house.refuses(.tokenInvalid, objects, as: nil)
            var confirm = ConfirmEmail()
            confirm.token = link.token
            try await house.refuses(.tokenInvalid, confirm, as: nil)
            read.token = String(link.token.dropLast()) + (link.token.hasSuffix("0") ? "1" : "0")
            try await house.refuses(.tokenInvalid, read, as: nil)
            read.token = ""
            try await house.refuses(.tokenInvalid, read, as: nil)
            try await house.advance(to: link.expires)
            read.token = link.token
            try await house.refuses(.tokenExpired, read, as: nil)
        },
        Scenario("F5 an erased contact is unreadable, and its report remains") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            _ = try await cast.readContact(sale.order, as: sale.buyer)
            var erase = EraseContact()
            erase.contact = sale.contact
            try await house.refuses(.forbidden, erase, as: cast.seller.guest)
            try await cast.act(erase, as: cast.operator)
            var read = ReadContact()
            read.order = sale.order
            try await house.refuses(.erased, read, as: sale.buyer.guest)
            let report = try await cast.report(sale.contact)
            try expect("state", report.state, .erased)
            try expect("entries", report.entries.map(\.kind), [.granted, .delivered, .read])
            erase.contact = ContactID(.max)
            try await house.refuses(.notFound, erase, as: cast.operator)
        },
        Scenario("F5 erasure by the prospect's link, without an objection, lets a new inquiry be listed") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let (published, contact, prospect) = try await cast.publishLead()
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            var make = MakeProspectLink()
            make.contact = contact
            make.purpose = .erasure
            var erases = ProspectErases()
            erases.token = try await house.ask(make, as: cast.operator).token
            try await cast.act(erases, as: nil)
            try expect("closed", try await cast.listing(published.listing).stage, .objected)
            try expect("freed", try await cast.available(cast.buyers[0]), 100_000)
            var again = try await cast.lead()
            again.contact = contact
            try await house.refuses(.erased, again, as: cast.seller.guest)
            again.contact = try await cast.seal(prospect)
            try await cast.act(again, as: cast.seller.guest)
        },
        Scenario("F5 a party that closes is erased: nobody is told its name again") { house in
            let cast = try await Cast.openMarketplace(house)
            let buyer = cast.buyers[1]
            try await cast.act(CloseParty(), as: buyer.guest)
            var query = GetParty()
            query.party = buyer.party
            let view = try await house.ask(query, as: cast.operator)
            try expect("state", view.state, .closed)
            try expect("name", view.name.plaintext ?? "", "")
            try expect("e-mail", view.email.plaintext ?? "", "")
        },
        Scenario(
            "F10 an objection closes the listing, tells the bidders, frees the holds and erases the contact"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house)
            let (published, contact, _) = try await cast.publishLead()
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            try await cast.bid(cast.buyers[1], on: published.listing, 6_000)
            var make = MakeProspectLink()
            make.contact = contact
            var objects = ProspectObjects()
            objects.token = try await house.ask(make, as: cast.seller.guest).token
            try await cast.act(objects, as: nil)
            try expect("closed", try await cast.listing(published.listing).stage, .objected)
            for buyer in cast.buyers {
                try await cast.mailed(buyer, .prospectObjected, listing: published.listing)
                try expect("freed", try await cast.available(buyer), 100_000)
            }
            try await cast.mailed(cast.seller, .prospectObjected, listing: published.listing)
            try expect("state", try await cast.report(contact).state, .objected)
            try await cast.act(objects, as: nil)
            try await house.advance(to: published.endsAt)
            let order = try? await cast.order(of: published.listing)
            try expect("no award", order == nil)
        },
        Scenario("F10 the same person is recognised by phone or e-mail, and needs proof of a newer inquiry") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let (_, contact, prospect) = try await cast.publishLead()
            var object = ObjectForProspect()
            object.contact = contact
            try await house.refuses(.forbidden, object, as: cast.seller.guest)
            try await cast.act(object, as: cast.operator)
            let objected = try await house.now()
            try await house.advance(by: .days(1))
            var byPhone = cast.newProspect()
            byPhone.phone = "0" + prospect.phone.dropFirst(4).filter { $0 != " " }
            var byEmail = cast.newProspect()
            byEmail.email = prospect.email.uppercased()
            let later = try await house.now()
            for person in [prospect, byPhone, byEmail] {
                for (proof, inquiredAt) in [
                    ("", later), ("Their e-mail of today", objected), ("Of long ago", objected - .days(3)),
                ] {
                    var lead = try await cast.lead()
                    lead.contact = try await cast.seal(person, proof: proof, inquiredAt: inquiredAt)
                    try await house.refuses(.prospectObjected, lead, as: cast.seller.guest)
                }
            }
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(
                prospect, proof: "Their e-mail of today", inquiredAt: objected + .microsecond)
            try await cast.act(lead, as: cast.seller.guest)
        },
        Scenario("F10 an objection holds in every marketplace and for every seller") { house in
            let here = try await Cast.openMarketplace(house)
            let there = try await Cast.openMarketplace(house)
            let prospect = here.newProspect()
            var first = try await here.lead()
            first.contact = try await here.seal(prospect)
            try await here.act(first, as: here.seller.guest)
            var second = try await there.lead()
            second.contact = try await there.seal(prospect)
            let listed = try await there.act(second, as: there.seller.guest).listing
            var object = ObjectForProspect()
            object.contact = first.contact
            try await here.act(object, as: here.operator)
            try expect("closed there too", try await there.listing(listed).stage, .objected)
            second.contact = try await there.seal(prospect)
            try await house.refuses(.prospectObjected, second, as: there.seller.guest)
        },
        Scenario("F10 an objection between award and payment ends the order") { house in
            var policy = Policy()
            policy.payment = .afterAward
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sale = try await cast.sellLead()
            var object = ObjectForProspect()
            object.contact = sale.contact
            try await cast.act(object, as: cast.operator)
            try expect("cancelled", try await cast.order(sale.order).stage, .cancelled)
            var pay = PayOrder()
            pay.order = sale.order
            try await house.refuses(.wrongState, pay, as: sale.buyer.guest)
            try await house.advance(by: .days(3))
            try expect("no offer", try await cast.order(of: sale.listing).order, sale.order)
            try await cast.mailed(sale.buyer, .prospectObjected, listing: sale.listing)
        },
        Scenario("F10 after the sale the contact is erased, and both sides are told to use it no more") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            var object = ObjectForProspect()
            object.contact = sale.contact
            try await cast.act(object, as: cast.operator)
            var read = ReadContact()
            read.order = sale.order
            try await house.refuses(.erased, read, as: sale.buyer.guest)
            for player in [sale.buyer, cast.seller] {
                try await cast.mailed(player, .prospectObjected, listing: sale.listing)
            }
        },
        Scenario("F10 the same person is not sold twice within the window, by whatever writing of the number")
        { house in
            let cast = try await Cast.openMarketplace(house)
            let (_, _, prospect) = try await cast.publishLead()
            var twin = cast.newProspect()
            twin.phone = prospect.phone.replacingPrefix("+49 ", with: "0049 (0) ")
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(twin)
            try await house.refuses(.duplicateLead, lead, as: cast.seller.guest)
            let sale = try await cast.sellLead()
            lead.contact = try await cast.seal(sale.prospect)
            try await house.refuses(.duplicateLead, lead, as: cast.seller.guest)
            let soldAt = try present("reveal", try await cast.order(sale.order).revealedAt)
            try await house.advance(to: soldAt + Duration64.days(90) - .microsecond)
            lead.inquiredAt = try await house.now()
            try await house.refuses(.duplicateLead, lead, as: cast.seller.guest)
            try await house.advance(to: soldAt + Duration64.days(90))
            try await cast.act(lead, as: cast.seller.guest)
        },
    ]
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
