import Kernel
import Messages

/// The story `preliminary-call`: buyers speak to a prospect before one of them buys, and every rule of section D is
/// proved on the way.
public final class PreliminaryCallStory: Story {
    public static let name = "preliminary-call"
    public static let rules = (1...7).map { "D\($0)" }

    private let house: RecordingHouse
    private let cast: Cast
    private let book: StoryBook
    private let desk: ProxyDesk

    private init(_ stage: Stage, _ cast: Cast, _ desk: ProxyDesk) {
        house = stage.house
        book = stage.book
        self.cast = cast
        self.desk = desk
    }

    public static func play(on stage: Stage) async throws {
        let (cast, desk) = try await Cast.openCalls(
            stage.house, operator: stage.guest, buyers: 3, numbers: 6)
        let story = PreliminaryCallStory(stage, cast, desk)
        try await story.calling()
        try await story.deciding()
        try await story.fishing()
        try await story.racing()
    }

    private func free(_ buyer: Player) async throws -> Int64 {
        let free = try await cast.available(buyer)
        house.note("free balance of \(buyer.name) → \(cast.money(free))")
        return free
    }
}

// MARK: The chapters

extension PreliminaryCallStory {
    /// A first call, from the activation to the charge (D1 to D3).
    private func calling() async throws {
        let listing = try await cast.publishLead().listing.listing
        let buyer = cast.buyers[0]
        let activated = try await cast.activate(buyer, listing)
        try await book.prove(
            "D1", "An activation freezes the price and attaches a proxy number for 24 hours."
        ) {
            let answer = activated.answer
            try expect("frozen with VAT", answer.frozen.minor, 4_800)
            try expect("free", try await free(buyer), 195_200)
            house.note("proxy number \(answer.proxyNumber) until \(answer.until.iso8601)")
            let stranger = try await cast.dial(desk, answer.proxyNumber, from: cast.newCallerNumber())
            try expect("others hear an announcement", stranger.verdict, .callBack)
        }
        let routed = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
        try await book.prove("D2", "A call starts with ten minutes' money set aside.") {
            try expect("reserved", routed.reserved.minor, 48_000)
            try expect("free", try await free(buyer), 147_200)
            let number = try await cast.route(desk, routed)
            house.note("the vault tells the switch a number of \(number.count) characters")
        }
        try await book.prove("D3", "Only the conversation is charged, by the minute.") {
            try await house.advance(by: .seconds(20))
            try await cast.report(desk, routed.call, .answeredByPerson)
            try await house.advance(by: .seconds(150))
            let record = try await cast.hangUp(desk, routed.call)
            try expect("three minutes", record.charge.minor, 14_400)
            house.note("150 s after 20 s of ringing → \(record.charge)")
            let unheard = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
            try expect("not answered", try await cast.hangUp(desk, unheard.call).charge.minor, 0)
        }
        try await book.prove("D4", "Who declines gets the frozen price back; the call's charge stays.") {
            try await cast.decline(activated)
            try expect("free", try await free(buyer), 200_000 - 14_400)
        }
    }

    /// A purchase, and a day that passes without one (D4, D5).
    private func deciding() async throws {
        try await book.prove("D4", "Who buys pays the frozen price and gets the contact.") {
            let (listing, _, prospect) = try await cast.publishLead()
            _ = try await cast.activate(cast.buyers[1], listing.listing)
            let paid = try await cast.buy(cast.buyers[1], listing.listing)
            let contact = try await cast.readContact(paid.order, as: cast.buyers[1])
            try expect("the real number", contact.phones.first?.plaintext, prospect.phone)
            house.note("invoice \(paid.invoiceNumber) over \(paid.total)")
        }
        try await book.prove("D5", "After 24 hours the number is detached and the price returned.") {
            let listing = try await cast.publishLead().listing.listing
            let before = try await free(cast.buyers[2])
            let activated = try await cast.activate(cast.buyers[2], listing)
            try await house.advance(to: activated.answer.until)
            try expect("expired", try await cast.view(activated).stage, .expired)
            try expect("returned", try await free(cast.buyers[2]), before)
        }
    }

    /// Somebody asks for the number (D6).
    private func fishing() async throws {
        let listing = try await cast.publishLead().listing.listing
        let activated = try await cast.activate(cast.buyers[2], listing)
        let routed = try await cast.converse(desk, activated)
        try await book.prove("D6", "Asking for contact data is recorded, and ends the call.") {
            let report = try await cast.fishing(routed.call, "and your number? 0171 2345678", .transcript)
            let recorded = try await cast.act(report, as: desk.telephoneSwitch.guest)
            house.note("strike \(recorded.strikes) → \(recorded.consequence)")
            try expect("told to hang up", try await cast.hangUpsTold(desk, routed.call), 1)
            var contest = ContestStrike()
            contest.strike = recorded.strike
            contest.reason = PersonalText("It was the prospect who said it")
            try await cast.act(contest, as: cast.buyers[2].guest)
            var decide = DecideStrike()
            decide.strike = recorded.strike
            decide.stands = false
            try await cast.act(decide, as: cast.operator)
            let item = try await cast.told(cast.buyers[2], .strikeDecided)
            house.note("inbox of \(cast.buyers[2].name) → \(item.text)")
        }
        try await cast.decline(activated)
    }

    /// Somebody else is faster (D7).
    private func racing() async throws {
        let listing = try await cast.publishLead().listing.listing
        let slow = try await cast.activate(cast.buyers[0], listing)
        let routed = try await cast.converse(desk, slow)
        try await house.advance(by: .seconds(59))
        try await book.prove("D7", "When somebody else buys, a live call ends, and the minute begun is free.")
        {
            let before = try await free(cast.buyers[0])
            let paid = try await cast.buy(cast.buyers[1], listing)
            house.note("order \(paid.order) of \(cast.buyers[1].name)")
            try expect("ended", try await cast.view(slow).stage, .soldToAnother)
            try expect("all returned", try await free(cast.buyers[0]), before + 48_000 + 4_800)
            try expect("told to hang up", try await cast.hangUpsTold(desk, routed.call), 1)
            var buy = BuyLead()
            buy.listing = listing
            try await house.refuses(.listingClosed, buy, as: cast.buyers[0].guest)
        }
    }
}
