import Kernel
import Messages

/// The story `application`: providers apply for opportunities, prospects accept, decline or say nothing, and every
/// rule from B1 to B7 is proved on the way.
public final class ApplicationStory: Story {
    public static let name = "application"
    public static let rules = (1...7).map { "B\($0)" }

    private let house: RecordingHouse
    private let cast: Cast
    private let book: StoryBook

    private init(_ stage: Stage, _ cast: Cast) {
        house = stage.house
        book = stage.book
        self.cast = cast
    }

    public static func play(on stage: Stage) async throws {
        let story = ApplicationStory(stage, try await stage.open(.application, buyers: 3))
        let accepted = try await story.applying()
        try await story.accepting(accepted)
        try await story.declining()
        try await story.silence()
    }

    /// Notes that a party was told in the inbox and by e-mail.
    @discardableResult
    private func mailed(_ filing: Filing, _ event: NotificationEvent) async throws -> SpooledMail {
        let mail = try await cast.mailed(filing.applicant, event, order: filing.order)
        house.note("inbox and e-mail → \(event) to \(filing.applicant.name)")
        return mail
    }

    private func ways(_ filing: Filing, _ expected: [ReachWay]) async throws {
        let view = try await cast.application(filing)
        try expect("ways", view.ways, expected)
        let item = try await cast.told(filing.applicant, .waysToReach, order: filing.order)
        house.note("inbox, \(item.kind) → \(item.text)")
    }
}

// MARK: The chapters

extension ApplicationStory {
    /// An application, its fee and its chat (B1, B6, B7).
    private func applying() async throws -> Filing {
        let lead = try await cast.publishLead()
        let buyer = cast.buyers[0]
        var filing: Filing?
        try await book.prove("B1", "Applying charges the fee, opens the chat and enters the meeting.") {
            var apply = try await cast.application(for: lead.listing.listing)
            apply.introduction = PersonalText("Write to me: solar at dach punkt de")
            try await house.refuses(.contactDataInText, apply, as: buyer.guest)
            let filed = try await cast.apply(buyer, for: lead)
            try expect("30.00 and 19 % VAT", try await cast.available(buyer), 100_000 - 3_570)
            let entry = try await mailed(filed, .applicationFiled).calendar
            try expect("tentative", entry?.contains("STATUS:TENTATIVE") == true)
            house.note("calendar → METHOD:REQUEST STATUS:TENTATIVE SEQUENCE:0")
            apply.introduction = PersonalText("We build roofs.")
            try await house.refuses(.alreadyApplied, apply, as: buyer.guest)
            filing = filed
        }
        let filed = try present("an application", filing)
        try await book.prove("B6", "At every step it is said which ways to the prospect are open.") {
            try await ways(filed, [.chat])
        }
        try await book.prove("B7", "A prospect has no account: each link is good for one purpose.") {
            try await cast.review(filed, .look)
            try await house.refuses(.tokenInvalid, Cast.step(.accept, filed.links.chat), as: nil)
            var chat = ProspectChats()
            chat.token = filed.links.chat
            chat.text = PersonalText("Call me on 0171 5551234 in the evening.")
            try await house.refuses(.contactDataInText, chat, as: nil)
            let heard = try await cast.chat(filed, "Which modules do you use?")
            try expect("voices", heard.map(\.author), [.prospect])
        }
        return filed
    }

    /// The prospect accepts (B2).
    private func accepting(_ filing: Filing) async throws {
        try await book.prove("B2", "Acceptance reveals the contact and confirms the meeting.") {
            try await cast.staysHidden(filing)
            try await cast.review(filing, .accept)
            let contact = try await cast.readContact(filing.order, as: filing.applicant)
            try expect("phone", contact.phones.map(\.plaintext), [filing.prospect.phone])
            let entry = try await mailed(filing, .applicationAccepted).calendar
            try expect("confirmed", entry?.contains("STATUS:CONFIRMED") == true)
            house.note("calendar → METHOD:REQUEST STATUS:CONFIRMED SEQUENCE:2, with phone and e-mail")
        }
        try await book.prove("B6", "Once accepted, chat and contact are open.") {
            try await ways(filing, [.chat, .contact])
        }
    }

    /// The prospect declines in time, and after the meeting (B3).
    private func declining() async throws {
        try await book.prove("B3", "A rejection in time hides the contact for good and refunds the fee.") {
            let filing = try await cast.apply(cast.buyers[1])
            try await house.advance(to: filing.decisionUntil)
            try await cast.review(filing, .decline)
            try expect("the whole", try await cast.available(filing.applicant), 100_000)
            let entry = try await mailed(filing, .applicationRejected).calendar
            try expect("cancelled", entry?.contains("METHOD:CANCEL") == true)
            house.note("calendar → METHOD:CANCEL STATUS:CANCELLED SEQUENCE:3")
            try await house.advance(by: .days(3))
            try await cast.staysHidden(filing)
        }
        try await book.prove("B3", "After the planned meeting nothing comes back.") {
            let filing = try await cast.apply(cast.buyers[1])
            try await cast.review(filing, .accept)
            try await house.advance(to: filing.meetingAt + .microsecond)
            try await cast.review(filing, .decline)
            try expect("kept", try await cast.available(filing.applicant), 100_000 - 3_570)
        }
    }

    /// The prospect says nothing (B4, B5).
    private func silence() async throws {
        let filing = try await cast.apply(cast.buyers[2])
        try await book.prove("B4", "After 24 hours the prospect is reminded.") {
            let before = try await cast.mails(to: filing.prospect).count
            try await house.advance(to: filing.appliedAt + .hours(24))
            try expect("a reminder", try await cast.mails(to: filing.prospect).count, before + 1)
            house.note("e-mail → reviewReminder to the prospect, with links for review, chat and objection")
            try await cast.told(filing.applicant, .prospectReminded, order: filing.order)
        }
        try await book.prove("B5", "After 48 hours the contact is revealed by itself, and not before.") {
            try await house.advance(to: filing.decisionUntil)
            try await cast.staysHidden(filing)
            try await house.advance(to: filing.decisionUntil + .microsecond)
            try await mailed(filing, .applicationRevealed)
            _ = try await cast.readContact(filing.order, as: filing.applicant)
        }
    }
}
