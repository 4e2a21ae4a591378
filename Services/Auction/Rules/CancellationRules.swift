import Kernel
import Messages

/// A request of buyer or seller to undo a sale (C7).
public struct CancellationState: Hashable, Sendable {
    public var askedBy: PartyID
    public var askedAt: Instant
    public var stage = CancellationStage.asked
    public var endedAt = Instant.none

    public init(askedBy: PartyID, askedAt: Instant) {
        self.askedBy = askedBy
        self.askedAt = askedAt
    }

    /// Whether somebody still has to act on it.
    public var isOpen: Bool { stage == .asked || stage == .withSupport }
}

/// Who may undo a sale, and when (C7).
public enum CancellationRules {
    /// The last instant for the other side's answer.
    public static func answerUntil(_ request: CancellationState, by policy: Policy) -> Instant {
        request.askedAt + policy.meeting.cancellationDeadline
    }

    /// Why this party cannot ask to undo the sale; `earlier` are the requests so far, in their order.
    ///
    /// A sale can be undone after the meeting and after the payout too: the seller then gives back what it got. Each
    /// side asks once, so that nobody is asked until it gives in.
    public static func refusalOfRequest(
        by party: PartyID, _ earlier: [CancellationState], order: OrderStage, advised: Bool
    ) -> Refusal? {
        if let refusal = refusal(ofOrder: order, earlier) { return refusal }
        guard advised else {
            return Refusal(.adviceNotTaken, expected: "the advice read", found: "not read")
        }
        if let open = earlier.last, open.isOpen {
            return Refusal(.cancellationOpen, expected: "no open request", found: "\(open.stage)")
        }
        if earlier.contains(where: { $0.askedBy == party }) {
            return Refusal(.cancellationRefused, expected: "a first request", found: "a second one")
        }
        return nil
    }

    /// Why this party cannot answer the newest request: it is the other side's to answer, while it is open, and an
    /// agreement waits for a case.
    public static func refusalOfAnswer(
        by party: PartyID, agrees: Bool, _ requests: [CancellationState], order: OrderStage,
        by policy: Policy,
        now: Instant
    ) -> Refusal? {
        if let refusal = refusal(ofOrder: order, requests, evenFrozen: !agrees) { return refusal }
        guard let newest = requests.last, newest.stage == .asked, newest.askedBy != party else {
            return Refusal(
                .wrongState, expected: "a request by the other side",
                found: requests.last.map { "\($0.stage)" } ?? "none")
        }
        let until = answerUntil(newest, by: policy)
        guard now <= until else {
            return Refusal(.windowClosed, expected: "at the latest \(until.iso8601)", found: now.iso8601)
        }
        return nil
    }

    private static func refusal(
        ofOrder stage: OrderStage, _ requests: [CancellationState], evenFrozen: Bool = false
    ) -> Refusal? {
        if let last = requests.last, last.stage == .agreed || last.stage == .undone {
            return Refusal(.saleCancelled, expected: "a sale that stands", found: "\(last.stage)")
        }
        switch stage {
        case .revealed, .payingOut, .paidOut, .payoutDeclined: return nil
        case .frozen:
            return evenFrozen ? nil : Refusal(.caseOpen, expected: "no open case", found: "\(stage)")
        case .awaitingPayment, .collecting, .revealing, .refunding, .refunded, .lapsed, .offered, .declined,
            .cancelled:
            return Refusal(.wrongState, expected: "a contract", found: "\(stage)")
        }
    }

    /// What a request becomes once a case about its order is decided, and this stage of the order follows.
    public static func afterCase(
        _ stage: CancellationStage, order: OrderStage
    ) -> CancellationStage {
        switch (stage, order) {
        case (.agreed, .refunded): .undone
        case (.asked, .refunded), (.withSupport, .refunded): .overtaken
        // Support looked, and left the contract as it is.
        case (.withSupport, _): .refused
        default: stage
        }
    }

    /// Why a party asks, where the words for it are known to the templates.
    public static func knownReason(_ reason: CancellationReason) -> KnownReason? {
        switch reason {
        case .poorRatings: .poorRatings
        case .noAppointment: .noAppointment
        case .noLongerWanted: .noLongerWanted
        case .other: nil
        }
    }

    /// What whoever wants a sale undone is told first.
    public static func advice(in language: Language) -> String {
        switch language {
        case .german:
            """
            Sprechen Sie bitte zuerst mit der anderen Seite, nennen Sie ihr den Grund, und klären Sie, ob sie der \
            Stornierung zustimmt; sie erhält eine E-Mail mit der Bitte, sie zu bestätigen. Stimmt sie zu, werden der Kauf \
            rückgängig gemacht und beide Bewertungen entfernt; die Auktionsgebühr trägt, wer die Stornierung beantragt.
            """
        case .english:
            """
            Please speak with the other side first, give it your reason, and find out whether it agrees to the \
            cancellation; it will get an e-mail that asks it to confirm. If it agrees, the sale is undone and both ratings \
            are removed; whoever asks for the cancellation bears the auction fee.
            """
        case .russian:
            """
            Пожалуйста, сначала обратитесь к другой стороне, объясните причину и узнайте, согласна ли она на отмену; ей \
            придёт письмо с просьбой подтвердить её. Если она согласится, продажа отменяется и обе оценки удаляются; \
            аукционный сбор несёт тот, кто просит об отмене.
            """
        }
    }
}
