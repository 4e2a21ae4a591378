import Kernel
import Messages

/// The story `meeting-auction`: a consumer sells an appointment, experts bid, both sides get the contract, meet and
/// say so, and the price is paid; each rule of section C is proved on the way.
public final class MeetingAuctionStory: Story {
    public static let name = "meeting-auction"
    public static let rules = ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"]

    private let house: RecordingHouse
    private let cast: Cast
    private let book: StoryBook

    private init(_ stage: Stage, _ cast: Cast) {
        house = stage.house
        book = stage.book
        self.cast = cast
    }

    public static func play(on stage: Stage) async throws {
        let cast = try await stage.open(.meetingAuction, funds: 20_000)
        let story = MeetingAuctionStory(stage, cast)
        try await story.publishing()
        let sold = try await story.award()
        try await story.appointment(sold)
        try await story.payout(sold)
        try await story.rating(sold)
        try await story.silence()
        try await story.cancelling()
    }

    /// Notes that a party was told in the inbox and by e-mail.
    @discardableResult
    private func mailed(
        _ player: Player, _ event: NotificationEvent, _ order: OrderID
    ) async throws -> SpooledMail {
        let mail = try await cast.mailed(player, event, order: order)
        house.note("inbox and e-mail → \(event) to \(player.name)")
        return mail
    }
}

// MARK: The chapters

extension MeetingAuctionStory {
    /// What a seller is told, and what becomes of an auction without a bid (C8, C6).
    private func publishing() async throws {
        try await book.prove(
            "C8", "The seller is told that an award binds, and accepts it, before publishing."
        ) {
            let guide = try await house.ask(GuideSetup(), as: cast.seller.guest)
            house.note("SetupGuide: \(guide.contractNotice)")
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(cast.newProspect())
            try await house.refuses(.contractNotAccepted, lead, as: cast.seller.guest)
        }
        var listing = try await cast.publishAppointment().listing
        try await book.prove(
            "C6", "Without a bid it is listed again, any number of times, for less if wished."
        ) {
            for _ in 1...2 {
                try await house.advance(to: listing.endsAt + .days(9))
                let ended = try await cast.listing(listing.listing, as: cast.seller)
                var relist = RelistListing()
                relist.listing = listing.listing
                relist.startPrice = try present("a suggested price", ended.suggestedPrice)
                relist.duration = .days(3)
                relist.acceptsContract = true
                listing = try await cast.act(relist, as: cast.seller.guest)
                try expect("as suggested", listing.startPrice, relist.startPrice ?? .zero)
            }
        }
    }

    /// The contract, and who sees whose data (C1, C2, C4).
    private func award() async throws -> Appointment {
        let buyer = cast.buyers[0]
        try await book.prove("C4", "Price and auction fee are collected by the method that the buyer chose.")
        {
            try await cast.choose("sandbox", for: buyer)
        }
        let sold = try await cast.sellAppointment(to: buyer)
        try await book.prove("C4", "The balance is left as it was, and an invoice says what for.") {
            try await house.advance(by: .minutes(1))
            try expect("balance", try await cast.available(buyer), 20_000)
            try expect(
                "60.00, 15 % and 19 % VAT", try await cast.invoices(of: sold.order, as: buyer).map(\.total),
                [cast.money(8_211)])
        }
        try await book.prove("C1", "Both get the contract by e-mail, once, and can read and print it.") {
            let toSeller = try await mailed(cast.seller, .contractConcluded, sold.order)
            try expect("the buyer's data", toSeller.body.contains(sold.card.phone))
            let toBuyer = try await mailed(buyer, .contractConcluded, sold.order)
            try expect("the seller's data", toBuyer.body.contains(sold.consumer.phone))
            for player in [buyer, cast.seller] {
                for format in ContractFormat.allCases {
                    let text = try await cast.contractText(sold, as: player, format)
                    try expect(
                        "both sides", text.contains(sold.card.phone) && text.contains(sold.consumer.phone))
                }
            }
        }
        try await book.prove("C2", "Each side sees the other's name, address, phone and e-mail.") {
            let expert = try await cast.readContact(sold.order, as: cast.seller)
            try expect("address", expert.address.plaintext, sold.card.address)
            let consumer = try await cast.readContact(sold.order, as: buyer)
            try expect("e-mail", consumer.email.plaintext, sold.consumer.email)
            let entries = try await cast.report(sold.cardContact).entries
            house.note("reveal log → \(entries.map { "\($0.kind)" }.joined(separator: ", "))")
        }
        return sold
    }

    /// The working days, a reminder, and an appointment all the same (C3).
    private func appointment(_ sold: Appointment) async throws {
        try await book.prove("C3", "After 7 working days without an appointment both are reminded.") {
            let end = try await cast.meeting(sold).agreeBefore
            try await house.advance(to: end)
            for player in [sold.buyer, cast.seller] {
                try await mailed(player, .appointmentReminder, sold.order)
            }
        }
        try await book.prove("C3", "One proposes, the other accepts, and both have it in their calendars.") {
            try await cast.agree(sold, at: try await house.now() + .days(1))
            let entry = try await mailed(cast.seller, .appointmentAgreed, sold.order).calendar
            try expect("confirmed", entry?.contains("STATUS:CONFIRMED") == true)
            house.note("calendar → METHOD:REQUEST STATUS:CONFIRMED SEQUENCE:0")
        }
    }

    /// Both report, and the price is paid (C4).
    private func payout(_ sold: Appointment) async throws {
        try await book.prove("C4", "When both have reported the meeting, the price goes to the seller.") {
            let at = try present("an appointment", try await cast.meeting(sold).meetingAt)
            try await house.advance(to: at + .hours(1))
            try await cast.reportBoth(sold)
            try await house.advance(by: .minutes(1))
            let order = try await cast.order(sold.order)
            let before = try present("a term", try await cast.meeting(sold).payoutBefore)
            try expect("paid within 3 working days", (order.paidOutAt ?? .distantFuture) < before)
        }
    }

    /// Both rate, and the next seller sees it (C5, C9).
    private func rating(_ sold: Appointment) async throws {
        try await book.prove(
            "C5", "After the meeting both sides rate, and both ratings are shown once both are in."
        ) {
            for player in [sold.buyer, cast.seller] {
                try await mailed(player, .ratingDue, sold.order)
                try expect("one to give", try await cast.openRatings(of: player).map(\.order), [sold.order])
            }
            try await cast.act(Cast.rating(sold, yes: 6, "He took his time."), as: cast.seller.guest)
            try expect("hidden", try await cast.ratings(of: sold.buyer, as: sold.buyer).ratings.count, 0)
            try await cast.act(Cast.rating(sold, yes: 6, ""), as: sold.buyer.guest)
            try expect("shown", try await cast.ratings(of: sold.buyer, as: sold.buyer).ratings.count, 1)
        }
        try await book.prove("C9", "A seller sees how those who bid, and the winner, were rated.") {
            let listing = try await cast.publishAppointment().listing
            try await cast.bid(sold.buyer, on: listing.listing, 5_000)
            var history = BidHistory()
            history.listing = listing.listing
            let bids = try await house.ask(history, as: cast.seller.guest).bids
            try expect("one rating", bids.map { $0.rating?.wouldRecommend }, [1])
            let winner = try await cast.ratings(of: sold.buyer, as: cast.seller)
            try expect("of the winner", winner.summary.ratings, 1)
        }
    }

    /// Only one side reports (C4).
    private func silence() async throws {
        let sold = try await cast.sellAppointment(to: cast.buyers[1])
        try await book.prove(
            "C4", "With one report there is a reminder, and after 10 days an operator's case."
        ) {
            try await cast.act(Cast.report(sold), as: cast.seller.guest)
            try await house.advance(by: .days(10))
            try await mailed(sold.buyer, .reportReminder, sold.order)
            try expect("not yet", try await cast.order(sold.order).stage, .revealed)
            try await house.advance(by: .microsecond)
            try await mailed(sold.buyer, .supportAsked, sold.order)
            var query = ListCases()
            query.order = sold.order
            let cases = try await house.ask(query, as: cast.operator).cases
            try expect(
                "a case for support",
                cases.contains { $0.order == sold.order && $0.support == .meetingUnconfirmed })
        }
    }

    /// One side wants the sale undone (C7).
    private func cancelling() async throws {
        let sold = try await cast.sellAppointment(to: cast.buyers[0], at: 8_000)
        let owed = try await cast.balance(of: cast.seller).owed.minor
        try await book.prove(
            "C7", "The seller is advised to speak with the buyer first, and asks for the cancellation."
        ) {
            let view = try await cast.meeting(sold, as: cast.seller)
            house.note("advice → \(view.cancellationAdvice)")
            var ask = Cast.cancel(sold)
            ask.advised = false
            try await house.refuses(.adviceNotTaken, ask, as: cast.seller.guest)
            try await cast.act(Cast.cancel(sold), as: cast.seller.guest)
            try await mailed(sold.buyer, .cancellationAsked, sold.order)
        }
        try await book.prove(
            "C7", "The buyer agrees and has its money back; the seller bears the auction fee."
        ) {
            try await cast.act(Cast.answer(sold, agrees: true), as: sold.buyer.guest)
            for player in [sold.buyer, cast.seller] { try await mailed(player, .saleCancelled, sold.order) }
            let papers = try await cast.invoices(of: sold.order, as: cast.seller)
            try expect("15 % and VAT", papers.map(\.total), [cast.money(1_428)])
            let now = try await cast.balance(of: cast.seller).owed.minor
            try expect("owed", now - owed, 1_428)
            house.note("owed by the seller → \(now - owed)")
            try await house.refuses(.saleCancelled, Cast.cancel(sold), as: cast.seller.guest)
        }
    }
}
