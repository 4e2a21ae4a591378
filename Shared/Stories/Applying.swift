import Kernel
import Messages
import Wire

/// The links of an e-mail to a prospect, one for each purpose (B7).
public struct ProspectLinks: Hashable, Sendable {
    public let review: String
    public let chat: String
    public let objection: String
}

/// An application that was filed, and all that a scenario needs of it.
public struct Filing: Hashable, Sendable {
    public let order: OrderID
    public let listing: ListingID
    public let contact: ContactID
    public let prospect: Prospect
    public let applicant: Player
    public let appliedAt: Instant
    public let meetingAt: Instant
    public let links: ProspectLinks

    /// The last instant at which a rejection hides the contact, in a marketplace of the preset.
    public var decisionUntil: Instant { appliedAt + .hours(48) }
}

extension Cast {
    /// An application that may be filed as it is.
    public func application(for listing: ListingID, meetingIn span: Duration64 = .hours(96)) async throws
        -> Apply
    {
        var apply = Apply()
        apply.listing = listing
        apply.introduction = PersonalText(
            "We have built solar roofs on barns for eleven years and would like to see yours.")
        apply.meetingAt = try await house.now() + span
        return apply
    }

    /// Applies, by default for a new lead, and follows it until the prospect has its links.
    public func apply(
        _ player: Player? = nil,
        for lead: (listing: ListingPublished, contact: ContactID, prospect: Prospect)? = nil,
        meetingIn span: Duration64 = .hours(96)
    ) async throws -> Filing {
        let applicant = player ?? buyers[0]
        let known = if let lead { lead } else { try await publishLead() }
        let command = try await application(for: known.listing.listing, meetingIn: span)
        let filed = try await act(command, as: applicant.guest)
        return Filing(
            order: filed.order, listing: filed.listing, contact: known.contact, prospect: known.prospect,
            applicant: applicant, appliedAt: filed.appliedAt, meetingAt: command.meetingAt,
            links: try await links(to: known.prospect))
    }

    /// Every e-mail that went to a prospect, oldest first.
    public func mails(to prospect: Prospect) async throws -> [SpooledMail] {
        try await house.mail().filter { $0.recipient == prospect.email }
    }

    /// The links of the newest e-mail that asks the prospect to review.
    public func links(to prospect: Prospect) async throws -> ProspectLinks {
        let tokens = try await mails(to: prospect).map(\.tokens).last { $0.count == 3 }
        let found = try present("three links in an e-mail to \(prospect.email)", tokens)
        return ProspectLinks(review: found[0], chat: found[1], objection: found[2])
    }

    @discardableResult
    public func review(_ filing: Filing, _ step: ReviewStep) async throws -> ApplicationReview {
        try await act(Self.step(step, filing.links.review), as: nil)
    }

    public static func step(_ step: ReviewStep, _ token: String) -> ReviewApplication {
        var review = ReviewApplication()
        review.token = token
        review.step = step
        return review
    }

    /// An application as its applicant sees it.
    public func application(_ filing: Filing) async throws -> ApplicationView {
        var query = GetApplication()
        query.order = filing.order
        return try await house.ask(query, as: filing.applicant.guest)
    }

    /// The prospect reads the chat, and says something in it unless the text is empty.
    @discardableResult
    public func chat(_ filing: Filing, _ text: String) async throws -> [ConversationMessage] {
        var chat = ProspectChats()
        chat.token = filing.links.chat
        chat.text = PersonalText(text)
        return try await act(chat, as: nil).messages
    }

    /// The applicant has no contact, and never had.
    public func staysHidden(
        _ filing: Filing, file: StaticString = #fileID, line: UInt = #line
    ) async throws {
        var read = ReadContact()
        read.order = filing.order
        try await house.refuses(.notFound, read, as: filing.applicant.guest, file: file, line: line)
        let entries = try await report(filing.contact).entries.filter { $0.order == filing.order }
        try expect("reveals to \(filing.applicant.name)", entries.count, 0, file: file, line: line)
    }
}
