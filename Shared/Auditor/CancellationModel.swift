import Kernel
import Messages
import Storage

/// Sales that are undone, as C7 has it, and meetings of which nobody speaks (C4): told by the auction's journal alone.
extension AuctionModel {
    struct Cancellation {
        var askedBy: UInt64
        var askedAt: Instant
        var stage = CancellationStage.asked
        var endedAt = Instant.none

        func until(_ policy: Policy) -> Instant { askedAt + policy.meeting.cancellationDeadline }
    }

    /// For what support was asked.
    struct SupportAsked: Hashable, Comparable {
        var order: UInt64
        var cause: SupportCause
        static func < (left: Self, right: Self) -> Bool {
            (left.order, left.cause.rawValue) < (right.order, right.cause.rawValue)
        }
    }

    /// Stages in which a contract is there to be undone.
    private static let underContract: Set<OrderStage> = [.revealed, .payingOut, .paidOut, .payoutDeclined]

    func applyToCancellations(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case RequestCancellation.code: request(try row.decoded(RequestCancellation.self), row)
        case AnswerCancellation.code: answer(try row.decoded(AnswerCancellation.self), row)
        case CancellationLapses.code:
            let id = try row.decoded(CancellationLapses.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let meeting = meetings[id], meeting.cancellations.last?.stage == .asked else { return true }
            change(meeting) { $0.stage = .withSupport }
            supported.insert(SupportAsked(order: id, cause: .cancellationUnanswered))
            tell(.cancellationUnanswered, meeting.parties, meeting, subject: id)
        case MeetingStaysUnreported.code:
            let id = try row.decoded(MeetingStaysUnreported.self).order.raw
            deadlines.fired(row, id, "auction", findings)
            guard let meeting = meetings[id], meeting.isUnderWay, meeting.reports == 0,
                meeting.supportAt == .none
            else { return true }
            guard row.at > unreportedUntil(meeting) else { return awaitReports(meeting, row) }
            meeting.supportAt = row.at
            supported.insert(SupportAsked(order: id, cause: .meetingUnreported))
            tell(.meetingUnreported, meeting.parties, meeting, subject: id)
        default: return false
        }
        return true
    }

    private func unreportedUntil(_ meeting: Meeting) -> Instant {
        max(meeting.beganAt, meeting.meetingAt) + meeting.policy.meeting.unreportedDeadline
    }

    @discardableResult
    func awaitReports(_ meeting: Meeting, _ row: JournalRow) -> Bool {
        deadlines.set(
            MeetingStaysUnreported.code, meeting.order.id,
            at: max(row.at, unreportedUntil(meeting)) + Duration64(microseconds: 1))
        return true
    }

    private func change(_ meeting: Meeting, _ body: (inout Cancellation) -> Void) {
        body(&meeting.cancellations[meeting.cancellations.count - 1])
        touchedMeetings.insert(meeting.order.id)
    }

    private func expect(_ holds: Bool, _ what: String, _ id: UInt64, _ row: JournalRow) {
        guard !holds else { return }
        findings.report(
            .cancellationByRule,
            "order \(id): expected \(what), found row \(row.sequence) of party \(row.party) at \(row.at.iso8601)",
            ["order \(id)"])
    }

    private func request(_ command: RequestCancellation, _ row: JournalRow) {
        let id = command.order.raw
        guard let meeting = meetings[id] else { return expect(false, "a contract to undo (C7)", id, row) }
        let isOpen = meeting.cancellations.contains { $0.endedAt == .none }
        let isUndone = meeting.cancellations.contains { $0.stage == .undone }
        expect(
            meeting.parties.contains(row.party) && command.advised && !isOpen && !isUndone
                && !meeting.cancellations.contains { $0.askedBy == row.party }
                && Self.underContract.contains(meeting.order.stage),
            "a party's first request to undo a sale that stands, after the advice (C7)", id, row)
        let request = Cancellation(askedBy: row.party, askedAt: row.at)
        meeting.cancellations.append(request)
        deadlines.set(
            CancellationLapses.code, id, at: request.until(meeting.policy) + Duration64(microseconds: 1))
        tell(.cancellationAsked, [meeting.other(than: row.party)], meeting, subject: row.sequence)
    }

    private func answer(_ command: AnswerCancellation, _ row: JournalRow) {
        let id = command.order.raw
        guard let meeting = meetings[id], let newest = meeting.cancellations.last else {
            return expect(false, "a request to answer (C7)", id, row)
        }
        let mayAnswer = newest.stage == .asked && row.at <= newest.until(meeting.policy)
        let stands = Self.underContract.contains(meeting.order.stage)
        expect(
            mayAnswer && meeting.parties.contains(row.party) && newest.askedBy != row.party
                && (stands || !command.agrees && meeting.order.stage == .frozen),
            "an answer of the other side, in time, to a sale that stands (C7)", id, row)
        deadlines.cancel(CancellationLapses.code, id)
        guard command.agrees else { return end(meeting, .refused, row) }
        undo(meeting)
    }

    /// Both agree, or an operator decided so: the money goes back, and whoever asked bears the fee.
    private func undo(_ meeting: Meeting) {
        let order = meeting.order
        change(meeting) { $0.stage = .agreed }
        feeBearers[order.id] = meeting.cancellations.last?.askedBy
        deadlines.cancel(PayoutFallsDue.code, order.id)
        if order.stage != .frozen { order.rest = order.stage }
        move(order, to: .refunding)
    }

    private func end(_ meeting: Meeting, _ stage: CancellationStage, _ row: JournalRow) {
        deadlines.cancel(CancellationLapses.code, meeting.order.id)
        change(meeting) { ($0.stage, $0.endedAt) = (stage, row.at) }
        guard stage == .refused, let asker = meeting.cancellations.last?.askedBy else { return }
        tell(.cancellationRefused, [asker], meeting, subject: row.sequence)
    }

    /// Whether the refund that a case asks for undoes the sale.
    func undoes(_ message: SettleOrder) -> Bool {
        guard message.reason == KnownReason.saleCancelled.rawValue, let meeting = meetings[message.order.raw],
            meeting.cancellations.last?.stage == .withSupport
        else { return false }
        undo(meeting)
        return true
    }

    /// A case is over, or the money is back.
    func followCancellation(_ order: Order, _ row: JournalRow) {
        guard let meeting = meetings[order.id], let newest = meeting.cancellations.last else { return }
        switch (newest.stage, order.stage) {
        case (.agreed, .refunded):
            end(meeting, .undone, row)
            undone.insert(order.id)
            rules.note(.model("sale undone"))
            tell(
                .saleCancelled, meeting.parties, meeting,
                subject: meeting.meetingAt == .none ? 0 : UInt64(meeting.agreements))
        case (.asked, .refunded), (.withSupport, .refunded): end(meeting, .overtaken, row)
        case (.withSupport, _): end(meeting, .refused, row)
        default: break
        }
    }

    func compareCancellations(_ meeting: Meeting, _ store: Store) throws {
        let id = meeting.order.id
        let found = try store.all(
            "SELECT asked_by, asked_at, stage, ended_at FROM cancellation WHERE order_id = ? ORDER BY number",
            id
        ) { row in (0...3).map { row.int(Int32($0)) } }
        let expected = meeting.cancellations.map { request in
            [
                Int64(bitPattern: request.askedBy), request.askedAt.microseconds,
                Int64(request.stage.rawValue),
                request.endedAt.microseconds,
            ]
        }
        findings.expect(
            .cancellationByRule, "order \(id): who asked to undo it, when, stage and end", expected: expected,
            found: found, ["order \(id)"])
    }
}
