import AuctionRules
import Kernel
import Messages
import Runtime

/// Nobody has decided for a day: the prospect is reminded, and the applicant told (B4, B6).
enum ReviewReminderFallsDueHandler {
    static func handle(_ timer: ReviewReminderFallsDue, _ turn: Turn) throws {
        guard var application = try turn.store.application(timer.order),
            ApplicationRules.isUndecided(application.state), !Planted.isOn(.reminderForgotten)
        else { return }
        application.remindedAt = turn.now
        try turn.store.save(application)
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        try Applications.ask(.reviewReminder, application, policy, turn)
        let listing = try turn.store.knownListing(application.listing)
        let next = ApplicationRules.revealsAt(appliedAt: application.state.appliedAt, by: policy)
        try Applications.tell(.prospectReminded, application, listing, [.init(.deadline, next)], turn)
        try Applications.tellWays(application, listing, policy, turn)
    }
}

/// The prospect's time is over without an answer: the contact is revealed (B5).
enum TimedRevealFallsDueHandler {
    static func handle(_ timer: TimedRevealFallsDue, _ turn: Turn) throws {
        guard var application = try turn.store.application(timer.order),
            ApplicationRules.isUndecided(application.state)
        else { return }
        try Applications.askForReveal(
            &application, purpose: "B5: the prospect did not answer in time", turn)
        try turn.store.save(application)
    }
}

/// No rejection can give the fee back any more (B3); a reveal on its way is waited for.
enum ApplicationFeeFallsDueHandler {
    static func handle(_ timer: ApplicationFeeFallsDue, _ turn: Turn) throws {
        guard var application = try turn.store.application(timer.order) else { return }
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        guard ApplicationRules.earnsFee(application.state, by: policy, now: turn.now) else { return }
        try ApplicationFee.earn(&application, turn)
        try turn.store.save(application)
    }
}
