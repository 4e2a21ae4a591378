import Kernel
import Messages
import Wire

extension Cast {
    fileprivate func held(_ player: Player) async throws -> [Int64] {
        let balance = try await balance(of: player)
        let held = try present("what is held", balance.held).minor
        return [try await available(player), held]
    }
}

extension Scenario {
    static let activations = [
        Scenario("D1 an activation freezes the price and attaches a proxy number for 24 hours") { house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 3)
            let (listing, _, prospect) = try await cast.publishLead()
            let buyer = cast.buyers[0]
            let begun = try await house.now()
            let activated = try await cast.activate(buyer, listing.listing)
            try expect("of the pool", desk.numbers.contains(activated.answer.proxyNumber))
            try expect("price", activated.answer.price.minor, 4_000)
            try expect("frozen", activated.answer.frozen.minor, 4_800)
            try expect("per minute", activated.answer.perMinute.minor, 4_800)
            try expect("reserve", activated.answer.reserve.minor, 48_000)
            try expect("until", activated.answer.until, begun + .hours(24))
            try expect("held", try await cast.held(buyer), [195_200, 4_800])
            let view = try await cast.view(activated)
            try expect("stage", view.stage, .active)
            try expect("number", view.proxyNumber, activated.answer.proxyNumber)
            let mail = try await cast.mailed(buyer, .callActivated, order: activated.id)
            try expect("says the number", mail.text.contains(activated.answer.proxyNumber))
            try expect("not the real one", !mail.text.contains(String(prospect.phone.suffix(7))))
            var reprice = RepriceListing()
            reprice.listing = listing.listing
            reprice.price = cast.money(9_000)
            try await cast.act(reprice, as: cast.seller.guest)
            let later = try await cast.activate(cast.buyers[1], listing.listing)
            try expect("the new price", later.answer.price.minor, 9_000)
            try expect("stays frozen", try await cast.view(activated).price.minor, 4_000)
            let again = cast.activation(of: listing.listing, from: activated.number)
            try await house.refuses(.alreadyActivated, again, as: buyer.guest)
            try await house.refuses(.forbidden, again, as: cast.seller.guest)
            try await house.refuses(.notSignedIn, again, as: nil)
            try await house.refuses(
                .invalidText, cast.activation(of: listing.listing, from: "hello"), as: cast.buyers[2].guest)
            try await house.refuses(
                .notFound, cast.activation(of: ListingID(.max), from: "+49 171 1234567"), as: buyer.guest)
            var foreign = GetActivation()
            foreign.activation = activated.id
            try await house.refuses(.notFound, foreign, as: cast.buyers[1].guest)
            let own = try await house.ask(ListActivations(), as: buyer.guest).activations
            try expect("listed", own.map(\.activation), [activated.id])
            try expect("for operators", try await house.ask(foreign, as: cast.operator).buyer, buyer.party)
            let paid = try await cast.buy(buyer, listing.listing)
            try expect("at the frozen price", paid.total.minor, 4_800)
            reprice.price = cast.money(5_000)
            try await house.refuses(.listingClosed, reprice, as: cast.seller.guest)
            reprice.listing = ListingID(.max)
            try await house.refuses(.notFound, reprice, as: cast.seller.guest)
            try await cast.proveLedger()
        },
        Scenario("D1 a pool that is used up is a clear refusal, and a number rests before it is leased again")
        {
            house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 3, numbers: 2) {
                $0.preliminary.rest = .hours(5)
            }
            let listing = try await cast.publishLead().listing.listing
            let first = try await cast.activate(cast.buyers[0], listing)
            let second = try await cast.activate(cast.buyers[1], listing)
            try expect("two numbers", first.answer.proxyNumber != second.answer.proxyNumber)
            let third = cast.activation(of: listing, from: cast.newCallerNumber())
            try await house.refuses(.noProxyNumber, third, as: cast.buyers[2].guest)
            try expect("nothing frozen", try await cast.held(cast.buyers[2]), [200_000, 0])
            try await cast.decline(first)
            let rested = try await house.now() + Duration64.hours(5)
            try expect("resting", try await cast.pool().resting, 1)
            try await house.refuses(.noProxyNumber, third, as: cast.buyers[2].guest)
            try await house.advance(to: rested - .microsecond)
            try await house.refuses(.noProxyNumber, third, as: cast.buyers[2].guest)
            try await house.advance(to: rested)
            let got = try await cast.act(third, as: cast.buyers[2].guest)
            try expect("leased again", got.proxyNumber, first.answer.proxyNumber)
            let pool = try await cast.pool()
            try expect("pool", [pool.free, pool.leased, pool.resting, pool.retired], [0, 2, 0, 0])
            var set = SetProxyNumbers()
            set.marketplace = cast.marketplace
            for (add, retire, reason) in [
                (["123"], [], RefusalCode.invalidText), (["0495100000"], [], .invalidText),
                ([desk.numbers[0]], [], .wrongState), (["74991234567", "74991234567"], [], .wrongState),
                ([], ["74990000000"], .notFound),
            ] as [([String], [String], RefusalCode)] {
                set.add = add
                set.retire = retire
                try await house.refuses(reason, set, as: cast.operator)
            }
            try await house.refuses(.forbidden, set, as: cast.seller.guest)
            try await cast.addNumbers([], retire: [second.answer.proxyNumber])
            try expect("stays leased", try await cast.view(second).stage, .active)
            try await cast.decline(second)
            try await house.advance(by: .days(2))
            try expect("retired", try await cast.pool().retired, 1)
            try await cast.proveLedger()
        },
        Scenario("D1 whoever else calls a proxy number hears an announcement, and learns nothing") { house in
            let (cast, desk) = try await Cast.openCalls(house)
            let (other, foreign) = try await Cast.openCalls(house, buyers: 1)
            let (listing, _, prospect) = try await cast.publishLead()
            let activated = try await cast.activate(cast.buyers[0], listing.listing)
            let number = activated.answer.proxyNumber
            for caller in [prospect.phone, cast.newCallerNumber(), "", "nonsense"] {
                let routed = try await cast.dial(desk, number, from: caller)
                try expect("announcement for '\(caller)'", routed.verdict, .callBack)
                try expect("whose is not said", routed.activation, .none)
            }
            var withheld = try await cast.arrival(to: number, from: "")
            withheld.networkProvided = PersonalText(activated.number)
            let own = desk.telephoneSwitch.guest
            let routed = try await cast.act(withheld, as: own)
            try expect("by the network's number", routed.verdict, .putThrough)
            try await cast.hangUp(desk, routed.call, putThrough: false)
            try await house.refuses(.wrongState, withheld, as: own)
            try await house.refuses(
                .notFound, try await cast.arrival(to: desk.numbers[2], from: activated.number), as: own)
            try await house.refuses(
                .notFound, try await other.arrival(to: number, from: activated.number),
                as: foreign.telephoneSwitch.guest)
            try await house.refuses(
                .notFound, try await cast.said(routed.call, .progress), as: foreign.telephoneSwitch.guest)
            try await cast.decline(activated)
            let late = try await cast.dial(desk, number, from: activated.number)
            try expect("detached", late.verdict, .detached)
            let calls = try await cast.leadCalls(activated)
            try expect("on record", calls.map(\.verdict).filter { $0 == .callBack }.count, 4)
            try expect("not what came later", calls.count, 5)
            var query = ListLeadCalls()
            query.activation = activated.id
            try await house.refuses(.notFound, query, as: cast.buyers[1].guest)
            try expect("nothing held", try await cast.held(cast.buyers[0]), [200_000, 0])
        },
        Scenario("D1 the real number is told to the house's switch alone, each time on record") { house in
            let (cast, desk) = try await Cast.openCalls(house)
            let (_, foreign) = try await Cast.openCalls(house, buyers: 0)
            let (listing, contact, prospect) = try await cast.publishLead()
            let activated = try await cast.activate(cast.buyers[0], listing.listing)
            for _ in 0..<2 {
                let routed = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
                try expect("target", routed.target, "")
                try expect("the prospect", try await cast.route(desk, routed), prospect.phone)
                try await cast.hangUp(desk, routed.call, putThrough: false)
            }
            var report = ReportOnContact()
            report.contact = contact
            let lines = try await house.ask(report, as: cast.operator).entries
            try expect("permission and two readings", lines.map(\.kind), [.granted, .read, .read])
            try expect("by the switch", lines.allSatisfy { $0.party == desk.telephoneSwitch.party })
            try expect("the number alone", lines.allSatisfy { $0.fields == "phones" })
            var route = RouteCall()
            route.activation = activated.id
            try await house.refuses(.notFound, route, as: foreign.telephoneSwitch.guest)
            try await house.refuses(.forbidden, route, as: cast.buyers[0].guest)
            try await house.refuses(.forbidden, ListActivations(), as: desk.telephoneSwitch.guest)
            try await cast.decline(activated)
            try await house.refuses(.notFound, route, as: desk.telephoneSwitch.guest)
            var register = RegisterSwitch()
            register.email = PersonalText("own.switch@example.com")
            register.name = PersonalText("Own switch")
            register.password = "pass of an own switch"
            try await house.refuses(.wrongState, register, as: cast.seller.guest)
            var mute = cast.newProspect()
            mute.phone = ""
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(mute)
            try await house.refuses(.answerMissing, lead, as: cast.seller.guest)
        },
        Scenario("D4 after the call the buyer buys: the frozen price is captured, the contact revealed") {
            house in
            let (cast, desk) = try await Cast.openCalls(house)
            let (listing, _, prospect) = try await cast.publishLead()
            let activated = try await cast.activate(cast.buyers[0], listing.listing)
            try await cast.talk(desk, activated, for: .seconds(90))
            let paid = try await cast.buy(cast.buyers[0], listing.listing)
            try expect("total", paid.total.minor, 4_800)
            // Two minutes at 48.00, and the lead: the call's charge stays.
            try expect("left", try await cast.held(cast.buyers[0]), [200_000 - 9_600 - 4_800, 0])
            let contact = try await cast.readContact(paid.order, as: cast.buyers[0])
            try expect("the real number", contact.phones.map(\.plaintext), [prospect.phone])
            let view = try await cast.view(activated)
            try expect("bought", view.stage, .bought)
            try expect("the purchase", view.order, paid.order)
            try expect("detached", view.proxyNumber, "")
            try await cast.told(cast.seller, .leadSold, order: paid.order)
            try await cast.told(cast.buyers[0], .contactRevealed, order: paid.order)
            try expect("sold", try await cast.listing(listing.listing).stage, .sold)
            var decline = DeclineLead()
            decline.activation = activated.id
            try await house.refuses(.wrongState, decline, as: cast.buyers[0].guest)
            try await house.advance(by: .days(8))
            try expect("paid out", try await cast.order(paid.order).stage, .paidOut)
            try await cast.proveLedger()
        },
        Scenario("D4 or declines: the frozen price is returned, and the call's charge stays") { house in
            let (cast, desk) = try await Cast.openCalls(house)
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(cast.buyers[0], listing)
            try await cast.talk(desk, activated, for: .minutes(3))
            var decline = DeclineLead()
            decline.activation = activated.id
            try await house.refuses(.notFound, decline, as: cast.buyers[1].guest)
            try await cast.decline(activated)
            try expect("left", try await cast.held(cast.buyers[0]), [200_000 - 14_400, 0])
            try expect("declined", try await cast.view(activated).stage, .declined)
            try expect("still on offer", try await cast.listing(listing).stage, .open)
            let again = try await cast.activate(cast.buyers[0], listing)
            try expect("once more", try await cast.view(again).stage, .active)
            try await cast.proveLedger()
        },
        Scenario("D4 a policy may credit what the calls cost to the purchase") { house in
            let (cast, desk) = try await Cast.openCalls(house) { $0.preliminary.creditsCalls = true }
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(cast.buyers[0], listing)
            try await cast.talk(desk, activated, for: .minutes(2))
            try await cast.talk(desk, activated, for: .seconds(1))
            try expect("charged", try await cast.held(cast.buyers[0]), [195_200 - 14_400, 4_800])
            _ = try await cast.buy(cast.buyers[0], listing)
            try expect("the lead alone", try await cast.held(cast.buyers[0]), [195_200, 0])
            try await cast.proveLedger()
        },
        Scenario("D4 a lead may be bought without a call, if the balance covers it") { house in
            let (cast, _) = try await Cast.openCalls(house, funds: 4_799)
            let listing = try await cast.publishLead().listing.listing
            var buy = BuyLead()
            buy.listing = listing
            try await house.refuses(.insufficientFunds, buy, as: cast.buyers[0].guest)
            try await house.settle()
            try expect("on offer again", try await cast.listing(listing).stage, .open)
            try await house.refuses(
                .insufficientFunds, cast.activation(of: listing, from: cast.newCallerNumber()),
                as: cast.buyers[0].guest)
            try await house.settle()
            try expect("no number spent", try await cast.pool().free, 3)
            try await cast.topUp(cast.buyers[0], 1)
            try expect("bought", try await cast.buy(cast.buyers[0], listing).total.minor, 4_800)
            try await house.refuses(.listingClosed, buy, as: cast.buyers[1].guest)
            try await house.refuses(.forbidden, buy, as: cast.seller.guest)
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = cast.money(9_000)
            try await house.refuses(.wrongState, bid, as: cast.buyers[1].guest)
        },
        Scenario("D5 after 24 hours without a purchase the number is detached and the price returned") {
            house in
            let (cast, desk) = try await Cast.openCalls(house)
            let listing = try await cast.publishLead { $0.duration = .days(7) }.listing
            let activated = try await cast.activate(cast.buyers[0], listing.listing)
            let until = activated.answer.until
            try await house.advance(to: until - .minutes(5))
            let routed = try await cast.converse(desk, activated)
            try await house.advance(to: until - .microsecond)
            try expect("still active", try await cast.view(activated).stage, .active)
            try await house.advance(to: until)
            try expect("expired", try await cast.view(activated).stage, .expired)
            // Five minutes: the whole ones are charged.
            try expect("returned", try await cast.held(cast.buyers[0]), [200_000 - 24_000, 0])
            try expect("told to hang up", try await cast.hangUpsTold(desk, routed.call), 1)
            try expect("ended", try await cast.leadCalls(activated).first?.stage, .endedByHouse)
            try await cast.told(cast.buyers[0], .activationExpired, order: activated.id)
            try expect(
                "detached",
                try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number).verdict,
                .detached)
            // An activation late in the listing's life keeps the lead on offer for its buyer.
            try await house.advance(to: listing.endsAt - .hours(1))
            let late = try await cast.activate(cast.buyers[0], listing.listing)
            try await house.advance(to: listing.endsAt)
            try expect("closing", try await cast.listing(listing.listing).stage, .closing)
            var buy = BuyLead()
            buy.listing = listing.listing
            try await house.refuses(.listingClosed, buy, as: cast.buyers[1].guest)
            try expect("bought late", try await cast.buy(late.buyer, listing.listing).total.minor, 4_800)
            let other = try await cast.publishLead().listing
            try await house.advance(to: other.endsAt - .hours(1))
            let last = try await cast.activate(cast.buyers[1], other.listing)
            try await house.advance(to: last.answer.until)
            try expect("over", try await cast.listing(other.listing).stage, .expired)
            try await cast.proveLedger()
        },
    ]
}
