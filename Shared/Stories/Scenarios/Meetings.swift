import Kernel
import Messages

extension Scenario {
    /// Agreeing on an appointment (C3).
    static let appointments: [Scenario] = [
        Scenario("C3 one side proposes a time, the other accepts, and both have it in their calendars") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let now = try await house.now()
            let first = now + .days(2)
            try await cast.act(Cast.propose(sold, at: first), as: cast.seller.guest)
            try await cast.mailed(sold.buyer, .appointmentProposed, order: sold.order)
            try expect("proposed", try await cast.meeting(sold).stage, .proposed)
            // Another time takes its place.
            let second = now + .days(3)
            try await cast.act(Cast.propose(sold, at: second), as: sold.buyer.guest)
            for (guest, at) in [(cast.seller.guest, first), (sold.buyer.guest, second)] {
                try await house.refuses(.wrongState, Cast.accept(sold, at: at), as: guest)
            }
            for _ in 1...2 { try await cast.act(Cast.accept(sold, at: second), as: cast.seller.guest) }
            let view = try await cast.meeting(sold)
            try expect("agreed", view.stage, .agreed)
            try expect("when", view.meetingAt, second)
            for player in [sold.buyer, cast.seller] {
                let items = try await cast.inbox(of: player.guest).filter { $0.event == .appointmentAgreed }
                try expect("told once", items.count, 1)
                let entry =
                    try await cast.mailed(player, .appointmentAgreed, order: sold.order).calendar ?? []
                for line in [
                    "METHOD:REQUEST", "STATUS:CONFIRMED", "SEQUENCE:0", "DTSTART:\(cast.time(second))",
                    "DTEND:\(cast.time(second + .minutes(30)))",
                ] {
                    try expect("\(line) in \(entry)", entry.contains(line))
                }
            }
            // Moved by agreement: the same entry, a higher number.
            let third = now + .days(4)
            try await cast.agree(sold, at: third)
            let moved =
                try await cast.mailed(cast.seller, .appointmentAgreed, order: sold.order).calendar ?? []
            try expect("moved", moved.contains("SEQUENCE:1") && moved.contains("DTSTART:\(cast.time(third))"))
        },
        Scenario("C3 times lie ahead, within the horizon, and are for the parties of the contract alone") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let now = try await house.now()
            for at in [now, now - .hours(1), now + .days(90) + .microsecond] {
                try await house.refuses(.invalidValue, Cast.propose(sold, at: at), as: sold.buyer.guest)
            }
            try await house.refuses(.wrongState, Cast.accept(sold, at: now), as: cast.seller.guest)
            let at = now + .days(90)
            for guest in [cast.buyers[1].guest, cast.operator] {
                try await house.refuses(.notFound, Cast.propose(sold, at: at), as: guest)
                try await house.refuses(.notFound, Cast.accept(sold, at: at), as: guest)
                try await house.refuses(.notFound, Cast.report(sold), as: guest)
            }
            var query = GetMeeting()
            query.order = sold.order
            try await house.refuses(.notFound, query, as: cast.buyers[1].guest)
            query.order = OrderID(.max)
            try await house.refuses(.notFound, query, as: sold.buyer.guest)
            // A proposal can be accepted until its time has come.
            let soon = now + .hours(1)
            try await cast.act(Cast.propose(sold, at: soon), as: sold.buyer.guest)
            try await house.advance(to: soon)
            try await house.refuses(.wrongState, Cast.accept(sold, at: soon), as: cast.seller.guest)
            let later = soon + .hours(1)
            try await cast.act(Cast.propose(sold, at: later), as: sold.buyer.guest)
            try await house.advance(to: later - .microsecond)
            try await cast.act(Cast.accept(sold, at: later), as: cast.seller.guest)
        },
        Scenario("C3 7 working days count from the award; a lapse brings reminders and undoes nothing") {
            house in
            var policy = Policy.meetingAuction
            policy.meeting.unreportedDeadline = .days(365)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sold = try await cast.sellAppointment()
            let calendar = cast.policy.calendar
            let end = calendar.adding(workingDays: 7, to: sold.awardedAt)
            try expect("the term", try await cast.meeting(sold).agreeBefore, end)
            try await house.advance(to: end - .microsecond)
            try expect("not yet", try await reminders(cast, sold.buyer), 0)
            try await house.advance(to: end)
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .appointmentReminder, order: sold.order)
                try expect("one", try await reminders(cast, player), 1)
            }
            try await house.advance(to: calendar.adding(workingDays: 7, to: end))
            try expect("two", try await reminders(cast, sold.buyer), 2)
            try await house.advance(by: .days(40))
            try expect("three, and no more", try await reminders(cast, sold.buyer), 3)
            try expect("the contract stands", try await cast.order(sold.order).stage, .revealed)
            try await cast.agree(sold, at: try await house.now() + .days(1))
            try expect("agreed after all", try await cast.meeting(sold).stage, .agreed)
        },
        Scenario(
            "C3 nobody is reminded of an appointment that is agreed, and the terms are the marketplace's"
        ) {
            house in
            var policy = Policy.meetingAuction
            policy.meeting.appointmentDays = 2
            policy.meeting.appointmentReminders = 1
            policy.workingWeek = 0b0001_1111
            policy.holidays = .none
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let sold = try await cast.sellAppointment()
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            let end = policy.calendar.adding(workingDays: 2, to: other.awardedAt)
            try expect("two days", try await cast.meeting(other).agreeBefore, end)
            try await cast.agree(sold, at: try await house.now() + .days(60))
            try await house.advance(by: .days(30))
            try expect("agreed", try await reminders(cast, sold.buyer), 0)
            try expect("one reminder", try await reminders(cast, other.buyer), 1)
        },
    ]

    private static func reminders(_ cast: Cast, _ player: Player) async throws -> Int {
        try await cast.inbox(of: player.guest).filter { $0.event == .appointmentReminder }.count
    }

    /// How it is paid, and what follows the meeting (C4).
    static let meetingReports: [Scenario] = [
        Scenario("C4 price and auction fee are collected by the method that the buyer chose") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction, buyers: 3, funds: 0)
            let balance = cast.buyers[1]
            try await cast.topUp(balance, 10_000)
            for (player, method, left) in [
                (cast.buyers[0], "sandbox", Int64(0)), (balance, "", 10_000 - 8_211),
                (cast.buyers[2], "sandboxSlow", 0),
            ] {
                try await cast.choose(method, for: player)
                try expect("method", try await house.ask(GetPaymentMethod(), as: player.guest).method, method)
                let sold = try await cast.sellAppointment(to: player)
                try await house.advance(by: .minutes(5))
                // 60.00, 15 % auction fee, 19 % VAT.
                let order = try await cast.order(sold.order, as: player)
                try expect("paid by \(method)", order.stage, .revealed)
                try expect("total", order.total, cast.money(8_211))
                try expect("left", try await cast.available(player), left)
                let papers = try await cast.invoices(of: sold.order, as: player)
                try expect("an invoice", papers.map(\.total), [cast.money(8_211)])
                var get = GetInvoice()
                get.invoice = papers[0].invoice
                let paper = try await house.ask(get, as: player.guest).content
                try expect(
                    "says so: \(paper)", paper.contains("Appointment price") && paper.contains("Auction fee"))
            }
            var choose = ChoosePaymentMethod()
            choose.method = "gold"
            try await house.refuses(.invalidValue, choose, as: balance.guest)
            try await house.refuses(.forbidden, choose, as: cast.seller.guest)
            try await cast.proveLedger()
        },
        Scenario("C4 a method that is declined leaves the order to be paid otherwise, within the deadline") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction, funds: 0)
            let buyer = cast.buyers[0]
            try await cast.choose("sandboxDeclined", for: buyer)
            let sold = try await cast.sellAppointment()
            try expect("unpaid", try await cast.order(sold.order).stage, .awaitingPayment)
            try await cast.mailed(buyer, .paymentDue, order: sold.order)
            var pay = PayOrder()
            pay.order = sold.order
            try await house.refuses(.insufficientFunds, pay, as: buyer.guest)
            var read = ReadContract()
            read.order = sold.order
            for guest in [buyer.guest, cast.seller.guest] {
                try await house.refuses(.notFound, read, as: guest)
            }
            var query = GetMeeting()
            query.order = sold.order
            try await house.refuses(.notFound, query, as: buyer.guest)
            // Who pays by itself pays from the balance, whatever it chose.
            try await cast.topUp(buyer, 8_211)
            try expect("paid", try await cast.act(pay, as: buyer.guest).total, cast.money(8_211))
            try expect("paid", try await cast.order(sold.order).stage, .revealed)
            try await cast.mailed(cast.seller, .contractConcluded, order: sold.order)
            try await cast.proveLedger()
        },
        Scenario(
            "C4 when both have reported the meeting the whole price goes to the seller, within 3 working days"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let at = try await house.now() + .days(2)
            try await cast.agree(sold, at: at)
            try await house.advance(to: at - .microsecond)
            try await house.refuses(.wrongState, Cast.report(sold), as: sold.buyer.guest)
            try await house.advance(to: at)
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .meetingDue, order: sold.order)
            }
            try await cast.act(Cast.report(sold), as: sold.buyer.guest)
            try await cast.mailed(cast.seller, .meetingReported, order: sold.order)
            try expect("reported", try await cast.meeting(sold).stage, .reported)
            try expect("not yet paid", try await cast.order(sold.order).stage, .revealed)
            for _ in 1...2 { try await cast.act(Cast.report(sold), as: cast.seller.guest) }
            let view = try await cast.meeting(sold)
            try expect("confirmed", view.stage, .confirmed)
            try expect("held", view.heldAt, at)
            let before = cast.policy.calendar.adding(workingDays: 3, to: at)
            try expect("paid before", view.payoutBefore, before)
            try await house.advance(by: .minutes(1))
            let order = try await cast.order(sold.order)
            try expect("paid", order.stage, .paidOut)
            try expect("in time", (order.paidOutAt ?? .distantFuture) < before)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            let payouts = payments.filter { $0.kind == .payout }
            try expect("the whole price, once", payouts.map(\.amount), [cast.money(6_000)])
            try await house.refuses(
                .wrongState, Cast.propose(sold, at: at + .days(5)), as: sold.buyer.guest)
            try await cast.proveLedger()
        },
        Scenario("C4 what was arranged elsewhere is reported with its time, between the award and now") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let now = try await house.now()
            for at in [sold.awardedAt - .microsecond, now + .microsecond] {
                try await house.refuses(.invalidValue, Cast.report(sold, heldAt: at), as: cast.seller.guest)
            }
            try await cast.reportBoth(sold, heldAt: now)
            try expect("held", try await cast.meeting(sold).heldAt, now)
            try await house.advance(by: .minutes(1))
            try expect("paid", try await cast.order(sold.order).stage, .paidOut)
            // Without a time and an appointment it took place when it is first reported.
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            try await house.advance(by: .hours(7))
            let reported = try await house.now()
            try await cast.reportBoth(other)
            try expect("held", try await cast.meeting(other).heldAt, reported)
        },
        Scenario("C4 one report alone: a reminder, and after 10 days an operator's case, not before") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            try await cast.act(Cast.report(sold), as: cast.seller.guest)
            let reported = try await house.now()
            let until = reported + .days(10)
            try expect("until", try await cast.meeting(sold).supportAt, until)
            try await house.advance(to: reported + .days(5) - .microsecond)
            try expect("no reminder yet", try await reportReminders(cast, sold.buyer), 0)
            try await house.advance(to: reported + .days(5))
            try await cast.mailed(sold.buyer, .reportReminder, order: sold.order)
            try expect("not the reporter", try await reportReminders(cast, cast.seller), 0)
            try await house.advance(to: until)
            try expect("no case yet", try await cases(cast).count, 0)
            try await house.advance(to: until + .microsecond)
            let opened = try await cases(cast)
            try expect("for support", opened.map(\.support), [.meetingUnconfirmed])
            try expect("for an operator", opened.map(\.stage), [.awaitingVerdict])
            for player in [sold.buyer, cast.seller] {
                try await cast.mailed(player, .supportAsked, order: sold.order)
            }
            try expect("held", try await cast.order(sold.order).stage, .frozen)
            var decide = DecideCase()
            decide.case = opened[0].case
            decide.verdict = .reject
            decide.reasoning = PersonalText("The seller showed the minutes of the meeting.")
            try await house.refuses(.forbidden, decide, as: cast.seller.guest)
            try await cast.act(decide, as: cast.operator)
            try await house.advance(by: .minutes(1))
            try expect("paid", try await cast.order(sold.order).stage, .paidOut)
            try await house.advance(by: .days(30))
            try expect("one case", try await cases(cast).count, 1)
            try await cast.proveLedger()
        },
        Scenario("C4 the second report counts until the last instant; else support may give the price back") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            let other = try await cast.sellAppointment(to: cast.buyers[1])
            try await cast.act(Cast.report(sold), as: sold.buyer.guest)
            try await cast.act(Cast.report(other), as: other.buyer.guest)
            let until = try await house.now() + .days(10)
            try await house.advance(to: until)
            try await cast.act(Cast.report(sold), as: cast.seller.guest)
            try await house.advance(to: until + .minutes(1))
            try expect("in time", try await cast.order(sold.order).stage, .paidOut)
            let opened = try await cases(cast)
            try expect("the other's", opened.map(\.order), [other.order])
            // Too late to change what an operator decides.
            try await cast.act(Cast.report(other), as: cast.seller.guest)
            try expect("still held", try await cast.order(other.order).stage, .frozen)
            var decide = DecideCase()
            decide.case = opened[0].case
            decide.verdict = .refundFull
            decide.reasoning = PersonalText("There was no meeting.")
            try await cast.act(decide, as: cast.operator)
            try expect("back", try await cast.order(other.order).stage, .refunded)
            try expect("with fee and VAT", try await cast.available(other.buyer), 100_000)
            try await cast.proveLedger()
        },
        Scenario("C4 a case holds the price though both have reported, and lets it go") { house in
            let cast = try await Cast.openMarketplace(house, policy: .meetingAuction)
            let sold = try await cast.sellAppointment()
            var object = OpenObjection()
            object.order = sold.order
            object.statement = PersonalText("The consumer is somebody else.")
            let opened = try await cast.act(object, as: sold.buyer.guest)
            try await cast.reportBoth(sold)
            try await house.advance(by: .hours(1))
            try expect("held", try await cast.order(sold.order).stage, .frozen)
            var state = SubmitStatement()
            state.case = opened.case
            state.statement = PersonalText("It was me.")
            try await cast.act(state, as: cast.seller.guest)
            var decide = DecideCase()
            decide.case = opened.case
            decide.verdict = .reject
            decide.reasoning = PersonalText("Shown.")
            try await cast.act(decide, as: cast.operator)
            try await house.advance(by: .minutes(1))
            try expect("paid", try await cast.order(sold.order).stage, .paidOut)
        },
    ]

    private static func reportReminders(_ cast: Cast, _ player: Player) async throws -> Int {
        try await cast.inbox(of: player.guest).filter { $0.event == .reportReminder }.count
    }

    private static func cases(_ cast: Cast) async throws -> [CaseSummary] {
        try await cast.house.ask(ListCases(), as: cast.seller.guest).cases
    }
}
