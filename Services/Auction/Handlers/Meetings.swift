import AuctionRules
import Kernel
import Messages
import Runtime
import Storage

/// The course of an appointment that was sold (C1-C4).
enum Meetings {
    /// The working days count from the award; for a runner-up, from when it took the offer.
    static func beganAt(_ order: Order) -> Instant { order.offered ? order.paidAt : order.awardedAt }

    /// The buyer has the seller's data: the contract goes out, and the working days run (C1, C3).
    static func begin(_ order: Order, _ policy: Policy, _ turn: Turn) throws {
        let state = MeetingState(buyer: order.buyer, seller: order.seller, beganAt: beganAt(order))
        try turn.store.insert(Meeting(order: order.id, state: state))
        var timer = AppointmentFallsDue()
        timer.order = order.id
        let due = MeetingRules.agreeBefore(beganAt: state.beganAt, by: policy)
        try turn.schedule(timer, subject: order.id.raw, at: max(turn.now, due))
        try awaitReports(state, order, policy, turn)
        try tellContract(order, to: order.buyer, grant: order.grant, policy, turn)
    }

    /// Support takes over if neither side ever reports (C4).
    static func awaitReports(_ state: MeetingState, _ order: Order, _ policy: Policy, _ turn: Turn) throws {
        var timer = MeetingStaysUnreported()
        timer.order = order.id
        let until = MeetingRules.unreportedUntil(state, by: policy)
        try turn.schedule(
            timer, subject: order.id.raw, at: max(turn.now, until) + Duration64(microseconds: 1))
    }

    /// An operator decides what becomes of the price; both sides are told (C4, C7).
    static func askSupport(
        _ order: Order, _ cause: SupportCause, asker: PartyID, telling event: NotificationEvent, _ turn: Turn
    ) throws {
        var ask = AskSupport()
        ask.order = order.id
        ask.asker = asker
        ask.cause = cause
        turn.send(ask, to: .dispute)
        let listing = try turn.store.knownListing(order.listing)
        for party in [order.buyer, order.seller] {
            try turn.tell(event, to: party, about: listing, order: order.id, subject: order.id.raw)
        }
    }

    static func tellContract(
        _ order: Order, to party: PartyID, grant: GrantID, _ policy: Policy, _ turn: Turn
    ) throws {
        let listing = try turn.store.knownListing(order.listing)
        let due = MeetingRules.agreeBefore(beganAt: beganAt(order), by: policy)
        try turn.tell(
            .contractConcluded, to: party, about: listing, order: order.id, subject: order.id.raw,
            grant: grant,
            [
                .init(.price, order.price), .init(.total, policy.cost(of: order.price)?.total ?? order.price),
                .init(.deadline, lastMoment(before: due)),
            ])
    }

    /// The vault keeps the contract beside the reveal to the buyer, and lets the seller read the buyer's card (C1, C2).
    static func record(_ order: Order, _ policy: Policy, _ turn: Turn) throws {
        var record = RecordContract()
        record.buyer = order.buyer
        record.seller = order.seller
        record.card = try turn.store.party(order.buyer)?.card ?? .none
        let cost = policy.cost(of: order.price)
        record.terms.order = order.id
        record.terms.listing = order.listing
        record.terms.marketplace = order.marketplace
        record.terms.policyVersion = order.policyVersion
        record.terms.title = try turn.store.title(of: order.listing)
        record.terms.description = try turn.store.lead(order.listing)?.description ?? ""
        record.terms.price = order.price
        record.terms.fee = cost?.fee ?? .zero
        record.terms.vat = cost?.vat ?? .zero
        record.terms.total = cost?.total ?? order.price
        record.terms.invoiceNumber = order.invoiceNumber
        record.terms.awardedAt = beganAt(order)
        record.terms.agreeBefore = MeetingRules.agreeBefore(beganAt: beganAt(order), by: policy)
        record.terms.acceptedAt = try turn.store.contractAcceptedAt(order.listing)
        turn.send(record, to: .contactVault)
    }

    /// The price goes to the seller now, unless a case holds the order (C4).
    static func payOut(_ order: inout Order, _ meeting: Meeting, _ turn: Turn) throws {
        guard order.stage == .revealed, MeetingRules.isPayable(meeting.state) else { return }
        order.payoutAt = turn.now
        try turn.store.save(order)
        try Payout.schedule(order, turn)
        if !meeting.state.isConfirmed { tellHeld(meeting, turn) }
    }

    /// The meeting took place, by both sides' word or by what an operator found: both may rate (C5).
    static func tellHeld(_ meeting: Meeting, _ turn: Turn) {
        var held = MeetingHeld()
        held.order = meeting.order
        held.heldAt = meeting.state.heldAt
        turn.send(held, to: .dispute)
    }

    /// What people call the last moment of a term that ends at midnight.
    static func lastMoment(before end: Instant) -> Instant { end - .seconds(1) }

    static func view(
        _ meeting: Meeting, _ order: Order, _ policy: Policy, for party: PartyID, _ store: Store
    ) throws -> MeetingView {
        let state = meeting.state
        var view = MeetingView()
        view.order = order.id
        view.stage = MeetingRules.stage(state)
        view.agreeBefore = MeetingRules.agreeBefore(beganAt: state.beganAt, by: policy)
        view.proposedBy = state.proposedBy
        view.proposedAt = state.proposedAt.ifAny
        view.meetingAt = state.meetingAt.ifAny
        view.buyerReportedAt = state.buyerReportedAt.ifAny
        view.sellerReportedAt = state.sellerReportedAt.ifAny
        view.heldAt = state.heldAt.ifAny
        if MeetingRules.waitsForReport(state, order: order.stage) {
            view.supportAt = MeetingRules.reportUntil(state, by: policy)
        } else if MeetingRules.isUnreported(state, order: order.stage) {
            view.supportAt = MeetingRules.unreportedUntil(state, by: policy)
        }
        if let newest = try store.cancellations(of: order.id).last {
            view.cancellation = CancellationView(newest, policy)
        }
        let language = try store.party(party)?.language ?? policy.language
        view.cancellationAdvice = CancellationRules.advice(in: language)
        let fee = policy.cost(of: order.price)?.fee ?? .zero
        view.cancellationFee = policy.cost(ofFee: fee)?.total ?? .zero
        view.payoutBefore = state.heldAt.ifAny.map { MeetingRules.payoutBefore(heldAt: $0, by: policy) }
        if party == order.buyer { view.grant = order.grant }
        if party == order.seller { view.grant = meeting.sellerGrant }
        return view
    }

    /// The order and its appointment, for its parties; to others neither exists (F9).
    static func find(
        _ order: OrderID, of party: PartyID, _ store: Store
    ) throws -> (order: Order, meeting: Meeting)? {
        guard let order = try store.order(order), order.buyer == party || order.seller == party,
            let meeting = try store.meeting(order.id)
        else { return nil }
        return (order, meeting)
    }
}

/// An expert's ratings, as the dispute service shows them (C9).
enum RatingShownHandler {
    static func handle(_ message: RatingShown, _ turn: Turn) throws {
        try turn.store.save(message.summary, of: message.party)
    }
}

/// The vault holds the contract: the seller gets it too (C1, C2).
enum ContractRecordedHandler {
    static func handle(_ message: ContractRecorded, _ turn: Turn) throws {
        guard var meeting = try turn.store.meeting(message.order),
            let order = try turn.store.order(message.order)
        else { return }
        meeting.sellerGrant = message.grant
        try turn.store.save(meeting)
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        try Meetings.tellContract(order, to: order.seller, grant: message.grant, policy, turn)
    }
}

/// Buyer or seller proposes a time (C3); the same one twice tells the other side once.
enum ProposeAppointmentHandler {
    static func handle(_ command: ProposeAppointment, _ turn: Turn) throws -> Outcome<MeetingView> {
        let party = turn.acting.party
        guard let found = try Meetings.find(command.order, of: party, turn.store) else {
            return .refused(.notFound)
        }
        let order = found.order
        var meeting = found.meeting
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        let refusal = MeetingRules.refusalOfProposal(
            at: command.at, meeting.state, order: order.stage, by: policy, now: turn.now)
        if let refusal { return .refused(refusal) }
        if meeting.state.proposedBy != party || meeting.state.proposedAt != command.at {
            meeting.state.proposedBy = party
            meeting.state.proposedAt = command.at
            try turn.store.save(meeting)
            try turn.tell(
                .appointmentProposed, to: meeting.state.other(than: party),
                about: try turn.store.knownListing(order.listing), order: order.id, subject: turn.sequence,
                [.init(.meeting, command.at)])
        }
        return .answer(try Meetings.view(meeting, order, policy, for: party, turn.store))
    }
}

/// The other side accepts: both have the appointment in their calendars (C3).
enum AcceptAppointmentHandler {
    static func handle(_ command: AcceptAppointment, _ turn: Turn) throws -> Outcome<MeetingView> {
        let party = turn.acting.party
        guard let found = try Meetings.find(command.order, of: party, turn.store) else {
            return .refused(.notFound)
        }
        let order = found.order
        var meeting = found.meeting
        let policy = try turn.store.policy(order.marketplace, order.policyVersion)
        // A second acceptance of what is agreed changes nothing.
        if command.at != .none, meeting.state.proposedBy.isNone, meeting.state.meetingAt == command.at {
            return .answer(try Meetings.view(meeting, order, policy, for: party, turn.store))
        }
        let refusal = MeetingRules.refusalOfAcceptance(
            at: command.at, by: party, meeting.state, order: order.stage, now: turn.now)
        if let refusal { return .refused(refusal) }
        meeting.state.meetingAt = command.at
        meeting.state.proposedBy = .none
        meeting.state.proposedAt = .none
        meeting.state.agreements += 1
        try turn.store.save(meeting)
        var timer = MeetingFallsDue()
        timer.order = order.id
        try turn.schedule(timer, subject: order.id.raw, at: command.at)
        let listing = try turn.store.knownListing(order.listing)
        for told in [order.buyer, order.seller] {
            try turn.tell(
                .appointmentAgreed, to: told, about: listing, order: order.id,
                subject: UInt64(meeting.state.agreements),
                [.init(.meeting, command.at), .init(.meetingEnd, command.at + policy.meetingLength)])
        }
        return .answer(try Meetings.view(meeting, order, policy, for: party, turn.store))
    }
}

enum GetMeetingHandler {
    static func handle(_ query: GetMeeting, _ reading: Reading) throws -> Outcome<MeetingView> {
        let acting = reading.acting
        guard let order = try reading.store.order(query.order),
            order.buyer == acting.party || order.seller == acting.party || acting.isOperator,
            let meeting = try reading.store.meeting(order.id)
        else { return .refused(.notFound) }
        let policy = try reading.store.policy(order.marketplace, order.policyVersion)
        return .answer(try Meetings.view(meeting, order, policy, for: acting.party, reading.store))
    }
}

extension CancellationView {
    init(_ request: Cancellation, _ policy: Policy) {
        self.init()
        askedBy = request.state.askedBy
        askedAt = request.state.askedAt
        reason = request.reason
        words = request.words
        stage = request.state.stage
        answerUntil = CancellationRules.answerUntil(request.state, by: policy)
        endedAt = request.state.endedAt.ifAny
    }
}
