import AuctionRules
import Kernel
import Messages
import Runtime

/// The course of an application (B1-B6).
enum Applications {
    /// The fee is charged: clocks, conversation, and everybody who must know (B1, B4, B5).
    static func begin(_ application: Application, _ policy: Policy, total: Money, _ turn: Turn) throws {
        try schedule(application, policy, turn)
        let listing = try turn.store.knownListing(application.listing)
        try openConversation(application, contactSealed: true, turn)
        let until = ApplicationRules.decisionUntil(appliedAt: application.state.appliedAt, by: policy)
        try tell(
            .applicationFiled, application, listing,
            [.init(.total, total), .init(.deadline, until)] + meeting(application, policy), turn)
        try tellWays(application, listing, policy, turn)
        try turn.tell(
            .applicationReceived, to: application.seller, about: listing, order: application.id,
            subject: application.id.raw)
        try ask(.reviewRequested, application, policy, turn)
    }

    /// Applicant and prospect talk from the beginning, and without contact data until the contact is revealed (B1).
    private static func openConversation(
        _ application: Application, contactSealed: Bool, _ turn: Turn
    ) throws {
        var conversation = OpenConversation()
        conversation.order = application.id
        conversation.listing = application.listing
        conversation.marketplace = application.marketplace
        conversation.members = [application.applicant]
        conversation.title = try turn.store.title(of: application.listing)
        conversation.contact = application.contact
        conversation.contactSealed = contactSealed
        turn.send(conversation, to: .notifications)
    }

    private static func schedule(_ application: Application, _ policy: Policy, _ turn: Turn) throws {
        let (id, state) = (application.id, application.state)
        var reminder = ReviewReminderFallsDue()
        reminder.order = id
        try turn.schedule(
            reminder, subject: id.raw, at: ApplicationRules.remindsAt(appliedAt: state.appliedAt, by: policy))
        var reveal = TimedRevealFallsDue()
        reveal.order = id
        try turn.schedule(
            reveal, subject: id.raw, at: ApplicationRules.revealsAt(appliedAt: state.appliedAt, by: policy))
        var fee = ApplicationFeeFallsDue()
        fee.order = id
        let due = ApplicationRules.feeFallsDueAt(
            appliedAt: state.appliedAt, meetingAt: state.meetingAt, by: policy)
        try turn.schedule(fee, subject: id.raw, at: due)
    }

    /// Asks the vault for the contact (B2, B5); the caller saves.
    static func askForReveal(_ application: inout Application, purpose: String, _ turn: Turn) throws {
        application.state.contact = .asked
        var reveal = GrantReveal()
        reveal.order = application.id
        reveal.listing = application.listing
        reveal.contact = application.contact
        reveal.party = application.applicant
        reveal.purpose = purpose
        turn.send(reveal, to: .contactVault)
    }

    /// The applicant has the contact. False where the order is no application.
    static func revealed(_ message: RevealGranted, _ turn: Turn) throws -> Bool {
        guard var application = try turn.store.application(message.order) else { return false }
        guard application.state.contact == .asked else { return true }
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        let listing = try turn.store.knownListing(application.listing)
        application.state.contact = .revealed
        application.state.revealedAt = turn.now
        application.grant = message.grant
        try openConversation(application, contactSealed: false, turn)
        if ApplicationRules.earnsFee(application.state, by: policy, now: turn.now) {
            try ApplicationFee.earn(&application, turn)
        }
        try turn.store.save(application)
        switch application.state.decision {
        case .none: try tell(.applicationRevealed, application, listing, meeting(application, policy), turn)
        case .accepted:
            try tell(.applicationAccepted, application, listing, meeting(application, policy), turn)
        case .rejected: break
        }
        try tellWays(application, listing, policy, turn)
        try releaseIfOver(application.listing, turn)
        return true
    }

    /// The contact is gone: the applicant gets the fee back. False where the order is no application.
    static func revealRefused(_ message: RevealRefused, _ turn: Turn) throws -> Bool {
        guard var application = try turn.store.application(message.order) else { return false }
        guard application.state.contact == .asked else { return true }
        application.state.contact = .gone
        try stop(&application, .contactUnavailable, turn)
        try releaseIfOver(application.listing, turn)
        return true
    }

    /// Ends an application whose contact the applicant does not have, and gives its fee back.
    static func stop(_ application: inout Application, _ reason: KnownReason, _ turn: Turn) throws {
        application.state.isStopped = true
        try cancelReview(application, turn)
        if application.state.fee == .held { try ApplicationFee.refund(&application, reason, turn) }
        try turn.store.save(application)
        // One that is being charged for is answered when the wallet has said what became of it.
        guard application.state.appliedAt != .none else { return }
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        let listing = try turn.store.knownListing(application.listing)
        forgetProspect(application, turn)
        let isRefunded = application.state.fee == .refunding
        try tell(
            .applicationStopped, application, listing,
            (isRefunded ? refund(application, policy) : []) + [.init(.reason, reason.rawValue)]
                + meeting(application, policy), turn)
        try tellWays(application, listing, policy, turn)
    }

    /// Ends all applications for a listing whose prospect has not decided.
    static func stopAll(for listing: ListingID, _ reason: KnownReason, _ turn: Turn) throws {
        for var application in try turn.store.applications(for: listing) where isHidden(application) {
            try stop(&application, reason, turn)
        }
    }

    /// A party that may act no more learns no contact (A16).
    static func stopAll(of party: PartyID, _ turn: Turn) throws {
        for id in try turn.store.hiddenApplications(of: party) {
            guard var application = try turn.store.application(id) else { continue }
            try stop(&application, .applicationStopped, turn)
            try releaseIfOver(application.listing, turn)
        }
    }

    /// The prospect objected, or its contact is erased (F5, F10): what was not shown never will be.
    static func prospectObjected(_ listing: Listing, _ turn: Turn) throws {
        for var application in try turn.store.applications(for: listing.id) {
            if isHidden(application) {
                try stop(&application, .prospectObjected, turn)
            } else if application.state.contact == .revealed {
                application.state.contact = .gone
                try turn.store.save(application)
                forgetProspect(application, turn)
                try turn.tell(
                    .prospectObjected, to: application.applicant, about: listing, order: application.id,
                    subject: application.id.raw)
            }
        }
    }

    /// The time for applications is over; those under review go on.
    static func end(_ listing: inout Listing, _ turn: Turn) throws {
        listing.stage = .expired
        try turn.store.save(listing, after: .open)
        try turn.cancel(ListingReviewFallsDue.self, subject: listing.id.raw)
        try turn.tell(.opportunityOver, to: listing.seller, about: listing, subject: listing.id.raw)
        try releaseIfOver(listing.id, turn)
    }

    /// Frees the contact of a listing that is over, once no application for it waits for anything.
    static func releaseIfOver(_ id: ListingID, _ turn: Turn) throws {
        let listing = try turn.store.knownListing(id)
        guard listing.stage == .expired else { return }
        let waits = try turn.store.applications(for: id).contains {
            isHidden($0) || $0.state.contact == .asked
        }
        if !waits { turn.releaseContact(of: listing) }
    }

    static func forgetProspect(_ application: Application, _ turn: Turn) {
        var forget = ForgetProspect()
        forget.order = application.id
        turn.send(forget, to: .notifications)
    }

    /// The prospect has decided, or will not: nothing happens unasked any more.
    static func cancelReview(_ application: Application, _ turn: Turn) throws {
        try turn.cancel(ReviewReminderFallsDue.self, subject: application.id.raw)
        try turn.cancel(TimedRevealFallsDue.self, subject: application.id.raw)
    }

    /// Charged for or under review, and the contact not asked for.
    private static func isHidden(_ application: Application) -> Bool {
        application.state.contact == .sealed && application.state.decision == .none
            && !application.state.isStopped
    }
}

// MARK: Telling

extension Applications {
    static func tell(
        _ event: NotificationEvent, _ application: Application, _ listing: Listing,
        _ values: [NotificationValue], _ turn: Turn
    ) throws {
        try turn.tell(
            event, to: application.applicant, about: listing, order: application.id,
            subject: application.id.raw,
            grant: event == .applicationAccepted || event == .applicationRevealed
                ? application.grant : .none, values)
    }

    /// Which ways to reach the prospect are open now, and when the next one opens (B6).
    static func tellWays(
        _ application: Application, _ listing: Listing, _ policy: Policy, _ turn: Turn
    ) throws {
        let (open, nextAt) = ApplicationRules.ways(application.state, by: policy)
        let name =
            switch (open.contains(.chat), open.contains(.contact)) {
            case (true, true): "chatAndContact"
            case (true, false): "chat"
            case (false, true): "contact"
            case (false, false): "none"
            }
        try turn.tell(
            .waysToReach, to: application.applicant, about: listing, order: application.id,
            subject: turn.sequence, [.init(.ways, name)] + (nextAt.map { [.init(.deadline, $0)] } ?? []))
    }

    /// Asks the prospect by e-mail, with its links (B4, B7).
    static func ask(
        _ event: NotificationEvent, _ application: Application, _ policy: Policy, _ turn: Turn
    ) throws {
        var notify = NotifyProspect()
        notify.event = event
        notify.contact = application.contact
        notify.marketplace = application.marketplace
        notify.listing = application.listing
        notify.order = application.id
        notify.happenedAt = turn.now
        let until = ApplicationRules.decisionUntil(appliedAt: application.state.appliedAt, by: policy)
        notify.values =
            [.init(.title, try turn.store.title(of: application.listing)), .init(.deadline, until)]
            + meeting(application, policy)
        turn.send(notify, to: .notifications)
    }

    static func meeting(_ application: Application, _ policy: Policy) -> [NotificationValue] {
        let begins = application.state.meetingAt
        return [.init(.meeting, begins), .init(.meetingEnd, begins + policy.meetingLength)]
    }

    /// What goes back: the fee with its share of buyer's fee and VAT.
    static func refund(_ application: Application, _ policy: Policy) -> [NotificationValue] {
        [.init(.refund, policy.cost(of: application.fee)?.total ?? application.fee)]
    }
}
