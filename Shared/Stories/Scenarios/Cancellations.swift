import Kernel
import Messages

extension Scenario {
    /// Sales that are undone by agreement (C7), and meetings of which nobody speaks (C4).
    static let cancellations: [Scenario] = [
        Scenario("C7 the seller asks after being advised, the buyer agrees, and the sale is undone") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await cast.agree(sold, at: try await house.now() + .days(3))
            var ask = Cast.cancel(sold, .poorRatings, "Two bad ratings.")
            ask.advised = false
            try await house.refuses(.adviceNotTaken, ask, as: cast.seller.guest)
            let before = try await cast.meeting(sold, as: cast.seller)
            try expect("advice", before.cancellationAdvice.contains("speak with the other side first"))
            // 15 % of 60.00 and 19 % VAT on it.
            try expect("the fee", before.cancellationFee, cast.money(1_071))
            try await cast.topUp(cast.seller, 2_000)
            ask.advised = true
            let asked = try await house.now()
            try await cast.act(ask, as: cast.seller.guest)
            let mail = try await cast.mailed(sold.buyer, .cancellationAsked, order: sold.order)
            try expect("the reason", mail.body.contains("poor ratings of the expert"))
            let open = try present("a request", try await cast.meeting(sold, as: sold.buyer).cancellation)
            try expect("its words", open.words.plaintext, "Two bad ratings.")
            try expect("until", open.answerUntil, asked + .days(10))
            try expect("nothing undone yet", try await cast.order(sold.order).stage, .revealed)
            try await house.refuses(.cancellationOpen, ask, as: cast.seller.guest)
            try await house.refuses(.cancellationOpen, Cast.cancel(sold), as: sold.buyer.guest)
            try await house.refuses(.wrongState, Cast.answer(sold, agrees: true), as: cast.seller.guest)
            try await cast.act(Cast.answer(sold, agrees: true), as: sold.buyer.guest)
            try expect("refunded", try await cast.order(sold.order).stage, .refunded)
            try expect("undone", try await cast.meeting(sold).cancellation?.stage, .undone)
            try expect("the whole price and fee", try await cast.available(sold.buyer), 100_000)
            try expect("the seller bears the fee", try await cast.available(cast.seller), 2_000 - 1_071)
            for player in [sold.buyer, cast.seller] {
                let told = try await cast.mailed(player, .saleCancelled, order: sold.order)
                let entry = told.calendar ?? []
                try expect("out of the calendar: \(entry)", entry.contains("METHOD:CANCEL"))
                try expect("a later version", entry.contains("SEQUENCE:1"))
            }
            // Cancelling twice, by either side, at once or later.
            for guest in [cast.seller.guest, sold.buyer.guest] {
                try await house.refuses(.saleCancelled, Cast.cancel(sold), as: guest)
                try await house.refuses(.saleCancelled, Cast.answer(sold, agrees: true), as: guest)
            }
            try await house.advance(by: .days(60))
            try expect("for good", try await cast.order(sold.order).stage, .refunded)
            try expect("no case", try await house.ask(ListCases(), as: cast.seller.guest).cases.count, 0)
            try await cast.proveLedger()
        },
        Scenario("C7 whoever asks gets an invoice for the fee of its own, and owes what the balance lacks") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            try await cast.topUp(cast.seller, 300)
            let sold = try await cast.sellAppointment()
            try await cast.act(Cast.cancel(sold), as: cast.seller.guest)
            try await cast.act(Cast.answer(sold, agrees: true), as: sold.buyer.guest)
            let papers = try await cast.invoices(of: sold.order, as: cast.seller)
            try expect("one", papers.map(\.total), [cast.money(1_071)])
            try expect("about", papers.map(\.subject), [.cancellationFee])
            try expect(
                "fee and VAT", [papers[0].price, papers[0].fee, papers[0].vat].map(\.minor), [0, 900, 171])
            var get = GetInvoice()
            get.invoice = papers[0].invoice
            let paper = try await house.ask(get, as: cast.seller.guest).content
            try expect("says so: \(paper)", paper.contains("Auction fee of the cancelled sale"))
            try expect("no other seller on it", !paper.contains("Seller:"))
            try await house.refuses(.notFound, get, as: sold.buyer.guest)
            // To the buyer an invoice and its credit note over the whole.
            let buyers = try await cast.invoices(of: sold.order, as: sold.buyer)
            try expect("two", buyers.map(\.kind), [.invoice, .creditNote])
            try expect("the whole", buyers.map(\.total), [cast.money(8_211), cast.money(8_211)])
            try await cast.mailed(cast.seller, .invoiceIssued, order: sold.order)
            let due = try await cast.mailed(cast.seller, .receivableDue, order: sold.order)
            try expect("what is owed: \(due.body)", due.body.contains("7.71"))
            let balance = try await cast.balance(of: cast.seller)
            try expect("used up", balance.available, cast.money(0))
            try expect("owed", balance.owed, cast.money(771))
            // The next price is netted against it.
            let next = try await cast.sellAppointment(to: cast.buyers[1])
            try await cast.reportBoth(next)
            try await house.advance(by: .minutes(1))
            let payouts = try await house.ask(ListPayments(), as: cast.seller.guest).payments.filter {
                $0.kind == .payout
            }
            try expect("netted", payouts.map(\.amount), [cast.money(6_000 - 771)])
            try await cast.proveLedger()
        },
        Scenario("C7 a buyer asks in the same way and bears the fee; a refusal leaves the contract standing")
        {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let buyer = sold.buyer
            try await house.refuses(.invalidText, Cast.cancel(sold, .other), as: buyer.guest)
            try await cast.act(Cast.cancel(sold, .noAppointment), as: buyer.guest)
            try await cast.act(Cast.answer(sold, agrees: false), as: cast.seller.guest)
            try await cast.mailed(buyer, .cancellationRefused, order: sold.order)
            try expect("stands", try await cast.order(sold.order).stage, .revealed)
            try expect("refused", try await cast.meeting(sold).cancellation?.stage, .refused)
            // Nobody is asked until it gives in; the other side may still ask.
            try await house.refuses(.cancellationRefused, Cast.cancel(sold), as: buyer.guest)
            try await house.refuses(.wrongState, Cast.answer(sold, agrees: true), as: cast.seller.guest)
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            try await cast.act(Cast.cancel(other, .noLongerWanted), as: other.buyer.guest)
            try await cast.act(Cast.answer(other, agrees: true), as: cast.seller.guest)
            try expect("all but the fee", try await cast.available(other.buyer), 100_000 - 1_071)
            try expect(
                "its papers", try await cast.invoices(of: other.order, as: other.buyer).map(\.subject),
                [.order, .order, .cancellationFee])
            try expect("nothing to the seller", try await cast.balance(of: cast.seller).owed, cast.money(0))
            for guest in [cast.operator, cast.buyers[1].guest] {
                try await house.refuses(.notFound, Cast.cancel(sold), as: guest)
                try await house.refuses(.notFound, Cast.answer(sold, agrees: true), as: guest)
            }
            // What stands is paid as ever.
            try await cast.reportBoth(sold)
            try await house.advance(by: .minutes(1))
            try expect("paid", try await cast.order(sold.order).stage, .paidOut)
            try await cast.proveLedger()
        },
        Scenario("C7 after the meeting both ratings are removed, and the seller gives the price back") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await cast.reportBoth(sold)
            try await cast.act(Cast.rating(sold, yes: 1, "Rude."), as: cast.seller.guest)
            try await cast.act(Cast.rating(sold, yes: 6, "Late."), as: sold.buyer.guest)
            try await house.advance(by: .minutes(1))
            try expect("paid", try await cast.order(sold.order).stage, .paidOut)
            try expect("rated", try await cast.ratings(of: sold.buyer, as: cast.seller).summary.ratings, 1)
            try await cast.act(Cast.cancel(sold), as: cast.seller.guest)
            try await cast.act(Cast.answer(sold, agrees: true), as: sold.buyer.guest)
            for (rated, reader) in [(sold.buyer, cast.seller), (cast.seller, sold.buyer)] {
                let page = try await cast.ratings(of: rated, as: reader)
                try expect("gone", page.ratings.count, 0)
                try expect("from the sums too", page.summary, RatingSummary())
            }
            try await house.refuses(.saleCancelled, Cast.rating(sold, yes: 1, ""), as: cast.seller.guest)
            try expect("none to give", try await cast.openRatings(of: sold.buyer).count, 0)
            // A bidder's sums, as the auction shows them, are without it.
            let listing = try await cast.publishAppointment().listing
            try await cast.bid(sold.buyer, on: listing.listing, 5_000)
            var history = BidHistory()
            history.listing = listing.listing
            let bids = try await house.ask(history, as: cast.seller.guest).bids
            try expect("no rating", bids.map { $0.rating?.ratings ?? 0 }, [0])
            try expect("back", try await cast.available(sold.buyer), 100_000)
            try expect(
                "price and fee", try await cast.balance(of: cast.seller).owed, cast.money(6_000 + 1_071))
            try await cast.proveLedger()
        },
        Scenario(
            "C7 without an answer in 10 days support decides, and may undo the sale as an agreement would"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            try await cast.act(Cast.cancel(sold), as: cast.seller.guest)
            try await cast.act(Cast.cancel(other), as: other.buyer.guest)
            let until = try await house.now() + .days(10)
            try await house.advance(to: until)
            try expect("not yet", try await house.ask(ListCases(), as: cast.seller.guest).cases.count, 0)
            try await house.advance(to: until + .microsecond)
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .cancellationUnanswered, order: sold.order)
            }
            let cases = try await house.ask(ListCases(), as: cast.seller.guest).cases
            try expect(
                "two, for an operator", cases.map(\.support),
                [.cancellationUnanswered, .cancellationUnanswered])
            try expect("with support", try await cast.meeting(sold).cancellation?.stage, .withSupport)
            try await house.refuses(.caseOpen, Cast.answer(sold, agrees: true), as: sold.buyer.guest)
            for found in cases {
                var decide = DecideCase()
                decide.case = found.case
                decide.verdict = found.order == sold.order ? .refundFull : .reject
                decide.reasoning = PersonalText("Both were heard.")
                try await cast.act(decide, as: cast.operator)
            }
            try expect("undone", try await cast.meeting(sold).cancellation?.stage, .undone)
            try expect("back", try await cast.available(sold.buyer), 100_000)
            try expect("the asker's fee", try await cast.balance(of: cast.seller).owed, cast.money(1_071))
            try expect("stands", try await cast.meeting(other).cancellation?.stage, .refused)
            try await cast.mailed(other.buyer, .cancellationRefused, order: other.order)
            try expect("held no more", try await cast.order(other.order).stage, .revealed)
            try await cast.proveLedger()
        },
        Scenario("C7 the last instant of the 10 days still counts, and a case on the order comes first") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            try await cast.act(Cast.cancel(sold), as: cast.seller.guest)
            let until = try await house.now() + .days(10)
            var object = OpenObjection()
            object.order = other.order
            object.statement = PersonalText("The consumer is somebody else.")
            let opened = try await cast.act(object, as: other.buyer.guest)
            try await house.refuses(.caseOpen, Cast.cancel(other), as: cast.seller.guest)
            try await house.advance(to: until)
            try await cast.act(Cast.answer(sold, agrees: true), as: sold.buyer.guest)
            try expect("in time", try await cast.order(sold.order).stage, .refunded)
            var get = GetCase()
            get.case = opened.case
            try expect(
                "of another kind", try await house.ask(get, as: other.buyer.guest).summary.support, nil)
            try await cast.proveLedger()
        },
        Scenario(
            "C4 where neither side ever reports, support takes over after 30 days, counted from the meeting"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            let at = try await house.now() + .days(20)
            try await cast.agree(other, at: at)
            let until = sold.awardedAt + .days(30)
            try expect("until", try await cast.meeting(sold).supportAt, until)
            try expect("later", try await cast.meeting(other).supportAt, at + .days(30))
            try await house.advance(to: until)
            try expect("not yet", try await cast.order(sold.order).stage, .revealed)
            try await house.advance(to: until + .microsecond)
            try expect("held", try await cast.order(sold.order).stage, .frozen)
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .meetingUnreported, order: sold.order)
            }
            let cases = try await house.ask(ListCases(), as: cast.seller.guest).cases
            try expect("one", cases.map(\.support), [.meetingUnreported])
            try expect("no case for who meets later", try await cast.order(other.order).stage, .revealed)
            var decide = DecideCase()
            decide.case = cases[0].case
            decide.verdict = .reject
            decide.reasoning = PersonalText("They met.")
            try await cast.act(decide, as: cast.operator)
            try await house.advance(by: .minutes(1))
            try expect("paid", try await cast.order(sold.order).stage, .paidOut)
            try await house.advance(to: at + .days(30) + .microsecond)
            try expect("in its time", try await cast.order(other.order).stage, .frozen)
            try await cast.proveLedger()
        },
    ]
}
