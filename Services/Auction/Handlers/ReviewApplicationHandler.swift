import AuctionRules
import Kernel
import Messages
import Runtime

/// A prospect looks, accepts, declines, or says that the meeting took place (B2, B3, B7).
enum ReviewApplicationHandler {
    static func handle(_ command: ReviewApplication, _ turn: Turn) throws -> Outcome<ApplicationReview> {
        let token = LinkToken(.review, subject: command.order.raw, expires: command.expires)
        if let refusal = token.expired(at: turn.now) { return .refused(refusal) }
        guard var application = try turn.store.application(command.order),
            application.state.appliedAt != .none
        else { return .refused(.notFound) }
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        let decision = ApplicationRules.review(application.state, command.step, now: turn.now)
        if case .refused(let refusal) = decision { return .refused(refusal) }
        if application.state.openedAt == .none { application.state.openedAt = turn.now }
        switch decision {
        case .accepts(let reveals): try accept(&application, reveals: reveals, policy, turn)
        case .rejects(let outcome): try reject(&application, outcome, policy, turn)
        case .reports:
            application.state.reports.insert(.prospect)
            try turn.store.save(application)
        case .opens: try turn.store.save(application)
        case .unchanged, .refused: break
        }
        return .answer(try review(application, policy, turn))
    }

    private static func accept(
        _ application: inout Application, reveals: Bool, _ policy: Policy, _ turn: Turn
    ) throws {
        application.state.decision = .accepted
        application.decidedAt = turn.now
        try Applications.cancelReview(application, turn)
        if reveals {
            try Applications.askForReveal(
                &application, purpose: "B2: the prospect accepted the application", turn)
        }
        try turn.store.save(application)
        // Where the contact is on its way, its arrival is told.
        guard application.state.contact == .revealed else { return }
        let listing = try turn.store.knownListing(application.listing)
        try Applications.tell(
            .applicationAccepted, application, listing, Applications.meeting(application, policy), turn)
    }

    private static func reject(
        _ application: inout Application, _ outcome: FeeOutcome, _ policy: Policy, _ turn: Turn
    ) throws {
        let isHidden = application.state.contact == .sealed
        let wasReported = !application.state.reports.isEmpty
        application.state.decision = .rejected
        application.decidedAt = turn.now
        try Applications.cancelReview(application, turn)
        switch outcome {
        case .refund: try ApplicationFee.refund(&application, .applicationRejected, turn)
        case .keep: try ApplicationFee.earn(&application, turn)
        case .none: break
        }
        try turn.store.save(application)
        let listing = try turn.store.knownListing(application.listing)
        try Applications.tell(
            .applicationRejected, application, listing,
            (outcome == .refund ? Applications.refund(application, policy) : [])
                + Applications.meeting(application, policy), turn)
        if outcome == .keep {
            let reason = wasReported ? KnownReason.meetingReported : .meetingTimePassed
            try Applications.tell(
                .applicationFeeKept, application, listing,
                [.init(.amount, application.fee), .init(.reason, reason.rawValue)], turn)
        }
        if isHidden { Applications.forgetProspect(application, turn) }
        try Applications.tellWays(application, listing, policy, turn)
        if isHidden { try Applications.releaseIfOver(application.listing, turn) }
    }

    private static func review(
        _ application: Application, _ policy: Policy, _ turn: Turn
    ) throws -> ApplicationReview {
        let state = application.state
        var review = ApplicationReview()
        review.order = application.id
        review.title = try turn.store.title(of: application.listing)
        review.stage = state.stage
        review.introduction = application.introduction
        review.meetingAt = state.meetingAt
        review.appliedAt = state.appliedAt
        review.decisionUntil = ApplicationRules.decisionUntil(appliedAt: state.appliedAt, by: policy)
        review.revealed = state.contact == .revealed
        review.meetingReported = state.reports.contains(.prospect)
        return review
    }
}
