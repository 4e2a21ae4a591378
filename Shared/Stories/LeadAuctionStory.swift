import Kernel
import Messages

/// The story `lead-auction`: leads are listed, bid for, won, paid, revealed, invoiced, paid out or refunded, and
/// every rule from A1 to A19 is proved on the way.
///
/// It makes two marketplaces: one whose bids are covered by holds, one where payment follows the award.
public final class LeadAuctionStory: Story {
    public static let name = "lead-auction"
    public static let rules = (1...19).map { "A\($0)" }

    let house: RecordingHouse
    let cast: Cast
    let later: Cast
    private let book: StoryBook

    private init(_ stage: Stage, _ cast: Cast, later: Cast) {
        house = stage.house
        book = stage.book
        self.cast = cast
        self.later = later
    }

    public static func play(on stage: Stage) async throws {
        var held = Policy()
        held.reviewInterval = .days(1)
        var after = Policy()
        after.payment = .afterAward
        let story = LeadAuctionStory(stage, try await stage.open(held), later: try await stage.open(after))
        try await story.publishing()
        let sale = try await story.auction()
        try await story.stopping()
        try await story.delivery(of: sale)
        try await story.disputing()
        try await story.payout(of: sale)
        try await story.refundByRule(sale)
        try await story.secondRound()
        try await story.paymentAfterAward()
    }

    func prove(_ rule: String, _ sentence: String, _ checks: () async throws -> Void) async throws {
        try await book.prove(rule, sentence, checks)
    }

    /// Notes that a party was told in the inbox and by e-mail.
    @discardableResult
    func mailed(
        _ player: Player, _ event: NotificationEvent, by cast: Cast? = nil, listing: ListingID = .none,
        order: OrderID = .none
    ) async throws -> SpooledMail {
        let mail = try await (cast ?? self.cast).mailed(player, event, listing: listing, order: order)
        house.note("inbox and e-mail → \(event) to \(player.name)")
        return mail
    }
}

// MARK: The chapters

extension LeadAuctionStory {
    /// What may be listed (A1-A6).
    private func publishing() async throws {
        let whole = try await cast.lead()
        let now = try await house.now()
        try await prove("A3", "Without a linked payout account no listing can be published.") {
            let stranger = try await cast.join("Krause", .seller)
            try await house.refuses(.payoutAccountMissing, whole, as: stranger.guest)
        }
        try await prove("A2", "The set-up asks what buyers want to know, and suggests ranges.") {
            var query = GuideSetup()
            query.projectType = whole.projectType
            let guide = try await house.ask(query, as: cast.seller.guest)
            try expect("required questions", guide.questions.contains { $0.required })
            for subject in RangeSubject.allCases {
                let range = try present("\(subject)", guide.ranges.first { $0.subject == subject })
                house.note("SetupGuide: \(subject) \(range.low) to \(range.high), from \(range.source)")
            }
        }
        try await prove("A1", "A lead must be current and serious, and free of contact data.") {
            var lead = whole
            lead.inquiredAt = now - .days(30) - .microsecond
            try await house.refuses(.inquiryTooOld, lead, as: cast.seller.guest)
            lead.inquiredAt = whole.inquiredAt
            lead.answers.removeLast()
            try await house.refuses(.answerMissing, lead, as: cast.seller.guest)
            lead.answers = whole.answers
            lead.description += " Call null eins sieben eins zwei drei vier fünf sechs sieben."
            try await house.refuses(.contactDataInText, lead, as: cast.seller.guest)
            _ = try await cast.publishLead { $0.inquiredAt = now - .days(30) }
        }
        try await prove("A4", "The basis for passing the lead on is stated, and no refusal is known.") {
            var lead = whole
            lead.refusalKnown = true
            try await house.refuses(.refusalKnown, lead, as: cast.seller.guest)
            lead.refusalKnown = false
            lead.basis.kind = .consent
            try await house.refuses(.basisMissing, lead, as: cast.seller.guest)
            let clause = try await house.ask(GuideSetup(), as: cast.seller.guest).clause
            try expect("a clause for the seller's terms", clause.count > 100)
        }
        try await prove("A6", "A listing lasts 2 or 3 days, chosen at publication.") {
            var lead = whole
            lead.duration = .days(5)
            try await house.refuses(.durationNotOffered, lead, as: cast.seller.guest)
            for days: Int64 in [2, 3] {
                let listed = try await cast.publishLead { $0.duration = .days(days) }.listing
                try expect("end", listed.endsAt, now + .days(days))
            }
        }
    }

    /// Bids, and the one that wins (A5, A9-A11).
    private func auction() async throws -> Sale {
        let (published, contact, prospect) = try await cast.publishLead()
        let listing = published.listing
        let (anna, bert) = (cast.buyers[0], cast.buyers[1])
        var bid = PlaceBid()
        bid.listing = listing
        try await prove("A5", "Only registered buyers see a listing, with all details but the contact.") {
            var get = GetListing()
            get.listing = listing
            let newcomer = try await cast.register("Hartmann", .buyer)
            try await house.refuses(.notVerified, get, as: newcomer.guest)
            let seen = try await house.ask(get, as: anna.guest)
            try expect("details", seen.answers.count, 3)
            try expect("no contact", !seen.encoded().holds(prospect.phone))
        }
        try await prove("A9", "A bid is high enough, and covered by a hold.") {
            bid.amount = cast.money(3_999)
            try await house.refuses(.bidTooLow, bid, as: anna.guest)
            bid.amount = cast.money(90_000)
            try await house.refuses(.insufficientFunds, bid, as: anna.guest)
            try await cast.bid(anna, on: listing, 5_000)
            try expect("50.00 and 19 % VAT are held", try await cast.available(anna), 100_000 - 5_950)
            bid.amount = cast.money(5_099)
            try await house.refuses(.bidTooLow, bid, as: bert.guest)
        }
        try await prove("A10", "Who is outbid is told at once and free; the highest bidder is bound.") {
            var withdraw = WithdrawBid()
            withdraw.bid = try await cast.bid(bert, on: listing, 6_000).bid
            try await mailed(anna, .bidOutbid, listing: listing)
            try expect("free", try await cast.available(anna), 100_000)
            try await house.refuses(.highestBidderBound, withdraw, as: bert.guest)
            try await cast.bid(anna, on: listing, 7_000)
            try await cast.act(withdraw, as: bert.guest)
        }
        try await prove("A11", "The highest bid at the end wins; winner and seller are told.") {
            try await house.advance(to: published.endsAt)
            let order = try await cast.order(of: listing)
            try expect("winner", order.buyer, anna.party)
            try expect("price", order.price, cast.money(7_000))
            try await mailed(anna, .auctionWon, listing: listing)
            try await mailed(cast.seller, .leadSold, listing: listing)
            bid.amount = cast.money(8_000)
            try await house.refuses(.listingClosed, bid, as: bert.guest)
        }
        return Sale(
            listing: listing, order: try await cast.order(of: listing).order, contact: contact,
            prospect: prospect, buyer: anna, price: cast.money(7_000))
    }

    /// Listings that are taken back or suspended (A7, A16).
    private func stopping() async throws {
        let bidder = cast.buyers[1]
        let free = try await cast.available(bidder)
        try await prove("A7", "The seller may delete a listing for good; bidders are told, holds freed.") {
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(bidder, on: listing, 5_000)
            var delete = DeleteListing()
            delete.listing = listing
            try await cast.act(delete, as: cast.seller.guest)
            try await mailed(bidder, .listingDeleted, listing: listing)
            try expect("freed", try await cast.available(bidder), free)
            try await house.refuses(.wrongState, delete, as: cast.seller.guest)
        }
        try await prove("A16", "Leads are reviewed on reports and at intervals, and may be suspended.") {
            let listing = try await cast.publishLead().listing.listing
            try await cast.bid(bidder, on: listing, 5_000)
            var report = ReportListing()
            report.listing = listing
            report.reason = PersonalText("The same project was offered to me elsewhere.")
            try await cast.act(report, as: cast.buyers[0].guest)
            let reviews = try await cast.reviews()
            try expect("reviews at intervals", reviews.contains { $0.cause == .interval })
            let found = reviews.first { $0.cause == .report && $0.listing == listing }
            var review = ReviewListing()
            review.review = try present("the review", found).review
            review.finding = .suspendListing
            review.reason = "The project was withdrawn."
            try await cast.act(review, as: cast.operator)
            try await mailed(bidder, .listingSuspended, listing: listing)
            try expect("freed", try await cast.available(bidder), free)
        }
    }

    /// What follows the payment (A12, A15, A18).
    private func delivery(of sale: Sale) async throws {
        try await prove("A12", "On payment the buyer gets the contact, and the seller is told.") {
            let contact = try await cast.readContact(sale.order, as: sale.buyer)
            try expect("phone", contact.phones.map(\.plaintext), [sale.prospect.phone])
            let mail = try await mailed(sale.buyer, .contactRevealed, order: sale.order)
            try expect("the e-mail holds the contact", mail.body.contains(sale.prospect.phone))
            try await mailed(cast.seller, .paymentReceived, order: sale.order)
            try await mailed(cast.seller, .handoverTips, order: sale.order)
            var handover = ConfirmHandover()
            handover.order = sale.order
            try await cast.act(handover, as: cast.seller.guest)
        }
        try await prove("A5", "The contact is the buyer's alone.") {
            var read = ReadContact()
            read.order = sale.order
            try await house.refuses(.notFound, read, as: cast.buyers[1].guest)
        }
        try await prove("A15", "The buyer gets an invoice by itself.") {
            let papers = try await cast.invoices(of: sale.order, as: sale.buyer)
            try expect("one invoice", papers.map(\.kind), [.invoice])
            try expect("70.00 and 19 % VAT", papers[0].total, cast.money(8_330))
            house.note("invoice \(papers[0].number) → \(papers[0].total)")
            try await mailed(sale.buyer, .invoiceIssued)
        }
        try await prove("A18", "Every order has a conversation of buyer, seller and support.") {
            var post = PostMessage()
            post.order = sale.order
            for guest in [sale.buyer.guest, cast.seller.guest, cast.operator] {
                post.text = PersonalText("Good day to all!")
                try await cast.act(post, as: guest)
            }
            var read = ReadConversation()
            read.order = sale.order
            let messages = try await house.ask(read, as: sale.buyer.guest).messages
            try expect("voices", messages.map(\.author), [.member, .member, .support])
            try await house.refuses(.notFound, read, as: cast.buyers[1].guest)
        }
    }

    /// An objection that is upheld (A14, A15).
    private func disputing() async throws {
        let buyer = cast.buyers[1]
        let free = try await cast.available(buyer)
        let sale = try await cast.sellLead(to: buyer)
        try await prove("A14", "The buyer objects within 7 days, and an upheld objection refunds.") {
            let opened = try await cast.object(to: sale)
            try await mailed(cast.seller, .statementDue, order: sale.order)
            try expect("the payout is stopped", try await cast.order(sale.order).stage, .frozen)
            try await cast.state(in: opened.case)
            try await cast.decide(opened.case, .refundFull)
            try expect("refunded", try await cast.order(sale.order).stage, .refunded)
            try expect("the whole", try await cast.available(buyer), free)
        }
        try await prove("A15", "A refund gets a credit note that names the invoice.") {
            let papers = try await cast.invoices(of: sale.order, as: buyer)
            try expect("papers", papers.map(\.kind), [.invoice, .creditNote])
            try expect("names it", papers[1].corrects, papers[0].invoice)
            house.note("credit note \(papers[1].number) corrects \(papers[0].number)")
            try await mailed(buyer, .creditNoteIssued)
        }
    }

    /// The hold period's end (A13), and an objection too late (A14).
    private func payout(of sale: Sale) async throws {
        try await prove("A13", "The price less commission is paid out 7 days after the reveal.") {
            let due = try present("its time", try await cast.order(sale.order).payoutAt)
            try await house.advance(to: due - .microsecond)
            try expect("not before", try await cast.order(sale.order).stage, .revealed)
            try await house.advance(to: due)
            try expect("paid out", try await cast.order(sale.order).stage, .paidOut)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            let payout = payments.first { $0.order == sale.order }
            try expect("70.00 less 15 %", payout?.amount, cast.money(5_950))
            try await mailed(cast.seller, .payoutMade)
        }
        try await prove("A14", "After the window an objection is too late.") {
            var objection = OpenObjection()
            objection.order = sale.order
            objection.statement = PersonalText("Too late.")
            try await house.refuses(.windowClosed, objection, as: sale.buyer.guest)
        }
    }

    /// A prospect who declines, after the payout (A17).
    private func refundByRule(_ sale: Sale) async throws {
        try await prove("A17", "A prospect who declines is refunded by rule, also after the payout.") {
            let reported = try await cast.attempt(sale, by: cast.seller, .declined)
            let details = try await cast.details(of: reported.case)
            try expect("without a verdict", details.summary.decidedBy, .byRule)
            try expect("refunded", try await cast.order(sale.order).stage, .refunded)
            try await mailed(sale.buyer, .orderRefunded, order: sale.order)
            try await mailed(cast.seller, .receivableDue)
            try expect("owed", try await cast.balance(of: cast.seller).owed, cast.money(5_950))
            try await cast.proveLedger()
        }
    }

    /// What ended without a bid (A8).
    private func secondRound() async throws {
        let published = try await cast.publishLead().listing
        try await house.advance(to: published.endsAt)
        try await prove("A8", "What ended without a bid is listed once more for 24 hours.") {
            var relist = RelistListing()
            relist.listing = published.listing
            relist.startPrice = cast.money(2_500)
            let second = try await cast.act(relist, as: cast.seller.guest)
            try expect("24 hours", second.endsAt, try await house.now() + .hours(24))
            try await house.advance(to: second.endsAt)
            try await mailed(cast.seller, .listingExpired, listing: published.listing)
            try await house.refuses(.secondRoundUsed, relist, as: cast.seller.guest)
        }
    }

    /// The other marketplace: the winner does not pay, the runner-up does (A19).
    private func paymentAfterAward() async throws {
        let (winner, runnerUp) = (later.buyers[0], later.buyers[1])
        let published = try await later.publishLead().listing
        try await later.bid(runnerUp, on: published.listing, 5_000)
        try await later.bid(winner, on: published.listing, 7_000)
        try await house.advance(to: published.endsAt)
        try await prove("A19", "A winner who does not pay gives way to the runner-up's own bid.") {
            let first = try await later.order(of: published.listing).order
            try expect("to pay", try await later.order(first).stage, .awaitingPayment)
            try await house.advance(to: published.endsAt + .hours(48))
            try await mailed(winner, .paymentLapsed, by: later, listing: published.listing)
            try await mailed(runnerUp, .runnerUpOffer, by: later, listing: published.listing)
            var answer = AnswerOffer()
            answer.order = try await later.order(of: published.listing).order
            answer.accept = true
            try await later.act(answer, as: runnerUp.guest)
            let order = try await later.order(answer.order)
            try expect("price", order.price, later.money(5_000))
            try expect("revealed", order.stage, .revealed)
            _ = try await later.readContact(answer.order, as: runnerUp)
        }
    }
}
