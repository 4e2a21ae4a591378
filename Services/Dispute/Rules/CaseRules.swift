import Kernel
import Messages

/// Who may do what with a case, at which stage (A14).
public enum CaseRules {
    /// The most pieces of evidence in one case.
    public static let mostEvidence = 32

    /// A seller's statement: once, in time, before the decision.
    public static func statementRefusal(stage: CaseStage, stated: Bool) -> Refusal? {
        switch stage {
        case .awaitingStatement: nil
        case .settling, .closed: Refusal(.caseDecided)
        case .awaitingVerdict where !stated:
            Refusal(.windowClosed, expected: "a statement before its deadline")
        case .freezing, .awaitingVerdict, .awaitingContradiction:
            Refusal(.wrongState, expected: "awaitingStatement", found: "\(stage)")
        }
    }

    /// Evidence: until the decision, and not without end.
    public static func evidenceRefusal(stage: CaseStage, present: Int, added: [Evidence]) -> Refusal? {
        if stage == .settling || stage == .closed { return Refusal(.caseDecided) }
        if added.isEmpty { return Refusal(.invalidValue, expected: "evidence", found: "none") }
        return contentRefusal(added)
            ?? (present + added.count > mostEvidence
                ? Refusal(
                    .invalidValue, expected: "at most \(mostEvidence) pieces of evidence",
                    found: "\(present + added.count)") : nil)
    }

    /// Nothing if every piece says something.
    public static func contentRefusal(_ evidence: [Evidence]) -> Refusal? {
        evidence.contains { $0.content.isEmpty }
            ? Refusal(.invalidText, expected: "evidence with content", found: "an empty piece") : nil
    }

    /// A verdict: after the seller was heard, or had its time.
    public static func verdictRefusal(stage: CaseStage) -> Refusal? {
        switch stage {
        case .awaitingVerdict: nil
        case .settling, .closed: Refusal(.caseDecided)
        case .freezing, .awaitingStatement, .awaitingContradiction:
            Refusal(.wrongState, expected: "awaitingVerdict", found: "\(stage)")
        }
    }

    /// How much of the price, or of what is left of it, a verdict gives back.
    public static func refund(
        _ verdict: Verdict, asked: Money, price: Money
    ) -> Result<Money, Refusal> {
        let nothing = Money(0, price.currency)
        if asked.minor != 0, asked.currency != price.currency {
            return .failure(
                Refusal(.wrongCurrency, expected: price.currency.code, found: asked.currency.code))
        }
        switch verdict {
        case .refundFull:
            return asked.minor == 0 || asked == price ? .success(price) : outOfRange("\(price)", asked)
        case .refundPart:
            return asked.minor > 0 && asked.minor < price.minor
                ? .success(asked) : outOfRange("more than nothing and less than \(price)", asked)
        case .reject:
            return asked.minor == 0 ? .success(nothing) : outOfRange("no refund", asked)
        }
    }

    private static func outOfRange(_ expected: String, _ found: Money) -> Result<Money, Refusal> {
        .failure(Refusal(.amountOutOfRange, expected: expected, found: "\(found)"))
    }

    /// What the seller's silence decides; nothing if the operator is to decide.
    public static func verdict(ofSilence silence: Silence) -> Verdict? {
        switch silence {
        case .upholds: .refundFull
        case .rejects: .reject
        case .goesToOperator: nil
        }
    }

    /// The reason that goes with the money. Of a cancellation that support was asked about, a full refund undoes the
    /// sale as an agreement would have (C7).
    public static func reason(_ verdict: Verdict, support: SupportCause?) -> KnownReason {
        guard let support else { return reason(verdict) }
        return support == .cancellationUnanswered && verdict == .refundFull ? .saleCancelled : .supportDecided
    }

    /// The reason that goes with the money.
    public static func reason(_ verdict: Verdict) -> KnownReason {
        switch verdict {
        case .refundFull: .objectionUpheld
        case .refundPart: .objectionPartlyUpheld
        case .reject: .objectionRejected
        }
    }

    /// When the timer of a deadline fires: the last moment itself still counts.
    public static func lapse(of deadline: Instant) -> Instant { deadline + Duration64(microseconds: 1) }
}
