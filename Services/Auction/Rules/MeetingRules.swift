import Kernel
import Messages

/// An appointment that was sold, from the contract to both sides' word that it took place (C3, C4).
public struct MeetingState: Hashable, Sendable {
    public var buyer: PartyID
    public var seller: PartyID
    /// The award: from here the working days count (C3).
    public var beganAt: Instant
    /// Who proposed the time that nobody has accepted yet; none: nobody.
    public var proposedBy = PartyID.none
    public var proposedAt = Instant.none
    /// The time on which both agree.
    public var meetingAt = Instant.none
    /// How often they have agreed: an appointment may be moved.
    public var agreements: UInt32 = 0
    public var buyerReportedAt = Instant.none
    public var sellerReportedAt = Instant.none
    /// When the meeting took place, by the first report.
    public var heldAt = Instant.none
    /// Reminders of a lapse so far (C3).
    public var reminders: UInt8 = 0
    /// When support took over (C4).
    public var supportAt = Instant.none

    public init(buyer: PartyID, seller: PartyID, beganAt: Instant) {
        self.buyer = buyer
        self.seller = seller
        self.beganAt = beganAt
    }

    public var isReported: Bool { buyerReportedAt != .none || sellerReportedAt != .none }
    public var isConfirmed: Bool {
        if Planted.isOn(.paidAfterOneReport) { return isReported }
        return buyerReportedAt != .none && sellerReportedAt != .none
    }
    /// The first of the reports; none: there is none.
    public var firstReportAt: Instant {
        guard isConfirmed else { return max(buyerReportedAt, sellerReportedAt) }
        return min(buyerReportedAt, sellerReportedAt)
    }

    public func hasReported(_ party: PartyID) -> Bool {
        (party == buyer ? buyerReportedAt : sellerReportedAt) != .none
    }

    public func other(than party: PartyID) -> PartyID { party == buyer ? seller : buyer }
}

/// What buyer and seller may do about their appointment, and when the house does something (C3, C4).
public enum MeetingRules {
    /// The first instant after the working days for agreeing on an appointment.
    public static func agreeBefore(beganAt: Instant, by policy: Policy) -> Instant {
        policy.calendar.adding(workingDays: policy.meeting.appointmentDays, to: beganAt)
    }

    /// The first instant after the working days for paying the seller.
    public static func payoutBefore(heldAt: Instant, by policy: Policy) -> Instant {
        policy.calendar.adding(workingDays: policy.meeting.payoutDays, to: heldAt)
    }

    /// The last instant at which the second report comes in time.
    public static func reportUntil(_ meeting: MeetingState, by policy: Policy) -> Instant {
        meeting.firstReportAt + policy.meeting.reportDeadline
    }

    /// The last instant at which a first report keeps support away.
    public static func unreportedUntil(_ meeting: MeetingState, by policy: Policy) -> Instant {
        max(meeting.beganAt, meeting.meetingAt) + policy.meeting.unreportedDeadline
    }

    /// Whether neither side has said anything of a meeting, and the order waits for it (C4).
    public static func isUnreported(_ meeting: MeetingState, order: OrderStage) -> Bool {
        refusal(ofOrder: order) == nil && !meeting.isReported && meeting.supportAt == .none
    }

    public static func stage(_ meeting: MeetingState) -> MeetingStage {
        if meeting.isConfirmed { return .confirmed }
        if meeting.isReported { return .reported }
        if meeting.meetingAt != .none { return .agreed }
        return meeting.proposedBy.isNone ? .open : .proposed
    }

    /// Whether an order's appointment may still be arranged and reported.
    private static func refusal(ofOrder stage: OrderStage) -> Refusal? {
        guard stage == .revealed || stage == .frozen else {
            return Refusal(.wrongState, expected: "\(OrderStage.revealed)", found: "\(stage)")
        }
        return nil
    }

    /// Why this time cannot be proposed.
    public static func refusalOfProposal(
        at: Instant, _ meeting: MeetingState, order: OrderStage, by policy: Policy, now: Instant
    ) -> Refusal? {
        if let refusal = refusal(ofOrder: order) { return refusal }
        guard !meeting.isReported else {
            return Refusal(.wrongState, expected: "no report of the meeting", found: "\(stage(meeting))")
        }
        let latest = now + policy.meetingHorizon
        guard at > now, at <= latest else {
            return Refusal(
                .invalidValue, expected: "after \(now.iso8601), at the latest \(latest.iso8601)",
                found: at.iso8601)
        }
        return nil
    }

    /// Why this proposal cannot be accepted by this party: it must be the other side's, and not over.
    public static func refusalOfAcceptance(
        at: Instant, by party: PartyID, _ meeting: MeetingState, order: OrderStage, now: Instant
    ) -> Refusal? {
        if let refusal = refusal(ofOrder: order) { return refusal }
        guard !meeting.isReported else {
            return Refusal(.wrongState, expected: "no report of the meeting", found: "\(stage(meeting))")
        }
        guard !meeting.proposedBy.isNone, meeting.proposedBy != party else {
            return Refusal(.wrongState, expected: "a proposal by the other side", found: "none")
        }
        guard at == meeting.proposedAt else {
            return Refusal(.wrongState, expected: meeting.proposedAt.iso8601, found: at.iso8601)
        }
        guard now < at else {
            return Refusal(.wrongState, expected: "before \(at.iso8601)", found: now.iso8601)
        }
        return nil
    }

    /// When the meeting took place by this report; or why nobody can have met then.
    ///
    /// A time that is stated lies between the award and now. Without one it is the agreed time, which must be over,
    /// or now where nothing was agreed on here.
    public static func heldAt(
        stated: Instant?, _ meeting: MeetingState, order: OrderStage, now: Instant
    ) -> Result<Instant, Refusal> {
        if let refusal = refusal(ofOrder: order) { return .failure(refusal) }
        if let stated {
            guard stated >= meeting.beganAt, stated <= now else {
                return .failure(
                    Refusal(
                        .invalidValue, expected: "\(meeting.beganAt.iso8601) to \(now.iso8601)",
                        found: stated.iso8601))
            }
            return .success(stated)
        }
        guard now >= meeting.meetingAt else {
            return .failure(
                Refusal(
                    .wrongState, expected: "not before \(meeting.meetingAt.iso8601)", found: now.iso8601))
        }
        return .success(meeting.meetingAt == .none ? now : meeting.meetingAt)
    }

    /// Whether a lapse is followed by a reminder (C3).
    public static func reminds(_ meeting: MeetingState, order: OrderStage, by policy: Policy) -> Bool {
        refusal(ofOrder: order) == nil && meeting.meetingAt == .none && !meeting.isReported
            && meeting.reminders < policy.meeting.appointmentReminders
    }

    /// Whether only one side has reported, and the order waits for the other (C4).
    public static func waitsForReport(_ meeting: MeetingState, order: OrderStage) -> Bool {
        refusal(ofOrder: order) == nil && meeting.isReported && !meeting.isConfirmed
            && meeting.supportAt == .none
    }

    /// Whether the price goes to the seller as soon as no case holds it: both have reported, or an operator has looked
    /// at the order after one report alone or none, and left it its price (C4).
    public static func isPayable(_ meeting: MeetingState) -> Bool {
        meeting.isConfirmed || meeting.supportAt != .none
    }

    /// What a seller should ask for the next time (C6): less by the policy's share, never less than it allows.
    public static func suggestedPrice(startPrice: Money, by policy: Policy) -> Money {
        let discount = startPrice.portion(policy.meeting.relistDiscount)?.minor ?? 0
        return Money(max(policy.leastPrice, startPrice.minor - discount), startPrice.currency)
    }
}
