import Kernel
import Messages
import Wire

extension Scenario {
    /// Money, keys, time, languages and sight (F1-F3, F6-F9).
    static let everywhere: [Scenario] = [
        Scenario("F1 every movement is double entry, and the ledger's sum is zero at all times") { house in
            let cast = try await Cast.openMarketplace(house)
            try await cast.proveLedger()
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 6_000)
            try await cast.proveLedger()
            try await house.advance(to: published.endsAt)
            try await cast.proveLedger()
            try await house.advance(by: .days(8))
            try await cast.proveLedger()
            var statement = GetStatement()
            statement.limit = 100
            let page = try await house.ask(statement, as: cast.buyers[0].guest)
            try expect("lines", page.lines.map(\.kind), [.topUp, .orderPaid])
            try expect("closing", page.closing, cast.money(100_000 - 7_140))
            try expect("running balance", page.lines.map(\.balance.minor), [100_000, 92_860])
            let now = try await house.now()
            let before = try await cast.balance(of: cast.buyers[0], at: published.endsAt - .microsecond)
            try expect("then", before.posted, cast.money(100_000))
            let after = try await cast.balance(of: cast.buyers[0], at: now)
            try expect("now", after.posted, cast.money(92_860))
        },
        Scenario("F1 no balance goes below what it may, in whatever order money is asked for") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 10_000)
            let buyer = cast.buyers[0]
            let first = try await cast.publishLead().listing.listing
            let second = try await cast.publishLead().listing.listing
            try await cast.bid(buyer, on: first, 6_000)
            var bid = PlaceBid()
            bid.listing = second
            bid.amount = cast.money(6_000)
            try await house.refuses(.insufficientFunds, bid, as: buyer.guest)
            for (reason, amount) in [
                (RefusalCode.amountOutOfRange, cast.money(0)), (.amountOutOfRange, cast.money(-5)),
                (.amountOutOfRange, cast.money(.max)), (.wrongCurrency, Money(500, .usd)),
            ] {
                var topUp = TopUp()
                topUp.amount = amount
                try await house.refuses(reason, topUp, as: buyer.guest)
            }
            var declined = TopUp()
            declined.amount = cast.money(1_000)
            declined.method = "sandboxDeclined"
            try await cast.act(declined, as: buyer.guest)
            try await cast.mailed(buyer, .topUpFailed)
            try expect("as before", try await cast.available(buyer), 10_000 - 7_140)
            try await cast.proveLedger()
        },
        Scenario("F2 a command sent twice acts once and answers the same, byte for byte") { house in
            let cast = try await Cast.openMarketplace(house)
            let listing = try await cast.publishLead().listing.listing
            let now = try await house.now()
            let key = IdempotencyKey(high: UInt64(now.microseconds), low: 4_711)
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = cast.money(5_000)
            let once = try await house.send(bid, as: cast.buyers[0].guest, key: key)
            try await cast.bid(cast.buyers[1], on: listing, 6_000)
            try await house.advance(by: .days(1))
            let twice = try await house.send(bid, as: cast.buyers[0].guest, key: key)
            try expect("the same answer", twice.encoded(), once.encoded())
            try expect("two bids", try await cast.listing(listing).bids, 2)
            try expect("free", try await cast.available(cast.buyers[0]), 100_000)
        },
        Scenario("F2 the same key with another body is refused, and nothing happens") { house in
            let cast = try await Cast.openMarketplace(house)
            let listing = try await cast.publishLead().listing.listing
            let now = try await house.now()
            let key = IdempotencyKey(high: UInt64(now.microseconds), low: 4_712)
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = cast.money(5_000)
            _ = try await house.send(bid, as: cast.buyers[0].guest, key: key)
            bid.amount = cast.money(6_000)
            try await house.refuses(.keyReused, bid, as: cast.buyers[0].guest, key: key)
            try expect("price", try await cast.listing(listing).price, cast.money(5_000))
            bid.amount = cast.money(7_000)
            let other = try await house.send(bid, as: cast.buyers[1].guest, key: key)
            try expect("another party's key is another key", other.price, cast.money(7_000))
        },
        Scenario("F2 a key used for one message is refused for another, also where their bodies are equal") {
            house in
            let cast = try await Cast.openMarketplace(house)
            let listing = try await cast.publishLead().listing.listing
            let now = try await house.now()
            let key = IdempotencyKey(high: UInt64(now.microseconds), low: 4_714)
            var confirm = ConfirmHandover()
            confirm.order = OrderID(listing.raw)
            try await house.refuses(.notFound, confirm, as: cast.seller.guest, key: key)
            var delete = DeleteListing()
            delete.listing = listing
            try expect("equal bodies", delete.encoded(), confirm.encoded())
            try await house.refuses(.keyReused, delete, as: cast.seller.guest, key: key)
            try expect("still there", try await cast.listing(listing).stage, .open)
            _ = try await house.send(delete, as: cast.seller.guest)
        },
        Scenario("F2 a refusal is remembered too, and a key older than the retention is refused") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
            let listing = try await cast.publishLead().listing.listing
            let now = try await house.now()
            let key = IdempotencyKey(high: UInt64(now.microseconds), low: 4_713)
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = cast.money(5_000)
            try await house.refuses(.insufficientFunds, bid, as: cast.buyers[0].guest, key: key)
            try await cast.topUp(cast.buyers[0], 100_000)
            try await house.refuses(.insufficientFunds, bid, as: cast.buyers[0].guest, key: key)
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            let old = IdempotencyKey(high: UInt64((now - Duration64.days(31)).microseconds), low: 1)
            try await house.refuses(.keyExpired, bid, as: cast.buyers[0].guest, key: old)
        },
        Scenario("F3 a refused command leaves nothing behind") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let listing = try await cast.publishLead().listing.listing
            let before = try await cast.listing(listing).encoded()
            let inbox = try await cast.inbox(of: cast.buyers[0].guest).count
            var bid = PlaceBid()
            bid.listing = listing
            for minor: Int64 in [3_999, 90_000, -1, .max] {
                bid.amount = cast.money(minor)
                let refusal = try await house.refusal(of: bid, as: cast.buyers[0].guest)
                try expect("\(minor) is refused", refusal != nil)
            }
            try expect("the listing", try await cast.listing(listing).encoded(), before)
            try expect("the balance", try await cast.available(cast.buyers[0]), 100_000)
            try expect("the inbox", try await cast.inbox(of: cast.buyers[0].guest).count, inbox)
        },
        Scenario("F6 every e-mail is one file, and each event is sent once per channel") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            try await house.advance(by: .days(8))
            let spool = try await house.mail()
            try expect("no file twice", Set(spool.map(\.name)).count, spool.count)
            for player in cast.buyers + [cast.seller] {
                let items = try await cast.inbox(of: player.guest)
                let sent = items.filter { $0.email == .sent }
                try expect("none waits", items.filter { $0.email == .queued || $0.email == .failed }.count, 0)
                let files = Set(spool.filter { $0.recipient == player.guest.email }.map(\.name))
                try expect("files of \(player.name)", files, Set(sent.map { SpooledMail.name(of: $0.item) }))
                let events = items.map { "\($0.event) \($0.subject) \($0.order)" }
                try expect("once", Set(events).count, events.count)
            }
            try await cast.mailed(sale.buyer, .contactRevealed, order: sale.order)
        },
        Scenario("F6 the inbox keeps all, in order, and what was read stays read") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let items = try await cast.inbox(of: sale.buyer.guest)
            try expect("in order", items.map(\.item), items.map(\.item).sorted())
            let unread = try await house.ask(GetUnreadCount(), as: sale.buyer.guest).unread
            try expect("all unread", Int(unread), items.count)
            var mark = MarkRead()
            mark.items = Array(items.prefix(2).map(\.item))
            try await house.refuses(.notFound, mark, as: cast.seller.guest)
            try await cast.act(mark, as: sale.buyer.guest)
            let left = try await house.ask(GetUnreadCount(), as: sale.buyer.guest).unread
            try expect("two less", Int(left), items.count - 2)
        },
        Scenario(
            "F6 in a bidding war the inbox tells of every step, and of e-mails that rest the newest leaves"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house)
            let listing = try await cast.publishLead().listing.listing
            for step in 0..<6 {
                try await cast.bid(cast.buyers[step % 2], on: listing, 5_000 + 1_000 * Int64(step))
            }
            let first = cast.buyers[0]
            func outbids() async throws -> [EmailState] {
                try await cast.inbox(of: first.guest).filter { $0.event == .bidOutbid }.map(\.email)
            }
            try expect("at once, and then at rest", try await outbids(), [.sent, .replaced, .queued])
            try await house.advance(by: .seconds(30))
            try expect("after the rest", try await outbids(), [.sent, .replaced, .sent])
            let spool = try await house.mail().filter { $0.recipient == first.guest.email }
            let told = try await cast.inbox(of: first.guest).filter { $0.event == .bidOutbid }
            for (item, files) in zip(told, [1, 0, 1]) {
                let name = SpooledMail.name(of: item.item)
                try expect("e-mails of \(item.item)", spool.filter { $0.name == name }.count, files)
            }
        },
        Scenario("F7 deadlines passed in one leap fire once each, in their order") { house in
            let cast = try await Cast.openMarketplace(house)
            let published = try await cast.publishLead().listing
            let unsold = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 6_000)
            try await house.advance(by: .days(60))
            let order = try await cast.order(try await cast.order(of: published.listing).order)
            try expect("awarded at the end", order.awardedAt, published.endsAt)
            try expect("paid out", order.stage, .paidOut)
            let due = try present("reveal", order.revealedAt) + Duration64.days(7) + .microsecond
            try expect("paid out when due", order.paidOutAt, due)
            try expect("expired", try await cast.listing(unsold.listing).stage, .expired)
            let items = try await cast.inbox(of: cast.seller.guest)
            for event in [NotificationEvent.leadSold, .paymentReceived, .payoutMade, .listingExpired] {
                try expect("\(event) once", items.filter { $0.event == event }.count, 1)
            }
        },
        Scenario("F8 each party is told in its language, with its way of writing money") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let words: [(Language, String, String, String)] = [
                (.german, "Rechnung", "überboten", "1.234,50"),
                (.english, "Invoice", "outbid", "1,234.50"),
                (.russian, "Счёт", "перебита", "1\u{a0}234,50"),
            ]
            for (language, invoice, outbid, amount) in words {
                let buyer = try await cast.join("Buyer \(language)", .buyer, language: language)
                let rival = try await cast.join("Rival \(language)", .buyer)
                for player in [buyer, rival] { try await cast.topUp(player, 1_000_000) }
                let published = try await cast.publishLead().listing
                try await cast.bid(buyer, on: published.listing, 100_000)
                try await cast.bid(rival, on: published.listing, 110_000)
                let mail = try await cast.mailed(buyer, .bidOutbid, listing: published.listing)
                try expect("\(language): \(outbid) in \(mail.body)", mail.body.contains(outbid))
                try await cast.bid(buyer, on: published.listing, 123_450)
                try await house.advance(to: published.endsAt)
                let order = try await cast.order(of: published.listing).order
                var get = GetInvoice()
                get.invoice = try await cast.invoices(of: order, as: buyer)[0].invoice
                let paper = try await house.ask(get, as: buyer.guest)
                try expect("language", paper.language, language)
                try expect("\(invoice)", paper.content.contains(invoice))
                let plain = paper.content.spacesMadeEqual
                try expect("\(amount) in \(paper.content)", plain.contains(amount.spacesMadeEqual))
            }
        },
        Scenario("F8 a party may choose another language at any time") { house in
            let cast = try await Cast.openMarketplace(house)
            var update = UpdateLanguage()
            update.language = .russian
            try await cast.act(update, as: cast.buyers[0].guest)
            let published = try await cast.publishLead().listing
            try await cast.bid(cast.buyers[0], on: published.listing, 5_000)
            try await cast.bid(cast.buyers[1], on: published.listing, 6_000)
            let item = try await cast.told(cast.buyers[0], .bidOutbid, listing: published.listing)
            try expect("Russian: \(item.title)", item.title.contains("перебита"))
        },
        Scenario("F9 what belongs to others cannot be told apart from what does not exist") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale)
            let invoice = try await cast.invoices(of: sale.order, as: sale.buyer)[0].invoice
            let payment = try present(
                "a payment", try await house.ask(ListPayments(), as: sale.buyer.guest).payments.first)
            let probe = try await sight(of: sale, opened.case, invoice, payment.payment, house)
            let absent = UInt64(1) << 60
            for stranger in [cast.buyers[1].guest, try await cast.join("Krause", [.seller, .buyer]).guest] {
                let foreign = try await probe(stranger, nil)
                let missing = try await probe(stranger, absent)
                for ((title, left), (_, right)) in zip(foreign, missing) {
                    try expect("\(title) of others", left, right)
                }
                try expect("probes", foreign.count, 13)
            }
        },
        Scenario("F9 another marketplace of the same installation does not exist for a party") { house in
            let here = try await Cast.openMarketplace(house)
            let there = try await Cast.openMarketplace(house)
            let listing = try await here.publishLead().listing.listing
            let found = try await house.ask(SearchListings(), as: there.buyers[0].guest).listings
            try expect("nothing found", found.count, 0)
            var get = GetListing()
            get.listing = listing
            try await house.refuses(.notFound, get, as: there.buyers[0].guest)
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = there.money(5_000)
            try await house.refuses(.notFound, bid, as: there.buyers[0].guest)
            let moved = Guest(
                marketplace: there.marketplace, email: here.buyers[0].guest.email,
                password: here.buyers[0].guest.password)
            try await house.refuses(.credentialsWrong, GetParty(), as: moved)
        },
        Scenario("F9 a wrong password and an unknown address are refused alike") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
            let known = cast.buyers[0].guest
            let wrong = Guest(marketplace: known.marketplace, email: known.email, password: "not this one")
            let unknown = Guest(
                marketplace: known.marketplace, email: "nobody@example.com", password: known.password)
            let left = try await house.refuses(.credentialsWrong, GetParty(), as: wrong)
            let right = try await house.refuses(.credentialsWrong, GetParty(), as: unknown)
            try expect("the same bytes", left.encoded(), right.encoded())
        },
    ]

    /// Everything that a stranger might ask of a sale and its papers: the refusals, the ids in them blotted out.
    private static func sight(
        of sale: Sale, _ opened: CaseID, _ invoice: InvoiceID, _ payment: PaymentID, _ house: any House
    ) async throws -> (Guest, UInt64?) async throws -> [(String, String)] {
        return { guest, absent in
            var found: [(String, String)] = []
            func note(_ title: String, _ id: UInt64, _ refusal: Refusal?) {
                guard var refusal else { return found.append((title, "accepted")) }
                refusal.found = refusal.found.replacing("\(id)", with: "#")
                refusal.expected = refusal.expected.replacing("\(id)", with: "#")
                found.append((title, "\(refusal)"))
            }
            func ask<Q: Query>(_ id: UInt64, _ make: (UInt64) -> Q) async throws {
                let id = absent ?? id
                note(Q.title, id, try await house.refusal(of: make(id), as: guest))
            }
            func send<C: Command>(_ id: UInt64, _ make: (UInt64) -> C) async throws {
                let id = absent ?? id
                note(C.title, id, try await house.refusal(of: make(id), as: guest))
            }
            try await ask(sale.order.raw) { id in
                var q = GetOrder(); q.order = OrderID(id); return q
            }
            try await ask(sale.listing.raw) { id in
                var q = GetListing(); q.listing = ListingID(id); return q
            }
            try await ask(sale.listing.raw) { id in
                var q = BidHistory(); q.listing = ListingID(id); return q
            }
            try await ask(invoice.raw) { id in
                var q = GetInvoice(); q.invoice = InvoiceID(id); return q
            }
            try await ask(payment.raw) { id in
                var q = GetPayment(); q.payment = PaymentID(id); return q
            }
            try await ask(opened.raw) { id in
                var q = GetCase(); q.case = CaseID(id); return q
            }
            try await ask(sale.order.raw) { id in
                var q = ReadConversation()
                q.order = OrderID(id)
                return q
            }
            try await ask(sale.buyer.party.raw) { id in
                var q = GetParty(); q.party = PartyID(id); return q
            }
            try await send(sale.order.raw) { id in
                var c = PayOrder(); c.order = OrderID(id); return c
            }
            try await send(sale.order.raw) { id in
                var c = ReadContact(); c.order = OrderID(id); return c
            }
            try await send(sale.order.raw) { id in
                var c = PostMessage()
                c.order = OrderID(id)
                c.text = PersonalText("Hello?")
                return c
            }
            try await send(sale.order.raw) { id in
                var c = OpenObjection()
                c.order = OrderID(id)
                c.statement = PersonalText("Not mine.")
                return c
            }
            try await send(opened.raw) { id in
                var c = AddEvidence()
                c.case = CaseID(id)
                var piece = Evidence()
                piece.content = PersonalText("Not mine.")
                c.evidence = [piece]
                return c
            }
            return found
        }
    }
}

extension String {
    /// With every kind of space as a plain one.
    var spacesMadeEqual: String {
        String(map { $0.isWhitespace && $0 != "\n" ? " " : $0 })
    }

    fileprivate func replacing(_ part: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            result += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
