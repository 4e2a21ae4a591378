import Kernel
import Messages
import Storage

/// Applications as the rulebook has them (B1-B5): told by the auction's journal alone.
extension AuctionModel {
    final class Application {
        enum Decision: Int64 { case none = 0, accepted = 1, rejected = 2 }
        enum Contact: Int64 { case sealed = 1, asked = 2, revealed = 3, gone = 4 }
        enum Fee: Int64 { case charging = 1, held = 2, refunding = 3, refunded = 4, earned = 5, settled = 6 }

        let id: UInt64
        let listing: Listing
        let applicant: UInt64
        let meetingAt: Instant
        var appliedAt = Instant.none
        var decision = Decision.none
        var decidedAt = Instant.none
        var contact = Contact.sealed
        var revealedAt = Instant.none
        var fee = Fee.charging
        /// Bits: the applicant's report of a meeting 1, the prospect's 2.
        var reports: Int64 = 0
        var isStopped = false
        /// Rejected within its time, and not accepted before: nothing may ever be revealed.
        var isHiddenForGood = false

        init(_ id: UInt64, _ listing: Listing, _ applicant: UInt64, meetingAt: Instant) {
            self.id = id
            self.listing = listing
            self.applicant = applicant
            self.meetingAt = meetingAt
        }

        var isHidden: Bool { contact == .sealed && decision == .none && !isStopped }
        var decisionUntil: Instant { appliedAt + listing.policy.decisionWindow }
        var revealsAt: Instant { decisionUntil + Duration64(microseconds: 1) }
        var feeDueAt: Instant { max(meetingAt + Duration64(microseconds: 1), revealsAt) }
        /// A rejection that rightly gave nothing back.
        var keepsFee: Bool { decision == .rejected && (decidedAt > meetingAt || reports != 0) }
        var columns: [Int64] {
            [
                decision.rawValue, contact.rawValue, fee.rawValue, reports, isStopped ? 1 : 0,
                appliedAt.microseconds, decidedAt.microseconds, revealedAt.microseconds,
            ]
        }
    }

    /// Whether the row was about an application.
    func applyToApplications(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case Apply.code: file(try row.decoded(Apply.self), row)
        case ReviewApplication.code: review(try row.decoded(ReviewApplication.self), row)
        case ReportMeeting.code:
            guard let application = applications[try row.decoded(ReportMeeting.self).order.raw] else { break }
            application.reports |= 1
            touch(application)
        case ReviewReminderFallsDue.code:
            let id = try row.decoded(ReviewReminderFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let application = applications[id], application.isHidden else { break }
            reminders.append((application.applicant, id))
        case TimedRevealFallsDue.code:
            let id = try row.decoded(TimedRevealFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let application = applications[id], application.isHidden else { break }
            application.contact = .asked
            touch(application)
        case ApplicationFeeFallsDue.code:
            let id = try row.decoded(ApplicationFeeFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            if let application = applications[id] { earnIfDue(application, row) }
        default: return try answered(row)
        }
        return true
    }

    /// What wallet and vault say of an application.
    private func answered(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case OrderPaidFor.code:
            guard let application = applications[try row.decoded(OrderPaidFor.self).order.raw] else {
                return false
            }
            charged(application, row)
        case PaymentRefused.code:
            let id = try row.decoded(PaymentRefused.self).order.raw
            guard let application = applications[id] else { return false }
            applications[id] = nil
            application.listing.applications.removeAll { $0 == id }
            touchedApplications.insert(id)
        case OrderRefunded.code:
            guard let application = applications[try row.decoded(OrderRefunded.self).order.raw] else {
                return false
            }
            if application.fee == .refunding { application.fee = .refunded }
            touch(application)
        case PayoutSettled.code, PayoutDeclined.code:
            let id =
                row.code == PayoutSettled.code
                ? try row.decoded(PayoutSettled.self).order.raw
                : try row.decoded(PayoutDeclined.self).order.raw
            guard let application = applications[id] else { return false }
            if application.fee == .earned { application.fee = .settled }
            touch(application)
        case RevealGranted.code:
            guard let application = applications[try row.decoded(RevealGranted.self).order.raw] else {
                return false
            }
            guard application.contact == .asked else { return true }
            application.contact = .revealed
            application.revealedAt = row.at
            earnIfDue(application, row)
            touch(application)
        case RevealRefused.code:
            guard let application = applications[try row.decoded(RevealRefused.self).order.raw] else {
                return false
            }
            guard application.contact == .asked else { return true }
            application.contact = .gone
            stop(application)
        default: return false
        }
        return true
    }

    func touch(_ application: Application) { touchedApplications.insert(application.id) }

    private func file(_ command: Apply, _ row: JournalRow) {
        guard let listing = listings[command.listing.raw] else { return }
        let application = Application(row.made(), listing, row.party, meetingAt: command.meetingAt)
        let applicant = parties[row.party] ?? Party()
        let earlier = listing.applications.compactMap { applications[$0] }
        let allowed: [(Bool, String)] = [
            (applicant.state == .verified && applicant.roles.contains(.buyer), "a verified buyer"),
            (listing.seller != row.party && listing.marketplace == row.marketplace, "another's listing"),
            (listing.policy.mode == .application, "a listing that is applied for"),
            (listing.stage == .open && row.at < listing.endsAt, "an open listing"),
            (!earlier.contains { $0.applicant == row.party && !$0.isStopped }, "a first application"),
            (
                command.meetingAt > row.at && command.meetingAt <= row.at + listing.policy.meetingHorizon,
                "a meeting within the horizon"
            ),
        ]
        for (holds, what) in allowed where !holds {
            findings.report(
                .applicationByRule, "application \(application.id): expected \(what) (B1), found it taken",
                ["order \(application.id)", "listing \(listing.id)"])
        }
        applications[application.id] = application
        listing.applications.append(application.id)
        touch(application)
    }

    private func charged(_ application: Application, _ row: JournalRow) {
        guard application.fee == .charging else { return }
        defer { touch(application) }
        guard !application.isStopped else { return application.fee = .refunding }
        application.fee = .held
        application.appliedAt = row.at
        let reminder = row.at + application.listing.policy.reminderAfter
        deadlines.set(ReviewReminderFallsDue.code, application.id, at: reminder)
        deadlines.set(TimedRevealFallsDue.code, application.id, at: application.revealsAt)
        deadlines.set(ApplicationFeeFallsDue.code, application.id, at: application.feeDueAt)
    }

    private func review(_ command: ReviewApplication, _ row: JournalRow) {
        guard let application = applications[command.order.raw] else {
            return findings.report(
                .applicationByRule,
                "review of row \(row.sequence): expected an application, found none (B7)",
                ["order \(command.order)"])
        }
        defer { touch(application) }
        switch command.step {
        case .look: break
        case .reportMeeting: application.reports |= 2
        case .accept:
            guard application.decision == .none else { return }
            decide(application, .accepted, row)
            if application.contact == .sealed { application.contact = .asked }
        case .decline:
            guard application.decision != .rejected else { return }
            if application.contact == .sealed, row.at <= application.decisionUntil {
                application.isHiddenForGood = true
                hiddenForGood.insert(application.id)
            }
            decide(application, .rejected, row)
            guard application.fee == .held else { return }
            if row.at <= application.meetingAt, application.reports == 0 {
                application.fee = .refunding
            } else {
                application.fee = .earned
            }
            deadlines.cancel(ApplicationFeeFallsDue.code, application.id)
        }
    }

    private func decide(_ application: Application, _ decision: Application.Decision, _ row: JournalRow) {
        application.decision = decision
        application.decidedAt = row.at
        deadlines.cancel(ReviewReminderFallsDue.code, application.id)
        deadlines.cancel(TimedRevealFallsDue.code, application.id)
    }

    private func earnIfDue(_ application: Application, _ row: JournalRow) {
        guard application.fee == .held, application.revealedAt != .none, !application.isStopped,
            row.at >= application.feeDueAt
        else { return }
        application.fee = .earned
        deadlines.cancel(ApplicationFeeFallsDue.code, application.id)
        touch(application)
    }

    /// The house ends it: what was taken goes back.
    func stop(_ application: Application) {
        application.isStopped = true
        deadlines.cancel(ReviewReminderFallsDue.code, application.id)
        deadlines.cancel(TimedRevealFallsDue.code, application.id)
        if application.fee == .held {
            application.fee = .refunding
            deadlines.cancel(ApplicationFeeFallsDue.code, application.id)
        }
        touch(application)
    }

    func stopHidden(on listing: Listing) {
        for application in listing.applications.compactMap({ applications[$0] }) where application.isHidden {
            stop(application)
        }
    }

    func stopHidden(of party: UInt64) {
        for id in applications.keys.sorted() {
            if let application = applications[id], application.applicant == party, application.isHidden {
                stop(application)
            }
        }
    }

    /// The contact is gone: those who have it are shown it no more.
    func contactGone(_ listing: Listing) {
        stopHidden(on: listing)
        for application in listing.applications.compactMap({ applications[$0] })
        where application.contact == .revealed {
            application.contact = .gone
            touch(application)
        }
    }

    /// Whether the house may keep the fee of this order though no contact was revealed for it.
    func keepsFee(of order: UInt64) -> Bool {
        guard let application = applications[order] else { return false }
        return application.keepsFee || application.isHidden || application.contact == .asked
    }

    func compareApplication(_ id: UInt64, _ store: Store) throws {
        let entities = ["order \(id)"]
        let found = try store.first(
            """
            SELECT decision, contact_stage, fee_stage, reports, stopped, applied_at, decided_at, revealed_at
            FROM application WHERE id = ?
            """, id
        ) { row in (0...7).map { row.int(Int32($0)) } }
        findings.expect(
            .applicationByRule,
            "application \(id): decision, contact, fee, reports, stopped, applied, decided and revealed at",
            expected: applications[id]?.columns ?? [], found: found ?? [], entities)
    }
}
