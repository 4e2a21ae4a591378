import Kernel
import Messages

/// The story `prepaid-line`: a provider opens a line, callers pay in and talk, and every rule of section E is proved on the
/// way.
public final class PrepaidLineStory: Story {
    public static let name = "prepaid-line"
    public static let rules = (1...14).map { "E\($0)" }

    private let house: RecordingHouse
    private let cast: Cast
    private let book: StoryBook
    private let line: Line

    private init(_ stage: Stage, _ cast: Cast, _ line: Line) {
        house = stage.house
        book = stage.book
        self.cast = cast
        self.line = line
    }

    public static func play(on stage: Stage) async throws {
        let cast = try await stage.open(.prepaidLine, buyers: 0)
        let story = PrepaidLineStory(stage, cast, try await cast.openLine())
        let number = cast.newCallerNumber()
        try await story.payingIn(number)
        try await story.talking(number)
        try await story.tariffs()
        try await story.servingCallers(number)
        try await story.profiles(number)
        try await story.diagnosis()
        try await story.statement()
        try await story.topUpPage()
    }

    private func paid(_ number: String) async throws -> [Int64] {
        let funds = try await cast.view(line, number).funds
        house.note("balance → \(funds.paid) paid in, \(funds.bonus) bonus, \(funds.owed) owed")
        return [funds.paid, funds.bonus, funds.owed].map(\.minor)
    }
}

// MARK: The chapters

extension PrepaidLineStory {
    /// Money comes in, with its bonus (E1, E2).
    private func payingIn(_ number: String) async throws {
        try await book.prove("E1", "A top-up is credited at once.") {
            try expect("before", try await cast.ring(line, from: number).verdict, .noBalance)
            try await cast.topUp(line, number, 1_000)
            try expect("10.00", try await paid(number), [1_000, 0, 0])
        }
        try await book.prove("E2", "Bonus is kept apart and spent first.") {
            try await cast.topUp(line, number, 2_000)
            try expect("with a bonus", try await paid(number), [3_000, 100, 0])
            let record = try await cast.talk(line, from: number, for: .seconds(30))
            try expect("all of it bonus", [record.charge, record.fromBonus].map(\.minor), [100, 100])
            try expect("paid-in untouched", try await paid(number), [3_000, 0, 0])
        }
    }

    /// A call from its first second to its last (E1, E3).
    private func talking(_ number: String) async throws {
        let routed = try await cast.ring(line, from: number)
        let standing = try await cast.report(line, routed.call, .answeredByPerson)
        try await book.prove(
            "E3", "The minutes left are said at the start, and again two minutes before the end."
        ) {
            try expect("minutes", routed.minutesLeft, 15)
            house.note("announcement → \(routed.minutesLeft) minutes left")
            try await cast.report(line, routed.call, .extend)
            let warning = try present("a time to warn", standing.warnAt)
            // The switch speaks up every few minutes, or the call would count as lost.
            try await house.advance(to: warning - .minutes(5))
            try await cast.report(line, routed.call, .extend)
            try await house.advance(to: warning)
            for player in [line.telephoneSwitch, line.provider] {
                let item = try await cast.told(player, .callMinutesShort)
                house.note("inbox of \(player.name) → \(item.text)")
            }
        }
        try await book.prove("E1", "A top-up in the middle of a call lets it go on longer.") {
            try await cast.topUp(line, number, 1_000)
            try await cast.told(line.telephoneSwitch, .callLengthened)
            let longer = try await cast.report(line, routed.call, .extend)
            let before = try present("an end", standing.moneyEndsAt)
            let after = try present("a later end", longer.moneyEndsAt)
            try expect("later", after > before)
            house.note("end of the money → \(before.iso8601), then \(after.iso8601)")
            try await cast.hangUp(line, routed.call)
        }
    }

    /// Increments, charging start, prices by line, first-time callers (E4 to E7).
    private func tariffs() async throws {
        func charge(
            _ index: Int, _ kind: LineType = .landline, _ change: (inout TariffTerms) -> Void
        ) async throws -> Int64 {
            let other = try await cast.openLine(
                index: index, telephoneSwitch: line.telephoneSwitch, change)
            let number = cast.newCallerNumber()
            try await cast.topUp(other, number, 1_000)
            let record = try await cast.talk(other, from: number, for: .seconds(60), kind)
            house.note("60 s → \(record.billedSeconds) s charged, \(record.charge)")
            return record.charge.minor
        }
        try await book.prove("E4", "Charging starts where the provider says, and some seconds later.") {
            try expect("30 s later", try await charge(1) { $0.startDelay = 30 }, 100)
        }
        try await book.prove("E5", "Increments are the provider's choice.") {
            let found = try await charge(2) { ($0.firstIncrement, $0.nextIncrement) = (45, 45) }
            try expect("45/45", found, 299)
        }
        try await book.prove("E6", "The price differs by line.") {
            try expect("mobile", try await charge(3, .mobile) { _ in }, 299)
        }
        try await book.prove("E7", "First-time callers get free seconds, once.") {
            let found = try await charge(4) { terms in
                var offer = FirstCallerOffer()
                offer.freeSeconds = 45
                terms.firstCallers = offer
            }
            try expect("45 free", found, 50)
        }
    }

    /// What the provider does for its callers (E8 to E10).
    private func servingCallers(_ number: String) async throws {
        try await book.prove("E8", "Another service lowers a balance, with a reason.") {
            let done = try await cast.adjust(line, number, .lower, 100, reason: "chart by post")
            house.note("balance → \(done.funds.paid)")
            let last = try await cast.transactions(line, number).last
            try expect("reason", last?.text, "chart by post")
        }
        try await book.prove("E9", "Top-ups, transactions and calls of a number.") {
            let view = try await cast.view(line, number)
            try expect("top-ups", view.topUps, 3)
            house.note("caller \(view.caller) → \(view.topUps) top-ups")
            try expect("calls", try await cast.calls(line, number).count, 3)
        }
        try await book.prove(
            "E10", "Balance and history follow a changed number; a withheld one is recognised."
        ) {
            let new = cast.newCallerNumber()
            var change = ChangeCallerNumber()
            change.profile = line.profile
            change.caller = try await cast.caller(number, as: line.provider)
            change.number = PersonalText(new)
            let before = try await paid(number)
            try await cast.act(change, as: line.provider.guest)
            try expect("followed", try await paid(new), before)
            var arrived = try await cast.arrival(at: line, from: new)
            arrived.networkProvided = arrived.presented
            arrived.presented = PersonalText()
            let routed = try await cast.act(arrived, as: line.telephoneSwitch.guest)
            try expect("recognised", routed.verdict, .putThrough)
            try await cast.hangUp(line, routed.call, putThrough: false)
        }
    }

    /// Profiles and sites (E12).
    private func profiles(_ number: String) async throws {
        try await book.prove("E12", "Separate profiles share no balance.") {
            let other = try await cast.openLine(index: 5, telephoneSwitch: line.telephoneSwitch)
            let fresh = cast.newCallerNumber()
            try await cast.topUp(line, fresh, 1_000)
            try expect("not there", try await cast.ring(other, from: fresh).verdict, .noBalance)
            let profiles = try await house.ask(ListBillingProfiles(), as: line.provider.guest).profiles
            house.note("profiles → \(profiles.map(\.name).joined(separator: ", "))")
            try await cast.proveLedger()
        }
    }

    /// What a page beside the gateway needs, on which callers pay in (E14).
    private func topUpPage() async throws {
        try await book.prove("E14", "A page tells what is offered, and who paid how it went.") {
            var query = GetTopUpOffer()
            query.profile = line.profile
            let offer = try await house.ask(query, as: nil)
            try expect("offered", offer.topUps.map(\.amount), [1_000, 2_000, 5_000])
            let started = try await cast.topUp(line, cast.newCallerNumber(), 2_000)
            try await house.settle()
            let paid = try await cast.topUp(by: started.receipt)
            try expect("paid", paid.state, .settled)
            try expect("bonus", paid.bonus.minor, 100)
        }
    }

    /// A caller paid in for a number with a digit wrong (E11).
    private func diagnosis() async throws {
        try await book.prove("E11", "A call without a balance shows the nearest numbers that paid in.") {
            let number = cast.newCallerNumber()
            let last = try present("a last digit", number.last?.wholeNumberValue)
            let typo = String(number.dropLast() + "\((last + 1) % 10)")
            try await cast.topUp(line, typo, 1_000)
            let routed = try await cast.ring(line, from: number)
            try expect("not found", routed.verdict, .noBalance)
            let found = try await cast.diagnose(routed.call, as: line.provider)
            let near = found.nearest.compactMap(\.number.plaintext)
            try expect("the typo among \(near)", near.contains(typo.filter { $0.isNumber }))
            house.note("diagnosis → no balance, \(near.count) numbers one keystroke away that paid in")
        }
    }

    /// The first of the month (E13).
    private func statement() async throws {
        try await book.prove("E13", "Paid-in money stays whole; the month's fees come in a statement.") {
            try expect("undeducted", try await cast.balance(of: line.provider).owed, cast.money(0))
            try await house.advance(to: try await cast.monthEnd())
            let papers = try await cast.statements(of: line.provider)
            try expect("one statement", papers.count, 1)
            house.note("statement \(papers[0].number) → \(papers[0].total)")
        }
    }
}
