import AuctionRules
import Kernel
import Messages
import Runtime

/// Buyer or seller says that the meeting took place (C4).
enum AppointmentReports {
    static func handle(_ command: ReportMeeting, _ turn: Turn) throws -> Outcome<Done> {
        let party = turn.acting.party
        guard var (order, meeting) = try Meetings.find(command.order, of: party, turn.store) else {
            return .refused(.notFound)
        }
        // Once said is said: a second report changes nothing, whatever became of the order.
        if meeting.state.hasReported(party) { return .answer(Done()) }
        switch MeetingRules.heldAt(
            stated: command.heldAt, meeting.state, order: order.stage, now: turn.now)
        {
        case .failure(let refusal): return .refused(refusal)
        case .success(let heldAt):
            if party == order.buyer {
                meeting.state.buyerReportedAt = turn.now
            } else {
                meeting.state.sellerReportedAt = turn.now
            }
            if meeting.state.heldAt == .none { meeting.state.heldAt = heldAt }
            try turn.store.save(meeting)
            if meeting.state.isConfirmed {
                Meetings.tellHeld(meeting, turn)
                try Meetings.payOut(&order, meeting, turn)
            } else {
                try askTheOther(meeting, order, than: party, turn)
            }
            return .answer(Done())
        }
    }

    /// The other side is told, reminded, and in the end support asked.
    private static func askTheOther(
        _ meeting: Meeting, _ order: Order, than party: PartyID, _ turn: Turn
    ) throws {
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let until = MeetingRules.reportUntil(meeting.state, by: policy)
        var reminder = ReportReminderFallsDue()
        reminder.order = order.id
        try turn.schedule(
            reminder, subject: order.id.raw, at: turn.now + policy.meeting.reportReminder)
        var support = SupportFallsDue()
        support.order = order.id
        try turn.schedule(support, subject: order.id.raw, at: until + Duration64(microseconds: 1))
        try turn.tell(
            .meetingReported, to: meeting.state.other(than: party),
            about: try turn.store.knownListing(order.listing), order: order.id, subject: order.id.raw,
            [.init(.meeting, meeting.state.heldAt), .init(.deadline, until)])
    }
}

/// The working days are over without an appointment: both are reminded, and nothing is undone (C3).
enum AppointmentFallsDueHandler {
    static func handle(_ timer: AppointmentFallsDue, _ turn: Turn) throws {
        guard var meeting = try turn.store.meeting(timer.order),
            let order = try turn.store.order(timer.order)
        else { return }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        guard MeetingRules.reminds(meeting.state, order: order.stage, by: policy) else { return }
        meeting.state.reminders += 1
        try turn.store.save(meeting)
        let due = MeetingRules.agreeBefore(beganAt: meeting.state.beganAt, by: policy)
        let listing = try turn.store.knownListing(order.listing)
        for party in [order.buyer, order.seller] {
            try turn.tell(
                .appointmentReminder, to: party, about: listing, order: order.id,
                subject: UInt64(meeting.state.reminders),
                [.init(.deadline, Meetings.lastMoment(before: due))])
        }
        let next = policy.calendar.adding(workingDays: policy.meeting.appointmentDays, to: turn.now)
        try turn.schedule(timer, subject: order.id.raw, at: next)
    }
}

/// The agreed time is here: who has not reported is asked to, once it took place (C4).
enum MeetingFallsDueHandler {
    static func handle(_ timer: MeetingFallsDue, _ turn: Turn) throws {
        guard let meeting = try turn.store.meeting(timer.order),
            let order = try turn.store.order(timer.order), order.stage == .revealed || order.stage == .frozen
        else { return }
        let listing = try turn.store.knownListing(order.listing)
        for party in [order.buyer, order.seller] where !meeting.state.hasReported(party) {
            try turn.tell(
                .meetingDue, to: party, about: listing, order: order.id,
                subject: UInt64(meeting.state.agreements))
        }
    }
}

/// Only one side has reported (C4).
enum ReportReminderFallsDueHandler {
    static func handle(_ timer: ReportReminderFallsDue, _ turn: Turn) throws {
        guard let meeting = try turn.store.meeting(timer.order),
            let order = try turn.store.order(timer.order),
            MeetingRules.waitsForReport(meeting.state, order: order.stage)
        else { return }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let silent = meeting.state.buyerReportedAt == .none ? order.buyer : order.seller
        try turn.tell(
            .reportReminder, to: silent, about: try turn.store.knownListing(order.listing), order: order.id,
            subject: order.id.raw, [.init(.deadline, MeetingRules.reportUntil(meeting.state, by: policy))])
    }
}

/// Still only one side has reported: an operator decides (C4).
enum SupportFallsDueHandler {
    static func handle(_ timer: SupportFallsDue, _ turn: Turn) throws {
        guard var meeting = try turn.store.meeting(timer.order),
            let order = try turn.store.order(timer.order),
            MeetingRules.waitsForReport(meeting.state, order: order.stage)
        else { return }
        meeting.state.supportAt = turn.now
        try turn.store.save(meeting)
        try Meetings.askSupport(
            order, .meetingUnconfirmed,
            asker: meeting.state.buyerReportedAt == .none ? order.seller : order.buyer,
            telling: .supportAsked, turn)
    }
}
