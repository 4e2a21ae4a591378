import Auditor
import Kernel
import Messages
import Stories
import Testing
import Wire

extension TamperTests {
    /// A minute on a prepaid line, paid from bonus.
    private static func talk(_ house: any House) async throws {
        let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0)
        let line = try await cast.openLine()
        let number = cast.newCallerNumber()
        try await cast.topUp(line, number, 5_000)
        try await cast.talk(line, from: number, for: .minutes(1))
    }

    // MARK: The trade

    static let trade: [Tamper] = [
        Tamper("a listing has two winners", .oneWinner, .winnerByRule) { house, cast in
            let sale = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(
                .auction, "DROP INDEX orders_live", "CREATE TEMP TABLE twin AS SELECT * FROM orders",
                "UPDATE twin SET id = id + 1", "INSERT INTO orders SELECT * FROM twin")
            _ = sale
            house.checkpoint(healed: true)
        },
        Tamper("an application's fee is where no rule puts it", .applicationByRule) { house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            _ = try await cast.apply()
            try house.change(.auction, "UPDATE application SET fee_stage = 6")
            house.checkpoint()
        },
        Tamper("what a purchase costs changes after the call was activated", .activationByRule) { house, _ in
            let (cast, _) = try await Cast.openCalls(house)
            _ = try await cast.activate(cast.buyers[0], try await cast.publishLead().listing.listing)
            try house.change(.auction, "UPDATE activation SET price = price - 1")
            house.checkpoint()
        },
        Tamper("a proxy number that is leased can be leased again", .proxyLeasedOnce) { house, _ in
            let (cast, _) = try await Cast.openCalls(house)
            _ = try await cast.activate(cast.buyers[0], try await cast.publishLead().listing.listing)
            try house.change(.auction, "UPDATE proxy_number SET leased_to = 0")
            house.checkpoint(healed: true)
        },
        Tamper("a strike is forgotten", .fishingByRule) { house, _ in
            let (cast, desk) = try await Cast.openCalls(house)
            let activated = try await cast.activate(
                cast.buyers[0], try await cast.publishLead().listing.listing)
            let routed = try await cast.converse(desk, activated)
            try await cast.act(
                try await cast.fishing(routed.call, "your number?"), as: desk.telephoneSwitch.guest)
            try house.change(.auction, "UPDATE strike SET state = 4, decided_at = 1")
            house.checkpoint()
        },
        Tamper("a preliminary call is charged a minute too much", .callByTariff) {
            house, _ in
            let (cast, desk) = try await Cast.openCalls(house)
            let activated = try await cast.activate(
                cast.buyers[0], try await cast.publishLead().listing.listing)
            try await cast.talk(desk, activated, for: .seconds(30))
            try house.change(.wallet, "UPDATE lead_call SET usage = usage * 2, charge = charge * 2")
            house.checkpoint()
        },
        Tamper("an applicant rejected in time gets the contact", .rejectedStaysHidden, .applicationByRule) {
            house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let filing = try await cast.apply()
            try await cast.review(filing, .accept)
            let row = try house.journal(.auction, ReviewApplication.self)[0]
            var review = try ReviewApplication(decoding: row.1)
            review.step = .decline
            try house.rewrite(.auction, row.0, body: review.encoded())
            house.checkpoint()
        },
        Tamper("an appointment is reminded of more often than the rule says", .meetingByRule) { house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            _ = try await cast.sellAppointment()
            try house.change(.auction, "UPDATE meeting SET reminders = 2")
            house.checkpoint()
        },
        Tamper("a request to undo a sale comes to its end by itself", .cancellationByRule) { house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await cast.act(Cast.cancel(sold), as: cast.seller.guest)
            try house.change(.auction, "UPDATE cancellation SET stage = 4, ended_at = asked_at")
            house.checkpoint()
        },
        Tamper("a caller's number outlives its provider's account", .callerByRule) { house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0)
            let line = try await cast.openLine()
            try await cast.topUp(line, cast.newCallerNumber(), 1_000)
            try house.change(.contactVault, "CREATE TEMP TABLE kept AS SELECT * FROM callers")
            try await cast.act(CloseParty(), as: line.provider.guest)
            try house.change(.contactVault, "INSERT INTO callers SELECT * FROM kept")
            house.checkpoint(healed: true)
        },
        Tamper("a rating is shown before its time", .ratingByRule) { house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await cast.reportBoth(sold)
            try await cast.act(Cast.rating(sold, yes: 6, ""), as: cast.seller.guest)
            try house.change(.dispute, "UPDATE rating SET shown_at = rated_at")
            house.checkpoint()
        },
        Tamper("a price is paid though one side alone reported the meeting", .orderLifeCycle) { house, _ in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await cast.act(Cast.report(sold), as: cast.seller.guest)
            try house.change(.auction, "UPDATE orders SET stage = 8")
            house.checkpoint()
        },
        Tamper("a call is charged for a second more than it lasted", .callByTariff) { house, _ in
            try await talk(house)
            try house.change(.wallet, "UPDATE call SET billed_seconds = billed_seconds + 1")
            house.checkpoint()
        },
        Tamper("a caller's top-ups are counted twice", .fundsAreLedger) { house, _ in
            try await talk(house)
            try house.change(.wallet, "UPDATE caller_account SET top_ups = top_ups + 1")
            house.checkpoint(healed: true)
        },
        Tamper("bonus money is paid out", .bonusNeverPaidOut) { house, _ in
            try await talk(house)
            house.checkpoint()
            try house.change(
                .wallet, "DROP TRIGGER entry_stays", "UPDATE entry SET kind = 8 WHERE kind = 10")
            house.checkpoint(healed: true)
        },
        Tamper("the winner pays less than the rule says", .winnerByRule) { house, cast in
            _ = try await cast.sellLead()
            try house.change(.auction, "UPDATE orders SET price = price - 1")
            house.checkpoint()
        },
        Tamper("another leads than the rule says", .winnerByRule) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            try await cast.bid(cast.buyers[1], on: listing, 5_100)
            let other = cast.buyers[0].party
            try house.change(.auction, "UPDATE listing SET lead_party = \(other)")
            house.checkpoint()
        },
        Tamper("an acknowledged price is not the bid's", .winnerByRule) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            house.tamper = { code, answer, body in
                guard code == PlaceBid.code, var placed = try? BidPlaced(decoding: body) else {
                    return (answer, body)
                }
                placed.price = Money(placed.price.minor + 1, placed.price.currency)
                return (answer, placed.encoded())
            }
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            house.checkpoint()
        },
        Tamper("a bid's amount changes", .bidByRule) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            try await cast.bid(cast.buyers[1], on: listing, 5_100)
            house.checkpoint(healed: true)
            try house.change(
                .auction, "UPDATE bid SET amount = amount + 1 WHERE id NOT IN (SELECT lead_bid FROM listing)")
            house.checkpoint(healed: true)
        },
        Tamper("a bid that is high enough is refused as too low", .bidByRule) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            house.checkpoint()
            var bid = PlaceBid()
            bid.listing = listing
            bid.amount = cast.money(3_999)
            try await house.refuses(.bidTooLow, bid, as: cast.buyers[0].guest)
            house.checkpoint()
            #expect(house.auditor.violations.isEmpty)
            house.tamper = { _, _, _ in (Refusal.code, Refusal(.bidTooLow).encoded()) }
            bid.amount = Money(10_000, .usd)
            // Refused for its currency, which counts as too low here.
            try await house.refuses(.wrongCurrency, bid, as: cast.buyers[0].guest)
            house.checkpoint()
        },
        // The hold of a bid that nobody leads with is needed by nobody.
        Tamper("a bid below the minimum is taken", .bidByRule, .holdNeeded) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            let row = try house.journal(.auction, PlaceBid.self)[0]
            var bid = try PlaceBid(decoding: row.1)
            bid.amount = cast.money(3_999)
            try house.rewrite(.auction, row.0, body: bid.encoded())
            try house.change(.auction, "UPDATE bid SET amount = 3999")
            // The model follows the rule: the bid is in no queue, and the listing has no leader.
            try house.change(
                .auction,
                "UPDATE listing SET price = start_price, lead_bid = 0, lead_party = 0, lead_maximum = 0, bids = 0"
            )
            house.checkpoint()
        },
        Tamper("a listing ends at another time", .listingByRule) { house, cast in
            _ = try await cast.publishLead()
            house.checkpoint(healed: true)
            try house.change(.auction, "UPDATE listing SET ends_at = ends_at + 1")
            house.checkpoint(healed: true)
        },
        Tamper("an order leaps forward", .orderLifeCycle) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(.auction, "UPDATE orders SET stage = 8 WHERE stage = 4")
            house.checkpoint(healed: true)
        },
        Tamper("a strike is forgotten", .strikeByRule) { house, cast in
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.isEmpty)
            try house.change(.auction, "UPDATE party SET strikes = strikes + 1")
            house.checkpoint(healed: true)
        },
        Tamper("a case is where its journal does not put it", .caseByRule) { house, cast in
            let sale = try await cast.sellLead()
            var objection = OpenObjection()
            objection.order = sale.order
            objection.statement = PersonalText("Nobody knows of this.")
            try await cast.act(objection, as: sale.buyer.guest)
            house.checkpoint(healed: true)
            try house.change(.dispute, "UPDATE dispute_case SET stage = 3")
            house.checkpoint(healed: true)
        },
    ]

    // MARK: Contacts

    static let contacts: [Tamper] = [
        Tamper("a grant goes to somebody else", .revealHasGrant) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(.contactVault, "UPDATE grants SET party = party + 1")
            house.checkpoint(healed: true)
        },
        Tamper("a reading is not in the log", .revealIsLogged) { house, cast in
            let sale = try await cast.sellLead()
            _ = try await cast.readContact(sale.order, as: sale.buyer)
            try house.change(
                .contactVault, "DELETE FROM reveals WHERE number = (SELECT max(number) FROM reveals)")
            house.checkpoint()
        },
        Tamper("a line of the reveal log changes", .revealChain) { house, cast in
            _ = try await cast.sellLead()
            house.checkpoint(healed: true)
            try house.change(.contactVault, "UPDATE reveals SET purpose = purpose || '!' WHERE number = 1")
            house.checkpoint(healed: true)
        },
        Tamper("an erased contact is still there, sealed", .erasedIsUnreadable) { house, cast in
            let contact = try await erase(cast)
            house.checkpoint(healed: true)
            try house.change(
                .contactVault, "UPDATE contacts SET sealed = zeroblob(200) WHERE contact = \(contact)")
            house.checkpoint(healed: true)
        },
        Tamper("an erased contact's key is still there", .erasedIsUnreadable) { house, cast in
            _ = try await erase(cast)
            house.auditor.hooks.holdsKey = { _, _ in true }
            house.checkpoint()
            #expect(house.auditor.violations.isEmpty)
            house.checkpoint(healed: true)
        },
        Tamper("an erased contact's key is in an old backup", .erasedIsUnreadable) { house, cast in
            _ = try await erase(cast)
            house.checkpoint(healed: true)
            house.auditor.checkErased(in: "backup", before: house.house.now()) { _ in true }
            #expect(house.auditor.violations.isEmpty)
            house.auditor.checkErased(in: "backup", before: .distantFuture) { _ in false }
            #expect(house.auditor.violations.isEmpty)
            house.auditor.checkErased(in: "backup", before: .distantFuture) { _ in true }
        },
        Tamper("an erased contact is shown", .erasedIsUnreadable) { house, cast in
            let sale = try await cast.sellLead()
            let seen = try await cast.readContact(sale.order, as: sale.buyer).encoded()
            var erase = EraseContact()
            erase.contact = sale.contact
            try await cast.act(erase, as: cast.operator)
            house.checkpoint(healed: true)
            var read = ReadContact()
            read.order = sale.order
            // Nothing is journaled of it, so that it is not acknowledged either: the key is one known before.
            house.tamper = { _, _, _ in (Refusal.code, Refusal(.unavailable).encoded()) }
            try await house.refuses(.erased, read, as: sale.buyer.guest)
            house.checkpoint()
            #expect(house.auditor.violations.isEmpty)
            house.show(seen, to: read, by: sale.buyer)
        },
        Tamper("a contact on offer is free again", .contactByRule) { house, cast in
            _ = try await cast.publishLead()
            house.checkpoint(healed: true)
            try house.change(.contactVault, "UPDATE contacts SET state = 1")
            house.checkpoint(healed: true)
        },
        Tamper("an answer shows a contact to a stranger", .contactStaysSealed) { house, cast in
            let phone = try await cast.publishLead().prospect.phone
            house.tamper = { _, answer, body in (answer, body + Array("call \(phone) now".utf8)) }
            _ = try await house.ask(GetUnreadCount(), as: cast.buyers[0].guest)
            house.checkpoint()
        },
        Tamper("an e-mail shows a contact to a stranger", .contactStaysSealed) { house, cast in
            let sale = try await cast.sellLead()
            let text = Array("Petra Sommer, \(sale.prospect.email)".utf8)
            house.auditor.observe(mail: text, to: sale.buyer.guest.email)
            house.checkpoint()
            #expect(house.auditor.violations.isEmpty)
            house.auditor.observe(mail: text, to: cast.buyers[1].guest.email)
            house.checkpoint()
        },
    ]

    private static func erase(_ cast: Cast) async throws -> ContactID {
        let contact = try await cast.seal(cast.newProspect())
        var erase = EraseContact()
        erase.contact = contact
        try await cast.act(erase, as: cast.operator)
        return contact
    }

    // MARK: Notifications

    static let telling: [Tamper] = [
        Tamper("a party is told of the same twice", .notifiedOnce) { house, cast in
            try await cast.topUp(cast.buyers[0], 500)
            try await cast.topUp(cast.buyers[0], 600)
            let rows = try house.journal(.notifications, Notify.self)
            try house.rewrite(.notifications, rows[0].0, body: rows[1].1)
            house.checkpoint()
        },
        Tamper("an item is lost from an inbox", .notificationKept) { house, cast in
            try house.change(.notifications, "DELETE FROM inbox WHERE item = (SELECT max(item) FROM inbox)")
            house.checkpoint()
        },
        Tamper("an e-mail is sent twice", .emailOnce) { house, cast in
            _ = try await cast.sellLead()
            let rows = try house.journal(.notifications, EmailAttempted.self)
            try house.rewrite(.notifications, rows[0].0, body: rows[1].1)
            house.checkpoint()
        },
        Tamper("an e-mail has another name each time it is sent", .emailOnce) { house, cast in
            let mail = try #require(try await house.mail().last)
            house.auditor.observe(mail: Array(mail.text.utf8), to: mail.recipient)
            house.checkpoint()
            #expect(house.auditor.violations.isEmpty)
            let renamed = mail.text.replacing("<gavel.0", with: "<gavel.f")
            house.auditor.observe(mail: Array(renamed.utf8), to: mail.recipient)
            house.checkpoint()
        },
    ]

    // MARK: Who may ask

    static let asking: [Tamper] = [
        Tamper("a token opens the house after its sign-out", .signOutHolds) { house, _ in
            var authenticate = Authenticate()
            authenticate.accessToken = "a token"
            house.pretend(SignIn(), answered: signedIn, on: 7)
            house.pretend(SignOut(), answered: Done(), on: 7)
            // Not every gateway has heard.
            house.pretend(authenticate, answered: Authenticated(), on: 8)
            #expect(house.auditor.violations.isEmpty)
            house.pretend(authenticate, answered: Authenticated(), on: 9, after: .minutes(3))
        },
        Tamper("a connection is served after its sign-out", .signOutHolds) { house, _ in
            house.pretend(SignIn(), answered: signedIn, on: 7)
            house.pretend(SignOut(), answered: Done(), on: 7)
            house.pretend(GetUnreadCount(), answered: UnreadCount(), on: 7, after: .minutes(3))
        },
        Tamper("a buyer is answered what is for operators", .onlyByRole) { house, _ in
            house.pretend(SignIn(), answered: signedIn, on: 7)
            house.pretend(ListReviews(), answered: ReviewPage(), on: 7)
        },
        Tamper("a party is answered more than it may ask", .withinRate) { house, _ in
            house.auditor.allow(atOnce: 2, perMinute: 1)
            house.pretend(SignIn(), answered: signedIn, on: 7)
            for _ in 0..<3 { house.pretend(GetUnreadCount(), answered: UnreadCount(), on: 7) }
            #expect(house.auditor.violations.isEmpty)
            house.pretend(GetUnreadCount(), answered: UnreadCount(), on: 7)
        },
    ]

    private static var signedIn: SignedIn {
        var signedIn = SignedIn()
        signedIn.session = SessionID(5)
        signedIn.roles = .buyer
        signedIn.accessToken = "a token"
        return signedIn
    }

    // MARK: What clients read

    static let reading: [Tamper] = [
        Tamper("a listing is shown at a price that it never had", .readIsTrue) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            house.tamper = { _, answer, body in
                guard var detail = try? ListingDetail(decoding: body) else { return (answer, body) }
                detail.price = Money(detail.price.minor + 1, detail.price.currency)
                return (answer, detail.encoded())
            }
            _ = try await cast.listing(listing, as: cast.buyers[0])
            house.checkpoint()
        },
        Tamper("a listing is shown as it was long before", .readIsTrue) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            let before = try await cast.listing(listing, as: cast.buyers[1]).encoded()
            try await cast.bid(cast.buyers[0], on: listing, 5_000)
            house.checkpoint()
            house.tamper = { _, answer, _ in (answer, before) }
            _ = try await cast.listing(listing, as: cast.buyers[1])
            house.checkpoint()
        },
        Tamper("an order is shown in a stage that it is not in", .readIsTrue) { house, cast in
            let sale = try await cast.sellLead()
            house.tamper = { _, answer, body in
                guard var view = try? OrderView(decoding: body) else { return (answer, body) }
                view.stage = .paidOut
                return (answer, view.encoded())
            }
            _ = try await cast.order(sale.order, as: sale.buyer)
            house.checkpoint()
        },
        Tamper("a balance is not the ledger's", .balanceIsLedger) { house, cast in
            house.tamper = { _, answer, body in
                guard var details = try? BalanceDetails(decoding: body) else { return (answer, body) }
                details.posted = Money(details.posted.minor + 1, details.posted.currency)
                details.available = details.posted
                return (answer, details.encoded())
            }
            _ = try await cast.balance(of: cast.buyers[0])
            house.checkpoint()
        },
        Tamper("an order is shown to somebody who has no part in it", .absentIsAbsent) { house, cast in
            let sale = try await cast.sellLead()
            var query = GetOrder()
            query.order = sale.order
            var seen = try await house.house.ask(query, as: sale.buyer.guest)
            seen.grant = .none
            let answer = seen.encoded()
            house.tamper = { _, _, _ in (OrderView.code, answer) }
            try await house.refuses(.notFound, query, as: cast.buyers[1].guest)
            house.checkpoint()
        },
        Tamper("a deleted listing is shown to a buyer", .absentIsAbsent) { house, cast in
            let listing = try await cast.publishLead().listing.listing
            var delete = DeleteListing()
            delete.listing = listing
            try await cast.act(delete, as: cast.seller.guest)
            var seen = try await cast.listing(listing)
            seen.own = false
            let answer = seen.encoded()
            house.tamper = { _, _, _ in (ListingDetail.code, answer) }
            var query = GetListing()
            query.listing = listing
            try await house.refuses(.notFound, query, as: cast.buyers[0].guest)
            house.checkpoint()
        },
    ]
}
