import Kernel
import Messages
import Testing

@testable import AuctionRules

/// The rules of an application at their boundaries (B1-B6).
@Suite("Applications")
struct ApplicationTests {
    static let noon = Instant(iso8601: "2026-03-02T12:00:00Z") ?? .none
    static let micro = Duration64(microseconds: 1)
    static let policy = Policy.application

    static func pending(meetingIn span: Duration64 = .hours(96)) -> ApplicationState {
        ApplicationState(appliedAt: noon, meetingAt: noon + span)
    }

    static let times: [(String, Instant, Instant)] = [
        ("B4 the reminder", ApplicationRules.remindsAt(appliedAt: noon, by: policy), noon + .hours(24)),
        (
            "B3 the last rejection", ApplicationRules.decisionUntil(appliedAt: noon, by: policy),
            noon + .hours(48)
        ),
        ("B5 the reveal", ApplicationRules.revealsAt(appliedAt: noon, by: policy), noon + .hours(48) + micro),
        (
            "B3 the fee of a late meeting",
            ApplicationRules.feeFallsDueAt(appliedAt: noon, meetingAt: noon + .hours(96), by: policy),
            noon + .hours(96) + micro
        ),
        (
            "B3 the fee of an early meeting",
            ApplicationRules.feeFallsDueAt(appliedAt: noon, meetingAt: noon + .hours(6), by: policy),
            noon + .hours(48) + micro
        ),
    ]

    @Test(
        "B3 B4 B5 times count from the application, and the reveal is strictly later than the last rejection")
    func clocks() {
        for (name, found, expected) in Self.times { #expect(found == expected, "\(name)") }
    }

    static let refunds:
        [(meetingIn: Duration64, rejectedIn: Duration64, reports: MeetingReports, gives: Bool)] = [
            (.hours(96), .zero, [], true),
            (.hours(96), .hours(96), [], true),
            (.hours(96), .hours(96) + micro, [], false),
            (.hours(6), .hours(6), [], true),
            (.hours(6), .hours(6) + micro, [], false),
            (.hours(96), .hours(1), .applicant, false),
            (.hours(96), .hours(1), .prospect, false),
            (.hours(96), .hours(1), [.applicant, .prospect], false),
        ]

    @Test("B3 a rejection refunds until the meeting, inclusive, as long as nobody reported one")
    func refunding() {
        for (number, row) in Self.refunds.enumerated() {
            var application = Self.pending(meetingIn: row.meetingIn)
            application.reports = row.reports
            let now = Self.noon + row.rejectedIn
            #expect(ApplicationRules.refunds(application, rejectedAt: now) == row.gives, "row \(number)")
            let decision = ApplicationRules.review(application, .decline, now: now)
            #expect(decision == .rejects(row.gives ? .refund : .keep), "row \(number)")
        }
    }

    @Test("B7 a step that was done before changes nothing, and a rejection is final")
    func steps() {
        var application = Self.pending()
        #expect(ApplicationRules.review(application, .look, now: Self.noon) == .opens)
        application.openedAt = Self.noon
        #expect(ApplicationRules.review(application, .look, now: Self.noon) == .unchanged)
        #expect(ApplicationRules.review(application, .accept, now: Self.noon) == .accepts(reveals: true))
        application.contact = .asked
        #expect(ApplicationRules.review(application, .accept, now: Self.noon) == .accepts(reveals: false))
        application.decision = .accepted
        #expect(ApplicationRules.review(application, .accept, now: Self.noon) == .unchanged)
        #expect(ApplicationRules.review(application, .reportMeeting, now: Self.noon) == .reports)
        application.decision = .rejected
        application.fee = .refunding
        #expect(ApplicationRules.review(application, .decline, now: Self.noon) == .unchanged)
        for step in [ReviewStep.accept, .reportMeeting] {
            guard case .refused(let refusal) = ApplicationRules.review(application, step, now: Self.noon)
            else {
                Issue.record("\(step) was taken")
                continue
            }
            #expect(refusal.reason == .wrongState)
        }
        var stopped = Self.pending()
        stopped.isStopped = true
        for step in [ReviewStep.accept, .decline, .reportMeeting] {
            guard case .refused = ApplicationRules.review(stopped, step, now: Self.noon) else {
                Issue.record("\(step) was taken")
                continue
            }
        }
    }

    @Test("B3 the fee is earned once the contact is there and no rejection can give it back")
    func earning() {
        var application = Self.pending()
        let due = Self.noon + .hours(96) + Self.micro
        #expect(!ApplicationRules.earnsFee(application, by: Self.policy, now: due))
        application.contact = .revealed
        application.revealedAt = Self.noon + .hours(1)
        #expect(!ApplicationRules.earnsFee(application, by: Self.policy, now: due - Self.micro))
        #expect(ApplicationRules.earnsFee(application, by: Self.policy, now: due))
        application.fee = .refunding
        #expect(!ApplicationRules.earnsFee(application, by: Self.policy, now: due))
    }

    @Test("B6 the ways that are open, and when the next one opens")
    func ways() {
        var application = Self.pending()
        func ways() -> ([ReachWay], Instant?) {
            let found = ApplicationRules.ways(application, by: Self.policy)
            return (found.open, found.nextAt)
        }
        #expect(ways() == ([.chat], Self.noon + .hours(48) + Self.micro))
        application.contact = .asked
        #expect(ways() == ([.chat], nil))
        application.contact = .revealed
        #expect(ways() == ([.chat, .contact], nil))
        application.contact = .gone
        #expect(ways() == ([], nil))
        application = Self.pending()
        application.decision = .rejected
        #expect(ways() == ([], nil))
        application = ApplicationState(appliedAt: .none, meetingAt: Self.noon)
        #expect(ways() == ([], nil))
    }

    @Test("B1 an application is refused in order of precedence, exact at its boundaries")
    func applying() {
        let buyer = PartyID(5)
        var listing = ListingOnApplication(
            seller: PartyID(4), stage: .open, endsAt: Self.noon + .days(2), hasApplied: false)
        var apply = Apply()
        apply.introduction = PersonalText("We build roofs.")
        apply.meetingAt = Self.noon + Self.micro
        func refusal(_ now: Instant = Self.noon, by policy: Policy = Self.policy) -> RefusalCode? {
            ApplicationRules.refusal(of: apply, by: buyer, for: listing, policy: policy, now: now)?.reason
        }
        #expect(refusal() == nil)
        apply.meetingAt = Self.noon
        #expect(refusal() == .invalidValue)
        apply.meetingAt = Self.noon + .days(90)
        #expect(refusal() == nil)
        apply.meetingAt = Self.noon + .days(90) + Self.micro
        #expect(refusal() == .invalidValue)
        apply.introduction = PersonalText()
        #expect(refusal() == .invalidText)
        listing.hasApplied = true
        #expect(refusal() == .alreadyApplied)
        #expect(refusal(listing.endsAt) == .listingClosed)
        #expect(refusal(listing.endsAt - Self.micro) == .alreadyApplied)
        #expect(refusal(by: Policy()) == .wrongState)
        listing.seller = buyer
        #expect(refusal(by: Policy()) == .ownListing)
    }
}
