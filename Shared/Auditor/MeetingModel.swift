import Kernel
import Messages
import Storage

/// Appointments that were sold, as the rulebook has them (C3, C4): told by the auction's journal alone.
extension AuctionModel {
    final class Meeting {
        let order: Order
        let beganAt: Instant
        var proposedBy: UInt64 = 0
        var proposedAt = Instant.none
        var meetingAt = Instant.none
        var agreements: Int64 = 0
        var buyerReportedAt = Instant.none
        var sellerReportedAt = Instant.none
        var heldAt = Instant.none
        var reminders: Int64 = 0
        var supportAt = Instant.none
        var sellerGrant: UInt64 = 0
        /// Requests to undo the sale, in their order (C7).
        var cancellations: [Cancellation] = []

        init(_ order: Order, beganAt: Instant) {
            self.order = order
            self.beganAt = beganAt
        }

        var policy: Policy { order.listing.policy }
        var parties: [UInt64] { [order.buyer, order.listing.seller] }
        var reports: Int { [buyerReportedAt, sellerReportedAt].filter { $0 != .none }.count }
        /// Whether the appointment can still come about.
        var isUnderWay: Bool { order.stage == .revealed || order.stage == .frozen }
        /// Whether one side's word is there, and the other's is waited for.
        var waits: Bool { isUnderWay && reports == 1 && supportAt == .none }

        func other(than party: UInt64) -> UInt64 {
            party == order.buyer ? order.listing.seller : order.buyer
        }

        func term(from: Instant) -> Instant {
            policy.calendar.adding(workingDays: policy.meeting.appointmentDays, to: from)
        }

        var columns: [Int64] {
            [
                beganAt.microseconds, Int64(bitPattern: proposedBy), proposedAt.microseconds,
                meetingAt.microseconds, agreements, buyerReportedAt.microseconds,
                sellerReportedAt.microseconds, heldAt.microseconds, reminders, supportAt.microseconds,
                Int64(bitPattern: sellerGrant),
            ]
        }
    }

    /// What a party must have been told about an appointment.
    struct MeetingTold: Hashable {
        var event: NotificationEvent
        var party: UInt64
        var order: UInt64
        var subject: UInt64
    }

    /// Whether the row was about an appointment.
    func applyToMeetings(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case ContractRecorded.code:
            let message = try row.decoded(ContractRecorded.self)
            guard let meeting = meetings[message.order.raw] else { return true }
            meeting.sellerGrant = message.grant.raw
            tell(.contractConcluded, [meeting.order.listing.seller], meeting, subject: meeting.order.id)
        case ProposeAppointment.code: propose(try row.decoded(ProposeAppointment.self), row)
        case AcceptAppointment.code: accept(try row.decoded(AcceptAppointment.self), row)
        case ReportMeeting.code:
            let command = try row.decoded(ReportMeeting.self)
            guard let meeting = meetings[command.order.raw] else { return false }
            report(meeting, command, row)
        case AppointmentFallsDue.code:
            let id = try row.decoded(AppointmentFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let meeting = meetings[id] else { return true }
            remind(meeting, row)
        case MeetingFallsDue.code:
            let id = try row.decoded(MeetingFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let meeting = meetings[id], meeting.isUnderWay else { return true }
            let silent = meeting.parties.filter {
                ($0 == meeting.order.buyer ? meeting.buyerReportedAt : meeting.sellerReportedAt) == .none
            }
            tell(.meetingDue, silent, meeting, subject: UInt64(meeting.agreements))
        case ReportReminderFallsDue.code:
            let id = try row.decoded(ReportReminderFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let meeting = meetings[id], meeting.waits else { return true }
            let reporter =
                meeting.buyerReportedAt != .none ? meeting.order.buyer : meeting.order.listing.seller
            tell(.reportReminder, [meeting.other(than: reporter)], meeting, subject: id)
        case SupportFallsDue.code:
            let id = try row.decoded(SupportFallsDue.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let meeting = meetings[id], meeting.waits else { return true }
            meeting.supportAt = row.at
            touch(meeting)
            supported.insert(SupportAsked(order: id, cause: .meetingUnconfirmed))
            tell(.supportAsked, meeting.parties, meeting, subject: id)
        case RatingShown.code:
            let message = try row.decoded(RatingShown.self)
            ratingSums[message.party.raw] = message.summary
        default: return try applyToCancellations(row)
        }
        return true
    }

    private func touch(_ meeting: Meeting) { touchedMeetings.insert(meeting.order.id) }

    func tell(
        _ event: NotificationEvent, _ parties: [UInt64], _ meeting: Meeting, subject: UInt64
    ) {
        touch(meeting)
        for party in parties {
            toldOfMeetings.append(
                MeetingTold(event: event, party: party, order: meeting.order.id, subject: subject))
        }
    }

    /// The buyer has what it bought: the working days run from the award (C1, C3).
    func beginMeeting(_ order: Order, _ row: JournalRow) {
        let meeting = Meeting(order, beganAt: order.isOffer ? order.paidAt : order.awardedAt)
        meetings[order.id] = meeting
        deadlines.set(
            AppointmentFallsDue.code, order.id, at: max(row.at, meeting.term(from: meeting.beganAt)))
        awaitReports(meeting, row)
        tell(.contractConcluded, [order.buyer], meeting, subject: order.id)
    }

    private func remind(_ meeting: Meeting, _ row: JournalRow) {
        guard meeting.isUnderWay, meeting.agreements == 0, meeting.reports == 0,
            meeting.reminders < Int64(meeting.policy.meeting.appointmentReminders)
        else { return }
        meeting.reminders += 1
        tell(.appointmentReminder, meeting.parties, meeting, subject: UInt64(meeting.reminders))
        deadlines.set(AppointmentFallsDue.code, meeting.order.id, at: meeting.term(from: row.at))
    }

    private func expect(_ holds: Bool, _ what: String, _ id: UInt64, _ row: JournalRow) {
        guard !holds else { return }
        findings.report(
            .meetingByRule,
            "order \(id): expected \(what), found row \(row.sequence) taken at \(row.at.iso8601)",
            ["order \(id)"])
    }

    private func propose(_ command: ProposeAppointment, _ row: JournalRow) {
        let id = command.order.raw
        guard let meeting = meetings[id] else {
            return expect(false, "an appointment to propose a time for (C3)", id, row)
        }
        expect(
            meeting.parties.contains(row.party) && meeting.isUnderWay && meeting.reports == 0
                && command.at > row.at && command.at <= row.at + meeting.policy.meetingHorizon,
            "a proposal by a party, for a time to come (C3)", id, row)
        guard meeting.proposedBy != row.party || meeting.proposedAt != command.at else { return }
        meeting.proposedBy = row.party
        meeting.proposedAt = command.at
        tell(.appointmentProposed, [meeting.other(than: row.party)], meeting, subject: row.sequence)
    }

    private func accept(_ command: AcceptAppointment, _ row: JournalRow) {
        let id = command.order.raw
        guard let meeting = meetings[id] else {
            return expect(false, "an appointment to accept (C3)", id, row)
        }
        // Once more what is agreed: nothing changes.
        if meeting.proposedBy == 0, meeting.meetingAt == command.at { return }
        expect(
            meeting.proposedBy == meeting.other(than: row.party) && meeting.parties.contains(row.party)
                && meeting.isUnderWay && meeting.reports == 0 && meeting.proposedAt == command.at
                && row.at < command.at,
            "the other side's proposal, still to come (C3)", id, row)
        meeting.meetingAt = command.at
        (meeting.proposedBy, meeting.proposedAt) = (0, .none)
        meeting.agreements += 1
        deadlines.set(MeetingFallsDue.code, id, at: command.at)
        tell(.appointmentAgreed, meeting.parties, meeting, subject: UInt64(meeting.agreements))
    }

    private func report(_ meeting: Meeting, _ command: ReportMeeting, _ row: JournalRow) {
        let isBuyer = row.party == meeting.order.buyer
        let known = isBuyer ? meeting.buyerReportedAt : meeting.sellerReportedAt
        guard known == .none else { return }
        let heldAt = command.heldAt ?? (meeting.meetingAt == .none ? row.at : meeting.meetingAt)
        expect(
            meeting.parties.contains(row.party) && meeting.isUnderWay && heldAt >= meeting.beganAt
                && heldAt <= row.at,
            "a report by a party, of a meeting since the award (C4)", meeting.order.id, row)
        if isBuyer { meeting.buyerReportedAt = row.at } else { meeting.sellerReportedAt = row.at }
        if meeting.heldAt == .none { meeting.heldAt = heldAt }
        touch(meeting)
        guard meeting.reports == 1 else {
            held.insert(meeting.order.id)
            return payMeeting(meeting.order, row)
        }
        let terms = meeting.policy.meeting
        deadlines.set(ReportReminderFallsDue.code, meeting.order.id, at: row.at + terms.reportReminder)
        deadlines.set(
            SupportFallsDue.code, meeting.order.id,
            at: row.at + terms.reportDeadline + Duration64(microseconds: 1))
        tell(.meetingReported, [meeting.other(than: row.party)], meeting, subject: meeting.order.id)
    }

    /// Both have reported, or an operator has decided: the price is due at once, unless a case holds it (C4).
    func payMeeting(_ order: Order, _ row: JournalRow) {
        guard let meeting = meetings[order.id], order.stage == .revealed,
            meeting.reports == 2 || meeting.supportAt != .none
        else { return }
        held.insert(order.id)
        order.payoutAt = row.at
        touchedOrders.insert(order.id)
        deadlines.set(PayoutFallsDue.code, order.id, at: row.at)
        rules.note(.model("meeting paid"))
    }

    func compareMeetings(_ store: Store, all: Bool) throws {
        for id in all ? meetings.keys.sorted() : touchedMeetings.sorted() {
            let found = try store.first(
                """
                SELECT began_at, proposed_by, proposed_at, meeting_at, agreements, buyer_reported_at,
                    seller_reported_at, held_at, reminders, support_at, seller_grant
                FROM meeting WHERE order_id = ?
                """, id
            ) { row in (0...10).map { row.int(Int32($0)) } }
            findings.expect(
                .meetingByRule,
                "order \(id): award, proposal, appointment, agreements, reports, reminders, support and grant",
                expected: meetings[id]?.columns ?? [], found: found ?? [], ["order \(id)"])
            if let meeting = meetings[id] { try compareCancellations(meeting, store) }
        }
        touchedMeetings = []
        guard all else { return }
        let count = try store.first("SELECT count(*) FROM meeting") { Int($0.int(0)) } ?? 0
        findings.expect(.meetingByRule, "all appointments", expected: meetings.count, found: count)
    }
}
