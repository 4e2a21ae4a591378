import AuctionRules
import Kernel
import Messages
import Runtime
import Storage

/// Buyer or seller asks the other side to undo the sale (C7).
enum RequestCancellationHandler {
    static func handle(_ command: RequestCancellation, _ turn: Turn) throws -> Outcome<MeetingView> {
        let party = turn.acting.party
        guard let (order, meeting) = try Meetings.find(command.order, of: party, turn.store) else {
            return .refused(.notFound)
        }
        let earlier = try turn.store.cancellations(of: order.id)
        let refusal = CancellationRules.refusalOfRequest(
            by: party, earlier.map(\.state), order: order.stage, advised: command.advised)
        if let refusal { return .refused(refusal) }
        guard command.reason != .other || !command.words.isEmpty else {
            return .refused(.invalidText, expected: "words for the reason", found: "none")
        }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let request = Cancellation(
            order: order.id, state: CancellationState(askedBy: party, askedAt: turn.now),
            reason: command.reason, words: command.words)
        try turn.store.insert(request, number: earlier.count)
        let until = CancellationRules.answerUntil(request.state, by: policy)
        var timer = CancellationLapses()
        timer.order = order.id
        try turn.schedule(timer, subject: order.id.raw, at: until + Duration64(microseconds: 1))
        let reason = CancellationRules.knownReason(command.reason).map {
            [NotificationValue(.reason, $0.rawValue)]
        }
        try turn.tell(
            .cancellationAsked, to: meeting.state.other(than: party),
            about: try turn.store.knownListing(order.listing), order: order.id, subject: turn.sequence,
            [.init(.deadline, until)] + (reason ?? []))
        return .answer(try Meetings.view(meeting, order, policy, for: party, turn.store))
    }
}

/// The other side agrees, or does not (C7).
enum AnswerCancellationHandler {
    static func handle(_ command: AnswerCancellation, _ turn: Turn) throws -> Outcome<MeetingView> {
        let party = turn.acting.party
        guard let found = try Meetings.find(command.order, of: party, turn.store) else {
            return .refused(.notFound)
        }
        var order = found.order
        let requests = try turn.store.cancellations(of: order.id)
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let refusal = CancellationRules.refusalOfAnswer(
            by: party, agrees: command.agrees, requests.map(\.state), order: order.stage, by: policy,
            now: turn.now)
        if let refusal { return .refused(refusal) }
        guard var request = requests.last else { return .refused(.notFound) }
        try turn.cancel(CancellationLapses.self, subject: order.id.raw)
        if command.agrees {
            try Cancellations.undo(&order, &request, turn)
        } else {
            try Cancellations.end(&request, as: .refused, order, turn)
        }
        return .answer(try Meetings.view(found.meeting, order, policy, for: party, turn.store))
    }
}

/// What becomes of requests to undo a sale (C7).
enum Cancellations {
    /// The buyer gets the money back; whoever asked bears the fee.
    static func undo(_ order: inout Order, _ request: inout Cancellation, _ turn: Turn) throws {
        request.state.stage = .agreed
        try turn.store.save(request)
        try turn.cancel(PayoutFallsDue.self, subject: order.id.raw)
        // Where the payout stands by now decides what the seller has to give back.
        if order.stage != .frozen { order.rest = order.stage }
        let left = Money(order.price.minor - order.refunded, order.price.currency)
        try Refunding.ask(
            &order, refund: left, reason: KnownReason.saleCancelled.rawValue,
            feeBearer: request.state.askedBy, turn)
    }

    /// The request has come to its end, and whoever asked is told if the contract stands.
    static func end(
        _ request: inout Cancellation, as stage: CancellationStage, _ order: Order, _ turn: Turn
    ) throws {
        request.state.stage = stage
        request.state.endedAt = turn.now
        try turn.store.save(request)
        guard stage == .refused else { return }
        try turn.tell(
            .cancellationRefused, to: request.state.askedBy,
            about: try turn.store.knownListing(order.listing), order: order.id, subject: turn.sequence)
    }

    /// The order leaves a case, or its money is back with the buyer: the newest request follows.
    static func follow(_ order: Order, _ turn: Turn) throws {
        guard var request = try turn.store.cancellations(of: order.id).last else { return }
        let stage = CancellationRules.afterCase(request.state.stage, order: order.stage)
        guard stage != request.state.stage else { return }
        try turn.cancel(CancellationLapses.self, subject: order.id.raw)
        try end(&request, as: stage, order, turn)
        if stage == .undone { try tellUndone(order, turn) }
    }

    /// Both sides are told, their ratings go, and an appointment leaves their calendars.
    private static func tellUndone(_ order: Order, _ turn: Turn) throws {
        var cancelled = SaleCancelled()
        cancelled.order = order.id
        turn.send(cancelled, to: .dispute)
        var values: [NotificationValue] = []
        var agreements: UInt64 = 0
        if let meeting = try turn.store.meeting(order.id)?.state, meeting.meetingAt != .none {
            let policy = try turn.store.policy(order.marketplace, order.policyVersion)
            values = [
                .init(.meeting, meeting.meetingAt),
                .init(.meetingEnd, meeting.meetingAt + policy.meetingLength),
            ]
            agreements = UInt64(meeting.agreements)
        }
        let listing = try turn.store.knownListing(order.listing)
        for party in [order.buyer, order.seller] {
            try turn.tell(
                .saleCancelled, to: party, about: listing, order: order.id, subject: agreements, values)
        }
    }

    /// The request that a case for support was opened about; the order is frozen by that case.
    static func withSupport(_ order: Order, reason: String, _ store: Store) throws -> Cancellation? {
        guard reason == KnownReason.saleCancelled.rawValue else { return nil }
        let newest = try store.cancellations(of: order.id).last
        return newest?.state.stage == .withSupport ? newest : nil
    }
}

/// No answer in all the time for it: an operator decides (C7).
enum CancellationLapsesHandler {
    static func handle(_ timer: CancellationLapses, _ turn: Turn) throws {
        guard var request = try turn.store.cancellations(of: timer.order).last, request.state.stage == .asked,
            let order = try turn.store.order(timer.order)
        else { return }
        request.state.stage = .withSupport
        try turn.store.save(request)
        try Meetings.askSupport(
            order, .cancellationUnanswered, asker: request.state.askedBy, telling: .cancellationUnanswered,
            turn)
    }
}

/// Neither side has reported a meeting in all the time for it: an operator decides (C4).
enum MeetingStaysUnreportedHandler {
    static func handle(_ timer: MeetingStaysUnreported, _ turn: Turn) throws {
        guard var meeting = try turn.store.meeting(timer.order),
            let order = try turn.store.order(timer.order),
            MeetingRules.isUnreported(meeting.state, order: order.stage)
        else { return }
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let until = MeetingRules.unreportedUntil(meeting.state, by: policy)
        guard turn.now > until else { return try Meetings.awaitReports(meeting.state, order, policy, turn) }
        meeting.state.supportAt = turn.now
        try turn.store.save(meeting)
        try Meetings.askSupport(
            order, .meetingUnreported, asker: order.buyer, telling: .meetingUnreported, turn)
    }
}
