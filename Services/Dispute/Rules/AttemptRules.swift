import Kernel
import Messages

/// One reported attempt to reach the prospect, as the rule sees it.
public struct ReportedAttempt: Hashable, Sendable {
    public var party: PartyID
    public var outcome: AttemptOutcome
    public var at: Instant
    public init(party: PartyID, outcome: AttemptOutcome, at: Instant) {
        self.party = party
        self.outcome = outcome
        self.at = at
    }
}

/// What the attempts on an order show so far (A17).
public struct AttemptFinding: Hashable, Sendable {
    /// Unreachable attempts that count.
    public var counted: UInt8
    /// Whether the prospect said no.
    public var declined: Bool
    /// Whether the price is to be refunded.
    public var shown: Bool
    public var reason: KnownReason { declined ? .declined : .unreachable }
}

/// A17: a prospect who stays unreachable after so many recorded attempts, or who explicitly declines.
///
/// What keeps a report honest: it tells of an attempt after the reveal and before now, none is slipped in behind
/// one recorded earlier, attempts close together count once, the other party is told of each, and `reached`,
/// reported by either, starts the count anew.
public enum AttemptRules {
    /// The most attempts that are recorded on one order.
    public static let most = 64

    /// Nothing if the attempt may be recorded; else the refusal.
    public static func refusal(
        _ attempt: ReportedAttempt, after earlier: [ReportedAttempt], revealedAt: Instant, now: Instant
    ) -> Refusal? {
        if revealedAt == .none {
            return Refusal(.notRevealed, expected: "an attempt after the reveal", found: "no reveal")
        }
        if attempt.at > now {
            return Refusal(
                .invalidValue, expected: "an attempt not after \(now.iso8601)", found: attempt.at.iso8601)
        }
        if attempt.at < revealedAt {
            return Refusal(
                .invalidValue, expected: "an attempt not before the reveal at \(revealedAt.iso8601)",
                found: attempt.at.iso8601)
        }
        if let last = earlier.last, attempt.at < last.at {
            return Refusal(
                .invalidValue, expected: "an attempt not before the last one at \(last.at.iso8601)",
                found: attempt.at.iso8601)
        }
        if earlier.count >= most {
            return Refusal(.wrongState, expected: "at most \(most) attempts", found: "\(earlier.count)")
        }
        return nil
    }

    /// What `attempts`, in order of recording, show.
    public static func find(_ attempts: [ReportedAttempt], policy: Policy) -> AttemptFinding {
        var finding = AttemptFinding(counted: 0, declined: false, shown: false)
        var last: Instant?
        for attempt in attempts {
            switch attempt.outcome {
            case .reached:
                finding.counted = 0
                finding.declined = false
                last = nil
            case .declined:
                finding.declined = true
            case .unreachable:
                if let last, attempt.at < last + policy.attemptSpacing { continue }
                last = attempt.at
                if finding.counted < .max { finding.counted += 1 }
            }
        }
        finding.shown = finding.declined || finding.counted >= needed(policy)
        return finding
    }

    /// How many unreachable attempts the policy asks for; at least one.
    public static func needed(_ policy: Policy) -> UInt8 { max(policy.unreachableAttempts, 1) }

    /// Until when the other party may contradict what the attempts show; nothing if the refund follows at once.
    ///
    /// A seller who reports speaks against its own interest, so nobody has to be heard. After a buyer's report the
    /// seller has as long as lies between two attempts.
    public static func contradictionDue(
        reportedBy reporter: PartyID, seller: PartyID, now: Instant, policy: Policy
    ) -> Instant? {
        reporter == seller || policy.attemptSpacing <= .zero ? nil : now + policy.attemptSpacing
    }
}
