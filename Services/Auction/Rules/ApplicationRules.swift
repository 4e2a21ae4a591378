import Kernel
import Messages

/// What becomes of an application, and of its fee (B1-B6).
public enum ApplicationRules {
    /// Why the buyer cannot apply; nothing if it can. In order of precedence.
    public static func refusal(
        of command: Apply, by applicant: PartyID, for listing: ListingOnApplication, policy: Policy,
        now: Instant
    ) -> Refusal? {
        guard listing.seller != applicant else {
            return Refusal(.ownListing, expected: "another seller's listing", found: "the applicant's own")
        }
        guard policy.mode == .application else {
            return Refusal(.wrongState, expected: "\(SalesMode.application)", found: "\(policy.mode)")
        }
        if let refusal = ListingRules.refusalOfBid(stage: listing.stage, endsAt: listing.endsAt, now: now) {
            return refusal
        }
        if listing.hasApplied {
            return Refusal(.alreadyApplied, expected: "a first application", found: "another one")
        }
        guard !command.introduction.isEmpty else {
            return Refusal(.invalidText, expected: "an introduction", found: "nothing")
        }
        guard command.meetingAt > now, command.meetingAt <= now + policy.meetingHorizon else {
            let latest = now + policy.meetingHorizon
            return Refusal(
                .invalidValue, expected: "a meeting after \(now.iso8601), until \(latest.iso8601)",
                found: command.meetingAt.iso8601)
        }
        return nil
    }

    /// What one step of the prospect changes. A step that was done before changes nothing and is answered the same.
    public static func review(_ application: ApplicationState, _ step: ReviewStep, now: Instant)
        -> ReviewDecision
    {
        switch (step, application.decision) {
        case (.look, _): return application.openedAt == .none ? .opens : .unchanged
        case (.accept, .accepted), (.decline, .rejected): return .unchanged
        case (.reportMeeting, _) where application.reports.contains(.prospect): return .unchanged
        case _ where application.isStopped:
            return .refused(
                Refusal(.wrongState, expected: "a live application", found: "one that was stopped"))
        case (.accept, .rejected), (.reportMeeting, .rejected):
            return .refused(Refusal(.wrongState, expected: "no rejection before", found: "rejected"))
        case (.accept, .none): return .accepts(reveals: application.contact == .sealed)
        case (.decline, _):
            guard application.fee == .held else { return .rejects(.none) }
            return .rejects(refunds(application, rejectedAt: now) ? .refund : .keep)
        case (.reportMeeting, _): return .reports
        }
    }

    /// Whether a rejection at this moment gives the fee back (B3): until the planned meeting, inclusive, as long as
    /// nobody reported that a meeting took place.
    public static func refunds(_ application: ApplicationState, rejectedAt now: Instant) -> Bool {
        if Planted.isOn(.rejectionKeepsFee) { return false }
        return now <= application.meetingAt
            && (application.reports.isEmpty || Planted.isOn(.feeBackDespiteMeeting))
    }

    /// Why the applicant cannot report a meeting; nothing if it can, or has done so before.
    public static func refusalOfReport(_ application: ApplicationState) -> Refusal? {
        if application.reports.contains(.applicant) { return nil }
        guard !application.isStopped, application.decision != .rejected, application.appliedAt != .none else {
            return Refusal(.wrongState, expected: "a live application", found: "\(application.stage)")
        }
        return nil
    }

    /// Whether the prospect has neither decided nor let its time pass (B4, B5).
    public static func isUndecided(_ application: ApplicationState) -> Bool {
        application.decision == .none && application.contact == .sealed && !application.isStopped
            && application.appliedAt != .none
    }

    /// When the prospect is reminded (B4).
    public static func remindsAt(appliedAt: Instant, by policy: Policy) -> Instant {
        appliedAt + policy.reminderAfter
    }

    /// The last instant at which a rejection hides the contact (B3, B5).
    public static func decisionUntil(appliedAt: Instant, by policy: Policy) -> Instant {
        appliedAt + policy.decisionWindow
    }

    /// When the contact is revealed unasked (B5): strictly later than the last rejection that hides it.
    public static func revealsAt(appliedAt: Instant, by policy: Policy) -> Instant {
        let early = Planted.isOn(.timedRevealEarly) ? Duration64.hours(1) : .zero
        return decisionUntil(appliedAt: appliedAt, by: policy) - early + Duration64(microseconds: 1)
    }

    /// From when on no rejection gives the fee back: strictly later than the meeting, and once the contact is due.
    public static func feeFallsDueAt(appliedAt: Instant, meetingAt: Instant, by policy: Policy) -> Instant {
        max(meetingAt + Duration64(microseconds: 1), revealsAt(appliedAt: appliedAt, by: policy))
    }

    /// Whether the fee is earned: it is still held, the contact was given for it, and its time has come.
    public static func earnsFee(_ application: ApplicationState, by policy: Policy, now: Instant) -> Bool {
        application.fee == .held && application.revealedAt != .none && !application.isStopped
            && now
                >= feeFallsDueAt(
                    appliedAt: application.appliedAt, meetingAt: application.meetingAt, by: policy)
    }

    /// The ways to reach the prospect that are open now, and when the next one opens at the latest (B6).
    public static func ways(
        _ application: ApplicationState, by policy: Policy
    ) -> (open: [ReachWay], nextAt: Instant?) {
        let contact: [ReachWay] = application.contact == .revealed ? [.contact] : []
        guard hasChat(application) else { return (contact, nil) }
        let next =
            application.contact == .sealed
            ? revealsAt(appliedAt: application.appliedAt, by: policy) : nil
        return ([.chat] + contact, next)
    }

    /// Whether the prospect still takes part in the conversation: not after a rejection that hides it for good.
    private static func hasChat(_ application: ApplicationState) -> Bool {
        guard application.appliedAt != .none, !application.isStopped, application.contact != .gone else {
            return false
        }
        return application.decision != .rejected || application.contact == .revealed
    }
}

/// What decides whether a listing takes an application.
public struct ListingOnApplication: Hashable, Sendable {
    public var seller: PartyID
    public var stage: ListingStage
    public var endsAt: Instant
    /// Whether the buyer has applied before, and was not stopped by the house.
    public var hasApplied: Bool
    public init(seller: PartyID, stage: ListingStage, endsAt: Instant, hasApplied: Bool) {
        self.seller = seller
        self.stage = stage
        self.endsAt = endsAt
        self.hasApplied = hasApplied
    }
}

/// What the prospect said of an application.
public enum ProspectDecision: UInt8, CaseIterable, Sendable {
    case none = 0
    case accepted = 1
    case rejected = 2
}

/// Where the contact is, as far as one applicant is concerned.
public enum ContactStage: UInt8, CaseIterable, Sendable {
    case sealed = 1
    /// The vault is asked to reveal it.
    case asked = 2
    case revealed = 3
    /// The vault has it no more.
    case gone = 4
}

/// Who reported that the meeting took place: an indication of one (B3).
public struct MeetingReports: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let applicant = MeetingReports(rawValue: 1)
    public static let prospect = MeetingReports(rawValue: 2)
}

/// An application as the rules see it.
public struct ApplicationState: Hashable, Sendable {
    /// When the fee was charged: from here on all times count (B5).
    public var appliedAt: Instant
    public var meetingAt: Instant
    public var openedAt = Instant.none
    public var decision = ProspectDecision.none
    public var contact = ContactStage.sealed
    /// When the contact was revealed to the applicant.
    public var revealedAt = Instant.none
    public var fee = ApplicationFeeStage.held
    public var reports: MeetingReports = []
    /// Whether the house ended it.
    public var isStopped = false
    public init(appliedAt: Instant, meetingAt: Instant) {
        self.appliedAt = appliedAt
        self.meetingAt = meetingAt
    }

    public var stage: ApplicationStage {
        if isStopped { return .stopped }
        if appliedAt == .none { return .charging }
        switch decision {
        case .rejected: return .rejected
        case .accepted: return .accepted
        case .none: return contact == .sealed ? .pending : .revealed
        }
    }
}

/// What becomes of the fee with a rejection.
public enum FeeOutcome: Hashable, Sendable {
    case refund
    case keep
    /// It was decided before.
    case none
}

/// What a prospect's step brings.
public enum ReviewDecision: Equatable, Sendable {
    case unchanged
    /// The prospect sees it for the first time.
    case opens
    case accepts(reveals: Bool)
    case rejects(FeeOutcome)
    /// The prospect says that the meeting took place.
    case reports
    case refused(Refusal)
}
